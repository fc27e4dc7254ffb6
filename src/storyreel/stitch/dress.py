"""Overlays drawn: values in, small picture files and their places out. Where nothing may stand in each other's way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.base.timebase import Range
from storyreel.media import slate
from storyreel.media.image import open_image
from storyreel.media.look import LEGAL, SUBTITLE, SUPER, WHITE, Rgba, Scrim
from storyreel.media.panel.palette import element_color
from storyreel.media.text import Type, text_layer
from storyreel.plan.request import Asset
from storyreel.stitch.encoding import Format
from storyreel.stitch.layers import Layer
from storyreel.stitch.overlays import Edge, Lettering, Overlay, Slate, Subtitle, Watermark

if TYPE_CHECKING:
    from storyreel.media.slate import Picture

SAFE = 0.05
"""The title-safe margin, of the side that it is measured along."""
_CAPTION_FOOT = 0.92
_FADES = {"lower_third": (10, 8), "super": (10, 8), "legal": (6, 6)}


class Dresser:
    """Draws each overlay once into a folder of its own."""

    def __init__(self, form: Format, workshop: Path, asset_path: Callable[[Asset], Path]) -> None:
        self._form = form
        self._type = Type(form.width, form.height)
        self._workshop = workshop
        self._asset_path = asset_path
        self._numbers = count(1)
        self._drawn: dict[Overlay, list[tuple[Path, int, int]]] = {}

    def dress(self, overlays: Sequence[Overlay], length: int) -> list[Layer]:
        """Layers for a stretch of `length` frames, bottom first."""
        return [layer for overlay in overlays for layer in self._layers(overlay, length)]

    def _layers(self, overlay: Overlay, length: int) -> list[Layer]:
        fade_in, fade_out = _FADES[overlay.kind] if isinstance(overlay, Lettering) else (0, 0)
        still = [Layer(file, overlay.at, x, y, fade_in, fade_out) for file, x, y in self._pictures(overlay)]
        return [*still, self._arc(overlay, still[0], length)] if isinstance(overlay, Slate) else still

    def _pictures(self, overlay: Overlay) -> list[tuple[Path, int, int]]:
        # What it looks like does not depend on when it shows.
        known = replace(overlay, at=Range(0, 0))
        if known not in self._drawn:
            self._drawn[known] = [(self._file(image), x, y) for image, x, y in self._draw(overlay)]
        return self._drawn[known]

    def _file(self, image: Picture) -> Path:
        file = self._workshop / f"layer-{next(self._numbers)}.png"
        image.save(file, compress_level=1)
        return file

    def _draw(self, overlay: Overlay) -> list[tuple[Picture, int, int]]:
        width, height = self._form.width, self._form.height
        match overlay:
            case Slate():
                image, _ = slate.slate(self._type, overlay.scene, overlay.shot, round(width * (1 - 2 * SAFE)))
                left, top = self._slate_corner()
                if not overlay.is_stand_in:
                    return [(image, left, top)]
                return [(image, left, top), (slate.no_take(self._type), left, top + image.height + self._type.px(6))]
            case Edge():
                return [(image, x, y) for image, (x, y) in slate.dashed_edge(self._type)]
            case Subtitle():
                return [self._subtitle(overlay)]
            case Lettering():
                return [self._lettering(overlay)]
            case Watermark():
                mark = slate.watermark(self._type, open_image(self._asset_path(overlay.image)), overlay.opacity)
                right, low = "right" in overlay.position, "bottom" in overlay.position
                x, y = (self._margin(), self._margin())
                return [(mark, width - x - mark.width if right else x, height - y - mark.height if low else y)]

    def _margin(self) -> int:
        return round(self._form.short_side * SAFE) // 2 * 2

    def _slate_corner(self) -> tuple[int, int]:
        return self._margin(), self._margin()

    def _arc(self, overlay: Slate, plate: Layer, length: int) -> Layer:
        """The arc's frames for as much of its shot as this stretch shows."""
        shown = overlay.at.overlap(Range(0, length))
        first = shown.start - overlay.at.start
        side = slate.arc_size(self._type)
        file = self._workshop / f"arc-{next(self._numbers)}.rgba"
        file.write_bytes(b"".join(slate.arcs(self._type, overlay.at.length, first, shown.length)))
        _, (x, y) = slate.slate(self._type, "", "", self._form.width)
        return Layer(file, shown, plate.left + x, plate.top + y, moving=(side, side))

    def _subtitle(self, overlay: Subtitle) -> tuple[Picture, int, int]:
        width, height = self._form.width, self._form.height
        style = replace(SUBTITLE, color=WHITE)
        foot = _CAPTION_FOOT * height
        if overlay.style == "voice":
            style = replace(style, color=voice_color(overlay.voice))
            foot = self._panel_foot()
        text = "\n".join(overlay.lines)
        layer = text_layer(self._type, text, replace(style, is_balanced=False), round(width * (1 - 2 * SAFE)))
        return layer.image, (width - layer.image.width) // 2, round(foot - layer.image.height)

    def _panel_foot(self) -> float:
        """Where subtitles end so that a panel's caption stays readable."""
        from storyreel.media.panel.lettering import caption_box

        return caption_box(self._form.width, self._form.height).top - self._type.px(12)

    def _lettering(self, overlay: Lettering) -> tuple[Picture, int, int]:
        width, height = self._form.width, self._form.height
        side = round(width * SAFE)
        if overlay.kind == "lower_third":
            image = slate.lower_third(self._type, overlay.text, overlay.role, width - 2 * side)
            foot = self._foot(overlay)
            if overlay.legal is not None:
                legal = self._legal(overlay.legal)
                foot = min(foot, self._legal_foot(overlay) - legal.height - self._type.px(8))
            return image, side, round(foot - image.height)
        if overlay.kind == "super":
            image = text_layer(self._type, overlay.text, SUPER, width - 2 * side).image
            return image, (width - image.width) // 2, round(height * 0.45 - image.height / 2)
        image = self._legal(overlay.text)
        return image, (width - image.width) // 2, round(self._legal_foot(overlay) - image.height)

    def _legal(self, text: str) -> Picture:
        style = replace(LEGAL, color=(0xE8, 0xE6, 0xE1, 255), scrim=Scrim((10, 11, 13, 120), across=10, along=6))
        return text_layer(self._type, text, style, self._form.width - 2 * round(self._form.width * SAFE)).image

    def _legal_foot(self, overlay: Lettering) -> float:
        return self._foot(overlay) if overlay.is_on_panel else self._form.height * (1 - SAFE / 2)

    def _foot(self, overlay: Lettering) -> float:
        """Words at the foot keep clear of speech and, over a panel, of its caption too."""
        lines = self._type.px(SUBTITLE.size * SUBTITLE.leading * 2 + 34)
        if overlay.above == "foot":
            return self._form.height * _CAPTION_FOOT
        foot = self._panel_foot() if overlay.is_on_panel else self._form.height * _CAPTION_FOOT
        return foot - lines if overlay.above == "speech" else foot


def voice_color(voice: int | None) -> Rgba:
    """A speaker's colour; white for a narrator."""
    return WHITE if voice is None else (*element_color(voice), 255)
