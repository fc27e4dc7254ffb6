"""The schema that editors use says what `check` says, as far as a schema can."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from storyreel.board.reading.slots import LEVELS, slots
from storyreel.board.schema import storyboard_schema, storyboard_schema_text
from storyreel.board.vocabulary import STEERING, VOCABULARY
from tests.support.cases import BOARD, SUITE, load_cases

ROOT = Path(__file__).resolve().parents[2]
VALIDATOR = Draft7Validator(storyboard_schema())

SHOTS = "shots: [{duration: 4, prompt: A sea.}]"


def errors_in(yaml: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(YAML(typ="safe", pure=True).load(yaml))]


def board(scene: str = "", top: str = "") -> str:
    return f"storyreel: 1\n{top}\nscenes:\n  - {{id: a, {scene or SHOTS}}}\n"


def test_it_is_a_schema_of_draft_7() -> None:
    Draft7Validator.check_schema(storyboard_schema())


def test_the_file_in_the_repository_is_this_schema() -> None:
    assert (ROOT / "storyboard.schema.json").read_text(encoding="utf-8") == storyboard_schema_text()


def test_it_uses_nothing_that_editors_stumble_over() -> None:
    text = storyboard_schema_text()
    assert "prefixItems" not in text
    assert "$defs" not in text


def test_the_vocabulary_is_that_of_the_models() -> None:
    for model, level in LEVELS.items():
        assert set(VOCABULARY[level]) == set(slots(model)) | STEERING.get(level, frozenset()), level


def test_every_key_is_described_and_shown() -> None:
    for name, level in storyboard_schema()["definitions"].items():
        for key, entry in level.get("properties", {}).items():
            assert entry["description"], (name, key)
            assert entry["examples"], (name, key)


@pytest.mark.parametrize("level", sorted(set(VOCABULARY) - {"param"}))
def test_every_example_is_valid(level: str) -> None:
    definitions = storyboard_schema()["definitions"]
    for key, entry in definitions[level]["properties"].items():
        for value in entry["examples"]:
            rest = {name: body for name, body in entry.items() if name != "examples"}
            schema: dict[str, Any] = {**rest, "definitions": definitions}
            assert not list(Draft7Validator(schema).iter_errors(value)), (level, key, value)


@pytest.mark.parametrize("path", sorted([*ROOT.glob("storyboards/*.yaml"), *ROOT.glob("templates/*.yaml")]), ids=str)
def test_the_examples_are_valid(path: Path) -> None:
    assert errors_in(path.read_text(encoding="utf-8")) == []


def test_a_right_board_with_every_key_is_valid() -> None:
    (right,) = [case for case in load_cases(SUITE / "language.cases") if case.name == "everything-right"]
    assert errors_in(right.files[BOARD]) == []


@pytest.mark.parametrize(
    "yaml",
    [
        board(top="title: 1984\nx-mine: [anything]"),
        f"storyreel: 1\nscenes: [{{id: 7, {SHOTS}}}]\n",
        board("takes: '{{ n }}', speed: '{{ n }}', transition: '{{ t }}', " + SHOTS),
        board("shots: [{duration: '{{ n }}', prompt: 5, say: ['Mara: Hi', {Mara (low): Hi}, {who: Mara, line: 12}]}]"),
        board("shots: [{duration: 96f, prompt: A., text: [A, {super: B}], sfx: a.wav}]"),
        board(top="loudness: null\nbudget: 6\nfps: 24000/1001\ninclude: a.yaml"),
        board(top="variants: {axes: {a: data/a.csv, b: {c: {set: {tier: pro}}}}, only: a == 'x', skip: [{a: [x]}]}"),
        "storyreel: 1\nscenes:\n  - include: a.yaml\n  - {use: a, with: {n: 1}, id: b, when: n > 1}\n",
        "vars: {a: 1}\nelements: {Mara: {description: a}, x-note: b}\n",
        "params: {name: {required: true}, n: 5}\nscenes: [{id: a, still: {image: '{{ a }}', duration: '{{ n }}'}}]\n",
    ],
)
def test_good_files_pass(yaml: str) -> None:
    assert errors_in(yaml) == []


@pytest.mark.parametrize(
    "yaml",
    [
        "title: No version\nscenes: []\n",
        "storyreel: 2\nscenes: []\n",
        "storyreel: 1\n",
        board(top="langauge: en"),
        board(top="tier: premium"),
        board(top="cfg_scale: 7"),
        board(top="generate_audio: maybe"),
        board(top="reel: 1080x1350"),
        board(top="variants: {name: a}"),
        board("place: nowhere"),
        board(SHOTS + ", card: {title: A, duration: 2}"),
        board("shots: [{prompt: A.}]"),
        board("shots: [{duration: 4 seconds, prompt: A.}]"),
        board("shots: [{duration: 4, prompt: A., tier: pro}]"),
        board("shots: [{duration: 4, prompt: A., say: [Nobody speaks]}]"),
        board("shots: [{duration: 4, prompt: A., text: {super: A, legal: B}}]"),
        board("transition: crossfade 1, " + SHOTS),
        board("end: a.png, " + SHOTS),
        f"storyreel: 1\nscenes: [{{id: a b, {SHOTS}}}]\n",
        board("takes: 2.5, " + SHOTS),
        board("clip: {file: a.mp4, of: b/c}"),
        "storyreel: 1\nscenes: [{shots: [{duration: 4, prompt: A.}]}]\n",
        "elements: {Mara: {image: a.png, video: b.mp4}}\n",
    ],
)
def test_bad_files_do_not(yaml: str) -> None:
    assert errors_in(yaml) != []


def test_it_is_plain_json() -> None:
    assert json.loads(storyboard_schema_text()) == storyboard_schema()
