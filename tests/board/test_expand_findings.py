"""What templates, variants and cells are told about, each once and at its place."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.base.diagnostic import Diagnostic
from storyreel.base.span import Span
from storyreel.board.check import check
from storyreel.board.expand import expand, open_board
from storyreel.board.parts.cells import read_csv
from storyreel.board.source import MemorySource
from storyreel.board.variants import is_safe
from tests.board.test_expand import AD, BOARD, DATA, findings


class TestFindings:
    def test_of_a_broken_table_do_not_breed(self) -> None:
        found = findings(AD, {**DATA, "data/products.csv": b"id,name\xff\n"})
        assert [(d.code, d.span.file) for d in found] == [("SR231", "data/products.csv")]

    def test_hold_for_all_films_once_or_name_one(self) -> None:
        text = AD.replace("A tap drips.", "'{{ tap }}'").replace("lang.hook }}", "lang.hook }} {{ lang.word }}")
        text = text.replace("hook: Spät?", "hook: Spät?, word: x")
        found = {d.code: d for d in findings(text, DATA)}
        assert set(found) == {"SR203", "SR204"}
        assert "in the film" not in str(found["SR203"].hints)
        assert found["SR204"].hints[-1].text == "in the film `01-en-wide` and 3 more"

    def test_are_the_same_objects_in_every_film_that_has_them(self) -> None:
        board = open_board(MemorySource({BOARD: AD.replace("A tap drips.", "'{{ tap }}'"), **DATA}), BOARD).value
        assert board is not None
        assert len({checked.diagnostics for checked in expand(board)}) == 1

    def test_too_many_films_are_counted_before_any_is_composed(self) -> None:
        rows = "".join(f"p{i}\n" for i in range(101))
        text = "storyreel: 1\nvariants: {axes: {a: a.csv, b: b.csv}}\nscenes: [{id: '{{ nobody }}'}]\n"
        found = findings(text, {"a.csv": "id\n" + rows, "b.csv": "id\n" + rows})
        assert [d.code for d in found if d.code != "SR203"] == ["SR245"]
        assert "10,201" in next(d.message for d in found if d.code == "SR245")
        rows *= 4
        found = findings(text, {"a.csv": "id\n" + "".join(f"{i}\n" for i in range(400)), "b.csv": "id\n" + rows})
        assert "SR245" in {d.code for d in found}

    @pytest.mark.parametrize("last", ["{id: a}", ""])
    def test_scenes_cannot_multiply_without_end(self, last: str) -> None:
        files: dict[str, bytes | str] = {
            f"templates/t{i}.yaml": "scenes: [" + f"{{use: t{i + 1}}}, " * 20 + "]\n" for i in range(5)
        }
        files["templates/t5.yaml"] = f"scenes: [{last}]\n"
        assert [d.code for d in findings("storyreel: 1\nscenes: [{use: t0}]\n", files)] == ["SR207"]

    def test_scenes_of_all_films_are_counted_too(self) -> None:
        rows = "id\n" + "".join(f"{i}\n" for i in range(120))
        scenes = "".join(f"  - {{id: s{i}}}\n" for i in range(4_500))
        text = f"storyreel: 1\nvariants: {{axes: {{a: a.csv}}}}\nscenes:\n{scenes}"
        assert [(d.code, d.span.line) for d in findings(text, {"a.csv": rows})] == [("SR207", 4)]

    def test_files_cannot_be_hoarded(self) -> None:
        big = "vars: {" + ", ".join(f"w{i}: 1" for i in range(3)) + "}\n" + "# padding\n" * 100_000
        files: dict[str, bytes | str] = {f"f{i}.yaml": big.replace("w", f"w{i}_") for i in range(12)}
        includes = ", ".join(files)
        found = findings(f"storyreel: 1\ninclude: [{includes}]\nscenes: []\n", files)
        assert {d.code for d in found} == {"SR208"}

    def test_arithmetic_cannot_be_hoarded(self) -> None:
        word = "{{ " + "~".join(["w|replace('a','b')"] * 40) + " }}"
        scenes = "".join(f'  - {{id: s{i}, note: "{word}"}}\n' for i in range(400))
        text = f"storyreel: 1\nvars: {{w: '{'a' * 1500}'}}\nscenes:\n{scenes}"
        found = findings(text.replace("w|", "(w*40)|").replace("~", " and "))
        assert {d.code for d in found} == {"SR206"}

    def test_nor_in_the_expressions_that_trim(self) -> None:
        rows = "id\n" + "".join(f"{i}\n" for i in range(300))
        costly = " or ".join(["('a' * 60000)|replace('b', 'c')|length == 1"] * 30)
        text = f'storyreel: 1\nvariants: {{axes: {{a: a.csv, b: a.csv}}, skip: "{costly}"}}\nscenes: []\n'
        assert {d.code for d in findings(text, {"a.csv": rows})} == {"SR206", "SR245"}


@pytest.mark.parametrize("name", ["a", "01-en", "Größe_2.5", "_x", "9"])
def test_names_fit_for_files(name: str) -> None:
    assert is_safe(name)


@pytest.mark.parametrize("name", ["", ".a", "-a", "a.", "a/b", "a b", "..", "a\x00", "con", "NUL.x", "ä" * 51, "a\n"])
def test_names_unfit_for_files(name: str) -> None:
    assert not is_safe(name)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=8), min_size=2, max_size=4),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([",", ";"]),
)
def test_cells_are_read_as_spreadsheets_write_them(rows: list[list[str]], separator: str) -> None:
    head = ["id", "name"]
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([head, *rows])
    found: list[Diagnostic] = []
    records = read_csv(out.getvalue(), "t.csv", found)
    assert found == []
    assert [[cell.text for cell in record.cells] for record in records] == [head, *rows]


def test_a_film_knows_its_holes() -> None:
    text = "storyreel: 1\ntitle: On the {{ shp }} and off\nstyle: '{{ a b }}'\nscenes: []\n"
    board = open_board(MemorySource({BOARD: text}), BOARD).value
    assert board is not None
    [checked] = expand(board)
    assert checked.value is not None
    braces = [hole.braces for hole in checked.value.holes]
    assert [(span.line, span.column, span.end_column) for span in braces] == [(2, 15, 24), (3, 9, 18)]
    assert checked.value.hides(Span(BOARD, 2, 8, 2, 32))
    assert not checked.value.hides(Span(BOARD, 2, 25, 2, 28))
    assert not checked.value.hides(Span(BOARD, 1, 1, 4, 11))


def test_what_could_not_be_filled_is_reported_once() -> None:
    text = """\
