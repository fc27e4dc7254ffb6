"""A result into a file, whole or not at all."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx

from storyreel.providers.address import AddressRefused, joined, media_problem, origin_of
from storyreel.providers.answer import Answer
from storyreel.providers.http import Api
from storyreel.providers.part import Part, Version
from storyreel.providers.spec import Done, Failed, Fetched, Unreachable

MOST_BYTES = 2 * 1024**3
SLOWEST = 64 * 1024
"""Bytes in `Times.slow` below which a download is broken off."""
MOST_HOPS = 3
DOUBTS = 2
"""How often more a film that is said to be gone is asked for."""
_MOVED = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({403, 404, 410})
_OTHERWISE = {False: frozenset({401, 403}), True: frozenset({400})}
"""What a server says that wants a key, or, to a key, one whose addresses are signed already."""
_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"})
_WEBM = b"\x1aE\xdf\xa3"
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)", re.ASCII)

Outcome = Fetched | Failed | Unreachable


@dataclass(frozen=True, slots=True)
class Host:
    """Whose media it is: hosts beside the API's own where a provider keeps results, `.name` for all below."""

    media: tuple[str, ...] = ()
    asks_key: bool = False
    """Results are read at the API itself, which says 403 for want of a key and 404 before they are ready."""

    def has_lost(self, api: Api, url: str, status: int) -> bool:
        """Whether it is the provider itself that says so, and what it says is that the film is gone."""
        origin = origin_of(url)
        if origin is None or status not in _GONE:
            return False
        if api.owns(url):
            return status == 410 or not self.asks_key
        # Plain http is only ever one's own network: the media of the very server that is asked.
        is_near = api.allow_private and origin.scheme == "http"
        return is_near or any(origin.host == name.lstrip(".") or origin.host.endswith(name) for name in self.media)


async def download(api: Api, done: Done, out: Path, *, host: Host, most_bytes: int = MOST_BYTES) -> Outcome:
    """Fetch `done.url`. What has arrived stays beside `out` and is continued where the server still has the same bytes.

    `expired` where the provider has removed it; whatever may pass is Unreachable. The taker checks the film itself.
    """
    if done.url is None:
        return Failed("internal", f"{api.name} named no file", is_billed=True)
    part = Part(out, done.url)
    try:
        async with asyncio.timeout(api.times.load):
            outcome = await _followed(api, done, part, host, most_bytes)
            for _ in range(DOUBTS):
                if not isinstance(outcome, Failed) or outcome.reason != "expired":
                    break
                # A film that has only just been made may not lie everywhere yet.
                await asyncio.sleep(api.times.doubt)
                outcome = await _followed(api, done, part, host, most_bytes)
    except TimeoutError:
        return Unreachable(f"the film from {api.name} takes too long to arrive; what is here is kept")
    except OSError as broken:
        return Unreachable(f"the film from {api.name} cannot be written here: {broken.strerror or 'the disk fails'}")
    if isinstance(outcome, Failed):
        part.drop()
    if isinstance(outcome, Fetched):
        part.finish()
    return outcome


async def _followed(api: Api, done: Done, part: Part, host: Host, most_bytes: int) -> Outcome:
    # A film that lies beside an API is public, as a rule: a key that is not asked for may be refused.
    url, has_key = done.url or "", host.asks_key
    for _ in range(MOST_HOPS + 1):
        problem = media_problem(url, allow_private=api.allow_private)
        if problem is not None and not (api.owns(url) and url.startswith("https:")):
            return Unreachable(f"{api.name} names an address for the film {problem}: it is not fetched")
        held = part.held()
        headers = {} if held is None else {"Range": f"bytes={held[0]}-", "If-Range": held[1].validator}
        try:
            async with api.stream(url, headers, has_key=has_key) as response:
                if response.status_code in _OTHERWISE[has_key] and has_key is host.asks_key and api.owns(url):
                    has_key = not has_key
                    continue
                if response.status_code in _MOVED and "location" in response.headers:
                    url = joined(url, response.headers["location"])
                    continue
                if response.status_code == 416 and held is not None:
                    part.drop()
                    continue
                if response.status_code not in (200, 206):
                    return _unwilling(api, response, host.has_lost(api, url, response.status_code), done)
                return await _received(api, response, part, held, most_bytes)
        except AddressRefused as refused:
            return Unreachable(f"{api.name} names an address for the film {refused}: it is not fetched")
        except httpx.DecodingError:
            part.drop()
            return Unreachable(f"the film from {api.name} came garbled")
        except (httpx.HTTPError, httpx.InvalidURL):
            return Unreachable(f"the film from {api.name} did not arrive whole; what is here is kept")
    return Unreachable(f"{api.name} sends the download on more than {MOST_HOPS} times")


