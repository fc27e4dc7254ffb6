"""The set of a shot as planes: what is far, opaque, and what stands in front, with its cover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from storyreel.base.digest import digest_of
from storyreel.media.panel.camera import Angle, Camera, Framing
from storyreel.media.panel.frame import Cutout
from storyreel.media.panel.move import FAR
from storyreel.media.panel.palette import TONES, Grade, grade_of, palette_of
from storyreel.media.panel.place import painters
from storyreel.media.panel.plane import Plane
from storyreel.media.panel.setting import Setting
from storyreel.media.panel.sheet import Area, Sheet, noise

Tones = npt.NDArray[np.floating[Any]]

_NEARNESS = {
    Framing.EXTREME_WIDE: 0.78,
    Framing.WIDE: 1.0,
    Framing.MEDIUM: 1.45,
    Framing.MEDIUM_CLOSE: 1.8,
    Framing.CLOSE: 2.3,
    Framing.EXTREME_CLOSE: 2.9,
}
"""How large a set is drawn."""
_HORIZON = {
    Framing.EXTREME_WIDE: 0.62,
    Framing.WIDE: 0.57,
    Framing.MEDIUM: 0.52,
    Framing.MEDIUM_CLOSE: 0.48,
    Framing.CLOSE: 0.45,
    Framing.EXTREME_CLOSE: 0.42,
}
"""Its height, as a share of the frame from above."""
_TILTED = {Angle.EYE: 0.0, Angle.LOW: 0.05, Angle.HIGH: -0.17, Angle.TOP: -0.42}
_DENSITY = {
    Framing.EXTREME_WIDE: 1.0,
    Framing.WIDE: 1.0,
    Framing.MEDIUM: 0.5,
    Framing.MEDIUM_CLOSE: 0.34,
    Framing.CLOSE: 0.2,
    Framing.EXTREME_CLOSE: 0.17,
}
"""How finely the far plane is drawn: the nearer the subject, the more out of focus what is behind it."""


_BRIGHT = 0.8
"""Tones above are held back."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The far plane, drawn over an area of the frame at a density, and what stands in front of everything."""

    far: Plane
    area: Area
    density: float
    depth: float
    near: Cutout | None


def horizon_of(camera: Camera, framing: Framing) -> float:
    """As a share of the frame's height, from above."""
    return _HORIZON[framing] + _TILTED[camera.angle]


def light_of(place: str | None) -> float:
    """u of the light of a place; its sign is the side."""
    random = _random(place)
    side = 1 if random.uniform() < 0.5 else -1
    return side * float(random.uniform(0.28, 0.44))


def paint_ground(
    place: str | None, prompt: str, camera: Camera, framing: Framing, size: tuple[int, int], far: Area, near: Area
) -> Ground:
    """Draw the set of a place for one framing, over the areas that the move will see."""
    width, height = size
    density, grade = _DENSITY[framing], grade_of(palette_of(place))
    far_sheet, near_sheet = Sheet(far, density), Sheet(near, 0.5, is_covering=True)
    light = light_of(place)
    unit = min(height, width * 1.3) * _NEARNESS[framing]
    narrow = min(1.0, width / height / 1.2)
    setting = Setting(
        far_sheet, near_sheet, _random(place), width / 2, horizon_of(camera, framing) * height, unit, light * narrow
    )
    for paint in painters(place or prompt, prompt):
        paint(setting)
    tone, fine = _in_focus(far_sheet.tone, density)
    tone = _held(tone) + 0.011 * _paper(tone.shape)
    tone *= _vignette(far, size, tone.shape)
    luma = grade.luma[(tone.clip(0, 1) * (TONES - 1)).astype(np.int32)]
    return Ground(Plane(luma), far, fine, FAR, _in_front(near_sheet, framing, grade))


def _random(place: str | None) -> np.random.RandomState:
    words = " ".join((place or "").casefold().split())
    return np.random.RandomState(int(digest_of(words.encode())[8:16], 16))


def _in_focus(tone: Tones, density: float) -> tuple[Tones, float]:
    """A coarse drawing is made smooth and finer again, which is what being out of focus looks like."""
    if density > 0.5:
        return tone, density
    from PIL import Image

    for _ in range(1 if density == 0.5 else 2):
        padded = np.pad(tone, 1, mode="edge")
        across = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
        tone = (across[:-2] + 2 * across[1:-1] + across[2:]) / 16
    if density == 0.5:
        return tone, density
    size = round(tone.shape[1] * 0.5 / density), round(tone.shape[0] * 0.5 / density)
    wide = Image.fromarray(tone).resize(size, Image.Resampling.BICUBIC)
    return np.asarray(wide), size[0] / tone.shape[1] * density


def _held(tone: Tones) -> Tones:
    """Light on light rolls off, so that a glow never burns out into a flat patch."""
    over = np.clip(tone - _BRIGHT, 0, None)
    return np.where(over > 0, _BRIGHT + (1 - _BRIGHT) * (1 - np.exp(-over / (1 - _BRIGHT))), tone)


def _paper(shape: tuple[int, ...]) -> Tones:
    """The tooth of the paper: it keeps gradients from banding and lets a move be seen on an empty wall."""
    tile = noise((256, 256), np.random.RandomState(7), (110, 110, 1.0), (40, 40, 1.0))
    down, across = shape[0] // 256 + 1, shape[1] // 256 + 1
    return np.tile(tile, (down, across))[: shape[0], : shape[1]]


def _vignette(area: Area, size: tuple[int, int], shape: tuple[int, ...]) -> Tones:
    x = (np.linspace(area.left, area.right, shape[1], dtype=np.float32)[None, :] / size[0] - 0.5) * 2
    y = (np.linspace(area.top, area.bottom, shape[0], dtype=np.float32)[:, None] / size[1] - 0.46) * 2
    return 1 - 0.2 * np.clip(0.55 * x * x + 0.6 * y * y, 0, 1.4)


def _in_front(sheet: Sheet, framing: Framing, grade: Grade) -> Cutout | None:
    """What was painted on the near sheet, cut to where it is; nothing in close shots, where it would be in the way."""
    assert sheet.cover is not None
    rows, columns = (np.flatnonzero(sheet.cover.max(axis=axis) > 0.02) for axis in (1, 0))
    if framing not in (Framing.EXTREME_WIDE, Framing.WIDE, Framing.MEDIUM) or not rows.size:
        return None
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    cover = np.pad(sheet.cover[top:bottom, left:right], 1)
    tone = np.pad(sheet.tone[top:bottom, left:right], 1)
    luma = grade.luma[(tone.clip(0, 1) * (TONES - 1)).astype(np.int32)]
    cover = cover[: cover.shape[0] // 2 * 2, : cover.shape[1] // 2 * 2]
    luma = luma[: cover.shape[0], : cover.shape[1]]
    half = cover[::2, ::2]
    u, v = (np.array(table)[luma[::2, ::2] >> 2] * half * 4 for table in (grade.u, grade.v))
    chroma = tuple(Plane(channel.astype(np.uint16)) for channel in (u, v, half * 1020))
    x, y = sheet.area.left + (left - 1) / sheet.density, sheet.area.top + (top - 1) / sheet.density
    area = Area(x, y, x + cover.shape[1] / sheet.density, y + cover.shape[0] / sheet.density)
    return Cutout(
        Plane((luma * cover).astype(np.uint16)),
        Plane((cover * 1020).astype(np.uint16)),
        area,
        sheet.density,
        (chroma[0], chroma[1], chroma[2]),
    )
