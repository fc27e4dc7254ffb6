"""`compile`, and who may be named as a provider."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.plan.schemas import assert_fits
from tests.support.pipeline import ROOT
from tests.support.project import Folder

KINDS = {"fal": "fal", "replicate": "replicate", "lumenfall": "openai-videos"}


@pytest.fixture
def project(tmp_path: Path) -> Folder:
    return Folder.with_board(tmp_path)


def requests(folder: Folder, *words: str) -> list[dict[str, Any]]:
    ran = folder.run("compile", *words)
    assert ran.code == 0, ran.err
    found: list[dict[str, Any]] = ran.json["requests"]
    return found


@pytest.mark.parametrize("provider", KINDS)
@pytest.mark.parametrize(("board", "count"), [("last_lamp", 4), ("bottle_ad", 6), ("paper_boat", 6)])
def test_the_examples_fit_the_published_schemas(board: str, count: int, provider: str) -> None:
    found = requests(Folder(ROOT), board, "--provider", provider)
    assert len(found) == count
    assert list(found[0]) == [
        "key", "films", "scene", "part", "take", "provider", "endpoint", "method", "url", "body", "seconds", "cost_usd",
        "notes",
    ]  # fmt: skip
    for row in found:
        assert_fits(KINDS[provider], row["endpoint"], row["body"])
        assert all(set(note) == {"param", "treatment", "detail"} for note in row["notes"])


def test_without_a_provider_it_is_the_first_that_is_paid(project: Folder) -> None:
    assert {row["provider"] for row in requests(project, "film")} == {"fal"}
    project.write("storyreel.toml", '[render]\nprovider = ["animatic", "replicate"]\n')
    (first, _) = requests(project, "film")
    assert first["url"] == "https://api.replicate.com/v1/models/kwaivgi/kling-v3-video/predictions"
    assert list(first["body"]) == ["input"]


def test_keys_are_the_same_everywhere(project: Folder) -> None:
    keys = {tuple(row["key"] for row in requests(project, "film", "--provider", name)) for name in KINDS}
    assert len(keys) == 1


def test_an_animatic_sends_nothing(project: Folder) -> None:
    ran = project.run("compile", "film", "--provider", "animatic")
    assert (ran.code, ran.out) == (2, "")
    assert "sends no request" in ran.err


@pytest.mark.parametrize("command", ["plan", "render", "compile"])
def test_an_unknown_provider_is_refused_with_those_known(project: Folder, command: str) -> None:
    project.write(
        "storyreel.toml", '[providers.mybox]\nkind = "openai-videos"\nbase_url = "http://127.0.0.1:8000/v1"\n'
    )
    ran = project.run(command, "film", "--provider", "fall")
    assert ran.code == 2
    assert "did you mean fal? (known: animatic, fal, replicate, lumenfall, mybox)" in ran.err
    assert project.run("plan", "film", "--provider", "mybox").code == 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("[providers.mybox]", "needs a `kind`"),
        ('[providers.mybox]\nkind = "soap"', "soap is none of fal, replicate, openai-videos"),
        ('[providers.mybox]\nkind = "openai-videos"', "needs a `base_url`"),
        ('[providers.mybox]\nkind = "openai-videos"\nbase_url = "http://x"\ndialect = "x"', "x is none of litellm"),
        ('[providers.mybox]\nkind = "fal"\nkey_env = "a b"', "key_env"),
    ],
)
def test_settings_that_say_too_little_are_refused(project: Folder, settings: str, said: str) -> None:
    project.write("storyreel.toml", settings)
    ran = project.run("compile", "film", "--provider", "mybox")
    assert ran.code == 2
    assert said in ran.err


def test_settings_change_addresses_prices_and_keys(project: Folder) -> None:
    project.write(
        "storyreel.toml",
        '[providers.fal]\nqueue_url = "http://127.0.0.1:9/q/"\nkey_env = "MY_FAL"\n'
        "[providers.fal.price_per_second]\nstandard = {silent = 0.1, audio = 0.2}\n"
        '[providers.2nd]\nkind = "replicate"\nbase_url = "http://127.0.0.1:9/r"\n'
        '[providers.box]\nkind = "openai-videos"\nbase_url = "http://127.0.0.1:9/v1"\ndialect = "sglang"\n',
    )
    (fal, _) = requests(project, "film", "--provider", "fal")
    assert fal["url"] == "http://127.0.0.1:9/q/fal-ai/kling-video/v3/standard/text-to-video"
    assert (fal["seconds"], fal["cost_usd"]) == (3, "0.60")
    assert '"Authorization: Key $MY_FAL"' in project.run("compile", "film", "--provider", "fal", "--as", "curl").out
    (second, _) = requests(project, "film", "--provider", "2nd")
    assert (second["url"].startswith("http://127.0.0.1:9/r/models/"), second["cost_usd"]) == (True, "0.378")
    assert "$_2ND_KEY" in project.run("compile", "film", "--provider", "2nd", "--as", "curl").out
    (box, _) = requests(project, "film", "--provider", "box")
    assert (box["url"], box["body"]["seconds"], box["cost_usd"]) == ("http://127.0.0.1:9/v1/videos", 3, None)


@pytest.mark.parametrize("form", ["json", "curl", "python", "js"])
def test_every_form_is_printed_and_a_broken_board_is_not(project: Folder, form: str) -> None:
    assert project.run("compile", "film", "--as", form).code == 0
    project.edit("duration: 3", "duration: soon")
    assert project.run("compile", "film", "--as", form).code == 1


def test_it_is_told_before_anything_is_spent(project: Folder) -> None:
    project.edit("title: Small\n", "title: Small\ncfg_scale: 0.7\n")
    ran = project.run("compile", "film", "--provider", "replicate")
    assert ran.code == 1
    assert [row["code"] for row in json.loads(ran.out)["diagnostics"]] == ["SR311"]
    project.write("storyreel.toml", '[render]\non_loss = "warn"\n')
    ran = project.run("compile", "film", "--provider", "replicate")
    assert (ran.code, "SR311" in ran.err) == (0, True)


def test_only_the_films_that_are_asked_for() -> None:
    found = requests(Folder(ROOT), "bottle_ad", "--film", "ember-de-*")
    assert {film for row in found for film in row["films"]} == {"ember-de-wide", "ember-de-tall"}
