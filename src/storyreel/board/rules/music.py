"""Music: its files, and the scenes that it is tied to."""

from __future__ import annotations

from storyreel.board.model import Music
from storyreel.board.rules.files import check_sound
from storyreel.board.rules.scope import Scope


def check_music(scope: Scope) -> None:
    order = {scene.id: i for i, scene in enumerate(scope.board.scenes)}
    for piece in scope.board.music:
        check_sound(scope, piece.file, piece.span("file"))
        first = _anchor(scope, order, piece, "from", piece.from_)
        last = _anchor(scope, order, piece, "to", piece.to)
        if first is not None and last is not None and first > last:
            message = f"this music ends with `{piece.to}`, which comes before `{piece.from_}`"
            scope.error("SR126", message, piece.span("to"), hints=[f"`{{from: {piece.to}, to: {piece.from_}}}`"])


def _anchor(scope: Scope, order: dict[str, int], piece: Music, key: str, name: str | None) -> int | None:
    if name is None or name in order:
        return None if name is None else order[name]
    meant = scope.nearest(name, order)
    hints = [f"did you mean `{meant}`?"] if meant else ["music begins and ends with scenes, by their ids"]
    scope.error("SR126", f"there is no scene `{name}`", piece.span(key), hints=hints)
    return None
