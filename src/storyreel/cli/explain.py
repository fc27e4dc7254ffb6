"""`explain`: why a scene is or is not made again, or what a diagnostic code means."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from storyreel.base.money import usd_label, usd_text
from storyreel.base.nearest import nearest
from storyreel.base.report import printable
from storyreel.base.timebase import seconds_text
from storyreel.cli.check import compile_board, print_diagnostics
from storyreel.cli.context import DONE, FAILED, USAGE, Common, Stop

if TYPE_CHECKING:
    from storyreel.driver.because import Because
    from storyreel.plan.explain import SceneExplanation


def explain(common: Common, what: str, board: str | None, provider: str | None, film: str | None, as_json: bool) -> int:
    """Explain a code (`SR104`) or, with `--board`, a scene."""
    if board is None and re.fullmatch(r"(?i)sr\d{3}", what):
        return _code(what.upper(), as_json)
    if board is None:
        raise Stop(USAGE, f"whose scene is {what}? Name its board: storyreel explain {what} --board BOARD")
    from storyreel.driver.because import because
    from storyreel.plan.explain import explain_scene

    project = common.open()
    compiled = compile_board(project, common.board(project, board), provider, film)
    if compiled.plan is None:
        print_diagnostics(common, project, compiled.diagnostics)
        return FAILED
    names = {scene.id for one in compiled.plan.films for scene in one.scenes}
    if what not in names:
        close = nearest(what, names)
        raise Stop(USAGE, f"{compiled.path} has no scene {what}" + (f"; did you mean {close}?" if close else ""))
    first = next(one for one in compiled.plan.films if any(scene.id == what for scene in one.scenes))
    found = explain_scene(first, what)
    why = because(project, compiled, first, next(scene for scene in first.scenes if scene.id == what))
    if as_json:
        document = scene_document(found) | {"because": None if why is None else _because_document(why)}
        print(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        print(scene_text(found))
        for line in _because_text(why, common, compiled.path) if why is not None else ():
            print(line)
    return DONE


def _because_document(why: Because) -> dict[str, Any]:
    return {
        "is_recorded": why.is_recorded,
        "changes": [{"field": one.field, "old": one.old, "new": one.new} for one in why.changes],
    }


def _because_text(why: Because, common: Common, board: str) -> Iterator[str]:
    """What changed since the locked takes, words that went and came marked."""
    from storyreel.cli.diff_text import change_lines

    has_color = common.has_color(sys.stdout)
    if not why.is_recorded:
        yield "  its words changed since the takes in the lock; what was asked for those was not kept here"
        yield f"  `storyreel diff REV {board}` shows what changed since a commit"
        return
    yield "  changed since the takes in the lock:"
    for change in why.changes:
        yield from change_lines(
            change, "", "    ", lambda text, code: f"\x1b[{code}m{text}\x1b[0m" if has_color and text else text
        )


def scene_document(found: SceneExplanation) -> dict[str, Any]:
    """The explanation as plain JSON."""
    return {
        "scene": found.scene,
        "film": found.film,
        "notes": list(found.notes),
        "parts": [
            {
                "key": one.part.key,
                "take": one.part.take,
                "action": one.part.action,
                "reason": one.part.reason,
                "provider": one.part.provider,
                "endpoint": one.part.endpoint,
                "cost_usd": usd_text(one.part.cost_usd),
                "parameters": [asdict(parameter) for parameter in one.parameters],
                "shots": [asdict(shot) for shot in one.shots],
            }
            for one in found.parts
        ],
    }


def scene_text(found: SceneExplanation) -> str:
    """The explanation for people."""
    lines: list[str] = []
    for number, one in enumerate(found.parts, 1):
        part = one.part
        name = found.scene if len(found.parts) == 1 else f"{found.scene} {number}/{len(found.parts)}"
        take = "" if part.take is None else f", take {part.take}"
        lines += [f"{name}: {part.action}, {part.reason}", f"  {part.provider} {part.endpoint or ''}".rstrip()]
        lines.append(f"  key {part.key[:12]}{take}, {seconds_text(part.seconds)} s, {usd_label(part.cost_usd)}")
        for parameter in one.parameters:
            detail = f" ({parameter.detail})" if parameter.detail else ""
            lines.append(f"  {parameter.name:<16} {parameter.treatment:<12} {parameter.value}{detail}")
        for shot in one.shots:
            lines += [f"  shot {shot.number}, {shot.seconds} s, as sent ({len(shot.sent)} characters):"]
            lines += [f"    {line}" for line in wrap(shot.sent, 100)]
    lines += [f"  {note}" for note in found.notes]
    return "\n".join(printable(line) for line in lines)


def _code(code: str, as_json: bool) -> int:
    from storyreel.base.codes import CODES

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
