"""Progress on standard error: one live line on a terminal, one line a change without."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from storyreel.base.report import printable

if TYPE_CHECKING:
    from storyreel.cli.context import Common
    from storyreel.driver.outcome import RenderEvent
    from storyreel.plan.plan import Plan
    from storyreel.render.events import TakeParked, TakeUnknown, TakeUnread


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
        from storyreel.render.events import Event, TakeFailed, TakeKept, TakeParked, TakeUnaffordable

        if isinstance(event, TakeKept | TakeFailed | TakeParked | TakeUnaffordable) and self._takes is not None:
            self._live.advance(self._takes)
        words = self._words(event)
        if words:
            self._line(words)
        elif isinstance(event, Event):
            if self._common.verbose:
                self._line(self._detail(event))
        elif self._live is not None:
            self._live.update(self._cut, description=f"cut: {describe(event)}", visible=True)
        elif self._common.verbose:
            self._line(describe(event))

    def _words(self, event: RenderEvent) -> str:
        """What is worth a line; empty for what is not."""
        from storyreel.base.money import usd_label
        from storyreel.render import events as e
        from storyreel.stitch.events import TakeShort

        match event:
            case e.TakeKept() if self._live is None:
                price = f", {usd_label(event.cost)}" if event.cost else ""
                return f"{self._name(event)}: made in {event.elapsed:.1f} s{price}"
            case e.TakeFailed():
                return f"{self._name(event)}: failed: {event.message}"
            case e.TakeUnaffordable():
                return f"{self._name(event)}: not bought: {event.message}"
            case e.TakeUnknown() | e.TakeUnread() | e.TakeParked():
                return f"{self._name(event)}: {_in_doubt(event)}"
            case e.TakeRerouted():
                return f"{self._name(event)}: {event.provider} did not take it ({event.message}); asking {event.to}"
            case e.TakeAccepted() if self._live is None and self._common.verbose:
                return f"{self._name(event)}: accepted by {event.provider} as {event.id}"
            case e.TakeOrphaned():
                return f"{self._name(event)}: KEEP THIS: {event.provider} has it as {event.id}; {event.message}"
            case e.ChargeDoubted():
                return f"{self._name(event)}: {event.message} ({', '.join(event.ids)})"
            case e.ProviderPaused() if event.seconds >= 1:
                return f"{event.provider} asks to wait {event.seconds:.0f} s"
            case e.ProviderShut():
                return f"{event.provider} is not asked again in this run: {event.message}"
            case e.VoiceMade():
                return f"a voice was made at {event.provider}, {usd_label(event.cost)}"
            case TakeShort():
                lacking = event.wanted - event.found
                return f"{event.scene}: the take is {lacking} frames short; its last frame is held for them"
        return ""

    def _name(self, event: Any) -> str:
        found = self._names.get((event.key, event.take))
        return found or next((name for (key, _), name in self._names.items() if key == event.key), event.key[:12])

    def _detail(self, event: Any) -> str:
        """An event with its scene's name in the place of its key."""
        if hasattr(event, "key") and hasattr(event, "take"):
            return f"{self._name(event)}: {type(event).__name__.removeprefix('Take').lower()}"
        return describe(event)

    def _line(self, text: str) -> None:
        if self._live is None:
            self._common.hint(text)
        else:
            self._live.console.print(printable(text), markup=False, highlight=False)


def _in_doubt(event: TakeUnknown | TakeUnread | TakeParked) -> str:
    from storyreel.render.events import TakeParked, TakeUnknown

    if isinstance(event, TakeUnknown):
        return f"no certain answer from {event.provider}; looking it up"
    if isinstance(event, TakeParked):
        return f"{'unknown' if event.is_unknown else 'parked'}: {event.message}"
    has = f"{event.provider} has it as {event.id}" if event.id else f"{event.provider} may have it"
    since = time.strftime("%H:%M:%S", time.localtime(event.since))
    what = f"{has}, and nothing could be read of it since {since} ({event.message})"
    return f"{what}; Ctrl-C is safe, a later run goes on"


def describe(event: object) -> str:
    """An event in words: `segment encoded storm 96`."""
    words = "".join(" " + letter.lower() if letter.isupper() else letter for letter in type(event).__name__).strip()
    fields = getattr(type(event), "__dataclass_fields__", {})
    return " ".join([words, *(str(getattr(event, name)) for name in fields)])
