"""A form being filled in: the body so far, a note for each parameter, and what stands in the way."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from storyreel.plan.forms import Form, Spelling
from storyreel.plan.request import Asset, Frame, FrameIn, FrameOf

Treatment = Literal["passthrough", "renamed", "converted", "emulated", "dropped"]


@dataclass(frozen=True, slots=True)
class Note:
    """What became of one parameter of a request."""

    param: str
    """In the language's own words; `extra.KEY` for what was passed on unread."""
    treatment: Treatment
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to say about a request before money is spent; `plan.losses` gives it its place."""

    code: str
    message: str
    severity: Literal["error", "warning", "loss"]
    """A loss is an error or a warning as the settings have it."""
    at: tuple[str | int, ...]
    """Begins with `key` (of the scene or its board), `scene`, `shot`, `element` or `extra`; then the steps below it."""
    label: str = ""
    hints: tuple[str, ...] = ()


@dataclass(slots=True)
class Filling:
    """Collects one body."""

    form: Form
    endpoint: str
    body: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    assets: dict[str, str] = field(default_factory=dict)

    def put(self, param: str, value: Any, treatment: Treatment | None = None, detail: str = "") -> None:
        """Fill in the field of a parameter that the form has; it passes through, or is renamed, unless told."""
        name = self.form.fields[param]
        self.body[name] = value
        usual: Treatment = "passthrough" if name == param else "renamed"
        self.note(param, treatment or usual, detail or (f"`{name}`" if name != param else ""))

    def note(self, param: str, treatment: Treatment, detail: str = "") -> None:
        self.notes.append(Note(param, treatment, detail))

    def drop(self, param: str, *at: str | int, detail: str = "", hints: Sequence[str] = ()) -> None:
        """Leave a parameter out, and say so."""
        detail = detail or f"{self.endpoint} has no such parameter"
        self.note(param, "dropped", detail)
        self.lose(param, detail, *at, hints=hints)

    def lose(self, param: str, why: str, *at: str | int, hints: Sequence[str] = ()) -> None:
        """Report a loss without a note of its own."""
        message = f"`{param}` is lost on the way: {why}"
        self.problem("SR311", message, "loss", *at, label="would be dropped", hints=hints)

    def problem(
        self,
        code: str,
        message: str,
        severity: Literal["error", "warning", "loss"],
        *at: str | int,
        label: str = "",
        hints: Sequence[str] = (),
    ) -> None:
        self.problems.append(Problem(code, message, severity, at, label, tuple(hints)))

    def file(self, frame: Frame) -> str:
        """What stands in the body for a file, until it is uploaded."""
        match frame:
            case Asset():
                self.assets[frame.digest] = frame.path
                return f"asset:sha256:{frame.digest}"
            case FrameIn():
                return f"{self.file(frame.asset)}#t={float(frame.at):.6f}".rstrip("0").rstrip(".")
            case FrameOf():
                return f"frame:{frame.key}:{frame.take}"

    def sent(self) -> Mapping[str, Any]:
        """The body as it is encoded: parts of a multipart body are text."""
        if self.form.encoding == "json":
            return self.body
        return {name: value if isinstance(value, str) else compact(value) for name, value in self.body.items()}


def compact(value: Any) -> str:
    """JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def seconds(number: int, spelling: Spelling) -> str | int:
    """Whole seconds as a form wants them."""
    return str(number) if spelling == "text" else number
