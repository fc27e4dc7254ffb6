"""What a watch compiles with a memory is what a command compiles without one: plan, findings and all."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from storyreel.driver.project import Compiled, CompileMemory, Project, open_project
from tests.support.project import Folder

BOARD = """\
storyreel: 1
title: Lamp
style: 35mm film
vars: {ship: Halcyon}
elements:
  Mara: {description: "woman, 34"}
  Ivo: {description: "boy, 12"}
scenes:
  - id: storm
    place: a pier
    shots:
      - {duration: 4, prompt: "The {{ ship }} turns"}
      - {duration: 3, prompt: "@Mara looks up"}
  - include: acts/two.yaml
  - id: stairs
    start: previous
    shots:
      - {duration: 3, prompt: "@Ivo runs to the {{ ship }}"}
  - id: logo
    still: {image: assets/logo.png, duration: 2}
  - {id: end, card: {title: THE END, duration: 1}}
"""
ACT = "scenes:\n  - id: sea\n    shots:\n      - {duration: 3, prompt: A black sea}\n"
EDITS = (
    ("Halcyon", "Aurora"), ("turns", "sinks"), ("woman, 34", "woman, 40"), ("35mm film", "ink"), ("@Mara", "@Mira"),
    ("duration: 3", "duration: 30"), ("THE END", "FIN"), ("title: Lamp", "title: Lamp\nbudget: 1"),
    ("  - id: stairs", "\n  - id: stairs"),
    ("start: previous", "start: storm@last"), ("a pier", "a quay"), ("{{ ship }}", "{{ shop }}"),
    ("id: logo", "id: mark"),
    ("duration: 4", "duration: 4\n        sound: wind"), ("scenes:\n", "scenes:\n  # all\n"),
    ("title:", "titel:"),
)  # fmt: skip


def same(project: Project, memory: CompileMemory, provider: str) -> Compiled:
    project.source = project.source.renewed()
    mine = project.compile("storyboards/film.yaml", provider=provider, memory=memory)
    whole = open_project(project.root).compile("storyboards/film.yaml", provider=provider)
    assert mine.diagnostics == whole.diagnostics
    assert mine.plan == whole.plan
    return mine


@pytest.mark.parametrize("provider", ["fal", "animatic"])
def test_any_edits_in_a_row_compile_as_if_afresh(tmp_path: Path, provider: str) -> None:
    rng = random.Random(provider)
    folder = Folder.with_board(tmp_path, BOARD)
    folder.write("acts/two.yaml", ACT)
    project, memory = open_project(tmp_path), CompileMemory()
    plans = 0
    for _ in range(600 if os.environ.get("STORYREEL_CAMPAIGN") == "full" else 45):
        text = (tmp_path / "storyboards/film.yaml").read_text()
        choice = rng.random()
        if choice < 0.35:
            folder.write("storyboards/film.yaml", BOARD)
        elif choice < 0.45:
            folder.write("acts/two.yaml", ACT.replace("black", rng.choice(("red", "black", "[bad"))))
        elif choice < 0.55:
            picture(tmp_path / "assets/logo.png", rng)
        else:
            old, new = rng.choice(EDITS)
            folder.write("storyboards/film.yaml", text.replace(old, new))
        plans += same(project, memory, provider).plan is not None
    assert plans > 8, "hardly anything could be planned: the test shows little"


def picture(file: Path, rng: random.Random) -> None:
    from PIL import Image

    file.parent.mkdir(exist_ok=True)
    if rng.random() < 0.2:
        file.unlink(missing_ok=True)
    else:
        Image.new("RGB", (400, 400 + rng.randrange(3)), (rng.randrange(256), 0, 0)).save(file)
