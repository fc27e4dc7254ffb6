"""Fills the templates in a tree. What does not change comes back as the same object, and equal outcomes share one.

Every outcome is remembered by the node and the values that its templates name, so that thousands of films that
agree in a scene also agree in its object, and everything after can share work by identity.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from typing import Any

from storyreel.base.diagnostic import Diagnostic, error
from storyreel.base.nearest import nearest
from storyreel.base.span import Span
from storyreel.board.jinja.operators import truth
from storyreel.board.jinja.values import UNKNOWABLE, Value, value_of
from storyreel.board.node import Filled, Mapping, Node, Scalar, Sequence
from storyreel.board.parts.library import Library
from storyreel.board.sandbox import (
    MAX_TEMPLATE,
    FillFailed,
    NotKnown,
    Run,
    Template,
    TemplateRefused,
    compile_expression,
    compile_template,
)

Scope = dict[str, Value]

ALLOWANCE_OF_BOARD = 5_000_000
"""Steps that all fillings of a board may take; plain words take none."""

MAX_TEXT_OF_BOARD = 100_000_000
"""Characters that all fillings of a board may make, equal ones counted once."""

_ABSENT = object()
_BRACES = re.compile(r"\{\{.*?(?:\}\}|\Z)|\{%.*?(?:%\}|\Z)", re.DOTALL)

_GUESSES = 200
"""Mistakes that get a guess at what was meant; who has more is not helped by waiting for it."""

_CHOICES = 2_000

_PLACED_BRACES = 20
"""Braces of one leaf that are told apart where they could not be filled."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A leaf that could not be filled, and the braces in it; why is among the findings."""

    leaf: Span
    braces: Span

    def hides(self, span: Span) -> bool:
        """True for a place in the leaf that touches the braces."""
        if span.file != self.leaf.file:
            return False
        start, end = (span.line, span.column), (span.end_line, span.end_column)
        if start < (self.leaf.line, self.leaf.column) or end > (self.leaf.end_line, self.leaf.end_column):
            return False
        return start < (self.braces.end_line, self.braces.end_column) and end > (self.braces.line, self.braces.column)


