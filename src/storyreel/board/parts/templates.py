"""Scene templates: files in `templates/` with `params` and `scenes`, placed by `use` and closed against `with`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from storyreel.base.diagnostic import Diagnostic, Hint, error, warning
from storyreel.base.nearest import nearest
from storyreel.board.jinja.values import UNKNOWABLE
from storyreel.board.node import Mapping, Node, Scalar, Sequence
from storyreel.board.parts.fill import Filler, Scope
from storyreel.board.parts.fragments import check_keys
from storyreel.board.parts.library import Library
from storyreel.board.sandbox import TemplateRefused, compile_expression

_FOLDER = "templates/"
_FIRST_ONLY = ("transition", "start", "chapter")
_LAST_ONLY = ("end",)
_FRAME = re.compile(r"(?P<scene>[^@/\s]+)@last")


@dataclass(frozen=True, slots=True)
class Param:
    """What `with` may give; `default` is None where it must be given."""

    key: Scalar
    default: Node | None


@dataclass(frozen=True, slots=True)
class SceneTemplate:
    path: str
    params: dict[str, Param]
    scenes: Sequence


class Templates:
    """One board's scene templates, each read and checked once."""

    def __init__(self, library: Library, filler: Filler) -> None:
        self._library = library
        self._filler = filler
        self._known: dict[str, tuple[SceneTemplate | None, tuple[Diagnostic, ...]]] = {}

    def open(self, name: Scalar, found: list[Diagnostic], trail: tuple[str, ...]) -> SceneTemplate | None:
        """The template of a name; None where there is none, or where it uses itself."""
        named = Scalar(f"{_FOLDER}{name.text.removesuffix('.yaml')}.yaml", name.span)
        document = self._library.document(named, found)
        if document is None:
            return None
        path = document.path
        if path in trail:
            way = " -> ".join([*trail[trail.index(path) :], path])
            found.append(error("SR212", f"the template `{name.text}` uses itself", name.span, hints=[way]))
            return None
        known = self._known.get(path)
        if known is None:
            mine: list[Diagnostic] = []
            known = self._known[path] = (self._read(document.root, path, mine), tuple(mine))
        found.extend(known[1])
        return known[0]

    def bind(
        self, template: SceneTemplate, use: Scalar, given: Node | None, scope: Scope, found: list[Diagnostic]
    ) -> Scope:
        """The values of a template's params; what `with` has too much or too little is a finding at its place."""
        bound: Scope = {}
        if not isinstance(given, Mapping):
            if given is not None and not (isinstance(given, Scalar) and given.is_null):
                found.append(error("SR210", "`with` is a map", given.span, hints=["for example `with: {seconds: 4}`"]))
            given = Mapping((), use.span)
        for key, _ in given.entries:
            if key.text not in template.params and not key.text.startswith("x-"):
                found.append(_unknown_argument(key, use, template))
        for name, param in template.params.items():
            argument = given.get(name)
            if argument is not None:
                bound[name] = self._filler.value(argument)
            elif param.default is not None:
                bound[name] = self._filler.value(self._filler.fill(param.default, {**scope, **bound}, found))
            else:
                bound[name] = UNKNOWABLE
                mend = Hint(f"add `with: {{{name}: ...}}`")
                here = Hint(f"`{name}` is required here", param.key.span)
                found.append(error("SR221", f"`{use.text}` needs `{name}`", use.span, hints=[mend, here]))
        return bound

    def _read(self, root: Mapping, path: str, found: list[Diagnostic]) -> SceneTemplate | None:
        check_keys(root, ("params", "scenes"), "template", found)
        params: dict[str, Param] = {}
        declared = root.get("params")
        if isinstance(declared, Mapping):
            for key, node in declared.entries:
                if not key.text.startswith("x-"):
                    params[key.text] = _param(key, node, found)
        elif declared is not None and not (isinstance(declared, Scalar) and declared.is_null):
            hint = "for example `params: {name: {required: true}, seconds: 5}`"
            found.append(error("SR210", "`params` is a map", declared.span, hints=[hint]))
        scenes = root.get("scenes")
        if not isinstance(scenes, Sequence):
            span = root.span if scenes is None else scenes.span
            hint = "a template is `params: {...}` and `scenes: [...]`"
            found.append(error("SR210", f"`{path}` needs a list of `scenes`", span, hints=[hint]))
            return None
        asked = self._asked(scenes)
        for name, param in params.items():
            if name not in asked:
                hint = f"write `{{{{ {name} }}}}` where it belongs, or remove it"
                found.append(warning("SR222", f"no scene asks for `{name}`", param.key.span, hints=[hint]))
        return SceneTemplate(path, params, scenes)

    def _asked(self, scenes: Sequence) -> set[str]:
        asked = set(self._filler.names(scenes) or ())
        for item in scenes.items:
            when = item.get("when") if isinstance(item, Mapping) else None
            if isinstance(when, Scalar):
                try:
                    asked |= compile_expression(when.text).names
                except TemplateRefused:
                    continue  # reported where the scene is placed
        return asked


