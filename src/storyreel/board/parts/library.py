"""The files that a board reads besides itself, each read once, and places in any of them."""

from __future__ import annotations

from collections.abc import Callable

from storyreel.base.diagnostic import Checked, Diagnostic, error
from storyreel.base.nearest import nearest
from storyreel.base.span import Span
from storyreel.board.load import Document, load, place_in
from storyreel.board.node import Node, Scalar
from storyreel.board.source import SourceMissing, SourceRefused, SourceTree, project_path

MAX_FILES_TEXT = 8 << 20
"""Characters of a board and all files that it names."""


class Library:
    """Documents by path; a path that fails is reported where it was named."""

    def __init__(self, source: SourceTree, parse: Callable[[str, str], Checked[Node]] | None = None) -> None:
        self.source = source
        self._parse = parse
        self._documents: dict[str, Document] = {}
        self._texts: dict[str, str] = {}
        self._static: set[str] = set()
        self._size = 0

    def keep(self, document: Document) -> None:
        """Remember a document that was read."""
        self._size += len(document.text)
        self._documents[document.path] = document
        self._texts[document.path] = document.text
        if "{{" not in document.text and "{%" not in document.text:
            self._static.add(document.path)

    def document(self, path: Scalar, found: list[Diagnostic]) -> Document | None:
        """The YAML file that a leaf names; None where it cannot be read."""
        try:
            clean = project_path(path.text)
        except SourceRefused as why:
            found.append(error("SR002", f"`{path.text}` {why}", path.span))
            return None
        known = self._documents.get(clean)
        if known is not None:
            return known
        try:
            self.source.read(clean)
        except SourceMissing:
            found.append(self.missing(clean, path.span))
            return None
        except SourceRefused as why:
            found.append(error("SR002", f"`{clean}` {why}", path.span))
            return None
        if self._is_full(path, found):
            return None
        checked = load(self.source, clean, parse=self._parse)
        found.extend(checked.diagnostics)
        if checked.value is not None:
            self.keep(checked.value)
        return checked.value

    def table_bytes(self, path: Scalar, found: list[Diagnostic]) -> bytes | None:
        """The bytes of a table; None where they cannot be read."""
        if self._is_full(path, found):
            return None
        try:
            return self.source.read(path.text)
        except SourceMissing:
            found.append(self.missing(path.text, path.span))
        except SourceRefused as why:
            found.append(error("SR002", f"`{path.text}` {why}", path.span))
        return None

    def missing(self, path: str, at: Span) -> Diagnostic:
        """A file that is not there, with its nearest neighbour."""
        folder = path.rpartition("/")[0]
        near = nearest(path, self.source.listing(folder))
        hints = [f"did you mean `{near}`?"] if near else ["paths are relative to the project's root"]
        return error("SR001", f"there is no file `{path}`", at, hints=hints)

    def add_text(self, path: str, text: str) -> None:
        """Remember a table's text, so that places in it can be told."""
        self._size += len(text)
        self._texts[path] = text

    def _is_full(self, path: Scalar, found: list[Diagnostic]) -> bool:
        if self._size <= MAX_FILES_TEXT:
            return False
        message = f"the files of this board have more than {MAX_FILES_TEXT >> 20} MiB"
        found.append(error("SR208", message, path.span, label="not read", hints=["split the board"]))
        return True

    def is_static(self, node: Node) -> bool:
        """True where the node's whole file holds no template."""
        return node.span.file in self._static

    def place(self, scalar: Scalar, start: int, end: int) -> Span:
        """Offsets in a leaf's text as a place in its file."""
        text = self._texts.get(scalar.span.file)
        return scalar.span if text is None else place_in(text, scalar, start, end)
