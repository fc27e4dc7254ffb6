"""The scenes of a film: `when` drops them, `include` and `use` put others in their place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from storyreel.base.diagnostic import Diagnostic, Hint, error
from storyreel.board.node import Mapping, Node, Scalar, Sequence
from storyreel.board.parts.fill import Filler, Scope
from storyreel.board.parts.fragments import Fragments, declare_one
from storyreel.board.parts.templates import Templates, with_id

MAX_SCENES = 5_000
"""Scenes of one film."""

MAX_ENTRIES = 20_000
"""Entries looked at for one film, those that place nothing counted too."""

_STEERING = ("use", "with", "include", "when")
_CONTENT = ("shots", "card", "still", "clip")


@dataclass(slots=True)
class Count:
    """What a film has taken so far, however deep."""

    scenes: int = 0
    entries: int = 0
    is_full: bool = False


@dataclass(slots=True)
class Placed:
    """Scenes in order, and the elements that came with them."""

    scenes: list[Node] = field(default_factory=list)
    elements: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    count: Count = field(default_factory=Count)


class Placement:
    """Puts the scenes of one board's films together."""

    def __init__(self, filler: Filler, fragments: Fragments, templates: Templates) -> None:
        self._filler = filler
        self._fragments = fragments
        self._templates = templates
        self._bare: dict[int, tuple[Mapping, Mapping]] = {}

    def place(
        self, items: Iterable[Node], scope: Scope, found: list[Diagnostic], trail: tuple[str, ...], into: Placed
    ) -> None:
        """Add a list's scenes; `trail` are the files on the way to it."""
        for item in items:
            count = into.count
            if count.is_full:
                return
            count.entries += 1
            if isinstance(item, Mapping):
                self._item(item, scope, found, trail, into)
            else:
                into.scenes.append(item)
            if not count.is_full and (count.scenes > MAX_SCENES or count.entries > MAX_ENTRIES):
                count.is_full = True
                found.append(error("SR207", f"a film has at most {MAX_SCENES:,} scenes", item.span))

    def _item(self, item: Mapping, scope: Scope, found: list[Diagnostic], trail: tuple[str, ...], into: Placed) -> None:
        when, use, include = item.get("when"), item.get("use"), item.get("include")
        if when is not None and not self._stays(when, scope, found):
            return
        if use is None and include is None:
            with_key = item.key("with")
            if with_key is not None:
                hint = "add `use:` with the name of a template"
                message = "`with` fills a template; there is no `use` here"
                found.append(error("SR223", message, with_key.span, hints=[hint]))
            scene = item if when is None and with_key is None else self._without_steering(item)
            into.count.scenes += 1
            into.scenes.append(self._filler.fill(scene, scope, found, "scene"))
        elif include is not None:
            self._include(item, include, scope, found, trail, into)
        elif use is not None:
            self._use(item, use, scope, found, trail, into)

    def _stays(self, when: Node, scope: Scope, found: list[Diagnostic]) -> bool:
        if not isinstance(when, Scalar) or when.is_null:
            hint = "for example `when: product.price`"
            found.append(error("SR210", "`when` is an expression", when.span, hints=[hint]))
            return True
        return self._filler.holds(when, scope, found) is not False

    def _without_steering(self, item: Mapping) -> Mapping:
        known = self._bare.get(id(item))
        if known is None:
            kept = tuple(entry for entry in item.entries if entry[0].text not in _STEERING)
            known = self._bare[id(item)] = (Mapping(kept, item.span), item)
        return known[0]

    def _include(
        self, item: Mapping, path: Node, scope: Scope, found: list[Diagnostic], trail: tuple[str, ...], into: Placed
    ) -> None:
        for key, _ in item.entries:
            if key.text not in ("include", "when") and not key.text.startswith("x-"):
                hint = "write it on the scenes of the fragment"
                found.append(error("SR223", f"`{key.text}` cannot stand beside `include`", key.span, hints=[hint]))
        filled = self._filler.fill(path, scope, found)
        if not isinstance(filled, Scalar):
            found.append(error("SR210", "`include` of a scene list is one path", path.span))
            return
        if self._filler.names(filled) is not None:
            return
        fragment = self._fragments.open(filled, found, trail)
        if fragment is None:
            return
        trail = (*trail, fragment.span.file)
        inside = self._fragments.gather(fragment, scope, found, trail)
        words = self._words(inside.vars, scope, found)
        for key, node in inside.elements.values():
            declare_one(key, self._filler.fill(node, words, found), into.elements, found)
        for scenes in inside.scenes:
            self.place(scenes.items, words, found, trail, into)
        own = fragment.get("scenes")
        if isinstance(own, Sequence):
            self.place(own.items, words, found, trail, into)
        elif own is not None:
            found.append(error("SR210", "`scenes` is a list", own.span))
        elif not inside.scenes:
            hint = "elements and vars alone are included at the top of the board"
            found.append(error("SR210", f"`{fragment.span.file}` has no scenes", filled.span, hints=[hint]))

    def _words(self, declared: dict[str, tuple[Scalar, Node]], scope: Scope, found: list[Diagnostic]) -> Scope:
        words = dict(scope)
        for name, (key, node) in declared.items():
            first = scope.get(name)
            value = self._filler.value(self._filler.fill(node, words, found))
            if first is not None and first is not value:
                found.append(_known_word(key))
            words[name] = value
        return words

    def _use(
        self, item: Mapping, use: Node, scope: Scope, found: list[Diagnostic], trail: tuple[str, ...], into: Placed
    ) -> None:
        for key, _ in item.entries:
            if key.text in _CONTENT:
                hint = "leave one of the two out"
                found.append(error("SR223", f"`{key.text}` cannot stand beside `use`", key.span, hints=[hint]))
        filled = self._filler.fill(use, scope, found)
        if not isinstance(filled, Scalar):
            found.append(error("SR210", "`use` is the name of a template", use.span, hints=["use: product-shot"]))
            return
        if self._filler.names(filled) is not None:
            return
        template = self._templates.open(filled, found, trail)
        if template is None:
            return
        scope = {**scope, **self._own_words(item, scope, found)}
        written = item.get("with")
        given = None if written is None else self._filler.fill(written, scope, found)
        words = {**scope, **self._templates.bind(template, filled, given, scope, found)}
        mine: list[Diagnostic] = []
        inner = Placed(elements=into.elements, count=into.count)
        self.place(template.scenes.items, words, mine, (*trail, template.path), inner)
        found.extend(_used_at(d, template.path, filled) for d in mine)
        overlay = self._filler.fill(self._overlay(item), scope, found, "scene")
        assert isinstance(overlay, Mapping)
        into.scenes += with_id(self._filler, inner.scenes, overlay, filled, is_single=len(template.scenes.items) == 1)

    def _own_words(self, item: Mapping, scope: Scope, found: list[Diagnostic]) -> Scope:
        own = item.get("vars")
        return self._filler.row(self._filler.variables(own, scope, found)) if isinstance(own, Mapping) else {}

    def _overlay(self, item: Mapping) -> Mapping:
        known = self._bare.get(id(item))
        if known is None:
            dropped = (*_STEERING, *_CONTENT)
            kept = tuple(entry for entry in item.entries if entry[0].text not in dropped)
            known = self._bare[id(item)] = (Mapping(kept, item.span), item)
        return known[0]


def _known_word(key: Scalar) -> Diagnostic:
    hint = "rename one of them"
    return error("SR213", f"`{key.text}` is already a word of the board", key.span, label="a second time", hints=[hint])


def _used_at(found: Diagnostic, path: str, use: Scalar) -> Diagnostic:
    """A finding inside a template also says which `use` brought it about."""
    if found.span.file != path or found.code not in ("SR203", "SR204", "SR205", "SR206", "SR233"):
        return found
    hints = (*found.hints, Hint("used here", use.span))
    return Diagnostic(found.code, found.message, found.span, found.severity, found.label, hints)
