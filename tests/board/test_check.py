"""What is wrong with the language of a board, in place; and what a right board becomes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.base.codes.language import LANGUAGE
from storyreel.base.diagnostic import Checked, Diagnostic, in_order
from storyreel.base.span import Span
from storyreel.base.timebase import Duration
from storyreel.board.check import Memo, check
from storyreel.board.expand import ExpandedFilm, expand, open_board
from storyreel.board.model import Storyboard
from storyreel.board.rules.scope import MOST_FINDINGS
from storyreel.board.source import MediaFacts, MemorySource
from storyreel.board.vocabulary import VOCABULARY
from tests.support.cases import BOARD, SUITE, Case, assert_case, load_cases

CASES = load_cases(SUITE / "language.cases")


def source_of(files: dict[str, str]) -> MemorySource:
    """`image 800x600`, `video 1280x720 5` and `audio 12` stand for the files that they describe."""
    facts = {path: read for path, text in files.items() if (read := facts_of(text)) is not None}
    return MemorySource(files, facts)


def facts_of(text: str) -> MediaFacts | None:
    match text.split():
        case ["image", size]:
            width, height = map(int, size.split("x"))
            return MediaFacts("image", width, height)
        case ["video", size, seconds]:
            width, height = map(int, size.split("x"))
            return MediaFacts("video", width, height, Fraction(seconds), Fraction(24))
        case ["audio", seconds]:
            return MediaFacts("audio", seconds=Fraction(seconds), has_audio=True)
    return None


def films_of(source: MemorySource) -> list[ExpandedFilm]:
    opened = open_board(source, BOARD)
    assert opened.value is not None, opened.diagnostics
    films = [film.value for film in expand(opened.value)]
    return [film for film in films if film is not None]


def checked(text: str, **files: str) -> Checked[Storyboard]:
    source = source_of({BOARD: text, **files})
    (film,) = films_of(source)
    return check(film, source)


def board_of(text: str, **files: str) -> Storyboard:
    result = checked(text, **files)
    assert result.value is not None, result.diagnostics
    return result.value


def written(text: str, span: Span) -> str:
    assert span.line == span.end_line
    return text.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]


def findings(case: Case) -> tuple[Diagnostic, ...]:
    source = source_of(dict(case.files))
    opened = open_board(source, BOARD)
    found = list(opened.diagnostics)
    memo: Memo = {}
    if opened.value is not None:
        for film in expand(opened.value):
            found += film.diagnostics
            if film.value is not None:
                found += check(film.value, source, memo).diagnostics
    return in_order(found)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_check_finds(case: Case) -> None:
    assert_case(case, findings(case))


def test_every_code_of_the_language_has_a_case() -> None:
    shown = {expected.code for case in CASES for expected in case.expected}
    assert {code.code for code in LANGUAGE} <= shown


MINIMAL = """\
storyreel: 1
scenes:
  - id: sea
    shots: [{duration: 4, prompt: A black sea.}]
"""

SPOKEN = """\
storyreel: 1
elements:
  Mara: {description: a keeper}
scenes:
  - id: sea
    shots:
      - duration: 9
        prompt: A black sea.
        say:
          - Mara (whispering): Forty years.
          - "Captain (O.S., far away): Hard to port!"
          - {who: narrator, line: Until tonight., at: 2.5}
