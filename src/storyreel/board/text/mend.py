"""A place where parsing stopped, what to say about it, and text of equal length that parsing can go on with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from storyreel.base.diagnostic import Diagnostic
from storyreel.board.text.lines import Lines
from storyreel.board.text.quote import in_quotes

EXOTIC = "\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200C))) + "\u202f\u205f\u2060\u3000"
"""Blanks that look like a space and are none for YAML."""

FILL = "x"
"""A letter that means nothing to YAML."""

WORD_KEY = re.compile(r"(?:- +)*[\w-]{1,40}:(?=\s|$)")
"""What looks like a line of its own (`duration: `), not like prose that happens to hold a colon."""

_COMMENT = re.compile(r"(?<=  )#|(?<= )#(?=\s|$)")
_LEAD = re.compile(r"(?:[^\s:,{}\[\]\"'#-][^:,{}\[\]\"'#]*: *|- +)$")
_SHOWN = 72


@dataclass(frozen=True, slots=True)
class Patch:
    """Characters from `start` to `end` are replaced by as many of `fill`; under `FILL` a scalar keeps its words."""

    start: int
    end: int
    fill: str = FILL

    def applied(self, text: str) -> str:
        body = re.sub(r"[^\n]", self.fill, text[self.start : self.end])
        return text[: self.start] + body + text[self.end :]


@dataclass(frozen=True, slots=True)
class Mend:
    """What is wrong and how to go on; without patches, not at all. Unsure mends only serve to find further errors."""

    findings: tuple[Diagnostic, ...]
    patches: tuple[Patch, ...] = ()
    is_sure: bool = False

    @classmethod
    def sure(cls, finding: Diagnostic, *patches: Patch) -> Mend:
        return cls((finding,), patches, True)

    @classmethod
    def unsure(cls, finding: Diagnostic, *patches: Patch) -> Mend:
        return cls((finding,), patches)


@dataclass(frozen=True, slots=True)
class Broken:
    """The text and what the scanner knew of it when it stopped."""

    lines: Lines
    """The text as it was written."""
    text: str
    """The text with earlier mends."""
    begins: Mapping[int, int]
    """By the end of each quoted scalar, alias and flow collection: where it began."""
    open_flows: tuple[int, ...]
    last_scalar: tuple[int, int]

    def is_in_flow(self, at: int) -> bool:
        return bool(self.open_flows) and self.open_flows[0] < at

    def is_first(self, at: int) -> bool:
        """True where only blanks and dashes stand before it on its line."""
        start, _ = self.lines.bounds(at)
        return not self.text[start:at].strip(" -")

    def before(self, at: int) -> int:
        """Where the last thing before `at` ended, on its line or above."""
        return len(self.text[:at].rstrip(" \n"))

    def value_end(self, start: int) -> int:
        """Where the text that begins at `start` was meant to end on its line, comment and trailing blanks left out."""
        _, end = self.lines.bounds(start)
        comment = _COMMENT.search(self.text, start, end)
        end = comment.start() if comment else end
        if self.is_in_flow(start):
            end = self._flow_end(start, end)
        return max(start + 1, start + len(self.text[start:end].rstrip()))

    def _flow_end(self, start: int, end: int) -> int:
        depth = 0
        for at in range(start, end):
            sign = self.text[at]
            if sign in "{[":
                depth += 1
            elif sign in ",}]" and depth == 0:
                return at
            elif sign in "}]":
                depth -= 1
        return end

    def quoted(self, start: int, end: int) -> str:
        """The line's own words with the stretch in quotes, for a hint: `prompt: "@Mara runs"`."""
        line_start, _ = self.lines.bounds(start)
        lead = _LEAD.search(self.lines.text[max(line_start, start - 60) : start])
        value = self.lines.text[start:end]
        if len(value) > _SHOWN:
            value = value[: _SHOWN - 1].rstrip() + "…"
        return f"`{lead[0].lstrip() if lead else ''}{in_quotes(value)}`"

    def without_block(self, at: int) -> Patch:
        """Blank out a line and all that is indented below it."""
        start, end = self.lines.bounds(at)
        indent = self.lines.indent(at)
        while end < len(self.text):
            below, below_end = self.lines.bounds(end + 1)
            line = self.text[below:below_end].strip()
            if line and self.lines.indent(below) <= indent and not line.startswith(": "):
                break
            end = below_end
        return Patch(start, end, fill=" ")
