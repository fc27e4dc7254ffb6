"""Servers with OpenAI's videos API, or a shape like it: create, look, fetch, delete."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from storyreel.base.digest import digest_of
from storyreel.base.money import Usd
from storyreel.providers.address import joined
from storyreel.providers.answer import Answer, failure, read_error, refusal
from storyreel.providers.attach import data_uri, kind_of, name_of
from storyreel.providers.download import Host, download
from storyreel.providers.fields import epoch_in, id_in, text_in, usd_in
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

HOST = Host((".lumenfall.ai",), asks_key=True)
_LONGEST_KEY = 256
_MOCK = {"X-Lumenfall-Replay": "mock"}
_COMPLETED = frozenset({"completed", "succeeded", "success"})
_ENDED: Mapping[str, Reason] = {
    "failed": "internal", "failure": "internal", "error": "internal", "cancelled": "canceled", "canceled": "canceled",
    "deleted": "canceled", "expired": "expired",
}  # fmt: skip
_PLACES: tuple[tuple[str | int, ...], ...] = (
    ("output", "url"), ("output",), ("output", 0, "url"), ("video_url",), ("video", "url"), ("data", 0, "url"),
    ("url",),
)  # fmt: skip


class OpenAIVideos:
    """`url` is the API's, without a slash at its end. `is_keyed`: the server takes claims as idempotency keys.
    `sends_bytes`: files go along as parts of a form. `has_dry_run`: it prices a request without making it.
    `is_mock`: films are made up, for nothing; such a one must never be kept as a take."""

    def __init__(
        self,
        api: Api,
        url: str,
        *,
        is_keyed: bool,
        sends_bytes: bool,
        has_dry_run: bool = False,
        is_mock: bool = False,
    ) -> None:
        self._api = api
        self._url = url
        self._is_keyed = is_keyed
        self._sends_bytes = sends_bytes
        self._has_dry_run = has_dry_run
        self._headers = _MOCK if is_mock else {}

    @property
    def name(self) -> str:
        return self._api.name

    @property
    def recovery(self) -> Recovery:
        return "keyed" if self._is_keyed else "blind"

    async def start(self, job: Job, /, *, claim: str) -> Started:
        """Create a video; where the server takes keys, the claim is one and the same video comes back for it."""
        body = dict(job.body)
        if self._is_keyed:
            body["idempotency_key"] = claim if len(claim) <= _LONGEST_KEY else digest_of(claim.encode())
        hidden = words_of(body)
        if job.encoding == "multipart":
            answer = await self._api.post_once(
                job.url, headers=self._headers, hidden=hidden, files=_parts(body, job.files)
            )
        else:
            answer = await self._api.post_once(job.url, headers=self._headers, hidden=hidden, json=body)
        if not isinstance(answer, Answer):
            return answer
        job_id = id_in(answer.fields, "id", "task_id", "video_id")
        if job_id is None:
            return Unsure(f"{self.name} took the request but named no job")
        token = dict(self.ticket(job.endpoint, job_id).token)
        seconds = answer.fields.get("seconds")
        if isinstance(seconds, str | int | float) and str(seconds) != str(body.get("seconds", seconds)):
            # Some servers shorten a film without a word: what they mean to make stands beside the job.
            token["seconds"] = seconds
        return Operation(self.name, token)

    async def poll(self, operation: Operation, /) -> Polled:
        video = self._video(operation)
        answer = await self._api.read("GET", video)
        if isinstance(answer, Unreachable):
            return answer
        status = (text_in(answer.data, "status") or "").lower()
        if not answer.is_ok or not status:
            return self._api.unreachable(answer)
        if status in _ENDED:
            return self._failed(_ENDED[status], answer.fields)
        if status not in _COMPLETED:
            return Pending(_progress(answer.fields), status in ("queued", "pending"), self._wait(answer))
        url = next((url for place in _PLACES if (url := text_in(answer.data, *place))), None)
        if url is None and answer.fields.get("error"):
            return Unreachable(f"{self.name} calls it completed, and names an error")
        # An address without a host is one of its own; without any, the film is read at the API itself.
        url = f"{video}/content" if url is None else joined(f"{self._url}/", url)
        return Done(url=url, billed=_cost(answer.fields), expires_at=epoch_in(answer.fields.get("expires_at")))

    async def cancel(self, operation: Operation, /) -> None:
        await self._api.read("DELETE", self._video(operation))

    async def find(self, job: Job, /, *, since: float, until: float) -> tuple[Operation, ...] | Unreachable:
        """Nothing: such servers keep no list that repeats what was asked of them."""
        return ()

    async def price(self, job: Job, /) -> Usd | Failed | Unreachable:
        """US dollars that this very request would cost, without making it; asked once, and only where that is known."""
        if not self._has_dry_run:
            return Failed("invalid", f"{self.name} is not known to price a request without making it")
        if (missing := self._api.without_key()) is not None:
            return missing
        answer = await self._api.read("POST", job.url, params={"dryRun": "true"}, json=job.body)
        if isinstance(answer, Unreachable):
            return answer
        if not answer.is_ok:
            sentence = self._api.sentence(answer, words_of(job.body))
            return (
                Failed(refusal(answer.status, answer.said), sentence) if answer.status < 500 else Unreachable(sentence)
            )
        micros = usd_in(answer.fields.get("total_cost_micros"))
        is_usd = str(answer.fields.get("currency", "USD")).upper() == "USD"
        if answer.fields.get("estimated") is not True or micros is None or not is_usd:
            made = id_in(answer.fields, "id")
            if made is not None:
                return Failed("internal", f"{self.name} took a question for an order: it may charge for the job {made}")
            return self._api.unreachable(answer)
        return micros / Decimal(1_000_000)

    def ticket(self, endpoint: str, job_id: str, /) -> Operation:
        return Operation(self.name, {"id": job_id, "endpoint": endpoint})

    async def upload(self, file: Path, digest: str, /) -> Uploaded | Failed | Unreachable:
        """There is nowhere to put a file: it goes along with the request, as a part of it or inside its address."""
        return Uploaded(None if self._sends_bytes else data_uri(file))

    async def fetch(self, done: Done, out: Path, /) -> Fetched | Failed | Unreachable:
        return await download(self._api, done, out, host=HOST)

    async def close(self) -> None:
        await self._api.close()

    def _video(self, operation: Operation) -> str:
        return f"{self._url}/videos/{quote(str(operation.token.get('id', '')), safe='')}"

    def _failed(self, usual: Reason, data: Mapping[str, Any]) -> Failed:
        cost = _cost(data)
        is_billed = cost is not None and cost > 0
        if usual == "expired":
            return Failed("expired", f"{self.name} does not keep the film any more", is_billed=True)
        if usual == "canceled":
            return Failed("canceled", f"the job was canceled at {self.name}", is_billed)
        said = read_error(data.get("error"))
        sentence = self._api.tidy(said.text, words_of(data.get("prompt"))) or "it does not say why"
        return Failed(failure(said), f"{self.name} made no film: {sentence}", is_billed)

    def _wait(self, answer: Answer) -> float | None:
        millis = answer.headers.get("openai-poll-after-ms", "")
        return min(int(millis) / 1000, 300.0) if millis.isascii() and millis.isdigit() else self._api.wait(answer)


def _parts(body: Mapping[str, Any], files: Mapping[str, Path]) -> list[tuple[str, Any]]:
    """A form: a field that is a file's placeholder carries its bytes, one that holds it inside carries a data URI."""
    parts: list[tuple[str, Any]] = []
    for name, value in body.items():
        file = files.get(value)
        if file is not None:
            kind = kind_of(file)
            parts.append((name, (name_of(digest_of(value.encode()), kind), file.read_bytes(), kind)))
            continue
        text = str(value)
        for placeholder, inner in files.items():
            if placeholder in text:
                text = text.replace(placeholder, data_uri(inner))
        parts.append((name, (None, text)))
    return parts


def _progress(data: Mapping[str, Any]) -> float | None:
    value = data.get("progress")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        return None
    return value / 100


def _cost(data: Mapping[str, Any]) -> Usd | None:
    said = data.get("metadata")
    if not isinstance(said, dict) or str(said.get("cost_currency") or "USD").upper() != "USD":
        return None
    return usd_in(said.get("cost"))
