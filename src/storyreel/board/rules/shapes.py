"""Shapes and sizes as they are written: W:H, WxH, 1K; and language tags."""

from __future__ import annotations

import re
from fractions import Fraction

from storyreel.board.model import Generation, Located, Scene
from storyreel.board.reading.mistakes import shown
from storyreel.board.rules.scope import Scope
from storyreel.board.rules.speech import is_tag, tag_meant

_RATIO = re.compile(r"(?P<w>\d{1,5}(?:\.\d{1,4})?)\s*[:x×/]\s*(?P<h>\d{1,5}(?:\.\d{1,4})?)", re.ASCII)
_SIZE = re.compile(r"(?P<w>\d{1,5})\s*[x×]\s*(?P<h>\d{1,5})", re.ASCII)
_RESOLUTION = re.compile(r"\d{1,4}(?:\.\d{1,2})?\s*(?:k|p|mp)", re.ASCII | re.IGNORECASE)
_EXTREME = 10
_SAME = Fraction(1, 50)


def read_ratio(text: str) -> Fraction | None:
    """`16:9` and `2.39:1` as width over height; None where it is no ratio from 1:10 to 10:1."""
    found = _RATIO.fullmatch(text.strip())
    return _sensible(found["w"], found["h"]) if found else None


def read_size(text: str) -> tuple[int, int] | None:
    """`1080x1350` as pixels; None where it is no size."""
    found = _SIZE.fullmatch(text.strip())
    return (int(found["w"]), int(found["h"])) if found and int(found["w"]) and int(found["h"]) else None


def shape_of(scope: Scope, scene: Scene | None) -> Fraction | None:
    """Width over height of what is bought; a size wins over a ratio, a scene over the board."""
    for owner in (scene, scope.board):
        if owner is not None:
            size = read_size(owner.size) if owner.size else None
            if size is not None:
                return Fraction(*size)
            if owner.aspect_ratio:
                return read_ratio(owner.aspect_ratio)
    return Fraction(16, 9)


def check_shape(scope: Scope, owner: Generation) -> None:
    """aspect_ratio, size, resolution and language of the board or of a scene."""
    if owner.aspect_ratio is not None and read_ratio(owner.aspect_ratio) is None:
        swapped = re.sub(r"[-_, ]+", ":", owner.aspect_ratio.strip())
        hint = f'write `"{swapped}"`' if read_ratio(swapped) else 'write width:height, for example `"16:9"`'
        at = owner.span("aspect_ratio")
        scope.error("SR127", f"{shown(owner.aspect_ratio)} is not a shape", at, hints=[hint])
    if owner.size is not None:
        _check_size(scope, owner, owner.size)
    if owner.resolution is not None and not _RESOLUTION.fullmatch(owner.resolution.strip()):
        at = owner.span("resolution")
        scope.error("SR127", f"{shown(owner.resolution)} is not a resolution", at, hints=["write `720p`, `1K` or `4K`"])
    if owner.language is not None:
        check_language(scope, owner.language, owner)


def check_board_shape(scope: Scope) -> None:
    check_shape(scope, scope.board)


def check_language(scope: Scope, tag: str, owner: Located) -> None:
    """A tag as `en` or `de-AT`."""
    if is_tag(tag):
        return
    meant = tag_meant(tag)
    hint = f"write `{meant}`" if meant else "write a tag: `en`, `de`, `pt-BR`"
    scope.error("SR133", f"{shown(tag)} is not a language tag", owner.span("language"), hints=[hint])


def check_reel(scope: Scope) -> None:
    """The delivered size: even numbers, as H.264 wants them."""
    reel = scope.board.reel
    if reel is None or reel.size is None:
        return
    at, size = reel.span("size"), read_size(reel.size)
    if size is None:
        hint = f"write `{_as_size(reel.size)}`" if _as_size(reel.size) else "write width x height: `1080x1350`"
        scope.error("SR127", f"{shown(reel.size)} is not a size", at, hints=[hint])
    elif not all(16 <= side <= 8192 for side in size):
        scope.error("SR127", f"a reel of {shown(reel.size)} cannot be made: 16 to 8192 pixels a side", at)
    elif size[0] % 2 or size[1] % 2:
        hint = f"write `{size[0] + size[0] % 2}x{size[1] + size[1] % 2}`"
        scope.error("SR127", f"a reel of {shown(reel.size)} cannot be made: both sides must be even", at, hints=[hint])


def _check_size(scope: Scope, owner: Generation, text: str) -> None:
    at, size = owner.span("size"), read_size(text)
    if size is None:
        hint = f"write `{_as_size(text)}`" if _as_size(text) else "write width x height: `1080x1350`"
        scope.error("SR127", f"{shown(text)} is not a size", at, hints=[hint])
    elif _sensible(str(size[0]), str(size[1])) is None:
        scope.error("SR127", f"{shown(text)} is no shape that can be made: 1:10 to 10:1", at)
    elif owner.aspect_ratio and _differ(read_ratio(owner.aspect_ratio), Fraction(*size)):
        message = f"`size: {text}` and `aspect_ratio: {owner.aspect_ratio}` are different shapes"
        scope.error("SR127", message, at, hints=["keep one of the two"])


def _differ(one: Fraction | None, other: Fraction) -> bool:
    return one is not None and abs(one / other - 1) > _SAME


def _as_size(text: str) -> str | None:
    found = re.fullmatch(r"\s*(\d{2,5})\s*[x×X*:, ]\s*(\d{2,5})\s*(?:px)?\s*", text)
    return f"{found[1]}x{found[2]}" if found else None


def _sensible(width: str, height: str) -> Fraction | None:
    if not Fraction(width) or not Fraction(height):
        return None
    ratio = Fraction(width) / Fraction(height)
    return ratio if Fraction(1, _EXTREME) <= ratio <= _EXTREME else None
