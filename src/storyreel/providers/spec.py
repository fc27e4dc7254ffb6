"""The seam between storyreel and whoever makes takes: start may spend, poll never does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

Reason = Literal["refused", "invalid", "credentials", "quota", "transient", "internal", "canceled", "expired"]
"""Why there is no take: the closed list. `refused` is content policy and is never tried again."""


@dataclass(frozen=True, slots=True)
class Job:
    """One take to make: the neutral request as plain data, and the exact body that was priced."""

    key: str
    take: int
    endpoint: str
    body: Mapping[str, Any]
    """Plain JSON; for the animatic, the whole job."""
    assets: Mapping[str, str]
    """Digest to project path of every file that goes along."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A claim ticket for work in flight: plain JSON, so that a killed run can pick it up."""

    provider: str
    token: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pending:
    progress: float | None = None
    """0 to 1 where the provider says so."""


@dataclass(frozen=True, slots=True)
class Done:
    """A take is there: a file made here, or a URL to fetch."""

    file: Path | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    reason: Reason
    message: str
    """One sentence, free of keys, prompts and signed URLs."""


Status = Pending | Done | Failed


class Provider(Protocol):
    """One wire format. Failure is a value; an exception is a bug."""

    @property
    def name(self) -> str: ...

    async def start(self, job: Job, /, *, claim: str) -> Operation | Failed:
        """Begin a take; may spend, so it is called once per claim."""
        ...

    async def poll(self, operation: Operation, /) -> Status:
        """How far it is; may be asked any number of times."""
        ...

    async def cancel(self, operation: Operation, /) -> None:
        """Best effort."""
        ...
