"""What a repository gives to git and to CI: valid files, commands that exist, and no way to spend on a pull request."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.support.pipeline import ROOT
from tests.support.project import Folder

ACTION = ROOT / "action.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
DOCS = ROOT / "docs" / "ci.md"


def read(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(ACTION.read_text(encoding="utf-8"))["runs"]["steps"]
    return found


def test_hooks_run_commands_that_exist_on_files_that_boards_are_made_of() -> None:
    hooks = {hook["id"]: hook for hook in read(HOOKS.read_text(encoding="utf-8"))}
    assert set(hooks) == {"storyreel-check", "storyreel-fmt"}
    for hook in hooks.values():
        assert hook["language"] == "python"
        assert Folder(ROOT).run(*hook["entry"].split()[1:], "--help").code == 0
    assert re.search(hooks["storyreel-check"]["files"], "templates/product-shot.yaml")
    assert re.search(hooks["storyreel-fmt"]["files"], "storyboards/last_lamp.yaml")
    assert re.search(hooks["storyreel-fmt"]["exclude"], "storyboards/last_lamp.lock.yaml")


def test_the_action_is_a_composite_whose_scripts_hold_no_words_of_others() -> None:
    action = read(ACTION.read_text(encoding="utf-8"))
    assert action["runs"]["using"] == "composite"
    assert all(value["description"] for value in {**action["inputs"], **action["outputs"]}.values())
    for step in steps():
        script = step.get("run", "")
        assert "${{" not in script, f"{step['name']}: what comes from outside goes through the environment"
        assert not script or step["shell"] == "bash"
        checked = subprocess.run(["bash", "-n", "-c", script], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr


def test_what_spends_comes_behind_what_refuses() -> None:
    found = steps()
    spending = [step for step in found if re.search(r'storyreel".* (render|retake|watch) ', step.get("run", ""))]
    assert [step["name"] for step in spending] == ["Render"]
    assert spending[0]["if"] == found[0]["if"] == "inputs.render == 'true'"
    assert "--max-cost" in spending[0]["run"]
    assert not any("KEY" in name for step in found for name in step.get("env", {}))


@pytest.mark.parametrize(
    ("event", "fork", "most", "code"),
    [
        ("push", "", "5.00", 0),
        ("workflow_dispatch", "false", "5.00", 0),
        ("pull_request", "false", "5.00", 1),
        ("pull_request_target", "false", "5.00", 1),
        ("pull_request_review", "", "5.00", 1),
        ("workflow_run", "", "5.00", 1),
        ("issue_comment", "", "5.00", 1),
        ("push", "true", "5.00", 1),
        ("push", "", "", 1),
    ],
)
def test_rendering_is_refused_where_a_stranger_may_have_written_the_board(
    event: str, fork: str, most: str, code: int
) -> None:
    ran = subprocess.run(
        ["bash", "-e", "-c", steps()[0]["run"]],
        env={"EVENT": event, "FORK": fork, "MAX_COST": most},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code
    assert ran.stdout.startswith("::error::") == bool(code)


def test_the_examples_of_the_page_are_yaml() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 3
    for example in examples[:2]:
        assert read(example)
    # The last one shows the lines that differ, as they stand in a job.
    assert read(examples[2].split("\n", 1)[1])


def test_init_keeps_what_is_made_out_of_git(tmp_path: Any) -> None:
    (tmp_path / ".gitignore").write_text("node_modules/\noutput/\n")
    assert Folder(tmp_path).run("init").code == 0
    assert (tmp_path / ".gitignore").read_text().splitlines() == ["node_modules/", "output/", ".storyreel/"]
