"""A lock as text that reviews and merges well: sorted, one block for a take and one for a scene."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from storyreel.base.digest import digest_of_value
from storyreel.plan.lock import Lock, LockedFrame, LockedScene, LockedTake
from storyreel.plan.merged import SidesDisagree, sides, together

VERSION = 1
_HEAD = "# Written by storyreel and made for git: which take each scene shows, and what each was paid for.\n"
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
_ROW = re.compile(r'key: "([^"\\\\]*)", take: (\d+)(?:, frame: (\d+), scene: ("(?:[^"\\\\]|\\\\.)*"))?\}')
_NOWHERE = ("2", "", "")
_TAKE = frozenset(("key", "take", "sha256", "provider", "job", "paid_usd", "seconds", "held", "note"))
_SCENE = frozenset(("asked", "check", "frames", "parts", "says"))
_T = TypeVar("_T")
_RESERVED = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


class LockBroken(Exception):
    """The text is no lock; `str()` says where and why."""


def lock_text(lock: Lock) -> str:
    """Equal locks come out equal, byte for byte."""
    lines = [f"storyreel_lock: {VERSION}", "takes:" if lock.takes else "takes: []"]
    places = _places(lock)
    for take in sorted(lock.takes.values(), key=lambda one: (places.get(one.key, _NOWHERE), one.ident)):
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
            lines += [f"    {_word(name)}:", *_scene_lines(scenes[name])]
    return _HEAD + "\n".join(lines) + "\n"


def parse_lock(text: str) -> Lock:
    """Raises LockBroken. What storyreel wrote is read line by line; a file that somebody laid out anew as YAML.

    What git left as two sides of a merge is both of them, where they do not disagree.
    """
    found = _quick(text)
    both = sides(text) if found is None else None
    if both is not None:
        try:
            return together(*map(parse_lock, both))
        except SidesDisagree as disagree:
            raise LockBroken(f"{disagree}; keep one with `git checkout --ours` or `--theirs`") from None
    return _lock(found if found is not None else _slow(text))


def _places(lock: Lock) -> dict[str, tuple[str, str, str]]:
    """Where each request is shown first: takes stand in the order of scenes, so that work on two scenes merges."""
    found: dict[str, tuple[str, str, str]] = {}
    for film, scenes in lock.films.items():
        for name, scene in scenes.items():
            for number, (key, _) in enumerate(scene.idents):
                # What is only gone on from stands with its own scene, where there is one.
                place = ("0" if number < len(scene.parts) else "1", name, film)
                found[key] = min(found.get(key, place), place)
    return found


def _scene_lines(scene: LockedScene) -> list[str]:
    lines = [f"      asked: {_digits(scene.asked)}", f"      check: {_digits(_check(scene))}"]
    lines += [f"      says: {_digits(scene.says)}"] if scene.says else []
    if scene.frames:
        lines.append("      frames:")
    for one in scene.frames:
        row = f"key: {_digits(one.key)}, take: {one.take}, frame: {one.frame}, scene: {_digits(one.scene)}"
        lines.append(f"        - {{{row}}}")
    return [*lines, "      parts:", *(f"        - {{key: {_digits(key)}, take: {take}}}" for key, take in scene.parts)]


def _check(scene: LockedScene) -> str:
    """Tells a slip of a disk from a choice: which take is shown stands nowhere else."""
    frames = [[one.key, one.take, one.frame] for one in scene.frames]
    says = [scene.says] if scene.says else []
    return digest_of_value([scene.asked, [list(ident) for ident in scene.parts], frames, *says])[:8]


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
    version, film = None, None
    scene: dict[str, Any] = {}
    rows: list[dict[str, Any]] = []
    try:
        for line in text.splitlines():
            if line.startswith("        - {key: "):
                rows.append(_row(line[11:]))
            elif line.startswith("      "):
                name, _, value = line[6:].partition(":")
                if value:
                    _put(scene, name, _value(value[1:]))
                else:
                    rows = _put(scene, name, [])
            elif line.startswith("    ") and film is None:
                name, _, value = line[4:].partition(": ")
                _put(takes[-1], name, _value(value))
            elif line.startswith("    ") and film is not None:
                scene = _put(films[film], _value(line[4:].removesuffix(":")), {})
            elif line.startswith("  - key: "):
                takes.append({"key": _value(line[9:])})
            elif line.startswith("  "):
                film = _value(line[2:].removesuffix(": {}").removesuffix(":"))
                _put(films, film, {})
            elif line.startswith("storyreel_lock: "):
                version = int(line[16:])
            elif line not in ("takes:", "takes: []", "films:", "films: {}") and not line.startswith("#"):
                return None
    except (ValueError, KeyError, IndexError):
        return None
    if version is None:
        return None
    return {"storyreel_lock": version, "takes": takes, "films": films}


def _put(rows: dict[str, Any], name: str, value: _T) -> _T:
    """What stands there twice was merged by hand, and not to its end: the other reader says where."""
    if name in rows:
        raise KeyError(name)
    rows[name] = value
    return value


def _row(text: str) -> dict[str, Any]:
    """`key: "...", take: 1}` and what may follow it."""
    found = _ROW.fullmatch(text)
    if found is None:
        raise ValueError(text)
    row: dict[str, Any] = {"key": found[1], "take": int(found[2])}
    return row if found[3] is None else row | {"frame": int(found[3]), "scene": json.loads(found[4])}


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
            str(film): {str(name): _scene(row) for name, row in (scenes or {}).items()}
            for film, scenes in (tree.get("films") or {}).items()
        }
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as broken:
        raise LockBroken(f"an entry is not whole ({broken}); take it from git, or delete it and render again") from None
    lock = Lock({take.ident: take for take in takes}, films)
    if len(lock.takes) < len(takes):
        raise LockBroken("it has a take twice; take one side of the merge, or delete it and render again")
    for film, scenes in films.items():
        for name, scene in scenes.items():
            for key, take in scene.parts:
                if (key, take) not in lock.takes:
                    where = f"{name} of {film} shows take {take} of {key[:12]}"
                    raise LockBroken(f"{where}, which is not among its takes; take it from git")
    return lock


def _scene(row: Mapping[str, Any]) -> LockedScene:
    _closed(row, _SCENE)
    parts = tuple((str(part["key"]), int(part["take"])) for part in row["parts"])
    frames = tuple(
        LockedFrame(str(one["scene"]), str(one["key"]), int(one["take"]), int(one["frame"]))
        for one in row.get("frames") or ()
    )
    scene = LockedScene(str(row["asked"]), parts, frames, str(row.get("says", "")))
    if "check" in row and str(row["check"]) != _check(scene):
        raise ValueError("its check is another; `storyreel pick` chooses takes, and a hand does not")
    return scene


def _closed(row: Mapping[str, Any], known: frozenset[str]) -> None:
    """A word that is not known may be one that was broken: a hold is not lost over a letter."""
    for name in row:
        if name not in known:
            raise ValueError(f"`{name}` is not known")


def _take(row: Mapping[str, Any]) -> LockedTake:
    _closed(row, _TAKE)
    job, note, held = row.get("job"), row.get("note"), row.get("held", False)
    if not isinstance(held, bool):
        raise ValueError("`held` is neither true nor false")
    return LockedTake(
        str(row["key"]),
        int(row["take"]),
        str(row["sha256"]),
        str(row["provider"]),
        None if job is None else str(job),
        Decimal(str(row["paid_usd"])),
        int(row["seconds"]),
        held,
        None if note is None else str(note),
    )
