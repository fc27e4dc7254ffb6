"""Stills for Paper Boat, tall: a sheet of music, the boat it becomes, the gutter in the rain, the sea."""

from __future__ import annotations

import numpy as np
from PIL import Image

from artwork.canvas import Canvas, Colour, Mask, Point, mix, ramp, rgb, smooth
from artwork.music_page import INK, PAPER, page

SIZE = (720, 1280)

DUSK, BLUE, HAZE = rgb("#0d1a2c"), rgb("#274765"), rgb("#6c8ca6")
LAMP, GLOW = rgb("#ffb760"), rgb("#ffe3b0")
PAPER_SHADE = rgb("#a9977d")
WOOD_DARK, WOOD, WOOD_LIT = rgb("#1d1010"), rgb("#5a3320"), rgb("#b8723f")


def lay(c: Canvas, flat: Image.Image, corners: list[Point]) -> tuple[np.ndarray, Mask]:
    """The flat picture in perspective on these corners (from top left, clockwise), and where it lies."""
    w, h = flat.size
    target = [(0, 0), (w, 0), (w, h), (0, h)]
    rows, right = [], []
    for (px, py), (qx, qy) in zip([(x * c.scale, y * c.scale) for x, y in corners], target, strict=True):
        rows += [[px, py, 1, 0, 0, 0, -qx * px, -qx * py], [0, 0, 0, px, py, 1, -qy * px, -qy * py]]
        right += [qx, qy]
    k = np.linalg.solve(np.array(rows, float), np.array(right, float))
    out = flat.transform((c.width, c.height), Image.Transform.PERSPECTIVE, list(k), Image.Resampling.BICUBIC)
    return np.asarray(out, np.float32) / 255, c.polygon(corners)


# -- the desk --------------------------------------------------------------------------------------------------------


def desk(seed: int) -> Canvas:
    """A desk at night: a window with rain above, a lamp from the right."""
    c = Canvas(SIZE, DUSK, seed=seed)
    # Window: dusk, lights out of focus, drops on the glass.
    pane = c.polygon([(0, 0), (720, 0), (720, 452), (0, 452)])
    c.paint(pane * c.down(0, 460), BLUE)
    c.paint(pane * c.glow((240, 470), 420, 1.4), HAZE, 0.55)
    roofs = c.polygon(
        [
            (0, 330),
            (70, 300),
            (120, 330),
            (120, 280),
            (190, 250),
            (250, 290),
            (330, 290),
            (330, 340),
            (430, 320),
            (470, 280),
            (560, 310),
            (720, 290),
            (720, 470),
            (0, 470),
        ],
        soft=7,
    )
    c.paint(roofs, mix(DUSK, BLUE, 0.4), 0.85)
    bokeh(c, 34, (0, 720), (150, 430), 24)
    drops = [((c.pick(0, 720), c.pick(0, 440)), c.pick(1.5, 5.0)) for _ in range(170)]
    c.paint(c.ellipses([(at, (r, r * 1.25), 1) for at, r in drops], 0.5), mix(DUSK, BLUE, 0.4), 0.5)
    c.light(c.ellipses([((x - r * 0.2, y + r * 0.5), (r * 0.55, r * 0.4), 1) for (x, y), r in drops], 0.4), GLOW, 0.75)
    runs: list[tuple[list[Point], float, float]] = []
    for _ in range(16):
        x, y = c.pick(0, 720), c.pick(0, 280)
        runs.append(
            (smooth([(x, y), (x + 3, y + 60), (x - 2, y + 120), (x + 1, y + c.pick(130, 200))], closed=False), 2.2, 1)
        )
    c.light(c.lines(runs, 0.6), HAZE, 0.4)
    for frame in (
        [(352, 0), (378, 0), (378, 460), (352, 460)],
        [(0, 424), (720, 424), (720, 476), (0, 476)],
        [(0, 118), (720, 118), (720, 136), (0, 136)],
    ):
        bar = c.polygon(frame)
        c.shade(c.blur(bar, 8), rgb("#101826"), 0.5)
        c.paint(bar, rgb("#1a1416"))
        c.light((bar - np.roll(bar, 3, axis=0)).clip(0, 1) * c.across(200, 720), LAMP, 0.7)
    # Desk: boards that run to a vanishing point, in the light of the lamp.
    top = c.polygon([(0, 470), (720, 470), (720, 1280), (0, 1280)])
    depth = np.clip((c.y - 300) / 980, 0.02, 1)
    u = (c.x - 360) / depth
    grain = c.noise(30, 0.16)
    lines = 0.5 + 0.5 * np.sin(u * 0.09 + grain * 5.5) * (0.5 + 0.5 * c.noise(70, 0.4))
    c.paint(top, WOOD_DARK)
    c.paint(top * (0.42 + 0.3 * lines), WOOD)
    c.shade(top * c.noise(2.4, 0.12), rgb("#b59a8a"), 0.35)
    board = np.abs(((u + 90) / 260) % 1 - 0.5)
    c.shade(top * ramp(board, 0.012, 0.0), rgb("#120808"), 0.9)
    pool = c.glow((420, 850), 640, 1.15)
    c.paint(top * pool * (0.6 + 0.4 * lines), WOOD_LIT, 0.8)
    c.light(top * c.glow((500, 700), 430, 1.6), LAMP, 0.3)
    c.light(top * c.down(640, 470) * c.across(420, 0), HAZE, 0.28)
    reflect = c.polygon([(40, 476), (350, 476), (300, 640), (-60, 640)], soft=16)
    c.light(reflect * top, HAZE, 0.2)
    return c


