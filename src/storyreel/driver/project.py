"""The front half of the driver: a project on disk; load, expand, check, plan. Connects nowhere, makes nothing."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from storyreel.base.diagnostic import Diagnostic, in_order
from storyreel.base.money import Usd
from storyreel.board.check import check
from storyreel.board.disk import DiskSource
from storyreel.board.expand import expand, open_board
from storyreel.board.memory import Memory
from storyreel.board.model import Storyboard
from storyreel.board.source import SourceMissing, SourceRefused
from storyreel.driver.known import KnownTakes
from storyreel.driver.locks import DiskLocks, Locks, bought_anew, clipped_locks
from storyreel.driver.quotes import quoted
from storyreel.driver.sellers import sellers_of
from storyreel.media.glyphs import check_glyphs
from storyreel.media.probe import probe
from storyreel.media.stylebook import check_styles
from storyreel.plan.bearable import is_plannable, not_told_yet
from storyreel.plan.build import build_plan
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.lock import Lock
from storyreel.plan.memory import PlanMemory
from storyreel.plan.plan import Plan
from storyreel.plan.route import Record
from storyreel.render.journal import Journal
from storyreel.render.record import records
from storyreel.render.standing import paid_in
from storyreel.render.store import DiskShelf, DiskStore
from storyreel.settings import FILE, Settings, read_settings

BOARDS = "storyboards"
WORK = ".storyreel"
WINDOW_S = 30 * 86_400.0
"""How far back a provider's record goes."""


class NoProject(Exception):
    """There is no project here; `str()` says what was looked for."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A board as far as it could be compiled; `plan` is None where errors stand in the way."""

    path: str
    films: tuple[Storyboard, ...]
    names: tuple[str, ...]
    """Every film asked for, also those that have errors."""
    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]
    only: str | None = None
    """The glob that films were narrowed by."""
    lock: Lock = field(default_factory=Lock)
    provider: str | None = None
    """As it was asked for."""
    boards: Mapping[str, Lock] = field(default_factory=dict)
    """Locks of other boards whose takes it shows, by name."""

    @property
    def has_errors(self) -> bool:
        return any(d.is_error for d in self.diagnostics)


@dataclass(slots=True)
class _Front:
    """A board before its plan; `axes` go with `films`, `names` are also of those that have errors."""

    diagnostics: list[Diagnostic]
    films: list[Storyboard] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    axes: list[Mapping[str, str]] = field(default_factory=list)


class CompileMemory:
    """What compilations of one board hand on, for a watch. It changes nothing but how soon they are there."""

    def __init__(self) -> None:
        self.board = Memory()
        self._plans: dict[str | None, PlanMemory] = {}

    def plan(self, provider: str | None) -> PlanMemory:
        """Of one provider, as it is asked for."""
        return self._plans.setdefault(provider, PlanMemory())