"""


def test_defaults_are_filled_in() -> None:
    board = board_of(MINIMAL)
    assert (board.model, board.tier, board.aspect_ratio, board.generate_audio, board.language) == (
        "kling-v3", "standard", "16:9", True, "en",
    )  # fmt: skip
    assert board.fps == 24
    assert (board.captions, board.loudness) == ("sidecar", -14)
    assert (board.film, board.board) == ("board", "board")
    assert board.cfg_scale is None
    assert board.negative_prompt is None


def test_a_size_stands_for_the_shape() -> None:
    board = board_of("size: 1080x1350\n" + MINIMAL)
    assert (board.size, board.aspect_ratio) == ("1080x1350", None)


def test_scenes_inherit_from_the_board() -> None:
    board = board_of("tier: pro\n" + MINIMAL + "    tier: 4k\n  - {id: b, shots: [{duration: 4, prompt: A sea.}]}\n")
    assert [board.setting(scene, "tier") for scene in board.scenes] == ["4k", "pro"]


def test_values_keep_their_spelling_until_they_are_typed() -> None:
    board = board_of("title: 01\nbudget: 6.10\nfps: 23.976\nloudness: null\n" + MINIMAL)
    assert board.title == "01"
    assert board.budget == Decimal("6.10")
    assert board.fps == Fraction(24000, 1001)
    assert board.loudness is None


def test_what_a_provider_gets_is_typed_as_yaml_types_it() -> None:
    extra = '{fixed: true, n: 3, x: 0.5, text: "3", list: [1, a], none: null, x-note: no}'
    board = board_of(MINIMAL + f"    extra: {extra}\n")
    assert board.scenes[0].extra == {"fixed": True, "n": 3, "x": 0.5, "text": "3", "list": [1, "a"], "none": None}


def test_short_lines_are_lines() -> None:
    mara, captain, narrator = board_of(SPOKEN).scenes[0].shots[0].say
    assert (mara.who, mara.tone, mara.line, mara.is_voice_over) == ("Mara", "whispering", "Forty years.", False)
    assert (captain.who, captain.tone, captain.speaker) == ("Captain (O.S.)", "far away", "Captain")
    assert captain.is_voice_over
    assert (narrator.at, narrator.is_voice_over) == (Duration(Fraction(5, 2)), True)


def test_parts_of_a_short_line_know_their_places() -> None:
    mara, captain, _ = board_of(SPOKEN).scenes[0].shots[0].say
    assert written(SPOKEN, mara.span("who")) == "Mara"
    assert written(SPOKEN, mara.span("line")) == "Forty years."
    assert written(SPOKEN, captain.span("line")) == "Hard to port!"


def test_every_value_knows_where_it_was_written() -> None:
    scene = board_of(MINIMAL).scenes[0]
    assert written(MINIMAL, scene.span("id")) == "sea"
    assert written(MINIMAL, scene.shots[0].span("prompt")) == "A black sea."
    assert written(MINIMAL, scene.shots[0].key_span("duration")) == "duration"
    assert scene.span("note") == scene.span()


def test_fields_that_fill_to_nothing_are_left_out() -> None:
    board = board_of(
        'vars: {empty: "", word: Yes}\n' + MINIMAL + '    text: ["{{ empty }}", "{{ word }}"]\n'
        '    say: {narrator: "{{ empty }}"}\n'
        '  - {id: end, card: {title: A, subtitle: "{{ empty }}", logo: "{{ empty }}", duration: 2}}\n'
    )
    assert [words.super for words in board.scenes[0].text] == ["Yes"]
    assert board.scenes[0].say == ()
    card = board.scenes[1].card
    assert card is not None
    assert (card.title, card.subtitle, card.logo) == ("A", None, None)


def test_one_may_be_written_without_its_list() -> None:
    text = MINIMAL + "    start: a.png\n    text: Late again?\n    sfx: a.wav\n"
    board = board_of(text, **{"a.png": "image 1600x900", "a.wav": "audio 1"})
    scene = board.scenes[0]
    assert (scene.start, scene.text[0].super, scene.sfx[0].file) == (("a.png",), "Late again?", "a.wav")


def test_scenes_that_films_have_in_common_are_read_once() -> None:
    text = (
        "storyreel: 1\nvariants: {axes: {lang: {en: {}, de: {}}}}\nscenes:\n"
        "  - {id: sea, shots: [{duration: 4, prompt: A sea.}]}\n"
        '  - {id: end, card: {title: "{{ lang.id }}", duration: 2}}\n'
    )
    source, memo = source_of({BOARD: text}), Memo()
    english, german = (check(film, source, memo).value for film in films_of(source))
    assert english is not None
    assert german is not None
    assert english.scenes[0] is german.scenes[0]
    assert english.scenes[1] is not german.scenes[1]


def test_a_board_that_cannot_be_read_whole_has_no_value_but_all_findings() -> None:
    result = checked(MINIMAL + "    takes: many\n    start: nowhere@last\n")
    assert result.value is None
    assert [found.code for found in result.diagnostics] == ["SR106", "SR121"]


def test_a_board_with_mistakes_between_its_values_keeps_its_value() -> None:
    result = checked(MINIMAL + "    start: nowhere@last\n")
    assert result.has_errors
    assert result.value is not None


def test_rules_that_need_lengths_wait_until_lengths_can_be_read() -> None:
    result = checked(MINIMAL + "  - {id: b, transition: dissolve 9, shots: [{duration: four, prompt: A sea.}]}\n")
    assert [found.code for found in result.diagnostics] == ["SR105"]


def test_messages_are_our_own() -> None:
    for case in CASES:
        for found in findings(case):
            said = " ".join([found.message, found.label, *(hint.text for hint in found.hints)])
            assert "pydantic" not in said
            assert "Input should" not in said


def test_findings_end_where_nobody_reads_on() -> None:
    keys = "".join(f"key{i}: 1\n" for i in range(5_000))
    assert len(checked(keys + MINIMAL).diagnostics) == 20
    scene = "  - {{id: a{0}, start: b{0}@last, shots: [{{duration: 4, prompt: A.}}]}}\n"
    scenes = "".join(map(scene.format, range(1_000)))
    assert len(checked(MINIMAL + scenes).diagnostics) == MOST_FINDINGS


LEAVES = ["1", "4", "-1", "0", "''", '"@Mira"', "previous", "storm@last", "a.png", "dissolve 1", "null", "'Mara: Hi'"]
STEERING = ("storyreel", "scenes", "include", "tables", "variants")
VALUES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(
            st.sampled_from(sorted({key for level in VOCABULARY.values() for key in level})), inner, max_size=3
        ).map(lambda entries: "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}"),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(VOCABULARY["board"])), VALUES, max_size=4), VALUES, VALUES)
def test_nothing_that_parses_is_beyond_it(keys: dict[str, str], scene: str, shot: str) -> None:
    """Whatever stands under whatever key: findings, never an exception."""
    keys = {key: value for key, value in keys.items() if key not in STEERING}
    text = "storyreel: 1\n" + "".join(f"{key}: {value}\n" for key, value in keys.items())
    text += f"scenes:\n  - {scene}\n  - {{id: a, shots: [{shot}]}}\n"
    source = source_of({BOARD: text})
    opened = open_board(source, BOARD)
    for film in expand(opened.value) if opened.value is not None else ():
        if film.value is not None:
            result = check(film.value, source)
            assert result.value is not None or result.has_errors
