"""Replicate's files: what was uploaded as an input, for a day."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import md5, sha256
from typing import Any
from uuid import uuid4

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.emulators.clock import Clock, iso
from tests.emulators.media import MediaHost
from tests.emulators.pictures import bytes_of, pixels

DAY = 86_400.0
_PICTURES = ("start_image", "end_image", "reference_images", "reference_video")


@dataclass(slots=True)
class _File:
    name: str
    content_type: str
    data: bytes
    at: float
    metadata: Mapping[str, Any]
    id: str = field(default_factory=lambda: uuid4().hex)


class ReplicateFiles:
    def __init__(self, clock: Clock, is_key: Callable[[Request], bool]) -> None:
        self.clock = clock
        self.is_key = is_key
        self.stored: dict[str, _File] = {}
        self.routes = [
            Route("/v1/files", self._create, methods=["POST"]),
            Route("/v1/files", self._list, methods=["GET"]),
            Route("/v1/files/{id}", self._get, methods=["GET"]),
            Route("/v1/files/{id}", self._delete, methods=["DELETE"]),
        ]

    async def _create(self, request: Request) -> Response:
        if not self.is_key(request):
            return _unauthenticated()
        async with request.form() as form:
            part = form.get("content")
            if not isinstance(part, UploadFile):
                return JSONResponse({"detail": "content: a file is required", "status": 400}, 400)
            metadata = form.get("metadata") or "{}"
            found = _File(
                str(form.get("filename") or part.filename or "file"),
                str(form.get("type") or part.content_type or "application/octet-stream"),
                await part.read(), self.clock.now(), json.loads(str(metadata)),
            )  # fmt: skip
        self.stored[found.id] = found
        return JSONResponse(self._shown(found, request), 201)

    def _shown(self, found: _File, request: Request) -> dict[str, Any]:
        return {
            "id": found.id, "name": found.name, "content_type": found.content_type, "size": len(found.data),
            "etag": sha256(found.data).hexdigest()[:32],
            "checksums": {"sha256": sha256(found.data).hexdigest(), "md5": md5(found.data).hexdigest()},
            "metadata": dict(found.metadata), "created_at": iso(found.at), "expires_at": iso(found.at + DAY),
            "urls": {"get": f"{str(request.base_url).rstrip('/')}/v1/files/{found.id}"},
        }  # fmt: skip

    def _alive(self, name: str) -> _File | None:
        found = self.stored.get(name)
        return found if found and self.clock.now() < found.at + DAY else None

    async def _list(self, request: Request) -> Response:
        if not self.is_key(request):
            return _unauthenticated()
        shown = [self._shown(each, request) for each in self.stored.values() if self._alive(each.id)]
        return JSONResponse({"next": None, "previous": None, "results": shown})

    async def _get(self, request: Request) -> Response:
        if not self.is_key(request):
            return _unauthenticated()
        found = self._alive(request.path_params["id"])
        return JSONResponse(self._shown(found, request)) if found else _missing()

    async def _delete(self, request: Request) -> Response:
        if not self.is_key(request):
            return _unauthenticated()
        return Response(status_code=204) if self.stored.pop(request.path_params["id"], None) else _missing()

    def pixels(self, url: str) -> tuple[int, int] | None:
        """The size of a picture that was uploaded here or stands in its address; None for any other."""
        found = self._alive(url.rpartition("/")[2])
        return pixels(bytes_of(url) if found is None else found.data)

    def digest(self, url: str) -> str | None:
        """Of the bytes that were uploaded here."""
        found = self._alive(url.rpartition("/")[2])
        return None if found is None else sha256(found.data).hexdigest()

    def unreadable(self, given: Mapping[str, Any], media: MediaHost) -> str | None:
        """The error of a prediction whose files cannot be fetched."""
        for key in _PICTURES:
            values = given.get(key) or []
            for url in [values] if isinstance(values, str) else values:
                is_here = "/v1/files/" in url
                is_lost = (is_here and self._alive(url.rpartition("/")[2]) is None) or (
                    url.startswith(f"{media.url}/") and media.at(url) is None
                )
                if is_lost or not url.startswith(("http://", "https://", "data:")):
                    return f"E006: {key} cannot be downloaded (invalid input)"
        return None


def _unauthenticated() -> Response:
    words = {"title": "Unauthenticated", "detail": "You did not pass a valid authentication token", "status": 401}
    return JSONResponse(words, 401)


def _missing() -> Response:
    return JSONResponse({"detail": "The requested resource could not be found.", "status": 404}, 404)
