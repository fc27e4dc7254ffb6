"""What differs between two versions of a scene, field by field, in the language's own words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storyreel.base.span import Span
from storyreel.base.timebase import seconds_text
from storyreel.plan.request import Asset, ElementRequest, Frame, FrameIn, FrameOf, Request, ShotRequest

_SHOWN_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Value:
    """One field of one version. Two are equal where `identity` is: a file is its bytes, whatever its path."""

    identity: str
    text: str
    """For people."""
    span: Span | None = None
    is_inherited: bool = False
    """True where the board says it, not the scene."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs. `old` or `new` is None where that version does not have it."""

    field: str
    old: str | None
    new: str | None
    span: Span | None = None
    """Where it stands now."""
    is_inherited: bool = False
    """True where the board changed, and the scene with it."""

    def __str__(self) -> str:
        if self.old is None:
            return f"{self.field}: {self.new}"
        return f"{self.field} changed: {self.old} -> {self.new if self.new is not None else 'nothing'}"


Fields = Mapping[str, Value]


def changes(old: Fields, new: Fields) -> tuple[Change, ...]:
    """Every field that differs, in the order of the new version; what went comes last."""
    found = []
    for name, value in new.items():
        before = old.get(name)
        if before is None or before.identity != value.identity:
            is_inherited = value.is_inherited and (before is None or before.is_inherited)
            found.append(Change(name, before.text if before else None, value.text, value.span, is_inherited))
    for name, value in old.items():
        if name not in new:
            found.append(Change(name, value.text, None, None, value.is_inherited))
    return tuple(found)


def request_fields(requests: Sequence[Request], labels: Sequence[str | None] = ()) -> dict[str, Value]:
    """Everything that decides the keys of a scene's requests, by the names of the language.

    `labels` name the scene's shots (default: numbers from 1); a shot labelled None is left out.
    """
    found: dict[str, Value] = {}
    if not requests:
        return found
    first = requests[0]
    for name, value in _settings(first).items():
        found[name] = Value(str(value), str(value), is_inherited=True)
    for request in requests:
        for element in request.elements:
            found |= {f"elements.{element.name}.{k}": v for k, v in _element(element)}
    shots = [shot for request in requests for shot in request.shots]
    names: Sequence[str | None] = labels or [str(number) for number in range(1, len(shots) + 1)]
    for label, shot in zip(names, shots, strict=True):
        if label is not None:
            found |= {f"shots.{label}.{k}": Value(v, v) for k, v in _shot(shot)}
    # Parts of a split scene begin and end apart; its own beginning is the first's, its end the last's.
    if first.start:
        found["start"] = Value(" ".join(map(_identity, first.start)), ", ".join(map(frame_text, first.start)))
    if requests[-1].end is not None:
        found["end"] = Value(_identity(requests[-1].end), frame_text(requests[-1].end))
    return found


def frame_text(frame: Frame) -> str:
    """A picture for people."""
    match frame:
        case Asset():
            return asset_text(frame)
        case FrameOf():
            return f"last frame of {frame.scene} (take {frame.take} of {frame.key[:_SHOWN_DIGITS]})"
        case FrameIn():
            return f"{asset_text(frame.asset)} at {seconds_text(frame.at)} s"


def asset_text(asset: Asset) -> str:
    """A file for people: its path, and enough of its digest to see that its bytes are others."""
    return f"{asset.path} ({asset.digest[:_SHOWN_DIGITS]})"


def _identity(frame: Frame) -> str:
    match frame:
        case Asset():
            return frame.digest
        case FrameOf():
            return f"{frame.key}:{frame.take}"
        case FrameIn():
            return f"{frame.asset.digest}@{frame.at}"


def _settings(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = {
        "model": request.model,
        "tier": request.tier,
        "aspect_ratio": request.shape,
        "generate_audio": "true" if request.generate_audio else "false",
        "place": request.place,
        "style": request.style,
        "negative_prompt": request.negative_prompt,
        "cfg_scale": None if request.cfg_scale is None else f"{request.cfg_scale:g}",
        "shot_type": request.shot_type,
        "template": None if request.template is None else f"other bytes ({request.template[:_SHOWN_DIGITS]})",
        **{f"extra.{key}": value for key, value in request.extra.items()},
    }
    return {name: value for name, value in found.items() if value is not None}


def _shot(shot: ShotRequest) -> Iterator[tuple[str, str]]:
    yield "duration", f"{shot.seconds} s"
    yield "prompt", shot.prompt
    if shot.camera:
        yield "camera", shot.camera
    for number, line in enumerate(shot.lines, 1):
        yield f"say.{number}", f"{line.who}{f' ({line.tone})' if line.tone else ''}: {line.text}"
    if shot.sound:
        yield "sound", shot.sound
    if shot.words is not None:
        yield "words", shot.words
    yield from ((f"extra.{key}", str(value)) for key, value in shot.extra.items())


def _element(element: ElementRequest) -> Iterator[tuple[str, Value]]:
    texts = {
        "description": element.description,
        "voice.tone": element.voice_tone,
        "voice.id": element.voice_id,
        "voice.language": element.voice_language,
    }
    files = {"image": element.image, "video": element.video, "voice.sample": element.voice_sample}
    files |= {f"references.{number}": asset for number, asset in enumerate(element.references, 1)}
    for name, text in texts.items():
        if text is not None:
            yield name, Value(text, text, is_inherited=True)
    for name, asset in files.items():
        if asset is not None:
            yield name, Value(asset.digest, asset_text(asset), is_inherited=True)
