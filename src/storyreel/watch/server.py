"""The page's server, on this machine alone: documents, files by id, one stream of news, two actions."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TypeVar

import uvicorn
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from storyreel.media.fonts import font_file
from storyreel.watch.guard import OPEN, Guard
from storyreel.watch.sending import SentFile
from storyreel.watch.spec import Answer, Document, Stage
from storyreel.watch.telling import Listeners

_MOST_BYTES = 64 << 10
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".html": "text/html"}

Asked = TypeVar("Asked", bound=BaseModel)


class _Pick(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    film: str = Field(max_length=200)
    scene: str = Field(max_length=200)
    take: int = Field(ge=1, le=999)


class _Buy(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    scenes: list[str] = Field(default_factory=list, max_length=10_000)


class BadRequest(Exception):
    """`str()` says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Served:
    """Where the page is."""

    address: str
    """To be opened once, with the token: whoever has it sees the page and may act on it."""
    port: int


@asynccontextmanager
async def serving(stage: Stage, port: int = 0) -> AsyncGenerator[Served, None]:
    """Serve until the block ends; port 0 is any that is free. Raises OSError where the port is taken."""
    door = socket.create_server(("127.0.0.1", port), backlog=128)
    listeners = Listeners(stage)
    guard = application(stage, listeners, door.getsockname()[1])
    config = uvicorn.Config(
        guard, log_config=None, log_level=60, access_log=False, lifespan="off", ws="none", loop="none", http="h11",
        proxy_headers=False, server_header=False, timeout_keep_alive=20, timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[door]))
    try:
        while not server.started and not running.done():  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.005)
        port = door.getsockname()[1]
        yield Served(f"http://127.0.0.1:{port}/?token={guard.token}", port)
    finally:
        listeners.close()
        server.should_exit = True
        await running
        door.close()


def application(stage: Stage, listeners: Listeners, port: int) -> Guard:
    """The whole server as an ASGI application, its guard first."""
    room = _Room(stage, listeners)
    routes = [
        Route("/", room.page),
        Route(f"{OPEN}{{name}}", room.part),
        Route("/state", room.state),
        Route("/film/{film}", room.film),
        Route("/film/{film}/{number:int}", room.scene),
        Route("/file/{id}", room.file),
        Route("/events", room.events),
        Route("/pick", room.pick, methods=["POST"]),
        Route("/buy", room.buy, methods=["POST"]),
    ]
    guard = Guard(Starlette(routes=routes), port, _parts()["locked.html"][0].decode())
    room.action = guard.action
    return guard


class _Room:
    """The answers. What a client names is looked up by the stage in tables of its own."""

    def __init__(self, stage: Stage, listeners: Listeners) -> None:
        self._stage = stage
        self._listeners = listeners
        self.action = ""

    async def page(self, request: Request) -> Response:
        return Response(_parts()["index.html"][0], media_type="text/html")

    async def part(self, request: Request) -> Response:
        found = _parts().get(request.path_params["name"])
        if found is None:
            return _nothing()
        kept = "max-age=86400" if found[1] == "font/ttf" else "no-cache"
        return Response(found[0], media_type=found[1], headers={"cache-control": kept})

    async def state(self, request: Request) -> Response:
        return JSONResponse({**self._stage.state(), "action": self.action})

    async def film(self, request: Request) -> Response:
        return _document(self._stage.film(request.path_params["film"]))

    async def scene(self, request: Request) -> Response:
        return _document(self._stage.scene(request.path_params["film"], request.path_params["number"]))

    async def file(self, request: Request) -> Response:
        name = request.path_params["id"]
        found = self._stage.file(name)
        return _nothing() if found is None else SentFile(found, name, request)

    async def events(self, request: Request) -> Response:
        return self._listeners.answer() if request.method == "GET" else _nothing()

    async def pick(self, request: Request) -> Response:
        return await _acted(request, _Pick, lambda asked: self._stage.pick(asked.film, asked.scene, asked.take))

    async def buy(self, request: Request) -> Response:
        if not self._stage.is_buying_on:
            words = "Nothing is bought from here: start `storyreel watch` with --render and --max-cost."
            return JSONResponse({"is_done": False, "words": words}, 403)
        return await _acted(request, _Buy, lambda asked: self._stage.buy(tuple(asked.scenes)))


async def _acted(request: Request, kind: type[Asked], act: Callable[[Asked], Awaitable[Answer]]) -> Response:
    try:
        asked = await _asked(request, kind)
    except BadRequest as problem:
        return JSONResponse({"is_done": False, "words": str(problem)}, 400)
    answer = await act(asked)
    return JSONResponse({"is_done": answer.is_done, "words": answer.words}, 200 if answer.is_done else 409)


async def _asked(request: Request, kind: type[Asked]) -> Asked:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise BadRequest("An action is told in JSON.")
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise BadRequest("That is too long.")
    try:
        return kind.model_validate_json(body)
    except ValidationError:
        raise BadRequest("That is no action.") from None


def _document(found: Document | None) -> Response:
    return _nothing() if found is None else JSONResponse(found)


def _nothing() -> Response:
    return PlainTextResponse("There is nothing here.", 404)


@lru_cache(maxsize=1)
def _parts() -> dict[str, tuple[bytes, str]]:
    """The page's own files by name, with their types; a name that is not among them does not exist."""
    found = {}
    for part in files("storyreel.watch").joinpath("page").iterdir():
        kind = _TYPES.get(part.name[part.name.rfind(".") :])
        if kind is not None:
            found[part.name] = (part.read_bytes(), kind)
    found["regular.ttf"] = (font_file("regular").read_bytes(), "font/ttf")
    found["semibold.ttf"] = (font_file("semibold").read_bytes(), "font/ttf")
    return found


class _Server(uvicorn.Server):
    """Leaves signals to the program that it runs in."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
