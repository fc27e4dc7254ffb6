"""Ids are unique, a scene has one kind of content, lists hold something."""

from __future__ import annotations

from collections.abc import Iterable

from storyreel.base.diagnostic import Hint
from storyreel.base.span import Span
from storyreel.board.model import NARRATOR, Scene, Shot
from storyreel.board.node import Mapping, Sequence
from storyreel.board.reading.mistakes import listed
from storyreel.board.rules.scope import Scope, is_stand_in

_CONTENT = ("shots", "card", "still", "clip")


def check_scene_ids(scope: Scope) -> None:
    _unique(scope, scope.board.scenes, "scene")


def check_element_names(scope: Scope) -> None:
    for name, element in scope.board.elements.items():
        if name.lower() == NARRATOR:
            hint = "an element is someone who is seen; give it another name"
            scope.error("SR110", f"`{name}` is the voice that nobody sees", _name_span(scope, name), hints=[hint])
        if element.description is None and element.image is None and element.video is None:
            hint = "add a `description`, or an `image` with `references`"
            scope.warning("SR136", f"nothing says what `{name}` looks like", element.span(), hints=[hint])


def check_content(scope: Scope, scene: Scene) -> None:
    """A scene has exactly one of shots, card, still and clip."""
    node = scene.node
    assert isinstance(node, Mapping)
    written = [key for key, _ in node.entries if key.text in _CONTENT]
    if not written:
        hints = ["give it `shots:`, or a `card:`, a `still:` or a `clip:`"]
        scope.error("SR113", f"scene `{scene.id}` shows nothing", scene.span(), label="no `shots`", hints=hints)
    elif len(written) > 1:
        message = f"scene `{scene.id}` has {listed([k.text for k in written])}: a scene is one of them"
        apart = (Hint("the other one stands here", written[0].span), Hint("make two scenes of it"))
        scope.error("SR113", message, written[1].span, hints=apart)
    elif written[0].text == "shots":
        shots = node.get("shots")
        if isinstance(shots, Sequence) and not shots.items:
            scope.error("SR112", f"scene `{scene.id}` has no shots", shots.span, hints=["`- {duration: 5, prompt: …}`"])
        _unique(scope, scene.shots, "shot")


def _unique(scope: Scope, owners: Iterable[Scene | Shot], what: str) -> None:
    first: dict[str, Span] = {}
    for owner in owners:
        if owner.id is None or not (isinstance(owner.node, Mapping) and "id" in owner.node):
            continue
        if is_stand_in(owner, "id", owner.id):
            continue
        at = owner.span("id")
        earlier = first.setdefault(owner.id, at)
        if earlier is at:
            continue
        if earlier == at:
            hint = Hint(f'it is placed more than once: let a param fill its id, `id: "{owner.id}-{{{{ … }}}}"`')
        else:
            hint = Hint("first used here", earlier)
        place = "film" if what == "scene" else "scene"
        scope.error("SR110", f"two {what}s of this {place} are named `{owner.id}`", at, hints=[hint])


def _name_span(scope: Scope, name: str) -> Span:
    elements = scope.board.node.get("elements") if isinstance(scope.board.node, Mapping) else None
    key = elements.key(name) if isinstance(elements, Mapping) else None
    return key.span if key is not None else scope.board.span()
