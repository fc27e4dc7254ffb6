"""Mara and Ivo: four posters in one light. Night teal behind, the lamp as a halo, amber from the right."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from artwork.canvas import Canvas, Colour, Mask, Point, mix, rgb, smooth

SIZE = (768, 1024)

NIGHT, TEAL, MIST = rgb("#06141f"), rgb("#0e4553"), rgb("#2a7480")
AMBER, GOLD, CREAM = rgb("#f2a33a"), rgb("#ffc763"), rgb("#fff0c8")
RIM = rgb("#8fd0d4")


def mirrored(half: list[Point], axis: float = 384) -> list[Point]:
    """A symmetrical outline from its right half, given from top to bottom."""
    return half + [(2 * axis - px, py) for px, py in reversed(half)]


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


def coat(c: Canvas, outline: list[Point], dark: Colour, lit: Colour, *, soft_light: float = 0.8) -> Mask:
    body = c.shape(outline)
    c.paint(body, dark)
    c.paint(body * c.across(330, 760) * c.down(1150, 640), lit, soft_light)
    return body


# -- Mara ------------------------------------------------------------------------------------------------------------

SKIN_DARK, SKIN, SKIN_LIT = rgb("#4a302f"), rgb("#b9754f"), rgb("#f0b98a")
HAIR_DARK, HAIR, HAIR_LIT = rgb("#5c6b75"), rgb("#b9c3c6"), rgb("#f6efe2")
NAVY_DARK, NAVY, NAVY_LIT = rgb("#0a1322"), rgb("#17294a"), rgb("#34507a")


def mara_front() -> Canvas:
    c = night(11)
    lamp(c, (384, 392), 300)
    mara_coat(c)

    head_half = [
        (384, 250), (446, 260), (484, 300), (499, 360), (499, 424), (490, 478), (470, 530), (436, 574), (396, 590),
    ]
    head = c.shape(mirrored(head_half))
    for x, side in ((267, -1), (501, 1)):
        ear = c.ellipse((x, 420), (15, 34))
        c.paint(ear, SKIN if side > 0 else SKIN_DARK)
        c.paint(c.ellipse((x + 2 * side, 420), (7, 20), 2), SKIN_DARK, 0.6)
        c.light(c.ellipse((x, 452), (4, 4)), CREAM, 0.9 if side > 0 else 0.35)
    c.paint(head, SKIN)
    c.paint(head * c.across(400, 500), SKIN_LIT, 0.85)

    # The shadow side follows brow, nose, lips and chin: one edge that draws the whole face.
    edge = [
        (374, 236), (384, 296), (392, 350), (379, 382), (383, 416), (394, 450), (390, 470), (370, 482),
        (368, 496), (378, 508), (375, 522), (383, 534), (371, 550), (377, 572), (368, 612),
    ]
    shadow = c.polygon([*smooth(edge, closed=False), (200, 620), (200, 230)], soft=1.2)
    c.paint(head * shadow, SKIN_DARK, 0.93)
    c.paint(head * c.shape([(290, 426), (340, 420), (354, 440), (336, 478), (308, 470)], soft=8), SKIN, 0.6)
    c.light(head * c.across(300, 255), RIM, 0.28)

    for side in (-1, 1):
        lit = side > 0
        m = flip(side)
        # Socket, eyeball, iris, a tired upper lid, brow.
        socket = c.shape([m(398, 366), m(440, 354), m(482, 372), m(478, 408), m(432, 418), m(402, 406)], soft=9)
        c.shade(socket, rgb("#5a3434"), 0.7 if lit else 0.6)
        eye = c.shape([m(407, 401), m(424, 392), m(446, 391), m(466, 402), m(446, 410), m(424, 410)])
        c.paint(eye, rgb("#e6d3bd") if lit else rgb("#7d7069"))
        c.paint(c.ellipse(m(437, 399), (12, 12)) * eye, rgb("#2f5660"))
        c.paint(c.ellipse(m(437, 399), (5.5, 5.5)) * eye, rgb("#0b1216"))
        c.paint(c.ellipse((384 + side * 53 + 4, 397), (2.8, 2.8)), CREAM, 0.95 if lit else 0.6)
        lid = c.shape([m(402, 401), m(420, 382), m(448, 379), m(472, 400), m(448, 394), m(424, 395)])
        c.paint(lid, mix(SKIN, SKIN_DARK, 0.45) if lit else mix(SKIN_DARK, rgb("#2a1a1e"), 0.35))
        c.paint(c.stroke([m(402, 402), m(424, 394), m(448, 393), m(473, 403)], 3.6), rgb("#241418"))
        c.paint(c.stroke([m(408, 413), m(432, 419), m(458, 413)], 2, 0.8), rgb("#5a3430"), 0.7)
        brow = c.shape([m(397, 370), m(416, 360), m(444, 356), m(484, 374), m(446, 367), m(418, 371), m(399, 379)])
        c.paint(brow, HAIR_LIT if lit else HAIR_DARK)
        # Years: crow's feet, the fold beside the mouth, under the eye.
        for dy in (-8, 1, 10):
            c.paint(c.stroke([m(477, 402 + dy * 0.4), m(490, 400 + dy)], 1.6, 0.6), SKIN_DARK, 0.55)
        c.paint(c.stroke([m(427, 484), m(438, 504), m(442, 526)], 2.2, 1.6), SKIN_DARK, 0.5 if lit else 0.9)
        c.paint(c.stroke([m(414, 424), m(438, 431), m(460, 425)], 2.0, 1.2), SKIN_DARK, 0.45)
        c.light(c.ellipse(m(458, 440), (20, 12), 9) * (1.0 if lit else 0.0), SKIN_LIT, 0.35)

    for y, w in ((318, 58), (334, 46)):
        c.paint(c.stroke([(396, y), (384 + w * 0.7, y - 4), (384 + w * 1.3, y + 2)], 2, 1), SKIN, 0.7)
    # Nose: lit plane, wing, nostril.
    c.paint(c.shape([(390, 384), (400, 426), (412, 458), (404, 474), (391, 466), (386, 426)], soft=4), SKIN_LIT, 0.75)
    c.paint(c.stroke([(411, 454), (416, 464), (411, 472)], 2.2, 0.8), SKIN_DARK, 0.5)
    c.paint(c.ellipse((400, 475), (6, 2.6), 0.8), rgb("#3a1d1c"), 0.8)
    c.light(c.ellipse((395, 454), (4, 8), 3), CREAM, 0.6)
    # Mouth: closed, level.
    upper = [(340, 526), (364, 517), (376, 516), (384, 519), (392, 515), (404, 516), (430, 525), (404, 531), (364, 531)]
    c.paint(c.shape(upper), rgb("#84402f"))
    c.paint(c.shape(upper) * shadow, rgb("#4c2725"))
    lower = [(344, 528), (384, 531), (426, 527), (410, 544), (384, 549), (360, 544)]
    c.paint(c.shape(lower, soft=0.6), rgb("#c87a58"))
    c.paint(c.shape(lower, soft=0.6) * shadow, rgb("#603531"))
    c.paint(c.stroke([(337, 526), (364, 529), (384, 530), (404, 529), (433, 525)], 2.4), rgb("#2e1618"))
    c.light(c.ellipse((402, 538), (12, 3), 2), SKIN_LIT, 0.55)
    c.light(c.ellipse((402, 572), (14, 9), 6), SKIN_LIT, 0.35)

    cropped_hair(c)
    return finish(c)


def flip(side: int) -> Callable[[float, float], Point]:
    """Points of the right half as they stand, or mirrored."""
    return lambda px, py: (384 + side * (px - 384), py)


def cropped_hair(c: Canvas) -> None:
    """White, short, cut by herself: tufts that break the outline."""
    outline = [
        (264, 404), (258, 340), (272, 278), (310, 226), (372, 206), (440, 214), (486, 254), (508, 316), (504, 404),
        (494, 372), (487, 330), (464, 300), (434, 292), (404, 282), (372, 292), (340, 284), (308, 304), (284, 330),
        (275, 372),
    ]
    cap = tufted(c, outline, (384, 400), slice(0, 9), slice(11, 18))
    c.paint(cap, HAIR_DARK)
    c.paint(cap * c.across(340, 440), HAIR)
    c.paint(cap * c.across(410, 500), HAIR_LIT, 0.9)
    strands(c, cap, (256, 512), lambda x: HAIR_LIT if x > 410 else HAIR if x > 350 else mix(HAIR_DARK, HAIR, 0.5), 0)
    crown = (cap - c.blur(cap, 5)).clip(0, 1)
    c.light(crown * c.across(340, 500) * c.down(360, 240), CREAM, 0.9)
    c.light(crown * c.across(420, 260), RIM, 0.7)


def mara_coat(c: Canvas) -> None:
    """A pea coat with its collar up, over a roll-neck."""
    body = coat(
        c,
        [(384, 640), (500, 656), (620, 706), (706, 808), (752, 1060), (16, 1060), (62, 808), (148, 706), (268, 656)],
        NAVY_DARK,
        NAVY,
    )
    edge = (body - c.blur(body, 7)).clip(0, 1)
    c.light(edge * c.across(300, 700), GOLD, 0.9)
    c.light(edge * c.across(400, 60), RIM, 0.45)
    c.paint(c.polygon([(316, 520), (452, 520), (458, 700), (310, 700)]), SKIN_DARK)
    c.paint(c.polygon([(400, 540), (452, 520), (458, 700), (420, 700)], soft=9), SKIN, 0.6)
    throat = c.polygon([(316, 520), (452, 520), (458, 700), (310, 700)])
    c.shade(throat * c.ellipse((384, 592), (110, 36), 10), rgb("#3a2026"), 0.85)
    knit = c.shape([(384, 622), (440, 610), (470, 626), (476, 690), (450, 760), (384, 800), (318, 760), (292, 690),
                    (298, 626), (328, 610)])
    c.paint(knit, rgb("#3b2326"))
    c.paint(knit * c.across(360, 470), rgb("#a5552f"), 0.95)
    for i in range(-7, 8):
        rib = c.stroke([(384 + i * 14, 604 + abs(i) * 1.5), (384 + i * 13.4, 700), (384 + i * 10, 800)], 3, 1)
        c.shade(rib * knit, rgb("#3a1c1c"), 0.55)
    c.shade(knit * c.ellipse((384, 600), (120, 46), 14), rgb("#2a1418"), 0.8)
    lapels(c)
    for x, y in ((500, 930), (494, 1010)):
        button(c, x, y)


def lapels(c: Canvas) -> None:
    for side in (-1, 1):
        m = flip(side)
        lapel = c.polygon([*smooth([m(470, 598), m(500, 604), m(536, 650), m(560, 716)], closed=False), m(600, 800),
                           m(500, 846), m(392, 1000), m(386, 820), *smooth([m(420, 760), m(462, 690)], closed=False)])
        c.shade(c.blur(lapel, 12) * c.down(560, 700), rgb("#050a14"), 0.6)
        c.paint(lapel, NAVY if side > 0 else NAVY_DARK)
        c.paint(lapel * c.down(900, 600), NAVY_LIT, 0.85 if side > 0 else 0.22)
        seam = (lapel - c.blur(lapel, 4)).clip(0, 1)
        c.light(seam, GOLD if side > 0 else RIM, 0.7 if side > 0 else 0.4)
    c.paint(c.stroke([(388, 1000), (390, 1060)], 2), NAVY_LIT, 0.5)


def button(c: Canvas, x: float, y: float) -> None:
    c.paint(c.ellipse((x, y), (16, 16)), rgb("#6e4a1c"))
    c.paint(c.ellipse((x + 1, y - 1), (12, 12)), AMBER)
    c.light(c.ellipse((x + 5, y - 5), (4, 4), 1), CREAM, 0.9)


def mara_left() -> Canvas:
    """In profile, towards the light."""
    c = night(12)
    lamp(c, (384, 392), 300)
    # Coat from the side, the collar up behind the head.
    body = coat(
        c,
        [(360, 676), (470, 640), (566, 668), (640, 760), (680, 900), (700, 1060), (120, 1060), (150, 880), (220, 750)],
        NAVY_DARK,
        NAVY,
        soft_light=0.25,
    )
    edge = (body - c.blur(body, 7)).clip(0, 1)
    c.light(edge * c.across(420, 140), GOLD, 0.9)
    c.light(edge * c.across(440, 680), RIM, 0.4)
    c.paint(body * c.across(420, 130) * c.down(1100, 640), NAVY, 0.9)
    sleeve = c.shape([(500, 740), (560, 760), (596, 880), (610, 1060), (420, 1060), (440, 860)])
    c.shade(c.blur(sleeve, 10), rgb("#050a14"), 0.45)
    c.paint(sleeve, mix(NAVY_DARK, NAVY, 0.6), 0.6)
    c.light((sleeve - c.blur(sleeve, 5)).clip(0, 1) * c.across(540, 430), GOLD, 0.4)

    neck = c.shape([(352, 560), (350, 640), (330, 720), (500, 720), (506, 600), (492, 480), (400, 500)])
    c.paint(neck, SKIN_DARK)
    c.paint(neck * c.across(400, 345), SKIN, 0.4)

    face = [
        (336, 250), (316, 286), (305, 322), (298, 346), (303, 366), (298, 388), (284, 420), (266, 448), (263, 460),
        (274, 470), (292, 476), (293, 488), (284, 500), (284, 508), (295, 514), (286, 524), (289, 536), (300, 546),
        (297, 562), (300, 582), (318, 598), (356, 600), (404, 580), (446, 546), (470, 500), (490, 430), (470, 300),
        (400, 240),
    ]
    head = c.shape(face)
    c.paint(head, mix(SKIN, SKIN_DARK, 0.25))
    c.paint(head * c.across(420, 290), SKIN, 0.8)
    c.paint(head * c.across(350, 268), SKIN_LIT, 0.95)
    c.shade(head * c.shape([(300, 610), (360, 590), (430, 540), (500, 470), (520, 640)], soft=14), rgb("#55302f"), 0.8)
    c.shade(head * c.shape([(306, 366), (330, 360), (360, 374), (352, 400), (318, 404)], soft=8), rgb("#6a3d38"), 0.6)
    c.shade(head * c.shape([(330, 450), (380, 440), (410, 480), (380, 530), (345, 520)], soft=16), rgb("#84503f"), 0.55)
    c.light((head - c.blur(head, 5)).clip(0, 1) * c.across(330, 280), CREAM, 0.8)

    # Eye: a wedge seen from the side.
    eye = c.shape([(312, 398), (322, 389), (338, 391), (350, 402), (334, 406), (318, 406)])
    c.paint(eye, rgb("#e6d3bd"))
    c.paint(c.ellipse((319, 398), (7, 10)) * eye, rgb("#2f5660"))
    c.paint(c.ellipse((316, 398), (3.5, 5)) * eye, rgb("#0b1216"))
    c.paint(c.shape([(309, 397), (320, 380), (340, 380), (356, 402), (338, 394), (322, 392)]), mix(SKIN, SKIN_DARK, 0.4))
    c.paint(c.stroke([(309, 398), (322, 391), (339, 392), (357, 404)], 3.4), rgb("#241418"))
    c.paint(c.stroke([(316, 408), (334, 412), (350, 407)], 1.8, 0.8), SKIN_DARK, 0.6)
    c.paint(c.shape([(302, 362), (318, 350), (346, 352), (364, 368), (344, 362), (320, 362), (304, 370)]), HAIR_LIT)
    for dy in (-8, 1, 10):
        c.paint(c.stroke([(362, 404 + dy * 0.4), (380, 402 + dy)], 1.6, 0.6), SKIN_DARK, 0.6)
    c.paint(c.stroke([(292, 448), (302, 455), (302, 466), (293, 473)], 2.4, 0.8), SKIN_DARK, 0.6)
    c.paint(c.ellipse((282, 469), (6, 2.4), 0.8), rgb("#3a1d1c"), 0.75)
    c.paint(c.stroke([(314, 474), (326, 494), (328, 520)], 2.2, 1.6), SKIN_DARK, 0.5)
    # Lips.
    c.paint(head * c.shape([(276, 503), (290, 492), (316, 512), (292, 515)], soft=0.8), rgb("#84402f"))
    c.paint(head * c.shape([(280, 516), (296, 514), (316, 513), (304, 530), (284, 534)], soft=1), rgb("#c0704f"))
    c.paint(c.stroke([(288, 513), (302, 514), (319, 511)], 2.4), rgb("#2e1618"))
    # Ear.
    ear = c.shape([(436, 396), (452, 384), (470, 396), (472, 426), (458, 458), (444, 462), (440, 430)])
    c.paint(ear, mix(SKIN, SKIN_DARK, 0.3))
    c.paint(c.stroke([(446, 402), (460, 398), (464, 424), (452, 446)], 3, 1), SKIN_DARK, 0.8)
    c.light(c.ellipse((449, 464), (4, 4)), CREAM, 0.85)

    # Hair.
    outline = [
        (330, 274), (330, 238), (366, 208), (420, 196), (478, 214), (518, 262), (532, 330), (526, 410), (504, 490),
        (492, 480), (482, 440), (476, 394), (452, 376), (440, 392), (434, 420), (424, 396), (418, 352), (392, 316),
        (366, 300), (346, 296),
    ]
    cap = tufted(c, outline, (425, 400), slice(1, 9), slice(11, 20))
    c.paint(cap, HAIR_DARK)
    c.paint(cap * c.across(520, 400), HAIR)
    c.paint(cap * c.across(420, 330), HAIR_LIT, 0.9)
    strands(c, cap, (320, 540), lambda x: HAIR_LIT if x < 380 else HAIR if x < 450 else mix(HAIR_DARK, HAIR, 0.4), -0.05)
    crown = (cap - c.blur(cap, 5)).clip(0, 1)
    c.light(crown * c.across(460, 340), CREAM, 0.9)
    c.light(crown * c.across(440, 530), RIM, 0.7)

    # Roll-neck and collar, over the neck.
    knit = c.shape([(338, 640), (400, 622), (470, 632), (500, 660), (500, 740), (330, 760), (318, 690)])
    c.paint(knit, rgb("#3b2326"))
    c.paint(knit * c.across(470, 330), rgb("#a5552f"), 0.95)
    for i in range(14):
        c.shade(knit * c.stroke([(330 + i * 14, 620), (322 + i * 14, 770)], 3, 1), rgb("#3a1c1c"), 0.55)
    collar = c.polygon([*smooth([(508, 560), (540, 600), (548, 670), (520, 740)], closed=False), (430, 800), (330, 850),
                        *smooth([(352, 770), (430, 716), (482, 650)], closed=False)])
    c.shade(c.blur(collar, 10) * c.down(560, 680), rgb("#050a14"), 0.5)
    c.paint(collar, NAVY)
    c.paint(collar * c.down(860, 580), NAVY_LIT, 0.7)
    c.light((collar - c.blur(collar, 4)).clip(0, 1), GOLD, 0.6)
    button(c, 292, 900)
    return finish(c)


def tufted(c: Canvas, outline: list[Point], centre: Point, crown: slice, fringe: slice) -> Mask:
    """A head of hair whose outline breaks into tufts: outwards on the crown, downwards at the fringe."""
    cap = c.shape(outline)
    for px, py in smooth(outline[crown], closed=False, steps=7):
        dx, dy = (px - centre[0]) / 130, (py - centre[1]) / 190
        jog = c.pick(4, 13)
        cap = np.maximum(cap, c.polygon([
            (px - dy * 12 - dx * 14, py + dx * 12 - dy * 14),
            (px + dx * jog, py + dy * jog - 4),
            (px + dy * 12 - dx * 14, py - dx * 12 - dy * 14),
        ]))
    for px, py in smooth(outline[fringe], closed=False, steps=6):
        drop = c.pick(6, 18)
        lean = (px - centre[0]) * 0.05
        cap = np.maximum(cap, c.polygon([(px - 11, py - 8), (px + lean, py + drop), (px + 11, py - 8)]))
    return cap


def strands(c: Canvas, cap: Mask, span: Point, tone: Callable[[float], Colour], lean: float) -> None:
    for _ in range(260):
        x, y = c.pick(*span), c.pick(196, 470)
        bend = (x - 384) * 0.16 + lean * 100
        tuft = c.polygon([(x - 3, y), (x + bend, y + 30), (x + 3, y)]) * cap
        c.paint(tuft, mix(tone(x), HAIR_DARK, c.pick(0, 0.75)), 0.75)


# -- Ivo -------------------------------------------------------------------------------------------------------------

YELLOW_DARK, YELLOW, YELLOW_LIT = rgb("#7a4a12"), rgb("#e0a01f"), rgb("#ffd95a")
BOY_DARK, BOY, BOY_LIT = rgb("#6b4038"), rgb("#cf8f68"), rgb("#ffcf9f")
WET_HAIR = rgb("#2a1a16")


def swell(c: Canvas, centre: Point, radius: float, ship_at: float) -> None:
    """A round window on the storm: three rows of waves, a moon behind cloud, the ship's two lights."""
    cx, cy = centre
    disc = c.ellipse(centre, (radius, radius))
    c.light(c.glow(centre, radius * 1.9, 2), MIST, 0.45)
    c.paint(disc, rgb("#8fb8b4"))
    c.paint(disc * c.down(cy - radius, cy + radius * 0.5), rgb("#3d7f86"))
    c.paint(disc * c.noise(46, 4) * c.down(cy + 40, cy - radius), rgb("#d5e3d6"), 0.65)
    sx, sy = cx + ship_at, cy - 34
    hull = c.polygon([(sx - 36, sy - 12), (sx + 36, sy - 12), (sx + 27, sy + 14), (sx - 26, sy + 14)])
    mast = c.stroke([(sx - 8, sy - 60), (sx - 8, sy - 10)], 3, curved=False)
    funnel = c.polygon([(sx + 4, sy - 36), (sx + 16, sy - 36), (sx + 16, sy - 8), (sx + 4, sy - 8)])
    c.paint(np.maximum(np.maximum(hull, mast), funnel) * disc, rgb("#12303a"))
    for lx, ly in ((sx - 8, sy - 62), (sx + 26, sy - 16)):
        c.light(c.glow((lx, ly), 26, 2) * disc, GOLD, 1.0)
    for row, (level, tone) in enumerate(((-30, "#2f717a"), (62, "#1d5661"), (160, "#103c48"))):
        crest: list[Point] = []
        step = 92 + row * 26
        x = cx - radius - 60 + row * 37
        while x < cx + radius + 160:
            crest += [(x, cy + level + 26), (x + step * 0.3, cy + level - 4), (x + step * 0.62, cy + level - 24),
                      (x + step * 0.8, cy + level - 8)]
            x += step
        line = smooth(crest, closed=False)
        wave = c.polygon([*line, (cx + radius + 200, cy + 700), (cx - radius - 100, cy + 700)])
        c.paint(wave * disc, rgb(tone))
        foam = c.stroke(crest, 4) * disc
        c.light(foam, rgb("#dcefe6"), 0.75)


