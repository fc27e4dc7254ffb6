"""Keys: every field that decides a take flips the key, nothing else does, and the spelling is for ever."""

from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import pytest

from storyreel.plan.keys import animatic_key, local_key, request_key
from storyreel.plan.request import (
    Asset,
    ElementRequest,
    FrameIn,
    FrameOf,
    Request,
    ShotRequest,
    SpokenLine,
)

PICTURE = Asset("assets/a.png", "a" * 64)
OTHER = Asset("assets/b.png", "b" * 64)
LINE = SpokenLine("Mara", "low", "Forty years.")
SHOT = ShotRequest("@Mara looks up", 4, "wide", (LINE,), "wind", "the words", {"index": "1"})
MARA = ElementRequest("Mara", "woman, 34", PICTURE, (OTHER,), PICTURE, "dry", "voice-1", OTHER, "en")
FRAME = FrameOf("c" * 64, 1, "storm", 95)
CLIP = FrameIn(PICTURE, Fraction(5, 2))
FULL = Request(
    "kling-v3", "standard", "16:9", (SHOT,), True, "a gallery", "35mm", "blur", 0.5, "customize", (MARA,), (FRAME,),
    CLIP, "d" * 64, {"camera_fixed": "true"},
)  # fmt: skip

NOT_HASHED = {(Asset, "path"), (FrameOf, "scene"), (FrameOf, "frame")}
"""What a key does not hold, on purpose: everything else must change it."""

FLIPS: dict[type, dict[str, Any]] = {
    Asset: {"path": "moved/a.png", "digest": "e" * 64},
    FrameOf: {"key": "f" * 64, "take": 2, "scene": "renamed", "frame": 80},
    FrameIn: {"asset": OTHER, "at": Fraction(3)},
    SpokenLine: {"who": "Ivo", "tone": None, "text": "Fifty years."},
    ShotRequest: {
        "prompt": "@Mara looks down", "seconds": 5, "camera": "close-up", "lines": (), "sound": "rain",
        "words": "other words", "extra": {},
    },
    ElementRequest: {
        "name": "Ivo", "description": "boy, 12", "image": OTHER, "references": (), "video": None, "voice_tone": "high",
        "voice_id": "voice-2", "voice_sample": PICTURE, "voice_language": "de",
    },
    Request: {
        "model": "kling-o3", "tier": "pro", "shape": "9:16", "shots": (SHOT, SHOT), "generate_audio": False,
        "place": "a beach", "style": "16mm", "negative_prompt": None, "cfg_scale": 0.0, "shot_type": "intelligent",
        "elements": (), "start": (), "end": None, "template": "e" * 64, "extra": {"camera_fixed": "false"},
    },
}  # fmt: skip


def flipped(kind: type, name: str) -> Request:
    """The full request with one field of one of its values changed."""

    def flip(value: Any) -> Any:
        return replace(value, **{name: FLIPS[kind][name]})

    match kind.__name__:
        case "Request":
            return replace(FULL, **{name: FLIPS[kind][name]})
        case "ShotRequest":
            return replace(FULL, shots=(flip(SHOT),))
        case "SpokenLine":
            return replace(FULL, shots=(replace(SHOT, lines=(flip(LINE),)),))
        case "ElementRequest":
            return replace(FULL, elements=(flip(MARA),))
        case "Asset":
            return replace(FULL, elements=(replace(MARA, image=flip(PICTURE)),))
        case "FrameOf":
            return replace(FULL, start=(flip(FRAME),))
        case _:
            return replace(FULL, end=flip(CLIP))


EVERY_FIELD = [(kind, f.name) for kind in FLIPS for f in fields(kind)]


@pytest.mark.parametrize(("kind", "name"), EVERY_FIELD, ids=[f"{kind.__name__}.{name}" for kind, name in EVERY_FIELD])
def test_a_field_changes_the_key_or_is_named_as_one_that_does_not(kind: type, name: str) -> None:
    changed = request_key(flipped(kind, name)) != request_key(FULL)
    assert changed is ((kind, name) not in NOT_HASHED)


def test_the_order_of_shots_and_elements_counts() -> None:
    ivo = replace(MARA, name="Ivo")
    assert request_key(replace(FULL, elements=(MARA, ivo))) != request_key(replace(FULL, elements=(ivo, MARA)))


def test_what_is_absent_is_left_out() -> None:
    bare = Request("kling-v3", "standard", "16:9", (ShotRequest("A sea.", 5),), True)
    assert request_key(replace(bare, extra={}, elements=(), place=None)) == request_key(bare)
    assert request_key(replace(bare, generate_audio=False)) != request_key(bare)
    assert request_key(replace(bare, cfg_scale=0.0)) != request_key(bare)


def test_keys_are_for_ever() -> None:
    """A key that changes here buys every film again: never mend this test, mend the code."""
    bare = Request("kling-v3", "standard", "16:9", (ShotRequest("A sea.", 5),), True)
    assert request_key(bare) == "6b5ceada3a323c87c84e824c60d7b259ac13db32d565b82d6d5b88791e121743"
    assert request_key(FULL) == "5e0b4e5ae918c810749f6ba067fde0eb3f45ba089e9f6aeca50acca2542b4904"
    accents = replace(bare, shots=(ShotRequest("Être là. 海", 5),))
    assert request_key(accents) == "36a6c683474b24edca8f58abe037e63f2a4845332dc280cbb17e6aa0e25b9be6"


def test_a_panel_never_passes_for_a_bought_take() -> None:
    job = {"kind": "panels", "width": 1280}
    assert animatic_key(job) != animatic_key({**job, "width": 720})
    assert len({animatic_key(job), local_key("panels", job), request_key(FULL)}) == 3
