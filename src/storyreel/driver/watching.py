"""A watch put together: what the loop drives, what the page shows and asks for, and who buys."""

from __future__ import annotations

import asyncio
import errno
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Protocol

from storyreel.base.diagnostic import Diagnostic, error
from storyreel.base.span import Span
from storyreel.base.timebase import Range
from storyreel.driver.live import Drawing, FilmCut, LiveEvent, animated, is_paid
from storyreel.driver.live_buying import Buying, Leave
from storyreel.driver.live_choice import chosen
from storyreel.driver.live_hold import SharedHold
from storyreel.driver.locks import LockRefused, lock_file, locked, read_lock, write_lock
from storyreel.driver.outcome import FilmWaits
from storyreel.driver.project import BOARDS, Compiled, CompileMemory, Project
from storyreel.driver.sellers import UnknownProvider
from storyreel.media.failed import MediaFailed
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.cut import TakeSource
from storyreel.plan.plan import Plan, PlannedFilm, PlannedScene
from storyreel.render.blobs import DamagedBlob
from storyreel.render.clock import Clock, MonotonicClock
from storyreel.render.events import Event, TakeFailed, TakeKept
from storyreel.settings import FILE, SettingsRefused, read_settings
from storyreel.watch.desk import Desk
from storyreel.watch.loop import Loop
from storyreel.watch.spec import Answer, Compile, FinishedReel, StoredTake
from storyreel.watch.watcher import Notify, Watcher

_TOO_MUCH = "SR206"


class Listener(Protocol):
    """Who follows a watch on a terminal."""

    def read(self, words: str, diagnostics: Sequence[Diagnostic], texts: Mapping[str, str]) -> None:
        """The board was read."""
        ...

    def doing(self, words: str) -> None:
        """What is being done; empty for nothing."""
        ...

    def say(self, words: str) -> None:
        """Something that is worth a line."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What is watched."""

    board: str
    """Its project path."""
    provider: str | None = None
    only: str | None = None
    """The glob that films are narrowed by."""
    leave: Leave | None = None


@dataclass(frozen=True, slots=True)
class BoardRead:
    """One reading; `compiled` is None where the project itself stands in the way."""

    project: Project
    compiled: Compiled | None
    shown: Compile
    files: Mapping[str, str | None]
    takes: tuple[StoredTake, ...] = ()
    usual: Mapping[str, float] = field(default_factory=dict)


