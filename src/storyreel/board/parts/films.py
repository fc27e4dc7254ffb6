"""One film's tree from a board's: words first, then elements and scenes, then every other key."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC

from storyreel.base.diagnostic import Diagnostic, Hint, error
from storyreel.base.nearest import nearest
from storyreel.base.span import Span
from storyreel.board.jinja.operators import text_of
from storyreel.board.jinja.values import UNKNOWABLE, Unknowable, Value, is_row
from storyreel.board.node import Mapping, Node, Scalar, Sequence
from storyreel.board.parts.fill import Filler, Hole, Scope
from storyreel.board.parts.fragments import Fragments, Gathered
from storyreel.board.parts.library import Library
from storyreel.board.parts.placement import MAX_SCENES, Placed, Placement
from storyreel.board.parts.tables import Table, read_rows
from storyreel.board.parts.templates import Templates

_GONE = ("include", "tables", "variants")
_TABLE = ("file", "by")


class Composer:
    """Composes the films of one board; what they share is done once."""

    def __init__(self, library: Library, filler: Filler, root: Mapping) -> None:
        self._filler = filler
        self._root = root
        self._fragments = Fragments(library, filler)
        self._placement = Placement(filler, self._fragments, Templates(library, filler))
        self._gathered: dict[int, tuple[Gathered, tuple[Diagnostic, ...], Mapping]] = {}
        self._tables: dict[str, tuple[Scalar, Table | None]] = {}
        self.entries = 0
        """Scenes and other entries of scene lists that all films so far have taken."""

    def read_tables(self, library: Library, found: list[Diagnostic]) -> None:
        """Read what `tables` names."""
        node = self._root.get("tables")
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return
        if not isinstance(node, Mapping):
            hint = "tables: {copy: {file: data/copy.csv, by: [product, lang]}}"
            found.append(error("SR210", "`tables` is a map of names", node.span, hints=[hint]))
            return
        for key, value in node.entries:
            if not key.text.startswith("x-"):
                self._tables[key.text] = key, _table(key, value, library, found)

    def words(self) -> dict[str, Scalar]:
        """The names of the tables, with their keys."""
        return {name: key for name, (key, _) in self._tables.items()}

    def rows(self, scope: Scope) -> Scope:
        """The scope with the row of every table whose `by` is in it already."""
        seen = dict(scope)
        for name, (_, table) in self._tables.items():
            if table is None:
                seen[name] = UNKNOWABLE
            elif all(by in scope for by in table.by):
                seen[name] = _row(table, scope)
        return seen

    def compose(
        self, root: Mapping, rows: Scope, keys: MappingABC[str, Scalar], found: list[Diagnostic]
    ) -> tuple[Mapping, Scope]:
        """A film's tree and what its templates saw. `rows` are its axes and their tables, declared at `keys`."""
        trail = (root.span.file,)
        gathered = self._gather(root, rows, trail, found)
        scope, words = self._words(gathered, rows, keys, found)
        elements = {
            name: (key, self._filler.fill(node, scope, found)) for name, (key, node) in gathered.elements.items()
        }
        placed = Placed(elements=elements)
        for scenes in gathered.scenes:
            self._placement.place(scenes.items, scope, found, trail, placed)
        own = root.get("scenes")
        if isinstance(own, Sequence):
            self._placement.place(own.items, scope, found, trail, placed)
        self.entries += placed.count.entries
        parts: dict[str, Node] = {}
        if words:
            parts["vars"] = self._filler.mapping(_like(root, "vars"), words)
        if placed.elements:
            parts["elements"] = self._filler.mapping(_like(root, "elements"), list(placed.elements.values()))
        if isinstance(own, Sequence) or (own is None and placed.scenes):
            like = own if isinstance(own, Sequence) else gathered.scenes[0]
            parts["scenes"] = self._filler.sequence(like, placed.scenes[:MAX_SCENES])
        return self._assemble(root, parts, scope, found), scope

    def holes(self, tree: Mapping) -> tuple[Hole, ...]:
        """Where a film's templates could not be filled."""
        return self._filler.holes(tree)

    def _assemble(self, root: Mapping, parts: dict[str, Node], scope: Scope, found: list[Diagnostic]) -> Mapping:
        entries: list[tuple[Scalar, Node]] = []
        for key, value in root.entries:
            if key.text in _GONE:
                continue
            if key.text in parts:
                entries.append((key, parts.pop(key.text)))
            elif key.text.startswith("x-"):
                entries.append((key, value))
            else:
                entries.append((key, self._filler.fill(value, scope, found)))
        entries += [(Scalar(name, root.span), node) for name, node in parts.items()]
        return Mapping(tuple(entries), root.span)

    def _gather(self, root: Mapping, rows: Scope, trail: tuple[str, ...], found: list[Diagnostic]) -> Gathered:
        known = self._gathered.get(id(root))
        if known is None:
            mine: list[Diagnostic] = []
            gathered = self._fragments.gather(root, rows, mine, trail)
            included = root.get("include")
            if included is not None and self._filler.names(included) is not None:
                found.extend(mine)
                return gathered
            known = self._gathered[id(root)] = (gathered, tuple(mine), root)
        found.extend(known[1])
        return known[0]

    def _words(
        self, gathered: Gathered, rows: Scope, keys: MappingABC[str, Scalar], found: list[Diagnostic]
    ) -> tuple[Scope, list[tuple[Scalar, Node]]]:
        scope, words = dict(rows), []
        for name, (key, node) in gathered.vars.items():
            if name in keys:
                hints = [Hint("the other one is here", keys[name].span), Hint("rename one of them")]
                message = f"`{name}` is declared twice"
                found.append(error("SR213", message, key.span, label="a second time", hints=hints))
                continue
            filled = self._filler.fill(node, scope, found)
            scope[name] = self._filler.value(filled)
            words.append((key, filled))
        for name, (key, table) in self._tables.items():
            if table is not None and name not in rows:
                scope[name] = self._late_row(table, key, scope, found)
        return scope, words

    def _late_row(self, table: Table, key: Scalar, scope: Scope, found: list[Diagnostic]) -> Value:
        for by in table.by:
            if by not in scope:
                near = nearest(by, scope)
                hint = f"did you mean `{near}`?" if near else "a table is read by axes and vars"
                found.append(error("SR203", f"`{by}` is no axis and no var", self._asked_at(key, by), hints=[hint]))
                return UNKNOWABLE
        return _row(table, scope)

    def _asked_at(self, key: Scalar, by: str) -> Span:
        """Where a table says that it is read by a word."""
        tables = self._root.get("tables")
        table = tables.get(key.text) if isinstance(tables, Mapping) else None
        asked = table.get("by") if isinstance(table, Mapping) else None
        for leaf in asked.items if isinstance(asked, Sequence) else (asked,):
            if isinstance(leaf, Scalar) and leaf.text == by:
                return leaf.span
        return key.span


