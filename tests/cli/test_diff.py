"""`diff` as a user and a workflow meet it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.project import SMALL, Folder
from tests.support.repository import Repository


@pytest.fixture
def project(tmp_path: Path) -> Folder:
    """One board, committed."""
    folder = Folder.with_board(tmp_path)
    Repository.at(tmp_path).commit()
    return folder


def document(folder: Folder, *words: str) -> Any:
    ran = folder.run("diff", *words, "--json")
    assert ran.code == 0, ran.err
    return ran.json


def test_nothing_differs(project: Folder) -> None:
    ran = project.run("diff", "--exit-code")
    assert (ran.code, ran.out.startswith("nothing differs from HEAD (")) == (0, True)
    found = document(project)
    assert (found["differs"], found["boards"], found["total_usd"]) == (False, [], "0.00")
    assert project.run("diff", "--format", "github").out.startswith("<!-- storyreel diff -->")


def test_one_word_is_one_scene_its_words_and_its_price(project: Folder) -> None:
    project.edit("A ship turns", "A boat turns")
    ran = project.run("diff")
    assert ran.code == 0
    assert "shots.1.prompt  A [-ship-]{+boat+} turns for shore" in ran.out
    assert "1 take to make at fal, 0.38 USD" in ran.out
    assert "sea" not in ran.out
    found = document(project)
    (scene,) = found["boards"][0]["scenes"]
    assert (scene["scene"], scene["kinds"], scene["cost_usd"]) == ("pier", ["changed"], "0.378")
    assert scene["changes"] == [
        {
            "field": "shots.1.prompt", "old": "A ship turns for shore", "new": "A boat turns for shore",
            "inherited": False, "file": "storyboards/film.yaml", "line": 10, "column": 61,
        }
    ]  # fmt: skip
    assert (found["requests"], found["total_usd"]) == (1, "0.378")


def test_the_exit_code_tells_a_script_only_where_it_is_asked_to(project: Folder) -> None:
    project.edit("A ship turns", "A boat turns")
    assert project.run("diff").code == 0
    assert project.run("diff", "--exit-code").code == 1


def test_the_bill_is_that_of_who_is_asked(project: Folder) -> None:
    project.edit("A ship turns", "A boat turns")
    assert document(project, "HEAD", "--provider", "lumenfall")["provider"] == "lumenfall"
    project.write("storyreel.toml", "[providers.fal.price_per_second]\nstandard = {silent = 1, audio = 2}\n")
    assert document(project)["total_usd"] == "6.00"
    assert project.run("diff", "--provider", "fall").code == 2


def test_against_an_older_revision_and_a_board_that_is_new(project: Folder) -> None:
    project.write("storyboards/more.yaml", SMALL.replace("fog", "sun"))
    Repository(project.root).commit()
    found = document(project, "HEAD~1")
    assert [(board["board"], board["status"]) for board in found["boards"]] == [("storyboards/more.yaml", "added")]
    assert [scene["kinds"] for scene in found["boards"][0]["scenes"]] == [["added"]] * 3
    # Its sea is the other board's: that is not bought for this one.
    assert found["total_usd"] == "0.378"
    (project.root / "storyboards" / "more.yaml").unlink()
    gone = document(project, "HEAD", "more")
    assert [(board["status"], board["cost_usd"]) for board in gone["boards"]] == [("removed", "0.00")]


def test_a_renamed_board_is_not_bought_again(project: Folder) -> None:
    (project.root / "storyboards/film.yaml").rename(project.root / "storyboards/reel.yaml")
    found = document(project)
    assert {board["status"] for board in found["boards"]} == {"added", "removed"}
    assert found["total_usd"] == "0.00"


def test_a_board_that_was_broken_is_told_with_a_note(project: Folder) -> None:
    project.edit("duration: 3", "duration: soon")
    Repository(project.root).commit()
    project.edit("duration: soon", "duration: 3")
    found = document(project)
    assert "had errors at HEAD" in found["notes"][0]
    project.edit("duration: 3", "duration: soon")
    ran = project.run("diff", "--json")
    assert (ran.code, ran.json["total_usd"], bool(ran.json["diagnostics"])) == (1, None, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "git knows no revision nowhere"),
        (["film"], "storyreel diff HEAD film"),
        (["HEAD", "nofilm"], "no board nofilm, now or then (boards: storyboards/film.yaml)"),
        (["--format", "html"], "html"),
    ],
)
def test_a_wrong_call_exits_2_and_says_what_would_be_right(project: Folder, words: list[str], said: str) -> None:
    ran = project.run("diff", *words)
    assert ran.code == 2
    assert said in ran.err


def test_outside_a_repository(tmp_path: Path) -> None:
    ran = Folder.with_board(tmp_path).run("diff", env={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
    assert (ran.code, "is not in a git repository" in ran.err) == (2, True)


def test_a_comment_reads_no_word_of_an_author_as_markup(project: Folder) -> None:
    project.edit("A ship turns for shore", "'</pre><script>`x` @Mara | [a](http://b) turns for shore'")
    text = project.run("diff", "--format", "github").out
    assert "### Storyboards: 0.38 USD" in text
    assert "| pier | changed: shots.1.prompt | 3 s | 0.38 USD |" in text
    assert "<script>" not in text
    assert text.count("</pre>") == 1
    assert "<del>A ship</del><ins>&lt;/pre&gt;&lt;script&gt;`x` @Mara | [a](http://b)</ins> turns" in text


def test_a_comment_stays_below_what_is_accepted(project: Folder) -> None:
    prompts = [" ".join(f"w{n}x{i}" for i in range(300)) for n in range(40)]
    scenes = [f"  - {{id: s{n}, shots: [{{duration: 3, prompt: {text}}}]}}\n" for n, text in enumerate(prompts)]
    project.write("storyboards/long.yaml", "storyreel: 1\ntitle: Long\nscenes:\n" + "".join(scenes))
    Repository(project.root).commit()
    project.edit("x", "y", "storyboards/long.yaml")
    text = project.run("diff", "--format", "github").out
    assert 20_000 < len(text) < 65_536
    assert "more changes: run storyreel diff" in text
    assert text.rstrip().endswith("</details>")
