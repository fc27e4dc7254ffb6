"""ruamel's YAML parser over a text in memory: the same events, with the inner loops left to the regex engine.

Marks are plain offsets into the text. What YAML allows but a storyboard does not (tags, directives, a second
document, bottomless nesting) ends here, before anything is built.
"""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml.events import DocumentEndEvent
from ruamel.yaml.parser import Parser as RuamelParser
from ruamel.yaml.parser import ParserError
from ruamel.yaml.scanner import Scanner as RuamelScanner
from ruamel.yaml.tokens import DocumentEndToken, DocumentStartToken, ScalarToken, StreamEndToken

MAX_DEPTH = 64

# Atomic groups, since `++` after alternatives matches too much before Python 3.11.5 (gh-101955).
_BLOCK_RUN = re.compile(r"(?>(?:[^ \n\t\0:]|:(?![ \n\t\0]))+)(?:(?> +)(?!#)(?>(?:[^ \n\t\0:]|:(?![ \n\t\0]))+))*")
_FLOW_RUN = re.compile(
    r"(?>(?:[^ \n\t\0:,\[\]{}]|:(?![ \n\t\0]))+)(?:(?> +)(?!#)(?>(?:[^ \n\t\0:,\[\]{}]|:(?![ \n\t\0]))+))*"
)
_PLAIN_GAP = re.compile(r" *(?:\n[ \n]*)?")
_SEPARATOR = re.compile(r"(?:---|\.\.\.)[ \n\t\0]")
_BLOCK_BLANK = re.compile(r" *(?:#[^\n\0]*)?((?:\n *(?:#[^\n\0]*)?)*)")
_FLOW_BLANK = re.compile(r"[ \t]*(?:#[^\n\0]*)?((?:\n[ \t]*(?:#[^\n\0]*)?)*)")


class Stopped(Exception):
    """The text is YAML, but not what a storyboard may hold; `kind` says what, at an offset, in brackets or not."""

    def __init__(self, kind: str, at: int, *, is_flow: bool = False) -> None:
        super().__init__(kind)
        self.kind = kind
        self.at = at
        self.is_flow = is_flow


class _Reader:
    """A text and a place in it. It ends with several NULs, so that looking ahead never needs a bounds check."""

    encoding = None
    stream = None

    def __init__(self, text: str) -> None:
        self.buffer = text + "\0\0\0\0\0\0\0\0"
        self.pointer = 0
        self.index = 0
        self.line = 0
        self.column = 0

    def peek(self, index: int = 0) -> str:
        return self.buffer[self.pointer + index]

    def prefix(self, length: int = 1) -> str:
        return self.buffer[self.pointer : self.pointer + length]

    def forward(self, length: int = 1) -> None:
        self.move_to(self.pointer + length)

    def move_to(self, end: int) -> None:
        breaks = self.buffer.count("\n", self.pointer, end)
        if breaks:
            self.line += breaks
            self.column = end - self.buffer.rfind("\n", self.pointer, end) - 1
        else:
            self.column += end - self.pointer
        self.pointer = self.index = end

    def get_mark(self) -> int:
        return self.pointer


