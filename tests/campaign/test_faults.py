"""Faults over every request of a purchase: each ends right, in time, paid for once, with nothing left behind."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from storyreel.render.events import TakeFailed, TakeParked
from tests.campaign.cells import OPEN, Cell, cells
from tests.campaign.rig import PRICE, Hurried, Rig, fresh, picture
from tests.emulators.faults import Fault
from tests.emulators.jobs import Schedule
from tests.emulators.stand import Stand, stand
from tests.providers.rounds import sellers

IS_FULL = os.environ.get("STORYREEL_CAMPAIGN") == "full"
ALL = tuple(cells())
SHARE = 1 if IS_FULL else 101
"""Every so manieth cell is played in the suite; the whole campaign plays them all."""
LONGEST_S = 120.0
FOR_EVER = 10_000


@pytest.fixture(scope="module")
def shared() -> Iterator[Stand]:
    with stand(schedule=Schedule(1, 2), scale=0.1, is_film_fixed=True, clock=Hurried()) as found:
        yield found


def play(shared: Stand, cell: Cell, folder: Path) -> tuple[str, list[str]]:
    """How the first run ended, and everything that is wrong."""
    fresh(shared)
    folder.mkdir()
    picture(folder)
    # A job that may be left open is soon left alone; any other has all the time that a busy machine needs.
    deadline = 120.0 if cell.ends & OPEN else 3600.0
    rig = Rig(shared, sellers(shared)[cell.name], folder, deadline=deadline, ceiling=PRICE[cell.name])
    order = rig.order("A lamp in the rain.", has_picture=cell.phase == "upload")
    vendor = shared.vendors[cell.name]
    host = shared.media if cell.phase == "download" else vendor
    if cell.phase == "list":
        vendor.faults.add("submit", Fault("close", seen=True))
    host.faults.add(cell.phase, cell.fault, times=FOR_EVER if cell.is_lasting else 1)
    began = time.monotonic()
    said = rig.buy([order])
    took = time.monotonic() - began
    last = rig.last(order)
    told = [event for event in said if isinstance(event, TakeFailed | TakeParked)]
    reasons = [event.reason for event in told if isinstance(event, TakeFailed)]
    end = (
        f"failed: {reasons[0]}"
        if reasons and (last is None or last.state == "failed")
        else last.state
        if last
        else "none"
    )
    wrong = rig.problems([order], is_over=False)
    wrong += [] if end in cell.ends else [f"ended as {end}, not as {' or '.join(sorted(cell.ends))}"]
    wrong += [] if took < LONGEST_S else [f"took {took:.0f} s"]
    wrong += [] if host.faults.spent else ["the fault was never met"]
    wrong += [] if end == "stored" or told else ["nobody was told"]
    wrong += [f"unclear: {event.message!r}" for event in told if not is_clear(event.message)]
    host.faults.clear()
    if end != "stored" and not end.startswith("failed"):
        rig.deadline = 3600.0
        rig.buy([order])
        last = rig.last(order)
        state = "none" if last is None else last.state
        is_settled = state == "stored" or (state == "parked" and end in ("parked", "unknown"))
        wrong += [] if is_settled else [f"afterwards: {state} {last and last.reason} {last and last.message}"]
    wrong += rig.problems([order])
    return f"{end} in {took:.1f} s" + "".join(f"; {event.message}" for event in told[:1]), wrong


def is_clear(message: str) -> bool:
    """A sentence for people: no addresses with what is signed into them, no names of classes, not too long."""
    return 8 < len(message) < 600 and not re.search(r"X-Amz|Traceback|Error\(|\bhttpx\b|0x[0-9a-f]{6}|\{|\}", message)


@pytest.mark.parametrize("part", range(1 if IS_FULL else 2))
def test_each_fault_ends_right(shared: Stand, tmp_path: Path, part: int) -> None:
    names, broken = count(), []
    parts = 1 if IS_FULL else 2
    chosen = os.environ.get("STORYREEL_CELLS", "")
    for cell in [each for each in ALL if chosen in str(each)][:: 1 if chosen else SHARE][part::parts]:
        how, wrong = play(shared, cell, tmp_path / str(next(names)))
        if IS_FULL or chosen:
            sys.stdout.write(f"{'WRONG' if wrong else 'ok   '} {cell!s:50} {how} {wrong or ''}\n")
            sys.stdout.flush()
        broken += [(str(cell), how, wrong)] if wrong else []
    assert broken == []
