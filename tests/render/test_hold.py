"""One process at a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from storyreel.render.hold import HeldByAnother, hold


def test_the_second_is_told_who_holds_the_project(tmp_path: Path) -> None:
    with hold(tmp_path, "render"), pytest.raises(HeldByAnother) as refused, hold(tmp_path, "watch"):
        raise AssertionError
    assert str(refused.value) == f"process {os.getpid()} (storyreel render)"


def test_a_project_let_go_can_be_held_again(tmp_path: Path) -> None:
    for _ in range(2):
        with hold(tmp_path, "render"):
            pass
