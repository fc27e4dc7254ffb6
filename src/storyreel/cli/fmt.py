"""`fmt`: key order and layout."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from storyreel.cli.context import DONE, FAILED, Common


def fmt(common: Common, boards: Sequence[str], is_check: bool) -> int:
    """Format the named boards, or all of them; with `--check` name those that would change."""
    from storyreel.base.report import render_full
    from storyreel.board.fmt import FormatRefused, format_board

    project = common.open()
    status = DONE
    for path in [common.board(project, name) for name in boards] or list(project.boards()):
        text = project.source.read(path).decode("utf-8-sig")
        try:
            formatted = format_board(text, path)
        except FormatRefused as refused:
            found = refused.diagnostics
            print(render_full(found, {path: text}, color=common.has_color(sys.stderr)), file=sys.stderr)
            status = FAILED
            continue
        if formatted == text:
            continue
        if is_check:
            print(path)
            status = FAILED
        else:
            project.source.resolve(path).write_text(formatted, encoding="utf-8", newline="\n")
            common.hint(f"formatted {path}")
    return status
