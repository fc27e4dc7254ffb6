"""Templates without a way out: a checked syntax tree becomes small steps over plain values, counted and bounded.

No Python attribute is ever looked up and nothing is ever called: `product.copy` asks the row for its column. There is
no clock, no chance and no file. Every step is paid for from a fixed allowance, so that time is bounded too.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jinja2 import nodes

from storyreel.board.jinja.gate import Parsed, TemplateRefused, parse_expression, parse_template
from storyreel.board.jinja.operators import MAX_TEXT, NotKnown, TooMuch, Unfit, text_of, truth
from storyreel.board.jinja.run import Run, Step, Undefined
from storyreel.board.jinja.steps import StepBuilder
from storyreel.board.jinja.values import Value

Names = Mapping[str, Value]
Piece = tuple[int, int, int, bool]
"""Start in the outcome, start and end in the template's text, whether copied letter by letter."""

Emit = Callable[[Run, list[str], list[Piece]], None]


class FillFailed(TemplateRefused):
    """A template that is sound but fails with these values; `known` are the names that could have been meant."""

    def __init__(self, message: str, offset: int, end: int, *, code: str, hint: str = "", known: tuple[str, ...] = ()):
        super().__init__(message, offset, end, code=code, hint=hint)
        self.known = known


@dataclass(frozen=True, slots=True)
class Template:
    """A checked template. `names` are the names it may ask for, `mentions` its dotted words with their offsets."""

    text: str
    names: frozenset[str]
    mentions: tuple[tuple[str, int, int], ...] = field(repr=False)
    _emits: tuple[Emit, ...] = field(repr=False)

    def fill(self, names: Names) -> str:
        """The outcome, at most 64 KiB; raises FillFailed with the place, NotKnown where a mistake is reported."""
        return self.trace(names)[0]

    def trace(self, names: Names) -> tuple[str, tuple[Piece, ...]]:
        """The outcome and where each of its pieces was written; raises as `fill`."""
        run, out, pieces = Run(names), [], []  # type: Run, list[str], list[Piece]
        for emit in self._emits:
            emit(run, out, pieces)
        return "".join(out), tuple(pieces)


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked bare expression, as in `when: product.price`."""

    text: str
    names: frozenset[str]
    mentions: tuple[tuple[str, int, int], ...] = field(repr=False)
    _step: Step = field(repr=False)

    def evaluate(self, names: Names) -> Value:
        """The value; raises FillFailed, NotKnown."""
        return self._step(Run(names))


@lru_cache(maxsize=8192)
def compile_template(text: str, *, allow_loops: bool = False) -> Template:
    """Check and prepare a template; raises TemplateRefused(message, offset). Boards have no loops, `*.j2` files do."""
    parsed = parse_template(text, allow_loops=allow_loops)
    builder = _Builder(parsed, text)
    emits = tuple(builder.statements(parsed.body))
    return Template(text, frozenset(builder.names), tuple(builder.mentions), emits)


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Check and prepare a bare expression; raises TemplateRefused(message, offset)."""
    parsed = parse_expression(text)
    builder = _Builder(parsed, text)
    step = builder.guarded(parsed.body[0])
    return Expression(text, frozenset(builder.names), tuple(builder.mentions), step)


