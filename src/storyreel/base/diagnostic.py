"""What went wrong, as data: a stable code, a place, a message, hints. Rendered in `report`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from storyreel.base.span import Span

Severity = Literal["error", "warning"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Hint:
    """One sentence that helps; with a span it points at another place (`declared at ...`)."""

    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `label` is the few words under the caret; `message` stands alone in a list."""

    code: str
    message: str
    span: Span
    severity: Severity = "error"
    label: str = ""
    hints: tuple[Hint, ...] = ()

    @property
    def is_error(self) -> bool:
        return self.severity == "error"


def error(code: str, message: str, span: Span, *, label: str = "", hints: Iterable[Hint | str] = ()) -> Diagnostic:
    """A diagnostic that stops the film from being made."""
    return Diagnostic(code, message, span, "error", label, _hints(hints))


def warning(code: str, message: str, span: Span, *, label: str = "", hints: Iterable[Hint | str] = ()) -> Diagnostic:
    """A diagnostic that does not change the exit code."""
    return Diagnostic(code, message, span, "warning", label, _hints(hints))


def _hints(hints: Iterable[Hint | str]) -> tuple[Hint, ...]:
    return tuple(Hint(h) if isinstance(h, str) else h for h in hints)


@dataclass(frozen=True, slots=True)
class Checked(Generic[T]):
    """A value with the diagnostics found on the way to it; `value` is None where errors left nothing to go on with."""

    value: T | None
    diagnostics: tuple[Diagnostic, ...] = field(default=())

    @property
    def has_errors(self) -> bool:
        return any(d.is_error for d in self.diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each finding once, sorted by place, then code; what differs in its hints alone stays as it came."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=lambda d: (d.span, d.code, d.message)))
