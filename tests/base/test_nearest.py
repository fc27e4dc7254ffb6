"""Guesses that help, and no others."""

from __future__ import annotations

import pytest

from storyreel.base.nearest import nearest

KEYS = ["id", "prompt", "duration", "camera", "say", "sound", "sfx", "text", "aspect_ratio", "generate_audio", "scenes"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("promt", "prompt"),
        ("prmopt", "prompt"),
        ("Duration", "duration"),
        ("durration", "duration"),
        ("cam", "camera"),
        ("scene", "scenes"),
        ("aspect-ratio", "aspect_ratio"),
        ("aspectRatio", "aspect_ratio"),
        ("generate audio", "generate_audio"),
        ("genrate_adio", "generate_audio"),
    ],
)
def test_slips_of_the_pen_are_recognised(written: str, meant: str) -> None:
    assert nearest(written, KEYS) == meant


@pytest.mark.parametrize("written", ["x", "is", "colour", "seed", "s", "xyz", "duration" * 10, "", "lens"])
def test_other_words_get_no_guess(written: str) -> None:
    assert nearest(written, KEYS) is None


def test_the_closest_wins_and_the_earlier_of_equals() -> None:
    assert nearest("Mira", ["Moritz", "Mara", "Mirah", "Mora"]) == "Mara"
    assert nearest("anna", ["anne", "hanna"]) == "anne"


def test_the_word_itself_is_no_guess() -> None:
    assert nearest("Mara", ["Mara"]) is None


def test_a_beginning_counts_only_if_it_is_plain_what_it_begins() -> None:
    assert nearest("gen", ["generate_audio", "gender_fluid_cast"]) is None
