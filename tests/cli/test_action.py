"""The action of the repository as GitHub runs it: its scripts in a checkout, with the variables that GitHub sets."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.support.action import Played, play
from tests.support.pipeline import ROOT
from tests.support.project import SMALL, Folder
from tests.support.repository import Repository

ACTION: Any = YAML(typ="safe", pure=True).load((ROOT / "action.yml").read_text(encoding="utf-8"))
GH = f"""\
#!{sys.executable}
import json, os, pathlib, sys
log = pathlib.Path(os.environ["GH_LOG"])
comments = json.loads(log.read_text()) if log.exists() else []
words = sys.argv[1:]
assert words.pop(0) == "api" and os.environ["GH_TOKEN"]
if os.environ.get("GH_REFUSES"):
    sys.exit("gh: Resource not accessible by integration (HTTP 403)")
path = next(word for word in words if word.startswith("repos/our/films/issues/"))
body = next((pathlib.Path(w.removeprefix("body=@")).read_text() for w in words if w.startswith("body=@")), None)
if "PATCH" in words:
    next(one for one in comments if path.endswith(f"/comments/{{one['id']}}"))["body"] = body
elif "POST" in words:
    assert path == "repos/our/films/issues/7/comments"
    comments.append({{"id": 100 + len(comments), "body": body, "user": {{"type": "Bot"}}}})
else:
    assert words[words.index("--jq") + 1] == {json.dumps('.[] | select(.user.type == "Bot" and (.body | startswith(env.MARK))) | .id')}
    for one in comments:
        if one["user"]["type"] == "Bot" and one["body"].startswith(os.environ["MARK"]):
            print(one["id"])
