"""The page's documents of a board and of a film, from plain values. Pure: whoever has the values decides when."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from storyreel.base.money import CENT, NOTHING, Usd, usd_label, usd_text
from storyreel.base.report import printable
from storyreel.base.timebase import rate_text, seconds_text
from storyreel.plan.cut import Cut, CutScene
from storyreel.plan.document import number
from storyreel.plan.plan import PlannedFilm, PlannedPart, PlannedScene, total
from storyreel.watch.findings import findings
from storyreel.watch.now import WORDS, Now, ShownReel, doing_of, lacking, price_of
from storyreel.watch.pictures import WAVE_HZ
from storyreel.watch.spec import Document
from storyreel.watch.standing import ORDER, Standing, part_standing, scene_standing


def board_document(now: Now) -> Document:
    """The board: what is wrong, what it costs, a line for every film."""
    errors = sum(found.is_error for found in now.compile.diagnostics)
    films = now.plan.films if now.plan is not None else ()
    pending = _pending(now)
    return {
        "board": printable(now.compile.board),
        "title": printable(now.compile.title),
        "condition": _condition(now, errors),
        "phase": now.phase,
        "words": _words(now, errors),
        "errors": errors,
        "warnings": len(now.compile.diagnostics) - errors,
        "findings": findings(now.compile.diagnostics, now.compile.texts),
        "notes": [printable(note) for note in (now.plan.notes if now.plan is not None else ())],
        "prices_as_of": now.plan.prices_as_of.isoformat() if now.plan is not None else None,
        "buying": {
            "is_on": now.purse.is_open,
            "ceiling_usd": usd_text(now.purse.ceiling_usd),
            "spent_usd": usd_text(now.purse.spent_usd),
            "takes": len(pending),
            "price": usd_label(total(pending)) if pending else "",
        },
        "films": [_line(film, now) for film in films],
    }


def film_document(film: PlannedFilm, now: Now) -> Document:
    """A film: its reel, its money, and its scenes on the timeline."""
    reel = now.reels.get(film.name)
    planned = {scene.id: scene for scene in film.scenes}
    rows = [_scene(scene, planned.get(scene.id), film, now) for scene in film.cut.scenes]
    return {
        **_line(film, now),
        "frames": film.frames,
        "fps": float(film.fps),
        "width": film.cut.width,
        "height": film.cut.height,
        "rate": rate_text(film.fps),
        "reel": None if reel is None else _reel(reel),
        "money": _money(film),
        "scenes": rows,
        "notes": [printable(note) for note in film.notes],
    }


def _condition(now: Now, errors: int) -> str:
    if errors:
        return "error"
    if now.plan is None:
        return "first"
    if not any(film.frames for film in now.plan.films):
        return "empty"
    if now.phase != "ready":
        return "building" if now.reels else "first"
    return "pending" if _pending(now) else "done"


def _words(now: Now, errors: int) -> str:
    if errors:
        kept = "; the last good reel stays" if now.reels else ""
        return f"{_count(errors, 'error')}{kept}"
    if now.words:
        return printable(now.words)
    if now.plan is None:
        return "Reading the board"
    pending = _pending(now)
    price = f"{usd_label(total(pending))} to make" if pending else ""
    if now.changed:
        changed = f"{_count(len(now.changed), 'scene')} changed"
        return f"{changed}, {price or 'nothing to buy'}"
    return f"Up to date, {price}" if price else "Up to date"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _pending(now: Now) -> list[PlannedPart]:
    return [] if now.plan is None else lacking(now.plan.to_make(), now)


def _line(film: PlannedFilm, now: Now) -> dict[str, Any]:
    """What the switcher and the wall say of a film."""
    reel = now.reels.get(film.name)
    standings = [scene_standing(scene, now.doing) for scene in film.scenes]
    worst: Standing = next((one for one in ORDER if one in standings), "local")
    return {
        "id": now.ids[film.name],
        "name": printable(film.name),
        "title": printable(film.cut.title),
        "seconds": number(film.frames / film.fps),
        "length": f"{seconds_text(round(film.frames / film.fps, 2))} s",
        "size": f"{film.cut.width} × {film.cut.height}",
        "shape": number(Fraction(film.cut.width, film.cut.height)),
        "standing": worst,
        "word": WORDS[worst],
        "price": price_of([part for scene in film.scenes for part in scene.parts], now),
        "is_over_budget": film.is_over_budget,
        "is_current": reel is not None and _layout(reel.cut) == _layout(film.cut),
        "loop": None if reel is None else reel.loop,
        "poster": None if reel is None else reel.poster,
    }


def _reel(reel: ShownReel) -> dict[str, Any]:
    """Its scenes are those it was cut from, which may be older than the plan: so the playhead finds its place."""
    return {
        "id": reel.id,
        "frames": reel.cut.frames,
        "fps": float(reel.cut.rate),
        "wave": reel.wave,
        "wave_hz": WAVE_HZ,
        "scenes": [[scene.id, scene.at.start, scene.at.end] for scene in reel.cut.scenes],
    }


def _money(film: PlannedFilm) -> dict[str, Any]:
    """Texts for people, and shares of the budget (or of the whole) for the bar."""
    cost, whole = film.cost_usd, film.whole_usd
    paid = NOTHING if whole is None or cost is None else whole - cost
    most = max(film.budget_usd or NOTHING, whole or NOTHING)
    return {
        "paid": _cents(paid),
        "to_make": _cents(cost),
        "whole": _cents(whole),
        "budget": _cents(film.budget_usd),
        "is_over": film.is_over_budget,
        "paid_share": _share(paid, most),
        "to_make_share": _share(cost or NOTHING, most),
        "budget_share": _share(film.budget_usd or NOTHING, most),
    }


def _cents(amount: Usd | None) -> str | None:
    return None if amount is None else str(amount.quantize(CENT))


def _share(amount: Usd, of: Usd) -> float:
    return round(float(amount / of), 4) if of else 0.0


def _scene(cut: CutScene, planned: PlannedScene | None, film: PlannedFilm, now: Now) -> dict[str, Any]:
    parts = planned.parts if planned is not None else ()
    standing = scene_standing(planned, now.doing) if planned is not None else "local"
    strip = now.strips.get((film.name, cut.id))
    return {
        "id": printable(cut.id),
        "number": cut.number,
        "kind": cut.kind,
        "chapter": None if cut.chapter is None else printable(cut.chapter),
        "start": cut.at.start,
        "end": cut.at.end,
        "transition": {
            "kind": cut.transition.kind,
            "frames": cut.transition.frames,
            "overlap": cut.transition.overlap if cut.number > 1 else 0,
        },
        "shots": [[shot.at.start, shot.at.end] for shot in cut.shots],
        "standing": standing,
        "word": WORDS[standing],
        "doing": doing_of([p for p in parts if part_standing(p, now.doing) == standing], now),
        "price": price_of(parts, now),
        "is_changed": cut.id in now.changed,
        "takes": sum(1 for part in parts if part.request is not None),
        "strip": None if strip is None else [strip.id, strip.tiles, strip.width, strip.height],
    }


def _layout(cut: Cut) -> object:
    """What is where, whatever it looks like: panels that stand in for takes keep their place."""
    return (cut.width, cut.height, cut.rate, [(scene.id, scene.at) for scene in cut.scenes])
