"""Every request of a plan, each (key, take) once, whether its take is there or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from storyreel.base.money import usd_label, usd_text
from storyreel.plan.lower import Lowered
from storyreel.plan.plan import Plan, PlannedPart
from storyreel.plan.request import FrameOf
from storyreel.plan.route import Seller


@dataclass(frozen=True, slots=True)
class Row:
    """One request on the wire."""

    key: str
    films: tuple[str, ...]
    """Every film that shows it."""
    scene: str
    """In the first of them."""
    part: int
    """From 1, of a scene that is bought in parts."""
    take: int
    seller: Seller
    lowered: Lowered
    placeholders: Mapping[str, str]
    """What stands in the body for files, and what it means."""

    @property
    def label(self) -> str:
        """A line for people."""
        price = usd_label(self.lowered.cost_usd)
        return f"{self.scene}, part {self.part}, take {self.take}: {self.lowered.seconds} s, {price}"


def rows(plan: Plan, sellers: Mapping[str, Seller]) -> tuple[Row, ...]:
    """In film order; `sellers` by the names that the plan has for providers."""
    films: dict[tuple[str, int], dict[str, None]] = {}
    first: dict[tuple[str, int], tuple[str, int, PlannedPart]] = {}
    for film in plan.films:
        for scene in film.scenes:
            number = 0
            for part in scene.parts:
                if part.lowered is None or part.take is None:
                    continue
                number += part.take == 1
                films.setdefault((part.key, part.take), {})[film.name] = None
                first.setdefault((part.key, part.take), (scene.id, number, part))
    return tuple(
        Row(key, tuple(films[key, take]), scene_id, number, take, sellers[part.provider], lowered, _placeholders(part))
        for (key, take), (scene_id, number, part) in first.items()
        if (lowered := part.lowered) is not None
    )


def wire_document(found: Sequence[Row]) -> dict[str, Any]:
    """Plain JSON. Money is text; `seconds` are bought."""
    return {"requests": [_row(row) for row in found]}


def _row(row: Row) -> dict[str, Any]:
    return {
        "key": row.key,
        "films": list(row.films),
        "scene": row.scene,
        "part": row.part,
        "take": row.take,
        "provider": row.seller.name,
        "endpoint": row.lowered.endpoint,
        "method": row.lowered.method,
        "url": row.lowered.url,
        "body": row.lowered.body,
        "seconds": row.lowered.seconds,
        "cost_usd": usd_text(row.lowered.cost_usd),
        "notes": [asdict(note) for note in row.lowered.notes],
    }


def _placeholders(part: PlannedPart) -> Mapping[str, str]:
    assert part.lowered is not None
    request = part.request
    found = {f"asset:sha256:{digest}": path for digest, path in part.lowered.assets.items()}
    if request is not None:
        frames = [frame for frame in (*request.start, request.end) if isinstance(frame, FrameOf)]
        found |= {f"frame:{f.key}:{f.take}": f"the last frame of {f.scene}, take {f.take}" for f in frames}
    return found
