"""A lock as text that reviews and merges well: sorted, one block for a take and one for a scene."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from storyreel.plan.lock import Lock, LockedScene, LockedTake

VERSION = 1
_HEAD = "# Written by storyreel and made for git: which take each scene shows, and what each was paid for.\n"
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
_RESERVED = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


class LockBroken(Exception):
    """The text is no lock; `str()` says where and why."""


def lock_text(lock: Lock) -> str:
    """Equal locks come out equal, byte for byte."""
    lines = [f"storyreel_lock: {VERSION}", "takes:" if lock.takes else "takes: []"]
    for take in sorted(lock.takes.values(), key=lambda one: one.ident):
        lines += [
            f"  - key: {_digits(take.key)}",
            f"    take: {take.take}",
            f"    sha256: {_digits(take.digest)}",
            f"    provider: {_word(take.provider)}",
            f"    job: {'null' if take.job is None else _digits(take.job)}",
            f'    paid_usd: "{take.paid:f}"',
            f"    seconds: {take.seconds}",
        ]
        lines += ["    held: true"] if take.is_held else []
        lines += [f"    note: {_word(take.note)}"] if take.note else []
    lines.append("films:" if lock.films else "films: {}")
    for film in sorted(lock.films):
        scenes = lock.films[film]
        lines.append(f"  {_word(film)}:" if scenes else f"  {_word(film)}: {{}}")
        for name in sorted(scenes):
            parts = [f"        - {{key: {_digits(key)}, take: {take}}}" for key, take in scenes[name].parts]
            lines += [f"    {_word(name)}:", f"      asked: {_digits(scenes[name].asked)}", "      parts:", *parts]
    return _HEAD + "\n".join(lines) + "\n"


def parse_lock(text: str) -> Lock:
    """Raises LockBroken. What storyreel wrote is read line by line; a file that somebody laid out anew as YAML."""
    found = _quick(text)
    return _lock(found if found is not None else _slow(text))


def _word(text: str) -> str:
    """A scalar that is the same text in YAML and JSON, plain where that is safe."""
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    return json.dumps(text, ensure_ascii=False)


def _digits(text: str) -> str:
    """What may look like a number is always quoted."""
    return json.dumps(text, ensure_ascii=False)


def _quick(text: str) -> dict[str, Any] | None:
    """The tree of a text that `lock_text` wrote; None where a line is not as it writes them."""
    takes: list[dict[str, Any]] = []
    films: dict[str, dict[str, dict[str, Any]]] = {}
    version, film, scene = None, None, None
    try:
        for line in text.splitlines():
            if line.startswith("    "):
                name, _, value = line.strip().partition(": ")
                if line.startswith("        - {key: "):
                    key, _, take = value.removesuffix("}").partition(", take: ")
                    assert scene is not None
                    scene["parts"].append({"key": _value(key), "take": int(take)})
                elif line.startswith("      "):
                    if name != "parts:":
                        assert scene is not None
                        scene[name] = _value(value)
                elif film is not None:
                    scene = films[film].setdefault(_value(name.removesuffix(":")), {"parts": []})
                else:
                    takes[-1][name] = _value(value)
            elif line.startswith("  - key: "):
                takes.append({"key": _value(line[9:])})
            elif line.startswith("  "):
                film = _value(line.strip().removesuffix(": {}").removesuffix(":"))
                films[film] = {}
            elif line.startswith("storyreel_lock: "):
                version = int(line[16:])
            elif line not in ("takes:", "takes: []", "films:", "films: {}") and not line.startswith("#"):
                return None
    except (ValueError, AssertionError, IndexError):
        return None
    if version is None:
        return None
    return {"storyreel_lock": version, "takes": takes, "films": films}


def _value(text: str) -> Any:
    if text[:1] == '"':
        return json.loads(text)
    if text in ("null", "true", "false"):
        return json.loads(text)
    if text.isdigit():
        return int(text)
    if not _PLAIN.fullmatch(text):
        raise ValueError(text)
    return text


def _slow(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError as broken:
        mark = getattr(broken, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark is not None else ""
        conflict = "it holds marks of a merge; " if re.search(r"^(<{7}|={7}|>{7})", text, re.MULTILINE) else ""
        raise LockBroken(f"{where}{conflict}take one side of it, or delete it and render again") from None


def _lock(tree: Any) -> Lock:
    if not isinstance(tree, Mapping) or "storyreel_lock" not in tree:
        raise LockBroken("it does not say `storyreel_lock: 1`")
    if tree["storyreel_lock"] != VERSION:
        raise LockBroken(f"it was written by another version of storyreel (storyreel_lock: {tree['storyreel_lock']})")
    try:
        takes = [_take(row) for row in tree.get("takes") or ()]
        films = {
            str(film): {
                str(name): LockedScene(
                    str(scene["asked"]), tuple((str(part["key"]), int(part["take"])) for part in scene["parts"])
                )
                for name, scene in (scenes or {}).items()
            }
            for film, scenes in (tree.get("films") or {}).items()
        }
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as broken:
        raise LockBroken(f"an entry is not whole ({broken}); take it from git, or delete it and render again") from None
    return Lock({take.ident: take for take in takes}, films)


def _take(row: Mapping[str, Any]) -> LockedTake:
    job, note = row.get("job"), row.get("note")
    return LockedTake(
        str(row["key"]),
        int(row["take"]),
        str(row["sha256"]),
        str(row["provider"]),
        None if job is None else str(job),
        Decimal(str(row["paid_usd"])),
        int(row["seconds"]),
        row.get("held") is True,
        None if note is None else str(note),
    )
