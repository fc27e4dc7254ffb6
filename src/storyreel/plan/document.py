"""A plan as the JSON document of `plan --json`."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from storyreel.base.money import usd_text
from storyreel.base.timebase import rate_text, seconds_text
from storyreel.plan.plan import Plan, PlannedFilm, PlannedPart


def plan_document(plan: Plan) -> dict[str, Any]:
    """Plain JSON. Money is text; `seconds` are bought, `frames` shown; `requests` and `total_usd`: to make now."""
    return {
        "prices_as_of": plan.prices_as_of.isoformat(),
        "films": [_film(film) for film in plan.films],
        "requests": len(plan.to_make()),
        "total_usd": usd_text(plan.total_usd),
        "board": plan.board,
        "notes": list(plan.notes),
    }


def _film(film: PlannedFilm) -> dict[str, Any]:
    return {
        "name": film.name,
        "output": film.output,
        "frames": film.frames,
        "fps": number(film.fps),
        "rate": rate_text(film.fps),
        "width": film.cut.width,
        "height": film.cut.height,
        "length": seconds_text(film.frames / film.fps),
        "scenes": [
            {"id": scene.id, "parts": [_part(part) for part in scene.parts], "notes": list(scene.notes)}
            for scene in film.scenes
        ],
        "cost_usd": usd_text(film.cost_usd),
        "notes": list(film.notes),
    }


def _part(part: PlannedPart) -> dict[str, Any]:
    return {
        "key": part.key,
        "take": part.take,
        "action": part.action,
        "reason": part.reason,
        "provider": part.provider,
        "endpoint": part.endpoint,
        "seconds": number(part.seconds),
        "frames": part.shown,
        "cost_usd": usd_text(part.cost_usd),
        "quoted_on": part.lowered.quoted_on if part.lowered is not None else None,
    }


def number(value: Fraction) -> int | float:
    """A JSON number: whole where it is whole, else to the microsecond."""
    return value.numerator if value.denominator == 1 else round(float(value), 6)
