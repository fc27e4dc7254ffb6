"""A watch on a terminal: one calm line with the findings below it; elsewhere a line for each change."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from storyreel.base.report import printable

if TYPE_CHECKING:
    from storyreel.base.diagnostic import Diagnostic
    from storyreel.cli.context import Common


class WatchLine:
    """Implements the driver's `Listener`, on standard error."""

    def __init__(self, common: Common, board: str) -> None:
        self._common = common
        self._board = board
        self._words, self._doing, self._address, self._report = "reading", "", "", ""
        self._live: Any = None

    def __enter__(self) -> WatchLine:
        if sys.stderr.isatty() and not self._common.quiet:
            from rich.console import Console
            from rich.live import Live

            console = Console(file=sys.stderr, no_color=not self._common.has_color(sys.stderr), highlight=False)
            self._live = Live(console=console, auto_refresh=False, vertical_overflow="ellipsis")
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._doing = ""
            self._draw()
            self._live.stop()

    def at(self, address: str) -> None:
        """Where the page is."""
        self._address = address
        if self._live is None:
            self._common.hint(f"watching {self._board}; the page is {address}")
        self._draw()

    def read(self, words: str, diagnostics: Sequence[Diagnostic], texts: Mapping[str, str]) -> None:
        from storyreel.base.report import render_concise, render_full

        self._words, self._doing = words, ""
        if self._live is None:
            self._common.hint(f"{self._board}: {words}")
            if diagnostics:
                print(render_concise(diagnostics).rstrip("\n"), file=sys.stderr)
            return
        self._report = render_full(diagnostics, texts, color=False) if diagnostics else ""
        self._draw()

    def doing(self, words: str) -> None:
        if words != self._doing:
            self._doing = words
            self._draw()

    def say(self, words: str) -> None:
        if self._live is None:
            self._common.hint(words)
        else:
            self._live.console.print(printable(words), markup=False, highlight=False)

    def _draw(self) -> None:
        if self._live is None:
            return
        from rich.text import Text

        parts = [self._board, self._doing or self._words, self._address]
        line = "  ·  ".join(printable(part) for part in parts if part)
        self._live.update(Text(f"{line}\n\n{self._report}" if self._report else line, no_wrap=False), refresh=True)
