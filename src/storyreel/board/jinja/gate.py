"""The gate before templates: text in, a Jinja syntax tree out, or a refusal with its place. Nothing runs here.

Jinja only reads: its tree is walked by `sandbox`, never compiled to Python, so neither its constant folding nor an
attribute of a Python object can be reached. Every token and every node carries its offset in the text as `lineno`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import TemplateSyntaxError, nodes
from jinja2.lexer import Lexer, Token, TokenStream
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from storyreel.board.jinja.refusal import TemplateRefused
from storyreel.board.jinja.values import Spelled, read_value

MAX_TOKENS = 600
"""Tokens of one expression."""

MAX_BRACKETS = 16
MAX_BLOCKS = 16
MAX_LOOPS = 2
MAX_DIGITS = 15

_NOTHING = "\x00{#"
_LOOP_TAGS = {"for", "endfor", "set"}
_BOARD_TAGS = {"if", "elif", "else", "endif"}
_OPENS = {"lparen", "lbracket", "lbrace"}
_CLOSES = {"rparen", "rbracket", "rbrace"}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree and the stretches of its expressions, so that a failure underlines the whole of one."""

    body: list[nodes.Node]
    extents: tuple[tuple[int, int], ...]


class _Tokens(ImmutableSandboxedEnvironment):
    """Jinja's reader fed with tokens that have passed the gate."""

    tokens: list[Token]

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        return TokenStream(iter(self.tokens), name, filename)


_BOARDS = _Tokens(keep_trailing_newline=True, comment_start_string=_NOTHING)
_FILES = _Tokens(trim_blocks=True, lstrip_blocks=True)


def parse_template(text: str, *, allow_loops: bool) -> Parsed:
    """Read a template; raises TemplateRefused. Boards (`allow_loops` false) know `{{ }}` and `{% if %}` alone."""
    environment = _FILES if allow_loops else _BOARDS
    raw = list(_placed(text, environment.lexer, None, environment.trim_blocks))
    extents = _check_tags(raw, text, allow_loops)
    parser = _reader(environment, raw)
    try:
        body = parser.subparse()
    except TemplateSyntaxError as why:
        raise _refusal(why, text) from None
    except RecursionError:
        raise TemplateRefused("this template is nested too deeply", 0, len(text), code="SR206") from None
    return Parsed(body, extents)


def parse_expression(text: str) -> Parsed:
    """Read a bare expression, as in `when: product.price`; raises TemplateRefused."""
    raw = list(_placed(text, _BOARDS.lexer, "variable", False))
    ended = next((start for start, kind, _ in raw if kind == "variable_end"), None)
    if ended is not None:
        raise TemplateRefused("unexpected `}}`", ended, ended + 2, hint="write the bare expression, without `{{ }}`")
    shown = [(start, start + len(value)) for start, kind, value in raw if kind != "whitespace"]
    if not shown:
        raise TemplateRefused("an expression is missing here", 0, len(text))
    _check_expression([(s, k, v) for s, k, v in raw if k != "whitespace"])
    parser = _reader(_BOARDS, raw)
    try:
        expression = parser.parse_expression()
        if parser.stream.current.type != "eof":
            parser.fail(f"unexpected {parser.stream.current.value!r}")
    except TemplateSyntaxError as why:
        if "end of template" in (why.message or ""):
            raise TemplateRefused("the expression ends too early", *shown[-1]) from None
        raise _refusal(why, text) from None
    except RecursionError:
        raise TemplateRefused("this expression is nested too deeply", 0, len(text), code="SR206") from None
    return Parsed([expression], ((shown[0][0], shown[-1][1]),))


Raw = tuple[int, str, str]


def _placed(text: str, lexer: Lexer, state: str | None, trims: bool) -> Iterator[Raw]:
    """Jinja's raw tokens with their offsets; its reader drops nothing but white space."""
    at = 0
    opened: tuple[int, str] | None = None
    try:
        for _, kind, value in lexer.tokeniter(text, None, None, state):
            while not text.startswith(value, at) and at < len(text):
                at += 1
            if kind in ("variable_begin", "block_begin"):
                opened = (at, value[:2])
            elif kind in ("variable_end", "block_end"):
                opened = None
            yield at, kind, value
            at += len(value)
    except TemplateSyntaxError as why:
        if opened is None or (closing := {"{{": "}}", "{%": "%}"}[opened[1]]) in text[at:]:
            raise TemplateRefused(_sentence(why.message or "", text[at : at + 1]), min(at, len(text) - 1)) from None
        raise _unclosed(opened, closing) from None
    if opened is not None:
        raise _unclosed(opened, {"{{": "}}", "{%": "%}"}[opened[1]])


def _unclosed(opened: tuple[int, str], closing: str) -> TemplateRefused:
    at, mark = opened
    return TemplateRefused(f"`{mark}` is never closed with `{closing}`", at, at + 2, hint=f"add `{closing}`")


