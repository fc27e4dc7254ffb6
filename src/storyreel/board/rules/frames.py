"""Where scenes begin and end: pictures, and frames of other scenes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from storyreel.base.span import Span
from storyreel.board.model import Scene
from storyreel.board.rules.files import check_picture, check_start_picture
from storyreel.board.rules.scope import Scope

PREVIOUS = "previous"
MOST_SEAMS = 3
"""In a row: what a chain of generated scenes bears."""
_LONGEST_RING = 8
_OF_SCENE = re.compile(r"(?P<scene>[^@/\s]+)@(?P<frame>[A-Za-z]*)")


def scene_of_frame(text: str) -> str | None:
    """The scene's id in `storm@last`; None where the text is a path or `previous`."""
    found = _OF_SCENE.fullmatch(text)
    return found["scene"] if found is not None and found["frame"] == "last" else None


def scene_before(scenes: Sequence[Scene], index: int) -> Scene | None:
    """What `previous` means in the scene at `index`: the nearest earlier scene that is not a card."""
    return next((scenes[i] for i in range(index - 1, -1, -1) if scenes[i].kind != "card"), None)


def check_frame_files(scope: Scope, scene: Scene) -> None:
    """Pictures to start on and to end on; an end wants a start."""
    if scene.kind != "shots":
        return
    for text, at in _starts(scene):
        if _is_path(text):
            check_start_picture(scope, scene, text, at)
    if scene.end is None:
        return
    if not scene.start:
        hint = "add `start:`, the picture that the scene begins on"
        scope.error("SR122", "a scene with an `end` needs a `start`", scene.key_span("end"), hints=[hint])
    if _is_path(scene.end):
        check_picture(scope, scene.end, scene.span("end"), "the end picture")


def check_frames(scope: Scope) -> None:
    """Frames of other scenes: the scenes exist, have frames, and do not wait for each other."""
    scenes = scope.board.scenes
    if not any(scene.start or scene.end for scene in scenes):
        return
    by_id = {scene.id: scene for scene in scenes}
    waits: dict[str, dict[str, Span]] = {}
    for index, scene in enumerate(scenes):
        if scene.kind != "shots":
            continue
        frames = _starts(scene)
        if scene.end is not None:
            frames.append((scene.end, scene.span("end")))
        for text, at in frames:
            if not _is_path(text):
                other = _wanted(scope, index, by_id, text, at)
                if other is not None:
                    waits.setdefault(scene.id, {}).setdefault(other.id, at)
    if len(by_id) == len(scenes):  # two scenes of one name would make rings of their own
        _check_cycles(scope, waits)


def _starts(scene: Scene) -> list[tuple[str, Span]]:
    if len(scene.start) == 1:
        at = scene.span("start", 0)
        return [(scene.start[0], at)]
    return [(text, scene.span("start", i)) for i, text in enumerate(scene.start)]


def _is_path(text: str) -> bool:
    return text != PREVIOUS and not _OF_SCENE.fullmatch(text) and ("/" in text or "." in text)


def _wanted(scope: Scope, index: int, by_id: dict[str, Scene], text: str, at: Span) -> Scene | None:
    """The scene that a frame is taken from; None, with a diagnostic, where there is none."""
    if text == PREVIOUS:
        before = scene_before(scope.board.scenes, index)
        if before is None:
            why = "the first scene" if index == 0 else "only cards"
            message = f"there is no `previous` frame: {'this is ' + why if index == 0 else why + ' stand before it'}"
            scope.error("SR122", message, at, hints=["name a picture: `start: assets/first.png`"])
        return before
    found = _OF_SCENE.fullmatch(text)
    if found is None:
        meant = scope.nearest(text, [PREVIOUS]) or (f"{text}@last" if text in by_id else None)
        hints = [f"did you mean `{meant}`?"] if meant else ["write a path, `previous`, or another scene's `storm@last`"]
        scope.error("SR121", f"`{text}` is neither a picture nor a frame", at, hints=hints)
        return None
    name = found["scene"]
    other = by_id.get(name)
    if other is None:
        meant = scope.nearest(name, by_id)
        hints = [f"did you mean `{meant}@last`?"] if meant else [f"the scenes are {_few(list(by_id))}"]
        scope.error("SR121", f"there is no scene `{name}`", at, hints=hints)
    elif found["frame"] != "last":
        scope.error("SR121", f"`{text}` is not a frame: only the last one can be had", at, hints=[f"`{name}@last`"])
    elif other.kind == "card":
        hints = ["begin on a picture, or on the last frame of a scene with shots"]
        scope.error("SR122", f"scene `{name}` is a card: it has no frame to go on from", at, hints=hints)
    else:
        return other
    return None


def _check_cycles(scope: Scope, waits: dict[str, dict[str, Span]]) -> None:
    done: dict[str, int] = {}
    """How many seams in a row lead to a scene."""
    is_ring = False
    for start in waits:
        path = {start: None}
        stack = [(start, iter(waits[start].items()))]
        while stack:
            here, following = stack[-1]
            step = next(following, None)
            if step is None:
                stack.pop()
                path.pop(here)
                done[here] = 1 + max(done.get(name, 0) for name in waits[here])
            elif step[0] in path:
                way = list(path)
                _report_ring(scope, waits, way[way.index(step[0]) :])
                is_ring = True
            elif step[0] in waits and step[0] not in done:
                stack.append((step[0], iter(waits[step[0]].items())))
                path[step[0]] = None
    for scene, seams in done.items():
        if seams == MOST_SEAMS + 1 and not is_ring:
            _report_chain(scope, waits[scene], scene)


def _report_chain(scope: Scope, needs: dict[str, Span], scene: str) -> None:
    """Once a chain, at the first scene that is too far from its beginning."""
    message = f"`{scene}` is the end of a chain of {MOST_SEAMS + 1} seams, each on the last frame of a scene before it"
    hints = ["begin one of them on a picture: colours and faces drift a little further with each seam, and whatever is"
             " made again makes all that follow again"]  # fmt: skip
    scope.warning("SR138", message, next(iter(needs.values())), hints=hints)


def _report_ring(scope: Scope, waits: dict[str, dict[str, Span]], ring: list[str]) -> None:
    """At the scene that comes first in the film: it is the one that looks ahead."""
    order = {scene.id: i for i, scene in enumerate(scope.board.scenes)}
    first = min(range(len(ring)), key=lambda i: order[ring[i]])
    ring = [*ring[first:], *ring[:first], ring[first]]
    shown = ring if len(ring) <= _LONGEST_RING else [*ring[: _LONGEST_RING - 2], "…", ring[-1]]
    message = f"these scenes wait for each other: {' → '.join(f'`{name}`' for name in shown)}"
    if len(ring) == 2:
        message = f"scene `{ring[0]}` begins on its own last frame"
    scope.error("SR123", message, waits[ring[0]][ring[1]], hints=["begin one of them on a picture"])


def _few(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names[:6]) + (" and so on" if len(names) > 6 else "")