class Watching:
    """Implements the loop's work and the page's actions. To be made in the event loop that it runs in."""

    def __init__(
        self,
        project: Project,
        asked: Asked,
        listener: Listener,
        *,
        watcher: Watcher | None = None,
        clock: Clock | None = None,
    ) -> None:
        clock = clock or MonotonicClock()
        self._project = project
        self._asked = asked
        self._listener = listener
        self._reading: BoardRead | None = None
        self._good: Plan | None = None
        self._compiling = threading.Lock()
        self._locking = asyncio.Lock()
        self._fault: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._memory = CompileMemory()
        self._drawn = 0
        self.desk = Desk(project.shelf, project.work / "page", self, now=clock.now)
        self.loop = Loop[BoardRead](project.root, self, watcher or Notify(), clock)
        hold = SharedHold(project.work, clock, self._held_up)
        self._hold = hold
        self.buying = Buying(hold, asked.leave, clock, self._bought, self._arrived, listener.say, self._died)

    async def run(self) -> None:
        """Until it is cancelled; raises what is no matter of the board: a damaged store, a fault."""
        self.desk.purse(self.buying.purse)
        running = asyncio.create_task(self.loop.run())
        try:
            await asyncio.wait({running, self._fault}, return_when=asyncio.FIRST_COMPLETED)
            (self._fault if self._fault.done() else running).result()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await self.buying.stop()
            await self.desk.close()

    # What the loop drives.

    def read(self) -> BoardRead:
        with self._compiling:
            return self._read()

    def digest(self, path: str) -> str | None:
        return self._project.source.content(path)

    def show(self, reading: BoardRead) -> None:
        self._project, self._reading = reading.project, reading
        compiled, plan = reading.compiled, reading.shown.plan
        self.desk.takes(reading.takes)
        self.desk.usual(reading.usual)
        self.desk.compiled(reading.shown)
        self.desk.phase("ready")
        if compiled is not None and plan is not None:
            self._good = plan
            self.buying.show(reading.project, compiled)
        else:
            self.buying.rest_no_more()
        words = str(self.desk.state()["words"])
        self._listener.read(words, reading.shown.diagnostics, reading.shown.texts)

    async def make(self, reading: BoardRead) -> None:
        compiled, plan = reading.compiled, reading.shown.plan
        if compiled is None or plan is None or not any(film.frames for film in plan.films):
            return
        async with self._hold.held():
            self.desk.hold()
            try:
                await self._made(reading, compiled, plan)
            finally:
                self.desk.release()
        self._phase_over()

    async def _made(self, reading: BoardRead, compiled: Compiled, plan: Plan) -> None:
        async with self._locking:
            self._write_lock(reading.project, compiled, plan)
        self._drawn = 0
        try:
            live = animated(reading.project, compiled, lambda: self._panels(reading.project))
            async with aclosing(live) as events:
                async for event in events:
                    await self._show(event)
        except MediaFailed as failed:
            self._listener.say(failed.message)
        except OSError as failed:
            if failed.errno != errno.ENOSPC:
                raise
            self._listener.say("the disk is full: make room; what is done stays done")

    # What the page asks for.

    async def pick(self, film: str, scene: str, take: int) -> Answer:
        async with self._hold.held(), self._locking:
            answer = await asyncio.to_thread(self._choose, scene, take)
        if answer.is_done:
            self.loop.nudge()
        return answer

    async def buy(self, scenes: Sequence[str]) -> Answer:
        answer = self.buying.ask(scenes)
        self._listener.say(answer.words)
        return answer

    # Told by those at work.

    def _bought(self, event: Event) -> None:
        self.desk.tell(event)
        if isinstance(event, TakeKept):
            self.desk.purse(self.buying.purse)

    def _arrived(self) -> None:
        self.desk.purse(self.buying.purse)
        self.loop.nudge()

    def _died(self, fault: BaseException) -> None:
        if not self._fault.done():
            self._fault.set_exception(fault)

    def _held_up(self, who: str) -> None:
        words = f"{who} is working in this project; waiting until it is done"
        self.desk.phase("ready", words)
        self._listener.doing(words)

    async def _show(self, event: LiveEvent) -> None:
        """Tell the page, and say where things are."""
        match event:
            case Drawing(count):
                self._drawn = count
                self._phase("drawing", f"Drawing panels, {count} to go")
            case FilmCut():
                await self.desk.reel(FinishedReel(event.film, event.reel.path, event.reel.frames), event.cut)
            case FilmWaits():
                self._listener.say(f"{event.film} is not cut: {event.why}")
            case TakeFailed():
                self._listener.say(f"not drawn: {event.message}")
                self.desk.tell(event)
            case TakeKept():
                self._drawn -= 1
                words = f"Drawing panels, {self._drawn} to go" if self._drawn > 0 else "Cutting"
                self._phase("drawing" if self._drawn > 0 else "cutting", words)
                self.desk.tell(event)
            case _:
                self.desk.tell(event)

    def _phase(self, phase: str, words: str) -> None:
        self.desk.phase("drawing" if phase == "drawing" else "cutting", words)
        self._listener.doing(words)

    def _phase_over(self) -> None:
        self.desk.phase("ready")
        self._listener.doing("")

    # Reading.

    def _read(self) -> BoardRead:
        asked = self._asked
        project = Project(self._project.root, self._project.settings)
        project.source, project.store = self._project.source.renewed(), self._project.store
        lock = lock_file(project.root, asked.board).relative_to(project.root).as_posix()
        beside = {path: project.source.content(path) for path in (FILE, lock)}
        try:
            settings = read_settings(project.root)
            if settings != project.settings:
                fresh = Project(project.root, settings)
                fresh.source = project.source
                project = fresh
            compiled = self._compile(project, asked.provider)
        except (SettingsRefused, UnknownProvider, LockRefused) as refused:
            where = lock if isinstance(refused, LockRefused) else FILE
            found = (error("SR036", str(refused), Span(where, 1, 1, 1, 1)),)
            shown = Compile(asked.board, self._title(None), None, found, project.texts(found))
            return BoardRead(project, None, shown, {asked.board: project.source.content(asked.board), **beside})
        texts = project.texts(compiled.diagnostics)
        shown = Compile(
            asked.board,
            self._title(compiled),
            compiled.plan,
            compiled.diagnostics,
            texts,
            _changed(self._good, compiled.plan),
        )
        for name in _clipped(compiled):
            other = lock_file(project.root, f"{BOARDS}/{name}.yaml").relative_to(project.root).as_posix()
            beside[other] = project.source.content(other)
        files = {**project.source.contents(), **beside}
        return BoardRead(project, compiled, shown, files, _takes(project, compiled), _usual(project, compiled))

    def _choose(self, scene: str, take: int) -> Answer:
        """By the lock as it is now: what was read may be older than what we wrote."""
        with self._compiling:
            try:
                compiled = self._compile(self._project, self._asked.provider)
            except LockRefused as refused:
                return Answer(False, f"{refused}.")
        return chosen(self._project, compiled, scene, take)

    def _panels(self, project: Project) -> Compiled:
        with self._compiling:
            return self._compile(project, ANIMATIC)

    def _compile(self, project: Project, provider: str | None) -> Compiled:
        asked = self._asked
        compiled = project.compile(asked.board, provider=provider, only=asked.only, memory=self._memory)
        if any(found.code == _TOO_MUCH for found in compiled.diagnostics):
            # What was spent on earlier readings counted, too: whether it is too much is seen afresh.
            self._memory = CompileMemory()
            compiled = project.compile(asked.board, provider=provider, only=asked.only, memory=self._memory)
        return compiled

    def _title(self, compiled: Compiled | None) -> str:
        if compiled is not None and compiled.films:
            return compiled.films[0].title or compiled.films[0].film
        return self._reading.shown.title if self._reading is not None else ""

    def _write_lock(self, project: Project, compiled: Compiled, plan: Plan) -> None:
        """What arrived meanwhile is written down; it is no news to the loop. A lock that changed is read first."""
        now = read_lock(project.root, compiled.path)
        now = now.following(compiled.names) if compiled.only is None else now
        if not any(map(is_paid, plan.films)) or now != compiled.lock:
            return
        takes = project.known(compiled.lock, compiled.boards)
        after = locked(plan, compiled.lock, takes, is_whole=compiled.only is None)
        if write_lock(project.root, compiled.path, after):
            self.loop.wrote(lock_file(project.root, compiled.path).relative_to(project.root).as_posix())


