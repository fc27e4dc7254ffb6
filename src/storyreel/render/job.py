"""A row of the journal: one paid take from its intent to its bytes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Literal

from storyreel.base.money import Usd
from storyreel.providers.spec import Operation

State = Literal["submitting", "unsent", "accepted", "ready", "stored", "failed", "unknown", "parked", "forgotten"]
OPEN: tuple[State, ...] = ("submitting", "unsent", "accepted", "ready", "unknown", "parked")
"""A job that has not ended: it stands for its take, and no second one may begin."""

FROM: Mapping[State, tuple[State, ...]] = {
    "submitting": ("unsent", "unknown", "parked"),
    "unsent": ("submitting",),
    "accepted": ("submitting", "unknown", "parked"),
    "ready": ("accepted", "ready"),
    "stored": ("accepted", "ready"),
    "failed": ("submitting", "unsent", "accepted", "ready", "unknown", "parked"),
    "unknown": ("submitting", "unknown", "parked"),
    "parked": ("submitting", "unknown", "parked"),
    "forgotten": OPEN,
}
"""Where each state is reached from; anything else is a bug, or another process was there first."""

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be asked, and what it may cost."""

    key: str
    take: int
    provider: str
    endpoint: str
    scene: str
    claim: str
    """One for a take until it ends, however often it is asked for; the idempotency key where the provider has one."""
    run: str
    """The process that asks."""
    url: str
    encoding: str
    body: Mapping[str, Any]
    """As it goes out; `asset:sha256:DIGEST` stays where the adapter sends the bytes itself."""
    price: Usd
    seconds: int = 0
    """Bought; 0 for what is no film."""
    assets: Mapping[str, str] = field(default_factory=dict)
    """Digest to project path of every file that the body named."""


@dataclass(frozen=True, slots=True)
class PaidJob:
    """Times are wall times in seconds since the epoch, for people and for providers' lists; lengths are measured."""

    number: int
    """Order of the intents."""
    key: str
    take: int
    provider: str
    endpoint: str
    scene: str
    seconds: int
    """Bought; 0 for what is no film."""
    state: State
    claim: str
    run: str
    url: str
    encoding: str
    body: Mapping[str, Any]
    assets: Mapping[str, str]
    operation: Operation | None
    reserved: Usd
    billed: Usd | None
    """None while it is not settled."""
    reason: str | None
    message: str | None
    posts: int
    """How often it may have been accepted: departures of its body, less those that certainly came to nothing."""
    intent_at: float
    posted_at: float
    """Of the last time that its body left."""
    accepted_at: float | None
    ready_at: float | None
    ended_at: float | None
    expires_at: float | None
    """Until when the provider keeps the result."""
    submit_s: float | None
    queue_s: float | None
    generate_s: float | None
    download_s: float | None
    digest: str | None
    """Of the stored bytes."""

    @property
    def ident(self) -> tuple[str, int]:
        return (self.key, self.take)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def cost(self) -> Usd:
        """What it costs as far as is known: settled, else reserved."""
        return self.reserved if self.billed is None else self.billed


def micro(amount: Usd) -> int:
    """US dollars as a whole number of millionths, half up: sums of it are exact in SQLite."""
    return int((amount * MICRO).to_integral_value(ROUND_HALF_UP))


def usd(amount: int) -> Usd:
    return Decimal(amount) / MICRO


def job_of(row: sqlite3.Row) -> PaidJob:
    """A row of the table `job`."""
    values = {name: row[name] for name in row.keys() if name not in ("body_digest", "remote")}  # noqa: SIM118  # a Row's own iteration gives values
    operation = values.pop("operation")
    reserved, billed = values.pop("reserved"), values.pop("billed")
    body, assets = values.pop("body"), values.pop("assets")
    return PaidJob(
        **values,
        body=_read(body),
        assets=_read(assets),
        operation=None if operation is None else Operation(values["provider"], json.loads(operation)),
        reserved=usd(reserved),
        billed=None if billed is None else usd(billed),
    )


@lru_cache(128)
def _read(text: str) -> Mapping[str, Any]:
    """A job is read at each of its steps, and its body stays what it was; nobody writes into one."""
    return dict(json.loads(text))
