"""A project in a temporary folder, and the command line run in it as a user runs it."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.forked import forked

EXE = str(Path(sys.executable).parent / "storyreel")

SMALL = """\
storyreel: 1
title: Small
reel: {size: 320x180}
elements:
  Mara: {description: "woman, 34, navy coat"}
scenes:
  - id: pier
    place: a pier in fog
    shots:
      - {duration: 2, camera: "wide, slow push-in", prompt: A ship turns for shore}
      - duration: 1
        camera: close-up
        prompt: "@Mara looks up"
        say:
          - Mara (whispering): It is dark.
  - id: sea
    transition: dissolve 0.5
    shots:
      - {duration: 3, prompt: A black sea}
  - id: title
    transition: fade 0.5
    card: {title: THE END, duration: 1}
"""
"""Three scenes, 6.5 seconds (156 frames at 24), two takes to make."""


def endless(folder: Path) -> dict[str, str]:
    """The environment in which ffmpeg starts, reads nothing and never ends: for what is to be broken off."""
    folder.mkdir(exist_ok=True)
    program = folder / "ffmpeg"
    program.write_text("#!/bin/sh\nsleep 600\n", encoding="utf-8")
    program.chmod(0o755)
    return os.environ | {"STORYREEL_FFMPEG": str(program)}


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Folder:
    """A project on disk."""

    root: Path

    @classmethod
    def with_board(cls, root: Path, text: str = SMALL, name: str = "film") -> Folder:
        folder = cls(root)
        folder.write("storyreel.toml", "")
        folder.write(f"storyboards/{name}.yaml", text)
        return folder

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def edit(self, old: str, new: str, path: str = "storyboards/film.yaml") -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text
        self.write(path, text.replace(old, new))

    def run(self, *words: str, env: dict[str, str] | None = None) -> Ran:
        kept = {k: v for k, v in os.environ.items() if not k.endswith(("_KEY", "_TOKEN"))}
        code, out, err = forked([EXE, *words], self.root, kept | (env or {}))
        assert "Traceback" not in err, err
        return Ran(code, out, err)
