"""fal's CDN for large files: begun, put in parts that are named by their bytes, and declared whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import md5
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.emulators.media import MediaHost, Stored


@dataclass(slots=True)
class Begun:
    url: str
    content_type: str
    parts: dict[int, bytes] = field(default_factory=dict)

    def tag(self, number: int) -> str:
        return f'"{md5(self.parts[number], usedforsecurity=False).hexdigest()}"'


class FalParts:
    """`least` is the size of all parts but the last. `done` counts files by the number of their parts."""

    def __init__(self, media: MediaHost, is_pass: Callable[[Request], bool], uploads: list[str]) -> None:
        self.media = media
        self.is_pass = is_pass
        self.uploads = uploads
        self.least = 0
        self.done: list[int] = []
        self.begun: dict[str, Begun] = {}
        at = "/files/m/{name}"
        self.routes = [
            Route("/files/upload/multipart", self._begin, methods=["POST"]),
            Route(f"{at}/multipart/{{id}}/complete", self._complete, methods=["POST"]),
            Route(f"{at}/multipart/{{id}}/{{number:int}}", self._put, methods=["PUT"]),
            Route(at, self._get, methods=["GET"]),
        ]

    async def _begin(self, request: Request) -> Response:
        if not self.is_pass(request):
            return JSONResponse({"detail": "Invalid or expired token"}, 401)
        name = request.headers.get("x-fal-file-name", "upload.bin")
        url = f"{str(request.base_url).rstrip('/')}/files/m/{uuid4().hex}_{name}"
        upload = uuid4().hex
        self.begun[upload] = Begun(url, request.headers.get("content-type", "application/octet-stream"))
        return JSONResponse({"access_url": url, "uploadId": upload})

    def _upload(self, request: Request) -> Begun | Response:
        if not self.is_pass(request):
            return JSONResponse({"detail": "Invalid or expired token"}, 401)
        found = self.begun.get(request.path_params["id"])
        at = f"/files/m/{request.path_params['name']}"
        if found is None or not found.url.endswith(at):
            return JSONResponse({"detail": "No such upload"}, 404)
        return found

    async def _put(self, request: Request) -> Response:
        found = self._upload(request)
        if isinstance(found, Response):
            return found
        number, data = request.path_params["number"], await request.body()
        if not 1 <= number <= 10_000 or not data:
            return JSONResponse({"detail": "Invalid part"}, 400)
        found.parts[number] = data
        return Response(status_code=200, headers={"etag": found.tag(number)})

    async def _complete(self, request: Request) -> Response:
        found = self._upload(request)
        if isinstance(found, Response):
            return found
        try:
            named = {part["partNumber"]: part["etag"] for part in json.loads(await request.body())["parts"]}
        except (ValueError, KeyError, TypeError):
            return JSONResponse({"detail": "parts: field required"}, 422)
        is_whole = sorted(named) == list(range(1, len(found.parts) + 1)) == sorted(found.parts)
        if not is_whole or any(found.tag(number) != tag for number, tag in named.items()):
            return JSONResponse({"detail": "InvalidPart"}, 400)
        if any(len(found.parts[number]) < self.least for number in sorted(named)[:-1]):
            return JSONResponse({"detail": "EntityTooSmall"}, 400)
        data = b"".join(found.parts[number] for number in sorted(named))
        self.media.elsewhere[found.url] = Stored(data, found.content_type)
        self.uploads.append(found.url)
        self.done.append(len(named))
        return JSONResponse({"url": found.url})

    async def _get(self, request: Request) -> Response:
        stored = self.media.elsewhere.get(str(request.url))
        if stored is None:
            return JSONResponse({"detail": "Not found"}, 404)
        return Response(stored.bytes(), media_type=stored.content_type)
