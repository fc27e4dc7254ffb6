"""The look of everything drawn: colours, and type sizes in pixels of a frame whose short side is 720."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from storyreel.media.fonts import Weight

Rgba = tuple[int, int, int, int]

GROUND: Rgba = (0x14, 0x16, 0x1A, 255)
RAISED: Rgba = (0x1C, 0x1F, 0x25, 255)
LINE: Rgba = (0x2A, 0x2E, 0x36, 255)
TEXT: Rgba = (0xE8, 0xE6, 0xE1, 255)
QUIET: Rgba = (0x9A, 0xA0, 0xAA, 255)
ACCENT: Rgba = (0xF2, 0xA3, 0x3A, 255)
FAILED: Rgba = (0xE5, 0x48, 0x4D, 255)
PARKED: Rgba = (0xB5, 0x8C, 0xFF, 255)
WHITE: Rgba = (255, 255, 255, 255)

SHORT_SIDE = 720


def faded(color: Rgba, opacity: float) -> Rgba:
    """The same colour at 0 to 1 of its opacity."""
    return (*color[:3], round(color[3] * opacity))


@dataclass(frozen=True, slots=True)
class Scrim:
    """A rounded box behind words."""

    color: Rgba
    across: float = 14
    """Pixels at 720 between the words and the left and right edge."""
    along: float = 10
    """The same above capitals and below the base line, beyond the room that accents and descenders take."""
    radius: float = 6


@dataclass(frozen=True, slots=True)
class Style:
    """How words are set. Sizes are pixels at 720; spacing and leading are parts of the type size."""

    size: float
    weight: Weight = "regular"
    color: Rgba = TEXT
    align: Literal["left", "center", "right"] = "left"
    lines: int = 2
    """At most; what is more is cut at a word, with an ellipsis."""
    floor: float = 1.0
    """How small the type may become, as a part of `size`, before words are cut."""
    leading: float = 1.3
    spacing: float = 0.0
    is_caps: bool = False
    is_balanced: bool = False
    """True where lines should be of like length, not filled one after the other."""
    scrim: Scrim | None = None
    outline: float = 0.0
    """Pixels at 720 of a dark edge around each letter."""
    shadow: float = 0.0
    """Pixels at 720 of a soft dark shadow."""


SLATE = Style(20, "semibold", spacing=0.12, is_caps=True, lines=1, shadow=4)
LABEL = Style(18, "semibold", QUIET, lines=1, shadow=4)
CAPTION = Style(28, "regular", lines=2, floor=0.86, leading=1.32, scrim=Scrim((10, 11, 13, 178)))
SUBTITLE = Style(
    40,
    "semibold",
    WHITE,
    "center",
    lines=2,
    floor=0.6,
    leading=1.28,
    is_balanced=True,
    scrim=Scrim((0, 0, 0, 178), across=18, along=10),
)
CARD_TITLE = Style(88, "bold", align="center", lines=3, floor=0.4, leading=1.08, spacing=-0.012, is_balanced=True)
CARD_SUBTITLE = Style(34, "regular", QUIET, "center", lines=3, floor=0.6, leading=1.35, is_balanced=True)
PRICE = Style(56, "semibold", ACCENT, "center", lines=1, floor=0.5)
CTA = Style(30, "semibold", GROUND, "center", lines=1, floor=0.6, scrim=Scrim(ACCENT, across=28, along=12))
LEGAL = Style(
    20, "regular", (0xC6, 0xC9, 0xCE, 255), "center", lines=4, floor=0.9, leading=1.35, is_balanced=True, shadow=3
)
"""Small print that still can be read: brighter than what is quiet elsewhere."""
SUPER = Style(44, "semibold", WHITE, "center", lines=3, floor=0.5, leading=1.2, is_balanced=True, outline=1, shadow=8)
LOWER_THIRD_NAME = Style(36, "bold", lines=1, floor=0.5)
LOWER_THIRD_ROLE = Style(24, "regular", QUIET, lines=1, floor=0.6)
