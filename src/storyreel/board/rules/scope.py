"""What the rules of one film share: its board, the project's files, and the findings so far."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from typing import Any

from storyreel.base.diagnostic import Diagnostic, Hint, error, warning
from storyreel.base.nearest import nearest
from storyreel.base.span import Span
from storyreel.board.load import place_in
from storyreel.board.model import Located, Scene, Storyboard
from storyreel.board.node import Mapping, Scalar, written
from storyreel.board.reading.read import PLACEHOLDER
from storyreel.board.source import MediaFacts, SourceMissing, SourceRefused, SourceTree

MOST_FINDINGS = 200
"""Of one film; whoever has mended these looks again."""

_MOST_COMPARED = 50_000


class Enough(Exception):
    """The film has as many findings as are worth reading."""


class Scope:
    """Answers what rules ask, and takes down what they find. `memo` is shared by the films of one board."""

    def __init__(self, board: Storyboard, source: SourceTree, memo: dict[Any, Any]) -> None:
        self.board = board
        self.names = tuple(board.elements)
        self.found: list[Diagnostic] = []
        self._source = source
        self._memo = memo
        self._said = 0
        self._compared = 0

    def error(self, code: str, message: str, at: Span, *, label: str = "", hints: Iterable[Hint | str] = ()) -> None:
        self._say(error(code, message, at, label=label, hints=hints))

    def warning(self, code: str, message: str, at: Span, *, label: str = "", hints: Iterable[Hint | str] = ()) -> None:
        self._say(warning(code, message, at, label=label, hints=hints))

    def nearest(self, word: str, known: Collection[str]) -> str | None:
        """The known word that was probably meant, as long as a film does not ask for too many."""
        self._compared += len(known)
        return nearest(word, known) if self._compared <= _MOST_COMPARED else None

    def _say(self, finding: Diagnostic) -> None:
        self.found.append(finding)
        self._said += 1
        if self._said >= MOST_FINDINGS:
            raise Enough

    def within(self, scalar: Scalar, start: int, end: int) -> Span:
        """The place of a stretch of a scalar's text, also where templates filled it."""
        source, start, end = written(scalar, start, end)
        path = source.span.file
        try:
            text = self._once(("text", path), lambda: self._source.read(path).decode("utf-8-sig"))
        except (SourceMissing, SourceRefused, UnicodeDecodeError):
            return source.span  # the file changed under us: the whole scalar is near enough
        return place_in(text, source, start, end)

    def language(self, scene: Scene | None) -> str:
        own = scene.language if scene is not None else None
        return own or self.board.language or "en"

    def seconds(self, frames: int) -> Fraction:
        return frames / self.board.fps

    def listing(self, folder: str) -> tuple[str, ...]:
        found: tuple[str, ...] = self._once(("listing", folder), lambda: self._source.listing(folder))
        return found

    def is_there(self, path: str, at: Span) -> bool:
        """Whether the project holds the file; the diagnostic is made here where it does not."""
        if path == PLACEHOLDER:
            return False
        return self._asked(("digest", path), lambda: self._source.digest(path), path, at) is not None

    def facts(self, path: str, at: Span) -> MediaFacts | None:
        """What a media file holds; missing, refused and unreadable files are diagnostics made here."""
        if path == PLACEHOLDER:
            return None
        answer = self._asked(("facts", path), lambda: (self._source.facts(path),), path, at)
        if answer is None:
            return None
        facts: MediaFacts | None = answer[0]
        if facts is None:
            hint = "pictures are PNG, JPEG or WebP; films MP4, MOV or WebM; sounds WAV, FLAC, MP3, AAC or OGG"
            self.error("SR129", f"`{path}` is no media file that can be read", at, hints=[hint])
        return facts

    def known_seconds(self, path: str) -> Fraction | None:
        """Length of a media file, without a diagnostic."""
        answer = self._memo.get(("facts", path))
        return answer[0].seconds if isinstance(answer, tuple) and answer[0] is not None else None

    def _asked(self, key: tuple[str, str], ask: Any, path: str, at: Span) -> Any:
        answer = self._once(key, lambda: _answer(ask))
        if isinstance(answer, SourceMissing):
            self.error("SR128", f"there is no file `{path}`", at, label="not in the project", hints=self._near(path))
        elif isinstance(answer, SourceRefused):
            self.error("SR129", f"`{path}` cannot be used: it {answer}", at)
        else:
            return answer
        return None

    def _near(self, path: str) -> list[str]:
        folder, _, name = path.rpartition("/")
        there = {p.rpartition("/")[2]: p for p in self.listing(folder)}
        meant = self.nearest(name, there)
        if meant is None:
            meant = next((n for n in there if n.rpartition(".")[0].lower() == name.rpartition(".")[0].lower()), None)
        if meant is not None:
            return [f"did you mean `{there[meant]}`?"]
        if not there:
            return [f"there are no files in `{folder or '.'}/`; paths are relative to the project's root"]
        return [f"`{folder or '.'}/` holds {', '.join(sorted(there)[:5])}"]

    def _once(self, key: tuple[str, str], ask: Any) -> Any:
        if key not in self._memo:
            self._memo[key] = ask()
        return self._memo[key]


def is_stand_in(owner: Located, key: str, value: str) -> bool:
    """True where a text could not be read: what stands for it is nobody's name, and was reported."""
    node = owner.node.get(key) if isinstance(owner.node, Mapping) else None
    return value == PLACEHOLDER and not (isinstance(node, Scalar) and node.text.strip() == PLACEHOLDER)


def _answer(ask: Any) -> Any:
    try:
        return ask()
    except (SourceMissing, SourceRefused) as refused:
        return refused
