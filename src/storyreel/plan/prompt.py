"""A shot's words: composed by a template, names unreplaced (`@Mara`), then spelled as a model reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from storyreel.board.mentions import mentions, respell
from storyreel.board.sandbox import Template, compile_template
from storyreel.plan.request import ElementRequest, Request, ShotRequest


def shot_words(request: Request, shot: ShotRequest) -> str:
    """The shot as its template renders it, the project's own or the shipped one; names unreplaced."""
    if shot.words is not None:
        return shot.words
    return (
        shipped()
        .fill(
            {
                "scene": {"place": request.place},
                "board": {"style": request.style},
                "shot": {
                    "prompt": shot.prompt,
                    "camera": shot.camera,
                    "sound": _literal(shot.sound),
                    "lines": [
                        {"who": line.who, "tone": _literal(line.tone), "text": _literal(line.text.replace('"', "'"))}
                        for line in shot.lines
                    ],
                },
            }
        )
        .strip()
    )


def spelled_words(request: Request, shot: ShotRequest, called: Mapping[str, str] | None = None) -> str:
    """The shot as a model would read it. `called`: what stands for an element that goes along as pictures; None for
    the usual, which is `@Element1` where there is a start picture.
    """
    called = usual_names(request) if called is None else called
    return respell(shot_words(request, shot), _names(request), speller(request, called))


def speller(request: Request, called: Mapping[str, str]) -> Callable[[str], str]:
    """Spells one shot's mentions in order: the first of an element describes it, the later ones name it."""
    elements = {element.name: element for element in request.elements}
    seen: set[str] = set()

    def spell(name: str) -> str:
        if name in called:
            return called[name]
        if name in seen or not elements[name].description:
            return name
        seen.add(name)
        return f"{name} ({elements[name].description})"

    return spell


def usual_names(request: Request) -> Mapping[str, str]:
    """With a start picture a model takes pictured elements along, and they are called by number."""
    pictured = [element.name for element in request.elements if request.start and is_pictured(element)]
    return {name: f"@Element{number}" for number, name in enumerate(pictured, 1)}


def is_pictured(element: ElementRequest) -> bool:
    """Whether there is enough to show a model: a video, or a front and a further picture."""
    return element.video is not None or (element.image is not None and bool(element.references))


@cache
def shipped() -> Template:
    """The prompt template that comes with storyreel."""
    text = files("storyreel.plan").joinpath("templates", "kling-v3.j2").read_text("utf-8")
    return compile_template(text, allow_loops=True)


def _names(request: Request) -> Mapping[str, Any]:
    return {element.name: None for element in request.elements}


def _literal(text: str | None) -> str | None:
    """Words in which `@` is no mention: spoken lines and sounds."""
    for start, _, _ in reversed(mentions(text or "", ())):
        assert text is not None
        text = f"{text[:start]}@{text[start:]}"
    return text
