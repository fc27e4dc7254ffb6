"""Ivo, the boy: front and right, in an oilskin two sizes too big, with a lantern."""

from __future__ import annotations

import numpy as np

from artwork.canvas import Canvas, Mask, Point, mix, rgb, smooth
from artwork.figure import AMBER, CREAM, GOLD, RIM, flip, mirrored

YELLOW_DARK, YELLOW, YELLOW_LIT = rgb("#7a4a12"), rgb("#e0a01f"), rgb("#ffd95a")
BOY_DARK, BOY, BOY_LIT = rgb("#6b4038"), rgb("#cf8f68"), rgb("#ffcf9f")
WET_HAIR = rgb("#2a1a16")


def front(c: Canvas) -> None:
    # Oilskin: shoulders far too wide for him.
    body = c.shape(
        [(384, 610), (520, 622), (640, 690), (716, 830), (760, 1070), (8, 1070), (52, 830), (128, 690), (248, 622)]
    )
    oilskin(c, body)
    for fold in (
        [(250, 700), (230, 800), (250, 930)],
        [(330, 780), (320, 900), (336, 1020)],
        [(540, 680), (580, 770), (586, 860)],
        [(160, 760), (140, 880), (150, 1000)],
    ):
        c.shade(c.stroke(fold, 9, 4) * body, YELLOW_DARK, 0.55)
        c.light(c.stroke([(px + 9, py) for px, py in fold], 4, 2) * body, YELLOW_LIT, 0.4)
    c.shade(c.stroke([(384, 690), (388, 850), (384, 1060)], 5, 1) * body, YELLOW_DARK, 0.8)
    for y in (770, 900):
        c.paint(c.stroke([(352, y), (418, y + 4)], 13), rgb("#5b3a14"))
        c.light(c.stroke([(354, y - 3), (416, y + 1)], 3, 1), CREAM, 0.35)

    # Hood.
    hood = c.shape(
        [
            (384, 148),
            (470, 164),
            (548, 232),
            (588, 330),
            (590, 440),
            (564, 560),
            (510, 660),
            (384, 706),
            (258, 660),
            (204, 560),
            (178, 440),
            (180, 330),
            (220, 232),
            (298, 164),
        ]
    )
    c.shade(c.blur(hood, 16) * c.down(560, 680), rgb("#3a2408"), 0.6)
    oilskin(c, hood)
    for fold in (
        [(250, 250), (222, 360), (226, 480)],
        [(520, 250), (548, 360), (542, 490)],
        [(300, 640), (340, 672), (384, 680)],
        [(330, 190), (384, 176), (440, 190)],
    ):
        c.shade(c.stroke(fold, 10, 5) * hood, YELLOW_DARK, 0.5)
    c.light(c.stroke([(556, 300), (572, 400), (556, 520)], 7, 3) * hood, CREAM, 0.7)
    c.light(c.stroke([(300, 190), (246, 250), (214, 340)], 5, 3) * hood, RIM, 0.5)
    opening = c.shape(
        [
            (384, 240),
            (450, 256),
            (502, 320),
            (518, 410),
            (504, 510),
            (456, 594),
            (384, 624),
            (312, 594),
            (264, 510),
            (250, 410),
            (266, 320),
            (318, 256),
        ]
    )
    rimmed = (c.blur(opening, 9) - opening).clip(0, 1) * hood
    c.light(rimmed * c.across(300, 520), YELLOW_LIT, 0.9)
    c.paint(opening, rgb("#2c1a0c"))
    c.paint(opening * c.across(430, 540) * c.down(260, 560), rgb("#8a5312"), 0.8)

    boy_face(c, opening)

    arm(
        c,
        [(768, 800), (792, 1070), (640, 1070), (628, 960), (574, 836), (592, 780), (636, 752)],
        (566, 742),
        comes_from=1,
    )


