"""Boards become films: what is filled, placed, multiplied and shared."""

from __future__ import annotations

import pytest

from storyreel.base.diagnostic import Diagnostic
from storyreel.board.expand import BoardSource, ExpandedFilm, expand, open_board
from storyreel.board.load import place_in
from storyreel.board.node import Filled, Mapping, Node, Plain, Scalar, Sequence, plain, written
from storyreel.board.source import MemorySource

BOARD = "storyboards/trailer.yaml"


def opened(board: str, **files: bytes | str) -> BoardSource:
    source = MemorySource({BOARD: board, **files})
    checked = open_board(source, BOARD)
    assert checked.diagnostics == ()
    assert checked.value is not None
    return checked.value


def films(board: str, files: dict[str, bytes | str] | None = None, only: str | None = None) -> list[ExpandedFilm]:
    made: list[ExpandedFilm] = []
    for checked in expand(opened(board, **(files or {})), only):
        assert checked.diagnostics == ()
        assert checked.value is not None
        made.append(checked.value)
    return made


def film(board: str, files: dict[str, bytes | str] | None = None) -> ExpandedFilm:
    [one] = films(board, files)
    return one


def findings(board: str, files: dict[str, bytes | str] | None = None) -> list[Diagnostic]:
    checked = open_board(MemorySource({BOARD: board, **(files or {})}), BOARD)
    found = list(checked.diagnostics)
    for one in expand(checked.value) if checked.value is not None else ():
        found += one.diagnostics
    return found


def at(node: Node | None, *path: str | int) -> Node:
    for step in path:
        if isinstance(node, Mapping):
            node = node.get(str(step))
        elif isinstance(node, Sequence):
            assert isinstance(step, int)
            node = node.items[step]
    assert node is not None
    return node


def said(one: ExpandedFilm, *path: str | int) -> Plain:
    return plain(at(one.root, *path))


def ids(one: ExpandedFilm) -> list[Plain]:
    scenes = at(one.root, "scenes")
    assert isinstance(scenes, Sequence)
    return [plain(at(scene, "id")) for scene in scenes.items]


def test_a_board_without_variants_is_one_film_of_its_name() -> None:
    one = film("storyreel: 1\nvars: {ship: Halcyon}\ntitle: The {{ ship }}\nscenes: [{id: a}]\n")
    assert (one.name, one.board, one.is_variant, dict(one.axes)) == ("trailer", "trailer", False, {})
    assert plain(one.root) == {
        "storyreel": "1", "vars": {"ship": "Halcyon"}, "title": "The Halcyon", "scenes": [{"id": "a"}],
    }  # fmt: skip
    assert dict(one.context) == {"ship": "Halcyon"}


def test_what_holds_no_template_stays_the_same_object() -> None:
    board = opened("storyreel: 1\nvars: {n: 3}\nscenes:\n  - {id: a, note: as it is}\n  - {id: b, note: '{{ n }}'}\n")
    [checked] = expand(board)
    assert checked.value is not None
    scenes, before = at(checked.value.root, "scenes"), at(board.document.root, "scenes")
    assert at(scenes, 0) is at(before, 0)
    assert at(scenes, 1) is not at(before, 1)
    assert at(scenes, 1, "id") is at(before, 1, "id")


def test_comments_and_own_keys_are_left_alone() -> None:
    one = film("storyreel: 1\n# {{ nobody }}\nx-note: '{{ nobody }}'\nscenes: [{id: a, x-b: '{{ nobody }}'}]\n")
    assert at(one.root, "x-note") is at(one.root, "x-note")
    assert isinstance(at(one.root, "x-note"), Scalar)


def test_a_filled_leaf_knows_where_its_letters_were_written() -> None:
    text = 'storyreel: 1\nvars: {ship: Halcyon}\ntitle: "On the {{ ship }} with @Mira"\nscenes: []\n'
    leaf = at(film(text).root, "title")
    assert isinstance(leaf, Filled)
    assert leaf.text == "On the Halcyon with @Mira"
    mention = place_in(text, *written(leaf, leaf.text.index("@Mira"), len(leaf.text)))
    assert (mention.line, mention.column, mention.end_column) == (3, 32, 37)
    word = place_in(text, *written(leaf, 8, 10))
    assert (word.column, word.end_column) == (16, 26)


def test_what_fills_to_nothing_is_as_if_unwritten_but_a_name_is_a_name() -> None:
    one = film("storyreel: 1\nvars: {a: '', b: 'Null'}\nscenes: [{card: {price: '{{ a }}', title: '{{ b }}'}}]\n")
    assert said(one, "scenes", 0, "card") == {"price": None, "title": "Null"}


