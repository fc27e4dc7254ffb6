"""Letters that a frame cannot show: found in the board, at the field that has them, before anything is drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from storyreel.base.diagnostic import Diagnostic, error, warning
from storyreel.base.span import Span
from storyreel.board.source import SourceMissing, SourceRefused, SourceTree
from storyreel.media.charmap import letters_in, letters_of
from storyreel.media.failed import MediaFailed
from storyreel.media.fonts import font_file

if TYPE_CHECKING:  # Letters are drawn where no board is read.
    from storyreel.board.model import Card, Located, Scene, Shot, Storyboard, Words

    _Field = tuple[str, Located, tuple[str, ...], bool]
    """Text, what it belongs to, where in that it stands, and whether the film itself shows it."""

_JOINERS = frozenset(map(chr, (0x200C, 0x200D, *range(0xFE00, 0xFE10))))
_NAMED = 6
_MOST_BYTES = 64 * 1024 * 1024
"""Of a font: those of East Asia are large."""


def drawn(text: str) -> str:
    """A text as it is set: accents joined to their letters, every space a plain or a no-break one, no controls.

    Line breaks stay; what only steers (direction marks, zero width, soft hyphens) goes.
    """
    kept = []
    for letter in unicodedata.normalize("NFC", text.replace("\r\n", "\n")):
        kind = unicodedata.category(letter)
        if letter == "\n" or kind in ("Zl", "Zp"):
            kept.append("\n")
        elif letter == "\t" or kind == "Zs":
            kept.append("\u00a0" if letter in "\u00a0\u202f\u2007" else " ")
        elif kind not in ("Cc", "Cf", "Cs") or letter in _JOINERS:
            kept.append(letter)
    return "".join(kept)


def missing_glyphs(text: str, more: frozenset[str] = frozenset()) -> str:
    """The letters of a text that neither Open Sans has a picture of nor `more` holds, each once, in order."""
    letters = letters_of(font_file())
    if letters.issuperset(text):
        return ""
    letters = letters | more if more else letters
    return "".join(dict.fromkeys(c for c in drawn(text) if c not in letters and c not in _JOINERS and c != "\n"))


def check_glyphs(board: Storyboard, source: SourceTree | None = None) -> tuple[Diagnostic, ...]:
    """What cannot be drawn, one diagnostic a field: an error where the film shows it, else a warning.

    `source` has the board's own fonts; a file that is no font is an error.
    """
    found: list[Diagnostic] = []
    letters = _own_letters(board, source, found) if source is not None else frozenset()
    if found:
        return tuple(found)  # which letters are missing, the font that was meant would say
    for text, owner, path, is_shown in _fields(board):
        if missing := missing_glyphs(text, letters):
            found.append(_diagnostic(missing, owner.span(*path), is_shown, board.fonts))
    return tuple(found)


def _own_letters(board: Storyboard, source: SourceTree, found: list[Diagnostic]) -> frozenset[str]:
    letters: frozenset[str] = frozenset()
    for number, path in enumerate(board.fonts):
        try:
            letters |= letters_in(source.read(path, _MOST_BYTES), path)
        except (SourceMissing, SourceRefused) as refused:
            if not isinstance(refused, SourceMissing):  # `check` has said that it is not there
                found.append(error("SR403", f"the font `{path}` {refused}", board.span("fonts", number)))
        except MediaFailed:
            hints = ["TrueType and OpenType files are fonts: .ttf, .otf, .ttc; web fonts (.woff) are packed ones"]
            found.append(
                error("SR403", f"`{path}` is no font that can be read", board.span("fonts", number), hints=hints)
            )
    return letters


def _fields(board: Storyboard) -> Iterator[_Field]:
    burnt = board.captions == "burn"
    for scene in board.scenes:
        if scene.card is not None:
            yield from _card(scene.card)
        parts: tuple[Scene | Shot, ...] = (scene, *scene.shots)
        for part in parts:
            for words in part.text:
                yield from _words(words)
            for line in part.say:
                yield line.line, line, ("line",), burnt
                yield line.who, line, ("who",), False
        for shot in scene.shots:
            yield shot.prompt, shot, ("prompt",), False
            if shot.sound:
                yield shot.sound, shot, ("sound",), False


def _card(card: Card) -> Iterator[_Field]:
    for key in ("title", "subtitle", "price", "cta", "legal"):
        if text := getattr(card, key):
            yield text, card, (key,), True


def _words(words: Words) -> Iterator[_Field]:
    for key in ("super", "legal"):
        if text := getattr(words, key):
            yield text, words, (key,), True
    if words.lower_third is not None:
        yield words.lower_third.name, words, ("lower_third", "name"), True
        if words.lower_third.role:
            yield words.lower_third.role, words, ("lower_third", "role"), True


def _diagnostic(missing: str, span: Span, is_shown: bool, fonts: tuple[str, ...]) -> Diagnostic:
    named = [f"{letter} (U+{ord(letter):04X})" for letter in missing[:_NAMED]]
    rest = len(missing) - len(named)
    listed = ", ".join(named) + (f" and {rest} more" if rest else "")
    name = "the font Open Sans" if not fonts else "neither Open Sans nor a font of the board"
    message = f"{name} {'cannot' if not fonts else 'can'} draw {listed}"
    if is_shown:
        hints = [
            "name a font of the project that has them: `fonts: [assets/fonts/NotoSansJP.otf]`",
            "or write it in Latin, Greek or Cyrillic letters, or bring the words as a picture: `card: {image: ...}`",
        ]
        return error("SR401", message, span, label="would be empty boxes in the film", hints=hints)
    hint = "the words reach the model and the subtitle files as they are: only the animatic shows boxes"
    return warning("SR402", message, span, label="empty boxes in the animatic", hints=[hint])
