"""YAML text to a tree of nodes with places, and everything that is wrong with the text at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError

from storyreel.base.diagnostic import Checked, Diagnostic, error, in_order
from storyreel.base.nearest import nearest
from storyreel.base.span import Span
from storyreel.board.node import Mapping, Node
from storyreel.board.source import SourceMissing, SourceRefused, SourceTree
from storyreel.board.text.compose import Composer
from storyreel.board.text.lines import Lines, normalized
from storyreel.board.text.place import place_in
from storyreel.board.text.repair import repair
from storyreel.board.text.scan import EventParser, Stopped

__all__ = ["Document", "load", "parse", "place_in"]

_MENDS = 20
_EFFORT = 80_000
"""Nodes read in all rounds of mending, and a twelfth of the characters."""
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_CONFLICT = re.compile(r"^<{7} .*$", re.MULTILINE)
_CONFLICT_REST = re.compile(r"^(?:={7}|>{7} .*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read. `text` has plain line breaks and no byte order mark; spans of `root` count in it."""

    path: str
    text: str
    root: Mapping


def load(
    source: SourceTree, path: str, at: Span | None = None, parse: Callable[[str, str], Checked[Node]] | None = None
) -> Checked[Document]:
    """Read a file whose top is a map; `at` is the place that named it, for a file that cannot be read.

    `parse` stands for the one below; it comes to the same, sooner.

    There may be both a document and errors: those of its text whose meaning is beyond doubt.
    """
    try:
        data = source.read(path)
    except SourceMissing:
        meant = nearest(path, source.listing(path.rpartition("/")[0]))
        hints = [f"did you mean `{meant}`?"] if meant else []
        return Checked(None, (error("SR001", f"there is no file `{path}`", at or _top(path), hints=hints),))
    except SourceRefused as refusal:
        return Checked(None, (error("SR002", f"`{path}` {refusal}", at or _top(path)),))
    try:
        text = normalized(data.decode())
    except UnicodeDecodeError as broken:
        return Checked(None, (_not_utf8(path, data, broken.start),))
    parsed = (parse or _parse)(path, text)
    root = parsed.value
    if isinstance(root, Mapping):
        return Checked(Document(path, text, root), parsed.diagnostics)
    if parsed.has_errors:
        return Checked(None, parsed.diagnostics)
    return Checked(None, (*parsed.diagnostics, _not_a_map(path, root)))


def parse(file: str, text: str) -> Checked[Node]:
    """Any text's tree, None for an empty one. What is broken beyond doubt is mended in memory and reported."""
    text = normalized(text)
    lines = Lines(file, text)
    findings = unseen(lines) or _conflicts(lines)
    if findings:
        return Checked(None, findings)
    return _mended(lines)


_parse = parse


def _mended(lines: Lines) -> Checked[Node]:
    """Parse, mend the first mistake, and parse again, until nothing is left or no honest way on is known."""
    findings: list[Diagnostic] = []
    patches = 0
    is_sure = True
    effort = 0
    text = lines.text
    while True:
        parser = EventParser(text)
        composer = Composer(lines, parser, text)
        try:
            root = composer.document()
            break
        except (MarkedYAMLError, Stopped, ValueError) as failure:
            mend = repair(lines, text, parser, failure)
        fresh = [finding for finding in mend.findings if finding not in findings]
        findings += fresh
        patches += len(mend.patches)
        is_sure = is_sure and mend.is_sure
        effort += composer.count + parser.scanner.reader.pointer // 12
        if not mend.patches or not fresh or patches > _MENDS or effort > _EFFORT:
            return Checked(None, in_order([*findings, *composer.findings]))
        for patch in mend.patches:
            text = patch.applied(text)
    is_whole = is_sure and composer.is_whole
    return Checked(root if is_whole else None, in_order([*findings, *composer.findings]))


def unseen(lines: Lines) -> tuple[Diagnostic, ...]:
    """Characters that no editor shows, as findings."""
    return tuple(
        error(
            "SR004",
            f"a character that cannot be seen (U+{ord(found[0]):04X}) stands in the text",
            lines.span(found.start(), found.end()),
            label="delete it",
        )
        for found, _ in zip(_UNSEEN.finditer(lines.text), range(_MENDS), strict=False)
    )


def _conflicts(lines: Lines) -> tuple[Diagnostic, ...]:
    return tuple(
        error(
            "SR007",
            "a merge conflict is not settled",
            lines.span(found.start(), found.end()),
            label="one side begins here",
            hints=["choose what to keep and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`"],
        )
        for found, _ in zip(_CONFLICT.finditer(lines.text), range(_MENDS), strict=False)
        if _CONFLICT_REST.search(lines.text, found.end())
    )


def _not_utf8(path: str, data: bytes, at: int) -> Diagnostic:
    before = data[:at].decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n") + 1
    column = len(before) - before.rfind("\n")
    return error(
        "SR003",
        f"byte 0x{data[at]:02x} is not UTF-8",
        Span(path, line, column, line, column + 1),
        label="not a character",
        hints=["save the file as UTF-8"],
    )


def _not_a_map(path: str, root: Node | None) -> Diagnostic:
    message = "the file is empty" if root is None else "the file's top is no map of keys"
    span = _top(path) if root is None else root.span
    return error("SR034", message, span, hints=["begin with `storyreel: 1`"])


def _top(path: str) -> Span:
    return Span(path, 1, 1, 1, 1)
