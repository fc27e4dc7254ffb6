"""Panels that stand in for takes that are wanted and not there, so that a film can be watched all the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from storyreel.plan.cut import Cut, Source, TakeSource
from storyreel.plan.plan import Plan, PlannedFilm, PlannedPart
from storyreel.render.order import Ident


@dataclass(frozen=True, slots=True)
class StandIns:
    """For takes that are lacking, the panels of the same scenes: what draws them, and what is drawn."""

    tasks: tuple[PlannedPart, ...]
    """In film order; each draws the panels of one part."""
    panels: Mapping[str, str]
    """Key of a request to the key of its panels."""


def stand_ins(films: Iterable[PlannedFilm], lacking: frozenset[str], drawn: Plan) -> StandIns:
    """`drawn` is the plan of the same board at the animatic; `lacking` are keys of requests without a take."""
    panels: dict[str, str] = {}
    wanted: dict[str, PlannedPart] = {}
    by_name = {film.name: film for film in drawn.films}
    for film in films:
        for asked, shown in zip(film.scenes, by_name[film.name].scenes, strict=True):
            parts = [part for part in asked.parts if part.request is not None and part.take == 1]
            for part, panel in zip(parts, shown.parts, strict=False):
                if part.key in lacking:
                    panels[part.key] = panel.key
                    wanted.setdefault(panel.key, panel)
    return StandIns(_with_needs(wanted, drawn), panels)


def stood_in(cut: Cut, stand_ins: StandIns) -> Cut:
    """The cut with panels in the place of what is lacking; nothing moves."""

    def source(one: Source) -> Source:
        if isinstance(one, TakeSource) and one.key in stand_ins.panels:
            return replace(one, key=stand_ins.panels[one.key], take=1, look="stand_in")
        return one

    return replace(cut, scenes=tuple(replace(s, sources=tuple(map(source, s.sources))) for s in cut.scenes))


def needs(part: PlannedPart) -> frozenset[Ident]:
    """Takes that panels begin or end on."""
    frames = [part.job.get(end) for end in ("start", "end")] if part.job else []
    return frozenset((f["frame_of"], f["take"]) for f in frames if isinstance(f, dict) and "frame_of" in f)


def _with_needs(wanted: Mapping[str, PlannedPart], drawn: Plan) -> tuple[PlannedPart, ...]:
    """The panels, and those that they begin or end on, in film order."""
    every = {part.key: part for film in drawn.films for scene in film.scenes for part in scene.parts if part.job}
    found = set(wanted)
    pending = list(wanted)
    while pending:
        fresh = {key for pended in pending for key, _ in needs(every[pended]) if key in every} - found
        found |= fresh
        pending = list(fresh)
    return tuple(part for key, part in every.items() if key in found and part.action == "generate")
