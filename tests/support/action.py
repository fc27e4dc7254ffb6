"""A composite action played as a runner plays it: expressions, conditions, outputs, scripts; `uses` is left out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.project import EXE
from tests.support.repository import ENVIRONMENT

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@dataclass
class Played:
    """What became of it."""

    codes: dict[str, int] = field(default_factory=dict)
    """By step, of those that ran."""
    said: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""

    @property
    def code(self) -> int:
        return next((code for code in self.codes.values() if code), 0)


def play(
    action: Mapping[str, Any],
    root: Path,
    room: Path,
    inputs: Mapping[str, str],
    github: Mapping[str, str],
    programs: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Played:
    """Run the scripts of an action in the checkout `root`; a step that fails ends it. `programs` come first on PATH."""
    (room / "storyreel/bin").mkdir(parents=True, exist_ok=True)
    program = room / "storyreel/bin/storyreel"
    if not program.exists():
        program.symlink_to(EXE)
    played = Played()
    context = {f"github.{name}": value for name, value in github.items()}
    context |= {f"inputs.{name}": evaluated(row.get("default", ""), context) for name, row in action["inputs"].items()}
    context |= {f"inputs.{name}": value for name, value in inputs.items()}
    for step in action["runs"]["steps"]:
        if "run" not in step or step["name"].startswith("Install") or not _holds(step.get("if", ""), context):
            continue
        given = {name: evaluated(str(value), context) for name, value in step.get("env", {}).items()}
        files = {name: room / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        path = os.pathsep.join(
            [*([str(programs)] if programs else []), str(Path(sys.executable).parent), os.environ["PATH"]]
        )
        kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=root,
            env=kept | ENVIRONMENT | dict(env or {}) | given | {"PATH": path, "RUNNER_TEMP": str(room)}
            | {name: str(file) for name, file in files.items()},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        played.codes[step["name"]] = done.returncode
        played.said += done.stdout + done.stderr
        played.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        rows = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
        context |= {f"steps.{step.get('id', '')}.outputs.{name}": value for name, value in rows.items()}
        if done.returncode:
            break
    played.outputs = {name: evaluated(row["value"], context) for name, row in action["outputs"].items()}
    return played


def evaluated(text: str, context: Mapping[str, str]) -> str:
    """A value with its expressions filled: names of the context, quoted words, and `||` between them."""
    return _EXPRESSION.sub(lambda found: _value(found[1], context), text)


def _value(expression: str, context: Mapping[str, str]) -> str:
    for word in (word.strip() for word in expression.split("||")):
        value = word[1:-1] if word.startswith("'") else context.get(word, "")
        if value:
            return value
    return ""


def _holds(condition: str, context: Mapping[str, str]) -> bool:
    for clause in filter(None, condition.split("&&")):
        left, sign, right = re.fullmatch(r"\s*(\S+)\s*(==|!=)\s*'(.*)'\s*", clause).groups()  # type: ignore[union-attr]
        if (context.get(left, "") == right) != (sign == "=="):
            return False
    return True
