"""What the posters of Mara and Ivo share: one night, one lamp, one rain, one grain."""

from __future__ import annotations

from collections.abc import Callable

from artwork.canvas import Canvas, Colour, Point, mix, rgb

SIZE = (768, 1024)

NIGHT, TEAL, MIST = rgb("#06141f"), rgb("#0e4553"), rgb("#2a7480")
AMBER, GOLD, CREAM = rgb("#f2a33a"), rgb("#ffc763"), rgb("#fff0c8")
RIM = rgb("#8fd0d4")


def mirrored(half: list[Point], axis: float = 384) -> list[Point]:
    """A symmetrical outline from its right half, given from top to bottom."""
    return half + [(2 * axis - px, py) for px, py in reversed(half)]


def flip(side: int) -> Callable[[float, float], Point]:
    """Points of the right half as they stand, or mirrored."""
    return lambda px, py: (384 + side * (px - 384), py)


def night(seed: int) -> Canvas:
    c = Canvas(SIZE, NIGHT, seed=seed)
    c.paint(c.down(0, 1024) * 0.9, TEAL)
    c.paint(c.glow((384, 430), 620, 1.6), MIST, 0.55)
    c.paint(c.noise(150, 2.4) * c.down(1024, 200), NIGHT, 0.5)
    return c


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
        x, y, length = c.pick(-150, 790), c.pick(-60, 1020), c.pick(26, 84)
        fall.append(([(x, y), (x + slant * length, y + length)], 1.5, c.pick(0.3, 1)))
    c.light(c.lines(fall), colour, opacity)


def finish(c: Canvas) -> Canvas:
    c.vignette(0.5)
    c.grain(0.022, 1.3)
    return c
