"""Why a scene is made or not, what becomes of each setting on the way, and the words as sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from storyreel.base.timebase import seconds_text
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.plan import PlannedFilm, PlannedPart
from storyreel.plan.prompt import is_pictured, spelled_words
from storyreel.plan.request import Asset, Frame, FrameIn, FrameOf, Request

Treatment = Literal["passthrough", "renamed", "converted", "emulated", "dropped"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting of a request. `treatment` is None where the provider's lowering decides it."""

    name: str
    value: str
    treatment: Treatment | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ShotWords:
    """A shot as the author wrote it and as it is sent."""

    number: int
    """From 1, in its part."""
    seconds: int
    """Bought."""
    written: str
    sent: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One part of a scene."""

    part: PlannedPart
    parameters: tuple[Parameter, ...]
    shots: tuple[ShotWords, ...]


@dataclass(frozen=True, slots=True)
class SceneExplanation:
    scene: str
    film: str
    parts: tuple[Explanation, ...]
    notes: tuple[str, ...]


def explain_scene(film: PlannedFilm, scene: str) -> SceneExplanation:
    """Explain the scene with the id `scene`; raises LookupError where the film has none."""
    planned = next((one for one in film.scenes if one.id == scene), None)
    if planned is None:
        raise LookupError(scene)
    return SceneExplanation(scene, film.name, tuple(_explain(part) for part in planned.parts), planned.notes)


def _explain(part: PlannedPart) -> Explanation:
    request = part.request
    if request is None:
        return Explanation(part, (), ())
    shots = tuple(
        ShotWords(number, shot.seconds, shot.prompt, spelled_words(request, shot))
        for number, shot in enumerate(request.shots, 1)
    )
    treat = _DRAWN if part.provider == ANIMATIC else _BOUGHT
    parameters = tuple(
        Parameter(name, value, *treat.get(name, _undecided)(request)) for name, value in _written(request)
    )
    return Explanation(part, parameters, shots)


def _written(request: Request) -> Iterator[tuple[str, str]]:
    """Every setting that the request has, in the language's own words."""
    yield "model", request.model
    yield "tier", request.tier
    if request.shape is not None:
        yield "aspect_ratio", request.shape
    yield "shots", " + ".join(f"{shot.seconds} s" for shot in request.shots)
    yield "generate_audio", "true" if request.generate_audio else "false"
    texts = {
        "place": request.place,
        "style": request.style,
        "negative_prompt": request.negative_prompt,
        "shot_type": request.shot_type,
    }
    yield from ((name, text) for name, text in texts.items() if text)
    if request.cfg_scale is not None:
        yield "cfg_scale", f"{request.cfg_scale:g}"
    if request.elements:
        yield "elements", ", ".join(element.name for element in request.elements)
    lines = [line for shot in request.shots for line in shot.lines]
    if lines:
        yield "say", " / ".join(f"{line.who}: {line.text}" for line in lines)
    sounds = [shot.sound for shot in request.shots if shot.sound]
    if sounds:
        yield "sound", " / ".join(sounds)
    if request.start:
        yield "start", ", ".join(_frame(frame) for frame in request.start)
    if request.end is not None:
        yield "end", _frame(request.end)
    if request.template is not None:
        yield "template", f"{request.template[:12]}…"
    if request.extra:
        yield "extra", ", ".join(request.extra)


def _frame(frame: Frame) -> str:
    match frame:
        case Asset():
            return frame.path
        case FrameOf():
            return f"last frame of {frame.scene}, take {frame.take}"
        case FrameIn():
            return f"{frame.asset.path} at {seconds_text(frame.at)} s"


_Treated = tuple[Treatment | None, str]


def _undecided(_: Request) -> _Treated:
    return None, ""


def _fixed(treatment: Treatment, detail: str) -> Callable[[Request], _Treated]:
    return lambda _: (treatment, detail)


def _bought_elements(request: Request) -> _Treated:
    if request.start and all(is_pictured(element) for element in request.elements):
        return "passthrough", "their pictures go along"
    return "emulated", "spelled out by their descriptions"


_NOT_DRAWN = _fixed("dropped", "panels do not show it")
_DRAWN: Mapping[str, Callable[[Request], _Treated]] = {
    "model": _fixed("converted", "panels are drawn by its limits and its way of splitting"),
    "tier": _fixed("converted", "the size of the panels, at most 1080 on the short side"),
    "aspect_ratio": _fixed("converted", "panels have the shape of the reel"),
    "shots": _fixed("converted", "to frames"),
    "generate_audio": _fixed("emulated", "the cut speaks the lines and hums a room tone"),
    "place": _fixed("emulated", "decides the palette"),
    "style": _NOT_DRAWN,
    "negative_prompt": _NOT_DRAWN,
    "shot_type": _NOT_DRAWN,
    "cfg_scale": _NOT_DRAWN,
    "template": _NOT_DRAWN,
    "extra": _NOT_DRAWN,
    "elements": _fixed("emulated", "their pictures are staged, or figures drawn"),
    "say": _fixed("emulated", "a scratch voice and a subtitle in the cut"),
    "sound": _fixed("emulated", "a mark at the edge"),
    "start": _fixed("passthrough", "shown and moved"),
    "end": _fixed("passthrough", "shown at the end"),
}
_BOUGHT: Mapping[str, Callable[[Request], _Treated]] = {
    "elements": _bought_elements,
    "place": _fixed("converted", "joined into each shot's prompt"),
    "style": _fixed("converted", "joined into each shot's prompt"),
    "say": _fixed("converted", "joined into its shot's prompt"),
    "sound": _fixed("converted", "joined into its shot's prompt"),
}
