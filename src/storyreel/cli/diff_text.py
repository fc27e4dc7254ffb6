"""`diff` for people at a terminal: words that went and words that came are marked as git marks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

from storyreel.base.money import usd_label
from storyreel.base.report import printable
from storyreel.base.timebase import seconds_text
from storyreel.plan.words import word_changes

if TYPE_CHECKING:
    from storyreel.driver.comparison import Compared
    from storyreel.plan.changes import Change
    from storyreel.plan.difference import BoardDifference, SceneDifference

_WIDTH = 110
_RED, _GREEN, _BOLD = "31", "32", "1"
Paint = Callable[[str, str], str]


def diff_text(found: Compared, provider: str, *, color: bool) -> str:
    """Every board that differs, then the bill."""

    def paint(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if color and text else text

    differing = [board for board in found.boards if board.differs]
    since = f"{found.revision} ({found.commit[:10]})"
    if not differing:
        broken = ", ".join(compiled.path for compiled in found.broken)
        return f"nothing differs from {since}{f', as far as errors let {broken} be read' if broken else ''}\n"
    lines: list[str] = []
    for board in differing:
        lines += [*_board(board, paint), ""]
    requests = len(found.to_make)
    bill = "not known while there are errors" if found.broken else usd_label(found.total_usd)
    work = "no take to make" if not requests else f"{requests} take{'' if requests == 1 else 's'} to make at {provider}"
    lines.append(paint(f"since {since}: {work}, {bill}  (prices as of {found.prices_as_of})", _BOLD))
    return "\n".join(lines) + "\n"


def films_text(films: tuple[str, ...], count: int) -> str:
    """Which films, as shortly as it stays clear; empty where a board has one."""
    if count <= 1:
        return ""
    if len(films) == count:
        return f"all {count} films"
    return ", ".join(films) if len(films) <= 3 else f"{len(films)} of {count} films"


def seconds_label(scene: SceneDifference) -> str:
    """`4 s`, or `4 s -> 5 s` where it is shown for longer or shorter."""
    before, after = (None if seconds is None else f"{seconds_text(seconds)} s" for seconds in scene.seconds)
    if before is None or after is None or before == after:
        return after or before or ""
    return f"{before} -> {after}"


def kinds_label(scene: SceneDifference) -> str:
    """What happened to a scene, in words."""
    words = {"captions": "captions only", "renamed": f"renamed from {scene.was}"}
    return ", ".join(words.get(kind, kind) for kind in scene.kinds)


def _board(board: BoardDifference, paint: Paint) -> Iterator[str]:
    status = "" if board.status == "changed" else f": {board.status}"
    yield paint(printable(f"{board.board}{status}"), _BOLD)
    for word, films in (("new", board.films_added), ("gone", board.films_removed)):
        if films and board.status == "changed":
            yield f"  {word}: {', '.join(films)}"
    for change, films in board.settings:
        yield from change_lines(change, films_text(films, board.films), "  ", paint)
    for scene in board.scenes:
        where = films_text(scene.films, board.films)
        facts = [kinds_label(scene), seconds_label(scene), where, _price(scene)]
        yield f"  {paint(printable(scene.scene), _BOLD)}: {', '.join(fact for fact in facts if fact)}"
        inherited = [change.field for change in scene.changes if change.is_inherited]
        for change in scene.changes:
            if not change.is_inherited:
                yield from change_lines(change, "", "    ", paint)
        if inherited:
            yield f"    with the board: {', '.join(inherited)}"


def _price(scene: SceneDifference) -> str:
    if not scene.to_make:
        return "" if "removed" in scene.kinds else "free"
    return usd_label(scene.cost_usd)


def change_lines(change: Change, films: str, indent: str, paint: Paint) -> Iterator[str]:
    """A field that differs, in one line or, where it is long, in a few."""
    name = f"{change.field}{f' ({films})' if films else ''}"
    if change.old is None or change.new is None:
        sign, text, code = ("+", change.new, _GREEN) if change.old is None else ("-", change.old, _RED)
        marked = paint(f"{sign} {_plain(text or '')}", code)
    else:
        marked = _marked(_plain(change.old), _plain(change.new), paint)
    whole = f"{indent}{name}  {marked}"
    if len(whole) <= _WIDTH or "\x1b" in whole:
        yield whole
        return
    yield f"{indent}{name}"
    yield from wrap(marked, _WIDTH, initial_indent=f"{indent}  ", subsequent_indent=f"{indent}  ")


def _marked(old: str, new: str, paint: Paint) -> str:
    marks = {"old": ("[-", "-]", _RED), "new": ("{+", "+}", _GREEN)}
    pieces = []
    for kind, text in word_changes(old, new):
        if kind == "same":
            pieces.append(text)
        else:
            begin, end, code = marks[kind]
            pieces.append(paint(f"{begin}{text}{end}", code))
    return "".join(pieces)


def _plain(text: str) -> str:
    return " ".join(printable(text).split())
