"""The command line: arguments in, exit codes and text out. No decisions are made here."""

from __future__ import annotations

import gc
import os
import signal
import sys
from types import FrameType

GLOBAL_FLAGS = {"-q", "--quiet", "-v", "-vv", "--verbose"}
GLOBAL_VALUES = {"--project", "--color"}
COMPLETE = "_STORYREEL_COMPLETE"
HELP_COLUMNS = 80
GARBAGE = 100_000
"""New objects between two searches for cycles: a tree of many nodes makes few, and each search walks all of them."""


def main() -> None:
    """Run the console script; global options may stand before or behind the command."""
    if sys.argv[1:] in (["--help"], ["-h"]) and _is_wide():
        _print_help()
        return
    from storyreel.cli.app import app
    from storyreel.cli.context import Stop

    gc.set_threshold(GARBAGE)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # Started with that stream closed: what is said goes nowhere.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123  # open till the end
    if COMPLETE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]  # re-exported without `__all__`

        completion_init()
    signal.signal(signal.SIGTERM, _terminate)
    try:
        app(args=_globals_first(sys.argv[1:]))
    except Stop as stop:
        _say(str(stop))
        sys.exit(stop.code)
    except KeyboardInterrupt:
        _say("interrupted; the same command goes on where this one stopped")
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()  # The reader went away; there is nobody to tell.
        sys.exit(1)
    except OSError as failed:
        where = f" {failed.filename}" if failed.filename else ""
        _say(f"the system refuses{where}: {(failed.strerror or str(failed)).lower()}")
        sys.exit(1)
    except Exception as bug:  # noqa: BLE001  # The last door: a user never sees a traceback, a developer finds it.
        from storyreel.cli.context import INTEGRITY
        from storyreel.render.tables import JournalRefused

        if isinstance(bug, JournalRefused):  # Whatever reads the journal may find that it is none.
            _say(str(bug))
            sys.exit(INTEGRITY)
        _say(f"this is a bug in storyreel, not in your film: {type(bug).__name__}; the report is in {_report(bug)}")
        sys.exit(1)


def _is_wide() -> bool:
    """Whether the help page fits as it is kept: 80 columns, which is also what is taken where nothing is known."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns):
        return int(columns) >= HELP_COLUMNS
    try:
        return os.get_terminal_size(1).columns >= HELP_COLUMNS
    except OSError:
        return True


def _print_help() -> None:
    """The help page as `app` would print it; kept ready, because loading every command to list them takes longest."""
    with open(os.path.join(os.path.dirname(__file__), "help.txt"), encoding="utf-8") as page:  # noqa: PTH118, PTH120, PTH123  # pathlib loads a dozen modules
        print(page.read(), end="")


def _report(bug: Exception) -> str:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="storyreel-bug-", suffix=".txt", delete=False) as report:
        report.write("".join(traceback.format_exception(bug)))
    return report.name


def _terminate(signum: int, frame: FrameType | None) -> None:
    _say("terminated; the same command goes on where this one stopped")
    raise SystemExit(143)


def _say(sentence: str) -> None:
    from storyreel.base.report import printable

    print("\n".join(f"storyreel: {printable(line)}" for line in sentence.splitlines()), file=sys.stderr)


def _globals_first(args: list[str]) -> list[str]:
    front: list[str] = []
    rest: list[str] = []
    words = iter(args)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in GLOBAL_FLAGS or (word.partition("=")[0] in GLOBAL_VALUES and "=" in word):
            front.append(word)
        elif word in GLOBAL_VALUES:
            front += [word, *[value for value in [next(words, None)] if value is not None]]
        else:
            rest.append(word)
    return front + rest
