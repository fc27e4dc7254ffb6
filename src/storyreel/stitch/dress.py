"""Overlays drawn: values in, small picture files and their places out. Where nothing may stand in each other's way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.base.timebase import Range
from storyreel.media import slate
from storyreel.media.card import CAPTION_FOOT, caption_height
from storyreel.media.image import open_image
from storyreel.media.look import LEGAL, SUBTITLE, WHITE, Rgba
from storyreel.media.panel.palette import element_color
from storyreel.media.stylebook import TextLook, text_look
from storyreel.media.text import Type, text_layer
from storyreel.media.title import draw_title
from storyreel.plan.request import Asset
from storyreel.stitch.encoding import Format
from storyreel.stitch.layers import Layer
from storyreel.stitch.overlays import Edge, Lettering, Overlay, Slate, Subtitle, Watermark

if TYPE_CHECKING:
    from storyreel.media.slate import Picture

SAFE = 0.05
"""The title-safe margin, of the side that it is measured along."""
_MIDDLE, _HIGH = 0.45, 0.24
"""Where the middle of a super stands; higher while a lower third and more stand at the foot."""


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
        still = [Layer(file, overlay.at, x, y) for file, x, y in self._pictures(overlay)]
        if isinstance(overlay, Lettering):
            return [self._moved(layer, overlay) for layer in still]
        return [*still, self._arc(overlay, still[0], length)] if isinstance(overlay, Slate) else still

    def _moved(self, layer: Layer, overlay: Lettering) -> Layer:
        """What stands but for a moment comes and goes in less time."""
        look = text_look(overlay.kind, overlay.style)
        most = max(1, overlay.at.length // 3)
        away = [(self._signed(move.across), self._signed(move.down)) for move in (look.enter, look.leave)]
        fades = [min(move.frames, most) for move in (look.enter, look.leave)]
        return replace(layer, fade_in=fades[0], fade_out=fades[1], enter=away[0], leave=away[1])

    def _signed(self, at_720: float) -> int:
        return self._type.px(at_720) if at_720 >= 0 else -self._type.px(-at_720)

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
        match overlay:
            case Slate():
                image, _ = slate.slate(
                    self._type, overlay.scene, overlay.shot, round(self._form.width * (1 - 2 * SAFE))
                )
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
                return [self._mark(overlay)]

    def _mark(self, overlay: Watermark) -> tuple[Picture, int, int]:
        """In its corner, or as near to it as what stands there for long leaves it."""
        width, height = self._form.width, self._form.height
        mark = slate.watermark(self._type, open_image(self._asset_path(overlay.image)), overlay.opacity)
        margin, air = self._margin(), self._type.px(12)
        x = width - margin - mark.width if "right" in overlay.position else margin
        if "top" in overlay.position:
            return mark, x, (round(self._panel_head()) + air if overlay.is_on_panel else margin)
        foot = float(height - margin)
        if overlay.is_on_panel:
            foot = self._panel_foot()
        elif overlay.is_above_speech:
            foot = height * CAPTION_FOOT - self._speech_height() - air
        if overlay.legal is not None:
            look = text_look("legal", overlay.legal_style)
            legal = self._words(look, overlay.legal, None, ())
            foot = min(foot, height * (1 - SAFE / 2) - legal.height - air)
        return mark, x, round(foot - mark.height)

    def _panel_head(self) -> float:
        """Where the slate and the sound mark of a panel end."""
        from storyreel.media.panel.lettering import sound_box

        return sound_box(self._form.width, self._form.height).bottom

    def _mark_height(self) -> int:
        """Pixels from the frame's edge that a watermark takes at most, with its air."""
        return self._margin() + round(self._form.short_side / 9) + self._type.px(12)

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
        foot = CAPTION_FOOT * height
        if overlay.style == "voice":
            style = replace(style, color=voice_color(overlay.voice))
            foot = self._panel_foot()
        if overlay.legal is not None:
            foot = min(foot, self._legal_top(overlay) - self._type.px(10))
        text = "\n".join(overlay.lines)
        type_ = self._set_in(overlay.fonts)
        layer = text_layer(type_, text, replace(style, is_balanced=False), round(width * (1 - 2 * SAFE)))
        return layer.image, (width - layer.image.width) // 2, round(foot - layer.image.height)

    def _legal_top(self, overlay: Subtitle) -> float:
        """Where the legal line beneath a caption begins."""
        assert overlay.legal is not None
        if overlay.legal_style is None:
            side = round(self._form.width * SAFE)
            text = text_layer(self._set_in(overlay.fonts), overlay.legal, LEGAL, self._form.width - 2 * side)
            return self._form.height * (1 - SAFE) - text.image.height
        words = self._words(text_look("legal", overlay.legal_style), overlay.legal, None, overlay.fonts)
        return self._form.height * (1 - SAFE / 2) - words.height

    def _set_in(self, fonts: Sequence[Asset]) -> Type:
        return replace(self._type, fonts=tuple(map(self._asset_path, fonts)))

    def _panel_foot(self) -> float:
        """Where subtitles end so that a panel's caption stays readable."""
        from storyreel.media.panel.lettering import caption_box

        return caption_box(self._form.width, self._form.height).top - self._type.px(12)

    def _lettering(self, overlay: Lettering) -> tuple[Picture, int, int]:
        width, height = self._form.width, self._form.height
        look = text_look(overlay.kind, overlay.style)
        if overlay.is_high:  # between the head and what stands at the foot there is less room
            look = replace(look, words=replace(look.words, size=look.words.size * 0.72))
        image = self._words(look, overlay.text, overlay.role, overlay.fonts)
        side = round(width * SAFE)
        if look.place == "middle":
            middle = _HIGH if overlay.is_high else _MIDDLE
            return image, (width - image.width) // 2, round(height * middle - image.height / 2)
        if look.place == "top-left":
            return image, side, round(self._head(overlay))
        left = {"bottom-left": side, "bottom": (width - image.width) // 2, "bottom-right": width - side - image.width}
        foot = self._legal_foot(overlay) if overlay.kind == "legal" else self._foot(overlay)
        if overlay.kind == "lower_third" and overlay.legal is not None:
            legal = self._words(text_look("legal", overlay.legal_style), overlay.legal, None, overlay.fonts)
            top = self._legal_foot(overlay) - legal.height - self._type.px(8)
            # Over a panel the legal line stands above speech, over a take beneath it.
            is_between = overlay.above == "speech" and not overlay.is_on_panel
            foot = min(foot, top - self._speech_height() if is_between else top)
        if overlay.kind == "lower_third" and overlay.mark == look.place and not overlay.is_on_panel:
            foot = min(foot, height - self._mark_height())
        return image, left[look.place], round(foot - image.height)

    def _words(self, look: TextLook, text: str, role: str | None, fonts: Sequence[Asset]) -> Picture:
        return draw_title(self._set_in(fonts), look, text, role, round(self._form.width * (1 - 2 * SAFE)))

    def _head(self, overlay: Lettering) -> float:
        """Words at the head keep clear of a panel's slate, and of a watermark in their corner."""
        top = self._panel_head() + self._type.px(8) if overlay.is_on_panel else self._form.height * SAFE
        if overlay.mark == "top-left":
            top += self._mark_height() - (self._margin() if overlay.is_on_panel else 0)
        return top

    def _legal_foot(self, overlay: Lettering) -> float:
        return self._foot(overlay) if overlay.is_on_panel else self._form.height * (1 - SAFE / 2)

    def _foot(self, overlay: Lettering) -> float:
        """Words at the foot keep clear of speech and, over a panel, of its caption too."""
        if overlay.above == "foot":
            return self._form.height * CAPTION_FOOT
        foot = self._panel_foot() if overlay.is_on_panel else self._form.height * CAPTION_FOOT
        return foot - self._speech_height() if overlay.above == "speech" else foot

    def _speech_height(self) -> int:
        return caption_height(self._type)


def voice_color(voice: int | None) -> Rgba:
    """A speaker's colour; white for a narrator."""
    return WHITE if voice is None else (*element_color(voice), 255)
