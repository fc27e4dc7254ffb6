"""Text over the picture: each entry is one thing."""

from __future__ import annotations

from storyreel.board.model import Scene, Words
from storyreel.board.node import Mapping
from storyreel.board.reading.mistakes import listed
from storyreel.board.rules.scope import Scope

_KINDS = ("super", "lower_third", "legal")


def check_texts(scope: Scope, scene: Scene) -> None:
    for words in (*scene.text, *(words for shot in scene.shots for words in shot.text)):
        _check_words(scope, words)


def _check_words(scope: Scope, words: Words) -> None:
    node = words.node
    written = [key for key, _ in node.entries if key.text in _KINDS] if isinstance(node, Mapping) else []
    if not written:
        hints = ["write `super:`, `lower_third:` or `legal:`"]
        scope.error("SR125", "this text has no words", words.span(), hints=hints)
    elif len(written) > 1:
        message = f"one entry has {listed([key.text for key in written])}: each is an entry of its own"
        hints = ["`text` takes a list: one `- ` for each"]
        scope.error("SR125", message, written[1].span, hints=hints)
    if words.for_ is not None and words.for_.frames(scope.board.fps) < 1:
        scope.error("SR108", "a text must stand for at least one frame", words.span("for"))
