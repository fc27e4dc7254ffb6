"""Jinja's tree to steps: statements print, expressions are built by `steps`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from jinja2 import nodes

from storyreel.board.jinja.gate import Parsed, parse_expression, parse_template
from storyreel.board.jinja.operators import Unfit, truth
from storyreel.board.jinja.refusal import TemplateRefused
from storyreel.board.jinja.run import Emit, Piece, Run, Step, data_emit, guarded, misfit, value_emit
from storyreel.board.jinja.steps import StepBuilder
from storyreel.board.jinja.values import Value

Words = tuple[tuple[str, int, int], ...]
"""Dotted words with their offsets."""


def build_template(text: str, *, allow_loops: bool) -> tuple[tuple[Emit, ...], frozenset[str], Words]:
    """What a template prints, the names that it may ask for, and its words; raises TemplateRefused."""
    parsed = parse_template(text, allow_loops=allow_loops)
    builder = _Builder(parsed, text)
    emits = tuple(builder.statements(parsed.body))
    return emits, frozenset(builder.names), tuple(builder.mentions)


def build_expression(text: str) -> tuple[Step, frozenset[str], Words]:
    """The step of a bare expression, its names and words; raises TemplateRefused."""
    parsed = parse_expression(text)
    builder = _Builder(parsed, text)
    step = builder.guarded(parsed.body[0])
    return step, frozenset(builder.names), tuple(builder.mentions)


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
        return guarded(self.step(node), *self._extent(node))

    def _extent(self, node: nodes.Node) -> tuple[int, int]:
        at = bisect_right(self._starts, node.lineno) - 1
        return self._extents[max(at, 0)] if self._extents else (0, len(self.text))

    def _output(self, node: nodes.Node) -> Emit:
        if isinstance(node, nodes.TemplateData):
            return data_emit(node.data, node.lineno, is_exact=self.text.startswith(node.data, node.lineno))
        value, (start, end) = self.guarded(node), self._extent(node)
        begin, stop = max(self.text.rfind("{{", 0, start), 0), self.text.find("}}", end) + 2
        return value_emit(value, start, end, begin, stop)

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
            except Unfit as why:
                raise misfit(why, start, end) from None
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
