"""The faults themselves: answers that replace the true one, changes of the true one, and ways to break off."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.types import Receive, Scope, Send

from tests.emulators import films
from tests.emulators.films import Film


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail. `kind` is a name out of `faults.KINDS`."""

    kind: str
    seen: bool = False
    """True: the server behind has done what it was asked for, and only its answer is spoiled."""
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """In place of the provider's usual words for `status`."""
    at: float = 0.5
    """Where a body is cut: a share of it."""
    location: str = ""
    """Of a redirect, empty is the same address once more; of foreign addresses, the origin that they get."""
    seconds: float | None = None
    """Between two bytes of a drip, 0.05 unless told; that a silence lasts at most, 60 unless told."""

    def __post_init__(self) -> None:
        if not any(self.kind in kinds for kinds in (REPLACED, CHANGED, ENDINGS)):
            raise ValueError(f"there is no fault called {self.kind}")

    @property
    def needs_answer(self) -> bool:
        return self.kind in ("cut", "cut_without_length", "gzip", "length_too_long", "length_too_short", "drip")


@dataclass(slots=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def without(self, *names: str) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.headers if name.lower() not in names]

    async def send(self, send: Send, *, keep_length: bool = False) -> None:
        headers = (
            self.headers if keep_length else [*self.without("content-length"), ("content-length", f"{len(self.body)}")]
        )
        await self.start(send, headers)
        await send({"type": "http.response.body", "body": self.body})

    async def start(self, send: Send, headers: list[tuple[str, str]]) -> None:
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})

    def head(self, length: int | None) -> bytes:
        """The status line and headers as bytes on the wire; without a length the end of the line is the end."""
        lines = [f"HTTP/1.1 {self.status} X", *(f"{name}: {value}" for name, value in self.without("content-length"))]
        lines += ["connection: close", *([] if length is None else [f"content-length: {length}"])]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


JSON = ("content-type", "application/json")
HTML = ("content-type", "text/html")
_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"
_PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"


def _status(fault: Fault, usual: bytes) -> Answer:
    return Answer(fault.status, [JSON, *fault.headers.items()], usual if fault.body is None else fault.body)


def _fixed(status: int, kind: tuple[str, str], body: bytes) -> Callable[[Fault, bytes], Answer]:
    return lambda _fault, _usual: Answer(status, [kind], body)


def _html(fault: Fault, _usual: bytes) -> Answer:
    return Answer(fault.status if fault.status != 500 else 502, [HTML, *fault.headers.items()], fault.body or _PAGE)


def _huge(_fault: Fault, _usual: bytes) -> Answer:
    return Answer(200, [JSON], b'{"id": "' + b"x" * 10_000_000 + b'"}')


def _redirect(fault: Fault, _usual: bytes) -> Answer:
    status = fault.status if 300 <= fault.status < 400 else 302
    return Answer(status, [("location", fault.location or "?again=1")], b"")


REPLACED: Mapping[str, Callable[[Fault, bytes], Answer]] = {
    "status": _status,
    "html": _html,
    "empty": _fixed(200, JSON, b""),
    "invalid_json": _fixed(200, JSON, b'{"id": "abc", "status"'),
    "not_utf8": _fixed(200, JSON, b'{"id": "\xff\xfe"}'),
    "wrong_shape": _fixed(200, JSON, b'["a", {"b": null}, 3]'),
    "wrong_types": _fixed(200, JSON, b'{"id": 7.5, "request_id": {}, "status": null, "urls": [], "output": 3}'),
    "deep_json": _fixed(200, JSON, b"[" * 20_000 + b"]" * 20_000),
    "huge_json": _huge,
    "redirect": _redirect,
    "html_film": _fixed(200, ("content-type", "video/mp4"), _PAGE),
    "playlist_film": _fixed(200, ("content-type", "video/mp4"), _PLAYLIST),
    "empty_film": _fixed(200, ("content-type", "video/mp4"), b""),
    "zero_frames": _fixed(200, ("content-type", "video/mp4"), films.zero_frames()),
}
"""In place of the true answer."""

_WAITING = {"IN_QUEUE", "IN_PROGRESS", "COMPLETED"}


def _edited(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Answer, Fault, Film | None], Answer]:
    def edit(answer: Answer, _fault: Fault, _film: Film | None) -> Answer:
        return replace(answer, body=json.dumps(change(json.loads(answer.body))).encode())

    return edit


def _back(found: dict[str, Any]) -> dict[str, Any]:
    """As it stood before it ran, in the words of whoever answers."""
    if found.get("status") in _WAITING:
        return {**found, "status": "IN_QUEUE", "queue_position": 7}
    kept = {key: value for key, value in found.items() if key != "completed_at"}
    return {**kept, "status": "starting" if "urls" in found else "queued", "output": None}


def _erred(found: dict[str, Any]) -> dict[str, Any]:
    done = "COMPLETED" if found.get("status") in _WAITING else "succeeded" if "urls" in found else "completed"
    return {
        **found,
        "status": done,
        "output": None,
        "error": "the runner went away",
        "error_type": "runner_server_error",
    }


def _foreign(answer: Answer, fault: Fault, _film: Film | None) -> Answer:
    """Every address in it leads to another origin."""
    return replace(answer, body=re.sub(rb'"https?://[^/"]+', b'"' + fault.location.encode(), answer.body))


