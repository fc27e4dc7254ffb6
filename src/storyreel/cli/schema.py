"""`schema`: the JSON Schema of storyboards."""

from __future__ import annotations

import json
from pathlib import Path

from storyreel.cli.context import DONE, USAGE, Stop


def schema(output: Path | None) -> int:
    """Print the schema, or write it to a file."""
    from storyreel.board.schema import storyboard_schema

    text = json.dumps(storyboard_schema(), indent=2, ensure_ascii=False) + "\n"
    if output is None:
        print(text, end="")
        return DONE
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as refused:
        raise Stop(USAGE, f"cannot write {output}: {refused.strerror}") from None
    return DONE