def _clipped(compiled: Compiled) -> set[str]:
    """Names of the other boards whose takes are shown, rendered yet or not."""
    clips = (scene.clip for film in compiled.films for scene in film.scenes if scene.clip is not None)
    return {clip.of.rpartition("/")[0] for clip in clips if clip.of}


def _changed(before: Plan | None, after: Plan | None) -> frozenset[str]:
    """Ids of scenes that ask for something else than before, or are shown otherwise, wherever they stand."""
    if before is None or after is None:
        return frozenset()
    old = {(film.name, scene.id): what for film in before.films for scene, what in _looks(film)}
    return frozenset(
        scene.id for film in after.films for scene, what in _looks(film) if old.get((film.name, scene.id)) != what
    )


def _looks(film: PlannedFilm) -> Iterator[tuple[PlannedScene, object]]:
    """Each scene with all that can be seen or heard of it, but not when."""
    planned = {scene.id: scene for scene in film.scenes}
    for cut in film.cut.scenes:
        asked = tuple((part.key, part.take) for part in planned[cut.id].parts if part.request is not None)
        sources = tuple(s if not isinstance(s, TakeSource) else s.used for s in cut.sources)
        yield planned[cut.id], (asked, replace(cut, number=0, at=Range(0, cut.at.length), sources=()), sources)


def _takes(project: Project, compiled: Compiled) -> tuple[StoredTake, ...]:
    """Every take of the board's requests that is here."""
    if compiled.plan is None:
        return ()
    known, found = project.known(compiled.lock, compiled.boards), []
    for key in dict.fromkeys(part.key for part in compiled.plan.parts() if part.request is not None):
        for number in known.numbers(key):
            record, locked_take = known.find(key, number), compiled.lock.takes.get((key, number))
            if record is None:
                continue
            try:
                file = project.store.path(record)
            except DamagedBlob:
                continue  # It is not shown; a render says what is to be done.
            is_held = locked_take is not None and locked_take.is_held
            note = (locked_take.note if locked_take is not None else None) or ""
            found.append(StoredTake(key, number, file, record.digest, record.provider, record.paid, is_held, note))
    return tuple(found)


def _usual(project: Project, compiled: Compiled) -> Mapping[str, float]:
    """Median seconds from the request to the take, by provider, measured here."""
    if compiled.plan is None or not any(map(is_paid, compiled.plan.films)):
        return {}
    return {name: record.p50_s for name, record in project.records.items() if record.p50_s is not None}
