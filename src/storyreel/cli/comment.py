"""`diff --format github`: a comment for a pull request. Nothing that an author wrote is read as Markdown or HTML."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from storyreel.base.money import usd_label
from storyreel.base.report import printable
from storyreel.cli.diff_text import films_text, kinds_label, seconds_label
from storyreel.plan.words import word_changes

if TYPE_CHECKING:
    from storyreel.driver.comparison import Compared
    from storyreel.plan.changes import Change
    from storyreel.plan.difference import BoardDifference, SceneDifference

MARK = "<!-- storyreel diff -->"
"""First line of every comment, so that a workflow can find its own and replace it."""

MOST = 60_000
"""Characters: GitHub refuses a comment of more than 65,536."""

_MOST_ROWS = 200


def comment(found: Compared, provider: str) -> str:
    """Markdown: the bill, a table of scenes for each board, the words behind a fold."""
    differing = [board for board in found.boards if board.differs]
    since = f"`{_code(found.revision)}` ({found.commit[:10]})"
    if not differing:
        return f"{MARK}\n### Storyboards\n\nNothing differs from {since}.\n"
    bill = "not known while there are errors" if found.broken else usd_label(found.total_usd)
    head = f"{MARK}\n### Storyboards: {bill}\n\n"
    head += f"To make at {escape(provider)} since {since}, prices as of {found.prices_as_of}.\n"
    tables = "".join(f"\n{_table(board)}" for board in differing)
    notes = "".join(f"\n> {_text(note)}\n" for note in found.notes)
    room = MOST - len(head) - len(tables) - len(notes)
    if room < 0:
        return f"{head}\n{len(differing)} boards differ, too many to list here: run `storyreel diff`.\n"
    return head + tables + notes + _words(differing, room)


def _table(board: BoardDifference) -> str:
    status = "" if board.status == "changed" else f" ({board.status})"
    rows = [f"**{_text(board.board)}**{status}, {usd_label(board.cost_usd)}", ""]
    for word, names in (("new", board.films_added), ("gone", board.films_removed)):
        if names and board.status == "changed":
            rows += [f"Films {word}: {_text(', '.join(names[:20]))}{' and more' if len(names) > 20 else ''}", ""]
    has_films = board.films > 1
    rows.append(f"| scene | what | shown | {'films | ' if has_films else ''}price |")
    rows.append(f"|---|---|---|{'---|' if has_films else ''}--:|")
    for scene in board.scenes[:_MOST_ROWS]:
        films = f"{_text(films_text(scene.films, board.films))} | " if has_films else ""
        rows.append(f"| {_text(scene.scene)} | {_what(scene)} | {seconds_label(scene)} | {films}{_price(scene)} |")
    if len(board.scenes) > _MOST_ROWS:
        rows.append(f"\n{len(board.scenes) - _MOST_ROWS} more scenes differ.")
    return "\n".join(rows) + "\n"


def _what(scene: SceneDifference) -> str:
    names = list(dict.fromkeys(change.field for change in scene.changes))
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return _text(kinds_label(scene) + (f": {', '.join(names[:4])}{more}" if names else ""))


def _price(scene: SceneDifference) -> str:
    return usd_label(scene.cost_usd) if scene.to_make else "" if "removed" in scene.kinds else "free"


def _words(boards: list[BoardDifference], room: int) -> str:
    """Old and new words in a fold; what does not fit is counted."""
    begin, end = "\n<details><summary>Words</summary>\n<pre>\n", "</pre>\n</details>\n"
    kept: list[str] = []
    left = room - len(begin) - len(end) - 100
    entries = [entry for board in boards for entry in _entries(board)]
    for entry in entries:
        left -= len(entry)
        if left < 0:
            kept.append(f"... and {len(entries) - len(kept)} more changes: run storyreel diff\n")
            break
        kept.append(entry)
    return begin + "".join(kept) + end if kept else ""


def _entries(board: BoardDifference) -> Iterator[str]:
    for change, films in board.settings:
        where = films_text(films, board.films)
        yield _entry(f"{board.board}{f' ({where})' if where else ''}", change)
    for scene in board.scenes:
        for change in scene.changes:
            if not change.is_inherited:
                yield _entry(scene.scene, change)


def _entry(where: str, change: Change) -> str:
    pieces = word_changes(_plain(change.old or ""), _plain(change.new or ""))
    if change.old is None or change.new is None:
        pieces = (("new", _plain(change.new or "")),) if change.old is None else (("old", _plain(change.old)),)
    tags = {"old": ("<del>", "</del>"), "new": ("<ins>", "</ins>"), "same": ("", "")}
    marked = "".join(f"{tags[kind][0]}{escape(text)}{tags[kind][1]}" for kind, text in pieces)
    return f"<b>{escape(_plain(where))}</b> {escape(_plain(change.field))}\n  {marked}\n"


def _plain(text: str) -> str:
    return " ".join(printable(text).split())


def _text(text: str) -> str:
    """Text in Markdown: what would mark, link or mention is made harmless."""
    marks = "\\`*_{}[]()#+!|~$"
    text = text.replace("@", "@\u2060")  # an element is nobody's account
    return "".join(f"&#{ord(sign)};" if sign in marks else escape(sign) for sign in _plain(text))


def _code(text: str) -> str:
    return _plain(text).replace("`", "'")