def _like(root: Mapping, key: str) -> Mapping:
    own = root.get(key)
    return own if isinstance(own, Mapping) else root


def _row(table: Table, scope: Scope) -> Value:
    texts: list[str] = []
    for by in table.by:
        value = scope[by]
        if is_row(value):
            value = value.get("id")
        if isinstance(value, (Unknowable, tuple, list)):
            return UNKNOWABLE
        texts.append(text_of(value))
    return table.row(tuple(texts))


def _table(key: Scalar, node: Node, library: Library, found: list[Diagnostic]) -> Table | None:
    hint = f"{key.text}: {{file: data/{key.text}.csv, by: [product, lang]}}"
    file = node.get("file") if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or not isinstance(file, Scalar) or file.is_null:
        found.append(error("SR210", f"the table `{key.text}` needs `file` and `by`", node.span, hints=[hint]))
        return None
    for name, _ in node.entries:
        if name.text not in _TABLE and not name.text.startswith("x-"):
            near = nearest(name.text, _TABLE)
            says = f"did you mean `{near}`?" if near else hint
            found.append(error("SR210", f"`{name.text}` is no key of a table", name.span, hints=[says]))
    by = node.get("by")
    leaves = by.items if isinstance(by, Sequence) else (by,)
    columns = tuple(leaf.text for leaf in leaves if isinstance(leaf, Scalar) and not leaf.is_null)
    if not columns or len(columns) != len(leaves) or len(set(columns)) != len(columns):
        span = node.span if by is None else by.span
        found.append(error("SR210", f"`by` names what chooses the row of `{key.text}`", span, hints=[hint]))
        return None
    if "{{" in file.text or "{%" in file.text:
        says = "put the rows into one table and choose by `by`"
        found.append(error("SR210", "the path of a table is not filled", file.span, hints=[says]))
        return None
    rows = read_rows(file, columns, library, found)
    return None if rows is None else Table(key.text, file.text, columns, rows)