log.write_text(json.dumps(comments))
"""  # noqa: E501  # the filter is one word


class Checkout:
    """A clone of a repository with a film, on a machine that has `gh`."""

    def __init__(self, room: Path, project: str = ".") -> None:
        self.root, self.project, self.runs = room / "clone", project, 0
        self.repository = Repository.at(self.root)
        self.film = Folder.with_board(self.root / project, SMALL)
        self.repository.commit()
        self.programs = room / "programs"
        self.programs.mkdir()
        (self.programs / "gh").write_text(GH)
        (self.programs / "gh").chmod(0o755)
        self.log = room / "comments.json"

    def pull(self, *, refuses: bool = False, base: str = "main", **inputs: str) -> Played:
        """The action in a pull request of the branch that is checked out."""
        commit = self.repository.git("rev-parse", base) if base == "main" else base
        event = {"event_name": "pull_request", "event.pull_request.number": "7", "event.pull_request.base.sha": commit}
        return self.run(event, {"GH_REFUSES": "1"} if refuses else {}, **inputs)

    def run(self, event: dict[str, str], env: dict[str, str] | None = None, **inputs: str) -> Played:
        self.runs += 1
        room = self.root.parent / f"runner-{self.runs}"
        github = {"repository": "our/films", "token": "ghs_token", "action_path": str(ROOT), **event}
        named = {"project": self.project} | {name.replace("_", "-"): value for name, value in inputs.items()}
        return play(ACTION, self.root, room, named, github, self.programs, {"GH_LOG": str(self.log), **(env or {})})

    @property
    def comments(self) -> list[str]:
        return [one["body"] for one in json.loads(self.log.read_text())] if self.log.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_a_pull_request_is_told_its_bill_in_one_comment_and_nothing_is_spent(checkout: Checkout) -> None:
    checkout.repository.git("checkout", "-q", "-b", "work")
    checkout.film.edit("A black sea", "A calm sea")
    checkout.repository.commit()
    checkout.repository.git("checkout", "-q", "main")
    checkout.film.edit("THE END", "FIN")
    checkout.repository.commit()
    checkout.repository.git("checkout", "-q", "work")

    played = checkout.pull()
    assert played.codes == {"Check": 0, "Diff": 0, "Comment": 0, "Plan": 0}, played.said
    (bill,) = checkout.comments
    assert "Storyboards: 0.38 USD" in bill
    assert "FIN" not in bill, "what the base branch got meanwhile is no part of the change"
    assert played.outputs["total-usd"] == "0.378"
    assert bill in played.summary
    assert "generate  fal" in played.summary, "the plan is of who is paid"
    assert not (checkout.root / ".storyreel").exists()

    checkout.film.edit("A ship turns", "A boat turns")
    checkout.repository.commit()
    checkout.pull()
    assert ["Storyboards: 0.76 USD" in body for body in checkout.comments] == [True], "the same comment, replaced"
    checkout.repository.git("checkout", "-q", "main")
    assert checkout.pull().code == 0
    assert ["Nothing differs" in body for body in checkout.comments] == [True]


def test_a_change_that_differs_in_nothing_makes_no_comment(checkout: Checkout) -> None:
    assert checkout.pull().code == 0
    assert checkout.comments == []


def test_the_comment_of_somebody_else_stays(checkout: Checkout) -> None:
    theirs = {"id": 1, "body": "<!-- storyreel diff of .: every board -->\nmine!", "user": {"type": "User"}}
    checkout.log.write_text(json.dumps([theirs, {"id": 2, "body": "tests passed", "user": {"type": "Bot"}}]))
    checkout.film.edit("A black sea", "A calm sea")
    checkout.pull()
    assert checkout.comments[:2] == [theirs["body"], "tests passed"]
    assert len(checkout.comments) == 3


def test_a_fork_has_no_right_to_comment_and_its_bill_is_in_the_summary(checkout: Checkout) -> None:
    checkout.film.edit("A black sea", "A calm sea")
    played = checkout.pull(refuses=True)
    assert played.code == 0
    assert "::warning::the bill is in the summary" in played.said
    assert "Storyboards: 0.38 USD" in played.summary
    assert "Comment" not in checkout.pull(comment="false").codes


def test_a_mistake_stands_at_its_line_of_the_repository(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path, project="films/one")
    checkout.film.edit("@Mara", "@Mira")
    played = checkout.pull()
    assert played.codes == {"Check": 1}
    assert "::error file=films/one/storyboards/film.yaml,line=13," in played.said
    assert checkout.comments == []


def test_a_project_in_a_folder_has_a_comment_of_its_own(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path, project="films/one")
    checkout.film.edit("A black sea", "A calm sea")
    assert checkout.pull(boards="film").codes == {"Check": 0, "Diff": 0, "Comment": 0, "Plan": 0}
    assert checkout.comments[0].startswith("<!-- storyreel diff of films/one: film -->\n")


def test_a_clone_without_the_base_says_what_is_lacking(checkout: Checkout) -> None:
    played = checkout.pull(base="0123456789012345678901234567890123456789")
    assert played.codes == {"Check": 0, "Diff": 1}
    assert "fetch-depth: 0" in played.said
    first = checkout.run({"event_name": "push", "event.before": "0" * 40})
    assert first.codes == {"Check": 0, "Diff": 0, "Plan": 0}, first.said
    assert "nothing to tell changes against yet" in first.said


def test_a_pull_request_cannot_render_and_a_push_can(checkout: Checkout) -> None:
    refused = checkout.pull(render="true", boards="film", max_cost="5.00")
    assert list(refused.codes.values()) == [1], "the first step says no"
    push = {"event_name": "push", "event.before": checkout.repository.git("rev-parse", "HEAD")}
    nameless = checkout.run(push, render="true", max_cost="5.00")
    assert (nameless.code, "render needs boards" in nameless.said) == (1, True)
    assert checkout.run(push, render="true", boards="film", provider="animatic", max_cost="0").code == 0
    assert (checkout.root / "output/film/film.mp4").is_file()


@pytest.mark.skipif(shutil.which("jq") is None, reason="there is no jq on this machine")
def test_the_filter_finds_only_its_own_comment() -> None:
    script = next(step["run"] for step in ACTION["runs"]["steps"] if step["name"] == "Comment")
    (chosen,) = [line.split("'")[1] for line in script.splitlines() if "--jq" in line]
    rows = [("Bot", "MARK\nbill", 1), ("User", "MARK\nbill", 2), ("Bot", "other MARK", 3)]
    comments = [{"id": number, "body": body, "user": {"type": kind}} for kind, body, number in rows]
    ran = subprocess.run(
        ["jq", chosen], input=json.dumps(comments), env={"MARK": "MARK"}, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "1\n"
