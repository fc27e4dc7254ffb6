"""Broken films: each case is one of the example boards, whole, with a few lines changed and the findings in place.

    of storyboards/last_lamp.yaml           which board, and the files that go with it, at the head of the file
    with data/copy.csv
    --- unknown-element                     a case begins
       - id: keeper                         a line of the board, to find the place (two blanks of margin)
    -     prompt: "@Mara turns."            a line that goes
    +     prompt: "@Mira turns."            a line that comes instead
    #              ^^^^^ SR104              expected on the line above, see `cases`
    === data/copy.csv                       further lines are of this file

Lines are found from the top down, whole lines only; a case that no longer fits its board is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.support.cases import BOARD, Case, load_cases

ROOT = Path(__file__).resolve().parents[2]
MARGIN = 2


def load_slips(path: Path, scratch: Path) -> list[Case]:
    """Every case of a file as a whole project; `scratch` is a folder to write in. A stale case is a ValueError."""
    head, *bodies = path.read_text(encoding="utf-8").split("\n--- ")
    named = [line.split(" ", 1) for line in head.splitlines() if line.startswith(("of ", "with "))]
    files = {BOARD if word == "of" else name: (ROOT / name).read_text(encoding="utf-8") for word, name in named}
    whole: list[str] = []
    for body in bodies:
        name, *lines = body.splitlines()
        whole.append(f"--- {name}")
        for number, (file, text) in enumerate(_changed(files, lines, name).items()):
            whole += [f"=== {file}"] * (number > 0) + text
    written = scratch / path.name
    written.write_text("\n".join(whole), encoding="utf-8")
    return load_cases(written)


def _changed(files: Mapping[str, str], lines: list[str], name: str) -> dict[str, list[str]]:
    slips: dict[str, list[str]] = {}
    current = BOARD
    for line in lines:
        if line.startswith("=== "):
            current = line.removeprefix("=== ")
        elif line:
            slips.setdefault(current, []).append(line)
    for file in slips:
        if file not in files:
            raise ValueError(f"{name}: {file} is not at the head of the file")
    # The board comes first: that is where a case file begins.
    return {file: list(_apply(text.splitlines(), slips.get(file, []), name)) for file, text in files.items()}


def _apply(text: list[str], slips: list[str], name: str) -> Iterator[str]:
    at = 0
    for slip in slips:
        sign, line = slip[:1], slip[MARGIN:]
        if sign == "+":
            yield line
        elif sign == "#":
            yield slip if slip[1:2] == "@" else sign + slip[1 + MARGIN :]
        else:
            try:
                found = text.index(line, at)
            except ValueError:
                raise ValueError(f"{name}: the board has no line {line!r} from line {at + 1} on") from None
            yield from text[at:found]
            if sign != "-":
                yield line
            at = found + 1
    yield from text[at:]
