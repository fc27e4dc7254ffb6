"""`compile`: the exact requests on the wire. Connects nowhere."""

from __future__ import annotations

import json

from storyreel.cli.check import compile_board, print_diagnostics
from storyreel.cli.context import DONE, FAILED, USAGE, Common, Stop


def compile_requests(common: Common, board: str, provider: str | None, film: str | None, form: str) -> int:
    """Print every request of a board, each (key, take) once; exit 1 on errors."""
    from storyreel.driver.sellers import paid_provider, sellers_of
    from storyreel.plan.catalog import ANIMATIC
    from storyreel.plan.wire.rows import rows, wire_document

    if provider == ANIMATIC:
        raise Stop(USAGE, "an animatic is drawn here and sends no request; name a provider, for example fal")
    project = common.open()
    path = common.board(project, board)
    name = provider or paid_provider(project.settings)
    compiled = compile_board(project, path, name, film)
    if compiled.plan is None:
        if form == "json":
            from storyreel.base.report import render_json

            print(json.dumps(render_json(compiled.diagnostics), indent=2, ensure_ascii=False))
        else:
            print_diagnostics(common, project, compiled.diagnostics)
        return FAILED
    print_diagnostics(common, project, compiled.diagnostics)
    found = rows(compiled.plan, {seller.name: seller for seller in sellers_of(name, project.settings)})
    if form == "json":
        print(json.dumps(wire_document(found), indent=2, ensure_ascii=False))
        return DONE
    from storyreel.plan.wire.curl import curl_script
    from storyreel.plan.wire.js import js_script
    from storyreel.plan.wire.python import python_script

    print({"curl": curl_script, "python": python_script, "js": js_script}[form](found))
    return DONE
