"""fal's storage: a token and a POST to the CDN, or a signed PUT; and whether a body's files can be read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.emulators.bodies import Problem, problem
from tests.emulators.clock import Clock, iso
from tests.emulators.fal_parts import FalParts
from tests.emulators.media import MediaHost, Stored
from tests.emulators.pictures import bytes_of, pixels


class FalStorage:
    """`cdn_url` is where uploads go; empty: the origin that was asked for the token."""

    def __init__(self, media: MediaHost, clock: Clock, is_key: Callable[[Request], bool]) -> None:
        self.media = media
        self.clock = clock
        self.is_key = is_key
        self.cdn_url = ""
        self.tokens: dict[str, float] = {}
        self.token_life = 600.0
        self.uploads: list[str] = []
        """Addresses of what was uploaded, in order."""
        self.routes = [
            Route("/storage/auth/token", self._token, methods=["POST"]),
            Route("/storage/upload/initiate", self._initiate, methods=["POST"]),
            Route("/files/upload", self._upload, methods=["POST"]),
        ]
        self.parts = FalParts(media, self.is_pass, self.uploads)
        self.routes += self.parts.routes

    def is_pass(self, request: Request) -> bool:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return self.tokens.get(token, 0) > self.clock.now()

    async def _token(self, request: Request) -> Response:
        if not self.is_key(request):
            return JSONResponse({"detail": "Invalid key"}, 401)
        if request.query_params.get("storage_type") != "fal-cdn-v3":
            return JSONResponse({"detail": "storage_type must be fal-cdn-v3"}, 422)
        token = uuid4().hex
        self.tokens[token] = self.clock.now() + self.token_life
        base = self.cdn_url or str(request.base_url).rstrip("/")
        expires = iso(self.tokens[token]).replace("Z", "+00:00")
        return JSONResponse({"token": token, "token_type": "Bearer", "base_url": base, "expires_at": expires})

    async def _upload(self, request: Request) -> Response:
        if not self.is_pass(request):
            return JSONResponse({"detail": "Invalid or expired token"}, 401)
        name = request.headers.get("x-fal-file-name", "upload.bin")
        stored = Stored(await request.body(), request.headers.get("content-type", "application/octet-stream"))
        url = self.media.publish(f"files/b/{uuid4().hex}_{name}", stored)
        self.uploads.append(url)
        return JSONResponse({"access_url": url})

    async def _initiate(self, request: Request) -> Response:
        if not self.is_key(request):
            return JSONResponse({"detail": "Invalid key"}, 401)
        try:
            asked = json.loads(await request.body())
            name, kind = asked["file_name"], asked["content_type"]
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"detail": [problem((), "Field required", "missing", None)]}, 422)
        upload, read = self.media.upload_slot(f"files/{uuid4().hex}/{name}", kind)
        self.uploads.append(read)
        return JSONResponse({"upload_url": upload, "file_url": read})

    def pixels(self, url: str) -> tuple[int, int] | None:
        """The size of a picture that lies here or stands in its address; None for any other."""
        stored = self.media.at(url)
        if stored is not None and not isinstance(stored.data, bytes):
            return None
        return pixels(bytes_of(url) if stored is None else stored.bytes())

    def unreadable(self, body: Mapping[str, Any]) -> list[Problem]:
        """Files that the body names and nobody can fetch, and pictures that are too small."""
        found = []
        for loc, url in _addresses(body, ()):
            if url.startswith("data:"):
                continue
            stored = self.media.at(url)
            is_ours = url.startswith(f"{self.media.url}/")
            if not url.startswith(("http://", "https://")) or (is_ours and stored is None):
                found.append(problem(loc, "Failed to download the file.", "file_download_error", url))
            elif stored is not None and stored.content_type.startswith("image/"):
                size = self.pixels(url)
                if size is None:
                    found.append(problem(loc, "Failed to load the image.", "image_load_error", url))
                elif min(size) < 300:
                    found.append(
                        problem(loc, "Image dimensions are too small. Minimum 300x300.", "image_too_small", url)
                    )
        return found


def _addresses(value: Any, loc: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _addresses(each, (*loc, key))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _addresses(each, (*loc, place))
    elif isinstance(value, str) and any(str(step).endswith(("_url", "_urls")) for step in loc):
        yield loc, value
