"""Buying beside a watch: begun by a person, or by itself once an edit has rested; never broken off by an edit."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from storyreel.base.money import NOTHING, Usd, usd_label
from storyreel.driver.live_hold import SharedHold
from storyreel.driver.making import Spending, Stopping, made
from storyreel.driver.outcome import Tally
from storyreel.driver.project import Compiled, Project
from storyreel.driver.sellers import seller_of
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.plan import PlannedPart, total
from storyreel.providers.key import Key, KeyMissing
from storyreel.render.clock import Clock
from storyreel.render.events import Event, TakeFailed, TakeKept, TakeParked, TakeUnaffordable, VoiceMade
from storyreel.render.journal import Journal
from storyreel.render.order import Ident
from storyreel.watch.spec import Answer, Purse

REST_S = 5.0
"""So long an edit rests before it is bought without being asked."""
STOP_S = 0.7
"""So long what is being sent may take when the watch ends; what is not heard of by then is looked up by the next."""


@dataclass(frozen=True, slots=True)
class Leave:
    """What may be bought."""

    ceiling: Usd
    """US dollars, of the whole watch."""


class Buying:
    """One purchase at a time, in a task of its own. `leave` None: only what was bought before is fetched."""

    def __init__(
        self,
        hold: SharedHold,
        leave: Leave | None,
        clock: Clock,
        tell: Callable[[Event], None],
        arrived: Callable[[], None],
        say: Callable[[str], None],
        died: Callable[[BaseException], None],
    ) -> None:
        """`arrived` is called for each take that is in the store now, `say` with a sentence worth reading.

        `died` is told what no purchase can go on after.
        """
        self._died = died
        self._hold, self._leave, self._clock = hold, leave, clock
        self._tell, self._arrived, self._say = tell, arrived, say
        self._run = os.urandom(8).hex()
        self._now: tuple[Project, Compiled] | None = None
        self._pending: dict[Ident, PlannedPart] = {}
        self._flying: set[Ident] = set()
        self._tried: set[Ident] = set()
        """What ended without a take: not asked for again but by a person."""
        self._resting: asyncio.Task[None] | None = None
        self._working: asyncio.Task[None] | None = None
        self._stopping = Stopping()
        self.spent_usd: Usd = NOTHING

    @property
    def is_busy(self) -> bool:
        return self._working is not None and not self._working.done()

    @property
    def purse(self) -> Purse:
        if self._leave is None:
            return Purse()
        return Purse(True, self._leave.ceiling, self.spent_usd)

    def show(self, project: Project, compiled: Compiled) -> None:
        """The newest plan, without errors: what was on its way before is fetched, what is new is bought in a while."""
        self._now = project, compiled
        if self._resting is not None:
            self._resting.cancel()
        open_ = [part for part in self._parts("resume") if part_ident(part) not in self._tried]
        if open_ and not _lacking_keys(project, open_):
            self._begin(open_)
        if self._leave is not None:
            self._resting = self._watched(asyncio.create_task(self._rest()))

    def rest_no_more(self) -> None:
        """What is read has errors: nothing is bought by itself until it has none."""
        self._now = None
        if self._resting is not None:
            self._resting.cancel()

    def ask(self, scenes: Sequence[str]) -> Answer:
        """Buy now what is lacking, of these scenes or of all."""
        if self._leave is None:
            return Answer(False, "Nothing is bought here: start `storyreel watch` with --render and --max-cost.")
        if self._now is None:
            return Answer(False, "The board has errors; nothing is bought until they are mended.")
        wanted = [*self._parts("generate", frozenset(scenes)), *self._parts("resume", frozenset(scenes))]
        parts = [part for part in wanted if part_ident(part) not in self._busy()]
        if not parts:
            return Answer(False, "There is nothing to buy." if not self.is_busy else "It is being bought already.")
        why = self._refusal(parts)
        if why:
            return Answer(False, why)
        self._begin(parts)
        takes = "1 take" if len(parts) == 1 else f"{len(parts)} takes"
        return Answer(True, f"Buying {takes} for {usd_label(total(parts))}.")

    async def stop(self) -> None:
        """Ask for nothing more; what is on its way out is written down."""
        if self._resting is not None:
            self._resting.cancel()
        if self._working is None:
            return
        self._pending.clear()
        self._stopping.ask()
        await asyncio.wait({self._working}, timeout=STOP_S)
        self._working.cancel()
        await asyncio.gather(self._working, return_exceptions=True)

    def _watched(self, task: asyncio.Task[None]) -> asyncio.Task[None]:
        """A fault of a machine, or a bug, ends the watch: it is not lost with its task."""

        def ended(task: asyncio.Task[None]) -> None:
            fault = None if task.cancelled() else task.exception()
            if fault is not None:
                self._died(fault)

        task.add_done_callback(ended)
        return task

    async def _rest(self) -> None:
        await self._clock.sleep(REST_S)
        assert self._now is not None
        project, _ = self._now
        failed = Journal.read(project.journal).failed
        refused = {ident for ident, job in failed.items() if job.reason == "refused"}
        skip = self._busy() | self._tried | refused
        parts = [part for part in self._parts("generate") if part_ident(part) not in skip]
        if not parts:
            return
        why = self._refusal(parts)
        if why:
            self._say(f"Not bought: {why}")
        else:
            self._begin(parts)

    def _begin(self, parts: Iterable[PlannedPart]) -> None:
        fresh = {part_ident(part): part for part in parts if part_ident(part) not in self._busy()}
        self._pending |= fresh
        if fresh and not self.is_busy:
            self._working = self._watched(asyncio.create_task(self._work()))

    async def _work(self) -> None:
        async with self._hold.held():
            while self._pending and self._now is not None:
                project, compiled = self._now
                assert compiled.plan is not None
                # What was asked for and is on the board no more is not bought: it was not begun.
                there = {part_ident(p) for p in compiled.plan.to_make()}
                batch = [part for ident, part in self._pending.items() if ident in there]
                self._pending.clear()
                if batch:
                    await self._batch(project, compiled, batch)

    async def _batch(self, project: Project, compiled: Compiled, batch: Sequence[PlannedPart]) -> None:
        assert compiled.plan is not None
        self._flying = {part_ident(part) for part in batch}
        self._stopping = Stopping()
        spending = Spending(self._run, None if self._leave is None else self._leave.ceiling, self._leave is not None)
        kept: set[Ident] = set()
        try:
            async with aclosing(made(project, compiled, batch, spending, self._stopping, Tally(parked=[]))) as events:
                async for event in events:
                    self._note(event, kept)
                    self._tell(event)
        finally:
            self._tried |= self._flying - kept
            self._flying = set()
        self._arrived()

    def _note(self, event: Event, kept: set[Ident]) -> None:
        match event:
            case TakeKept():
                kept.add((event.key, event.take))
                self._flying.discard((event.key, event.take))
                self.spent_usd += event.cost or NOTHING
                self._arrived()
            case VoiceMade():
                self.spent_usd += event.cost
            case TakeFailed() | TakeUnaffordable():
                self._say(f"Not bought: {event.message}")
            case TakeParked():
                said = "Unknown" if event.is_unknown else "Parked"
                self._say(f"{said}: {event.message}; `storyreel jobs list` says what to do")
            case _:
                pass

    def _busy(self) -> set[Ident]:
        return self._flying | self._pending.keys()

    def _parts(self, action: str, scenes: frozenset[str] = frozenset()) -> list[PlannedPart]:
        """Paid takes of which the newest plan says so, each once."""
        if self._now is None or self._now[1].plan is None:
            return []
        found: dict[Ident, PlannedPart] = {}
        for film in self._now[1].plan.films:
            for scene in film.scenes:
                for part in scene.parts:
                    if part.action == action and part.provider != ANIMATIC and (not scenes or scene.id in scenes):
                        found.setdefault(part_ident(part), part)
        return list(found.values())

    def _refusal(self, parts: Sequence[PlannedPart]) -> str:
        """Why these may not be bought now, in a sentence; empty where they may. The ceiling is held by the journal."""
        assert self._now is not None
        project, compiled = self._now
        assert compiled.plan is not None
        over = next((film for film in compiled.plan.films if film.is_over_budget), None)
        if over is not None:
            whole, budget = usd_label(over.whole_usd), usd_label(over.budget_usd)
            return f"{over.name} would cost {whole} in all, over its budget of {budget}."
        unknown = next((part for part in parts if part.cost_usd is None), None)
        if unknown is not None:
            where = f"[providers.{unknown.provider}.price_per_second] in storyreel.toml"
            return f"no price is known at {unknown.provider}; set {where}."
        return _lacking_keys(project, parts)


def part_ident(part: PlannedPart) -> Ident:
    return (part.key, part.take or 0)


def _lacking_keys(project: Project, parts: Iterable[PlannedPart]) -> str:
    """Which keys are missing, in a sentence; empty where none is."""
    for name in sorted({part.provider for part in parts}):
        seller = seller_of(name, project.settings)
        assert seller is not None
        try:
            _ = Key(seller.key_env, seller.scheme, os.environ).authorization
        except KeyMissing as missing:
            return f"{name}: {missing}."
    return ""
