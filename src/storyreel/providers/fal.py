"""fal's queue: the body is the model's input, a job that failed is `COMPLETED`, and its result says why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from storyreel.base.money import Usd
from storyreel.providers.answer import Answer, Said, failure, read_error
from storyreel.providers.download import Host, download
from storyreel.providers.fal_storage import LIFE_S, FalStorage
from storyreel.providers.fields import epoch_in, id_in, is_same, iso, text_in
from storyreel.providers.http import Api
from storyreel.providers.redact import words_of
from storyreel.providers.spec import (
    Done,
    Failed,
    Fetched,
    Job,
    Operation,
    Pending,
    Polled,
    Reason,
    Recovery,
    Started,
    Unreachable,
    Unsure,
    Uploaded,
)

HOST = Host((".fal.media", ".fal.run"))
# Without the second a failing endpoint would answer with another model's film.
_HEADERS = {
    "X-Fal-Object-Lifecycle-Preference": json.dumps({"expiration_duration_seconds": LIFE_S}),
    "x-app-fal-disable-fallback": "true",
}
_NAMESPACES = frozenset({"workflows", "comfy"})
_UNITLESS = "create-voice"
_MOST_PAGES = 100
_OPEN = frozenset({"IN_QUEUE", "IN_PROGRESS"})
_FINAL = frozenset({400, 413, 415, 422, 499})
"""Of the result: nothing will come of it any more."""
_EARLY = frozenset({400, 401, 403, 404, 429})
_PASSING_TYPES = frozenset(
    {
        "internal_server_error",
        "generation_timeout",
        "downstream_service_error",
        "downstream_service_unavailable",
        "request_timeout",
        "startup_timeout",
    }
)
_CANCELED_TYPES = frozenset({"client_disconnected", "client_cancelled"})


class Fal:
    """`queue`, `storage` and `platform` are URLs without a slash at their end; `unit` is what one billed unit costs."""

    def __init__(self, api: Api, queue: str, storage: str, platform: str, *, unit: Usd) -> None:
        self._api = api
        self._unit = unit
        self._queue = queue
        self._platform = platform
        self._storage = FalStorage(api, storage)

    @property
    def name(self) -> str:
        return self._api.name

    @property
    def recovery(self) -> Recovery:
        return "listed"

    async def start(self, job: Job, /, *, claim: str) -> Started:
        """Submit once. fal knows no keys of ours, so a claim is of no use to it."""
        answer = await self._api.post_once(job.url, json=job.body, headers=_HEADERS, hidden=words_of(job.body))
        if not isinstance(answer, Answer):
            return answer
        job_id = id_in(answer.fields, "request_id")
        if job_id is None:
            return Unsure(f"{self.name} took the request but named no job")
        named = {name: text_in(answer.data, name) for name in ("status_url", "response_url", "cancel_url")}
        return Operation(self.name, {**self.ticket(job.endpoint, job_id).token, **self._own(named)})

    async def poll(self, operation: Operation, /) -> Polled:
        """Where it stands; of a finished job, what came of it."""
        urls = self._urls(operation)
        answer = await self._api.read("GET", urls["status_url"])
        if isinstance(answer, Unreachable):
            return answer
        status = (text_in(answer.data, "status") or "").upper()
        if not answer.is_ok or not status:
            return self._api.unreachable(answer)
        # Whatever else it is called, the result says what came of it, or that it is too early.
        if status in _OPEN:
            return Pending(is_queued=status == "IN_QUEUE", retry_after=self._api.wait(answer))
        result = await self._api.read("GET", urls["response_url"])
        if isinstance(result, Unreachable):
            return result
        billed = self._billed(result, str(operation.token.get("endpoint", "")))
        if not result.is_ok:
            return self._ended(answer, result, is_billed=bool(billed))
        voice = text_in(result.data, "voice_id")
        url = text_in(result.data, "video", "url") or text_in(result.data, "videos", 0, "url")
        if voice is None and url is None:
            return Unreachable(f"{self.name} answered without a film")
        return Done(url=url, value=voice, billed=billed)

    async def cancel(self, operation: Operation, /) -> None:
        """It is only let go of while it waits; what has begun is made and paid."""
        await self._api.read("PUT", self._urls(operation)["cancel_url"])

    async def find(self, job: Job, /, *, since: float, until: float) -> tuple[Operation, ...] | Unreachable:
        """Out of the list of requests, which names them by their end: one that still waits may be missing."""
        # The window may be of what ended, so it stays open at its end.
        query = {"endpoint_id": job.endpoint, "start": iso(since), "expand": "payloads", "limit": "100"}
        found: dict[str, float] = {}
        for _ in range(_MOST_PAGES):
            answer = await self._api.read("GET", f"{self._platform}/models/requests/by-endpoint", params=query)
            if isinstance(answer, Unreachable):
                return answer
            listed = next(
                (answer.fields[k] for k in ("items", "requests", "data", "results") if k in answer.fields), None
            )
            if not answer.is_ok or not isinstance(listed, list):
                return self._api.unreachable(answer)
            found |= {i: at for entry in listed if (i := self._match(entry, job)) for at in [_sent(entry, since)]}
            cursor = answer.fields.get("next_cursor")
            if not cursor or answer.fields.get("has_more") is False:
                ours = sorted((at, job_id) for job_id, at in found.items() if since <= at <= until)
                return tuple(self.ticket(job.endpoint, job_id) for _, job_id in ours)
            query["cursor"] = str(cursor)
        return Unreachable(f"{self.name} lists more jobs than can be looked through")

    def ticket(self, endpoint: str, job_id: str, /) -> Operation:
        """Jobs live below owner and app; the rest of an endpoint's path is no part of their addresses."""
        steps = endpoint.strip("/").split("/")
        app = "/".join(steps[: 3 if steps[0] in _NAMESPACES else 2])
        url = f"{self._queue}/{app}/requests/{quote(job_id, safe='')}"
        named = {"status_url": f"{url}/status", "response_url": url, "cancel_url": f"{url}/cancel"}
        return Operation(self.name, {"id": job_id, "endpoint": endpoint, **named})

    async def upload(self, file: Path, digest: str, /) -> Uploaded | Failed | Unreachable:
        return await self._storage.put(file, digest)

    async def fetch(self, done: Done, out: Path, /) -> Fetched | Failed | Unreachable:
        return await download(self._api, done, out, host=HOST)

    async def close(self) -> None:
        await self._api.close()

    def _urls(self, operation: Operation) -> Mapping[str, str]:
        token = operation.token
        built = self.ticket(str(token.get("endpoint", "")), str(token.get("id", ""))).token
        return {**built, **self._own(token)}

    def _own(self, named: Mapping[str, Any]) -> dict[str, str]:
        """Of the addresses that were named, those where the key may go; the others are built instead."""
        names = ("status_url", "response_url", "cancel_url")
        return {n: named[n] for n in names if isinstance(named.get(n), str) and self._api.owns(named[n])}

    def _ended(self, status: Answer, result: Answer, *, is_billed: bool) -> Failed | Unreachable:
        types = result.said.codes | {result.headers.get("x-fal-error-type", "").lower()} - {""}
        # Told of an error, a result that says no is one; 400 may still mean that it is too early.
        is_told = bool(status.fields.get("error") or status.fields.get("error_type")) and result.status not in _EARLY
        if not (is_told or _is_final(result, types)):
            return self._api.unreachable(result)
        said = result.said if result.said.text else read_error(dict(status.fields))
        types |= said.codes
        reason = _reason(result, said, types)
        sentence = self._api.tidy(said.text) or f"it answered {result.status}"
        # A refusal this late was found by a model that had run: it may be charged.
        is_billed = is_billed or reason == "refused" or "no_media_generated" in types
        return Failed(reason, f"{self.name} made no film: {sentence}", is_billed)

    def _billed(self, result: Answer, endpoint: str) -> Decimal | None:
        if endpoint.endswith(_UNITLESS):
            return None
        units = result.headers.get("x-fal-billable-units", "")
        return Decimal(units) * self._unit if units.replace(".", "", 1).isdecimal() and units.isascii() else None

    def _match(self, entry: Any, job: Job) -> str | None:
        if not isinstance(entry, dict):
            return None
        if (text_in(entry, "endpoint_id") or job.endpoint).lower() != job.endpoint.lower():
            return None
        theirs = entry.get("json_input")
        if isinstance(theirs, str):
            try:
                theirs = json.loads(theirs)
            except ValueError:
                return None
        return id_in(entry, "request_id") if is_same(job.body, theirs) else None


def _sent(entry: Mapping[str, Any], usual: float) -> float:
    return epoch_in(entry.get("sent_at")) or epoch_in(entry.get("started_at")) or usual


def _is_final(result: Answer, types: frozenset[str]) -> bool:
    """Whether an unhappy result is the job's own end, and not a gateway's bad moment."""
    if isinstance(result.fields.get("detail"), list) and result.status not in (401, 403, 404, 429):
        return True
    if result.status in _FINAL:
        return bool(types)
    is_fals = "x-fal-request-id" in result.headers
    return result.status >= 500 and is_fals and bool(types - {"request_timeout"})


def _reason(result: Answer, said: Said, types: frozenset[str]) -> Reason:
    if said.is_policy:
        return "refused"
    if types & _CANCELED_TYPES or result.status == 499:
        return "canceled"
    if result.headers.get("x-fal-retryable") == "true" or any(
        t in _PASSING_TYPES or t.startswith("runner_") for t in types
    ):
        return "transient"
    return "invalid" if result.status < 500 else failure(said)