def right(c: Canvas) -> None:
    """In profile, towards the ship."""
    body = c.shape(
        [(400, 600), (510, 640), (580, 730), (620, 880), (640, 1070), (70, 1070), (92, 860), (160, 710), (270, 620)]
    )
    oilskin(c, body)
    for fold in (
        [(220, 760), (190, 880), (196, 1010)],
        [(330, 740), (310, 880), (320, 1030)],
        [(470, 720), (500, 820), (506, 940)],
    ):
        c.shade(c.stroke(fold, 9, 4) * body, YELLOW_DARK, 0.55)
        c.light(c.stroke([(px + 9, py) for px, py in fold], 4, 2) * body, YELLOW_LIT, 0.4)

    outline = [
        (440, 268),
        (500, 292),
        (530, 330),
        (542, 372),
        (536, 398),
        (548, 424),
        (569, 450),
        (570, 460),
        (556, 472),
        (548, 478),
        (551, 490),
        (558, 498),
        (548, 506),
        (553, 516),
        (546, 528),
        (538, 536),
        (545, 554),
        (536, 578),
        (508, 592),
        (450, 590),
        (420, 560),
        (410, 400),
    ]
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
    c.paint(
        head * c.shape([(558, 516), (548, 507), (536, 505), (540, 516), (550, 522)], soft=1),
        mix(BOY, rgb("#d98263"), 0.4),
    )
    c.paint(c.stroke([(552, 506), (540, 506), (526, 503)], 2.4), rgb("#55271f"))
    for lock in (
        [(486, 290), (500, 340), (508, 380)],
        [(508, 296), (526, 344), (530, 372)],
        [(470, 300), (482, 350), (484, 396)],
    ):
        (ax, ay), (bx, by), (tx, ty) = lock
        c.paint(c.shape([(ax - 20, ay - 14), (bx - 10, by), (tx, ty), (bx + 10, by), (ax + 22, ay - 10)]), WET_HAIR)
        c.light(c.stroke([(ax + 6, ay), (bx + 4, by), (tx, ty - 8)], 2, 1), AMBER, 0.35)

    hood = c.shape(
        [
            (400, 150),
            (452, 166),
            (496, 226),
            (506, 300),
            (494, 370),
            (478, 450),
            (478, 530),
            (500, 596),
            (496, 660),
            (410, 694),
            (320, 664),
            (276, 584),
            (232, 500),
            (200, 400),
            (206, 300),
            (262, 206),
            (340, 160),
        ]
    )
    c.shade(c.blur(hood, 14) * np.maximum(head, body), rgb("#4a2408"), 0.75)
    oilskin(c, hood)
    for fold in (
        [(280, 280), (262, 380), (300, 500)],
        [(350, 620), (400, 650), (456, 640)],
        [(330, 210), (390, 190), (440, 214)],
        [(420, 330), (406, 440), (420, 560)],
    ):
        c.shade(c.stroke(fold, 10, 5) * hood, YELLOW_DARK, 0.5)
    c.light(
        c.stroke([(478, 236), (486, 310), (474, 380), (460, 450), (458, 530), (472, 600)], 7, 3) * hood, CREAM, 0.75
    )
    c.light(c.stroke([(340, 176), (266, 226), (222, 320)], 5, 3) * hood, RIM, 0.5)
    arm(
        c,
        [(330, 760), (400, 730), (500, 742), (570, 726), (600, 760), (576, 824), (480, 880), (390, 930), (330, 860)],
        (626, 742),
        comes_from=-1,
    )


def lantern(c: Canvas, at: Point) -> None:
    """A brass storm lantern that hangs from `at`."""
    x, y = at
    c.light(c.glow((x, y + 96), 330, 2.2), AMBER, 0.75)
    c.paint(
        c.stroke([(x - 40, y + 52), (x - 34, y + 8), (x, y - 6), (x + 34, y + 8), (x + 40, y + 52)], 5), rgb("#3a2712")
    )
    glass = c.shape(
        [(x - 34, y + 62), (x - 46, y + 104), (x - 34, y + 146), (x + 34, y + 146), (x + 46, y + 104), (x + 34, y + 62)]
    )
    c.paint(glass, mix(AMBER, CREAM, 0.35))
    c.light(c.glow((x, y + 112), 62, 1.2) * glass, CREAM, 1.0)
    c.paint(c.shape([(x, y + 78), (x + 13, y + 112), (x, y + 134), (x - 13, y + 112)]), rgb("#fffbe6"))
    for dx in (-41, 41):
        c.paint(
            c.stroke([(x + dx * 0.86, y + 60), (x + dx * 1.16, y + 104), (x + dx * 0.86, y + 148)], 4), rgb("#4f3414")
        )
    roof = [(x - 22, y + 40), (x + 22, y + 40), (x + 44, y + 64), (x - 44, y + 64)]
    foot = [(x - 46, y + 144), (x + 46, y + 144), (x + 52, y + 172), (x - 52, y + 172)]
    for plate in (roof, foot):
        brass = c.polygon(plate)
        c.paint(brass, rgb("#6e4a1c"))
        c.paint(brass * c.across(x + 60, x - 40), rgb("#d29a45"), 0.8)
    c.light(c.glow((x, y + 110), 150, 2.5), GOLD, 0.6)