def _reader(environment: _Tokens, raw: list[Raw]) -> Parser:
    """A parser over tokens whose line number is their offset; a dot and an `is` stand where their word stands."""
    tokens: list[Token] = []
    written = {start: value for start, kind, value in raw if kind == "float"}
    for at, kind, value in environment.lexer.wrap(_numbers(raw)):
        if tokens and (tokens[-1].type == "dot" or (tokens[-1].type == "name" and tokens[-1].value in ("is", "not"))):
            tokens[-1] = Token(at, tokens[-1].type, tokens[-1].value)
        tokens.append(Token(at, kind, read_value(written[at]) if kind == "float" else value))
    local = environment.overlay()
    local.tokens = tokens
    return Parser(local, "")


def _numbers(raw: list[Raw]) -> Iterator[Raw]:
    for start, kind, value in raw:
        if kind in ("integer", "float") and len(value) > MAX_DIGITS + 1:
            raise TemplateRefused(
                f"a number of {len(value)} digits; {MAX_DIGITS} are allowed", start, start + len(value), code="SR206"
            )
        if kind == "float" and not isinstance(read_value(value), Spelled):
            raise TemplateRefused("numbers are written out, as in `0.25`", start, start + len(value))
        yield start, kind, value


def _refusal(why: TemplateSyntaxError, text: str) -> TemplateRefused:
    offset = min(why.lineno, max(len(text) - 1, 0))
    found = text[offset : offset + 1]
    return TemplateRefused(_sentence(why.message or "", found), offset)


def _sentence(message: str, found: str) -> str:
    """Jinja's words, made shorter."""
    if message.startswith("unexpected char"):
        return f"unexpected `{found}`"
    message = message.replace("end of print statement", "}}").replace("end of statement block", "%}")
    message = message.replace("Expected an expression, got", "an expression is missing before").rstrip(".")
    return message.replace("'", "`")


def _check_tags(raw: list[Raw], text: str, allow_loops: bool) -> tuple[tuple[int, int], ...]:
    """Refuse tags that do not belong, unbalanced blocks and waste; answer the stretches of the expressions."""
    extents: list[tuple[int, int]] = []
    blocks: list[tuple[str, int]] = []
    inside: list[Raw] = []
    begun: tuple[int, str] | None = None
    for start, kind, value in raw:
        if kind in ("variable_begin", "block_begin"):
            begun, inside = (start, kind), []
        elif kind in ("variable_end", "block_end") and begun is not None:
            close = start + 2 + value.startswith(("-", "+"))
            if not inside:
                raise TemplateRefused("nothing is written between the braces", begun[0], close)
            if begun[1] == "block_begin":
                _check_tag(inside[0], blocks, allow_loops, begun[0], close)
            _check_expression(inside)
            extents.append((inside[0][0], inside[-1][0] + len(inside[-1][2])))
            begun = None
        elif begun is not None and kind != "whitespace":
            inside.append((start, kind, value))
    if blocks:
        tag, at = blocks[-1]
        raise TemplateRefused(
            f"`{{% {tag} %}}` is never closed", at, text.find("%}", at) + 2, hint=f"add `{{% end{tag} %}}`"
        )
    return tuple(extents)


def _check_tag(first: Raw, blocks: list[tuple[str, int]], allow_loops: bool, start: int, end: int) -> None:
    at, _, tag = first
    if tag not in _BOARD_TAGS and not (allow_loops and tag in _LOOP_TAGS):
        raise TemplateRefused(
            f"`{{% {tag} %}}` is not for {'templates' if allow_loops else 'boards'}",
            at,
            at + len(tag),
            code="SR202",
            hint=_instead(tag, allow_loops),
        )
    if tag in ("if", "for"):
        blocks.append((tag, start))
        loops = [place for name, place in blocks if name == "for"]
        if len(loops) > MAX_LOOPS:
            raise TemplateRefused(f"loops nest at most {MAX_LOOPS} deep", start, end, code="SR206")
        if len(blocks) > MAX_BLOCKS:
            raise TemplateRefused(f"blocks nest at most {MAX_BLOCKS} deep", start, end, code="SR206")
    elif tag in ("endif", "endfor"):
        if not blocks or blocks[-1][0] != tag[3:]:
            opened = f"; `{{% {blocks[-1][0]} %}}` is open" if blocks else ""
            raise TemplateRefused(f"`{{% {tag} %}}` closes nothing{opened}", start, end)
        blocks.pop()


def _instead(tag: str, allow_loops: bool) -> str:
    if allow_loops:
        return "templates know `if`, `for` and `set`"
    if tag in ("for", "endfor"):
        return "loops live in `templates/*.j2`; repeat scenes with `use`"
    if tag == "set":
        return "put the value under `vars`"
    return "boards know `{{ }}` and `{% if %}`"


def _check_expression(inside: list[Raw]) -> None:
    """Bound what Jinja's reader meets, so that its recursion stays shallow."""
    if len(inside) > MAX_TOKENS:
        raise TemplateRefused(
            f"this expression has {len(inside)} words and signs; {MAX_TOKENS} are allowed",
            inside[0][0],
            inside[-1][0] + len(inside[-1][2]),
            code="SR206",
        )
    depth = 0
    for start, _, value in inside:
        depth += (value in ("(", "[", "{")) - (value in (")", "]", "}"))
        if depth > MAX_BRACKETS:
            raise TemplateRefused(f"brackets nest at most {MAX_BRACKETS} deep", start, code="SR206")
