"""Runs productions in processes of their own and kills them; a process that forks is cheaper than many that start.

Reads cases as JSON lines, prints one verdict for each. A case names where each run in turn is killed: at a point, or
when the n-th point is reached; the last run is left in peace.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from storyreel.render.journal import Journal
from storyreel.render.order import Order
from tests.crash.scenario import Stage, full_disk, order, play, production
from tests.crash.verdict import problems

MOST_RUNS = 12
MEMORY = Path("/dev/shm")
"""A killed process leaves what it has written to any file system; one in memory syncs at once."""


def verdict(case: dict[str, Any]) -> dict[str, Any]:
    """Play a case to its end and judge it."""
    folder = Path(tempfile.mkdtemp(prefix="storyreel-crash-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        stage = Stage(folder, case["recovery"], case.get("resubmit", "absent"))
        if "first" in case:
            orders = tuple(order(name, {"first": case["first"]}) for name in ("one", "two"))
        else:
            orders = production(folder)
        kills, killed, found = list(case["kills"]), 0, []
        for number in range(MOST_RUNS):
            armed = kills.pop(0) if kills else None
            is_full = number == 0 and case.get("is_full", False)
            code = _in_child(partial(_run, stage, orders, armed, is_full), folder / "trace")
            if code == -signal.SIGKILL:
                killed += 1
            elif code == 0 and not kills:
                break
            elif code and not is_full:
                found.append((folder / "trace").read_text())
                break
        else:
            found.append("it does not end")
        points = (folder / "points").read_text().splitlines() if (folder / "points").exists() else []
        found += problems(stage, orders)
        states = {job.scene: job.state for job in Journal.past(stage.journal, 0.0)}
        return {"case": case, "killed": killed, "problems": found, "states": states, "points": points}
    finally:
        shutil.rmtree(folder)


def _run(stage: Stage, orders: Sequence[Order], armed: str | int | None, is_full: bool) -> None:
    seen: list[str] = []

    def reached(point: str) -> None:
        seen.append(point)
        if armed in (point, len(seen)):
            os.kill(os.getpid(), signal.SIGKILL)

    play(stage, orders, full_disk(reached) if is_full else reached, ends_at_desk=len(orders) > 2)
    (stage.folder / "points").write_text("\n".join(seen))


def _in_child(work: Callable[[], None], trace: Path) -> int:
    child = os.fork()
    if child == 0:
        _work_and_leave(work, trace)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _work_and_leave(work: Callable[[], None], trace: Path) -> NoReturn:
    try:
        work()
    except BaseException:  # noqa: BLE001  # whatever it is, it must not come back into the parent
        trace.write_text(traceback.format_exc())
        os._exit(1)
    os._exit(0)


def main() -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(verdict(json.loads(line))) + "\n")


if __name__ == "__main__":
    main()
