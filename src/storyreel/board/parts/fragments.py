"""What a board has with its fragments: words, elements and scenes, each name declared once."""

from __future__ import annotations

from dataclasses import dataclass, field

from storyreel.base.diagnostic import Diagnostic, Hint, error
from storyreel.base.nearest import nearest
from storyreel.board.node import Mapping, Node, Scalar, Sequence
from storyreel.board.parts.fill import Filler, Scope
from storyreel.board.parts.library import Library

_FRAGMENT = ("include", "vars", "elements", "scenes")


@dataclass(slots=True)
class Gathered:
    """Declarations in reading order, included ones first; `scenes` are the included lists."""

    vars: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    elements: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    scenes: list[Sequence] = field(default_factory=list)
    files: set[str] = field(default_factory=set)


class Fragments:
    """Reads what `include` names. A file that several fragments include counts once."""

    def __init__(self, library: Library, filler: Filler) -> None:
        self._library = library
        self._filler = filler

    def gather(self, root: Mapping, scope: Scope, found: list[Diagnostic], trail: tuple[str, ...]) -> Gathered:
        """The declarations of a file and of all that it includes; `trail` are the files on the way to it."""
        gathered = Gathered()
        self._gather(root, scope, found, trail, gathered)
        return gathered

    def open(self, path: Scalar, found: list[Diagnostic], trail: tuple[str, ...]) -> Mapping | None:
        """A fragment's map, its keys checked; None where it cannot be read or includes itself."""
        document = self._library.document(path, found)
        if document is None:
            return None
        if document.path in trail:
            way = " -> ".join([*trail[trail.index(document.path) :], document.path])
            found.append(error("SR212", f"`{document.path}` includes itself", path.span, hints=[way]))
            return None
        if "storyreel" in document.root:
            hint = "move what both need into a fragment: a file without `storyreel:`"
            message = f"`{document.path}` is a board; boards are not included"
            found.append(error("SR212", message, path.span, hints=[hint]))
            return None
        check_keys(document.root, _FRAGMENT, "fragment", found)
        return document.root

    def _gather(
        self, root: Mapping, scope: Scope, found: list[Diagnostic], trail: tuple[str, ...], gathered: Gathered
    ) -> None:
        for path in self._paths(root.get("include"), scope, found):
            fragment = self.open(path, found, trail)
            if fragment is None or fragment.span.file in gathered.files:
                continue
            gathered.files.add(fragment.span.file)
            self._gather(fragment, scope, found, (*trail, fragment.span.file), gathered)
            scenes = fragment.get("scenes")
            if isinstance(scenes, Sequence):
                gathered.scenes.append(scenes)
            elif scenes is not None:
                found.append(error("SR210", "`scenes` is a list", scenes.span))
        shapes = [] if "storyreel" in root else found  # of a board's own keys `check` says what shape they have
        for what, known in (("vars", gathered.vars), ("elements", gathered.elements)):
            node = root.get(what)
            declare(node, what, known, found if isinstance(node, Mapping) else shapes)

    def _paths(self, node: Node | None, scope: Scope, found: list[Diagnostic]) -> list[Scalar]:
        if node is None or (isinstance(node, Scalar) and node.is_null):
            return []
        items = node.items if isinstance(node, Sequence) else (node,)
        paths: list[Scalar] = []
        for item in items:
            filled = self._filler.fill(item, scope, found)
            if not isinstance(filled, Scalar):
                found.append(error("SR210", "`include` is a list of paths", item.span, hints=["[cast/keepers.yaml]"]))
            elif self._filler.names(filled) is None:
                paths.append(filled)
        return paths


def declare(node: Node | None, what: str, known: dict[str, tuple[Scalar, Node]], found: list[Diagnostic]) -> None:
    """Add a map's names to those known; a name of two places is a finding that shows both."""
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return
    if not isinstance(node, Mapping):
        hint = f"for example `{what}: {{{'ship: Halcyon' if what == 'vars' else 'Mara: {description: a keeper}'}}}`"
        found.append(error("SR210", f"`{what}` is a map of names", node.span, hints=[hint]))
        return
    for key, value in node.entries:
        if not key.text.startswith("x-"):
            declare_one(key, value, known, found)


def declare_one(key: Scalar, value: Node, known: dict[str, tuple[Scalar, Node]], found: list[Diagnostic]) -> None:
    """Add one name to those known; the same declaration, reached twice, is one."""
    first = known.get(key.text)
    if first is None:
        known[key.text] = (key, value)
    elif first[1] is not value:
        found.append(clash(key, first[0]))


def clash(key: Scalar, first: Scalar) -> Diagnostic:
    """One name with two meanings."""
    hints = [Hint("the other one is here", first.span), Hint("rename one of them")]
    return error("SR213", f"`{key.text}` is declared twice", key.span, label="a second time", hints=hints)


def check_keys(root: Mapping, known: tuple[str, ...], what: str, found: list[Diagnostic]) -> None:
    """Refuse keys that a fragment or template does not have."""
    for key, _ in root.entries:
        if key.text in known or key.text.startswith("x-"):
            continue
        near = nearest(key.text, known)
        hint = f"did you mean `{near}`?" if near else f"a {what} has {', '.join(f'`{k}`' for k in known)}"
        found.append(error("SR214", f"`{key.text}` is no key of a {what}", key.span, hints=[hint]))
