"""The host of results and uploads: signed addresses, ranges, entity tags. No key belongs here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.emulators.clock import Clock
from tests.emulators.faults import Gate, Script
from tests.emulators.films import Film, film
from tests.emulators.ledger import Ledger


@dataclass(slots=True)
class Stored:
    data: bytes | Film
    content_type: str
    is_gone: Callable[[], bool] = field(default=lambda: False)

    def bytes(self) -> bytes:
        return self.data if isinstance(self.data, bytes) else film(self.data)


class MediaHost:
    """Files by path. Set `url` to where `app` is served before anything is published."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.ledger = Ledger()
        self.faults = Script()
        self.files: dict[str, Stored] = {}
        self.url = ""
        self.elsewhere: dict[str, Stored] = {}
        """Files that lie at other hosts, by address."""
        routes = [
            Route("/_state", self._state),
            Route("/{path:path}", self._get, methods=["GET", "HEAD"]),
            Route("/{path:path}", self._put, methods=["PUT"]),
        ]
        self.app = Gate(Starlette(routes=routes), self.faults, self.ledger, self.clock, _phase)

    def publish(self, path: str, stored: Stored) -> str:
        """The signed address of a file that now lies under `path`."""
        self.files[path] = stored
        return f"{self.url}/{path}?{self._signature(path)}"

    def upload_slot(self, path: str, content_type: str) -> tuple[str, str]:
        """Where to put a file without a key, and where it can be read afterwards."""
        self.files[path] = Stored(b"", content_type, is_gone=lambda: not self.files[path].data)
        return f"{self.url}/{path}?{self._signature('put ' + path)}", f"{self.url}/{path}?{self._signature(path)}"

    def at(self, url: str) -> Stored | None:
        """The file behind an address of this host, or of one that it knows of; None for one that is not there."""
        path = url.removeprefix(f"{self.url}/").split("?")[0]
        found = self.elsewhere.get(url) or self.files.get(path)
        return None if found is None or found.is_gone() else found

    def digest(self, url: str) -> str | None:
        """Of the bytes behind an address of this host."""
        found = self.at(url)
        return None if found is None else sha256(found.bytes()).hexdigest()

    def _signature(self, path: str) -> str:
        signed = sha256(f"media host {path}".encode()).hexdigest()[:40]
        return f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=3600&X-Amz-Signature={signed}"

    async def _get(self, request: Request) -> Response:
        path = request.path_params["path"]
        stored = self.files.get(path)
        if request.url.query != self._signature(path):
            return Response("<Error><Code>SignatureDoesNotMatch</Code></Error>", 403, media_type="application/xml")
        if stored is None or stored.is_gone():
            return Response("<Error><Code>NoSuchKey</Code></Error>", 404, media_type="application/xml")
        if isinstance(stored.data, Film):
            request.scope["film"] = stored.data
        data = await run_in_threadpool(stored.bytes)
        return _ranged(request, data, stored.content_type)

    async def _put(self, request: Request) -> Response:
        path = request.path_params["path"]
        if path not in self.files or request.url.query != self._signature("put " + path):
            return Response("<Error><Code>SignatureDoesNotMatch</Code></Error>", 403, media_type="application/xml")
        if request.headers.get("content-type") != self.files[path].content_type:
            return Response("<Error><Code>SignatureDoesNotMatch</Code></Error>", 403, media_type="application/xml")
        self.files[path].data = await request.body()
        return Response(status_code=200)

    async def _state(self, _request: Request) -> Response:
        return JSONResponse(self.ledger.as_json() | {"files": len(self.files)})


def _ranged(request: Request, data: bytes, content_type: str) -> Response:
    tag = f'"{sha256(data).hexdigest()[:32]}"'
    headers = {"etag": tag, "accept-ranges": "bytes", "content-type": content_type}
    asked = request.headers.get("range", "")
    if not asked.startswith("bytes=") or request.headers.get("if-range", tag) != tag:
        return Response(data, headers=headers)
    first, _, last = asked.removeprefix("bytes=").partition("-")
    begin = int(first) if first else max(0, len(data) - int(last))
    end = min(int(last) + 1 if first and last else len(data), len(data))
    if begin >= end:
        return Response(status_code=416, headers={"content-range": f"bytes */{len(data)}"})
    return Response(data[begin:end], 206, headers=headers | {"content-range": f"bytes {begin}-{end - 1}/{len(data)}"})


def _phase(scope: Any) -> str:
    return "upload" if scope["method"] == "PUT" else "download"