class _Builder(StepBuilder):
    """Statements to emits; expressions are built by its base."""

    def __init__(self, parsed: Parsed, text: str) -> None:
        super().__init__(text)
        self._extents = parsed.extents
        self._starts = [start for start, _ in parsed.extents]

    def statements(self, body: list[nodes.Node]) -> list[Emit]:
        emits: list[Emit] = []
        for node in body:
            if isinstance(node, nodes.Output):
                emits += [self._output(part) for part in node.nodes]
            elif isinstance(node, nodes.If):
                emits.append(self._if(node))
            elif isinstance(node, nodes.For):
                emits.append(self._for(node))
            elif isinstance(node, nodes.Assign):
                emits.append(self._set(node))
            else:
                tag = type(node).__name__.lower()
                raise TemplateRefused(f"`{tag}` is not for templates", node.lineno, code="SR202")
        return emits

    def guarded(self, node: nodes.Node) -> Step:
        """The step of a whole expression, its failures turned into FillFailed with their place."""
        start, end = self._extent(node)
        step = self.step(node)

        def guard(run: Run) -> Value:
            try:
                return step(run)
            except Undefined as why:
                raise FillFailed(
                    why.message, why.start, why.end, code=why.code, hint=why.hint, known=why.known
                ) from None
            except TooMuch as why:
                raise FillFailed(str(why), start, end, code="SR206") from None
            except Unfit as why:
                raise FillFailed(str(why), start, end, code="SR205") from None

        return guard

    def _extent(self, node: nodes.Node) -> tuple[int, int]:
        at = bisect_right(self._starts, node.lineno) - 1
        return self._extents[max(at, 0)] if self._extents else (0, len(self.text))

    def _output(self, node: nodes.Node) -> Emit:
        if isinstance(node, nodes.TemplateData):
            data, at = node.data, node.lineno
            exact = self.text.startswith(data, at)

            def emit_data(run: Run, out: list[str], pieces: list[Piece]) -> None:
                pieces.append((run.take(len(data)), at, at + len(data), exact))
                out.append(data)

            return emit_data
        value, (start, end) = self.guarded(node), self._extent(node)
        begin = max(self.text.rfind("{{", 0, start), 0)
        stop = self.text.find("}}", end) + 2

        def emit_value(run: Run, out: list[str], pieces: list[Piece]) -> None:
            try:
                text = text_of(value(run))
                pieces.append((run.take(len(text)), begin, stop, False))
            except TooMuch as why:
                raise FillFailed(str(why), start, end, code="SR206") from None
            except Unfit as why:
                raise FillFailed(f"{why}; name one of its columns", start, end, code="SR205") from None
            out.append(text)

        return emit_value

    def _if(self, node: nodes.If) -> Emit:
        branches = [(self.guarded(n.test), self.statements(n.body)) for n in (node, *node.elif_)]
        otherwise = self.statements(node.else_)

        def emit_if(run: Run, out: list[str], pieces: list[Piece]) -> None:
            for test, body in branches:
                if truth(test(run)):
                    chosen = body
                    break
            else:
                chosen = otherwise
            for emit in chosen:
                emit(run, out, pieces)

        return emit_if

    def _set(self, node: nodes.Assign) -> Emit:
        if not isinstance(node.target, nodes.Name):
            raise TemplateRefused("`set` takes one name", node.lineno, code="SR202")
        name, value = node.target.name, self.guarded(node.node)
        self.local.add(name)

        def emit_set(run: Run, out: list[str], pieces: list[Piece]) -> None:
            run.inside({**run.names, name: value(run)})

        return emit_set

    def _for(self, node: nodes.For) -> Emit:
        if node.recursive:
            raise TemplateRefused("loops do not call themselves", node.lineno, code="SR202")
        items, (start, end) = self.guarded(node.iter), self._extent(node.iter)
        targets = _targets(node.target)
        self.local.update(targets, {"loop"})
        test = self.guarded(node.test) if node.test is not None else None
        before = self.built
        body, otherwise = self.statements(node.body), self.statements(node.else_)
        cost = 2 + self.built - before

        def emit_for(run: Run, out: list[str], pieces: list[Piece]) -> None:
            outer = run.names
            try:
                rounds = _rounds(items(run), targets)
                if test is not None:
                    rounds = [r for r in rounds if truth(test(run.inside({**outer, **r})))]
                for at, names in enumerate(rounds):
                    run.spend(cost)
                    run.inside({**outer, **names, "loop": _loop(at, len(rounds))})
                    for emit in body:
                        emit(run, out, pieces)
            except TooMuch as why:
                raise FillFailed(str(why), start, end, code="SR206") from None
            except Unfit as why:
                raise FillFailed(str(why), start, end, code="SR205") from None
            finally:
                run.inside(outer)
            if not rounds:
                for emit in otherwise:
                    emit(run, out, pieces)

        return emit_for


def _targets(target: nodes.Node) -> tuple[str, ...]:
    if isinstance(target, nodes.Name):
        return (target.name,)
    if isinstance(target, nodes.Tuple) and all(isinstance(item, nodes.Name) for item in target.items):
        return tuple(item.name for item in target.items if isinstance(item, nodes.Name))
    raise TemplateRefused("a loop names what it takes", target.lineno, code="SR202")


def _rounds(items: Value, targets: tuple[str, ...]) -> list[dict[str, Value]]:
    if not isinstance(items, (tuple, list, range, Mapping)):
        raise Unfit("only lists and rows can be gone through")
    if len(targets) == 1:
        return [{targets[0]: item} for item in items]
    rounds: list[dict[str, Value]] = []
    for item in items:
        if not isinstance(item, (tuple, list)) or len(item) != len(targets):
            raise Unfit(f"each item must hold {len(targets)} values")
        rounds.append(dict(zip(targets, item, strict=True)))
    return rounds


def _loop(at: int, length: int) -> dict[str, Any]:
    return {
        "index": at + 1,
        "index0": at,
        "revindex": length - at,
        "revindex0": length - at - 1,
        "first": at == 0,
        "last": at == length - 1,
        "length": length,
    }


__all__ = [
    "MAX_TEXT",
    "Expression",
    "FillFailed",
    "NotKnown",
    "Template",
    "TemplateRefused",
    "compile_expression",
    "compile_template",
]
