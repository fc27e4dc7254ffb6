"""The seam between storyreel and whoever makes takes: `start` may spend, nothing else does. Failure is a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from storyreel.base.money import Usd

Reason = Literal["refused", "invalid", "credentials", "quota", "transient", "internal", "canceled", "expired"]
"""Why there is no take: the closed list. `refused` is content policy and is never tried again."""

Recovery = Literal["keyed", "listed", "blind"]
"""What settles an unanswered start: the same key again, a look into the provider's list, or a person."""


@dataclass(frozen=True, slots=True)
class Job:
    """One take to make: the exact body that was priced, as plain JSON."""

    key: str
    take: int
    endpoint: str
    body: Mapping[str, Any]
    """For the animatic, the whole job; for others what goes out, with every file's address in place."""
    assets: Mapping[str, str]
    """Digest to project path of every file that goes along."""
    url: str = ""
    """Where the body goes."""
    encoding: str = "json"
    """`json` or `multipart`."""
    files: Mapping[str, Path] = field(default_factory=dict)
    """Placeholder in the body to the file that stands for it, where an adapter sends the bytes itself."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A claim ticket for work in flight: plain JSON, so that a killed run can pick it up."""

    provider: str
    token: Mapping[str, Any]
    """Of a paid job, `id` is what its provider calls it; the addresses that it named stand beside it."""

    @property
    def id(self) -> str | None:
        found = self.token.get("id")
        return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no take, and there will be none of this start."""

    reason: Reason
    message: str
    """One sentence, free of keys, prompts and signed URLs."""
    is_billed: bool = False
    """True where the provider charges for it all the same."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """Nothing was accepted, for certain: the same start may be made again."""

    message: str
    retry_after: float | None = None
    """Seconds that the provider asks for."""
    is_throttled: bool = False
    """True where the provider is there and said: later."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Nobody can say yet whether the provider has accepted the start; it must not be made again blindly."""

    message: str


Started = Operation | Failed | NotSent | Unsure


@dataclass(frozen=True, slots=True)
class Pending:
    progress: float | None = None
    """0 to 1 where the provider says so."""
    is_queued: bool = False
    """True while it waits for its turn there."""
    retry_after: float | None = None
    """Seconds that the provider asks to wait before the next look."""


@dataclass(frozen=True, slots=True)
class Done:
    """A take is there: a file made here, a URL to fetch, or the words that were asked for."""

    file: Path | None = None
    url: str | None = None
    value: str | None = None
    """The answer itself, where it is no film: the id of a voice."""
    billed: Usd | None = None
    """What the provider says that it costs; None where it does not say."""
    expires_at: float | None = None
    """Wall time, seconds since the epoch, until which the provider keeps it."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A read failed: the job stands as it stood, and is asked about again."""

    message: str
    retry_after: float | None = None


Status = Pending | Done | Failed
Polled = Pending | Done | Failed | Unreachable


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file where a provider can read it."""

    url: str | None
    """None where the adapter sends the bytes with the request itself."""
    expires_at: float | None = None
    """Wall time until which it lies there; None where the address holds the bytes or the life is not known."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A result on disk, whole as far as lengths tell."""

    size: int
    """Bytes."""


class Provider(Protocol):
    """One wire format. An exception is a bug."""

    @property
    def name(self) -> str: ...

    async def start(self, job: Job, /, *, claim: str) -> Started:
        """Begin a take; may spend: once per claim, unless nothing was accepted or the provider takes claims as keys."""
        ...

    async def poll(self, operation: Operation, /) -> Polled:
        """How far it is; may be asked any number of times."""
        ...

    async def cancel(self, operation: Operation, /) -> None:
        """Best effort."""
        ...


@runtime_checkable
class Quoting(Protocol):
    """A vendor that may price a request without making it."""

    async def price(self, job: Job, /) -> Usd | Failed | Unreachable:
        """US dollars of a start with this job; starts nothing."""
        ...


class Vendor(Provider, Protocol):
    """A provider across the network, for money."""

    @property
    def recovery(self) -> Recovery: ...

    async def find(self, job: Job, /, *, since: float, until: float) -> tuple[Operation, ...] | Unreachable:
        """Jobs with this very body that were accepted between two wall times, oldest first; `listed` vendors alone."""
        ...

    def ticket(self, endpoint: str, job_id: str, /) -> Operation:
        """The operation of a job whose id a person knows."""
        ...

    async def upload(self, file: Path, digest: str, /) -> Uploaded | Failed | Unreachable:
        """Put a file where the provider can read it; free, so it may be repeated."""
        ...

    async def fetch(self, done: Done, out: Path, /) -> Fetched | Failed | Unreachable:
        """Bring a result into `out`; a part that is there already may be continued. `expired` where it is gone."""
        ...

    async def close(self) -> None: ...