@dataclass(slots=True)
class Project:
    """A folder with storyboards, and what is needed to compile them."""

    root: Path
    settings: Settings
    source: DiskSource = field(init=False)
    store: DiskStore = field(init=False)
    locks: Locks = field(init=False)

    def __post_init__(self) -> None:
        self.source = DiskSource(self.root, probe)
        self.locks = DiskLocks(self.root)
        self.store = DiskStore(self.settings.store.folder(self.root))

    @property
    def work(self) -> Path:
        """The project's own folder for what git ignores."""
        return self.root / WORK

    @property
    def journal(self) -> Path:
        """The file that remembers what was paid for."""
        return self.work / "journal.db"

    def known(self, lock: Lock | None = None, boards: Mapping[str, Lock] | None = None) -> KnownTakes:
        """What planning may know of takes, as of now. `boards` are locks of other boards whose takes are shown."""
        return KnownTakes(self.store, self.journal, lock, boards)

    def paid_by(self, run: str) -> Usd:
        """US dollars that the jobs which a run finished have cost, as the journal has it."""
        return paid_in(self.journal, run)

    @property
    def records(self) -> Mapping[str, Record]:
        """How providers did here over the last 30 days."""
        past = Journal.past(self.journal, time.time() - WINDOW_S)
        return {
            one.provider: Record(
                one.total.p50 if one.total else None, one.total.p95 if one.total else None, one.success_rate
            )
            for one in records(past)
        }

    @property
    def shelf(self) -> DiskShelf:
        return DiskShelf(self.store.blobs)

    def boards(self) -> tuple[str, ...]:
        """Paths of every board: a YAML file under `storyboards/` that says `storyreel:`."""
        found = []
        for file in sorted((self.root / BOARDS).rglob("*.y*ml")):
            if file.suffix not in (".yaml", ".yml") or file.name.endswith(".lock.yaml") or not file.is_file():
                continue
            if any(line.startswith((b"storyreel:", b"\xef\xbb\xbfstoryreel:")) for line in _head(file)):
                found.append(file.relative_to(self.root).as_posix())
        return tuple(found)

    def compile(
        self,
        path: str,
        *,
        provider: str | None = None,
        only: str | None = None,
        rebuy: frozenset[str] = frozenset(),
        lock: Lock | None = None,
        memory: CompileMemory | None = None,
    ) -> Compiled:
        """Everything that can be known of a board without making anything; connects nowhere.

        `rebuy` names scenes whose locked takes may be bought again; `lock` stands for the one on disk;
        `memory` is that of the compilations before, of the same board. Raises UnknownProvider, LockRefused.
        """
        sellers = quoted(sellers_of(provider, self.settings), self.work)
        if lock is None or not sellers:
            lock = (self.locks.of(path) if sellers else None) or Lock()  # An animatic has nothing to do with it.
        if rebuy:
            lock = bought_anew(lock, rebuy, self.known(lock))
        front = self._checked(path, only, memory)
        found, plan, boards = front.diagnostics, None, dict[str, Lock]()
        if front.films and is_plannable(found):
            lock = lock.following(front.names) if only is None else lock
            boards = dict(clipped_locks(self.locks, BOARDS, front.films))
            known = self.known(lock, boards)
            planned = build_plan(
                front.films,
                self.source,
                known,
                provider=sellers[0].name if sellers else ANIMATIC,
                board=Path(path).stem,
                axes=front.axes,
                sellers=sellers,
                on_loss=self.settings.render.on_loss,
                policy=self.settings.render.policy,
                records=self.records if len(sellers) > 1 else None,
                lock=lock,
                rebuy=rebuy,
                boards=boards,
                words=known.words,
                memory=memory.plan(provider) if memory is not None else None,
            )
            found += not_told_yet(planned.diagnostics, found)
            plan = planned.value
        diagnostics = in_order(found)
        if any(d.is_error for d in diagnostics):
            plan = None
        return Compiled(path, tuple(front.films), tuple(front.names), plan, diagnostics, only, lock, provider, boards)

    def _checked(self, path: str, only: str | None, memory: CompileMemory | None) -> _Front:
        """The board read, expanded and checked, film by film."""
        opened = open_board(self.source, path, memory.board if memory is not None else None)
        front = _Front(diagnostics=list(opened.diagnostics))
        memo: dict[object, object] = {} if memory is None else memory.board.checked
        for expanded in expand(opened.value, only) if opened.value is not None else ():
            front.diagnostics += expanded.diagnostics
            if expanded.value is None:
                continue
            front.names.append(expanded.value.name)
            checked = check(expanded.value, self.source, memo)
            front.diagnostics += checked.diagnostics
            if checked.value is not None:
                front.diagnostics += (*check_styles(checked.value), *check_glyphs(checked.value, self.source))
                front.films.append(checked.value)
                front.axes.append(expanded.value.axes)
        return front

    def texts(self, diagnostics: Iterable[Diagnostic]) -> Mapping[str, str]:
        """The source text of every file that a diagnostic points into."""
        files = {d.span.file for d in diagnostics} | {h.span.file for d in diagnostics for h in d.hints if h.span}
        texts = {}
        for file in sorted(files):
            try:
                texts[file] = self.source.read(file).decode("utf-8-sig", errors="replace")
            except (SourceMissing, SourceRefused):
                continue  # A missing file has no excerpt; its diagnostic says so.
        return texts


def _head(file: Path) -> Sequence[bytes]:
    with file.open("rb") as opened:
        return opened.read(64 * 1024).splitlines()


def find_root(start: Path) -> Path:
    """The nearest folder upward with a `storyreel.toml` or a `storyboards/`; raises NoProject."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file() or (folder / BOARDS).is_dir():
            return folder
    raise NoProject(f"no {FILE} and no {BOARDS}/ in {start} or above it; `storyreel init` makes a project")


def open_project(start: Path, explicit: Path | None = None) -> Project:
    """The project that `start` lies in, or exactly the folder `explicit`; raises NoProject, SettingsRefused."""
    if explicit is not None and not explicit.is_dir():
        raise NoProject(f"no folder {explicit}")
    root = explicit.resolve() if explicit is not None else find_root(start.resolve())
    return Project(root, read_settings(root))