def lantern(c: Canvas, at: Point) -> None:
    """A brass storm lantern that hangs from `at`."""
    x, y = at
    c.light(c.glow((x, y + 96), 330, 2.2), AMBER, 0.75)
    c.paint(c.stroke([(x - 40, y + 52), (x - 34, y + 8), (x, y - 6), (x + 34, y + 8), (x + 40, y + 52)], 5), rgb("#3a2712"))
    glass = c.shape([(x - 34, y + 62), (x - 46, y + 104), (x - 34, y + 146), (x + 34, y + 146), (x + 46, y + 104),
                     (x + 34, y + 62)])
    c.paint(glass, mix(AMBER, CREAM, 0.35))
    c.light(c.glow((x, y + 112), 62, 1.2) * glass, CREAM, 1.0)
    c.paint(c.shape([(x, y + 78), (x + 13, y + 112), (x, y + 134), (x - 13, y + 112)]), rgb("#fffbe6"))
    for dx in (-41, 41):
        c.paint(c.stroke([(x + dx * 0.86, y + 60), (x + dx * 1.16, y + 104), (x + dx * 0.86, y + 148)], 4), rgb("#4f3414"))
    roof = [(x - 22, y + 40), (x + 22, y + 40), (x + 44, y + 64), (x - 44, y + 64)]
    foot = [(x - 46, y + 144), (x + 46, y + 144), (x + 52, y + 172), (x - 52, y + 172)]
    for plate in (roof, foot):
        brass = c.polygon(plate)
        c.paint(brass, rgb("#6e4a1c"))
        c.paint(brass * c.across(x + 60, x - 40), rgb("#d29a45"), 0.8)
    c.light(c.glow((x, y + 110), 150, 2.5), GOLD, 0.6)


