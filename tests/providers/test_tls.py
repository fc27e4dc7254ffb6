"""https: the name is checked though the connection goes to an address that was looked up beforehand."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from storyreel.providers import transport
from storyreel.providers.answer import Answer
from storyreel.providers.download import Host, download
from storyreel.providers.http import Api, Times
from storyreel.providers.key import Key
from storyreel.providers.spec import Done, Fetched, NotSent
from tests.providers.lines import SECRET, Line, Server, answer
from tests.providers.test_download import box

NAME = "queue.studio.example"
FILM = box(b"ftyp", b"isom") + box(b"mdat", b"\7" * 5_000_000)
PATIENT = Times(connect=60, read=60, whole=120, load=120)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for the name, signed by itself, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    paper, key = folder / "paper.pem", folder / "key.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", str(key), "-out", str(paper)],
        check=True, capture_output=True,
    )  # fmt: skip
    return paper, key


@asynccontextmanager
async def secured(papers: tuple[Path, Path]) -> AsyncIterator[tuple[Server, int]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*papers)
    heard = Server()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = Line(reader, writer)
        try:
            while True:
                request = await line.heard()
                heard.requests.append(request)
                data = FILM if request.startswith("GET") else b'{"request_id": "r1"}'
                await line.say(answer(200, data).replace(b"connection: close\r\n", b""))
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            writer.transport.abort()

    server = await asyncio.start_server(one, "127.0.0.1", 0, ssl=context)
    try:
        yield heard, server.sockets[0].getsockname()[1]
    finally:
        server.close()


def client(name: str, port: int, lookups: list[str]) -> Api:
    async def home(host: str, port: int) -> list[str]:
        lookups.append(host)
        return ["127.0.0.1"]

    url = f"https://{name}:{port}"
    return Api("studio", [url], Key("K", "Key", {"K": SECRET}), allow_private=True, times=PATIENT, resolve=home)


def test_a_name_that_is_vouched_for_is_spoken_to(
    papers: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trusting = ssl.create_default_context(cafile=str(papers[0]))
    monkeypatch.setattr(transport, "tls", lambda: trusting)
    lookups: list[str] = []

    async def run() -> None:
        async with secured(papers) as (heard, port):
            asked = client(NAME, port, lookups)
            for _ in range(2):
                assert isinstance(await asked.post_once(f"https://{NAME}:{port}/kling", json={}), Answer)
            for number in range(2):
                done = Done(url=f"https://{NAME}:{port}/a.mp4")
                assert await download(asked, done, tmp_path / f"{number}.mp4", host=Host()) == Fetched(len(FILM))
            assert all(f"host: {NAME}:{port}" in request.lower() for request in heard.requests)
            await asked.close()

    asyncio.run(run())
    # One for each POST, whose connections are never kept, and one for both downloads.
    assert lookups == [NAME] * 3


@pytest.mark.parametrize("name", [NAME, "other.studio.example"])
def test_a_name_that_nobody_vouches_for_hears_nothing(
    papers: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    if name != NAME:
        trusting = ssl.create_default_context(cafile=str(papers[0]))
        monkeypatch.setattr(transport, "tls", lambda: trusting)

    async def run() -> None:
        async with secured(papers) as (heard, port):
            asked = client(name, port, [])
            assert isinstance(await asked.post_once(f"https://{name}:{port}/kling", json={}), NotSent)
            await asked.close()
            assert heard.requests == []

    asyncio.run(run())
