"""The words of a request as one endpoint takes them: a prompt, a list of shots, or all shots in one prompt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storyreel.board.mentions import respell
from storyreel.plan.forms import Form
from storyreel.plan.lowering.cast import cast_of
from storyreel.plan.prompt import spelled_words, speller, usual_names
from storyreel.plan.request import Request

MOST_BESIDE = 2500
"""Characters of the prompt that stands beside a list of shots."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How the words of a request are spelled."""

    called: Mapping[str, str]
    """Elements that go along as files, by what stands for them."""
    is_joined: bool
    """All shots in one prompt."""
    is_numbered: bool = False
    """Each of them with its number and length, where nothing else says so."""


def manner_of(request: Request, form: Form | None) -> Manner:
    """How an endpoint of this form takes it; None for the usual, which checks go by where nobody is asked."""
    is_left_to_model = request.shot_type == "intelligent"
    is_many = len(request.shots) > 1
    if form is None:
        return Manner(usual_names(request), is_many and is_left_to_model)
    has_list = form.has("shots")
    is_joined = is_many and (is_left_to_model or not has_list)
    return Manner(cast_of(request, form).called, is_joined, is_joined and not has_list and not is_left_to_model)


def prompts(request: Request, manner: Manner) -> tuple[str, ...]:
    """Each shot's words."""
    return tuple(spelled_words(request, shot, manner.called) for shot in request.shots)


def join(request: Request, words: Sequence[str], manner: Manner) -> str:
    """All shots in one prompt, a line each."""
    if not manner.is_numbered:
        return "\n".join(words)
    numbered = enumerate(zip(request.shots, words, strict=True), 1)
    return "\n".join(f"Shot {number}, {shot.seconds} s: {text}" for number, (shot, text) in numbered)


def beside(request: Request, words: Sequence[str], manner: Manner) -> str:
    """The prompt that some endpoints demand beside a list of shots: what holds for all of them, else the first."""
    spell = speller(request, manner.called)
    names = [element.name for element in request.elements]
    shared = "\n".join(respell(text, names, spell) for text in (request.place, request.style) if text)
    return shared if 0 < len(shared) <= MOST_BESIDE else words[0]
