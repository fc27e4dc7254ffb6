"""A shot list: one row a shot, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from storyreel.base.money import usd_text
from storyreel.base.timebase import seconds_text
from storyreel.plan.chosen import chosen_parts
from storyreel.plan.cut import CardSource, CutScene, CutShot, TakeSource
from storyreel.plan.plan import PlannedFilm, PlannedPart, PlannedScene
from storyreel.stitch.export.timecode import timecode

COLUMNS = (
    "film", "number", "scene", "shot", "kind", "start", "duration_s", "prompt", "camera", "lines", "sound",
    "transition", "key", "take", "provider", "price_usd",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def shots_csv(films: Sequence[PlannedFilm]) -> str:
    """The list with its header. A price is that of one take, and stands at the first shot that it buys.

    A cell that a spreadsheet would read as a formula begins with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for film in films:
        for scene, planned in zip(film.cut.scenes, film.scenes, strict=True):
            for row in _rows(film, scene, planned):
                writer.writerow([_cell(row.get(column, "")) for column in COLUMNS])
    return out.getvalue()


def _rows(film: PlannedFilm, scene: CutScene, planned: PlannedScene) -> list[dict[str, str]]:
    rate, parts = film.cut.rate, chosen_parts(scene, planned)
    opening = scene.transition
    transition = "cut" if not opening.frames else f"{opening.kind} {seconds_text(opening.frames / rate)}"
    common = {"film": film.name, "number": str(scene.number), "scene": scene.id, "kind": scene.kind}
    if not scene.shots:
        row = common | {
            "start": timecode(scene.at.start, rate),
            "duration_s": seconds_text(scene.at.length / rate),
            "transition": transition,
            "prompt": _shown(scene),
            "lines": _lines(scene, 0, scene.at.length),
        }
        return [row | (_bought(parts[0]) if parts else {})]
    rows = []
    by_number = _shots_of(parts)
    priced: set[tuple[str, int | None]] = set()
    for position, shot in enumerate(scene.shots):
        part, sound = by_number.get(shot.number, (None, ""))
        row = common | _shot(scene, shot) | {"sound": sound, "transition": transition if position == 0 else "cut"}
        row |= {"start": timecode(scene.at.start + shot.at.start, rate)}
        row |= {"duration_s": seconds_text(shot.at.length / rate)}
        if part is not None:
            row |= _bought(part)
            if (part.key, part.take) in priced:
                row["price_usd"] = ""
            priced.add((part.key, part.take))
        rows.append(row)
    return rows


def _shot(scene: CutScene, shot: CutShot) -> dict[str, str]:
    return {
        "shot": shot.id or str(shot.number),
        "prompt": " ".join(shot.prompt.split()),
        "camera": shot.camera or "",
        "lines": _lines(scene, shot.at.start, shot.at.end),
    }


def _shown(scene: CutScene) -> str:
    """What a scene without shots shows: the words of a card, the path of a file."""
    source = scene.sources[0]
    if isinstance(source, CardSource):
        words = (source.title, source.subtitle, source.price, source.cta, source.legal)
        return " / ".join(" ".join(text.split()) for text in words if text)
    return "" if isinstance(source, TakeSource) else source.asset.path


def _lines(scene: CutScene, start: int, end: int) -> str:
    said = [line for line in scene.lines if start <= line.at.start < end]
    return " / ".join(f"{line.who}{f' ({line.tone})' if line.tone else ''}: {line.text}" for line in said)


def _shots_of(parts: Sequence[PlannedPart]) -> dict[int, tuple[PlannedPart, str]]:
    """By a shot's number in its scene: the part that buys it, and its sound."""
    bought = [(part, shot) for part in parts if part.request is not None for shot in part.request.shots]
    return {number: (part, shot.sound or "") for number, (part, shot) in enumerate(bought, 1)}


def _bought(part: PlannedPart) -> dict[str, str]:
    if part.request is None:
        return {"key": part.key, "provider": part.provider}
    price = part.lowered.cost_usd if part.lowered is not None else part.cost_usd
    return {
        "key": part.key,
        "take": "" if part.take is None else str(part.take),
        "provider": part.provider,
        "price_usd": usd_text(price) or "",
    }


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
