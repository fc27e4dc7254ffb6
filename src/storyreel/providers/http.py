"""One provider's API over HTTP: a paid POST leaves once, and the key goes to the configured origins alone."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from storyreel.providers.address import AddressRefused, media_problem, origin_of
from storyreel.providers.answer import REFUSALS, Answer, refusal
from storyreel.providers.broken import NOT_SENT, RequestRefused, TooLong, in_words, phrase
from storyreel.providers.key import Key, KeyMissing
from storyreel.providers.network import Resolve, resolve
from storyreel.providers.redact import redact
from storyreel.providers.spec import Failed, NotSent, Unreachable, Unsure
from storyreel.providers.transport import CheckedTransport

LARGEST_ANSWER = 10 * 1024 * 1024
"""Bytes of JSON."""
_LOADS = frozenset({"content", "files"})
_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "Connection": "keep-alive", "User-Agent": "storyreel"}

# They print whole addresses, with what is signed into them.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Times:
    """Longest waits in seconds."""

    connect: float = 10.0
    write: float = 30.0
    read: float = 60.0
    """Between two pieces of an answer."""
    whole: float = 300.0
    """For one request with its answer, downloads and uploads aside."""
    load: float = 1800.0
    """For one download or upload."""
    doubt: float = 1.0
    """Before a film that is said to be gone is asked for again."""
    slow: float = 30.0
    """After which a download is looked at: one that hardly moves is broken off."""


class Api:
    """A provider's API at `bases` (URLs); their origins are the only ones that see its key."""

    def __init__(
        self,
        name: str,
        bases: Iterable[str],
        key: Key,
        *,
        allow_private: bool = False,
        times: Times | None = None,
        now: Callable[[], float] = time.time,
        resolve: Resolve = resolve,
    ) -> None:
        self.name = name
        self.allow_private = allow_private
        self.times = times or Times()
        self.now = now
        self._key = key
        self._origins = frozenset(origin for base in bases if (origin := origin_of(base)) is not None)
        self._resolve = resolve
        self._transports: dict[bool, CheckedTransport] = {}

    def owns(self, url: str) -> bool:
        """Whether an address that was named to us is at one of the configured origins."""
        return origin_of(url) in self._origins

    def without_key(self) -> Failed | None:
        """Why nothing can be asked here at all; None where there is a key, or none is needed."""
        try:
            _ = self._key.authorization
        except KeyMissing as missing:
            return None if self.allow_private else Failed("credentials", str(missing))
        return None

    def tidy(self, text: str, hidden: Iterable[str] = ()) -> str:
        """A stranger's words, fit to print."""
        return redact(text, [*self._key.spellings, *hidden])

    def wait(self, answer: Answer) -> float | None:
        return answer.wait(self.now)

    async def post_once(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        hidden: Iterable[str] = (),
        **body: Any,
    ) -> Answer | Failed | NotSent | Unsure:
        """Send a paid request, once. An Answer is 2xx with a JSON object; `hidden` are words that no message repeats.

        `body` is what httpx takes: `json`, or `data` and `files`.
        """
        try:
            request = self._request("POST", url, headers, has_key=True, **body)
        except KeyMissing as missing:
            return Failed("credentials", str(missing))
        except RequestRefused as refused:
            return Failed("invalid", str(refused))
        try:
            async with asyncio.timeout(self.times.whole):
                answer = await self._whole(request, keep_alive=False)
        except NOT_SENT as failed:
            return NotSent(f"{self.name} cannot be reached ({in_words(failed)})")
        except AddressRefused as refused:
            return Failed(
                "invalid", f"{request.url.host} leads to an address {refused}; `allow_private` would allow it"
            )
        except (httpx.HTTPError, TimeoutError, TooLong) as failed:
            return Unsure(f"{self.name} may have taken the request: the answer did not arrive ({in_words(failed)})")
        return self._started(answer, list(hidden))

    async def read(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, has_key: bool = True, **body: Any
    ) -> Answer | Unreachable:
        """A request that costs nothing and may be repeated; every status is an Answer."""
        try:
            request = self._request(method, url, headers, has_key=has_key, **body)
            async with asyncio.timeout(self.times.load if _LOADS & body.keys() else self.times.whole):
                return await self._whole(request, keep_alive=True)
        except (KeyMissing, RequestRefused) as refused:
            return Unreachable(str(refused))
        except AddressRefused as refused:
            host = getattr(origin_of(url), "host", "")
            return Unreachable(f"{host} leads to an address {refused}; `allow_private` would allow it")
        except (httpx.HTTPError, TimeoutError, TooLong) as failed:
            return Unreachable(f"{self.name} cannot be read ({in_words(failed)})")

    @asynccontextmanager
    async def stream(
        self, url: str, headers: Mapping[str, str], *, has_key: bool = False
    ) -> AsyncIterator[httpx.Response]:
        """GET a result; `has_key`: the key goes along to a configured origin, and never elsewhere.

        Raises AddressRefused and what httpx raises.
        """
        request = self._built("GET", url, headers)
        if has_key and self.owns(url):
            try:
                request.headers["Authorization"] = self._key.authorization
            except KeyMissing:
                # What is public can be read without one; what is not answers 401.
                request.headers.pop("Authorization", None)
        response = await self._transport(keep_alive=True).handle_async_request(request)
        try:
            yield response
        finally:
            await response.aclose()

    def unreachable(self, answer: Answer) -> Unreachable:
        """A read that was answered, but not with what was asked for."""
        if answer.is_ok:
            return Unreachable(f"{self.name} answered, but not in words that can be read", self.wait(answer))
        return Unreachable(self.sentence(answer), self.wait(answer))

    def refused(self, answer: Answer) -> Failed | Unreachable:
        """What became of a free request that was answered with other than 2xx."""
        if answer.status in REFUSALS and answer.status not in (404, 405, 410):
            return Failed(refusal(answer.status, answer.said), self.sentence(answer))
        return self.unreachable(answer)

    def sentence(self, answer: Answer, hidden: Iterable[str] = ()) -> str:
        """`fal answered 422: duration: ...`, or the status in words where nothing was said."""
        said = self.tidy(answer.said.text, hidden)
        return f"{self.name} answered {answer.status}: {said or phrase(answer.status)}"

    async def close(self) -> None:
        transports = tuple(self._transports.values())
        self._transports.clear()
        for transport in transports:
            await transport.aclose()

    def _started(self, answer: Answer, hidden: list[str]) -> Answer | Failed | NotSent | Unsure:
        if answer.is_ok:
            if answer.fields:
                return answer
            return Unsure(f"{self.name} answered {answer.status}, but not in words that can be read")
        said, sentence = answer.said, self.sentence(answer, hidden)
        if answer.status == 429:
            if refusal(429, said) == "quota":
                return Failed("quota", sentence)
            return NotSent(sentence, retry_after=self.wait(answer), is_throttled=True)
        if answer.status in REFUSALS:
            return Failed(refusal(answer.status, said), sentence)
        if 300 <= answer.status < 400:
            return Failed("invalid", f"{self.name} sends the request elsewhere ({answer.status}): check its address")
        return Unsure(f"{sentence}; it may have taken the request")

    def _request(
        self, method: str, url: str, headers: Mapping[str, str] | None, *, has_key: bool, **body: Any
    ) -> httpx.Request:
        if has_key and not self.owns(url):
            raise RequestRefused(f"{self.name} names an address that is not its own, so its key is not sent there")
        problem = media_problem(url, allow_private=self.allow_private)
        if problem is not None and not (self.owns(url) and url.startswith("https:")):
            raise RequestRefused(f"{self.name} has an address {problem}; `allow_private` would allow plain http")
        try:
            request = self._built(method, url, headers, **body)
        except httpx.InvalidURL as invalid:
            raise RequestRefused(f"{self.name} has an address that cannot be read") from invalid
        if has_key:
            try:
                request.headers["Authorization"] = self._key.authorization
            except KeyMissing:
                # A server in one's own network may ask for none.
                if not self.allow_private:
                    raise
        return request

    async def _whole(self, request: httpx.Request, *, keep_alive: bool) -> Answer:
        response = await self._transport(keep_alive=keep_alive).handle_async_request(request)
        try:
            parts, size = [], 0
            async for part in response.aiter_bytes():
                size += len(part)
                if size > LARGEST_ANSWER:
                    raise TooLong("the answer is too long")
                parts.append(part)
        finally:
            await response.aclose()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, _json(b"".join(parts)), headers)

    def _built(self, method: str, url: str, headers: Mapping[str, str] | None, **body: Any) -> httpx.Request:
        """As httpx's client would, without what it keeps between requests: cookies, redirects, a proxy."""
        times = self.times
        waits = httpx.Timeout(times.read, connect=times.connect, write=times.write, pool=times.connect)
        return httpx.Request(
            method, url, headers={**_HEADERS, **(headers or {})}, extensions={"timeout": waits.as_dict()}, **body
        )

    def _transport(self, *, keep_alive: bool) -> CheckedTransport:
        found = self._transports.get(keep_alive)
        if found is None:
            found = self._transports[keep_alive] = CheckedTransport(
                allow_private=self.allow_private, keep_alive=keep_alive, resolve=self._resolve
            )
        return found


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