def test_vars_keep_their_spelling_and_reckon() -> None:
    one = film(
        "storyreel: 1\n"
        "vars: {n: 01, price: 29.90, double: '{{ price * 2 }}', sum: '{{ double + n }}', quoted: '5'}\n"
        "title: '{{ n }} {{ price }} {{ double }} {{ sum }} {{ quoted ~ n }}'\nscenes: []\n"
    )
    assert said(one, "title") == "01 29.90 59.80 60.80 501"


def test_scene_and_shot_words_hold_below_them() -> None:
    one = film(
        "storyreel: 1\nvars: {mood: calm}\nscenes:\n"
        "  - {id: a, vars: {mood: wild}, place: '{{ mood }}', shots: [{vars: {n: 2}, prompt: '{{ mood }} {{ n }}'}]}\n"
        "  - {id: b, place: '{{ mood }}'}\n"
    )
    assert said(one, "scenes", 0, "place") == "wild"
    assert said(one, "scenes", 0, "shots", 0, "prompt") == "wild 2"
    assert said(one, "scenes", 1, "place") == "calm"


@pytest.mark.parametrize(
    ("when", "stays"),
    [("price", False), ("not price", True), ("name == 'Ember'", True), ("true", True), ("1 > 2", False)],
)
def test_when_drops_a_scene(when: str, stays: bool) -> None:
    one = film(f"storyreel: 1\nvars: {{price: '', name: Ember}}\nscenes: [{{id: a, when: {when}}}, {{id: b}}]\n")
    assert ids(one) == (["a", "b"] if stays else ["b"])
    assert "when" not in str(plain(one.root))


class TestFragments:
    def test_are_declared_before_the_board_in_reading_order(self) -> None:
        one = film(
            "storyreel: 1\ninclude: [cast/keepers.yaml]\nvars: {title: 'Of {{ town }}'}\n"
            "elements: {Ivo: {description: boy}}\nscenes: [{id: own, note: '{{ title }}'}]\n",
            {
                "cast/keepers.yaml": "# the keepers\ninclude: [brand/words.yaml]\n"
                "elements: {Mara: {description: 'from {{ town }}'}}\nscenes: [{id: first}]\n",
                "brand/words.yaml": "vars: {town: Brest}\n",
            },
        )
        assert said(one, "elements") == {"Mara": {"description": "from Brest"}, "Ivo": {"description": "boy"}}
        assert said(one, "vars") == {"town": "Brest", "title": "Of Brest"}
        assert ids(one) == ["first", "own"]
        assert said(one, "scenes", 1, "note") == "Of Brest"
        assert "include" not in one.root

    def test_reached_twice_count_once(self) -> None:
        one = film(
            "storyreel: 1\ninclude: [a.yaml, b.yaml]\nscenes: []\n",
            {
                "a.yaml": "include: [common.yaml]\nvars: {a: 1}\n",
                "b.yaml": "include: [./common.yaml]\nvars: {b: 2}\n",
                "common.yaml": "vars: {c: 3}\nelements: {Mara: {description: x}}\nscenes: [{id: once}]\n",
            },
        )
        assert ids(one) == ["once"]

    def test_stand_in_place_with_their_words_and_elements(self) -> None:
        one = film(
            "storyreel: 1\nvars: {act: two}\nscenes:\n  - {id: a}\n  - include: acts/{{ act }}.yaml\n  - {id: z}\n",
            {
                "acts/two.yaml": "vars: {wind: west}\nelements: {Ivo: {description: boy}}\n"
                "scenes:\n  - {id: b, note: '{{ wind }}'}\n  - {include: acts/three.yaml, when: act == 'two'}\n",
                "acts/three.yaml": "scenes: [{id: c, note: '{{ wind }}'}]\n",
            },
        )
        assert ids(one) == ["a", "b", "c", "z"]
        assert said(one, "scenes", 2, "note") == "west"
        assert said(one, "elements") == {"Ivo": {"description": "boy"}}

    def test_are_among_the_files_to_watch_even_when_missing(self) -> None:
        source = MemorySource({BOARD: "storyreel: 1\ninclude: [gone.yaml]\nscenes: [{use: shot}]\n"})
        board = open_board(source, BOARD).value
        assert board is not None
        list(expand(board))
        assert source.reads() >= {BOARD, "gone.yaml", "templates/shot.yaml"}


SHOT = """\
params:
  subject: {required: true}
  seconds: 5
  mood: {default: "calm {{ ship }}"}
scenes:
  - id: only
    when: seconds > 1
    shots: [{duration: "{{ seconds }}", prompt: "{{ subject }}, {{ mood }}"}]
"""
PAIR = """\
params: {name: ""}
scenes:
  - {id: far, transition: fade 1, note: "{{ name }}", shots: []}
  - {id: near, start: far@last, end: storm@last, shots: []}
"""


