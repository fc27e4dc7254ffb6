"""Every command as a user meets it: results on standard output, exit codes as promised, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from storyreel.render.hold import hold
from tests.support.project import EXE, Folder, Ran


@pytest.fixture
def project(tmp_path: Path) -> Folder:
    return Folder.with_board(tmp_path)


COMMANDS = [
    "init",
    "check",
    "fmt",
    "compile",
    "plan",
    "render",
    "retake",
    "watch",
    "explain",
    "diff",
    "takes",
    "pick",
    "release",
    "export",
    "jobs",
    "providers",
    "store",
    "schema",
    "doctor",
    "completion",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(project: Folder, command: str) -> None:
    assert project.run(command, "--help").code == 0


def test_the_help_page_that_is_kept_ready_is_the_one_that_would_be_made(project: Folder) -> None:
    """`make schema` writes it anew."""
    made = "from storyreel.cli.app import app; app(['--help'], prog_name='storyreel')"
    command = [sys.executable, "-c", made]
    env = os.environ | {"COLUMNS": "80"}
    fresh = subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout
    assert project.run("--help").out == fresh
    assert project.run("--help", env={"COLUMNS": "50"}).out != fresh


@pytest.mark.parametrize("words", [["plan", "film", "--json"], ["check", "film", "-q"], ["plan"]])
def test_a_start_of_the_program_says_what_a_fork_says(project: Folder, words: list[str]) -> None:
    """All other tests run `storyreel` in a fork of a process that has loaded it."""
    started = subprocess.run([EXE, *words], cwd=project.root, capture_output=True, text=True, check=False)
    assert Ran(started.returncode, started.stdout, started.stderr) == project.run(*words)


def test_version(project: Folder) -> None:
    assert project.run("--version").out.startswith("storyreel 0.")


WRONG = [
    ["no-such-command"],
    ["plan"],
    ["plan", "nowhere"],
    ["render", "film", "--scene", "peer"],
    ["--project", "gone", "check"],
]


@pytest.mark.parametrize("words", WRONG)
def test_a_wrong_call_exits_2(project: Folder, words: list[str]) -> None:
    ran = project.run(*words)
    assert ran.code == 2
    assert ran.err


def test_outside_a_project_it_says_what_it_looked_for(tmp_path: Path) -> None:
    ran = Folder(tmp_path).run("check")
    assert ran.code == 2
    assert "storyreel init" in ran.err


def test_check_of_a_good_board_is_silent_on_standard_output(project: Folder) -> None:
    ran = project.run("check")
    assert (ran.code, ran.out) == (0, "")


@pytest.mark.parametrize("style", ["full", "concise", "json", "github"])
def test_check_names_the_place_in_every_format(project: Folder, style: str) -> None:
    project.edit("@Mara looks", "@Mira looks")
    ran = project.run("check", "film", "--output-format", style)
    assert ran.code == 1
    assert "SR104" in ran.out
    assert "13" in ran.out


def test_check_json_has_every_field(project: Folder) -> None:
    project.edit("@Mara looks", "@Mira looks")
    (row,) = project.run("check", "--output-format", "json").json["diagnostics"]
    assert (row["code"], row["severity"], row["file"]) == ("SR104", "error", "storyboards/film.yaml")
    assert (row["line"], row["column"], row["end_line"], row["end_column"]) == (13, 18, 13, 23)
    assert any("@Mara" in str(hint) for hint in row["hints"])


def test_global_options_may_stand_behind_the_command(project: Folder) -> None:
    assert project.run("check", "--project", str(project.root), "-q").code == 0


def test_settings_with_an_unknown_name_are_refused_with_the_nearest(project: Folder) -> None:
    project.write("storyreel.toml", '[render]\nprovidr = "fal"\n')
    ran = project.run("plan", "film")
    assert ran.code == 2
    assert "did you mean `provider`" in ran.err


def test_a_plan_of_a_broken_board_exits_1(project: Folder) -> None:
    project.edit("duration: 3", "duration: soon")
    assert project.run("plan", "film").code == 1
    ran = project.run("plan", "film", "--json")
    assert ran.code == 1
    assert ran.json["diagnostics"]
    assert (ran.json["films"], ran.json["requests"]) == ([], 0)


def test_render_prints_json_also_where_it_refuses(project: Folder) -> None:
    refused = project.run("render", "film", "--provider", "fal", "--json")
    assert refused.code == 4
    assert refused.json["requests"] == {"generated": 0, "reused": 0, "failed": 0, "parked": 0}
    with hold(project.root / ".storyreel", "render"):
        held = project.run("render", "film", "--json")
    assert (held.code, held.json["reels"]) == (7, [])
    project.edit("duration: 3", "duration: soon")
    broken = project.run("render", "film", "--json")
    assert broken.code == 1
    assert broken.json["diagnostics"]


def test_control_characters_of_a_board_never_reach_the_terminal(project: Folder) -> None:
    project.edit("id: sea", 'id: "sea\\u001b]0;owned\\u0007\\u202e"')
    ran = project.run("check")
    assert ran.code == 1
    assert not {"\x1b", "\x07", "\u202e"} & set(ran.out + ran.err)


def test_explain_a_code(project: Folder) -> None:
    ran = project.run("explain", "SR104")
    assert ran.code == 0
    assert ran.out.startswith("SR104: ")
    assert project.run("explain", "SR999").code == 2


def test_explain_a_scene(project: Folder) -> None:
    ran = project.run("explain", "pier", "--board", "film")
    assert ran.code == 0
    assert "generate" in ran.out
    ran = project.run("explain", "piers", "--board", "film")
    assert (ran.code, "did you mean pier" in ran.err) == (2, True)


def test_schema_goes_to_standard_output_or_a_file(project: Folder) -> None:
    text = project.run("schema").out
    assert json.loads(text)["$schema"].startswith("http://json-schema.org/draft-07/")
    project.run("schema", "-o", "s.json")
    assert (project.root / "s.json").read_text() == text


def test_fmt_then_check(project: Folder) -> None:
    project.edit("  - id: sea\n", "  - id:   sea   # cold\n")
    assert project.run("fmt", "--check").code == 1
    assert project.run("fmt").code == 0
    assert project.run("fmt", "--check").code == 0
    assert "# cold" in (project.root / "storyboards/film.yaml").read_text()
    assert project.run("check").code == 0


def test_init_makes_a_project_that_checks_and_is_not_written_over(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "new")
    assert Folder(tmp_path).run("init", "new").code == 0
    assert folder.run("check").code == 0
    assert folder.run("fmt", "--check").code == 0
    assert Folder(tmp_path).run("init", "new").code == 2


def test_doctor_finds_the_environment_sound(project: Folder) -> None:
    ran = project.run("doctor", "--json")
    assert ran.code == 0
    assert {row["what"]: row["state"] for row in ran.json["findings"]}["ffmpeg"] == "ok"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_that_works(project: Folder, shell: str) -> None:
    assert "storyreel" in project.run("completion", shell).out


def test_completion_completes_commands(project: Folder) -> None:
    asked = {"_STORYREEL_COMPLETE": "complete_bash", "COMP_WORDS": "storyreel ren", "COMP_CWORD": "1"}
    assert project.run(env=asked).out.split() == ["render"]


def test_a_second_process_is_told_who_is_working(project: Folder) -> None:
    with hold(project.root / ".storyreel", "render"):
        ran = project.run("render", "film")
    assert ran.code == 7
    assert "storyreel render" in ran.err


def test_a_project_that_cannot_be_written_to_is_said_in_one_sentence(project: Folder) -> None:
    (project.root / ".storyreel").write_text("in the way")
    ran = project.run("render", "film")
    assert ran.code == 1
    assert "bug" not in ran.err


def test_a_board_is_found_by_its_name_with_either_ending(project: Folder) -> None:
    (project.root / "storyboards/film.yaml").rename(project.root / "storyboards/film.yml")
    assert project.run("check", "film").code == 0


def test_a_file_that_is_no_board_is_named(project: Folder) -> None:
    project.edit("storyreel: 1\n", "")
    ran = project.run("check")
    assert (ran.code, "film.yaml does not say" in ran.err) == (2, True)


def test_candidates_are_no_parts_in_the_plan(project: Folder) -> None:
    project.edit("    place: a pier in fog\n", "    place: a pier in fog\n    takes: 2\n")
    project.edit(
        "{duration: 3, prompt: A black sea}", "{duration: 10, prompt: A black sea}\n      - {duration: 9, prompt: Fog}"
    )
    rows = project.run("plan", "film", "--provider", "fal").out.splitlines()
    names = [row.split("  ")[1] for row in rows[1:] if row.startswith("  ")]
    names = [name for name in names if name]  # A long reason goes on below.
    assert names == ["pier, take 1", "pier, take 2", "sea 1/2", "sea 2/2", "title"]


def test_a_film_that_one_of_the_boards_has_is_enough(project: Folder) -> None:
    project.write("storyboards/other.yaml", (project.root / "storyboards/film.yaml").read_text(encoding="utf-8"))
    for command in (["check"], ["render", "--no-buy", "--provider", "fal"]):
        narrowed = project.run(*command, "other", "film", "--film", "fi*")
        assert narrowed.code == 0, narrowed.err
    assert (project.root / "output/film/film.mp4").exists()
    assert not (project.root / "output/other").exists()
    none = project.run("render", "other", "film", "--film", "sea*")
    assert (none.code, none.err.splitlines()[-1]) == (
        2,
        "storyreel: no film of storyboards/other.yaml or storyboards/film.yaml is called sea*",
    )