class Filler:
    """One board's memory of what was filled with what; it keeps every node that it has an identity of.

    `before` filled the same board a moment ago: what it did without a finding is not done again. What was spent then
    counts on, and where that is much already, everything is filled afresh.
    """

    def __init__(self, library: Library, before: Filler | None = None) -> None:
        self._library = library
        self._guesses = 0
        self._left = ALLOWANCE_OF_BOARD
        self._made = 0
        self._is_spent = False
        self.has_holes = False
        """True once a leaf could not be filled."""
        self._names: dict[int, tuple[tuple[str, ...] | None, Node]] = {}
        self._templates: dict[int, tuple[Template | Diagnostic, Node]] = {}
        self._outcomes: dict[tuple[Any, ...], tuple[Node, tuple[Diagnostic, ...], Any]] = {}
        self._shared: dict[tuple[Any, ...], tuple[Node, tuple[Any, ...]]] = {}
        self._values: dict[int, tuple[Value, Node]] = {}
        self._holes: dict[int, tuple[tuple[Hole, ...], Node]] = {}
        if before is not None and before.is_thrifty:
            self._left, self._made = before._left, before._made
            self._names, self._shared, self._values = dict(before._names), dict(before._shared), dict(before._values)
            self._templates = {at: known for at, known in before._templates.items() if isinstance(known[0], Template)}
            self._outcomes = {key: known for key, known in before._outcomes.items() if not known[1]}

    @property
    def is_thrifty(self) -> bool:
        """True where much is left of what may be spent, and nothing could not be filled."""
        return not self.has_holes and self._left > ALLOWANCE_OF_BOARD // 2 and self._made < MAX_TEXT_OF_BOARD // 2

    def names(self, node: Node) -> tuple[str, ...] | None:
        """The names that the templates below a node ask for; None where there is no template."""
        if self._library.is_static(node):
            return None
        known = self._names.get(id(node))
        if known is not None:
            return known[0]
        names: tuple[str, ...] | None
        if isinstance(node, Scalar):
            names = None
            if not isinstance(node, Filled) and ("{{" in node.text or "{%" in node.text):
                template = self._template(node)
                names = tuple(sorted(template.names)) if isinstance(template, Template) else ()
        else:
            below = [self.names(child) for child in _children(node)]
            dynamic = [found for found in below if found is not None]
            names = tuple(sorted({name for found in dynamic for name in found})) if dynamic else None
        self._names[id(node)] = (names, node)
        return names

    def fill(self, node: Node, scope: Scope, found: list[Diagnostic], level: str = "") -> Node:
        """The node with its templates filled; mistakes into `found`. `level` is `scene` where `vars` holds below."""
        names = self.names(node)
        if names is None:
            return node
        if isinstance(node, Scalar):
            return self._scalar(node, scope, found)
        values = tuple(scope.get(name, _ABSENT) for name in names)
        key = (id(node), *map(id, values))
        known = self._outcomes.get(key)
        if known is None:
            mine: list[Diagnostic] = []
            known = (self._inside(node, scope, mine, level), tuple(mine), (node, values))
            self._outcomes[key] = known
        found.extend(known[1])
        return known[0]

    def _inside(self, node: Mapping | Sequence, scope: Scope, found: list[Diagnostic], level: str) -> Node:
        if isinstance(node, Sequence):
            below = "shot" if level == "shots" else ""
            return self.sequence(node, [self.fill(item, scope, found, below) for item in node.items])
        own = node.get("vars") if level in ("scene", "shot") else None
        if isinstance(own, Mapping):
            own = self.variables(own, scope, found)
            scope = {**scope, **self.row(own)}
        filled: list[tuple[Scalar, Node]] = []
        for key, value in node.entries:
            if key.text.startswith("x-"):
                filled.append((key, value))
            elif key.text == "vars" and own is not None:
                filled.append((key, own))
            else:
                inner = "shots" if level == "scene" and key.text == "shots" else ""
                filled.append((key, self.fill(value, scope, found, inner)))
        return self.mapping(node, filled)

    def variables(self, node: Mapping, scope: Scope, found: list[Diagnostic]) -> Mapping:
        """A map of words filled in order: each may use those before it."""
        seen, filled = dict(scope), []
        for key, value in node.entries:
            done = self.fill(value, seen, found)
            seen[key.text] = self.value(done)
            filled.append((key, done))
        return self.mapping(node, filled)

    def mapping(self, like: Mapping, entries: list[tuple[Scalar, Node]]) -> Mapping:
        """The map itself where these are its entries, else the one map with them."""
        if len(entries) == len(like.entries) and all(
            a[1] is b[1] and a[0] is b[0] for a, b in zip(entries, like.entries, strict=True)
        ):
            return like
        key = ("map", id(like), *(id(part) for entry in entries for part in entry))
        known = self._shared.get(key)
        if known is None:
            known = self._shared[key] = (Mapping(tuple(entries), like.span), (like, entries))
        assert isinstance(known[0], Mapping)
        return known[0]

    def sequence(self, like: Sequence, items: list[Node]) -> Sequence:
        """The list itself where these are its items, else the one list with them."""
        if len(items) == len(like.items) and all(a is b for a, b in zip(items, like.items, strict=True)):
            return like
        key = ("list", id(like), *map(id, items))
        known = self._shared.get(key)
        if known is None:
            known = self._shared[key] = (Sequence(tuple(items), like.span), (like, items))
        assert isinstance(known[0], Sequence)
        return known[0]

    def leaf(self, like: Scalar, text: str, pieces: tuple[tuple[int, int, int, bool], ...] = ()) -> Scalar:
        """The one leaf that says `text` where `like` was written."""
        if text == like.text:
            return like
        key = ("leaf", id(like), text)
        known = self._shared.get(key)
        if known is None:
            self._made += len(text)
            leaf = Filled(text, like.span, like.style, source=like, pieces=pieces)
            known = self._shared[key] = (leaf, (like,))
        assert isinstance(known[0], Scalar)
        return known[0]

    def value(self, node: Node) -> Value:
        """A filled node as templates see it: one object for one node."""
        known = self._values.get(id(node))
        if known is None:
            known = self._values[id(node)] = (self._value(node), node)
        return known[0]

    def _value(self, node: Node) -> Value:
        if isinstance(node, Mapping):
            return self.row(node)
        if isinstance(node, Sequence):
            return tuple(self.value(item) for item in node.items)
        return UNKNOWABLE if self.names(node) is not None else value_of(node)

    def row(self, node: Mapping) -> Scope:
        """A map's values by key, each as `value` gives it."""
        return {key.text: self.value(value) for key, value in node.entries if not key.text.startswith("x-")}

    def holds(self, node: Scalar, scope: Scope, found: list[Diagnostic]) -> bool | None:
        """Whether a bare expression is true; None where that cannot be said."""
        text = node.text
        inner = text.strip()
        if inner.startswith("{{") and inner.endswith("}}") and inner.count("{{") == 1:
            text = text.replace("{{", "  ", 1).replace("}}", "  ", 1)
        if self._is_spent:
            return None
        run = Run(scope)
        try:
            return truth(compile_expression(text).evaluate(run))
        except NotKnown:
            return None
        except TemplateRefused as why:
            found.append(self.refused(node, why))
            return None
        finally:
            self._account(node, run, found)

    def refused(self, node: Scalar, why: TemplateRefused) -> Diagnostic:
        """A refusal by the sandbox as a finding at its exact place."""
        span = node.span
        if len(node.text) <= MAX_TEMPLATE:
            span = self._library.place(node, why.offset, min(why.end, max(len(node.text), why.offset + 1)))
        hints = [why.hint] if why.hint else []
        label = ""
        if isinstance(why, FillFailed) and why.code in ("SR203", "SR204"):
            label = "not defined" if why.code == "SR203" else "no such column"
            self._guesses += 1
        if isinstance(why, FillFailed) and label and self._guesses <= _GUESSES and len(why.known) <= _CHOICES:
            word = node.text[why.offset : why.end]
            near = nearest(word, why.known)
            if near is not None:
                hints.append(f"did you mean `{near}`?")
            elif why.known:
                hints.append(f"{'known here' if why.code == 'SR203' else 'it has'}: {_listed(why.known)}")
        return error(why.code, why.message, span, label=label, hints=hints)

    def holes(self, node: Node) -> tuple[Hole, ...]:
        """What could not be filled in a tree that was filled as far as it goes, wherever its parts were written."""
        if not self.has_holes:
            return ()
        known = self._holes.get(id(node))
        if known is None:
            if isinstance(node, Scalar):
                holes = () if isinstance(node, Filled) else self._holes_in(node)
            else:
                holes = tuple(hole for child in _children(node) for hole in self.holes(child))
            known = self._holes[id(node)] = (holes, node)
        return known[0]

    def _holes_in(self, node: Scalar) -> tuple[Hole, ...]:
        found = list(islice(_BRACES.finditer(node.text), _PLACED_BRACES + 1))
        if len(found) > _PLACED_BRACES or len(node.text) > MAX_TEMPLATE:
            return (Hole(node.span, node.span),)  # each place costs a walk through the leaf: it counts as one hole
        return tuple(Hole(node.span, self._library.place(node, *braces.span())) for braces in found)

    def _template(self, node: Scalar) -> Template | Diagnostic:
        known = self._templates.get(id(node))
        if known is None:
            try:
                known = compile_template(node.text), node
            except TemplateRefused as why:
                known = self.refused(node, why), node
            self._templates[id(node)] = known
        return known[0]

    def _scalar(self, node: Scalar, scope: Scope, found: list[Diagnostic]) -> Node:
        template = self._template(node)
        if isinstance(template, Diagnostic):
            found.append(template)
            self.has_holes = True
            return node
        if self._is_spent:
            self.has_holes = True
            return node
        run = Run(scope)
        try:
            return self.leaf(node, *template.trace(run))
        except NotKnown:
            self.has_holes = True
            return node
        except TemplateRefused as why:
            found.append(self.refused(node, why))
            self.has_holes = True
            return node
        finally:
            self._account(node, run, found)

    def _account(self, node: Scalar, run: Run, found: list[Diagnostic]) -> None:
        self._left -= run.spent
        if self._left <= 0 or self._made > MAX_TEXT_OF_BOARD:
            self._is_spent = True
            found.append(_spent(node))


def _spent(node: Scalar) -> Diagnostic:
    message = "the templates of this board take too much in all"
    hint = f"at most {ALLOWANCE_OF_BOARD:,} steps of arithmetic and filters, and {MAX_TEXT_OF_BOARD:,} characters"
    return error("SR206", message, node.span, label="filled no further", hints=[hint])


def _children(node: Mapping | Sequence) -> list[Node]:
    if isinstance(node, Sequence):
        return list(node.items)
    return [value for key, value in node.entries if not key.text.startswith("x-")]


def _listed(names: Collection[str]) -> str:
    shown = sorted(name for name in names if name.isidentifier())[:8]
    return ", ".join(f"`{name}`" for name in shown) + (" ..." if len(names) > len(shown) else "")