storyreel: 1
cfg_scale: "{{ nope }}"
scenes:
  - id: "{{ nope }}"
    takes: "{{ nope }}"
    transition: "{{ nope }}"
    shots: [{duration: "{{ nope }}", prompt: "@Mira and {{ nope }}", say: ["{{ nope }}: hello"], camra: wide}]
"""
    source = MemorySource({BOARD: text})
    board = open_board(source, BOARD).value
    assert board is not None
    [expanded] = expand(board)
    assert expanded.value is not None
    assert {d.code for d in expanded.diagnostics} == {"SR203"}
    found = check(expanded.value, source).diagnostics
    assert [(d.code, d.span.column) for d in found] == [("SR104", 47), ("SR101", 98)]


def every_code(text: str, files: dict[str, bytes | str]) -> list[str]:
    source = MemorySource({BOARD: text, **files})
    board = open_board(source, BOARD).value
    assert board is not None
    [expanded] = expand(board)
    assert expanded.value is not None
    return [d.code for d in (*expanded.diagnostics, *check(expanded.value, source).diagnostics)]


def test_what_a_template_lacks_is_reported_once_in_a_board_without_templates() -> None:
    files: dict[str, bytes | str] = {
        "templates/one.yaml": """\
params: {name: {required: true}}
scenes: [{id: "shot-{{ name }}", shots: [{duration: "{{ name }}", prompt: "{{ name }} turns"}]}]
"""
    }
    files["templates/two.yaml"] = str(files["templates/one.yaml"]).replace("]}]\n", "]}, {id: '{{ name }}'}]\n")
    assert every_code("storyreel: 1\nscenes: [{use: one}]\n", files) == ["SR221"]
    assert every_code("storyreel: 1\nscenes: [{id: a, use: two}]\n", files) == ["SR221", "SR113"]


def test_too_many_scenes_are_reported_once() -> None:
    files: dict[str, bytes | str] = {
        "templates/a.yaml": "scenes: [" + "{use: b}, " * 100 + "]\n",
        "templates/b.yaml": "scenes: [" + "{id: x, card: {title: x, duration: 1}}, " * 51 + "]\n",
    }
    codes = every_code("storyreel: 1\nscenes: [{use: a}]\n", files)
    assert [code for code in codes if code != "SR110"] == ["SR207"]


@pytest.mark.parametrize("braces", ["{{ x }}" * 2_500 + "{{ }}", "{% if 1 %}" * 40_000, "{{ x " * 90_000])
def test_braces_by_the_thousand_are_one_hole(braces: str) -> None:
    source = MemorySource({BOARD: f"storyreel: 1\ntitle: '{braces}'\nscenes: []\n"})
    board = open_board(source, BOARD).value
    assert board is not None
    began = time.process_time()
    [expanded] = expand(board)
    assert expanded.value is not None
    assert len(expanded.value.holes) == 1
    assert time.process_time() - began < 20
