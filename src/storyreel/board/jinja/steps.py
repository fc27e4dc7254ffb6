"""Expressions as steps: each node of the tree becomes a function from a run to a value."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from jinja2 import nodes

from storyreel.board.jinja import operators as op
from storyreel.board.jinja.filters import FILTERS, TESTS
from storyreel.board.jinja.operators import Unfit, truth, weight
from storyreel.board.jinja.refusal import TemplateRefused
from storyreel.board.jinja.run import Run, Step, Undefined, column_of, filter_for, name_in
from storyreel.board.jinja.values import Value, is_row

MAX_NODES = 4_000
MAX_DEPTH = 60


_BINARY: dict[type[nodes.Node], Callable[[Value, Value], Value]] = {
    nodes.Add: op.add,
    nodes.Sub: op.subtract,
    nodes.Mul: op.multiply,
    nodes.Div: op.divide,
    nodes.FloorDiv: op.floor_divide,
    nodes.Mod: op.remainder,
    nodes.Pow: op.power,
}
_COMPARE: dict[str, Callable[[Value, Value], bool]] = {
    "eq": op.equal,
    "ne": lambda a, b: not op.equal(a, b),
    "lt": op.less,
    "lteq": lambda a, b: not op.less(b, a),
    "gt": lambda a, b: op.less(b, a),
    "gteq": lambda a, b: not op.less(a, b),
    "in": lambda part, whole: op.contains(whole, part),
    "notin": lambda part, whole: not op.contains(whole, part),
}


class StepBuilder:
    """Builds the steps of one template and notes the names that they ask for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.names: set[str] = set()
        self.mentions: list[tuple[str, int, int]] = []
        self.local: set[str] = set()
        self.built = 0
        self._depth = 0

    def step(self, node: nodes.Node) -> Step:
        """The step of one expression; raises TemplateRefused for what expressions may not do."""
        self.built += 1
        self._depth += 1
        try:
            if self.built > MAX_NODES or self._depth > MAX_DEPTH:
                raise TemplateRefused("this template is nested too deeply", node.lineno, code="SR206")
            build = _BUILDERS.get(type(node))
            if build is None:
                raise TemplateRefused("this is not for templates", node.lineno, code="SR202")
            return build(self, node)
        finally:
            self._depth -= 1

    def _const(self, node: nodes.Const) -> Step:
        value = node.value
        if isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
            raise TemplateRefused("half a character", node.lineno)
        return lambda run: value

    def _name(self, node: nodes.Name) -> Step:
        name, at = node.name, node.lineno
        if name.startswith("_"):
            raise TemplateRefused("names do not begin with `_`", at, at + len(name), code="SR202")
        if name not in self.local:
            self.names.add(name)
            self.mentions.append((name, at, at + len(name)))

        return lambda run: name_in(run, name, at)

    def _getattr(self, node: nodes.Getattr) -> Step:
        name, at = node.attr, node.lineno
        inner, owner = self.step(node.node), dotted(node.node)
        if name.startswith("_"):
            raise TemplateRefused("columns do not begin with `_`", at, at + len(name), code="SR202")
        if owner and self.mentions and self.mentions[-1][0] == owner:
            self.mentions[-1] = (f"{owner}.{name}", self.mentions[-1][1], at + len(name))

        def get_column(run: Run) -> Value:
            return column_of(inner(run), name, owner, at)

        return get_column

    def _getitem(self, node: nodes.Getitem) -> Step:
        inner, owner, at = self.step(node.node), dotted(node.node), node.lineno
        if isinstance(node.arg, nodes.Slice):
            return self._slice(inner, node.arg)
        which = self.step(node.arg)

        def get_item(run: Run) -> Value:
            value, asked = inner(run), which(run)
            if is_row(value):
                return column_of(value, op.text_of(asked), owner, at)
            number = op.number(asked, "count with")
            if isinstance(value, (str, tuple, list, range)) and isinstance(number, int):
                if not -len(value) <= number < len(value):
                    raise Unfit(f"there is no item {number} of {len(value)}")
                return value[number]
            raise Unfit(f"{op.kind_of(value)} has no items")

        return get_item

    def _slice(self, inner: Step, node: nodes.Slice) -> Step:
        bounds = [self.step(part) if part is not None else None for part in (node.start, node.stop, node.step)]

        def get_slice(run: Run) -> Value:
            value = inner(run)
            if not isinstance(value, (str, tuple, list, range)):
                raise Unfit(f"{op.kind_of(value)} has no items")
            ends = [int(op.number(part(run), "count with")) if part is not None else None for part in bounds]
            if ends[2] == 0:
                raise Unfit("a slice steps by at least 1")
            return value[slice(*ends)]

        return get_slice

    def _binary(self, node: nodes.BinExpr) -> Step:
        left, right, work = self.step(node.left), self.step(node.right), _BINARY[type(node)]

        def do_binary(run: Run) -> Value:
            a, b = left(run), right(run)
            run.spend(1 + weight(a) + weight(b))
            return work(a, b)

        return do_binary

    def _negative(self, node: nodes.Neg) -> Step:
        inner = self.step(node.node)
        return lambda run: op.subtract(0, inner(run))

    def _positive(self, node: nodes.Pos) -> Step:
        inner = self.step(node.node)
        return lambda run: op.number(inner(run), "count with")

    def _not(self, node: nodes.Not) -> Step:
        inner = self.step(node.node)
        return lambda run: not truth(inner(run))

    def _and(self, node: nodes.And) -> Step:
        left, right = self.step(node.left), self.step(node.right)

        def do_and(run: Run) -> Value:
            value = left(run)
            return right(run) if truth(value) else value

        return do_and

    def _or(self, node: nodes.Or) -> Step:
        left, right = self.step(node.left), self.step(node.right)

        def do_or(run: Run) -> Value:
            value = left(run)
            return value if truth(value) else right(run)

        return do_or

    def _choice(self, node: nodes.CondExpr) -> Step:
        test, yes = self.step(node.test), self.step(node.expr1)
        no = self.step(node.expr2) if node.expr2 is not None else (lambda run: "")
        return lambda run: yes(run) if truth(test(run)) else no(run)

    def _compare(self, node: nodes.Compare) -> Step:
        first = self.step(node.expr)
        rest = [(_COMPARE[part.op], self.step(part.expr)) for part in node.ops]

        def do_compare(run: Run) -> Value:
            left = first(run)
            for holds, step in rest:
                right = step(run)
                run.spend(1 + weight(left) + weight(right))
                if not holds(left, right):
                    return False
                left = right
            return True

        return do_compare

    def _concat(self, node: nodes.Concat) -> Step:
        parts = [self.step(part) for part in node.nodes]

        def do_concat(run: Run) -> Value:
            run.spend(len(parts))
            return op.join_text([part(run) for part in parts])

        return do_concat

    def _list(self, node: nodes.List | nodes.Tuple) -> Step:
        parts = [self.step(part) for part in node.items]

        def do_list(run: Run) -> Value:
            run.spend(len(parts))
            return op.bounded_list([part(run) for part in parts])

        return do_list

    def _dict(self, node: nodes.Dict) -> Step:
        pairs = [(self.step(pair.key), self.step(pair.value)) for pair in node.items]

        def do_dict(run: Run) -> Value:
            run.spend(len(pairs))
            return {op.text_of(key(run)): value(run) for key, value in pairs}

        return do_dict

    def _call(self, node: nodes.Call) -> Step:
        called = dotted(node.node)
        if called != "range" or node.kwargs or node.dyn_args or node.dyn_kwargs or not 1 <= len(node.args) <= 3:
            start = _start(node.node)
            raise TemplateRefused(
                "nothing can be called in a template", start, node.lineno, code="SR202", hint=filter_for(called)
            )
        args = [self.step(arg) for arg in node.args]

        def do_range(run: Run) -> Value:
            given = [arg(run) for arg in args]
            start, stop, step = (0, given[0], 1) if len(given) == 1 else (*given[:2], given[2] if given[2:] else 1)
            counted = op.whole_range(start, stop, step)
            run.spend(len(counted))
            return counted

        return do_range

    def _filter(self, node: nodes.Filter) -> Step:
        name, at = node.name, node.lineno
        if node.node is None or node.dyn_args or node.dyn_kwargs:
            raise TemplateRefused("filters stand after a value and take plain arguments", at, code="SR202")
        if name in ("default", "d"):
            return self._default(node)
        work = FILTERS.get(name)
        if work is None:
            raise _unknown("filter", name, at, (*FILTERS, "default"))
        return self._applied(node.node, node, work)

    def _default(self, node: nodes.Filter) -> Step:
        assert node.node is not None
        value, plain = self.step(node.node), dotted(node.node)
        given = [self.step(arg) for arg in node.args] + [self.step(pair.value) for pair in node.kwargs]
        if len(given) > 2:
            raise TemplateRefused("`default` takes a value and `true`", node.lineno, code="SR202")

        def do_default(run: Run) -> Value:
            try:
                found = value(run)
            except Undefined as why:
                if not plain or why.code == "SR233":
                    raise
            else:
                if len(given) < 2 or not truth(given[1](run)) or truth(found):
                    return found
            return given[0](run) if given else ""

        return do_default

    def _test(self, node: nodes.Test) -> Step:
        name = node.name
        if node.dyn_args or node.dyn_kwargs:
            raise TemplateRefused("tests take plain arguments", node.lineno, code="SR202")
        if name in ("defined", "undefined"):
            inner, plain = self.step(node.node), dotted(node.node)

            def is_defined(run: Run) -> bool:
                try:
                    inner(run)
                except Undefined as why:
                    if not plain or why.code == "SR233":
                        raise
                    return name == "undefined"
                return name == "defined"

            return is_defined
        work = TESTS.get(name)
        if work is None:
            raise _unknown("test", name, node.lineno, (*TESTS, "defined", "undefined"))
        return self._applied(node.node, node, work)

    def _applied(self, subject: nodes.Node, node: nodes.Filter | nodes.Test, work: Callable[..., Value]) -> Step:
        value = self.step(subject)
        args = [self.step(arg) for arg in node.args]
        kwargs = {str(pair.key): self.step(pair.value) for pair in node.kwargs}
        try:
            inspect.signature(work).bind(None, *args, **kwargs)
        except TypeError:
            raise TemplateRefused(
                f"`{node.name}` is given the wrong arguments", node.lineno, node.lineno + len(node.name), code="SR202"
            ) from None

        def do_work(run: Run) -> Value:
            found, given = value(run), [arg(run) for arg in args]
            run.spend(4 + 4 * weight(found) + sum(weight(item) for item in given))
            result = work(found, *given, **{key: step(run) for key, step in kwargs.items()})
            return op.bounded_list(result) if isinstance(result, list) else result

        return do_work


