"""The looks that the package brings, read from its own data: cards, and texts over the picture."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from storyreel.base.diagnostic import Diagnostic, error
from storyreel.base.nearest import nearest
from storyreel.media.look import LEGAL, LOWER_THIRD_NAME, LOWER_THIRD_ROLE, SUPER, Rgba, Scrim, Style

if TYPE_CHECKING:  # Words are drawn where no board is read.
    from storyreel.board.model import Located, Scene, Shot, Storyboard

TextKind = Literal["super", "lower_third", "legal"]
Corner = Literal["top-left", "bottom-left", "bottom-right", "bottom", "middle"]
PLAIN = "plain"
_FOLDER = Path(__file__).with_name("styles")
_BASES: Mapping[str, Style] = {"super": SUPER, "lower_third": LOWER_THIRD_NAME, "legal": LEGAL}


@dataclass(frozen=True, slots=True)
class Move:
    """How a text comes or goes: over so many frames, from or to so many pixels (of a frame 720 high) away."""

    frames: int
    across: float = 0.0
    down: float = 0.0


@dataclass(frozen=True, slots=True)
class TextLook:
    """How one kind of text looks in one style."""

    words: Style
    role: Style
    place: Corner
    enter: Move
    leave: Move
    plate: Scrim | None = None
    rule: Literal["left", "under"] | None = None
    rule_color: Rgba = (0xF2, 0xA3, 0x3A, 255)


@lru_cache(maxsize=1)
def card_styles() -> Mapping[str, Mapping[str, Any]]:
    """The styles of cards by name."""
    return _read("cards")


@lru_cache(maxsize=1)
def text_styles() -> Mapping[str, Mapping[str, TextLook]]:
    """The styles of texts by name, each with a look for every kind of text."""
    return {name: {kind: _look(kind, said) for kind, said in kinds.items()} for name, kinds in _read("texts").items()}


def text_look(kind: TextKind, style: str | None) -> TextLook:
    """The look of a text; an unknown style is the plain one, since `check_styles` has told it."""
    return text_styles().get(style or PLAIN, text_styles()[PLAIN])[kind]


def check_styles(board: Storyboard) -> tuple[Diagnostic, ...]:
    """Every style that there is not, with the nearest one."""
    found = []
    for what, known, written, owner in _written(board):
        if written not in known:
            close = nearest(written, known)
            hints = [f"did you mean `{close}`?"] if close else []
            hints.append(f"styles of {what}: {', '.join(known)}")
            message = f"no style of {what} is called `{written}`"
            found.append(error("SR404", message, owner.span("style"), label="unknown style", hints=hints))
    return tuple(found)


def _written(board: Storyboard) -> Iterator[tuple[str, tuple[str, ...], str, Located]]:
    cards, texts = tuple(card_styles()), tuple(text_styles())
    for scene in board.scenes:
        if scene.card is not None and scene.card.style:
            yield "cards", cards, scene.card.style, scene.card
        places: tuple[Scene | Shot, ...] = (scene, *scene.shots)
        for place in places:
            for words in place.text:
                if words.style:
                    yield "texts", texts, words.style, words


def _read(name: str) -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _look(kind: str, said: Mapping[str, Any]) -> TextLook:
    rest = {key: value for key, value in said.items() if key not in ("words", "role", "plate", "enter", "leave")}
    return TextLook(
        _style(_BASES[kind], said.get("words", {})),
        _style(replace(LOWER_THIRD_ROLE, color=(0xC6, 0xC9, 0xCE, 255)), said.get("role", {})),
        enter=Move(**said["enter"]),
        leave=Move(**said["leave"]),
        plate=_scrim(said["plate"]) if "plate" in said else None,
        **rest,
    )


def _style(base: Style, said: Mapping[str, Any]) -> Style:
    own = _colored(said)
    if "scrim" in own:
        own["scrim"] = _scrim(own["scrim"])
    return replace(base, **own)


def _scrim(said: Mapping[str, Any]) -> Scrim:
    return Scrim(**_colored(said))


def _colored(said: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if key == "color" else value for key, value in said.items()}
