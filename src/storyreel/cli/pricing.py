"""Prices that the table lacks, asked of providers that name them for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyreel.cli.context import Common
    from storyreel.driver.project import Compiled, Project


def with_prices(
    common: Common, project: Project, one: Compiled, again: Callable[[], Compiled], *, is_wanted: bool
) -> Compiled:
    """The board planned anew with what providers say. Unless `is_wanted`, only what has no price is asked for.

    A provider without a key is not asked unless it is wanted; one that does not answer leaves the plan as it was.
    """
    from storyreel.driver.asking import ask_prices, unpriced

    if one.plan is None:
        return one
    parts = (
        one.plan.to_make()
        if is_wanted
        else [part for part in unpriced(one.plan.to_make()) if _is_open(project, part.provider)]
    )
    if not parts:
        return one
    asked = asyncio.run(ask_prices(project, parts))
    for problem in asked.problems:
        common.hint(f"no price: {problem}")
    if is_wanted and not asked.prices and not asked.problems:
        common.hint("nobody here names prices when asked; they are those of the table and of storyreel.toml")
    return again() if asked.prices else one


def _is_open(project: Project, name: str) -> bool:
    from storyreel.driver.asking import has_key
    from storyreel.driver.sellers import seller_of

    seller = seller_of(name, project.settings)
    return seller is not None and has_key(seller)
