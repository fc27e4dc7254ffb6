"""Keys: digests of what is asked for, known before anything is made.

A key of a request holds everything that decides what comes back and nothing else, so that the same words are never
bought twice. What is absent is left out: a field that a later version adds changes no key of a film that lacks it.
Spellings here are for ever; a changed one would buy every film again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storyreel.base.digest import digest_of_value
from storyreel.plan.request import Asset, ElementRequest, Frame, FrameIn, FrameOf, Request, ShotRequest

PANEL_REVISION = 1
"""Raised when the animatic draws the same job differently."""


def request_key(request: Request) -> str:
    """The key of a neutral request, 64 hex digits. Raises TypeError where `extra` holds what JSON cannot say."""
    return key_of(key_fields(request))


def key_of(fields: Mapping[str, Any]) -> str:
    """The key of a request whose fields are known; raises as `request_key`."""
    return digest_of_value({"take": fields})


def animatic_key(body: Mapping[str, Any]) -> str:
    """The key of a panel: of the whole job, which names files by digest. Never equal to a bought take's."""
    return digest_of_value({"animatic": body, "revision": PANEL_REVISION})


def local_key(kind: str, content: Mapping[str, Any]) -> str:
    """The key of what is cut from files or drawn here: of its content, not of its place in the film."""
    return digest_of_value({"local": kind, "content": _present(content)})


def key_fields(request: Request) -> Mapping[str, Any]:
    """Everything of a request that its key is made of, as JSON can say it; what is absent is left out."""
    return _present(
        {
            "model": request.model,
            "tier": request.tier,
            "shape": request.shape,
            "shots": [_shot(shot) for shot in request.shots],
            "generate_audio": request.generate_audio,
            "place": request.place,
            "style": request.style,
            "negative_prompt": request.negative_prompt,
            "cfg_scale": None if request.cfg_scale is None else float(request.cfg_scale),
            "shot_type": request.shot_type,
            "elements": [_element(element) for element in request.elements],
            "start": [_frame(frame) for frame in request.start],
            "end": _frame(request.end),
            "template": request.template,
            "extra": request.extra,
        }
    )


def _shot(shot: ShotRequest) -> Mapping[str, Any]:
    return _present(
        {
            "prompt": shot.prompt,
            "seconds": shot.seconds,
            "camera": shot.camera,
            "lines": [_present({"who": line.who, "tone": line.tone, "text": line.text}) for line in shot.lines],
            "sound": shot.sound,
            "words": shot.words,
            "extra": shot.extra,
        }
    )


def _element(element: ElementRequest) -> Mapping[str, Any]:
    return _present(
        {
            "name": element.name,
            "description": element.description,
            "image": _frame(element.image),
            "references": _digests(element.references),
            "video": _frame(element.video),
            "voice_tone": element.voice_tone,
            "voice_id": element.voice_id,
            "voice_sample": _frame(element.voice_sample),
            "voice_language": element.voice_language,
        }
    )


def _digests(assets: Sequence[Asset]) -> list[str]:
    return [asset.digest for asset in assets]


def _frame(frame: Frame | None) -> Any:
    match frame:
        case None:
            return None
        case Asset():
            return frame.digest
        case FrameOf():
            return {"frame_of": frame.key, "take": frame.take}
        case FrameIn():
            return {"frame_in": frame.asset.digest, "at": str(frame.at)}


def _present(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without what is absent: None, or an empty list or map. False and 0 are present."""
    return {k: v for k, v in fields.items() if v is not None and not (isinstance(v, list | Mapping) and not v)}
