"""Pairs of letters that stand too far apart: the Open Sans wheel comes without kerning, and titles show it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_TIGHT = """
    AV AW AY VA WA YA AT TA LT LV LY LW PA FA TJ YJ VJ
    To Ta Te Tc Ts Tu Tr Ty Tw Td Tg Tq Tz Tm Tn Tp Tv Tx Yo Ya Ye Yc Ys Yu Yd Yg Yq Yp Yn Ym
    P. P, T. T, Y. Y, V. V, W. W, F. F, r. r, y. y, v. v, w. w,
    L’ L" L' A’ A" A' ’A "A 'A
"""
_LOOSE = """
    Vo Va Ve Vc Vs Vu Vd Vg Vq Wo Wa We Wc Ws Wu Wd Wg Wq Fo Fa Fe Ko Kv Kw Ky KO KC KG KQ
    AO AC AG AQ AU OA DA OT OV OW OY OX DV DW DY DT QV QW QY QT LO LC LG LQ Lv Lw Ly
    Av Aw Ay vo wo yo ov ow oy va ve wa we ya ye av aw ay ev ew ey ro re ra rc rd rg rq ko ke ka Po Pa Pe Pd
    T- Y- V- -T -Y -V RT RV RW RY BV BY BT Rv Ry o. e. O. D.
"""
_STEPS = {"tight": -0.075, "loose": -0.022}
_PAIRS = {**dict.fromkeys(_LOOSE.split(), _STEPS["loose"]), **dict.fromkeys(_TIGHT.split(), _STEPS["tight"])}


@lru_cache(maxsize=4096)
def kern(left: str, right: str) -> float:
    """How much nearer, in ems, the second letter stands to the first; 0 or less."""
    return _PAIRS.get(_plain(left) + _plain(right), 0.0)


def _plain(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[:1]
