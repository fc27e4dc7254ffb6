"""Why a scene is made or not, what becomes of each setting on the way, and the words as sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.lowering.filling import Treatment
from storyreel.plan.parameters import parameters
from storyreel.plan.plan import PlannedFilm, PlannedPart
from storyreel.plan.prompt import spelled_words


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting of a request, and what becomes of it on the way."""

    name: str
    value: str
    treatment: Treatment
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
    is_kept = part.lowered is None and part.provider != ANIMATIC
    if request is None or is_kept:  # What was asked for a take that is kept is not what is asked now.
        return Explanation(part, (), ())
    called = part.lowered.called if part.lowered is not None else None
    shots = tuple(
        ShotWords(number, shot.seconds, shot.prompt, spelled_words(request, shot, called))
        for number, shot in enumerate(request.shots, 1)
    )
    values = dict(parameters(request))
    if part.lowered is None:
        drawn = tuple(Parameter(name, value, *_drawn(name)) for name, value in values.items())
        return Explanation(part, drawn, shots)
    notes = {note.param: note for note in part.lowered.notes}
    order = [*values, *(name for name in notes if name not in values)]
    bought = tuple(Parameter(n, values.get(n, ""), notes[n].treatment, notes[n].detail) for n in order)
    return Explanation(part, bought, shots)


def _drawn(name: str) -> tuple[Treatment, str]:
    """What the animatic makes of a parameter."""
    return _DRAWN.get(name, ("dropped", "panels do not show it"))


_DRAWN: Mapping[str, tuple[Treatment, str]] = {
    "model": ("converted", "panels are drawn by its limits and its way of splitting"),
    "tier": ("converted", "the size of the panels, at most 1080 on the short side"),
    "aspect_ratio": ("converted", "panels have the shape of the reel"),
    "duration": ("converted", "to frames"),
    "prompt": ("emulated", "a panel is drawn from its words"),
    "camera": ("emulated", "the panel is moved"),
    "shots": ("converted", "to frames"),
    "generate_audio": ("emulated", "the cut speaks the lines and hums a room tone"),
    "place": ("emulated", "decides the palette"),
    "elements": ("emulated", "their pictures are staged, or figures drawn"),
    "say": ("emulated", "a scratch voice and a subtitle in the cut"),
    "sound": ("emulated", "a mark at the edge"),
    "start": ("passthrough", "shown and moved"),
    "end": ("passthrough", "shown at the end"),
}
