"""The words of `camera:`, read as a director means them."""

from __future__ import annotations

import pytest

from storyreel.media.panel.camera import Angle, Framing, Move, read_camera

MOVES = {
    "wide, slow push-in": (Framing.WIDE, Move.PUSH, 1),
    "medium, dolly in": (Framing.MEDIUM, Move.PUSH, 1),
    "slow zoom": (None, Move.PUSH, 1),
    "wide, pull back": (Framing.WIDE, Move.PULL, 1),
    "close-up, dolly out": (Framing.CLOSE, Move.PULL, 1),
    "medium, slow pan left": (Framing.MEDIUM, Move.PAN, -1),
    "pan right": (None, Move.PAN, 1),
    "wide, high angle, tilt up": (Framing.WIDE, Move.TILT, 1),
    "tilt down": (None, Move.TILT, -1),
    "medium two-shot, slow orbit left": (Framing.MEDIUM, Move.ORBIT, -1),
    "arc right around her": (None, Move.ORBIT, 1),
    "tracking from left to right": (None, Move.TRACK, 1),
    "truck left": (None, Move.TRACK, -1),
    "steadicam": (None, Move.TRACK, 1),
    "crane up": (None, Move.CRANE, 1),
    "crane down": (None, Move.CRANE, -1),
    "aerial, drone rising": (Framing.EXTREME_WIDE, Move.CRANE, 1),
    "whip pan left": (None, Move.WHIP_PAN, -1),
    "crash zoom": (None, Move.CRASH_ZOOM, 1),
    "dolly zoom": (None, Move.DOLLY_ZOOM, 1),
    "close-up, static": (Framing.CLOSE, Move.HOLD, 1),
    "macro close-up, locked off": (Framing.EXTREME_CLOSE, Move.HOLD, 1),
    "extreme close-up, rack focus": (Framing.EXTREME_CLOSE, Move.HOLD, 1),
    "medium close-up": (Framing.MEDIUM_CLOSE, Move.DRIFT, 1),
    "establishing shot": (Framing.EXTREME_WIDE, Move.DRIFT, 1),
    "Großaufnahme, statisch": (Framing.CLOSE, Move.HOLD, 1),
    "Halbtotale, langsamer Schwenk nach links": (Framing.MEDIUM, Move.PAN, -1),
    "Totale, Zufahrt": (Framing.WIDE, Move.PUSH, 1),
    "Schwenk nach oben": (None, Move.TILT, 1),
    "gros plan, travelling avant": (Framing.CLOSE, Move.PUSH, 1),
    "plan large, travelling arrière": (Framing.WIDE, Move.PULL, 1),
    "panoramique à gauche": (None, Move.PAN, -1),
    "": (None, Move.DRIFT, 1),
    "as she would see it": (None, Move.DRIFT, 1),
}


@pytest.mark.parametrize("words", MOVES)
def test_framing_move_and_direction(words: str) -> None:
    camera = read_camera(words)
    assert (camera.framing, camera.move, camera.direction) == MOVES[words]


def test_words_that_say_how_strongly() -> None:
    assert read_camera("slow push-in").strength < read_camera("push in").strength < read_camera("fast push-in").strength
    assert read_camera("orbit 30 degrees").strength < read_camera("orbit 120 degrees").strength
    assert 0.3 <= read_camera("slow orbit 1 degree").strength <= read_camera("fast orbit 360°").strength <= 1.6


def test_what_stands_beside_a_move() -> None:
    assert read_camera("medium, handheld").is_handheld
    assert read_camera("Handkamera").is_handheld
    assert read_camera("medium, handheld").move is Move.HOLD
    assert read_camera("handheld, push in").move is Move.PUSH
    assert read_camera("over-the-shoulder").is_over_shoulder
    assert read_camera("low angle").angle is Angle.LOW
    assert read_camera("contre-plongée").angle is Angle.LOW
    assert read_camera("plongée").angle is Angle.HIGH
    assert read_camera("bird's eye").angle is Angle.TOP
    assert read_camera(None).angle is Angle.EYE


def test_capitals_and_spaces_do_not_matter() -> None:
    assert read_camera("  WIDE,   Slow PUSH-IN ") == read_camera("wide, slow push-in")
