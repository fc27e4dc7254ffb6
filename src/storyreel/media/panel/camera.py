"""Reads the words of `camera:`: how near, from where, and how the camera moves. English, some German and French."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TypeVar


class Framing(Enum):
    """How near the camera is, from far to near."""

    EXTREME_WIDE = "extreme wide"
    WIDE = "wide"
    MEDIUM = "medium"
    MEDIUM_CLOSE = "medium close-up"
    CLOSE = "close-up"
    EXTREME_CLOSE = "extreme close-up"


class Move(Enum):
    """What the camera does during the shot."""

    HOLD = "hold"
    PUSH = "push in"
    PULL = "pull back"
    CRASH_ZOOM = "crash zoom"
    DOLLY_ZOOM = "dolly zoom"
    PAN = "pan"
    WHIP_PAN = "whip pan"
    TILT = "tilt"
    TRACK = "track"
    CRANE = "crane"
    ORBIT = "orbit"
    DRIFT = "drift"
    """A gentle push, where nothing was said."""


class Angle(Enum):
    EYE = "eye level"
    LOW = "low angle"
    HIGH = "high angle"
    TOP = "from above"


@dataclass(frozen=True, slots=True)
class Camera:
    framing: Framing | None
    """None where it was not said."""
    move: Move
    direction: int
    """1 is right or up, -1 left or down; in which way a push goes is in the move."""
    strength: float
    """0.3 to 1.6; 1 is a move that nobody called slow or fast."""
    angle: Angle
    is_handheld: bool
    is_over_shoulder: bool


_FRAMINGS: tuple[tuple[Framing, str], ...] = (
    (
        Framing.EXTREME_CLOSE,
        r"(extreme|tight|very|macro|detail)[ -]+close|\becu\b|\bxcu\b|macro|detail|\binsert\b|très gros plan|makro",
    ),
    (Framing.MEDIUM_CLOSE, r"medium[ -]+close|\bmcu\b|head[ -]and[ -]shoulders|bust shot|halbnah|plan rapproché"),
    (Framing.CLOSE, r"\bclose([ -]?(up|shot))?s?\b|\bcu\b|gro(ß|ss)aufnahme|nahaufnahme|\bnah\b|gros plan|portrait"),
    (
        Framing.EXTREME_WIDE,
        r"(extreme|very|ultra)[ -]+(wide|long)|\be[wl]s\b|establishing|aerial|satellite|panorama(?!t)|supertotale|"
        r"plan (général|d'ensemble)|bird'?s?[ -]eye|vogelperspektive|god'?s eye|top[ -]?(down|shot)",
    ),
    (
        Framing.MEDIUM,
        r"medium|\bmid\b|mid[ -]shot|\bms\b|waist|cowboy|two[ -]?shot|amerikanisch|plan (moyen|américain)|halbtotale",
    ),
    (
        Framing.WIDE,
        r"wide|\b[wl]s\b|long shot|full[ -](shot|body)|totale\b|\bweit|plan (large|demi-ensemble)|drone|drohne",
    ),
    (Framing.MEDIUM, r"over[ -]the[ -]shoulder|\bots\b|\bpov\b|profile?\b|reverse|schulter"),
)
_MOVES: tuple[tuple[Move, str], ...] = (
    (Move.DOLLY_ZOOM, r"dolly[ -]?zoom|vertigo|zolly|contre-zoom|travelling compensé"),
    (Move.CRASH_ZOOM, r"(crash|snap|whip|fast|quick)[ -]?zoom|rei(ß|ss)zoom"),
    (Move.WHIP_PAN, r"whip[ -]?pan|swish|rei(ß|ss)schwenk|panoramique filé"),
    (Move.ORBIT, r"orbit|\barc(s|ing)?\b|circl(e|es|ing)|revolv|rotat(e|es|ing) around|umkreis|tourne autour|360"),
    (
        Move.PULL,
        r"pull(s|ing)?[ -]?(back|out|away)|(dolly|zoom|track|mov)(s|es|ing)?[ -]?(out|back)|widen|back(s|ing)? away|"
        r"retreat|rückfahrt|herauszoom|zurück|(travelling|zoom|recul)\s?arrière|recule",
    ),
    (
        Move.CRANE,
        r"crane|\bjib|boom|pedestal|\bkran|\bgrue|rises? over|lift(s|ing)? (off|up)|ascend|descend|drone|drohne",
    ),
    (
        Move.TILT,
        r"\btilt|neig(t|en|ung)|schwenk\w* nach (oben|unten)|panoramique vers le (haut|bas)|look(s|ing)? (up|down)",
    ),
    (
        Move.PUSH,
        r"push|(dolly|zoom|mov|creep|track|glid|drift)(s|es|ing|e|t)?[ -]?(in\b|into|toward|forward|closer|near)|zoom|"
        r"creep|zufahrt|heran|travelling avant|avance|approach",
    ),
    (Move.PAN, r"\bpan(s|ning)?\b|schwenk|panoramique"),
    (
        Move.TRACK,
        r"track|truck|follow|steadi|dolly|travelling|lateral|mitfahr|kamerafahrt|parallelfahrt|suit\b|slid(e|er|ing)",
    ),
    (
        Move.HOLD,
        r"static|lock|tripod|still|\bhold|fixed|motionless|no mov|statisch|\bfest|stativ|\bfixe|rack|focus|immobile",
    ),
)
_HANDHELD = r"hand[ -]?held|hand[ -]?kamera|shak(y|ing)|à l'épaule|caméra (portée|à la main)"
_LEFT, _RIGHT = r"left|links|gauche|counter", r"right|rechts|droite"
_UP, _DOWN = r"\bup|rise|rising|ascend|oben|hoch|haut|lift", r"\bdown|descend|unten|herab|bas\b|lower(s|ing)"
_SLOW, _FAST = (
    r"slow|gentle|gently|subtle|slight|creep|langsam|sanft|leicht|lent|doux|léger",
    r"fast|quick|rapid|swift|schnell|rasch|vite",
)


@lru_cache(maxsize=256)
def read_camera(text: str | None) -> Camera:
    """What `camera:` asks for; what is not understood is left out, since it is written for a model, not for us."""
    words = " ".join((text or "").casefold().replace("’", "'").replace("–", "-").split())
    move = _first(_MOVES, words)
    is_handheld = _has(_HANDHELD, words)
    if move is None:
        move = Move.HOLD if is_handheld else Move.DRIFT
    return Camera(
        framing=_first(_FRAMINGS, words),
        move=move,
        direction=_direction(move, words),
        strength=_strength(words),
        angle=_angle(words),
        is_handheld=is_handheld,
        is_over_shoulder=_has(r"over[ -]the[ -]shoulder|\bots\b|über die schulter|par-dessus l'épaule", words),
    )


Choice = TypeVar("Choice")


def _first(table: tuple[tuple[Choice, str], ...], words: str) -> Choice | None:
    return next((choice for choice, pattern in table if _has(pattern, words)), None)


def _has(pattern: str, words: str) -> bool:
    return re.search(pattern, words) is not None


def _direction(move: Move, words: str) -> int:
    if move in (Move.TILT, Move.CRANE):
        # "looks up as it cranes down": the later word is about the subject less often than the one at the move.
        return -1 if _has(_DOWN, words) and not _has(_UP, words) else 1
    # "from left to right": the side named last is where it goes.
    left, right = (max((found.start() for found in re.finditer(side, words)), default=-1) for side in (_LEFT, _RIGHT))
    return -1 if left > right else 1


def _strength(words: str) -> float:
    strength = 0.72 if _has(_SLOW, words) else 1.35 if _has(_FAST, words) else 1.0
    degrees = re.search(r"(\d{1,3}) ?(°|deg|grad|degré)", words)
    if degrees:
        strength *= min(1.6, max(0.5, int(degrees[1]) / 75))
    return min(1.6, max(0.3, strength))


def _angle(words: str) -> Angle:
    if _has(
        r"satellite|top[ -]?(down|shot)|overhead|bird'?s?[ -]eye|vogelperspektive|god'?s eye|from above|von oben|"
        r"zénithal",
        words,
    ):
        return Angle.TOP
    if _has(r"low[ -]angle|worm'?s[ -]eye|from below|untersicht|froschperspektive|contre-plongée|von unten", words):
        return Angle.LOW
    if _has(r"high[ -]angle|aufsicht|plongée", words):
        return Angle.HIGH
    return Angle.EYE
