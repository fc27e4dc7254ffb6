"""An expanded film to a `Storyboard`: first every map on its own, then what must hold between them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from storyreel.base.diagnostic import Checked, Diagnostic, error, in_order
from storyreel.board.expand import ExpandedFilm
from storyreel.board.model import Element, Scene, Storyboard
from storyreel.board.node import Mapping, Node, Scalar, Sequence
from storyreel.board.reading import mistakes
from storyreel.board.reading.read import read, read_named
from storyreel.board.reading.slots import slots
from storyreel.board.rules import (
    elements,
    files,
    frames,
    idle,
    lines,
    music,
    names,
    shapes,
    texts,
    times,
    transitions,
)
from storyreel.board.rules.scope import MOST_FINDINGS, Enough, Scope
from storyreel.board.source import SourceTree

Memo = dict[Any, Any]

_DEFAULTS = {
    "model": "kling-v3",
    "tier": "standard",
    "aspect_ratio": "16:9",
    "generate_audio": True,
    "language": "en",
}

_SCENE_RULES: tuple[Callable[[Scope, Scene], None], ...] = (
    names.check_content,
    elements.check_mentions,
    lines.check_lines,
    files.check_scene_files,
    frames.check_frame_files,
    shapes.check_shape,
    texts.check_texts,
    idle.check_idle_keys,
)
_SCENE_TIME_RULES: tuple[Callable[[Scope, Scene], None], ...] = (
    times.check_times,
    lines.check_line_times,
    transitions.check_transition_length,
)
_BOARD_RULES: tuple[Callable[[Scope], None], ...] = (
    elements.check_board_mentions,
    names.check_scene_ids,
    transitions.check_first_transition,
    frames.check_frames,
    music.check_music,
    files.check_watermark,
    files.check_fonts,
    files.check_template,
    shapes.check_reel,
    shapes.check_board_shape,
)


@dataclass(frozen=True, slots=True)
class _Read:
    """A value with its mistakes, kept by the node that it was read from."""

    value: Any
    found: tuple[Diagnostic, ...]

    @property
    def is_mended(self) -> bool:
        return any(d.is_error for d in self.found)


def check(film: ExpandedFilm, source: SourceTree, memo: Memo | None = None) -> Checked[Storyboard]:
    """Every mistake of a film at once; the value is None where something written could not be read.

    `memo` is shared by the films of one build: a scene that they have in common is read and judged once.
    """
    memo = {} if memo is None else memo
    found: list[Diagnostic] = []
    _check_version(film.root, found)
    scenes = _scenes(film.root, memo, found)
    named = _elements(film.root, memo)
    found += named.found
    board = _board(film, scenes, named.value, found)
    if board is None:
        return Checked(None, _told(film, found))
    is_mended = any(d.is_error for d in found)
    scope = Scope(board, source, memo)
    with suppress(Enough):
        _judge(scope, scenes, memo, has_times=not is_mended)
    return Checked(None if is_mended else board, _told(film, [*found, *scope.found]))


def _told(film: ExpandedFilm, found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """What is worth saying: not that a template which could not be filled is no duration either."""
    return in_order(d for d in found if not film.hides(d.span))


def _judge(scope: Scope, scenes: list[_Read], memo: Memo, *, has_times: bool) -> None:
    board = scope.board
    for of_board in _BOARD_RULES:
        of_board(scope)
    named = board.node.get("elements") if isinstance(board.node, Mapping) else None
    settings = (board.style, board.language, board.generate_audio, board.model, board.fps, board.aspect_ratio,
                board.size, board.board)  # fmt: skip
    _once(scope, memo, ("element rules", named), partial(_judge_elements, scope))
    for scene in scenes:
        if isinstance(scene.value, Scene):
            key = ("scene rules", scene.value.node, named, settings)
            _once(scope, memo, key, partial(_judge_scene, scope, scene))
    if has_times:
        transitions.check_transition_room(scope)


def _judge_elements(scope: Scope) -> None:
    names.check_element_names(scope)
    lines.check_voice_languages(scope)
    for name, element in scope.board.elements.items():
        elements.check_element(scope, name, element)


def _judge_scene(scope: Scope, scene: _Read) -> None:
    for rule in _SCENE_RULES if scene.is_mended else _SCENE_RULES + _SCENE_TIME_RULES:
        rule(scope, scene.value)


def _once(scope: Scope, memo: Memo, key: tuple[Any, ...], judge: Callable[[], None]) -> None:
    """Judge, or repeat what was found when the same nodes were judged for another film."""
    if key in memo:
        scope.found += memo[key]
        return
    earlier, scope.found = scope.found, []
    try:
        judge()
        memo[key] = tuple(scope.found)
    finally:
        scope.found = earlier + scope.found


def _scenes(root: Mapping, memo: Memo, found: list[Diagnostic]) -> list[_Read]:
    node = root.get("scenes")
    if node is None:
        found.append(mistakes.missing_key("board", "scenes", root))
        return []
    if not isinstance(node, Sequence):
        is_null = isinstance(node, Scalar) and node.is_null
        slot = slots(Storyboard)["scenes"]
        found.append(_no_scenes(root, node) if is_null else mistakes.wrong_shape("board", slot, node))
        return []
    if not node.items:
        found.append(_no_scenes(root, node))
    results = []
    for item in node.items:
        if item not in memo:
            own: list[Diagnostic] = []
            memo[item] = _Read(read(Scene, item, own), tuple(own))
        results.append(memo[item])
        found += memo[item].found
        if len(found) > MOST_FINDINGS:
            break
    return results


def _no_scenes(root: Mapping, node: Node) -> Diagnostic:
    key = root.key("scenes")
    at = node.span if isinstance(node, Sequence) or key is None else key.span
    is_written = isinstance(node, Sequence) and (node.span.end_line, node.span.end_column) > (at.line, at.column + 2)
    if is_written:
        hint = "each scene written has a `when:` that is false here, or places nothing"
        return error("SR112", "no scene is left in the film", at, hints=[hint])
    return error("SR112", "the film has no scenes", at, hints=["`- {id: first, shots: [{duration: 5, prompt: …}]}`"])


def _elements(root: Mapping, memo: Memo) -> _Read:
    node = root.get("elements")
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return _Read({}, ())
    if node not in memo:
        own: list[Diagnostic] = []
        value: dict[str, Element] = {}
        if isinstance(node, Mapping):
            value = read_named(Element, node, own)
        else:
            own.append(mistakes.wrong_shape("board", slots(Storyboard)["elements"], node))
        memo[node] = _Read(value, tuple(own))
    result: _Read = memo[node]
    return result


def _board(
    film: ExpandedFilm, scenes: list[_Read], named: dict[str, Element], found: list[Diagnostic]
) -> Storyboard | None:
    ready: dict[str, Any] = {
        "film": film.name,
        "board": film.board,
        "scenes": tuple(scene.value for scene in scenes if scene.value is not None),
        "elements": named,
    }
    for key, default in _DEFAULTS.items():
        value = film.root.get(key)
        is_written = value is not None and not (isinstance(value, Scalar) and value.is_null)
        if not is_written and not (key == "aspect_ratio" and "size" in film.root):
            ready[key] = default
    return read(Storyboard, film.root, found, ready)


def _check_version(root: Mapping, found: list[Diagnostic]) -> None:
    node = root.get("storyreel")
    if node is None:
        message = "the board does not say which version of the language it is written in"
        found.append(error("SR100", message, root.span, hints=["begin it with `storyreel: 1`"]))
    elif not isinstance(node, Scalar) or node.text.strip() != "1":
        newer = isinstance(node, Scalar) and node.text.strip().isdigit()
        hint = "a newer storyreel reads it; this one knows version 1" if newer else "write `storyreel: 1`"
        found.append(error("SR100", "this is not version 1 of the language", node.span, hints=[hint]))
