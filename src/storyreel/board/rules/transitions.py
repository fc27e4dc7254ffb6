"""Transitions fit between the scenes that they join."""

from __future__ import annotations

from storyreel.base.timebase import seconds_text
from storyreel.board.lengths import shown_frames
from storyreel.board.model import Scene, Transition
from storyreel.board.rules.scope import Scope

_OVERLAPPING = ("dissolve", "wipe", "slide")


def check_first_transition(scope: Scope) -> None:
    """Nothing stands before the first scene, so it can only come out of black."""
    first = next(iter(scope.board.scenes), None)
    if first is not None and first.transition.kind in _OVERLAPPING:
        kind = first.transition.kind
        message = f"the first scene cannot begin with a {kind}: nothing stands before it"
        hints = [f"`fade {seconds_text(first.transition.length.seconds(scope.board.fps))}` comes out of black"]
        scope.error("SR120", message, first.span("transition"), hints=hints)


def check_transition_length(scope: Scope, scene: Scene) -> None:
    if scene.transition.kind != "cut" and scene.transition.length.frames(scope.board.fps) < 1:
        message = f"a {scene.transition.kind} of no length is a cut"
        hints = ["write `cut`, or leave `transition` out"]
        scope.error("SR120", message, scene.span("transition"), hints=hints)


def check_transition_room(scope: Scope) -> None:
    """No transition is longer than its scenes, and no scene is used up by those on its two sides."""
    scenes = scope.board.scenes
    lengths = [_length(scope, scene) for scene in scenes]
    for i, scene in enumerate(scenes):
        length = lengths[i]
        head = _taken(scope, scene.transition, is_first=i == 0)
        tail = _taken(scope, scenes[i + 1].transition) if i + 1 < len(scenes) else 0
        if length is None or not (head or tail):
            continue
        if head > length:
            _report(scope, scene, scene, head, length)
        if tail > length:
            _report(scope, scenes[i + 1], scene, tail, length)
        if max(head, tail) <= length < head + tail:
            after = scenes[i + 1]
            message = (
                f"scene `{scene.id}` is {_text(scope, length)} long: `{_name(scene)}` at its beginning takes"
                f" {_text(scope, head)} and `{_name(after)}` at its end {_text(scope, tail)}"
            )
            over = _text(scope, head + tail - length)
            hint = f"make one of them {over} shorter, or the scene {over} longer"
            scope.error("SR120", message, after.span("transition"), label=f"{over} too much", hints=[hint])


def _length(scope: Scope, scene: Scene) -> int | None:
    file = scene.clip.file if scene.clip is not None else None
    return shown_frames(scene, scope.board.fps, scope.known_seconds(file) if file is not None else None)


def _taken(scope: Scope, transition: Transition, *, is_first: bool = False) -> int:
    """Frames of one of its two scenes that a transition takes."""
    frames = transition.length.frames(scope.board.fps)
    if transition.kind == "fade":
        return frames if is_first else -(-frames // 2)
    return frames if transition.kind in _OVERLAPPING else 0


def _report(scope: Scope, into: Scene, short: Scene, taken: int, length: int) -> None:
    half = " (half of it)" if into.transition.kind == "fade" else ""
    message = (
        f"`{_name(into)}` is longer than scene `{short.id}`: it takes {_text(scope, taken)}{half}"
        f" of {_text(scope, length)}"
    )
    scope.error("SR120", message, into.span("transition"), label="too long")


def _name(scene: Scene) -> str:
    return f"{scene.transition.kind} {seconds_text(scene.transition.length.amount)}"


def _text(scope: Scope, frames: int) -> str:
    return f"{seconds_text(scope.seconds(frames))} s"
