"""The axes of a board's variants: each a list of values, from a map in the board or from a table keyed by `id`."""

from __future__ import annotations

from dataclasses import dataclass

from storyreel.base.diagnostic import Diagnostic, error
from storyreel.board.jinja.values import UNKNOWABLE, Value, read_value
from storyreel.board.node import Mapping, Node, Scalar
from storyreel.board.parts.fill import Filler
from storyreel.board.parts.library import Library
from storyreel.board.parts.tables import read_rows

_NOT_SET = ("storyreel", "include", "tables", "variants")


@dataclass(frozen=True, slots=True, eq=False)
class AxisValue:
    """One value: its id, its columns where they hold no template, and its map where it was written as one."""

    id: str
    row: Value
    node: Mapping | None
    set: Mapping | None = None


@dataclass(frozen=True, slots=True)
class Axis:
    name: str
    key: Scalar
    values: tuple[AxisValue, ...]
    is_known: bool = True
    """False where its values could not be read; it then has one value that answers nothing."""


class AxisReader:
    """Reads `variants.axes`."""

    def __init__(self, library: Library, filler: Filler) -> None:
        self._library = library
        self._filler = filler

    def read(self, key: Scalar, node: Node, found: list[Diagnostic]) -> Axis:
        """One axis; whatever is wrong with it into `found`."""
        values: list[AxisValue] | None = None
        if isinstance(node, Mapping):
            values = [self._inline(name, value, found) for name, value in node.entries if name.text[:2] != "x-"]
        elif isinstance(node, Scalar) and not node.is_null:
            values = self._table(node, found)
        else:
            hint = f"for example `{key.text}: data/{key.text}.csv`, or a map: `{key.text}: {{a: {{}}, b: {{}}}}`"
            found.append(error("SR240", f"the axis `{key.text}` is a map or a table", node.span, hints=[hint]))
        if values is None:
            return Axis(key.text, key, (AxisValue("?", UNKNOWABLE, None),), is_known=False)
        if not values:
            hint = "add a value, or remove the axis"
            found.append(error("SR240", f"the axis `{key.text}` has no values", node.span, hints=[hint]))
            return Axis(key.text, key, (AxisValue("?", UNKNOWABLE, None),), is_known=False)
        return Axis(key.text, key, tuple(values))

    def _table(self, path: Scalar, found: list[Diagnostic]) -> list[AxisValue] | None:
        if self._filler.names(path) is not None:
            hint = "name the file; use `when` or `skip` to choose among rows"
            found.append(error("SR240", "the path of an axis is not filled", path.span, hints=[hint]))
            return None
        rows = read_rows(path, ("id",), self._library, found)
        if rows is None:
            return None
        return [AxisValue(key[0], row.values, None, self._set(row.node, found)) for key, row in rows.items()]

    def _inline(self, key: Scalar, node: Node, found: list[Diagnostic]) -> AxisValue:
        if isinstance(node, Scalar) and node.is_null:
            return AxisValue(key.text, {"id": read_value(key.text)}, None)
        if not isinstance(node, Mapping):
            hint = f"for example `{key.text}: {{word: {node.text if isinstance(node, Scalar) else '...'}}}`"
            if key.text == "file":
                hint = "write the path of the table as the axis itself"
            found.append(error("SR240", f"the value `{key.text}` is a map of columns", node.span, hints=[hint]))
            return AxisValue(key.text, UNKNOWABLE, None)
        own = node.get("id")
        if isinstance(own, Scalar) and own.text != key.text:
            hint = f"a value's id is its key: `{key.text}`"
            found.append(error("SR240", "this value has two ids", own.span, hints=[hint]))
        merged = self._set(node, found)
        columns = Mapping(tuple(e for e in node.entries if e[0].text not in ("set", "id")), node.span)
        if self._filler.names(columns) is None:
            return AxisValue(key.text, self.row(key.text, columns), None, merged)
        return AxisValue(key.text, {"id": read_value(key.text)}, columns, merged)

    def row(self, value_id: str, columns: Mapping) -> dict[str, Value]:
        """A value's columns with its id."""
        return {"id": read_value(value_id), **self._filler.row(columns)}

    def _set(self, node: Mapping | None, found: list[Diagnostic]) -> Mapping | None:
        written = None if node is None else node.get("set")
        if written is None:
            return None
        if not isinstance(written, Mapping):
            hint = 'for example `set: {aspect_ratio: "9:16"}`'
            found.append(error("SR240", "`set` is a map of the board's keys", written.span, hints=[hint]))
            return None
        for key, _ in written.entries:
            if key.text in _NOT_SET:
                hint = "it is read before there are films"
                found.append(error("SR240", f"`{key.text}` cannot be set by a value", key.span, hints=[hint]))
        kept = tuple(entry for entry in written.entries if entry[0].text not in _NOT_SET)
        return Mapping(kept, written.span)


def merge(base: Mapping, over: Mapping) -> Mapping:
    """A map laid over another: maps go into each other, everything else is replaced."""
    entries = list(base.entries)
    at = {key.text: i for i, (key, _) in enumerate(entries)}
    for key, value in over.entries:
        if key.text not in at:
            entries.append((key, value))
            continue
        first = entries[at[key.text]][1]
        both = isinstance(first, Mapping) and isinstance(value, Mapping)
        entries[at[key.text]] = (key, merge(first, value) if both else value)  # type: ignore[arg-type]
    return Mapping(tuple(entries), base.span)