def with_id(filler: Filler, scenes: list[Node], overlay: Mapping, use: Scalar, *, is_single: bool) -> list[Node]:
    """Placed scenes under the id of their `use`, with its other keys laid over them.

    The id replaces that of a single scene and goes before those of several (`id-inner`); references among them follow.
    Without an id the inner ones stay. `transition`, `start` and `chapter` go to the first scene, `end` to the last.
    """
    own = overlay.get("id")
    renamed: dict[str, str] = {}
    ids: list[str | None] = []
    for at, scene in enumerate(scenes):
        inner = scene.get("id") if isinstance(scene, Mapping) else None
        text = inner.text if isinstance(inner, Scalar) and filler.names(inner) is None else None
        if isinstance(own, Scalar) and own.text:
            new = own.text if is_single and len(scenes) == 1 else f"{own.text}-{text or at + 1}"
            renamed[text or new] = new
            ids.append(new)
        else:
            ids.append(text)
    placed: list[Node] = []
    for at, scene in enumerate(scenes):
        if not isinstance(scene, Mapping):
            placed.append(scene)
            continue
        is_first, is_last = at == 0, at == len(scenes) - 1
        entries = _identified(filler, scene, ids[at], own if isinstance(own, Scalar) else use, use)
        entries = [(k, _follow(filler, v, renamed) if k.text in ("start", "end") else v) for k, v in entries]
        placed.append(filler.mapping(scene, _laid_over(entries, overlay, is_first, is_last)))
    return placed


def _identified(filler: Filler, scene: Mapping, text: str | None, at: Scalar, use: Scalar) -> list[tuple[Scalar, Node]]:
    """The scene's entries with its id told from where it was used, so that a clash of ids shows both uses."""
    if text is None:
        return list(scene.entries)
    entries = [entry for entry in scene.entries if entry[0].text != "id"]
    return [(scene.key("id") or filler.leaf(use, "id"), filler.leaf(at, text)), *entries]


def _laid_over(
    entries: list[tuple[Scalar, Node]], overlay: Mapping, is_first: bool, is_last: bool
) -> list[tuple[Scalar, Node]]:
    over = {
        key.text: (key, value)
        for key, value in overlay.entries
        if key.text != "id" and (is_first or key.text not in _FIRST_ONLY) and (is_last or key.text not in _LAST_ONLY)
    }
    kept = [over.pop(key.text, (key, value)) for key, value in entries]
    return [*kept, *over.values()]


def _follow(filler: Filler, node: Node, renamed: dict[str, str]) -> Node:
    """`storm@last` under the name that `storm` has now."""
    if isinstance(node, Sequence):
        return filler.sequence(node, [_follow(filler, item, renamed) for item in node.items])
    found = _FRAME.fullmatch(node.text) if isinstance(node, Scalar) else None
    if found is None or not isinstance(node, Scalar) or found["scene"] not in renamed:
        return node
    return filler.leaf(node, f"{renamed[found['scene']]}@last")


def _param(key: Scalar, node: Node, found: list[Diagnostic]) -> Param:
    if not isinstance(node, Mapping) or not {"required", "default"} & {k.text for k, _ in node.entries}:
        return Param(key, node)
    for name, _ in node.entries:
        if name.text not in ("required", "default"):
            hint = "a param has `required` or `default`"
            found.append(error("SR214", f"`{name.text}` is no key of a param", name.span, hints=[hint]))
    required, default = node.get("required"), node.get("default")
    if isinstance(required, Scalar) and required.text not in ("true", "false"):
        found.append(error("SR210", "`required` is `true` or `false`", required.span))
    is_required = isinstance(required, Scalar) and required.text == "true"
    if is_required and default is not None:
        hint = "a param with a default is never missing; leave `required` out"
        found.append(error("SR210", f"`{key.text}` is required and has a default", default.span, hints=[hint]))
    return Param(key, default if default is not None or is_required else Scalar("", key.span))


def _unknown_argument(key: Scalar, use: Scalar, template: SceneTemplate) -> Diagnostic:
    near = nearest(key.text, template.params)
    if near is not None:
        hints: list[Hint | str] = [Hint(f"did you mean `{near}`?", template.params[near].key.span)]
    elif template.params:
        hints = [f"it takes {', '.join(f'`{name}`' for name in template.params)}"]
    else:
        hints = [f"`{template.path}` declares no `params`"]
    return error("SR220", f"`{use.text}` takes no `{key.text}`", key.span, label="no such param", hints=hints)