def ivo_front() -> Canvas:
    c = night(21)
    swell(c, (384, 392), 300, 246)
    rain(c, 120, rgb("#bfe0dd"), 0.3)

    # Oilskin: shoulders far too wide for him.
    body = c.shape([(384, 610), (520, 622), (640, 690), (716, 830), (760, 1070), (8, 1070), (52, 830), (128, 690),
                    (248, 622)])
    oilskin(c, body)
    for fold in ([(250, 700), (230, 800), (250, 930)], [(330, 780), (320, 900), (336, 1020)],
                 [(540, 680), (580, 770), (586, 860)], [(160, 760), (140, 880), (150, 1000)]):
        c.shade(c.stroke(fold, 9, 4) * body, YELLOW_DARK, 0.55)
        c.light(c.stroke([(px + 9, py) for px, py in fold], 4, 2) * body, YELLOW_LIT, 0.4)
    c.shade(c.stroke([(384, 690), (388, 850), (384, 1060)], 5, 1) * body, YELLOW_DARK, 0.8)
    for y in (770, 900):
        c.paint(c.stroke([(352, y), (418, y + 4)], 13), rgb("#5b3a14"))
        c.light(c.stroke([(354, y - 3), (416, y + 1)], 3, 1), CREAM, 0.35)

    # Hood.
    hood = c.shape([(384, 148), (470, 164), (548, 232), (588, 330), (590, 440), (564, 560), (510, 660), (384, 706),
                    (258, 660), (204, 560), (178, 440), (180, 330), (220, 232), (298, 164)])
    c.shade(c.blur(hood, 16) * c.down(560, 680), rgb("#3a2408"), 0.6)
    oilskin(c, hood)
    for fold in ([(250, 250), (222, 360), (226, 480)], [(520, 250), (548, 360), (542, 490)],
                 [(300, 640), (340, 672), (384, 680)], [(330, 190), (384, 176), (440, 190)]):
        c.shade(c.stroke(fold, 10, 5) * hood, YELLOW_DARK, 0.5)
    c.light(c.stroke([(556, 300), (572, 400), (556, 520)], 7, 3) * hood, CREAM, 0.7)
    c.light(c.stroke([(300, 190), (246, 250), (214, 340)], 5, 3) * hood, RIM, 0.5)
    opening = c.shape([(384, 240), (450, 256), (502, 320), (518, 410), (504, 510), (456, 594), (384, 624), (312, 594),
                       (264, 510), (250, 410), (266, 320), (318, 256)])
    rimmed = (c.blur(opening, 9) - opening).clip(0, 1) * hood
    c.light(rimmed * c.across(300, 520), YELLOW_LIT, 0.9)
    c.paint(opening, rgb("#2c1a0c"))
    c.paint(opening * c.across(430, 540) * c.down(260, 560), rgb("#8a5312"), 0.8)

    boy_face(c, opening)

    arm(c, [(768, 800), (792, 1070), (640, 1070), (628, 960), (574, 836), (592, 780), (636, 752)], (566, 742), comes_from=1)
    rain(c, 50, rgb("#e6f4ee"), 0.35)
    return finish(c)