def bokeh(c: Canvas, count: int, xs: Point, ys: Point, largest: float) -> None:
    """Lights of a town, out of focus."""
    for tone in (LAMP, rgb("#ff8f58"), HAZE):
        spots = []
        for _ in range(count // 3):
            r = c.pick(6, largest)
            spots.append(((c.pick(*xs), c.pick(*ys)), (r, r), c.pick(0.12, 0.5)))
        c.light(c.ellipses(spots, 1.6), tone, 0.95)


def lamp_shade(c: Canvas) -> None:
    """Just the edge of the lamp in the upper right corner, and its glow."""
    c.light(c.glow((690, 330), 520, 2.2), LAMP, 0.6)
    arm = c.stroke([(742, 640), (700, 560), (668, 380)], 9)
    c.paint(arm, rgb("#5a3c16"))
    c.light(arm * c.across(705, 670), LAMP, 0.4)
    shade = c.polygon([*smooth([(500, 330), (530, 250), (610, 204), (740, 190)], closed=False), (740, 352), (500, 344)])
    c.paint(shade, rgb("#143a34"))
    c.paint(shade * c.down(190, 352), rgb("#2f7a63"), 0.8)
    c.light(shade * c.glow((650, 350), 170, 1.5), LAMP, 0.5)
    c.paint(c.ellipse((625, 348), (128, 13)), GLOW)
    c.light(c.glow((625, 356), 230, 2.4), GLOW, 0.75)


def sheet() -> Canvas:
    c = desk(41)
    corners: list[Point] = [(196, 640), (560, 676), (604, 1080), (84, 1010)]
    shadow = c.polygon([(x - 16, y + 16) for x, y in corners], soft=14)
    c.shade(shadow, rgb("#120808"), 0.8)
    texture, where = lay(c, page(7), corners)
    c.paint(where, texture * np.asarray(rgb("#ffe9c4"), np.float32))
    c.shade(where * c.across(430, 60) * c.down(560, 1060), rgb("#8c7a86"), 0.55)
    c.light(where * c.glow((560, 700), 360, 1.8), LAMP, 0.3)
    pencil(c)
    lamp_shade(c)
    return finish(c)


def pencil(c: Canvas) -> None:
    body = [(90, 1120), (430, 1204), (434, 1188), (94, 1104)]
    c.shade(c.polygon([(x - 6, y + 14) for x, y in body], soft=6), rgb("#120808"), 0.75)
    c.paint(c.polygon(body), rgb("#7a2f25"))
    c.light(c.polygon([(93, 1110), (433, 1194), (434, 1189), (94, 1105)]), LAMP, 0.4)
    c.paint(c.polygon([(430, 1204), (434, 1188), (470, 1206)]), rgb("#d8a878"))
    c.paint(c.polygon([(458, 1203), (459, 1200), (470, 1206)]), INK)


def boat(
    c: Canvas,
    at: Point,
    size: float,
    *,
    tilt: float = 0.0,
    warm: Colour = GLOW,
    cold: Colour = HAZE,
    light_from: int = 1,
) -> Mask:
    """The folded boat, waterline centre at `at`, `size` units long; lit warm from one side, cold from the other."""
    cos, sin = np.cos(tilt), np.sin(tilt)

    def p(x: float, y: float) -> Point:
        x, y = x * size * light_from, y * size
        return (at[0] + x * cos - y * sin, at[1] + x * sin + y * cos)

    whole: Mask = c.x * 0
    panels: list[tuple[list[Point], Colour, float, float]] = [
        (
            [p(-0.5, -0.2), p(-0.28, -0.13), p(0.28, -0.14), p(0.5, -0.24), p(0.3, -0.05), p(-0.3, -0.05)],
            mix(PAPER_SHADE, rgb("#5a5468"), 0.45),
            0.0,
            0.0,
        ),
        ([p(-0.02, -0.46), p(0.26, -0.11), p(0.0, -0.02)], mix(PAPER, warm, 0.25), 0.12, 0.9),
        ([p(-0.02, -0.46), p(-0.28, -0.1), p(0.0, -0.02)], mix(PAPER_SHADE, cold, 0.3), -0.12, 0.9),
        ([p(-0.5, -0.2), p(-0.02, -0.04), p(0.03, 0.1), p(-0.29, 0.1)], mix(PAPER, PAPER_SHADE, 0.62), 0.2, 1.0),
        ([p(0.5, -0.24), p(-0.02, -0.04), p(0.03, 0.1), p(0.31, 0.1)], mix(PAPER, warm, 0.15), -0.16, 1.0),
    ]
    for points, tone, slope, lines in panels:
        panel = c.polygon(points)
        whole = np.maximum(whole, panel)
        c.paint(panel, tone)
        if lines:
            staves: list[tuple[list[Point], float, float]] = []
            heads: list[tuple[Point, Point, float]] = []
            for group in range(-5, 4):
                for line in range(5):
                    y0 = group * 0.115 + line * 0.014
                    ends = [p(-0.6, y0 - slope * 0.6), p(0.6, y0 + slope * 0.6)]
                    staves.append((ends, max(0.8, size * 0.0022), 1))
                for _ in range(7 if size > 150 else 0):
                    x = c.pick(-0.5, 0.5)
                    y0 = group * 0.115 + c.pick(0, 0.056) + slope * x
                    heads.append((p(x, y0), (size * 0.0085, size * 0.0062), 1))
                    staves.append(([p(x + 0.008, y0), p(x + 0.008, y0 - 0.05)], size * 0.0028, 1))
            ink = np.maximum(c.lines(staves), c.ellipses(heads))
            c.paint(ink * panel, INK, 0.62)
        centre_x = sum(x for x, _ in points) / len(points)
        c.shade(panel * c.down(at[1] - 0.2 * size, at[1] + 0.14 * size), mix(tone, rgb("#3a2f40"), 0.55), 0.5)
        if (centre_x - at[0]) * light_from > 0:
            c.light(panel * c.glow(p(0.3, -0.3), size * 0.62, 1.4), warm, 0.35)
    for crease in ([p(-0.02, -0.46), p(0.0, -0.02)], [p(-0.02, -0.04), p(0.03, 0.1)]):
        c.light(c.stroke(crease, max(1, size * 0.004), curved=False), warm, 0.55)
    edge = c.stroke([p(-0.5, -0.2), p(-0.02, -0.04), p(0.5, -0.24)], max(1, size * 0.005), curved=False)
    c.light(edge, warm, 0.6)
    return whole


def folded() -> Canvas:
    c = desk(41)
    c.shade(
        c.shape([(90, 960), (250, 900), (470, 905), (520, 930), (420, 985), (240, 1000)], soft=18), rgb("#120808"), 0.85
    )
    c.shade(c.ellipse((366, 944), (150, 15), 6), rgb("#0c0606"), 0.85)
    boat(c, (366, 890), 470, warm=GLOW)
    pencil(c)
    lamp_shade(c)
    return finish(c)


# -- the street ------------------------------------------------------------------------------------------------------


def gutter() -> Canvas:
    c = Canvas(SIZE, DUSK, seed=43)
    c.paint(c.down(0, 520), mix(BLUE, HAZE, 0.25))
    # Houses out of focus, street lamps and their halos.
    for x, w, h in ((-40, 150, 90), (100, 120, 150), (500, 130, 130), (610, 160, 40)):
        c.paint(c.polygon([(x, h), (x + w, h + 14), (x + w, 560), (x, 560)], soft=9), mix(DUSK, BLUE, 0.3), 0.9)
    bokeh(c, 20, (0, 250), (140, 440), 20)
    bokeh(c, 20, (480, 720), (140, 440), 20)
    for x, y, r in ((250, 250, 300), (455, 330, 150)):
        c.light(c.glow((x, y), r, 2.6), LAMP, 0.85)
        c.light(c.ellipse((x, y), (r * 0.085, r * 0.085), 3), GLOW, 1.0)
        c.paint(c.stroke([(x, y + r * 0.08), (x + 2, 500)], r * 0.02, 2), DUSK, 0.85)
    horizon, vx = 470.0, 372.0
    ground = c.polygon([(0, horizon), (720, horizon), (720, 1280), (0, 1280)])
    c.paint(ground, mix(DUSK, BLUE, 0.3))
    _cobbles(c, horizon, vx)

    # Water runs along the kerb.
    stream = c.polygon(
        [
            *smooth([(vx - 10, horizon + 8), (318, 620), (206, 860), (20, 1290)], closed=False),
            (575, 1290),
            *smooth([(484, 860), (418, 620), (vx + 14, horizon + 8)], closed=False),
        ],
        soft=3,
    )
    c.paint(stream, mix(DUSK, BLUE, 0.55))
    c.paint(stream * c.down(1280, 560), mix(HAZE, LAMP, 0.25), 0.55)
    flow = c.noise(34, 0.2) * 0.5 + c.noise(12, 0.28) * 0.32 + c.noise(6, 0.6) * 0.18
    c.light(stream * ramp(flow, 0.52, 0.72), HAZE, 0.5)
    glint = c.polygon([(vx - 30, horizon), (vx + 10, horizon), (400, 1280), (170, 1280)], soft=26)
    c.light(stream * glint * ramp(flow, 0.38, 0.66), LAMP, 0.95)

    # Kerb: a lit edge, a wet face; the pavement behind it.
    pavement = c.polygon([(vx + 14, horizon), (720, horizon), (720, 1280), (690, 1280)])
    c.paint(pavement, mix(DUSK, BLUE, 0.5))
    c.light(pavement * c.glow((620, 560), 420, 1.6), LAMP, 0.22)
    depth = np.clip((c.y - horizon) / 810, 0.01, 1)
    slabs = np.abs((np.log(depth) * 2.2) % 1 - 0.5)
    c.shade(pavement * ramp(slabs, 0.03, 0.0), DUSK, 0.7)
    face = c.polygon([(vx + 10, horizon + 4), (vx + 16, horizon), (690, 1280), (556, 1290)])
    c.paint(face, mix(DUSK, BLUE, 0.18))
    c.light(face * c.glow((430, 640), 320, 1.6), LAMP, 0.28)
    lip = c.stroke([(vx + 16, horizon), (690, 1284)], 7, 1.5, curved=False)
    c.light(lip * c.down(420, 700), mix(LAMP, HAZE, 0.4), 0.8)
    c.shade(face * ramp(slabs, 0.03, 0.0), rgb("#05080f"), 0.8)

    # Drops that strike the water.
    splashes: list[tuple[Point, Point, float]] = []
    for _ in range(46):
        y = c.pick(620, 1240)
        near = (y - horizon) / 810
        r = 7 + 30 * near
        splashes.append(((c.pick(320 - 220 * near, 420 + 90 * near), y), (r, r * 0.3), c.pick(0.4, 1)))
    c.light(c.rings(splashes, 1.6) * stream, GLOW, 0.5)
    # The boat, its wake, its reflection.
    c.shade(c.ellipse((352, 872), (106, 15), 8) * stream, rgb("#060a14"), 0.75)
    mirror = c.polygon([(256, 864), (458, 860), (416, 950), (364, 1010), (312, 950)], soft=12)
    c.light(mirror * ramp(flow, 0.3, 0.7), PAPER, 0.34)
    boat(c, (352, 848), 222, tilt=-0.07, warm=GLOW, cold=HAZE, light_from=-1)
    for wake in (
        [(272, 874), (220, 910), (176, 980)],
        [(420, 874), (462, 910), (496, 966)],
        [(282, 874), (352, 890), (414, 874)],
    ):
        c.light(c.stroke(wake, 4, 2.4) * stream, PAPER, 0.5)
    fall: list[tuple[list[Point], float, float]] = []
    for _ in range(150):
        x, y, length = c.pick(-40, 740), c.pick(-60, 1240), c.pick(24, 90)
        fall.append(([(x, y), (x - length * 0.1, y + length)], 1.3, c.pick(0.12, 0.5)))
    c.light(c.lines(fall), HAZE, 0.9)
    return finish(c)


def _cobbles(c: Canvas, horizon: float, vx: float) -> None:
    """Wet stones on the left, larger towards the camera."""
    stone: list[tuple[Point, Point, float]] = []
    gleam: list[tuple[Point, Point, float]] = []
    row, y = 0, horizon + 14
    while y < 1320:
        near = (y - horizon) / 810
        w, h = 8 + 88 * near, 4 + 42 * near
        x = vx - 20 - 330 * near + (row % 2) * w * 0.55
        while x > -w:
            at = x + c.pick(-0.1, 0.1) * w
            stone.append(((at, y), (w * 0.5, h * 0.5), c.pick(0.55, 1)))
            gleam.append(((at + w * 0.06, y - h * 0.2), (w * 0.3, h * 0.14), c.pick(0.2, 1)))
            x -= w * 1.06
        y += h * 0.98
        row += 1
    stones, shine = c.ellipses(stone, 0.5), c.ellipses(gleam, 1.5)
    c.paint(stones, mix(BLUE, DUSK, 0.45), 0.9)
    c.light(shine, mix(LAMP, HAZE, 0.55), 0.55)
    c.light(shine * c.glow((240, 640), 380, 1.4), LAMP, 0.7)


# -- the sea ---------------------------------------------------------------------------------------------------------


def sea() -> Canvas:
    c = Canvas(SIZE, rgb("#9fb4c4"), seed=44)
    horizon, sun = 556.0, (392.0, 522.0)
    c.paint(c.down(560, 0), rgb("#5d7f9c"))
    c.paint(c.glow((392, 560), 620, 1.1), rgb("#f3c9a0"), 0.9)
    c.paint(c.glow((392, 556), 330, 1.3), rgb("#ffe3b8"), 0.9)
    for y, tone, a in ((120, "#c9d2d6", 0.5), (230, "#e6cdb8", 0.6), (340, "#f6cfa4", 0.7), (430, "#ffd9a6", 0.8)):
        band = ramp(np.abs(c.y - y + (c.noise(120, 4) - 0.5) * 60), 34, 0)
        c.paint(band * c.noise(60, 5), rgb(tone), a)
    c.light(c.glow(sun, 240, 3), GLOW, 0.9)
    c.paint(c.ellipse(sun, (37, 37), 0.6), rgb("#fffaf0"))

    water = np.clip((c.y - horizon) * c.scale, 0, 1)
    c.paint(water, rgb("#d9b89a"))
    c.paint(water * c.down(540, 900), rgb("#54809a"))
    c.paint(water * c.down(800, 1300), rgb("#143a55"))
    near = np.clip((c.y - horizon) / 724, 0, 1)
    for cell, reach, a in ((3, 0.12, 0.6), (7, 0.4, 0.6), (16, 1.0, 0.5)):
        rows = c.noise(cell, 7)
        zone = np.exp(-(((near - reach * 0.6) / (0.18 + reach * 0.5)) ** 2))
        c.light(water * zone * ramp(rows, 0.55, 0.8), rgb("#f0cfae"), a * 0.55)
        c.shade(water * zone * ramp(rows, 0.45, 0.2), rgb("#3c6079"), a * 0.6)
    # The path of the sun.
    path: list[tuple[Point, Point, float]] = []
    for t in np.sort(c.random.random(1000) ** 1.5):
        spread = 12 + 150 * float(t)
        at = (sun[0] + float(c.random.normal(0, 0.55)) * spread, horizon + 3 + 700 * float(t))
        path.append(
            (at, (5 + 46 * float(t) * c.pick(0.4, 1.2), 0.7 + 3.2 * float(t)), c.pick(0.5, 1) * (1 - 0.55 * float(t)))
        )
    c.light(c.ellipses(path, 0.6), rgb("#fff0cf"), 0.9)
    at = (300.0, 752.0)
    c.shade(c.ellipse((at[0], at[1] + 13), (54, 7), 3), rgb("#1c4058"), 0.7)
    mirror = c.polygon(
        [(at[0] - 40, at[1] + 11), (at[0] + 40, at[1] + 11), (at[0] + 14, at[1] + 44), (at[0] - 10, at[1] + 52)], soft=5
    )
    c.light(mirror * c.noise(4, 4), PAPER, 0.6)
    boat(c, at, 118, warm=rgb("#ffffff"), cold=rgb("#6f8da6"))
    for r in (70, 112, 160):
        ring = c.ellipse((at[0], at[1] + 14), (r, r * 0.13)) - c.ellipse((at[0], at[1] + 15), (r - 2, r * 0.13 - 1.2))
        c.light(ring.clip(0, 1), GLOW, 0.3)
    return finish(c)


def finish(c: Canvas) -> Canvas:
    c.vignette(0.38)
    c.grain(0.016, 1.3)
    return c