class _Scanner(RuamelScanner):
    """Tokens. Remembers where quotes, aliases and flow collections stand, for the messages of `repair`."""

    reader: _Reader = None  # type: ignore[assignment]
    scanner_processing_version = (1, 2)

    def __init__(self, loader: Any, text: str) -> None:
        self.reader = _Reader(text)
        self.flow_starts: list[int] = []
        self.begins: dict[int, int] = {}
        """By the end of each quoted scalar, alias and flow collection: where it began."""
        self.last_scalar = (0, 0)
        self._is_ready = False
        super().__init__(loader)

    # ruamel looks for more tokens at every question; once the first token is sure it stays sure until it is taken.

    def check_token(self, *choices: type) -> bool:
        if not self._is_ready:
            self._fill()
        return not choices or isinstance(self.tokens[0], choices)

    def peek_token(self) -> Any:
        if not self._is_ready:
            self._fill()
        return self.tokens[0]

    def get_token(self) -> Any:
        if not self._is_ready:
            self._fill()
        self._is_ready = False
        self.tokens_taken += 1
        return self.tokens.pop(0)

    def _fill(self) -> None:
        while self.need_more_tokens():
            self.fetch_more_tokens()
        self._is_ready = True

    def add_indent(self, column: int) -> bool:
        if len(self.indents) > MAX_DEPTH:
            raise Stopped("depth", self.reader.pointer)
        return bool(super().add_indent(column))

    def fetch_flow_collection_start(self, TokenClass: Any, to_push: str) -> None:  # noqa: N803 -- ruamel's name
        if len(self.flow_starts) > MAX_DEPTH:
            raise Stopped("depth", self.reader.pointer)
        self.flow_starts.append(self.reader.pointer)
        super().fetch_flow_collection_start(TokenClass, to_push)

    def fetch_flow_collection_end(self, TokenClass: Any) -> None:  # noqa: N803 -- ruamel's name
        if self.flow_starts:
            self.begins[self.reader.pointer + 1] = self.flow_starts.pop()
        super().fetch_flow_collection_end(TokenClass)

    def fetch_tag(self) -> None:
        raise Stopped("tag", self.reader.pointer)

    def fetch_directive(self) -> None:
        raise Stopped("directive", self.reader.pointer)

    def scan_anchor(self, TokenClass: Any) -> Any:  # noqa: N803 -- ruamel's name
        start = self.reader.pointer
        token = super().scan_anchor(TokenClass)
        self.begins[self.reader.pointer] = start
        return token

    def scan_flow_scalar(self, style: str) -> Any:
        start = self.reader.pointer
        token = super().scan_flow_scalar(style)
        self.last_scalar = (start, self.reader.pointer)
        self.begins[self.reader.pointer] = start
        return token

    def scan_to_next_token(self) -> None:
        reader = self.reader
        blank = (_FLOW_BLANK if self.flow_context else _BLOCK_BLANK).match(reader.buffer, reader.pointer)
        assert blank is not None, "matches nothing at least"
        if blank.end() > reader.pointer:
            reader.move_to(blank.end())
            if blank[1] and not self.flow_context:
                self.allow_simple_key = True

    def scan_plain(self) -> ScalarToken:
        reader = self.reader
        run = _FLOW_RUN if self.flow_context else _BLOCK_RUN
        start = end = reader.pointer
        indent = self.indent + 1
        chunks: list[str] = []
        gap: str | None = ""
        while gap is not None and reader.peek() != "#":
            found = run.match(reader.buffer, reader.pointer)
            if found is None:
                break
            self.allow_simple_key = False
            chunks += gap, found[0]
            end = found.end()
            reader.move_to(end)
            gap = self._plain_gap()
            if not self.flow_context and reader.column < indent:
                break
        self.last_scalar = (start, end)
        return ScalarToken("".join(chunks), True, start, end)

    def _plain_gap(self) -> str | None:
        """Pass blanks and line breaks, folded; None where the scalar cannot go on."""
        reader = self.reader
        found = _PLAIN_GAP.match(reader.buffer, reader.pointer)
        if found is None or not found[0]:
            return None
        reader.move_to(found.end())
        breaks = found[0].count("\n")
        if not breaks:
            return found[0]
        self.allow_simple_key = True
        if reader.column == 0 and _SEPARATOR.match(reader.buffer, reader.pointer):
            return None
        return " " if breaks == 1 else "\n" * (breaks - 1)


class _Rules:
    """What ruamel asks of its loader and resolver: YAML 1.2, comments not kept."""

    comment_handling = None
    processing_version = (1, 2)


class EventParser(RuamelParser):
    """Events of one document; raises ruamel's MarkedYAMLError, Stopped, and ValueError for an impossible escape."""

    scanner: _Scanner = None  # type: ignore[assignment]
    resolver: Any = None

    def __init__(self, text: str) -> None:
        self.scanner = _Scanner(None, text)
        self.resolver = _Rules()
        super().__init__(None)
        self.loader = _Rules()

    def parse_document_end(self) -> DocumentEndEvent:
        is_ended = False
        while self.scanner.check_token(DocumentEndToken):
            self.scanner.get_token()
            is_ended = True
        token = self.scanner.peek_token()
        at: int = token.start_mark
        if (is_ended and not isinstance(token, StreamEndToken)) or isinstance(token, DocumentStartToken):
            raise Stopped("document", at)
        if not isinstance(token, StreamEndToken):
            raise ParserError(None, None, f"expected <block end>, but found {token.id!r}", at)
        self.state = self.parse_document_start
        return DocumentEndEvent(at, at, explicit=False)