def arm(c: Canvas, sleeve: list[Point], hand: Point, *, comes_from: int) -> None:
    """A sleeve, a fist that sticks out of it, and the lantern in the fist; from the right (1) or the left (-1)."""
    x, y = hand
    k = comes_from
    cloth = c.shape(sleeve)
    c.shade(c.blur(cloth, 12), rgb("#4a2c08"), 0.7)
    oilskin(c, cloth)
    c.shade(cloth * c.across(x + 40 * k, x + 230 * k), rgb("#8a5a20"), 0.6)
    c.light((cloth - c.blur(cloth, 5)).clip(0, 1) * c.across(x + 150 * k, x), CREAM, 0.8)
    cuff = c.shape([(x + 14 * k, y - 20), (x + 62 * k, y - 16), (x + 90 * k, y + 30), (x + 70 * k, y + 84),
                    (x + 22 * k, y + 80), (x + 4 * k, y + 36)])
    c.shade(c.blur(cuff, 8), rgb("#4a2c08"), 0.6)
    oilskin(c, cuff)
    c.shade(cuff * c.across(x + 20 * k, x + 110 * k), rgb("#8a5a20"), 0.45)
    c.light((cuff - c.blur(cuff, 4)).clip(0, 1), CREAM, 0.7)
    lantern(c, hand)
    fist = c.shape([(x - 20, y - 18), (x + 8, y - 32), (x + 38, y - 18), (x + 48, y + 12), (x + 26, y + 32), (x - 10, y + 24),
                    (x - 24, y + 2)])
    c.paint(fist, BOY_DARK)
    c.paint(fist * c.down(y - 36, y + 22), BOY_LIT, 0.85)
    for dx in (-8, 7, 22):
        c.paint(c.stroke([(x + dx, y - 6), (x + dx + 2, y + 22)], 2.2, 0.8), BOY_DARK, 0.8)


