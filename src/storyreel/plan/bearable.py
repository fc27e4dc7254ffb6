"""Errors that do not keep a film from being planned, so that what planning finds is told in the same run."""

from __future__ import annotations

from collections.abc import Iterable

from storyreel.base.diagnostic import Diagnostic

_BEARABLE = frozenset({"SR104", "SR114", "SR115", "SR116", "SR120", "SR124", "SR127", "SR128", "SR129", "SR133"})
"""Names, elements, speakers, shapes and files: the scenes, their order and their shots are sound all the same."""


def is_plannable(found: Iterable[Diagnostic]) -> bool:
    """Whether planning says something true in spite of the errors so far."""
    return all(d.code in _BEARABLE for d in found if d.is_error)


def not_told_yet(planned: Iterable[Diagnostic], found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """What planning found, without what stands where an error was told already: that would say it twice."""
    told = {d.span for d in found if d.is_error}
    return tuple(d for d in planned if d.span not in told)
