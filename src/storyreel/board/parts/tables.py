"""Tables: rows of plain columns from CSV or YAML, found by one key or several."""

from __future__ import annotations

from dataclasses import dataclass

from storyreel.base.diagnostic import Diagnostic, Hint, error
from storyreel.base.nearest import nearest
from storyreel.base.span import Span
from storyreel.board.jinja.values import MissingRow, Value, read_value, row_of
from storyreel.board.node import Mapping, Node, Scalar
from storyreel.board.parts.cells import Cell, Record, decode_table, read_csv
from storyreel.board.parts.library import Library

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row; `node` is its map where it came from YAML, so that `set` can be merged."""

    values: dict[str, Value]
    span: Span
    node: Mapping | None = None


class Table:
    """Rows by key. A film's row is one object however often it is looked up."""

    def __init__(self, name: str, path: str, by: Key, rows: dict[Key, Row]) -> None:
        self.name, self.path, self.by, self.rows = name, path, by, rows
        self._missing: dict[Key, MissingRow] = {}

    def row(self, key: Key) -> Value:
        """The row's columns, or what says that it is missing."""
        row = self.rows.get(key)
        if row is not None:
            return row.values
        known = self._missing.get(key)
        if known is None:
            known = self._missing[key] = self._no_row(key)
        return known

    def _no_row(self, key: Key) -> MissingRow:
        asked = ", ".join(f"{name} `{value}`" for name, value in zip(self.by, key, strict=True))
        spoken = {", ".join(k): k for k in self.rows}
        near = nearest(", ".join(key), spoken)
        hint = f"the nearest row is {near}" if near else f"add the row to `{self.path}`"
        return MissingRow(f"`{self.name}` has no row for {asked}", hint)


def read_rows(path: Scalar, by: Key, library: Library, found: list[Diagnostic]) -> dict[Key, Row] | None:
    """The rows of a table file by the columns `by`; None where the file cannot be read."""
    if path.text.lower().endswith((".yaml", ".yml")):
        document = library.document(path, found)
        if document is None:
            return None
        rows: dict[Key, Row] = {}
        _read_map(document.root, by, (), rows, library, found)
        return rows
    data = library.table_bytes(path, found)
    text = decode_table(data, path.text, found) if data is not None else None
    if text is None:
        return None
    library.add_text(path.text, text)
    return _read_records(read_csv(text, path.text, found), path, by, found)


def _read_map(
    node: Mapping, by: Key, key: Key, rows: dict[Key, Row], library: Library, found: list[Diagnostic]
) -> None:
    for name, value in node.entries:
        if name.text.startswith("x-"):
            continue
        if not isinstance(value, Mapping):
            message = f"`{name.text}` must hold a map of columns"
            found.append(error("SR231", message, value.span, hints=[f"for example `{name.text}: {{name: ...}}`"]))
        elif len(key) + 1 < len(by):
            _read_map(value, by, (*key, name.text), rows, library, found)
        else:
            if not library.is_static(value):
                refuse_templates(value, found)
            keys = (*key, name.text)
            values = dict(zip(by, map(read_value, keys), strict=True)) | row_of(value)
            rows[keys] = Row(values, name.span, value)


def refuse_templates(node: Node, found: list[Diagnostic]) -> None:
    """Tables are data: what looks like a template in one would be printed as it stands."""
    if isinstance(node, Scalar):
        if "{{" in node.text or "{%" in node.text:
            found.append(_template_in_table(node.span))
        return
    for child in node.items if not isinstance(node, Mapping) else [value for _, value in node.entries]:
        refuse_templates(child, found)


def _template_in_table(span: Span) -> Diagnostic:
    hint = "write the template in the board, around the column: `{{ copy.line }}`"
    return error("SR234", "templates are not filled in tables", span, hints=[hint])


def _read_records(records: list[Record], path: Scalar, by: Key, found: list[Diagnostic]) -> dict[Key, Row] | None:
    if not records:
        found.append(error("SR231", f"`{path.text}` is empty", path.span, hints=["its first line names the columns"]))
        return None
    columns = _columns(records[0], found)
    for name in by:
        if name not in columns:
            near = nearest(name, columns)
            hint = f"is it `{near}`?" if near else f"add the column `{name}`"
            if len(columns) == 1 and "\t" in columns[0]:
                hint = "cells are parted by `,` or `;`, not by tabs"
            found.append(error("SR231", f"`{path.text}` has no column `{name}`", records[0].span, hints=[hint]))
    if any(name not in columns for name in by):
        return None
    rows: dict[Key, Row] = {}
    for record in records[1:]:
        if len(record.cells) != len(columns):
            found.append(_ragged(record, records[0]))
            continue
        cells = dict(zip(columns, record.cells, strict=True))
        found.extend(_template_in_table(c.span) for c in record.cells if "{{" in c.text or "{%" in c.text)
        key = tuple(cells[name].text for name in by)
        empty = next((name for name in by if not cells[name].text), None)
        if empty is not None:
            found.append(error("SR231", f"`{empty}` is empty in this row", record.span, hints=["remove the row"]))
        elif key in rows:
            found.append(_twice(by, cells, rows[key]))
        else:
            rows[key] = Row({name: read_value(cell.text) for name, cell in cells.items()}, record.span)
    return rows


def _columns(head: Record, found: list[Diagnostic]) -> list[str]:
    seen: dict[str, Cell] = {}
    for at, cell in enumerate(head.cells):
        if not cell.text:
            found.append(error("SR231", f"column {at + 1} has no name", cell.span, hints=["name it or remove it"]))
        elif cell.text in seen:
            hint = Hint("the first is here", seen[cell.text].span)
            found.append(error("SR232", f"two columns are named `{cell.text}`", cell.span, hints=[hint]))
        seen.setdefault(cell.text, cell)
    return [cell.text for cell in head.cells]


def _ragged(record: Record, head: Record) -> Diagnostic:
    has, wants = len(record.cells), len(head.cells)
    hint = 'a comma inside a cell needs quotes: `"0,5 l"`' if has > wants else "write an empty cell as `,,`"
    message = f"this row has {has} cells; the table has {wants} columns"
    return error("SR231", message, record.span, hints=[hint, Hint("the columns are named here", head.span)])


def _twice(by: Key, cells: dict[str, Cell], first: Row) -> Diagnostic:
    asked = ", ".join(f"{name} `{cells[name].text}`" for name in by)
    hint = Hint("the first is here", first.span)
    return error("SR232", f"two rows for {asked}", cells[by[0]].span, hints=[hint])
