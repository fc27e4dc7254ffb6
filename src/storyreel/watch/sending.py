"""A file on its way to the browser, whole or in part."""

from __future__ import annotations

import asyncio
import os
from typing import BinaryIO

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from storyreel.watch.ranges import NotThere, Stretch, stretch_of
from storyreel.watch.spec import Media

_PIECE = 256 << 10
_SLOWEST_S = 60.0


class SentFile(Response):
    """`id` names the bytes for ever, so it is their tag, and they are kept as long as the browser likes."""

    def __init__(self, media: Media, id: str, request: Request) -> None:  # noqa: A002 - what it is called everywhere
        super().__init__()
        self._media, self._tag = media, f'"{id}"'
        self._range, self._condition = request.headers.get("range"), request.headers.get("if-range")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            file = await asyncio.to_thread(self._media.file.open, "rb")
        except OSError:
            await Response("It is not there any more.", 404, media_type="text/plain")(scope, receive, send)
            return
        try:
            await self._send(file, scope, send)
        finally:
            file.close()

    async def _send(self, file: BinaryIO, scope: Scope, send: Send) -> None:
        size = os.fstat(file.fileno()).st_size
        headers = {
            "accept-ranges": "bytes",
            "cache-control": "private, max-age=604800, immutable",
            "content-type": self._media.type,
            "etag": self._tag,
        }
        try:
            asked = stretch_of(self._range, self._condition, self._tag, size)
        except NotThere:
            headers |= {"content-range": f"bytes */{size}", "content-length": "0"}
            await _begin(send, 416, headers)
            await send({"type": "http.response.body", "body": b""})
            return
        stretch = asked or Stretch(0, size)
        headers["content-length"] = str(stretch.end - stretch.start)
        if asked is not None:
            headers["content-range"] = f"bytes {stretch.start}-{stretch.end - 1}/{size}"
        await _begin(send, 200 if asked is None else 206, headers)
        left = 0 if scope["method"] == "HEAD" else stretch.end - stretch.start
        file.seek(stretch.start)
        while left > 0:
            piece = await asyncio.to_thread(file.read, min(_PIECE, left))
            if not piece:
                return  # It was cut short behind our back: the connection is closed, and the reader sees it.
            left -= len(piece)
            async with asyncio.timeout(_SLOWEST_S):
                await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
        if stretch.end == stretch.start or scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})


async def _begin(send: Send, status: int, headers: dict[str, str]) -> None:
    rows = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": rows})
