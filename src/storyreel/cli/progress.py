"""Progress on standard error: one live line on a terminal, one line a change without."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any

from storyreel.base.report import printable

if TYPE_CHECKING:
    from storyreel.cli.context import Common
    from storyreel.driver.film import RenderEvent
    from storyreel.plan.plan import Plan


class Progress:
    """Follows the events of a render."""

    def __init__(self, common: Common, plan: Plan) -> None:
        self._common = common
        self._names = {
            (part.key, part.take): scene.id for film in plan.films for scene in film.scenes for part in scene.parts
        }
        self._wanted = len(plan.to_make())
        self._live: Any = None
        self._takes: Any = None
        self._cut: Any = None

    def __enter__(self) -> Progress:
        if sys.stderr.isatty() and not self._common.quiet:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Live

            console = Console(file=sys.stderr, no_color=not self._common.has_color(sys.stderr))
            columns = (TextColumn("{task.description}"), BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn())
            self._live = Live(*columns, console=console, transient=True)
            self._live.start()
            if self._wanted:
                self._takes = self._live.add_task("takes", total=self._wanted)
            self._cut = self._live.add_task("cut", total=None, visible=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def tell(self, event: RenderEvent) -> None:
        """Show one event."""
        from storyreel.render.events import TakeFailed, TakeKept, TakeProgressed, TakeStarted
        from storyreel.stitch.events import TakeShort

        if isinstance(event, TakeKept | TakeFailed):
            name = self._names.get((event.key, event.take), event.key[:12])
            if self._takes is not None:
                self._live.advance(self._takes)
            if isinstance(event, TakeFailed):
                self._line(f"{name}: failed: {event.message}")
            elif self._live is None:
                self._line(f"{name}: made in {event.elapsed:.1f} s")
        elif isinstance(event, TakeShort):
            lacking = event.wanted - event.found
            self._line(f"{event.scene}: the take is {lacking} frames short; its last frame is held for them")
        elif not isinstance(event, TakeStarted | TakeProgressed):
            if self._live is not None:
                self._live.update(self._cut, description=f"cut: {describe(event)}", visible=True)
            elif self._common.verbose:
                self._line(describe(event))

    def _line(self, text: str) -> None:
        if self._live is None:
            self._common.hint(text)
        else:
            self._live.console.print(printable(text), markup=False, highlight=False)


def describe(event: object) -> str:
    """An event in words: `segment encoded storm 96`."""
    words = "".join(" " + letter.lower() if letter.isupper() else letter for letter in type(event).__name__).strip()
    fields = getattr(type(event), "__dataclass_fields__", {})
    return " ".join([words, *(str(getattr(event, name)) for name in fields)])