def oilskin(c: Canvas, part: Mask) -> None:
    """Wet yellow cloth: dark to the left, lantern light from the lower right, a cold edge above."""
    c.paint(part, YELLOW)
    c.shade(part * c.across(460, 120), rgb("#8a5a20"), 0.85)
    c.paint(part * c.glow((600, 800), 420, 1.4), YELLOW_LIT, 0.75)
    c.shade(part * c.noise(60, 0.7), rgb("#a8701c"), 0.3)
    edge = (part - c.blur(part, 6)).clip(0, 1)
    c.light(edge * c.across(420, 160), RIM, 0.8)
    c.light(edge * c.across(420, 640), CREAM, 0.7)


def boy_face(c: Canvas, opening: Mask) -> None:
    head = c.shape(mirrored([(384, 276), (440, 286), (478, 326), (488, 386), (484, 440), (466, 500), (432, 552),
                             (398, 570)])) * opening
    c.paint(head, BOY)
    c.paint(head * c.across(400, 490) * c.down(300, 520), BOY_LIT, 0.9)
    edge = [(372, 270), (382, 330), (388, 376), (378, 404), (384, 436), (392, 458), (388, 472), (372, 480), (370, 492),
            (380, 502), (378, 514), (384, 524), (374, 538), (378, 556), (370, 590)]
    shadow = c.polygon([*smooth(edge, closed=False), (200, 600), (200, 260)], soft=2)
    c.paint(head * shadow, BOY_DARK, 0.88)
    c.paint(head * c.ellipse((330, 470), (34, 28), 10), BOY, 0.65)
    c.shade(head * c.down(400, 290), rgb("#5a3020"), 0.7)
    for side in (-1, 1):
        lit = side > 0
        m = flip(side)
        c.shade(c.shape([m(402, 386), m(440, 376), m(474, 392), m(468, 428), m(430, 434), m(406, 424)], soft=8) * head,
                rgb("#6a3c36"), 0.55)
        eye = c.shape([m(404, 416), m(420, 400), m(444, 398), m(464, 414), m(446, 427), m(420, 427)])
        c.paint(eye, rgb("#f3e6d6") if lit else rgb("#9a8a80"))
        c.paint(c.ellipse(m(434, 412), (14.5, 14.5)) * eye, rgb("#5b3a1c"))
        c.paint(c.ellipse(m(434, 412), (7, 7)) * eye, rgb("#140c08"))
        c.paint(c.ellipse((384 + side * 50 + 5, 407), (3.6, 3.6)), CREAM, 1.0 if lit else 0.75)
        c.light(c.ellipse((384 + side * 50 + 2, 420), (8, 3), 1.5) * eye, AMBER, 0.6)
        c.paint(c.stroke([m(401, 417), m(419, 399), m(445, 396), m(467, 415)], 4.2), rgb("#24140f"))
        c.paint(c.shape([m(400, 382), m(422, 371), m(450, 370), m(474, 384), m(448, 379), m(422, 381)]), WET_HAIR)
    # Nose, freckles, mouth a little open.
    c.light(c.ellipse((395, 458), (5, 8), 3), CREAM, 0.55)
    c.paint(c.stroke([(410, 456), (414, 466), (408, 474)], 2, 0.8), BOY_DARK, 0.55)
    c.paint(c.ellipse((399, 476), (5, 2.4), 0.8), rgb("#4a2620"), 0.75)
    for _ in range(46):
        x, y = float(c.random.normal(384, 46)), float(c.random.normal(454, 14))
        r = c.pick(1.2, 2.3)
        c.paint(c.ellipse((x, y), (r, r), 0.4) * head, rgb("#8a4a2c"), 0.6)
    c.light(c.ellipse((446, 470), (26, 18), 10) * head, rgb("#ff9a70"), 0.3)
    mouth = c.shape([(356, 516), (374, 508), (384, 511), (394, 508), (414, 515), (398, 526), (384, 529), (370, 526)])
    c.paint(mouth, rgb("#55271f"))
    c.paint(c.shape([(352, 515), (374, 505), (384, 509), (394, 505), (418, 514), (394, 512), (384, 515), (374, 513)]),
            mix(BOY_DARK, rgb("#a8553f"), 0.45))
    c.paint(c.shape([(362, 522), (384, 529), (408, 521), (398, 535), (384, 538), (370, 535)], soft=0.8), mix(BOY, rgb("#d98263"), 0.5))
    c.light(c.ellipse((398, 531), (8, 2.4), 1.2), CREAM, 0.5)
    # Wet hair, stuck to the forehead.
    for lock in ([(300, 300), (322, 352), (312, 390)], [(330, 280), (344, 338), (336, 372)],
                 [(366, 270), (372, 326), (362, 362)], [(404, 270), (410, 322), (420, 356)],
                 [(440, 284), (446, 330), (458, 366)], [(466, 306), (474, 352), (470, 396)]):
        (ax, ay), (bx, by), (tx, ty) = lock
        c.paint(c.shape([(ax - 24, ay - 14), (bx - 12, by), (tx, ty), (bx + 13, by), (ax + 26, ay - 12)]) * opening,
                WET_HAIR)
        c.light(c.stroke([(ax + 4, ay), (bx + 2, by), (tx, ty - 8)], 2, 1) * opening, AMBER, 0.35 if ax > 380 else 0.1)
    c.paint(c.shape([(268, 330), (300, 262), (384, 240), (468, 262), (500, 330), (460, 300), (384, 290), (308, 300)])
            * opening, WET_HAIR)
    c.shade(opening * c.down(330, 236), rgb("#1a0f08"), 0.75)


