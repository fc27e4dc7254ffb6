"""`init`: a small working project."""

from __future__ import annotations

import importlib.resources
from pathlib import Path

from storyreel.cli.context import DONE, USAGE, Stop

FILES = ("storyboards/first_light.yaml", "storyreel.toml", "gitignore")


def init(folder: Path) -> int:
    """Write the starter's files; refuses to touch a file that is there."""
    starter = importlib.resources.files("storyreel.cli") / "starter_project"
    targets = {name: folder / (".gitignore" if name == "gitignore" else name) for name in FILES}
    standing = [str(target) for name, target in targets.items() if target.exists() and name != "gitignore"]
    if standing:
        raise Stop(USAGE, f"{', '.join(standing)} is already there; nothing was written")
    try:
        for name, target in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            text = starter.joinpath(name).read_text(encoding="utf-8")
            if name == "gitignore" and target.exists():
                lines = target.read_text(encoding="utf-8").splitlines()
                text = "\n".join([*lines, *(line for line in text.splitlines() if line not in lines)]) + "\n"
            target.write_text(text, encoding="utf-8")
    except OSError as failed:
        raise Stop(USAGE, f"cannot write {failed.filename}: {failed.strerror}") from None
    from storyreel.board.schema import storyboard_schema_text

    (folder / "storyboard.schema.json").write_text(storyboard_schema_text(), encoding="utf-8")
    where = "" if folder == Path() else f"cd {folder} && "
    print(f"a project is ready; look at its first film:\n  {where}storyreel render first_light")
    return DONE
