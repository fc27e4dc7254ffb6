"""Four ways to show a diagnostic, and nothing raw from a file in any of them."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.base.diagnostic import Diagnostic, Hint, error, in_order, warning
from storyreel.base.report import printable, render_concise, render_full, render_github, render_json
from storyreel.base.span import Span

FILE = "storyboards/trailer.yaml"
TEXT = "\n" * 41 + '    prompt: "@Mira opens the door"\n'
MIRA = error(
    "SR104",
    "unknown element `@Mira`",
    Span(FILE, 42, 14, 42, 19),
    label="not declared in `elements`",
    hints=[Hint("did you mean `@Mara`?", Span(FILE, 7, 3, 7, 7))],
)
FULL = """\
error[SR104]: unknown element `@Mira`
  --> storyboards/trailer.yaml:42:14
   |
42 |     prompt: "@Mira opens the door"
   |              ^^^^^ not declared in `elements`
   |
   = help: did you mean `@Mara`? (declared at storyboards/trailer.yaml:7:3)
"""


def marks(line: str, column: int, end: int) -> tuple[str, str]:
    """The excerpt and the carets of a finding in a one-line file."""
    found = error("SR104", "m", Span("a.yaml", 1, column, 1, end))
    _, _, _, excerpt, carets = render_full([found], {"a.yaml": line + "\n"}).rstrip("\n").split("\n")
    return excerpt.removeprefix("1 | "), carets.removeprefix("  | ")


def test_in_full() -> None:
    assert render_full([MIRA], {FILE: TEXT}) == FULL


def test_all_at_once_sorted_and_each_once() -> None:
    early = warning("SR024", "cut", Span(FILE, 3, 1, 3, 2))
    shown = render_full([MIRA, early, MIRA], {FILE: TEXT})
    assert shown.startswith("warning[SR024]: cut\n")
    assert shown.endswith("\n\n" + FULL)
    assert render_full([], {}) == ""


def test_concise() -> None:
    assert render_concise([MIRA]) == "storyboards/trailer.yaml:42:14: error[SR104] unknown element `@Mira`\n"


def test_json_has_the_fields_of_the_contract() -> None:
    (found,) = render_json([MIRA])["diagnostics"]
    assert found == {
        "code": "SR104",
        "severity": "error",
        "message": "unknown element `@Mira`",
        "label": "not declared in `elements`",
        "file": FILE,
        "line": 42,
        "column": 14,
        "end_line": 42,
        "end_column": 19,
        "hints": ["did you mean `@Mara`? (declared at storyboards/trailer.yaml:7:3)"],
    }
    assert json.dumps(found)


def test_github_commands_are_escaped() -> None:
    found = warning("SR024", "100 % cut,\nhere: so", Span("a,b:c.yaml", 1, 2, 3, 4), hints=["mend it"])
    assert render_github([found]) == (
        "::warning file=a%2Cb%3Ac.yaml,line=1,endLine=3,col=2,endColumn=4,title=warning SR024"
        "::100 %25 cut,%0Ahere: so%0Amend it\n"
    )


@pytest.mark.parametrize(
    ("line", "column", "shown", "carets"),
    [
        ("\tprompt: @Mira", 10, "    prompt: @Mira", "            ^^^^^"),
        ("text: 日本 @Mira", 10, "text: 日本 @Mira", "           ^^^^^"),
        ("e\u0301te\u0301: @Mira", 8, "e\u0301te\u0301: @Mira", "     ^^^^^"),
        ("a\x1b[2J: @Mira", 8, "a\ufffd[2J: @Mira", "       ^^^^^"),
    ],
)
def test_carets_stand_below_what_they_mean(line: str, column: int, shown: str, carets: str) -> None:
    assert marks(line, column, column + 5) == (shown, carets)


def test_a_wide_character_has_wide_carets() -> None:
    assert marks("a: 日本", 4, 6) == ("a: 日本", "   ^^^^")


def test_a_place_without_width_has_one_caret() -> None:
    assert marks("a:", 3, 3) == ("a:", "  ^")
    assert marks("", 1, 1)[1] == "^"


def test_a_stretch_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    found = error("SR104", "m", Span("a.yaml", 1, 4, 2, 3))
    assert "  |    ^^^\n" in render_full([found], {"a.yaml": "a: one\r\n   two\r\n"})


def test_a_long_line_is_shown_around_its_finding() -> None:
    line = "x" * 1000 + "@Mira" + "y" * 1000
    excerpt, carets = marks(line, 1001, 1006)
    assert len(excerpt) < 125
    assert excerpt[carets.index("^") :].startswith("@Mira")
    assert excerpt[0] == excerpt[-1] == "…"


def test_a_file_that_cannot_be_shown_has_no_excerpt() -> None:
    found = error("SR001", "there is no file `a.yaml`", Span("a.yaml", 1, 1, 1, 1), label="gone", hints=["make it"])
    assert render_full([found], {}) == (
        "error[SR001]: there is no file `a.yaml`\n --> a.yaml:1:1\n  = note: gone\n  |\n  = help: make it\n"
    )


def test_a_hint_may_have_several_lines() -> None:
    found = error("SR001", "m", Span("a.yaml", 1, 1, 1, 2), hints=["write\n  a: 1"])
    assert render_full([found], {"a.yaml": "b"}).endswith("  = help: write\n            a: 1\n")


def test_color_changes_nothing_but_the_color() -> None:
    colored = render_full([MIRA], {FILE: TEXT}, color=True)
    bare = colored
    for code in ("1;31", "1;33", "1;34", "1", "0"):
        bare = bare.replace(f"\x1b[{code}m", "")
    assert "\x1b[1;31merror[SR104]" in colored
    assert bare == FULL


CONTROLS = st.sampled_from("\x00\x07\x1b\x7f\x9b\u202e\u2066\ud800\r\n\t%")
HOSTILE = st.text(st.characters(codec=None) | CONTROLS, max_size=30)


@settings(deadline=None)
@given(HOSTILE)
def test_printable_lets_no_control_pass(text: str) -> None:
    for sign in printable(text):
        assert sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")
        assert unicodedata.bidirectional(sign) not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")


@settings(deadline=None)
@given(HOSTILE, HOSTILE, st.integers(1, 40), st.integers(1, 40))
def test_no_format_lets_a_control_pass(words: str, line: str, column: int, end: int) -> None:
    span = Span(f"{words}.yaml", 1, column, 1, end)
    found: list[Diagnostic] = [error("SR001", words, span, label=words, hints=[words, Hint(words, span)])]
    texts = {span.file: line}
    as_json = json.dumps(render_json(found), ensure_ascii=False)
    for shown in (render_full(found, texts), render_concise(found), render_github(found), as_json):
        assert printable(shown) == shown
    assert render_concise(found).count("\n") == render_github(found).count("\n") == 1


def test_a_line_of_a_megabyte_is_cut_before_it_is_measured() -> None:
    line = "x" * 600_000 + "@Mira" + "y" * 600_000
    found: list[Diagnostic] = [error("SR104", "unknown", Span(FILE, 1, 600_001, 1, 600_006))]
    shown = render_full(found, {FILE: line}).splitlines()
    [excerpt] = [row for row in shown if "@Mira" in row]
    assert excerpt.index("@Mira") == next(row for row in shown if "^" in row).index("^")
    assert excerpt.count("…") == 2
    assert len(excerpt) < 200


def test_findings_that_differ_in_their_hints_alone_stay_as_they_came() -> None:
    found = [error("SR134", "same", Span(FILE, 1, 1, 1, 2), hints=[f"dub {name}"]) for name in "zyxwvutsrq"]
    assert in_order([*found, *found]) == tuple(found)
