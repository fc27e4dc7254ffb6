"""Key art of The Last Lamp: the keeper, the boy, and between them the lens of the lamp above the sea."""

from __future__ import annotations

import numpy as np
from PIL import Image

from artwork import ivo, mara
from artwork.canvas import Canvas, Colour, Point, cut_out, mix, rgb, smooth
from artwork.figure import AMBER, CREAM, GOLD, MARGIN, SIZE

WIDE = (1280, 720)
NIGHT, TEAL, MIST = rgb("#06141f"), rgb("#0e4553"), rgb("#2a7480")


def title() -> Canvas:
    c = Canvas(WIDE, NIGHT, seed=51)
    c.paint(c.down(0, 720), TEAL, 0.9)
    c.paint(c.glow((640, 330), 760, 1.5), MIST, 0.6)
    c.paint(c.noise(120, 3) * c.down(560, 0), NIGHT, 0.55)
    lamp(c, (640, 316), 226)
    waves(c)
    figure(c, cut_out(SIZE, mara.front, 11, margin=MARGIN), left=-124, top=120, height=720)
    figure(c, cut_out(SIZE, ivo.front, 21, margin=MARGIN), left=788, top=170, height=700)
    rain(c, 150, rgb("#cfe6e2"), 0.32)
    c.vignette(0.45)
    c.grain(0.02, 1.3)
    return c


def figure(c: Canvas, image: Image.Image, *, left: int, top: int, height: int) -> None:
    """Lay a cut-out into the picture; what stands over the edge is lost."""
    small = image.resize((round(image.width * height / image.height), height), Image.Resampling.LANCZOS)
    whole = Image.new("RGBA", (c.width, c.height))
    whole.paste(small, (left, top))
    pixels = np.asarray(whole, np.float32) / 255
    c.shade(c.blur(pixels[..., 3], 22), NIGHT, 0.5)
    c.paint(pixels[..., 3], pixels[..., :3])


def waves(c: Canvas) -> None:
    """Three rows of sea, and the ship between the first and the second."""
    for row, (level, tone) in enumerate(((470, "#1c5a66"), (540, "#134653"), (620, "#0b3340"))):
        if row == 1:
            ship(c, (640, 492))
        crest: list[Point] = []
        step, x = 118 + row * 34, -160.0 - row * 47
        while x < 1460:
            for along, up in ((0.0, -24), (0.3, 3), (0.62, 22), (0.8, 7)):
                crest.append((x + step * along, level - up))
            x += step
        line = smooth(crest, closed=False)
        c.paint(c.polygon([*line, (1500, 900), (-200, 900)]), rgb(tone))
        foam = c.stroke(crest, 4)
        c.light(foam, rgb("#dcefe6"), 0.5)
        c.light(foam * c.glow((640, 520), 420, 1.5), GOLD, 0.7)


def ship(c: Canvas, at: Point) -> None:
    x, y = at
    hull = c.polygon([(x - 46, y - 14), (x + 46, y - 14), (x + 34, y + 18), (x - 32, y + 18)])
    mast = c.stroke([(x - 10, y - 76), (x - 10, y - 12)], 3, curved=False)
    funnel = c.polygon([(x + 6, y - 46), (x + 20, y - 46), (x + 20, y - 10), (x + 6, y - 10)])
    c.paint(np.maximum(np.maximum(hull, mast), funnel), rgb("#071d26"))
    for lx, ly in ((x - 10, y - 78), (x + 32, y - 18)):
        c.light(c.glow((lx, ly), 30, 2), CREAM, 1.0)


def lamp(c: Canvas, centre: Point, radius: float) -> None:
    """The lens of a lighthouse seen from the front: rings of glass around a flame, beams to both sides."""
    cx, cy = centre
    c.light(c.glow(centre, radius * 2.6, 2.2), AMBER, 0.5)
    for side in (-1, 1):
        beam = c.polygon(
            [(cx, cy - 40), (cx + side * 700, cy - 210), (cx + side * 700, cy + 60), (cx, cy + 40)], soft=10
        )
        c.light(beam * c.glow(centre, 800, 0.8), GOLD, 0.42)
    c.paint(c.ellipse(centre, (radius, radius)), mix(AMBER, rgb("#c25e1e"), 0.45))
    for step, share in enumerate((0.9, 0.775, 0.65, 0.52, 0.39)):
        c.paint(c.ellipse(centre, (radius * share, radius * share)), mix(rgb("#dd7f28"), CREAM, (step + 0.4) / 5.2))
        ring = c.ellipse(centre, (radius * share, radius * share)) - c.ellipse(
            (cx + 3, cy + 5), (radius * share - 3, radius * share - 3)
        )
        c.light(ring.clip(0, 1), CREAM, 0.5)
    c.light(c.glow(centre, radius * 1.1, 1.5), GOLD, 0.35)


def rain(c: Canvas, amount: int, colour: Colour, opacity: float, slant: float = 0.22) -> None:
    fall: list[tuple[list[Point], float, float]] = []
    for _ in range(amount):
        x, y, length = c.pick(-150, 1300), c.pick(-60, 720), c.pick(26, 84)
        fall.append(([(x, y), (x + slant * length, y + length)], 1.5, c.pick(0.3, 1)))
    c.light(c.lines(fall), colour, opacity)
