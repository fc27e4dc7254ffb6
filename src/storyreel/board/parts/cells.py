"""CSV text to cells that know their place: `,` or `;`, quotes doubled inside quotes, and nothing guessed in silence."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from storyreel.base.diagnostic import Diagnostic, error
from storyreel.base.span import Span
from storyreel.board.load import unseen
from storyreel.board.text.lines import Lines

_QUOTED = re.compile(r'"((?:[^"]|"")*)"[ \t]*')


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its cells and the stretch of the file that holds it."""

    cells: tuple[Cell, ...]
    span: Span


def decode_table(data: bytes, path: str, found: list[Diagnostic]) -> str | None:
    """UTF-8 with or without a byte order mark; anything else is a finding at its own line."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        hint = "save the file as `CSV UTF-8`"
        found.append(error("SR231", "this table is UTF-16", Span(path, 1, 1, 1, 2), hints=[hint]))
        return None
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        found.extend(unseen(Lines(path, text)))
        return text
    except UnicodeDecodeError as why:
        before = data[: why.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n").rpartition(b"\n")
        line = before[0].count(b"\n") + 1 + len(before[1])
        column = len(before[2].decode("utf-8", "replace")) + 1
        near = before[2][-20:].decode("utf-8", "replace")
        found.append(
            error(
                "SR231",
                f"this table is not UTF-8: byte {data[why.start]:#04x}" + (f" after `{near}`" if near else ""),
                Span(path, line, column, line, column + 1),
                hints=["save the file as `CSV UTF-8`"],
            )
        )
        return None


def read_csv(text: str, path: str, found: list[Diagnostic]) -> list[Record]:
    """Every row that is not blank, the first holding the columns' names; broken quotes are findings."""
    separator = _separator(text)
    plain = re.compile(rf"[^{separator}\n]*")
    records: list[Record] = []
    at, line, begin = 0, 1, 0
    while at < len(text):
        cells: list[Cell] = []
        row_line, row_begin = line, begin
        while True:
            start, cell_line, cell_begin = at, line, begin
            quoted = _QUOTED.match(text, at)
            if quoted is not None:
                at = quoted.end()
                value = quoted[1].replace('""', '"')
                line += quoted[1].count("\n")
                begin = text.rfind("\n", begin, at) + 1 or begin
                rest = plain.match(text, at)
                assert rest is not None
                if rest.end() > at:
                    span = Span(path, line, at - begin + 1, line, rest.end() - begin + 1)
                    found.append(_after_quote(span))
                    at = rest.end()
            else:
                matched = plain.match(text, at)
                assert matched is not None
                at, value = matched.end(), matched[0].strip()
                if value.startswith('"'):
                    span = Span(path, line, start - begin + 1, line, at - begin + 1)
                    found.append(error("SR231", "this quote is never closed", span, hints=['add the closing `"`']))
                    return records
            cells.append(Cell(value, Span(path, cell_line, start - cell_begin + 1, line, at - begin + 1)))
            if at >= len(text) or text[at] == "\n":
                break
            at += 1
        span = Span(path, row_line, 1, line, max(at - begin, 0) + 1)
        if len(cells) > 1 or text[row_begin:at].strip():
            records.append(Record(tuple(cells), span))
        at, line = at + 1, line + 1
        begin = at
    return records


def _after_quote(span: Span) -> Diagnostic:
    hint = 'inside quotes a quote is written twice: `"a 5"" pipe"`'
    return error("SR231", "text stands after a closing quote", span, hints=[hint])


def _separator(text: str) -> str:
    head = re.sub(r'"[^"]*"', "", text.lstrip("\n").partition("\n")[0])
    return ";" if head.count(";") > head.count(",") else ","