async def _received(
    api: Api, response: httpx.Response, part: Part, held: tuple[int, Version] | None, most_bytes: int
) -> Outcome:
    is_coded = response.headers.get("content-encoding", "identity").lower() not in ("identity", "")
    begin, total = 0, _length(response)
    if response.status_code == 206:
        span = _RANGE.fullmatch(response.headers.get("content-range", ""))
        begin = int(span[1]) if span else -1
        total = int(span[3]) if span and span[3] != "*" else None
        if held is None or begin != held[0] or (held[1].total or total) != total:
            part.drop()
            return Unreachable(f"{api.name} sent another piece of the film than was asked for")
    if total is not None and total > most_bytes:
        return _too_large(api, most_bytes)
    version = None if is_coded else _version(response, total)
    size, is_whole = begin, False
    clock = asyncio.get_running_loop().time
    looked, seen = clock(), size
    with part.path.open("r+b" if begin else "w+b") as file:
        file.seek(begin)
        file.truncate()
        try:
            # A coded body's length is that of its code, so its pieces are decoded and not counted against it.
            async for piece in response.aiter_bytes() if is_coded else response.aiter_raw():
                size += len(piece)
                if size > most_bytes:
                    return _too_large(api, most_bytes)
                file.write(piece)
                if clock() - looked > api.times.slow:
                    if size - seen < SLOWEST:
                        return Unreachable(f"the film from {api.name} hardly moves; what is here is kept")
                    looked, seen = clock(), size
            is_whole = is_coded or total is None or size == total
        finally:
            if not is_whole:
                part.note(version)
        if not is_whole:
            return Unreachable(f"of the film from {api.name} {size} of {total} bytes arrived")
        flaw = _flaw(file, size)
    if flaw is None:
        return Fetched(size)
    part.drop()
    return Unreachable(f"what {api.name} sent is {flaw}")


def _flaw(file: BinaryIO, size: int) -> str | None:
    """Why the bytes cannot be a film: by the first ones, or because a box of an mp4 ends beyond the last."""
    file.seek(0)
    head = file.read(16)
    if head.startswith(_WEBM):
        return None
    if head[4:8] not in _BOXES:
        return f"{_disguise(head)}, not a film"
    at = 0
    while at < size:
        file.seek(at)
        start = file.read(16)
        length = int.from_bytes(start[:4], "big")
        if length == 1:
            length = int.from_bytes(start[8:16], "big")
        elif length == 0:
            length = size - at
        if len(start) < 8 or length < 8 or at + length > size:
            return "a film that is cut short"
        at += length
    return None


def _unwilling(api: Api, response: httpx.Response, is_lost: bool, done: Done) -> Failed | Unreachable:
    status = response.status_code
    is_over = done.expires_at is not None and api.now() > done.expires_at
    if is_lost or (is_over and status in _GONE):
        return Failed("expired", f"{api.name} does not keep the film any more ({status})", is_billed=True)
    headers = {name.lower(): value for name, value in response.headers.items()}
    wait = api.wait(Answer(status, headers=headers))
    return Unreachable(f"the film from {api.name} cannot be fetched ({status})", wait)


def _too_large(api: Api, most_bytes: int) -> Failed:
    return Failed("invalid", f"the film from {api.name} is larger than {most_bytes:,} bytes", is_billed=True)


def _length(response: httpx.Response) -> int | None:
    said = response.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() else None


def _version(response: httpx.Response, total: int | None) -> Version | None:
    """A weak tag says that two answers are alike, not that their bytes are: it cannot join pieces."""
    tag = response.headers.get("etag", "")
    validator = tag if tag and not tag.startswith("W/") else response.headers.get("last-modified", "")
    return Version(validator, total) if validator else None


def _disguise(head: bytes) -> str:
    start = head.lstrip().lower()
    if not start:
        return "empty"
    if start.startswith(b"#extm3u"):
        return "a playlist"
    if start.startswith(b"<"):
        return "a web page"
    return "text" if start.startswith((b"{", b"[")) else "something else"
