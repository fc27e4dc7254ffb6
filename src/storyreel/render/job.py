"""A row of the journal: one paid take from its intent to its bytes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from storyreel.base.money import Usd
from storyreel.providers.spec import Operation

State = Literal["submitting", "accepted", "ready", "stored", "failed", "unknown", "parked", "forgotten"]
OPEN: tuple[State, ...] = ("submitting", "accepted", "ready", "unknown", "parked")
"""A job that has not ended: it stands for its take, and no second one may begin."""


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
    """As it goes out."""
    price: Usd


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
    state: State
    claim: str
    run: str
    url: str
    encoding: str
    body: Mapping[str, Any]
    operation: Operation | None
    reserved: Usd
    billed: Usd | None
    """None while it is not settled."""
    reason: str | None
    message: str | None
    posts: int
    """How often its body left."""
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
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def cost(self) -> Usd:
        """What it costs as far as is known: settled, else reserved."""
        return self.reserved if self.billed is None else self.billed


def job_of(row: sqlite3.Row) -> PaidJob:
    """A row of the table `job`."""
    values = dict(row)
    operation = values.pop("operation")
    billed = values.pop("billed")
    return PaidJob(
        **{name: value for name, value in values.items() if name not in ("body", "reserved", "body_digest", "remote")},
        body=json.loads(values["body"]),
        operation=None if operation is None else Operation(values["provider"], json.loads(operation)),
        reserved=Decimal(values["reserved"]),
        billed=None if billed is None else Decimal(billed),
    )
