"""A provider that outlives its customer: what it has accepted stands in a file, whoever dies."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storyreel.base.digest import canonical_json, digest_of
from storyreel.base.money import Usd
from storyreel.providers.spec import (
    Done,
    Failed,
    Fetched,
    Job,
    NotSent,
    Operation,
    Pending,
    Polled,
    Recovery,
    Started,
    Unreachable,
    Unsure,
    Uploaded,
)
from storyreel.render.clock import Clock
from storyreel.render.points import Reached, nothing

VISIBLE_AFTER_S = 5.0
"""A job stands in the list only so long after it was accepted."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What happens to the first POST of a claim."""

    is_accepted: bool
    answer: Started | None
    """None: the ticket."""


BEHAVIOURS: Mapping[str, Behaviour] = {
    "connection refused": Behaviour(False, NotSent("connection refused")),
    "connect timeout": Behaviour(False, NotSent("nobody answered the call")),
    "429": Behaviour(False, NotSent("later", retry_after=3.0, is_throttled=True)),
    "reset before reading": Behaviour(False, Unsure("the line broke")),
    "reset after reading": Behaviour(True, Unsure("the line broke")),
    "closed after reading": Behaviour(True, Unsure("the line was closed")),
    "half a header": Behaviour(True, Unsure("the answer broke off")),
    "silence, not heard": Behaviour(False, Unsure("no answer")),
    "silence, heard": Behaviour(True, Unsure("no answer")),
    "half a body": Behaviour(True, None),
    "500 before the queue": Behaviour(False, Unsure("500")),
    "502 after the queue": Behaviour(True, Unsure("502")),
    "504 after the queue": Behaviour(True, Unsure("504")),
}
"""The thirteen ways in which a POST comes back, besides a plain ticket and a plain refusal."""


class DurableVendor:
    """Its memory is the folder. A body says what happens to it: `first` names a behaviour, `then` an ending."""

    name = "city"

    def __init__(self, folder: Path, recovery: Recovery, clock: Clock, reached: Reached = nothing) -> None:
        self._folder = folder
        self._recovery: Recovery = recovery
        self._clock = clock
        self._reached = reached
        self._polls: dict[str, int] = {}
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def recovery(self) -> Recovery:
        return self._recovery

    async def start(self, job: Job, /, *, claim: str) -> Started:
        await asyncio.sleep(0)
        self._reached("vendor: received")
        is_first = not any(row["key"] == job.key and row["take"] == job.take for row in self.rows("received"))
        self._write("received", {"key": job.key, "take": job.take, "claim": claim, "at": self._clock.wall()})
        if self._recovery == "keyed":
            for row in self.rows("accepted"):
                if row["claim"] == claim:
                    return self.ticket(job.endpoint, row["id"])
        if job.body.get("then") == "refused":
            return Failed("refused", "the words are not allowed")
        named = job.body.get("first")
        does = BEHAVIOURS[named] if named and is_first else Behaviour(True, None)
        found = None
        if does.is_accepted:
            found = f"job-{len(self.rows('accepted')) + 1}"
            row = {"id": found, "claim": claim, "body": job.body, "key": job.key, "take": job.take}
            self._write("accepted", row | {"at": self._clock.wall(), "endpoint": job.endpoint})
            self._reached("vendor: accepted")
        if does.answer is not None:
            return does.answer
        assert found is not None
        return self.ticket(job.endpoint, found)

    async def poll(self, operation: Operation, /) -> Polled:
        await asyncio.sleep(0)
        row = self._accepted(str(operation.id))
        if row is None:
            return Failed("expired", "no such job")
        count = self._polls[row["id"]] = self._polls.get(row["id"], 0) + 1
        if any(gone["id"] == row["id"] for gone in self.rows("canceled")):
            return Failed("canceled", "canceled on request")
        if row["body"].get("then") == "slow":
            return Pending(is_queued=True)
        if count == 1:
            return Pending(is_queued=True)
        if count == 2:
            return Pending(progress=0.5)
        if "voice_url" in row["body"]:
            return Done(value=f"voice of {row['body']['voice_url']}", billed=Usd("0.02"))
        return Done(url=f"https://city.test/{row['id']}.mp4", billed=Usd("0.42"), expires_at=row["at"] + 3600)

    async def cancel(self, operation: Operation, /) -> None:
        self._write("canceled", {"id": operation.id})

    async def find(self, job: Job, /, *, since: float, until: float) -> tuple[Operation, ...] | Unreachable:
        await asyncio.sleep(0)
        now, body = self._clock.wall(), canonical_json(job.body)
        return tuple(
            self.ticket(row["endpoint"], row["id"])
            for row in self.rows("accepted")
            if since <= row["at"] <= until
            and now - row["at"] >= VISIBLE_AFTER_S
            and canonical_json(row["body"]) == body
        )

    def ticket(self, endpoint: str, job_id: str, /) -> Operation:
        return Operation(self.name, {"id": job_id, "endpoint": endpoint})

    async def upload(self, file: Path, digest: str, /) -> Uploaded | Failed | Unreachable:
        await asyncio.sleep(0)
        assert digest_of(file.read_bytes()) == digest  # noqa: ASYNC240  # small
        self._write("uploads", {"digest": digest})
        return Uploaded(f"https://city.test/files/{digest}", self._clock.wall() + 86400)

    async def fetch(self, done: Done, out: Path, /) -> Fetched | Failed | Unreachable:
        await asyncio.sleep(0)
        film = self.film(str(done.url).rpartition("/")[2].removesuffix(".mp4"))
        part = out.with_name(out.name + ".part")
        with part.open("wb") as file:
            file.write(film[: len(film) // 2])
            file.flush()
            self._reached("vendor: half sent")
            file.write(film[len(film) // 2 :])
        part.replace(out)
        return Fetched(len(film))

    async def close(self) -> None: ...

    def film(self, job_id: str) -> bytes:
        """The bytes that it made for a job."""
        row = self._accepted(job_id)
        assert row is not None
        return (f"film {job_id} of {row['key']} {row['take']} " * 200).encode()

    def rows(self, log: str) -> list[dict[str, Any]]:
        try:
            return [json.loads(line) for line in (self._folder / log).read_text().splitlines()]
        except FileNotFoundError:
            return []

    def _accepted(self, job_id: str) -> dict[str, Any] | None:
        return next((row for row in self.rows("accepted") if row["id"] == job_id), None)

    def _write(self, log: str, row: Mapping[str, Any]) -> None:
        handle = os.open(self._folder / log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, (json.dumps(row) + "\n").encode())
        finally:
            os.close(handle)
