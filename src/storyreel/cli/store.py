"""`store`: what lies there, whether it is whole, and what may go."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from storyreel.cli.context import DONE, HELD, INTEGRITY, USAGE, Common, Stop

if TYPE_CHECKING:
    from storyreel.driver.clearing import Cleared
    from storyreel.driver.project import Project
    from storyreel.driver.verifying import Damage, Verified


def verify(common: Common, sample: float | None, as_json: bool) -> int:
    """Look at every stored file; exit 8 where something that was paid for is damaged and could not be mended."""
    from storyreel.driver.verifying import verified

    if sample is not None and not 0 < sample <= 100:
        raise Stop(USAGE, "--sample is a percentage, more than 0 and at most 100")
    with _held(common, "store verify") as project:
        found = asyncio.run(verified(project, sample))
    if as_json:
        print(json.dumps(_verified_document(found), indent=2, ensure_ascii=False))
    else:
        _print_verified(common, found)
    return DONE if found.is_sound else INTEGRITY


def gc(common: Common, older_than: float | None, is_dry: bool, as_json: bool) -> int:
    """Remove what nobody needs; a paid take only with `--older-than`."""
    from storyreel.driver.clearing import cleared

    if older_than is not None and older_than < 0:
        raise Stop(USAGE, "--older-than is a number of days")
    with _held(common, "store gc") as project:
        found = cleared(project, older_than, is_dry=is_dry)
    for sentence in found.kept:
        common.hint(sentence)
    if as_json:
        print(json.dumps(_cleared_document(found, is_dry), indent=2, ensure_ascii=False))
    else:
        _print_cleared(found, is_dry)
    return DONE


def stats(common: Common, as_json: bool) -> int:
    """Print how much of what is in the store."""
    from storyreel.base.money import usd_label, usd_text
    from storyreel.driver.contents import contents

    found = contents(common.open())
    if as_json:
        document = {
            "store": found.folder,
            "kinds": {name: {"files": one.files, "bytes": one.size} for name, one in found.kinds.items()},
            "bytes": found.size,
            "paid_usd": usd_text(found.paid),
        }
        print(json.dumps(document, indent=2, ensure_ascii=False))
        return DONE
    print(found.folder)
    for name, one in found.kinds.items():
        paid = f"  {usd_label(found.paid)}" if name == "bought takes" and one.files else ""
        print(f"  {name:<16} {one.files:>7}  {_size(one.size):>10}{paid}")
    print(f"  {'in all':<16} {'':>7}  {_size(found.size):>10}")
    return DONE


@contextmanager
def _held(common: Common, doing: str) -> Iterator[Project]:
    from storyreel.driver.locks import LockRefused
    from storyreel.driver.sellers import UnknownProvider
    from storyreel.render.hold import HeldByAnother, hold
    from storyreel.render.tables import JournalRefused

    project = common.open()
    try:
        with hold(project.work, doing):
            yield project
    except HeldByAnother as held:
        raise Stop(HELD, f"{held} is working in this project; try again when it is done") from None
    except (LockRefused, JournalRefused) as refused:
        raise Stop(INTEGRITY, str(refused)) from None
    except UnknownProvider as unknown:
        raise Stop(USAGE, str(unknown)) from None


def _verified_document(found: Verified) -> dict[str, Any]:
    return {
        "is_sound": found.is_sound,
        "hashed": found.hashed,
        "takes": found.takes,
        "dropped": found.dropped,
        "absent": found.absent,
        "damages": [
            {
                "kind": one.kind,
                "name": one.name,
                "message": one.message,
                "is_mended": one.is_mended,
                "scenes": list(one.scenes),
            }
            for one in found.damages
        ],
    }


def _print_verified(common: Common, found: Verified) -> None:
    from storyreel.base.report import printable

    for one in found.damages:
        print(printable(f"{'mended' if one.is_mended else 'error'}: {_damage(one)}"))
    if found.dropped:
        common.hint(f"{found.dropped} broken free results dropped; they are made again when they are wanted")
    if found.absent:
        common.hint(f"{found.absent} takes that locks name are not here")
    print(f"{found.hashed} files read, {found.takes} takes: {'all is well' if found.is_sound else 'damaged'}")


def _damage(one: Damage) -> str:
    where = f" ({', '.join(one.scenes)})" if one.scenes else ""
    return f"{one.name}{where}: {one.message}"


def _cleared_document(found: Cleared, is_dry: bool) -> dict[str, Any]:
    from storyreel.base.money import usd_text

    return {
        "is_dry_run": is_dry,
        "bytes": found.size,
        "gone": [
            {
                "kind": one.kind,
                "name": one.name,
                "bytes": one.size,
                "age_days": round(one.age_s / 86_400, 2),
                "reason": one.reason,
                "paid_usd": usd_text(one.paid),
            }
            for one in found.gone
        ],
        "kept": found.kept,
    }


def _print_cleared(found: Cleared, is_dry: bool) -> None:
    from storyreel.base.money import usd_label
    from storyreel.base.report import printable

    for one in found.gone:
        if one.kind == "take":
            print(printable(f"{one.name}, paid {usd_label(one.paid)}, {one.age_s / 86_400:.0f} days: {one.reason}"))
    count: Counter[str] = Counter(one.kind for one in found.gone)
    names = {
        "take": "bought takes",
        "panel": "panels",
        "shelf": "free results",
        "bytes": "files that nothing names",
        "request": "kept requests",
        "damaged": "damaged files",
        "leftover": "leftovers",
    }
    told = ", ".join(f"{count[kind]} {name}" for kind, name in names.items() if count[kind])
    print(f"{'would remove' if is_dry else 'removed'} {told or 'nothing'}" + (f", {_size(found.size)}" if told else ""))


def _size(count: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"
