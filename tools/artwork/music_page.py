"""A page of piano music, drawn flat: what the paper boat is folded from."""

from __future__ import annotations

import numpy as np
from PIL import Image

from artwork.canvas import Canvas, Point, rgb, smooth

PAPER, INK = rgb("#f4ead6"), rgb("#2a2230")


def page(seed: int) -> Image.Image:
    """A page of music, flat: five systems for piano, slurs, a coffee ring."""
    c = Canvas((900, 1200), PAPER, seed=seed)
    c.shade(c.noise(220), rgb("#ead9b8"), 0.6)
    c.shade(c.noise(16), rgb("#efe4cd"), 0.25)
    ring = c.ellipse((690, 1040), (96, 94)) - c.ellipse((692, 1042), (87, 85))
    c.shade(ring.clip(0, 1) * c.noise(90), rgb("#8a5a2c"), 0.55)
    lines: list[tuple[list[Point], float, float]] = []
    heads: list[tuple[Point, Point, float]] = []
    for system in range(5):
        top = 110.0 + system * 212
        for line in range(10):
            y = top + line * 9 + (33 if line > 4 else 0)
            lines.append(([(70, y), (830, y)], 1.5, 1))
        lines += [([(x, top), (x, top + 114)], 2.4, 1) for x in (70, 262, 452, 642, 830)]
        brace = smooth([(58, top), (48, top + 50), (60, top + 57), (48, top + 64), (58, top + 114)], closed=False)
        lines.append((brace, 4, 1))
        for stave in (top, top + 78):
            x, pitch = 104.0, 3.0
            while x < 780:
                count = int(c.random.integers(1, 5))
                pitch = float(np.clip(pitch + c.random.integers(-3, 4), -1, 8))
                group = [(x + k * 25, stave + 36 - (pitch + int(c.random.integers(-1, 3))) * 4.5) for k in range(count)]
                stem = min(y for _, y in group) - 30
                heads += [(at, (6.2, 4.4), 1) for at in group]
                lines += [([(hx + 5.4, hy), (hx + 5.4, stem)], 1.8, 1) for hx, hy in group]
                if count > 1:
                    lines.append(([(group[0][0] + 5.4, stem + 2), (group[-1][0] + 5.4, stem + 2)], 5, 1))
                x += count * 25 + 26
        for _ in range(2):
            x = c.pick(120, 600)
            lines.append((smooth([(x, top - 14), (x + 70, top - 30), (x + 150, top - 14)], closed=False), 2.6, 1))
    ink = np.maximum(c.lines(lines), c.ellipses(heads))
    c.paint(ink, INK, 0.88)
    return c.image()
