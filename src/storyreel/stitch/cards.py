"""Cards: words and a ground drawn once, then pushed and faded in by a composition in a child process."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.media.card import OPTICAL_CENTRE, CardWords, card_ground, card_words
from storyreel.media.compose import Composition, Ground, Keys, Layer, compose, held
from storyreel.media.image import open_image
from storyreel.media.look import GROUND
from storyreel.media.process import Runner
from storyreel.media.text import Type
from storyreel.plan.cut import CardSource
from storyreel.plan.request import Asset
from storyreel.stitch.encoding import Format

if TYPE_CHECKING:
    from storyreel.media.slate import Picture

_PUSH = 1.03
_FADE_IN = 8
_ENCODED = (
    *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "16", "-g", "48", "-threads", "1", "-bitexact"),
    *("-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-f", "mp4"),
)
"""Good enough to be encoded once more, like any take."""


async def paint_cards(
    cards: Sequence[tuple[CardSource, Path]],
    form: Format,
    asset_path: Callable[[Asset], Path],
    *,
    runner: Runner | None = None,
) -> None:
    """Film each card into its file, all in one child; raises MediaFailed."""
    with tempfile.TemporaryDirectory(prefix="storyreel-") as folder:
        items = [
            _composition(card, form, Path(folder) / f"card-{number}", asset_path, out)
            for number, (card, out) in enumerate(cards)
        ]
        await compose(items, runner=runner)


def _composition(
    card: CardSource, form: Format, prefix: Path, asset_path: Callable[[Asset], Path], out: Path
) -> Composition:
    type_ = Type(form.width, form.height, tuple(map(asset_path, card.fonts)))
    words = CardWords(card.title, card.subtitle, card.price, card.cta, card.legal)
    picture = _opened(card.image, asset_path)
    ground = _saved(card_ground(type_, picture), prefix.with_suffix(".ground.png"))
    logo = _opened(card.logo, asset_path)
    drawn = card_words(
        type_, words, card.style, logo, is_on_picture=picture is not None, is_captioned=card.is_captioned
    )
    letters = _saved(drawn, prefix.with_suffix(".png"))
    frames = card.used.end
    push = Keys(((0, 1.0), (max(1, frames - 1), _PUSH)), "linear")
    dark = (GROUND[0], GROUND[1], GROUND[2])
    return Composition(
        (form.width, form.height),
        form.rate,
        frames,
        Ground(dark, dark, ground, scale=push if picture is not None else held(1.0)),
        (
            Layer(
                letters,
                (0, 0, form.width, form.height),
                opacity=Keys(((0, 0.0), (_FADE_IN, 1.0))),
                scale=push,
                anchor=(form.width / 2, form.height * OPTICAL_CENTRE),
            ),
        ),
        out,
        _ENCODED,
    )


def _opened(asset: Asset | None, asset_path: Callable[[Asset], Path]) -> Picture | None:
    return None if asset is None else open_image(asset_path(asset))


def _saved(image: Picture, file: Path) -> Path:
    image.save(file, "PNG", compress_level=1)
    return file
