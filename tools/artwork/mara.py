"""Mara, the keeper: front and left; amber from where the lamp is, teal from the sea."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from artwork.canvas import Canvas, Colour, Mask, Point, mix, rgb, smooth
from artwork.figure import AMBER, CREAM, GOLD, RIM, flip, mirrored

SKIN_DARK, SKIN, SKIN_LIT = rgb("#4a302f"), rgb("#b9754f"), rgb("#f0b98a")
HAIR_DARK, HAIR, HAIR_LIT = rgb("#5c6b75"), rgb("#b9c3c6"), rgb("#f6efe2")
NAVY_DARK, NAVY, NAVY_LIT = rgb("#0a1322"), rgb("#17294a"), rgb("#34507a")


def front(c: Canvas) -> None:
    pea_coat(c)

    head_half = [
        (384, 250),
        (446, 260),
        (484, 300),
        (499, 360),
        (499, 424),
        (490, 478),
        (470, 530),
        (436, 574),
        (396, 590),
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
        (374, 236),
        (384, 296),
        (392, 350),
        (379, 382),
        (383, 416),
        (394, 450),
        (390, 470),
        (370, 482),
        (368, 496),
        (378, 508),
        (375, 522),
        (383, 534),
        (371, 550),
        (377, 572),
        (368, 612),
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


def left(c: Canvas) -> None:
    """In profile, towards the light."""
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
        (336, 250),
        (316, 286),
        (305, 322),
        (298, 346),
        (303, 366),
        (298, 388),
        (284, 420),
        (266, 448),
        (263, 460),
        (274, 470),
        (292, 476),
        (293, 488),
        (284, 500),
        (284, 508),
        (295, 514),
        (286, 524),
        (289, 536),
        (300, 546),
        (297, 562),
        (300, 582),
        (318, 598),
        (356, 600),
        (404, 580),
        (446, 546),
        (470, 500),
        (490, 430),
        (470, 300),
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
    c.paint(
        c.shape([(309, 397), (320, 380), (340, 380), (356, 402), (338, 394), (322, 392)]), mix(SKIN, SKIN_DARK, 0.4)
    )
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
        (330, 274),
        (330, 238),
        (366, 208),
        (420, 196),
        (478, 214),
        (518, 262),
        (532, 330),
        (526, 410),
        (504, 490),
        (492, 480),
        (482, 440),
        (476, 394),
        (452, 376),
        (440, 392),
        (434, 420),
        (424, 396),
        (418, 352),
        (392, 316),
        (366, 300),
        (346, 296),
    ]
    cap = tufted(c, outline, (425, 400), slice(1, 9), slice(11, 20))
    c.paint(cap, HAIR_DARK)
    c.paint(cap * c.across(520, 400), HAIR)
    c.paint(cap * c.across(420, 330), HAIR_LIT, 0.9)
    strands(
        c, cap, (320, 540), lambda x: HAIR_LIT if x < 380 else HAIR if x < 450 else mix(HAIR_DARK, HAIR, 0.4), -0.05
    )
    crown = (cap - c.blur(cap, 5)).clip(0, 1)
    c.light(crown * c.across(460, 340), CREAM, 0.9)
    c.light(crown * c.across(440, 530), RIM, 0.7)

    # Roll-neck and collar, over the neck.
    knit = c.shape([(338, 640), (400, 622), (470, 632), (500, 660), (500, 740), (330, 760), (318, 690)])
    c.paint(knit, rgb("#3b2326"))
    c.paint(knit * c.across(470, 330), rgb("#a5552f"), 0.95)
    for i in range(14):
        c.shade(knit * c.stroke([(330 + i * 14, 620), (322 + i * 14, 770)], 3, 1), rgb("#3a1c1c"), 0.55)
    collar = c.polygon(
        [
            *smooth([(508, 560), (540, 600), (548, 670), (520, 740)], closed=False),
            (430, 800),
            (330, 850),
            *smooth([(352, 770), (430, 716), (482, 650)], closed=False),
        ]
    )
    c.shade(c.blur(collar, 10) * c.down(560, 680), rgb("#050a14"), 0.5)
    c.paint(collar, NAVY)
    c.paint(collar * c.down(860, 580), NAVY_LIT, 0.7)
    c.light((collar - c.blur(collar, 4)).clip(0, 1), GOLD, 0.6)
    button(c, 292, 900)


def coat(c: Canvas, outline: list[Point], dark: Colour, lit: Colour, *, soft_light: float = 0.8) -> Mask:
    body = c.shape(outline)
    c.paint(body, dark)
    c.paint(body * c.across(330, 760) * c.down(1150, 640), lit, soft_light)
    return body


def pea_coat(c: Canvas) -> None:
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
    knit = c.shape(
        [
            (384, 622),
            (440, 610),
            (470, 626),
            (476, 690),
            (450, 760),
            (384, 800),
            (318, 760),
            (292, 690),
            (298, 626),
            (328, 610),
        ]
    )
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
        lapel = c.polygon(
            [
                *smooth([m(470, 598), m(500, 604), m(536, 650), m(560, 716)], closed=False),
                m(600, 800),
                m(500, 846),
                m(392, 1000),
                m(386, 820),
                *smooth([m(420, 760), m(462, 690)], closed=False),
            ]
        )
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


def cropped_hair(c: Canvas) -> None:
    """White, short, cut by herself: tufts that break the outline."""
    outline = [
        (264, 404),
        (258, 340),
        (272, 278),
        (310, 226),
        (372, 206),
        (440, 214),
        (486, 254),
        (508, 316),
        (504, 404),
        (494, 372),
        (487, 330),
        (464, 300),
        (434, 292),
        (404, 282),
        (372, 292),
        (340, 284),
        (308, 304),
        (284, 330),
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


def tufted(c: Canvas, outline: list[Point], centre: Point, crown: slice, fringe: slice) -> Mask:
    """A head of hair whose outline breaks into tufts: outwards on the crown, downwards at the fringe."""
    cap = c.shape(outline)
    for px, py in smooth(outline[crown], closed=False, steps=7):
        dx, dy = (px - centre[0]) / 130, (py - centre[1]) / 190
        jog = c.pick(4, 13)
        cap = np.maximum(
            cap,
            c.polygon(
                [
                    (px - dy * 12 - dx * 14, py + dx * 12 - dy * 14),
                    (px + dx * jog, py + dy * jog - 4),
                    (px + dy * 12 - dx * 14, py - dx * 12 - dy * 14),
                ]
            ),
        )
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
