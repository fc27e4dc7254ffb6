"""The page's document of one scene: its takes, its words as written and as each provider gets them, and the reasons."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from storyreel.base.money import usd_label
from storyreel.base.report import printable
from storyreel.base.timebase import seconds_text
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.cut import CutScene, TakeSource
from storyreel.plan.explain import Explanation, explain_scene
from storyreel.plan.lower import Lowered
from storyreel.plan.plan import PlannedFilm, PlannedPart, PlannedScene
from storyreel.watch.now import WORDS, Now, ShownStrip, doing_of, price_of
from storyreel.watch.spec import Document, StoredTake
from storyreel.watch.standing import part_standing, scene_standing

_LONGEST = 20_000
"""Characters of a body that are shown."""


@dataclass(frozen=True, slots=True)
class ShownTake:
    """A take that can be looked at; ids are of the file table."""

    stored: StoredTake
    id: str
    strip: ShownStrip | None = None


def scene_document(film: PlannedFilm, cut: CutScene, takes: Sequence[ShownTake], now: Now) -> Document:
    """One scene. `takes` are those of its keys, in any order."""
    planned = next((scene for scene in film.scenes if scene.id == cut.id), PlannedScene(cut.id, ()))
    standing = scene_standing(planned, now.doing) if planned.parts else "local"
    return {
        "id": printable(cut.id),
        "number": cut.number,
        "kind": cut.kind,
        "place": printable(cut.place or ""),
        "chapter": printable(cut.chapter or ""),
        "length": f"{seconds_text(cut.at.length / film.fps)} s",
        "start": cut.at.start,
        "end": cut.at.end,
        "transition": _transition(cut, film),
        "standing": standing,
        "word": WORDS[standing],
        "price": price_of(planned.parts, now),
        "why": _reasons(planned, now),
        "notes": [printable(note) for note in planned.notes],
        "takes": _takes(planned, cut, takes, now),
        "shots": [
            {
                "number": shot.number,
                "id": printable(shot.id or ""),
                "length": f"{seconds_text(shot.at.length / film.fps)} s",
                "camera": printable(shot.camera or ""),
                "prompt": printable(shot.prompt),
                "lines": [
                    _line(line.who, line.tone, line.text) for line in cut.lines if _is_in(line.at.start, shot.at)
                ],
            }
            for shot in cut.shots
        ],
        "routes": _routes(film, planned),
    }


def _is_in(frame: int, at: Any) -> bool:
    return bool(at.start <= frame < at.end)


def _line(who: str, tone: str | None, text: str) -> str:
    return printable(f"{who} ({tone}): {text}" if tone else f"{who}: {text}")


def _transition(cut: CutScene, film: PlannedFilm) -> str:
    found = cut.transition
    return "cut" if found.kind == "cut" else f"{found.kind} {seconds_text(found.frames / film.fps)} s"


def _reasons(planned: PlannedScene, now: Now) -> list[dict[str, Any]]:
    """Each part once, with the sentence that says why it is made or not."""
    return [
        {
            "standing": (standing := part_standing(part, now.doing)),
            "word": WORDS[standing],
            "action": part.action,
            "reason": printable(part.reason),
            "provider": part.provider if part.request is not None else "",
            "endpoint": part.endpoint or "",
            "seconds": f"{seconds_text(part.seconds)} s" if part.provider != ANIMATIC else "",
            "price": usd_label(part.cost_usd) if part.action == "generate" and part.provider != ANIMATIC else "",
            "paid": usd_label(part.paid_usd) if part.paid_usd else "",
            "key": part.key[:12],
            "take": part.take,
            "doing": doing_of([part], now),
        }
        for part in planned.parts
    ]


def _takes(planned: PlannedScene, cut: CutScene, takes: Sequence[ShownTake], now: Now) -> list[dict[str, Any]]:
    """Candidates side by side: those that are here, and those that are wanted; of a split scene, part by part."""
    chosen = {(source.key, source.take) for source in cut.sources if isinstance(source, TakeSource)}
    keys = list(dict.fromkeys(part.key for part in planned.parts if part.request is not None))
    here = {(one.stored.key, one.stored.take): one for one in takes}
    wanted = {(part.key, part.take or 1): part for part in planned.parts if part.request is not None}
    rows = []
    for ident in sorted(
        {*here, *wanted}, key=lambda ident: (keys.index(ident[0]) if ident[0] in keys else 99, ident[1])
    ):
        shown, part = here.get(ident), wanted.get(ident)
        standing = part_standing(part, now.doing) if part is not None else "cached"
        if shown is not None and standing in ("queued", "generating"):
            standing = "cached"
        rows.append(
            {
                "take": ident[1],
                "part": keys.index(ident[0]) + 1 if len(keys) > 1 and ident[0] in keys else None,
                "is_chosen": ident in chosen and shown is not None,
                "standing": standing,
                "word": WORDS[standing],
                "doing": doing_of([part], now) if part is not None else {},
                **_here(shown),
                "price": price_of([part], now) if part is not None else "",
            }
        )
    return rows


def _here(shown: ShownTake | None) -> dict[str, Any]:
    if shown is None:
        return {"file": None, "strip": None, "is_held": False, "is_paid": False, "provider": "", "paid": "", "note": ""}
    stored, strip = shown.stored, shown.strip
    return {
        "file": shown.id,
        "strip": None if strip is None else [strip.id, strip.tiles, strip.width, strip.height],
        "is_held": stored.is_held,
        "is_paid": stored.provider != ANIMATIC,
        "provider": stored.provider,
        "paid": "" if stored.paid_usd is None else usd_label(stored.paid_usd),
        "note": printable(stored.note),
    }


def _routes(film: PlannedFilm, planned: PlannedScene) -> list[dict[str, Any]]:
    """What each provider would be sent, the one that is asked first; a split scene has its parts one after another."""
    parts = list({part.key: part for part in planned.parts if part.request is not None}.values())
    if not parts:
        return []
    names = dict.fromkeys([parts[0].provider, *(name for part in parts for name, _ in part.others)])
    routes = []
    for name in names:
        sent = [
            replace(part, lowered=lowered) for part in parts if (lowered := _lowered(part, name)) or name == ANIMATIC
        ]
        explained = explain_scene(replace(film, scenes=(replace(planned, parts=tuple(sent)),)), planned.id)
        routes.append({"provider": name, "requests": [_request(one) for one in explained.parts]})
    return routes


def _lowered(part: PlannedPart, name: str) -> Lowered | None:
    return part.lowered if part.provider == name else dict(part.others).get(name)


def _request(one: Explanation) -> dict[str, Any]:
    lowered = one.part.lowered
    return {
        "endpoint": lowered.endpoint if lowered is not None else one.part.endpoint,
        "seconds": lowered.seconds if lowered is not None else int(one.part.seconds),
        "price": "drawn here, free" if lowered is None else usd_label(lowered.cost_usd),
        "body": None if lowered is None else _pretty(lowered.body),
        "shots": [{"number": s.number, "seconds": s.seconds, "text": printable(s.sent)} for s in one.shots],
        "parameters": [
            {
                "name": printable(p.name),
                "value": printable(p.value)[:400],
                "treatment": p.treatment,
                "detail": printable(p.detail),
            }
            for p in one.parameters
        ],
        "problems": [
            {"is_error": problem.severity == "error", "message": printable(problem.message)}
            for problem in (lowered.problems if lowered is not None else ())
        ],
    }


def _pretty(body: Mapping[str, Any]) -> str:
    text = printable(json.dumps(body, ensure_ascii=False, indent=2))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n…"
