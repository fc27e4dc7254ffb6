"""Replicate's predictions: what they made is gone an hour after their end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from storyreel.providers.answer import Answer, failure, read_error
from storyreel.providers.attach import data_uri, kind_of, name_of, size_of
from storyreel.providers.download import Host, download
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
    Recovery,
    Started,
    Unreachable,
    Unsure,
    Uploaded,
)

KEPT_S = 3600.0
HOST = Host((".replicate.delivery",))
_SMALL = 256 * 1024
_MOST_PAGES = 60
_EARLY_S = 600.0


class Replicate:
    """`url` is the API's, without a slash at its end."""

    def __init__(self, api: Api, url: str) -> None:
        self._api = api
        self._url = url

    @property
    def name(self) -> str:
        return self._api.name

    @property
    def recovery(self) -> Recovery:
        return "listed"

    async def start(self, job: Job, /, *, claim: str) -> Started:
        """Create once; a prediction that has ended already is told by the first look at it."""
        answer = await self._api.post_once(job.url, json=job.body, hidden=words_of(job.body))
        if not isinstance(answer, Answer):
            return answer
        job_id = id_in(answer.fields, "id")
        if job_id is None:
            return Unsure(f"{self.name} took the request but named no job")
        named = {
            name: text_in(answer.data, "urls", key) for name, key in (("status_url", "get"), ("cancel_url", "cancel"))
        }
        return Operation(self.name, {**self.ticket(job.endpoint, job_id).token, **self._own(named)})

    async def poll(self, operation: Operation, /) -> Polled:
        answer = await self._api.read("GET", self._urls(operation)["status_url"])
        if isinstance(answer, Unreachable):
            return answer
        status = (text_in(answer.data, "status") or "").lower()
        if not answer.is_ok or not status:
            return self._api.unreachable(answer)
        if status == "succeeded":
            return self._done(answer)
        if status in ("failed", "canceled", "aborted"):
            return self._failed(status, answer.fields)
        return Pending(is_queued=status == "starting", retry_after=self._api.wait(answer))

    async def cancel(self, operation: Operation, /) -> None:
        """A prediction that runs is charged all the same."""
        await self._api.read("POST", self._urls(operation)["cancel_url"])

    async def find(self, job: Job, /, *, since: float, until: float) -> tuple[Operation, ...] | Unreachable:
        """Out of the list of predictions, newest first; where it holds no inputs each one is looked at."""
        url: str | None = f"{self._url}/predictions"
        query: dict[str, Any] = {"params": {"created_after": iso(since), "created_before": iso(until)}}
        found: dict[str, float] = {}
        for _ in range(_MOST_PAGES):
            if url is None:
                return tuple(self.ticket(job.endpoint, job_id) for job_id in sorted(found, key=found.__getitem__))
            answer = await self._api.read("GET", url, **query)
            if isinstance(answer, Unreachable):
                return answer
            listed = answer.fields.get("results")
            if not answer.is_ok or not isinstance(listed, list):
                return self._api.unreachable(answer)
            times = [epoch_in(entry.get("created_at")) for entry in listed if isinstance(entry, dict)]
            for entry, at in zip((e for e in listed if isinstance(e, dict)), times, strict=True):
                if at is not None and not since <= at <= until:
                    continue
                match = await self._match(entry, job)
                if isinstance(match, Unreachable):
                    return match
                if match is not None:
                    found[match] = since if at is None else at
            is_past = any(at is not None and at < since for at in times)
            url, query = None if is_past else text_in(answer.data, "next"), {}
        return Unreachable(f"{self.name} lists more jobs than can be looked through")

    def ticket(self, endpoint: str, job_id: str, /) -> Operation:
        url = f"{self._url}/predictions/{quote(job_id, safe='')}"
        return Operation(
            self.name, {"id": job_id, "endpoint": endpoint, "status_url": url, "cancel_url": f"{url}/cancel"}
        )

    async def upload(self, file: Path, digest: str, /) -> Uploaded | Failed | Unreachable:
        """Files up to 256 KiB go along inside their address."""
        if size_of(file) <= _SMALL:
            return Uploaded(data_uri(file))
        if (missing := self._api.without_key()) is not None:
            return missing
        kind = kind_of(file)
        with file.open("rb") as opened:
            parts = {"content": (name_of(digest, kind), opened, kind)}
            answer = await self._api.read("POST", f"{self._url}/files", files=parts)
        if isinstance(answer, Unreachable):
            return answer
        if not answer.is_ok:
            return self._api.refused(answer)
        url = text_in(answer.data, "urls", "get")
        if url is None:
            return self._api.unreachable(answer)
        until = epoch_in(answer.fields.get("expires_at"))
        return Uploaded(url, None if until is None else until - _EARLY_S)

    async def fetch(self, done: Done, out: Path, /) -> Fetched | Failed | Unreachable:
        return await download(self._api, done, out, host=HOST)

    async def close(self) -> None:
        await self._api.close()

    def _done(self, answer: Answer) -> Polled:
        data = answer.fields
        places: tuple[tuple[str | int, ...], ...] = ((), (0,), ("url",), ("video",))
        url = next((found for place in places if (found := text_in(data, "output", *place))), None)
        if url is None and data.get("data_removed"):
            return Failed("expired", f"{self.name} kept the film for an hour, and has removed it", is_billed=True)
        if url is None:
            return Unreachable(f"{self.name} answered without a film")
        end = epoch_in(data.get("completed_at"))
        return Done(url=url, expires_at=None if end is None else end + KEPT_S)

    def _failed(self, status: str, data: Mapping[str, Any]) -> Failed:
        said = read_error(data.get("error"))
        sentence = self._api.tidy(said.text)
        if status == "failed":
            reason = failure(said)
            # A refusal this late was found by a model that had run: it may be charged.
            return Failed(reason, f"{self.name} made no film: {sentence or 'it does not say why'}", reason == "refused")
        if status == "aborted":
            return Failed("canceled", f"{self.name} did not begin it in time; it costs nothing")
        # Only one that ran is charged.
        return Failed("canceled", f"the job was canceled at {self.name}", is_billed=bool(data.get("started_at")))

    async def _match(self, entry: Mapping[str, Any], job: Job) -> str | Unreachable | None:
        job_id = id_in(entry, "id")
        if job_id is None or (text_in(entry, "model") or job.endpoint).lower() != job.endpoint.lower():
            return None
        if entry.get("input") is None and not entry.get("data_removed"):
            answer = await self._api.read("GET", str(self.ticket(job.endpoint, job_id).token["status_url"]))
            if isinstance(answer, Unreachable):
                return answer
            if not answer.is_ok and answer.status != 404:
                return self._api.unreachable(answer)
            entry = answer.fields
        return job_id if is_same(job.body["input"], entry.get("input")) else None

    def _urls(self, operation: Operation) -> Mapping[str, str]:
        token = operation.token
        built = self.ticket(str(token.get("endpoint", "")), str(token.get("id", ""))).token
        return {**built, **self._own(token)}

    def _own(self, named: Mapping[str, Any]) -> dict[str, str]:
        """Of the addresses that were named, those where the key may go; the others are built instead."""
        names = ("status_url", "cancel_url")
        return {n: named[n] for n in names if isinstance(named.get(n), str) and self._api.owns(named[n])}
