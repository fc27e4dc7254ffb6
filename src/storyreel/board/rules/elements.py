"""Elements and where they are mentioned."""

from __future__ import annotations

from collections.abc import Iterator

from storyreel.base.diagnostic import Hint
from storyreel.base.span import Span
from storyreel.board.mentions import mentions
from storyreel.board.model import Element, Scene, Storyboard
from storyreel.board.node import Mapping, Scalar
from storyreel.board.rules.files import check_picture, check_video, check_voice_sample
from storyreel.board.rules.scope import Scope

_MOST_REFERENCES = 3
_MOST_IN_A_TEXT = 3
_LONGEST_TEXT = 20_000


def check_element(scope: Scope, name: str, element: Element) -> None:
    """Pictures or a video, in the number that models take, and files that are there."""
    if element.image is not None and element.video is not None:
        apart = (Hint("its `image` stands here", element.key_span("image")), Hint("keep one of the two"))
        message = f"`{name}` has pictures and a video: an element is one or the other"
        scope.error("SR114", message, element.key_span("video"), hints=apart)
    elif element.references and element.image is None:
        message = f"`{name}` has `references` but no `image`"
        hints = ["add `image:`, its picture from the front"]
        scope.error("SR114", message, element.key_span("references"), hints=hints)
    elif element.image is not None and not element.references:
        message = f"`{name}` has one picture: models that take pictures want at least one more"
        hints = ["add `references: [path]`, one to three further angles; until then its description stands in"]
        scope.warning("SR114", message, element.span("image"), hints=hints)
    if len(element.references) > _MOST_REFERENCES:
        message = f"`{name}` has {len(element.references)} references, at most {_MOST_REFERENCES} can be sent"
        scope.error("SR114", message, element.span("references", _MOST_REFERENCES), label="one too many")
    if element.image is not None:
        check_picture(scope, element.image, element.span("image"), f"the picture of `{name}`")
    for i, path in enumerate(element.references):
        at = element.span("references", i)
        check_picture(scope, path, at, f"a picture of `{name}`")
    if element.video is not None:
        check_video(scope, element.video, element.span("video"), f"the video of `{name}`")
    if element.voice is not None and element.voice.sample is not None:
        check_voice_sample(scope, element.voice.sample, element.voice.span("sample"), name)


def check_board_mentions(scope: Scope) -> None:
    """The board's own style; the words of scenes are checked with the scenes."""
    style = scope.board.node.get("style") if isinstance(scope.board.node, Mapping) else None
    if isinstance(style, Scalar):
        _check_names(scope, style)


def check_mentions(scope: Scope, scene: Scene) -> None:
    """Every `@Name` is declared, and no more than one of them is a video."""
    mentioned: dict[str, Scalar] = {}
    for scalar in _words(scene):
        if "@" in scalar.text:
            for name in _check_names(scope, scalar):
                mentioned.setdefault(name, scalar)
    for name in _in_style(scope.board, scene, scope.names):
        mentioned.setdefault(name, Scalar("", scene.span("id")))
    videos = [name for name in mentioned if scope.board.elements[name].video is not None]
    if len(videos) > 1:
        at = mentioned[videos[1]]
        found = next((m for m in mentions(at.text, scope.names) if m[2] == videos[1]), None)
        message = f"`@{videos[0]}` and `@{videos[1]}` are both videos: a scene can send one"
        hints = ["give one of them pictures (`image` and `references`), or make two scenes"]
        scope.error("SR115", message, scope.within(at, *found[:2]) if found else at.span, hints=hints)


def _words(scene: Scene) -> Iterator[Scalar]:
    owners = [(scene.node, ("place", "style")), *((shot.node, ("camera", "prompt")) for shot in scene.shots)]
    for node, keys in owners:
        if isinstance(node, Mapping):
            for key in keys:
                value = node.get(key)
                if isinstance(value, Scalar):
                    yield value


def _in_style(board: Storyboard, scene: Scene, names: tuple[str, ...]) -> Iterator[str]:
    if scene.style is None and board.style is not None:
        for _, _, name in mentions(board.style, names):
            if name is not None:
                yield name


def _check_names(scope: Scope, scalar: Scalar) -> list[str]:
    known: list[str] = []
    unknown = 0
    if len(scalar.text) > _LONGEST_TEXT:
        return known  # too long for any model, which is said elsewhere
    for start, end, name in mentions(scalar.text, scope.names):
        if name is not None:
            known.append(name)
            continue
        unknown += 1
        if unknown > _MOST_IN_A_TEXT:
            continue
        written = scalar.text[start:end]
        meant = scope.nearest(written[1:], scope.names)
        hints = [Hint(f"did you mean `@{meant}`?", declared_at(scope, meant))] if meant else []
        if not hints:
            hints = [Hint("declare it under `elements:`, or write `@@` for a plain @")]
        message = f"unknown element `{written}`"
        scope.error("SR104", message, scope.within(scalar, start, end), label="not declared in `elements`", hints=hints)
    return known


def declared_at(scope: Scope, name: str) -> Span | None:
    """Where an element's name is written."""
    elements = scope.board.node.get("elements") if isinstance(scope.board.node, Mapping) else None
    key = elements.key(name) if isinstance(elements, Mapping) else None
    return key.span if key is not None else None
