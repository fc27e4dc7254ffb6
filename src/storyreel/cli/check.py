"""`check`: every diagnostic of every variant."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from storyreel.cli.context import DONE, FAILED, INTEGRITY, USAGE, Common, Stop

if TYPE_CHECKING:
    from storyreel.base.diagnostic import Diagnostic
    from storyreel.driver.project import Compiled, Project


def check(common: Common, boards: Sequence[str], output_format: str, film: str | None) -> int:
    """Check the named boards, or all of them; exit 1 where there is an error, warnings do not count."""
    project = common.open()
    paths = [common.board(project, name) for name in boards] or list(project.boards())
    if not paths:
        folder = project.root / "storyboards"
        other = sorted(file.name for file in folder.glob("*.y*ml") if not file.name.endswith(".lock.yaml"))
        mend = f"{other[0]} does not say `storyreel: 1`" if other else "`storyreel init` makes one"
        raise Stop(USAGE, f"no board under {folder}; {mend}")
    compiled = compile_boards(project, paths, None, film)
    found = [d for one in compiled for d in one.diagnostics]
    print_diagnostics(common, project, found, output_format, to_output=True)
    films = sum(len(one.names) for one in compiled)
    if output_format in ("full", "concise"):
        errors = sum(d.is_error for d in found)
        common.hint(f"{_count(len(compiled), 'board')}, {_count(films, 'film')}: {_tally(errors, len(found) - errors)}")
    return FAILED if any(d.is_error for d in found) else DONE


def compile_board(
    project: Project, path: str, provider: str | None, film: str | None, rebuy: frozenset[str] = frozenset()
) -> Compiled:
    """Compile, or stop where `--film` names none."""
    return compile_boards(project, [path], provider, film, rebuy)[0]


def compile_boards(
    project: Project, paths: Sequence[str], provider: str | None, film: str | None, rebuy: frozenset[str] = frozenset()
) -> list[Compiled]:
    """Compile those that have a film that `--film` names, or stop where none has."""
    compiled = [_compiled(project, path, provider, film, rebuy) for path in paths]
    if film is None:
        return compiled
    named = [one for one in compiled if one.names or one.has_errors]
    if not named:
        raise Stop(USAGE, f"no film of {' or '.join(paths)} is called {film}")
    return named


def _compiled(project: Project, path: str, provider: str | None, film: str | None, rebuy: frozenset[str]) -> Compiled:
    from storyreel.driver.locks import LockRefused
    from storyreel.driver.sellers import UnknownProvider

    try:
        return project.compile(path, provider=provider, only=film, rebuy=rebuy)
    except UnknownProvider as unknown:
        raise Stop(USAGE, str(unknown)) from None
    except LockRefused as refused:
        raise Stop(INTEGRITY, str(refused)) from None


def print_diagnostics(
    common: Common,
    project: Project,
    found: Sequence[Diagnostic],
    output_format: str = "full",
    *,
    to_output: bool = False,
) -> None:
    """Write diagnostics: as the result (check), or on standard error beside another result."""
    from storyreel.base.report import render_concise, render_full, render_github, render_json

    stream = sys.stdout if to_output else sys.stderr
    if output_format == "json":
        print(json.dumps(render_json(found), indent=2, ensure_ascii=False), file=stream)
        return
    texts: Mapping[str, str] = project.texts(found)
    if output_format == "github":
        text = render_github(_from_here(project, found))
    elif output_format == "concise":
        text = render_concise(found)
    else:
        text = render_full(found, texts, color=common.has_color(stream))
    if text:
        print(text.rstrip("\n"), file=stream)


def _tally(errors: int, warnings: int) -> str:
    if not errors and not warnings:
        return "no errors"
    return ", ".join(_count(n, word) for n, word in ((errors, "error"), (warnings, "warning")) if n)


def _from_here(project: Project, found: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """With paths from where the command runs, which is where GitHub looks for them."""
    folder = os.path.relpath(project.root)
    if folder == os.curdir:
        return found
    return [replace(one, span=replace(one.span, file=f"{folder}/{one.span.file}")) for one in found]


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")
