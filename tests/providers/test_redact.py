"""What strangers say is made fit to print."""

from __future__ import annotations

import pytest

from storyreel.providers.redact import LONGEST, redact, words_of


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("see https://u:p@cdn.example/a.mp4?X-Amz-Signature=5e&x=1#f now", "see https://cdn.example/a.mp4 now"),
        ("gs://bucket/key?token=1", "gs://bucket/key"),
        ("bad image data:image/png;base64,iVBORw0KGgo=", "bad image data:…"),
        ("header Authorization: Bearer r8_0123456789abcdef was wrong", "header Authorization: Bearer … was wrong"),
        ("Key abcdef12:0123456789 is not valid", "Key … is not valid"),
        (f'cannot make "{"a storm at sea, " * 8}"', "cannot make “…”"),
        ("two\nlines\tand \x1b[31mred\x07", "two lines and [31mred"),
        ("turned \u202eround\u2066 and\u200b split", "turned round and split"),
        ("it's 5 o'clock", "it's 5 o'clock"),
    ],
)
def test_it_is_one_line_without_secrets(said: str, printed: str) -> None:
    assert redact(said) == printed


def test_it_is_short() -> None:
    assert len(redact("word " * 10_000)) == LONGEST
    assert redact("word " * 10_000).endswith("…")


def test_hidden_words_are_gone_wherever_they_stand() -> None:
    assert redact("a-secret and https://x.example/a-secret", ["a-secret", ""]) == "… and https://x.example/…"


def test_long_words_of_a_request_are_hidden_and_short_ones_are_not() -> None:
    body = {"prompt": "The great lamp dies.", "duration": "5", "shots": [{"prompt": "Mara grips the rail"}], "n": 1}
    assert words_of(body) == ["The great lamp dies.", "Mara grips the rail"]


def test_a_piece_of_a_hidden_text_is_hidden_too_and_in_any_case_of_letters() -> None:
    prompt = "A keeper walks out on the gallery, slowly."
    said = "invalid: 'a keeper walks OUT on the gallery' is not allowed: use other words on the next try"
    assert redact(said, [prompt]) == "invalid: … is not allowed: use other words on the next try"
    assert redact("id%3asecret and ID%3ASECRET", ["id%3Asecret"]) == "… and …"


def test_a_file_inside_a_request_costs_nothing_to_look_for() -> None:
    assert (
        redact("image_url: not a picture", ["data:image/png;base64," + "A" * 2_000_000]) == "image_url: not a picture"
    )