def _unknown(kind: str, name: str, at: int, choices: tuple[str, ...]) -> TemplateRefused:
    return TemplateRefused(
        f"there is no {kind} `{name}`",
        at,
        at + len(name),
        code="SR202",
        hint=f"{kind}s: " + ", ".join(sorted(choices)),
    )


def dotted(node: nodes.Node) -> str:
    """`product.look` for a chain of names, else nothing."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        owner = dotted(node.node)
        return f"{owner}.{node.attr}" if owner else ""
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        owner = dotted(node.node)
        return f"{owner}[{node.arg.value!r}]" if owner else ""
    return ""


def _start(node: nodes.Node) -> int:
    """Where an expression begins."""
    while isinstance(node, (nodes.Getattr, nodes.Getitem, nodes.Call)):
        node = node.node
    return node.lineno


_BUILDERS: dict[type[nodes.Node], Callable[[StepBuilder, Any], Step]] = {
    nodes.Const: StepBuilder._const,
    nodes.Name: StepBuilder._name,
    nodes.Getattr: StepBuilder._getattr,
    nodes.Getitem: StepBuilder._getitem,
    nodes.Neg: StepBuilder._negative,
    nodes.Pos: StepBuilder._positive,
    nodes.Not: StepBuilder._not,
    nodes.And: StepBuilder._and,
    nodes.Or: StepBuilder._or,
    nodes.CondExpr: StepBuilder._choice,
    nodes.Compare: StepBuilder._compare,
    nodes.Concat: StepBuilder._concat,
    nodes.List: StepBuilder._list,
    nodes.Tuple: StepBuilder._list,
    nodes.Dict: StepBuilder._dict,
    nodes.Call: StepBuilder._call,
    nodes.Filter: StepBuilder._filter,
    nodes.Test: StepBuilder._test,
    **dict.fromkeys(_BINARY, StepBuilder._binary),
}