FILES: dict[str, bytes | str] = {"templates/shot.yaml": SHOT, "templates/sets/pair.yaml": PAIR}


class TestSceneTemplates:
    def placed(self, scenes: str) -> ExpandedFilm:
        return film(f"storyreel: 1\nvars: {{ship: Halcyon, which: shot}}\nscenes:\n{scenes}", FILES)

    def test_are_filled_by_with_and_by_defaults(self) -> None:
        one = self.placed("  - {use: '{{ which }}', with: {subject: 'the {{ ship }}', seconds: 4}}\n")
        assert said(one, "scenes") == [
            {"id": "only", "shots": [{"duration": "4", "prompt": "the Halcyon, calm Halcyon"}]}
        ]

    def test_one_scene_takes_the_id_of_its_use(self) -> None:
        one = self.placed("  - {id: a, use: shot, with: {subject: x}}\n  - {id: b, use: shot, with: {subject: y}}\n")
        assert ids(one) == ["a", "b"]

    def test_several_scenes_carry_it_in_front_and_follow_each_other(self) -> None:
        one = self.placed("  - {id: storm, shots: []}\n  - {id: v, use: sets/pair}\n")
        assert ids(one) == ["storm", "v-far", "v-near"]
        assert said(one, "scenes", 2, "start") == "v-far@last"
        assert said(one, "scenes", 2, "end") == "storm@last"

    def test_without_an_id_the_inner_ones_stay_and_tell_where_they_were_placed(self) -> None:
        one = self.placed("  - {use: sets/pair}\n  - {use: sets/pair}\n")
        assert ids(one) == ["far", "near", "far", "near"]
        assert [at(one.root, "scenes", i, "id").span.line for i in (0, 2)] == [4, 5]

    def test_further_keys_are_laid_over_the_placed_scenes(self) -> None:
        one = self.placed(
            "  - {use: sets/pair, tier: pro, transition: dissolve 0.5, vars: {hue: red}, with: {name: '{{ hue }}'}}\n"
        )
        assert said(one, "scenes", 0, "transition") == "dissolve 0.5"
        assert said(one, "scenes", 0, "note") == "red"
        assert [said(one, "scenes", i, "tier") for i in (0, 1)] == ["pro", "pro"]
        assert "transition" not in str(said(one, "scenes", 1))

    def test_may_be_dropped_by_a_param(self) -> None:
        assert self.placed("  - {use: shot, with: {subject: x, seconds: 1}}\n").root.get("scenes") is not None
        assert ids(self.placed("  - {use: shot, with: {subject: x, seconds: 1}}\n")) == []

    def test_may_use_others(self) -> None:
        files = {**FILES, "templates/outer.yaml": "scenes:\n  - {id: in, use: sets/pair}\n  - {id: last}\n"}
        one = film("storyreel: 1\nscenes:\n  - {id: x, use: outer}\n", files)
        assert ids(one) == ["x-in-far", "x-in-near", "x-last"]
        assert said(one, "scenes", 1, "start") == "x-in-far@last"


AD = """\
storyreel: 1
title: "{{ product.name }}: {{ copy.line }}"
reel: {fit: crop}
tables: {copy: {file: data/copy.csv, by: [product, lang]}}
variants:
  axes:
    product: data/products.csv
    lang: {en: {hook: "Late, {{ product.name }}?"}, de: {hook: Spät?}}
    aspect: {wide: {set: {aspect_ratio: "16:9"}}, tall: {set: {aspect_ratio: "9:16", reel: {size: 1080x1350}}}}
scenes:
  - {id: same, shots: [{prompt: A tap drips.}]}
  - {id: hook, card: {title: "{{ lang.hook }}"}}
  - {id: demo, shots: [{prompt: "{{ product.look }}"}]}
  - {id: buy, when: product.price, card: {price: "{{ product.price }}"}}
"""
DATA: dict[str, bytes | str] = {
    "data/products.csv": b'\xef\xbb\xbfid;name;look;price\r\n01;Ember;"copper; warm";29.90\r\nfjord;Fjord;steel;\r\n',
    "data/copy.csv": "lang,product,line\nen,01,Hot\nde,01,Heiß\nen,fjord,Cold\nde,fjord,Kühl\n",
}