def ivo_right() -> Canvas:
    """In profile, towards the ship."""
    c = night(22)
    swell(c, (384, 392), 300, 224)
    rain(c, 120, rgb("#bfe0dd"), 0.3)
    body = c.shape([(400, 600), (510, 640), (580, 730), (620, 880), (640, 1070), (70, 1070), (92, 860), (160, 710),
                    (270, 620)])
    oilskin(c, body)
    for fold in ([(220, 760), (190, 880), (196, 1010)], [(330, 740), (310, 880), (320, 1030)],
                 [(470, 720), (500, 820), (506, 940)]):
        c.shade(c.stroke(fold, 9, 4) * body, YELLOW_DARK, 0.55)
        c.light(c.stroke([(px + 9, py) for px, py in fold], 4, 2) * body, YELLOW_LIT, 0.4)

    outline = [(440, 268), (500, 292), (530, 330), (542, 372), (536, 398), (548, 424), (569, 450), (570, 460),
               (556, 472), (548, 478), (551, 490), (558, 498), (548, 506), (553, 516), (546, 528), (538, 536),
               (545, 554), (536, 578), (508, 592), (450, 590), (420, 560), (410, 400)]
    head = c.shape(outline)
    c.paint(head, mix(BOY, BOY_DARK, 0.35))
    c.paint(head * c.across(470, 545), BOY, 0.9)
    c.paint(head * c.across(500, 570) * c.down(330, 470), BOY_LIT, 0.95)
    c.shade(head * c.shape([(440, 620), (520, 596), (530, 560), (480, 560), (440, 580)], soft=10), rgb("#7a4636"), 0.7)
    c.light((head - c.blur(head, 4)).clip(0, 1) * c.across(500, 545), CREAM, 0.75)
    c.shade(head * c.shape([(534, 388), (512, 380), (490, 398), (500, 426), (530, 420)], soft=7), rgb("#7a463a"), 0.5)
    eye = c.shape([(532, 414), (522, 400), (506, 400), (494, 413), (508, 424), (524, 424)])
    c.paint(eye, rgb("#f3e6d6"))
    c.paint(c.ellipse((524, 411), (8, 13)) * eye, rgb("#5b3a1c"))
    c.paint(c.ellipse((527, 411), (4, 7)) * eye, rgb("#140c08"))
    c.paint(c.ellipse((525, 406), (2.6, 2.8)), CREAM)
    c.paint(c.stroke([(535, 415), (523, 398), (506, 397), (491, 413)], 4), rgb("#24140f"))
    c.paint(c.shape([(540, 380), (522, 371), (500, 373), (484, 388), (504, 383), (524, 381)]), WET_HAIR)
    c.paint(c.stroke([(546, 452), (538, 460), (544, 471)], 2.2, 0.8), BOY_DARK, 0.6)
    c.paint(c.ellipse((556, 470), (5, 2.2), 0.8), rgb("#4a2620"), 0.7)
    for _ in range(24):
        x, y = float(c.random.normal(520, 16)), float(c.random.normal(452, 11))
        c.paint(c.ellipse((x, y), (1.8, 1.8), 0.4) * head, rgb("#8a4a2c"), 0.6)
    c.paint(head * c.shape([(562, 498), (552, 490), (536, 503), (550, 507)], soft=0.8), mix(BOY, rgb("#8a4434"), 0.6))
    c.paint(head * c.shape([(558, 516), (548, 507), (536, 505), (540, 516), (550, 522)], soft=1), mix(BOY, rgb("#d98263"), 0.4))
    c.paint(c.stroke([(552, 506), (540, 506), (526, 503)], 2.4), rgb("#55271f"))
    for lock in ([(486, 290), (500, 340), (508, 380)], [(508, 296), (526, 344), (530, 372)],
                 [(470, 300), (482, 350), (484, 396)]):
        (ax, ay), (bx, by), (tx, ty) = lock
        c.paint(c.shape([(ax - 20, ay - 14), (bx - 10, by), (tx, ty), (bx + 10, by), (ax + 22, ay - 10)]), WET_HAIR)
        c.light(c.stroke([(ax + 6, ay), (bx + 4, by), (tx, ty - 8)], 2, 1), AMBER, 0.35)

    hood = c.shape([(400, 150), (452, 166), (496, 226), (506, 300), (494, 370), (478, 450), (478, 530), (500, 596),
                    (496, 660), (410, 694), (320, 664), (276, 584), (232, 500), (200, 400), (206, 300), (262, 206),
                    (340, 160)])
    c.shade(c.blur(hood, 14) * np.maximum(head, body), rgb("#4a2408"), 0.75)
    oilskin(c, hood)
    for fold in ([(280, 280), (262, 380), (300, 500)], [(350, 620), (400, 650), (456, 640)],
                 [(330, 210), (390, 190), (440, 214)], [(420, 330), (406, 440), (420, 560)]):
        c.shade(c.stroke(fold, 10, 5) * hood, YELLOW_DARK, 0.5)
    c.light(c.stroke([(478, 236), (486, 310), (474, 380), (460, 450), (458, 530), (472, 600)], 7, 3) * hood, CREAM, 0.75)
    c.light(c.stroke([(340, 176), (266, 226), (222, 320)], 5, 3) * hood, RIM, 0.5)
    arm(c, [(330, 760), (400, 730), (500, 742), (570, 726), (600, 760), (576, 824), (480, 880), (390, 930), (330, 860)],
        (626, 742), comes_from=-1)
    rain(c, 50, rgb("#e6f4ee"), 0.35)
    return finish(c)
