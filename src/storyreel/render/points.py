"""Places in a purchase where the power may fail: each is named, so that a test can pull the plug at every one."""

from __future__ import annotations

from collections.abc import Callable

Reached = Callable[[str], None]

COMMITS = (
    "migration",
    "warming",
    "intent",
    "sending again",
    "unsent",
    "accepted",
    "ready",
    "stored",
    "failed",
    "unknown",
    "parked",
    "adopted",
    "forgotten",
    "taken over",
    "upload",
)
"""Transactions of the journal; each has a point before and one after its commit."""

POINTS = (
    *(f"{name}: {side} commit" for name in COMMITS for side in ("before", "after")),
    "upload: leaving",
    "upload: there",
    "still: made",
    "submission: leaving",
    "submission: answered",
    "reconcile: begun",
    "reconcile: looking",
    "reconcile: seen",
    "reconcile: absent",
    "poll: leaving",
    "poll: answered",
    "download: leaving",
    "download: there",
    "download: accepted",
    "blob: before sync",
    "blob: before rename",
    "blob: after rename",
    "take: before record",
    "take: recorded",
    "voice: kept",
    "cancel: asked",
    "orphan: written",
)


def nothing(_: str) -> None:
    """What happens at a point, outside tests."""
