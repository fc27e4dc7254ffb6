"""What every command shares: the global options, and how results, hints and refusals leave the program."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

    from storyreel.driver.project import Project

DONE, FAILED, USAGE, WORK, REFUSED, PROVIDER, UNKNOWN, HELD, INTEGRITY = range(9)
"""Exit codes; 143 is terminated."""
INTERRUPTED = 130


class Stop(Exception):
    """End the command with an exit code and one sentence on standard error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def amount(text: str) -> Decimal:
    """US dollars as an option has them; raises Stop."""
    try:
        dollars = Decimal(text)
    except InvalidOperation:
        dollars = Decimal("NaN")
    if not dollars.is_finite() or dollars < 0:
        raise Stop(USAGE, f"--max-cost {text} is no amount in US dollars")
    return dollars


@dataclass(frozen=True, slots=True)
class Common:
    """The global options."""

    project: Path | None
    quiet: bool
    verbose: int
    color: str

    def has_color(self, stream: object) -> bool:
        """Whether text to this stream is coloured: the option, then NO_COLOR and FORCE_COLOR, then the terminal."""
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
            return False
        return bool(os.environ.get("FORCE_COLOR")) or bool(getattr(stream, "isatty", lambda: False)())

    def console(self, stream: TextIO) -> Console:
        """Where tables are printed; as wide as a terminal, else wide enough that no cell is folded soon."""
        from rich.console import Console

        has_color = self.has_color(stream)
        width = None if stream.isatty() else 160
        return Console(file=stream, force_terminal=has_color, no_color=not has_color, highlight=False, width=width)

    def open(self) -> Project:
        """The project; raises Stop where there is none or its settings are wrong."""
        from storyreel.driver.project import NoProject, open_project
        from storyreel.settings import SettingsRefused

        try:
            return open_project(Path.cwd(), self.project)
        except (NoProject, SettingsRefused) as refused:
            raise Stop(USAGE, str(refused)) from None

    def board(self, project: Project, name: str) -> str:
        """The project path of a board named by path (from here or from the root) or by its stem; raises Stop."""
        here = project.root / "storyboards"
        for candidate in (Path.cwd() / name, project.root / name, here / f"{name}.yaml", here / f"{name}.yml"):
            if candidate.is_file():
                resolved = candidate.resolve()
                if not resolved.is_relative_to(project.root):
                    raise Stop(USAGE, f"{name} lies outside the project {project.root}")
                return resolved.relative_to(project.root).as_posix()
        known = ", ".join(project.boards()) or "none"
        raise Stop(USAGE, f"no board {name} (boards here: {known})")

    def hint(self, text: str) -> None:
        """A line on standard error for people; silent with -q."""
        if not self.quiet:
            from storyreel.base.report import printable

            print(printable(text), file=sys.stderr)
