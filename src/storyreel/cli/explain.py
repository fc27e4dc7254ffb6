"""`explain`: why a scene is or is not made again, or what a diagnostic code means."""

from __future__ import annotations

import json
import re

from storyreel.cli.check import compile_board, print_diagnostics
from storyreel.cli.context import DONE, FAILED, USAGE, Common, Stop


def explain(common: Common, what: str, board: str | None, provider: str | None, film: str | None, as_json: bool) -> int:
    """Explain a code (`SR104`) or, with `--board`, a scene."""
    if board is None and re.fullmatch(r"(?i)sr\d{3}", what):
        return _code(what.upper(), as_json)
    if board is None:
        raise Stop(USAGE, f"whose scene is {what}? Name its board: storyreel explain {what} --board BOARD")
    from storyreel.plan.explain import explain_scene, explain_text

    project = common.open()
    compiled = compile_board(project, common.board(project, board), provider, film)
    if compiled.plan is None:
        print_diagnostics(common, project, compiled.diagnostics)
        return FAILED
    try:
        found = explain_scene(compiled.plan, what)
    except LookupError as unknown:
        raise Stop(USAGE, str(unknown.args[0])) from None
    print(json.dumps(found, indent=2, ensure_ascii=False) if as_json else explain_text(found))
    return DONE


def _code(code: str, as_json: bool) -> int:
    from storyreel.base.codes import CODES
    from storyreel.base.nearest import nearest

    known = CODES.get(code)
    if known is None:
        close = nearest(code, CODES)
        raise Stop(USAGE, f"no diagnostic is called {code}" + (f"; did you mean {close}?" if close else ""))
    if as_json:
        row = {"code": known.code, "title": known.title, "explanation": known.explanation}
        print(json.dumps(row, indent=2, ensure_ascii=False))
    else:
        print(f"{known.code}: {known.title}\n\n{known.explanation.strip()}")
    return DONE
