"""Texts made to waste time and memory end soon, in little memory, with a clear error, each in a child of its own."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

SECONDS = 20
"""Of the processor, on a slow one; one or two are usual, and what must not happen takes minutes."""
MEMORY = 512 << 20

CHILD = """
import json, resource, sys, time
from storyreel.board.disk import DiskSource
from storyreel.board.load import load
from pathlib import Path
start = time.process_time()
checked = load(DiskSource(Path(sys.argv[1]), lambda path: None), sys.argv[2])
print(json.dumps({
    "codes": sorted({found.code for found in checked.diagnostics if found.is_error}),
    "count": len(checked.diagnostics),
    "seconds": time.process_time() - start,
}))
"""

ALIASES = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 10)}]\n" for i in range(9)
)
DEEP_ALIASES = (
    "a0: &a0 "
    + "[" * 60
    + "x"
    + "]" * 60
    + "\n"
    + "".join(f"a{i}: &a{i} " + "[" * 60 + f"*a{i - 1}" + "]" * 60 + "\n" for i in range(1, 100))
)


@dataclass(frozen=True)
class Hostile:
    name: str
    text: str
    codes: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


TEXTS = [
    Hostile("alias bomb", ALIASES, ("SR011",)),
    Hostile("alias bomb below x-", "x-lol:\n" + "".join(f"  {line}\n" for line in ALIASES.splitlines()), ("SR011",)),
    Hostile("deep aliases", DEEP_ALIASES, ("SR010",)),
    Hostile("20,000 brackets", "a: " + "[" * 20_000, ("SR010",)),
    Hostile("20,000 brackets, closed", "a: " + "[" * 20_000 + "]" * 20_000, ("SR010",)),
    Hostile("20,000 braces", "a: " + "{" * 20_000, ("SR021",)),
    Hostile("20,000 spaced braces", "a: " + "{ " * 20_000, ("SR010",)),
    Hostile("20,000 brackets on lines of their own", "a:\n" + " [\n" * 20_000, ("SR010",)),
    Hostile("20,000 dashes", "- " * 20_000 + "x", ("SR010",)),
    Hostile("20,000 question marks", "? " * 20_000 + "x", ("SR032",)),
    Hostile("1,000 levels of indentation", "".join(" " * i + "a:\n" for i in range(1_000)), ("SR010",)),
    Hostile("a depth of 70 under x-", "x-a: " + "[" * 70 + "]" * 70, ("SR010",)),
    Hostile("60,000 maps", "a:\n" + "- {b: c}\n" * 60_000, ("SR011",)),
    Hostile("60,000 maps on one line", "a: [" + "{b: c}," * 60_000 + "]", ("SR011",)),
    Hostile("60,000 keys", "".join(f"k{i}:\n" for i in range(60_000)), ("SR011",)),
    Hostile("the same key 20,000 times", "a: 1\n" * 20_000, ("SR020",)),
    Hostile("a scalar of 5 MB", "a: " + "x" * 5_000_000, ("SR002",)),
    Hostile("a million words", "a: " + "x " * 520_000, ()),
    Hostile("a million lines", "a: |\n" + " x\n" * 340_000, ()),
    Hostile("a million folded lines", "a: >\n" + " x\n" * 340_000, ()),
    Hostile("a million quoted words", 'a: "' + "x " * 520_000 + '"', ()),
    Hostile("a million escapes", 'a: "' + "\\x41" * 260_000 + '"', ()),
    Hostile("an open quote of a megabyte", 'a: "' + "x y\n " * 200_000, ("SR026",)),
    Hostile("an open bracket of a megabyte", "a: [" + "x, y\n " * 20_000, ("SR027",)),
    Hostile("a key of a megabyte", "x" * 1_000_000 + ": 1", ("SR022",)),
    Hostile("a million blanks", "a:" + " " * 1_000_000 + "@x", ("SR021",)),
    Hostile("a million line breaks", "a: x" + "\n" * 1_000_000 + "@x: 1", ("SR021",)),
    Hostile("a million comments", "a: 1\n" + "#\n" * 500_000 + "@x: 1", ("SR021",)),
    Hostile("20,000 mistakes", "- @x\n" * 20_000, ("SR021",)),
    Hostile("mistakes at the end of a large file", "- a: b c d\n" * 12_000 + "- @x\n" * 30, ("SR021",)),
    Hostile("200,000 tabs", "a:\n" + "\t- b\n" * 200_000, ("SR006",)),
    Hostile("a million tabs", "a:\n" + "\t" * 1_000_000 + "\n\t- b", ("SR006",)),
    Hostile("blanks before a comment", "a: @x" + " " * 500_000 + "y" + " " * 500_000, ("SR021",)),
    Hostile("a million no-break spaces", "a: 1\n" + "\u00a0" * 500_000 + "b: 1\n", ("SR005", "SR022")),
    Hostile("40,000 cuts", "a:\n" + "- x #y\n" * 40_000, ()),
    Hostile("15,000 keys without value", "a: {" + "b, " * 15_000 + "}", ("SR020",)),
    Hostile("60,000 anchors", "".join(f"- &a{i} x\n" for i in range(60_000)), ("SR011",)),
    Hostile("100,000 control characters", "a: " + "\x01" * 100_000, ("SR004",)),
    Hostile("conflict markers", "<<<<<<< a\n" * 100_000, ("SR021", "SR028", "SR029", "SR034")),
    Hostile("colons", "a: " + "b: " * 300_000, ("SR022",)),
    Hostile("quotes", "a: " + '"" ' * 300_000, ("SR023",)),
    Hostile("backslashes", 'a: "' + "\\q" * 300_000 + '"', ("SR033",)),
    Hostile("tag of a megabyte", "a: !" + "x" * 1_000_000, ("SR012",)),
]


def run(root: Path, path: str) -> dict[str, object]:
    """Load a file in a child that may use so much time and memory and no more."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (3 * SECONDS, 3 * SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(root), path],
        preexec_fn=limit,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    outcome: dict[str, object] = json.loads(done.stdout)
    return outcome


@pytest.mark.parametrize("hostile", TEXTS, ids=str)
def test_a_hostile_text_ends_soon_with_a_clear_error(hostile: Hostile, tmp_path: Path) -> None:
    (tmp_path / "board.yaml").write_text(hostile.text, encoding="utf-8")
    outcome = run(tmp_path, "board.yaml")
    codes = outcome["codes"]
    assert isinstance(codes, list)
    assert set(codes) <= set(hostile.codes)
    assert bool(codes) == bool(hostile.codes)
    assert isinstance(outcome["seconds"], float)
    assert outcome["seconds"] < SECONDS


def test_a_pipe_and_a_link_out_of_the_project_end_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    (tmp_path / "folder.yaml").mkdir()
    for path in ("pipe.yaml", "zero.yaml", "folder.yaml"):
        assert run(tmp_path, path)["codes"] == ["SR002"]
