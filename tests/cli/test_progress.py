"""What a render says of takes whose providers are hard to read."""

from __future__ import annotations

import time
from datetime import date

import pytest

from storyreel.cli.context import Common
from storyreel.cli.progress import Progress
from storyreel.plan.plan import Plan
from storyreel.render.events import Event, TakeParked, TakeUnread

NOON = time.mktime((2026, 11, 22, 12, 0, 5, 0, 0, -1))
CASES: list[tuple[Event, str]] = [
    (
        TakeUnread("abc", 1, "fal", "job-7", "fal answered, but not in words that can be read", NOON),
        "abc: fal has it as job-7, and nothing could be read of it since 12:00:05 (fal answered, but not in words that"
        " can be read); Ctrl-C is safe, a later run goes on",
    ),
    (TakeParked("abc", 1, "fal", "its list cannot be read", is_unknown=True), "abc: unknown: its list cannot be read"),
    (TakeParked("abc", 1, "fal", "it is not listed"), "abc: parked: it is not listed"),
]


@pytest.mark.parametrize(("event", "said"), CASES)
def test_without_v_it_is_told(capsys: pytest.CaptureFixture[str], event: Event, said: str) -> None:
    with Progress(Common(None, False, 0, "never"), Plan("film", date(2026, 10, 31), ())) as progress:
        progress.tell(event)
    assert capsys.readouterr().err == f"{said}\n"
