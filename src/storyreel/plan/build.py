"""Every film of a board to one plan: what must be made, what is there, and the cut. Pure but for asking the source."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from storyreel.base.diagnostic import Checked, Diagnostic, error, in_order
from storyreel.base.digest import canonical_json
from storyreel.base.money import Usd, usd_label
from storyreel.base.span import Span
from storyreel.board.model import Scene, Storyboard
from storyreel.board.source import SourceTree
from storyreel.plan.ask import Ends
from storyreel.plan.axes import sharing
from storyreel.plan.catalog import ANIMATIC, catalog
from storyreel.plan.cut import Cut
from storyreel.plan.elsewhere import Elsewhere, elsewhere
from storyreel.plan.files import Files
from storyreel.plan.frozen import Frozen
from storyreel.plan.locals import stage_local
from storyreel.plan.lock import Lock
from storyreel.plan.losses import OnLoss
from storyreel.plan.memory import AskedTakes, PlanMemory
from storyreel.plan.plan import Plan, PlannedFilm
from storyreel.plan.renamed import held_under, missed
from storyreel.plan.request import Frame, FrameOf
from storyreel.plan.route import Record, Seller, known_sellers
from storyreel.plan.scenes import Findings, Staged, stage_shots
from storyreel.plan.sequence import Picture, order, pictures
from storyreel.plan.sheet import Lane, Policy, Sheet, Takes, unknown
from storyreel.plan.terms import element_requests, fonts_of, format_of, shape_notes
from storyreel.plan.timeline import lay

__all__ = ["Takes", "build_plan"]

_SHARED = (
    "model", "tier", "aspect_ratio", "size", "resolution", "style", "negative_prompt", "cfg_scale", "generate_audio",
    "shot_type", "language", "template", "fps",
)  # fmt: skip
"""Settings of a board that reach into its scenes."""


def build_plan(
    films: Sequence[Storyboard],
    source: SourceTree,
    takes: Takes,
    *,
    provider: str,
    board: str,
    axes: Sequence[Mapping[str, str]] = (),
    sellers: Sequence[Seller] = (),
    on_loss: OnLoss = "error",
    policy: Policy = "cheapest",
    records: Mapping[str, Record] | None = None,
    lock: Lock | None = None,
    rebuy: frozenset[str] = frozenset(),
    boards: Mapping[str, Lock] | None = None,
    words: Callable[[str], str] | None = None,
    memory: PlanMemory | None = None,
) -> Checked[Plan]:
    """Plan the films of one board. `axes` are each film's values by axis, for the note on which word multiplied.

    `sellers` may make the takes, in the order of preference; without any, `provider` is the animatic or one that is
    known without settings (else LookupError). `policy` chooses among those that can, by price or by their `records`.
    `lock` is what the films are made of so far; scenes in `rebuy` may buy again what it names and the store lost.
    `boards` are the locks of other boards, by name, for clips of their scenes; `words` says what was asked for under
    a key, by which a held scene is known under another name. `memory` is that of the plans before; it
    changes no plan.

    The value is None where any film cannot be made; every finding is reported all the same.
    """
    if not sellers and provider != ANIMATIC:
        sellers = (known_sellers()[provider],)
    locks = (lock or Lock(), rebuy, boards or {}, words or unknown)
    lane = Lane(provider, takes, tuple(sellers), on_loss, policy, records or {}, *locks)
    if memory is not None:
        memory.begin(lane, source)
    planner = _Planner(source, lane, board, memory)
    planned = [film for film in map(planner.film, films) if film is not None]
    if memory is not None:
        memory.end(planner.files)
    found = _each_once([*planner.found, *planner.files.found])
    if len(planned) < len(films) or any(d.is_error for d in found):
        return Checked(None, found)
    notes = sharing(planned, axes if len(axes) == len(films) else [{} for _ in films])
    return Checked(Plan(board, catalog().prices_as_of, tuple(planned), notes), found)


def _each_once(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """One finding a place: films and scenes that share a mistake differ in their hints at most."""
    first: dict[tuple[str, Span, str], Diagnostic] = {}
    for diagnostic in found:
        first.setdefault((diagnostic.code, diagnostic.span, diagnostic.message), diagnostic)
    return in_order(first.values())


@dataclass(slots=True)
class _Planner:
    """Plans film after film; a scene that films share is planned once."""

    source: SourceTree
    lane: Lane
    board: str
    memory: PlanMemory | None = None
    files: Files = field(init=False)
    found: list[Diagnostic] = field(default_factory=list)
    _staged: dict[Hashable, Staged | None] = field(default_factory=dict)
    _kept: list[Scene] = field(default_factory=list)
    """Scenes stay alive while their identity stands for them in `_staged`."""

    def __post_init__(self) -> None:
        self.files = Files(self.source)

    def film(self, board: Storyboard) -> PlannedFilm | None:
        """None where a scene of it cannot be planned."""
        if not board.scenes:
            return None  # `check` has said so.
        sheet = self._sheet(board)
        wanted = pictures(board.scenes)
        staged: list[Staged | None] = [None] * len(board.scenes)
        for index in order(wanted):
            ends = self._ends(board, board.scenes[index], wanted[index], staged)
            staged[index] = self._stage(board.scenes[index], sheet, ends) if ends is not None else None
        done = [scene for scene in staged if scene is not None]
        if len(done) < len(staged):
            return None
        cut = lay(sheet, [scene.cut for scene in done], self.files, self.found)
        return self._planned(board, sheet, cut, done)

    def _planned(self, board: Storyboard, sheet: Sheet, cut: Cut, done: Sequence[Staged]) -> PlannedFilm:
        output = f"output/{self.board}/{board.film}.mp4"
        scenes = tuple(scene.planned for scene in done)
        self.found += missed(board, scenes, self.lane)
        planned = PlannedFilm(
            board.film,
            output,
            cut.frames,
            sheet.format.rate,
            scenes,
            cut,
            shape_notes(board),
            None if board.budget is None else Usd(str(board.budget)),
        )
        if not planned.is_over_budget:
            return planned
        over = f"{usd_label(planned.whole_usd)} in all, over its budget of {usd_label(planned.budget_usd)}"
        return replace(planned, notes=(*planned.notes, over))

    def _sheet(self, board: Storyboard) -> Sheet:
        elements = element_requests(board, self.files)
        format_ = format_of(board, self.found)
        shared = tuple(getattr(board, name) for name in _SHARED)
        words = canonical_json(board.extra) if board.extra else ""
        uses_template = board.template or any(scene.template for scene in board.scenes)
        seen = (board.film, id(board)) if uses_template else ()
        fonts = fonts_of(board, self.files)
        settings = (shared, words, format_, tuple(elements.values()), seen, fonts)
        gone = self.lane.lock.gone(board.film, (scene.id for scene in board.scenes))
        rows, held = tuple(scene for _, scene in gone), held_under(board, self.lane)
        return Sheet(board, format_, elements, settings, fonts, rows, held, bool(uses_template))

    def _stage(self, scene: Scene, sheet: Sheet, ends: Ends) -> Staged | None:
        locked = self.lane.lock.scene(sheet.board.film, scene.id)
        key = (
            id(scene),
            sheet.settings,
            ends,
            locked or (sheet.gone, sheet.renamed.get(scene.id)),
            self._elsewhere(scene, sheet),
        )
        if key not in self._staged:
            self._staged[key] = self._remembered(scene, sheet, ends, key)
            self._kept.append(scene)
        return self._staged[key]

    def _remembered(self, scene: Scene, sheet: Sheet, ends: Ends, key: tuple[Hashable, ...]) -> Staged | None:
        """What the plan before had of the same scene, else the scene planned."""
        if self.memory is None or sheet.uses_template:
            return self._fresh(scene, sheet, ends, self.lane)
        said = (repr(scene), sheet.board.film, *key[1:])
        known = self.memory.find(said, self.lane.takes)
        if known is not None:
            return known
        asked, before = AskedTakes(self.lane.takes), len(self.found) + len(self.files.found)
        staged = self._fresh(scene, sheet, ends, replace(self.lane, takes=asked))
        if staged is not None and len(self.found) + len(self.files.found) == before:
            self.memory.keep(said, staged, asked)
        return staged

    def _fresh(self, scene: Scene, sheet: Sheet, ends: Ends, lane: Lane) -> Staged | None:
        found = Findings()
        if scene.kind == "shots":
            staged = stage_shots(scene, sheet, lane, ends, self.files, found) if scene.shots else None
        else:
            staged = stage_local(scene, sheet, lane, self.files, found)
        self.found += found.diagnostics
        return staged

    def _elsewhere(self, scene: Scene, sheet: Sheet) -> Elsewhere | None:
        """What another board shows there, which depends on who asks."""
        if scene.clip is None or not scene.clip.of:
            return None
        return elsewhere(scene.clip.of, sheet.board.film, self.lane.boards)

    def _ends(
        self, board: Storyboard, scene: Scene, pictures: Sequence[Picture], staged: Sequence[Staged | None]
    ) -> Ends | None:
        """The pictures at a scene's ends; None where one cannot be had, which is reported where it arises."""
        found: dict[str, list[Frame]] = {"start": [], "end": []}
        frozen = Frozen.of(board, scene, self.lane.lock)
        for index, picture in enumerate(pictures):
            frame: Frame | None
            if picture.scene is None:
                steps = ("start", index) if picture.key == "start" else ("end",)
                frame = self.files.asset(picture.text, scene, *steps)
            else:
                before = staged[picture.scene]
                frame = before.last if before is not None else None
                if isinstance(frame, FrameOf):
                    frame = frozen.next(frame)
                if before is not None and frame is None:
                    message = f"`{before.planned.id}` has no frame to go on from yet"
                    self.found.append(error("SR307", message, scene.span(picture.key)))
            if frame is None:
                return None
            found[picture.key].append(frame)
        ends = found["end"]
        return Ends(tuple(found["start"]), ends[0] if ends else None, frozen.notes())
