"""Films for tests, built as `check` would leave them, without a file behind them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from storyreel.base.money import Usd
from storyreel.base.span import Span
from storyreel.board.model import Storyboard
from storyreel.board.node import Scalar
from storyreel.board.source import MediaFacts, MemorySource, SourceTree
from storyreel.plan.build import build_plan
from storyreel.plan.lock import Lock
from storyreel.plan.plan import Plan, PlannedFilm
from storyreel.plan.route import Record, Seller
from storyreel.plan.sheet import PaidBefore, Policy

IMAGE = MediaFacts("image", 1280, 720)
DEFAULTS: Mapping[str, Any] = {
    "film": "film",
    "board": "film",
    "model": "kling-v3",
    "tier": "standard",
    "aspect_ratio": "16:9",
    "generate_audio": True,
    "language": "en",
}


class Made:
    """Takes that are in the store."""

    def __init__(self, *made: tuple[str, int]) -> None:
        self.made: Collection[tuple[str, int]] = set(made)

    def has(self, key: str, take: int) -> bool:
        return (key, take) in self.made

    def paid(self, key: str, take: int) -> Usd:
        return Usd(0)

    def before(self, key: str, take: int) -> PaidBefore | None:
        return None


def shot(prompt: str = "A black sea.", duration: str = "4", **more: Any) -> dict[str, Any]:
    return {"prompt": prompt, "duration": duration, **more}


def scene(scene_id: str, *shots: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    content = {"shots": shots} if shots else {}
    return {"id": scene_id, **content, **more}


def card(scene_id: str, duration: str = "2", **more: Any) -> dict[str, Any]:
    return {"id": scene_id, "card": {"title": "THE END", "duration": duration}, **more}


def film(*scenes: Mapping[str, Any], **board: Any) -> Storyboard:
    return Storyboard.model_validate({**DEFAULTS, **board, "scenes": scenes})


def located(board: Storyboard) -> Storyboard:
    """The board as if everything were written on its first line."""
    line = Scalar("", Span("board.yaml", 1, 1, 1, 2))
    board.attach(line)
    for element in board.elements.values():
        element.attach(line)
        if element.voice is not None:
            element.voice.attach(line)
    for one in board.scenes:
        one.attach(line)
        if one.clip is not None:
            one.clip.attach(line)
        for each in one.shots:
            each.attach(line)
        for said in (*one.say, *(say for each in one.shots for say in each.say)):
            said.attach(line)
    return board


def plan(
    *films: Storyboard,
    provider: str = "animatic",
    source: SourceTree | None = None,
    takes: Made | None = None,
    axes: Sequence[Mapping[str, str]] = (),
    sellers: Sequence[Seller] = (),
    policy: Policy = "cheapest",
    records: Mapping[str, Record] | None = None,
    lock: Lock | None = None,
    rebuy: frozenset[str] = frozenset(),
    boards: Mapping[str, Lock] | None = None,
    words: Mapping[str, str] | None = None,
) -> Plan:
    source = source or MemorySource({})
    checked = build_plan(
        [located(one) for one in films],
        source,
        takes or Made(),
        provider=provider,
        board="film",
        axes=axes,
        sellers=sellers,
        policy=policy,
        records=records,
        lock=lock,
        rebuy=rebuy,
        boards=boards,
        words=None if words is None else lambda key: words.get(key, ""),
    )
    assert checked.value is not None, checked.diagnostics
    return checked.value


def planned(board: Storyboard, **more: Any) -> PlannedFilm:
    return plan(board, **more).films[0]


def keys(found: PlannedFilm) -> list[str]:
    return [part.key for one in found.scenes for part in one.parts]
