"""Cards: words and a ground drawn once, then moved and faded in by a composition in a child process."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from storyreel.media.card import OPTICAL_CENTRE, CardWords, card_ground, card_words
from storyreel.media.image import open_image
from storyreel.media.process import Runner
from storyreel.media.text import Type
from storyreel.plan.cut import CardSource
from storyreel.plan.request import Asset
from storyreel.stitch.encoding import Format

PUSH = 1.03
FADE_IN = 8


async def paint_cards(
    cards: Sequence[tuple[CardSource, Path]],
    form: Format,
    asset_path: Callable[[Asset], Path],
    *,
    runner: Runner | None = None,
) -> None:
    raise NotImplementedError
