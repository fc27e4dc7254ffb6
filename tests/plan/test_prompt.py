"""A shot's words, as composed and as spelled."""

from __future__ import annotations

from dataclasses import replace

from storyreel.plan.prompt import shot_words, spelled_words
from storyreel.plan.request import Asset, ElementRequest, Request, ShotRequest, SpokenLine

FRONT, LEFT = Asset("mara/front.png", "a" * 64), Asset("mara/left.png", "b" * 64)
MARA = ElementRequest("Mara", "woman, 34", FRONT, (LEFT,))
IVO = ElementRequest("Ivo", "boy, 12")
SHOT = ShotRequest(
    "@Mara grips the rail, then @Mara looks up.",
    4,
    "wide, slow push-in",
    (SpokenLine("Mara", "whispering", "Forty years."), SpokenLine("Ivo", None, "Mail it to ivo@sea, @home!")),
    "wind through iron",
)
REQUEST = Request("kling-v3", "standard", "16:9", (SHOT,), True, "a gallery!", "35mm film", elements=(MARA, IVO))


def test_place_camera_prompt_dialogue_sound_style() -> None:
    assert shot_words(REQUEST, SHOT) == (
        "a gallery! wide, slow push-in. @Mara grips the rail, then @Mara looks up. "
        '[@Mara, whispering]: "Forty years." [@Ivo]: "Mail it to ivo@sea, @@home!" wind through iron. 35mm film.'
    )


def test_what_is_absent_leaves_no_trace() -> None:
    bare = ShotRequest("A black sea", 4)
    assert shot_words(Request("kling-v3", "standard", "16:9", (bare,), True), bare) == "A black sea."


def test_the_first_mention_describes_and_the_others_name() -> None:
    assert spelled_words(REQUEST, SHOT) == (
        "a gallery! wide, slow push-in. Mara (woman, 34) grips the rail, then Mara looks up. "
        '[Mara, whispering]: "Forty years." [Ivo (boy, 12)]: "Mail it to ivo@sea, @home!" wind through iron. 35mm film.'
    )


def test_with_a_start_picture_pictured_elements_go_along() -> None:
    shown = replace(REQUEST, start=(FRONT,))
    assert "@Element1 grips the rail, then @Element1 looks up" in spelled_words(shown, SHOT)
    assert "[Ivo (boy, 12)]" in spelled_words(shown, SHOT)


def test_quotes_in_a_line_do_not_end_it() -> None:
    said = replace(SHOT, lines=(SpokenLine("Ivo", None, 'She said "no".'),))
    assert '''[@Ivo]: "She said 'no'."''' in shot_words(REQUEST, said)


def test_the_words_of_an_own_template_are_taken_as_they_are() -> None:
    own = replace(SHOT, words="Macro. @Mara.")
    assert spelled_words(REQUEST, own) == "Macro. Mara (woman, 34)."
