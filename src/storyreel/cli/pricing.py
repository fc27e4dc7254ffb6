"""Prices that the table lacks, asked of providers that name them for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyreel.cli.context import Common
    from storyreel.driver.project import Compiled, Project


def with_prices(common: Common, project: Project, one: Compiled, again: Callable[[], Compiled]) -> Compiled:
    """The board planned anew with what providers say. One that does not answer leaves the plan as it was."""
    from storyreel.driver.asking import ask_prices

    # Also of takes that are here: they may be taken again.
    parts = [part for part in one.plan.parts() if part.lowered is not None] if one.plan is not None else []
    if not parts:
        return one
    asked = asyncio.run(ask_prices(project, parts))
    for problem in asked.problems:
        common.hint(f"no price: {problem}")
    if not asked.prices and not asked.problems:
        common.hint("nobody here names prices when asked; they are those of the table and of storyreel.toml")
    return again() if asked.prices else one
