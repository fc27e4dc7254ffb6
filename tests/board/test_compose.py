"""Trees of random texts: the same as ruamel's own where both accept, a diagnostic and never a traceback elsewhere."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode

from storyreel.board.load import parse
from storyreel.board.node import Mapping, Node, Scalar
from tests.board.test_scan import BITS

RANDOM = st.lists(st.sampled_from(BITS), max_size=25).map("".join)


def shape(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {key.text: shape(value) for key, value in node}
    return [shape(item) for item in node]


def their_shape(node: Any) -> Any:
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, MappingNode):
        return {key.value: their_shape(value) for key, value in node.value}
    return [their_shape(item) for item in node.value]


@settings(max_examples=300, deadline=None)
@given(RANDOM)
def test_a_text_without_findings_is_read_as_ruamel_reads_it(text: str) -> None:
    parsed = parse("a.yaml", text)
    if parsed.diagnostics or parsed.value is None or "..." in text:
        return
    assert shape(parsed.value) == their_shape(YAML(typ="safe", pure=True).compose(text))


@settings(max_examples=600, deadline=None)
@given(RANDOM)
def test_any_text_ends_with_a_tree_or_a_finding_inside_it(text: str) -> None:
    parsed = parse("a.yaml", text)
    lines = text.split("\n")
    for found in parsed.diagnostics:
        span = found.span
        assert 1 <= span.line <= span.end_line <= len(lines)
        assert (span.line, span.column) <= (span.end_line, span.end_column)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1
    if parsed.value is None and not parsed.has_errors:
        assert YAML(typ="safe", pure=True).compose(text) is None or not text.strip()


@settings(max_examples=300, deadline=None)
@given(RANDOM)
def test_a_mended_tree_says_nothing_that_was_not_written(text: str) -> None:
    parsed = parse("a.yaml", text)
    if not parsed.has_errors or parsed.value is None:
        return
    assert "xx" not in str(shape(parsed.value))