def _doubled(answer: Answer, _fault: Fault, _film: Film | None) -> Answer:
    return replace(answer, body=b'{"status": "PAUSED", "id": "first", ' + answer.body.lstrip()[1:])


def _gzipped(answer: Answer, _fault: Fault, _film: Film | None) -> Answer:
    return Answer(answer.status, [*answer.headers, ("content-encoding", "gzip")], gzip.compress(answer.body))


def _other_film(change: Callable[[Film], Film]) -> Callable[[Answer, Fault, Film | None], Answer]:
    def changed(answer: Answer, _fault: Fault, found: Film | None) -> Answer:
        return answer if found is None else replace(answer, body=films.film(change(found)))

    return changed


def _moov(answer: Answer, _fault: Fault, _film: Film | None) -> Answer:
    return replace(answer, body=films.corrupt_moov(answer.body))


def _flipped(answer: Answer, fault: Fault, _film: Film | None) -> Answer:
    place = min(len(answer.body) - 1, int(len(answer.body) * fault.at))
    return replace(answer, body=answer.body[:place] + bytes([answer.body[place] ^ 0x55]) + answer.body[place + 1 :])


CHANGED: Mapping[str, Callable[[Answer, Fault, Film | None], Answer]] = {
    "unknown_status": _edited(lambda found: {**found, "status": "PAUSED"}),
    "status_back": _edited(_back),
    "completed_with_error": _edited(_erred),
    "odd_id": _edited(lambda found: {**found, **{k: "../../etc/x?y#z" for k in ("id", "request_id") if k in found}}),
    "duplicate_keys": _doubled,
    "foreign_urls": _foreign,
    "gzip": _gzipped,
    "bit_flip": _flipped,
    "corrupt_moov": _moov,
    "no_sound": _other_film(lambda found: replace(found, has_sound=False)),
    "shorter": _other_film(lambda found: replace(found, seconds=max(1, found.seconds / 2))),
    "longer": _other_film(lambda found: replace(found, seconds=found.seconds + 3)),
    "other_size": _other_film(lambda found: replace(found, width=found.height, height=found.width)),
    "huge_frame": _other_film(lambda found: replace(found, seconds=0.2, width=7680, height=4320)),
}
"""The true answer, changed. The server has seen the request."""


async def _cut(answer: Answer, fault: Fault, _scope: Scope, _receive: Receive, send: Send) -> None:
    """The length is told, and the line ends before it is reached."""
    await answer.start(send, [*answer.without("content-length"), ("content-length", str(len(answer.body)))])
    part = answer.body[: int(len(answer.body) * fault.at)]
    await send({"type": "http.response.body", "body": part, "more_body": True})


async def _drip(answer: Answer, fault: Fault, _scope: Scope, _receive: Receive, send: Send) -> None:
    await answer.start(send, [*answer.without("content-length"), ("content-length", str(len(answer.body)))])
    for place in range(len(answer.body)):
        await asyncio.sleep(0.05 if fault.seconds is None else fault.seconds)
        await send({"type": "http.response.body", "body": answer.body[place : place + 1], "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _endless(_answer: Answer, _fault: Fault, _scope: Scope, _receive: Receive, send: Send) -> None:
    """A body that never ends; it stops when nobody listens."""
    await Answer(200, [], b"").start(send, [("content-type", "video/mp4")])
    try:
        while True:
            await send({"type": "http.response.body", "body": b"\0" * 65536, "more_body": True})
            await asyncio.sleep(0)
    except OSError:
        return


def _raw(written: Callable[[Answer, Fault], bytes], *, is_reset: bool = False) -> Ending:
    """Bytes straight onto the line, which then ends."""

    async def end(answer: Answer, fault: Fault, scope: Scope, receive: Receive, _send: Send) -> None:
        line: asyncio.Transport = scope["extensions"]["transport"]
        line.write(written(answer, fault))
        if is_reset:
            taken = line.get_extra_info("socket")
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.abort()
        else:
            line.close()
        await _until_gone(receive)

    return end


async def _silent(_answer: Answer, fault: Fault, scope: Scope, receive: Receive, _send: Send) -> None:
    """Not a word, until the client gives up or the longest silence is over."""
    try:
        async with asyncio.timeout(60 if fault.seconds is None else fault.seconds):
            await _until_gone(receive)
    except TimeoutError:
        scope["extensions"]["transport"].abort()
        await _until_gone(receive)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _part(answer: Answer, fault: Fault) -> bytes:
    return answer.body[: int(len(answer.body) * fault.at)]


Ending = Callable[[Answer, Fault, Scope, Receive, Send], Awaitable[None]]

ENDINGS: Mapping[str, Ending] = {
    "cut": _cut,
    "cut_without_length": _raw(lambda answer, fault: answer.head(None) + _part(answer, fault)),
    "length_too_long": _raw(lambda answer, _fault: answer.head(len(answer.body) + 100) + answer.body),
    "length_too_short": _raw(lambda answer, _fault: answer.head(max(0, len(answer.body) - 100)) + answer.body),
    "drip": _drip,
    "endless": _endless,
    "reset": _raw(lambda _answer, _fault: b"", is_reset=True),
    "close": _raw(lambda _answer, _fault: b""),
    "half_head": _raw(lambda answer, _fault: answer.head(len(answer.body))[:30]),
    "half_body": _raw(lambda answer, _fault: answer.head(len(answer.body)) + answer.body[: len(answer.body) // 2]),
    "silent": _silent,
}
"""How the line breaks off. `seen` says whether the server behind was asked."""