def arm(c: Canvas, sleeve: list[Point], hand: Point, *, comes_from: int) -> None:
    """A sleeve, a fist that sticks out of it, and the lantern in the fist; from the right (1) or the left (-1)."""
    x, y = hand
    k = comes_from
    cloth = c.shape(sleeve)
    c.shade(c.blur(cloth, 12), rgb("#4a2c08"), 0.7)
    oilskin(c, cloth)
    c.shade(cloth * c.across(x + 40 * k, x + 230 * k), rgb("#8a5a20"), 0.6)
    c.light((cloth - c.blur(cloth, 5)).clip(0, 1) * c.across(x + 150 * k, x), CREAM, 0.8)
    cuff = c.shape(
        [
            (x + 14 * k, y - 20),
            (x + 62 * k, y - 16),
            (x + 90 * k, y + 30),
            (x + 70 * k, y + 84),
            (x + 22 * k, y + 80),
            (x + 4 * k, y + 36),
        ]
    )
    c.shade(c.blur(cuff, 8), rgb("#4a2c08"), 0.6)
    oilskin(c, cuff)
    c.shade(cuff * c.across(x + 20 * k, x + 110 * k), rgb("#8a5a20"), 0.45)
    c.light((cuff - c.blur(cuff, 4)).clip(0, 1), CREAM, 0.7)
    lantern(c, hand)
    fist = c.shape(
        [
            (x - 20, y - 18),
            (x + 8, y - 32),
            (x + 38, y - 18),
            (x + 48, y + 12),
            (x + 26, y + 32),
            (x - 10, y + 24),
            (x - 24, y + 2),
        ]
    )
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
    head = (
        c.shape(
            mirrored([(384, 276), (440, 286), (478, 326), (488, 386), (484, 440), (466, 500), (432, 552), (398, 570)])
        )
        * opening
    )
    c.paint(head, BOY)
    c.paint(head * c.across(400, 490) * c.down(300, 520), BOY_LIT, 0.9)
    edge = [
        (372, 270),
        (382, 330),
        (388, 376),
        (378, 404),
        (384, 436),
        (392, 458),
        (388, 472),
        (372, 480),
        (370, 492),
        (380, 502),
        (378, 514),
        (384, 524),
        (374, 538),
        (378, 556),
        (370, 590),
    ]
    shadow = c.polygon([*smooth(edge, closed=False), (200, 600), (200, 260)], soft=2)
    c.paint(head * shadow, BOY_DARK, 0.88)
    c.paint(head * c.ellipse((330, 470), (34, 28), 10), BOY, 0.65)
    c.shade(head * c.down(400, 290), rgb("#5a3020"), 0.7)
    for side in (-1, 1):
        lit = side > 0
        m = flip(side)
        c.shade(
            c.shape([m(402, 386), m(440, 376), m(474, 392), m(468, 428), m(430, 434), m(406, 424)], soft=8) * head,
            rgb("#6a3c36"),
            0.55,
        )
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
    c.paint(
        c.shape([(352, 515), (374, 505), (384, 509), (394, 505), (418, 514), (394, 512), (384, 515), (374, 513)]),
        mix(BOY_DARK, rgb("#a8553f"), 0.45),
    )
    c.paint(
        c.shape([(362, 522), (384, 529), (408, 521), (398, 535), (384, 538), (370, 535)], soft=0.8),
        mix(BOY, rgb("#d98263"), 0.5),
    )
    c.light(c.ellipse((398, 531), (8, 2.4), 1.2), CREAM, 0.5)
    # Wet hair, stuck to the forehead.
    for lock in (
        [(300, 300), (322, 352), (312, 390)],
        [(330, 280), (344, 338), (336, 372)],
        [(366, 270), (372, 326), (362, 362)],
        [(404, 270), (410, 322), (420, 356)],
        [(440, 284), (446, 330), (458, 366)],
        [(466, 306), (474, 352), (470, 396)],
    ):
        (ax, ay), (bx, by), (tx, ty) = lock
        c.paint(
            c.shape([(ax - 24, ay - 14), (bx - 12, by), (tx, ty), (bx + 13, by), (ax + 26, ay - 12)]) * opening,
            WET_HAIR,
        )
        c.light(c.stroke([(ax + 4, ay), (bx + 2, by), (tx, ty - 8)], 2, 1) * opening, AMBER, 0.35 if ax > 380 else 0.1)
    c.paint(
        c.shape([(268, 330), (300, 262), (384, 240), (468, 262), (500, 330), (460, 300), (384, 290), (308, 300)])
        * opening,
        WET_HAIR,
    )
    c.shade(opening * c.down(330, 236), rgb("#1a0f08"), 0.75)