class TestVariants:
    def test_are_a_cross_product_with_the_last_axis_fastest(self) -> None:
        made = films(AD, DATA)
        assert [one.name for one in made] == [
            "01-en-wide", "01-en-tall", "01-de-wide", "01-de-tall",
            "fjord-en-wide", "fjord-en-tall", "fjord-de-wide", "fjord-de-tall",
        ]  # fmt: skip
        assert dict(made[1].axes) == {"product": "01", "lang": "en", "aspect": "tall"}
        assert all(one.is_variant and one.board == "trailer" for one in made)

    def test_values_are_plain_columns_in_their_own_spelling(self) -> None:
        made = films(AD, DATA)
        assert said(made[0], "title") == "Ember: Hot"
        assert said(made[6], "title") == "Fjord: Kühl"
        assert said(made[0], "scenes", 2, "shots", 0, "prompt") == "copper; warm"
        assert said(made[0], "scenes", 3, "card", "price") == "29.90"
        assert said(made[0], "scenes", 1, "card", "title") == "Late, Ember?"

    def test_an_empty_cell_is_false(self) -> None:
        made = films(AD, DATA)
        assert [len(ids(one)) for one in made] == [4, 4, 4, 4, 3, 3, 3, 3]

    def test_set_goes_into_the_boards_keys(self) -> None:
        wide, tall = films(AD, DATA)[:2]
        assert (said(wide, "aspect_ratio"), said(wide, "reel")) == ("16:9", {"fit": "crop"})
        assert (said(tall, "aspect_ratio"), said(tall, "reel")) == ("9:16", {"fit": "crop", "size": "1080x1350"})

    def test_equal_scenes_are_one_object_in_all_films(self) -> None:
        made = films(AD, DATA)
        kinds = [len({id(at(one.root, "scenes", i)) for one in made}) for i in range(3)]
        assert kinds == [1, 3, 2]
        assert len({id(one.root.get("scenes")) for one in made}) == 4

    def test_are_narrowed_by_a_glob(self) -> None:
        assert [one.name for one in films(AD, DATA, only="*-de-*")] == [
            "01-de-wide", "01-de-tall", "fjord-de-wide", "fjord-de-tall",
        ]  # fmt: skip
        assert films(AD, DATA, only="nothing") == []

    @pytest.mark.parametrize(
        ("trim", "names"),
        [
            ("only: {lang: en, aspect: wide}", ["01-en-wide", "fjord-en-wide"]),
            ("only: product.price and lang.id == 'de'", ["01-de-wide", "01-de-tall"]),
            ("only: {product: [fjord]}\n  skip: [{lang: de}, {aspect: tall}]", ["fjord-en-wide"]),
            ("only: [{lang: de, aspect: tall}, product.id == '01' and aspect.id == 'tall']",
             ["01-en-tall", "01-de-tall", "fjord-de-tall"]),
            ("skip: product.price or lang.hook == 'Spät?'", ["fjord-en-wide", "fjord-en-tall"]),
        ],
    )  # fmt: skip
    def test_are_trimmed_by_only_and_then_skip(self, trim: str, names: list[str]) -> None:
        assert [one.name for one in films(AD.replace("scenes:", f"  {trim}\nscenes:", 1), DATA)] == names

    def test_are_named_by_a_template(self) -> None:
        text = AD.replace("scenes:", "  name: '{{ copy.line | slug }}-{{ aspect.id }}'\nscenes:", 1)
        assert [one.name for one in films(text, DATA)][:3] == ["hot-wide", "hot-tall", "heiss-wide"]

    def test_tables_may_be_yaml_and_chosen_by_vars(self) -> None:
        one = film(
            "storyreel: 1\nvars: {ship: Halcyon}\n"
            "tables: {copy: {file: d.yaml, by: [lang, ship]}, plain: {file: e.yaml, by: lang}}\n"
            "variants: {axes: {lang: langs.yaml}}\ntitle: '{{ copy.line }} {{ plain.a.b }}'\nscenes: []\n",
            {
                "d.yaml": "# copy\nde: {Halcyon: {line: Licht}}\n",
                "e.yaml": "de: {a: {b: 01}}\n",
                "langs.yaml": "de: {name: Deutsch, set: {language: de}}\n",
            },
        )
        assert (one.name, said(one, "title"), said(one, "language")) == ("de", "Licht 01", "de")

    def test_vars_may_use_the_tables_of_axes(self) -> None:
        text = AD.replace("\nreel:", "\nvars: {shout: '{{ copy.line }}!'}\nreel:").replace('copy.line }}"', 'shout }}"')
        assert said(films(text, DATA)[0], "title") == "Ember: Hot!"

    def test_a_missing_row_matters_only_where_it_is_used(self) -> None:
        text = AD.replace(": {{ copy.line }}", "").replace("when: product.price", "when: lang.id == 'en'")
        text = text.replace("{{ product.price }}", "{{ copy.line }}")
        made = films(text, {**DATA, "data/copy.csv": "lang,product,line\nen,01,Hot\nen,fjord,Cold\n"})
        assert len(made) == 8
