"""Durations that must be more than nothing, and stretches whose ends are in order and inside."""

from __future__ import annotations

from storyreel.base.timebase import Duration, seconds_text
from storyreel.board.lengths import written_frames
from storyreel.board.model import Clip, Located, Scene, Trim, Words
from storyreel.board.rules.scope import Scope


def check_times(scope: Scope, scene: Scene) -> None:
    for owner in (*scene.shots, scene.card, scene.still):
        if owner is not None and owner.duration.frames(scope.board.fps) < 1:
            scope.error("SR108", "a duration must be at least one frame", owner.span("duration"))
    if scene.clip is not None:
        _check_clip(scope, scene.clip)
    if scene.trim is not None:
        _check_trim(scope, scene, scene.trim)
    for shot in scene.shots:
        _check_overlays(scope, shot, shot.duration.frames(scope.board.fps), "shot")
    length = written_frames(scene, scope.board.fps)
    if length is not None:
        _check_overlays(scope, scene, length, "scene")


def _check_trim(scope: Scope, scene: Scene, trim: Trim) -> None:
    file = scene.clip.file if scene.clip is not None else None
    length = written_frames(scene, scope.board.fps, scope.known_seconds(file) if file is not None else None)
    if not _in_order(scope, trim) or length is None:
        return
    for key, at in (("in", trim.in_), ("out", trim.out)):
        if at is not None and at.frames(scope.board.fps) > length - (1 if key == "in" else 0):
            message = f"`{key}: {_text(scope, at)}` is outside the scene, which is {_seconds(scope, length)} s long"
            scope.error("SR124", message, trim.span(key))


def _check_clip(scope: Scope, clip: Clip) -> None:
    if (clip.file is None) == (clip.of is None):
        message = "a clip is a `file` or a take `of` another board" + ("" if clip.file is None else ", not both")
        hints = ["`{file: footage/harbour.mp4}` or `{of: trailer/storm}`"]
        scope.error("SR135", message, clip.span() if clip.file is None else clip.key_span("of"), hints=hints)
    if clip.of is not None:
        _check_other_board(scope, clip, clip.of)
    if not _in_order(scope, clip) or clip.file is None:
        return
    seconds = scope.known_seconds(clip.file)
    for key, at in (("in", clip.in_), ("out", clip.out)):
        if at is not None and seconds is not None and at.seconds(scope.board.fps) > seconds:
            message = f"`{key}: {_text(scope, at)}` is beyond the file, which is {seconds_text(seconds)} s long"
            scope.error("SR124", message, clip.span(key))


def _check_other_board(scope: Scope, clip: Clip, of: str) -> None:
    board, slash, scene = of.rpartition("/")
    at = clip.span("of")
    if not slash or not board or not scene:
        hints = ["write board/scene: `trailer/storm`"]
        scope.error("SR135", f"`{of}` does not name a scene of a board", at, hints=hints)
    elif board == scope.board.board:
        scope.error("SR135", "a clip cannot be of its own board", at, hints=["begin a scene on its `@last` frame"])
    else:
        scope.is_there(f"storyboards/{board}.yaml", at)


def _in_order(scope: Scope, stretch: Trim | Clip) -> bool:
    if stretch.in_ is None or stretch.out is None:
        return True
    if stretch.in_.frames(scope.board.fps) < stretch.out.frames(scope.board.fps):
        return True
    message = f"`out: {_text(scope, stretch.out)}` is not after `in: {_text(scope, stretch.in_)}`"
    scope.error("SR124", message, stretch.span("out"), label="nothing is left")
    return False


def _check_overlays(scope: Scope, owner: Scene | Located, length: int, what: str) -> None:
    """Text and sounds that would begin after the picture they belong to."""
    for entry in (*getattr(owner, "text", ()), *getattr(owner, "sfx", ())):
        if entry.at is not None and entry.at.frames(scope.board.fps) >= length:
            message = f"this begins at {_text(scope, entry.at)} s, the {what} ends at {_seconds(scope, length)} s"
            scope.error("SR124", message, entry.span("at"))

    for words in getattr(owner, "text", ()):
        if words.for_ is not None:
            _check_standing(scope, words, length, what)


def _check_standing(scope: Scope, words: Words, length: int, what: str) -> None:
    """A text that would stand longer than what it belongs to."""
    assert words.for_ is not None
    begin = words.at.frames(scope.board.fps) if words.at is not None else 0
    end = begin + words.for_.frames(scope.board.fps)
    if begin >= length or end <= length:
        return
    message = f"this text would stand until {_seconds(scope, end)} s, its {what} ends at {_seconds(scope, length)} s"
    hints = [f"`for: {_seconds(scope, length - begin)}` ends with it"]
    if what == "shot":
        hints.append("a text that stands over a cut belongs to the scene: write it there")
    label = f"{_seconds(scope, end - length)} s too long"
    scope.warning("SR137", message, words.span("for"), label=label, hints=hints)


def _text(scope: Scope, at: Duration) -> str:
    return seconds_text(at.seconds(scope.board.fps))


def _seconds(scope: Scope, frames: int) -> str:
    return seconds_text(scope.seconds(frames))
