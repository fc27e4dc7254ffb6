"""What stands in the way of a request, at its place in the board."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from storyreel.base.diagnostic import Diagnostic, error, warning
from storyreel.base.span import Span
from storyreel.board.model import Located, Scene, Shot, Storyboard
from storyreel.board.node import Mapping
from storyreel.plan.lower import Problem
from storyreel.plan.route import Seller

OnLoss = Literal["error", "warn"]


def told(
    problems: Sequence[Problem], scene: Scene, shots: Sequence[Shot], board: Storyboard, on_loss: OnLoss
) -> tuple[Diagnostic, ...]:
    """Diagnostics for one request of a scene. A loss of what nobody wrote, a default, is none."""
    found = []
    for problem in problems:
        at = _place(problem, scene, shots, board)
        if at is None:
            continue
        is_warning = problem.severity == "warning" or (problem.severity == "loss" and on_loss == "warn")
        tell = warning if is_warning else error
        label = "dropped" if problem.severity == "loss" and is_warning else problem.label
        hints = list(problem.hints)
        if problem.severity == "loss" and not is_warning:
            hints.append('`on_loss = "warn"` under [render] in storyreel.toml sends the request without it')
        found.append(tell(problem.code, problem.message, at, label=label, hints=hints))
    return tuple(found)


def not_sold(sellers: Sequence[Seller], scene: Scene, board: Storyboard, *, model: str, tier: str) -> Diagnostic:
    """No seller has an endpoint for what is asked."""
    names = " and ".join(seller.name for seller in sellers)
    message = f"{names} {'does' if len(sellers) == 1 else 'do'} not sell {model} in tier {tier}"
    key = "tier" if _owner(scene, board, "tier") is not None else "model"
    owner = _owner(scene, board, key)
    at = owner.span(key) if owner is not None else scene.span("id")
    hints = ["choose another `tier` or `model`, or another provider with --provider"]
    return error("SR317", message, at, hints=hints)


def _place(problem: Problem, scene: Scene, shots: Sequence[Shot], board: Storyboard) -> Span | None:
    kind, *steps = problem.at
    match kind:
        case "key":
            key = str(steps[0])
            owner = _owner(scene, board, key)
            return owner.span(key) if owner is not None else None
        case "shot":
            return shots[int(steps[0])].span(*steps[1:])
        case "extra":
            owner = scene if steps[0] in scene.extra else board
            return owner.span("extra", *steps)
        case "element":
            return board.elements[str(steps[0])].span(*steps[1:])
    return scene.span(*steps)


def _owner(scene: Scene, board: Storyboard, key: str) -> Located | None:
    """Who wrote a generation key that holds for a scene; None where it is a default."""
    for owner in (scene, board):
        if isinstance(owner.node, Mapping) and owner.node.get(key) is not None:
            return owner
    return None
