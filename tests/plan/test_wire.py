"""Programs that send requests: whatever a prompt holds, what arrives is the body, byte for byte."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from storyreel.plan.lower import lower
from storyreel.plan.request import Request, ShotRequest
from storyreel.plan.route import Seller, route_of
from storyreel.plan.wire.comments import one_line
from storyreel.plan.wire.curl import curl_script
from storyreel.plan.wire.js import js_script
from storyreel.plan.wire.python import python_script
from storyreel.plan.wire.rows import Row, rows, wire_document
from tests.plan.boards import Made, film, plan, scene, shot

HARD = "\"it's\" $HOME `id` $(id) \\n \\ \n {x} %s ${y} @/etc/passwd <a ;type=b */ </script> \u2028 é 🎬 'EOF'\n--x"
Sent = tuple[str, dict[str, str], bytes]


@pytest.fixture
def server() -> Iterator[tuple[str, list[Sent]]]:
    """An address, and what was posted to it."""
    arrived: list[Sent] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            arrived.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listener.server_port}", arrived
    listener.shutdown()
    listener.server_close()


def made(url: str, dialect: str | None, *prompts: str) -> list[Row]:
    kind = "openai-videos" if dialect else "fal"
    seller = Seller("box", kind, url, "BOX_KEY", "Key", dialect)  # type: ignore[arg-type]  # one of the kinds
    found = []
    for prompt in prompts:
        request = Request(
            "kling-v3", "standard", "16:9", (ShotRequest(prompt, 5),), True, extra={"x": [1, None, prompt]}
        )
        route = route_of(request, seller)
        assert route is not None
        lowered = lower(request, route)
        found.append(Row("k", ("film",), "a", 1, 1, seller, lowered, {"asset:sha256:0": "a\nb\u2028.png"}))
    return found


Script = Callable[[Sequence[Row]], str]
WAYS: list[tuple[str, Script, list[str]]] = [
    ("sh", curl_script, ["curl"]),
    (sys.executable, python_script, []),
    ("node", js_script, []),
]


@pytest.mark.parametrize(("program", "write", "needs"), WAYS, ids=["curl", "python", "js"])
@pytest.mark.parametrize("dialect", [None, "openai"], ids=["json", "multipart"])
def test_what_arrives_is_the_body(
    program: str, write: Script, needs: list[str], dialect: str | None, server: tuple[str, list[Sent]], tmp_path: Path
) -> None:
    missing = [name for name in (program, *needs) if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{missing[0]} is not installed")
    url, arrived = server
    found = made(url, dialect, HARD, "A black sea")
    file = tmp_path / "send"
    file.write_text(write(found), encoding="utf-8")
    kept = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    env = {**kept, "BOX_KEY": "s3cret", "NO_PROXY": "127.0.0.1"}
    ran = subprocess.run([program, str(file)], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    assert len(arrived) == 2
    for row, (path, headers, body) in zip(found, arrived, strict=True):
        assert f"{url}{path}" == row.lowered.url
        assert headers["authorization"] == "Key s3cret"
        assert received(headers["content-type"], body) == json.loads(json.dumps(row.lowered.body))


@pytest.mark.parametrize(("program", "write", "needs"), WAYS, ids=["curl", "python", "js"])
def test_without_a_key_nothing_is_sent(
    program: str, write: Script, needs: list[str], server: tuple[str, list[Sent]], tmp_path: Path
) -> None:
    missing = [name for name in (program, *needs) if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{missing[0]} is not installed")
    url, arrived = server
    file = tmp_path / "send"
    file.write_text(write(made(url, None, "A sea")), encoding="utf-8")
    env = {key: value for key, value in os.environ.items() if "proxy" not in key.lower() and key != "BOX_KEY"}
    ran = subprocess.run([program, str(file)], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode != 0, arrived) == (True, [])
    assert "BOX_KEY" in ran.stderr


def received(content_type: str, body: bytes) -> dict[str, Any]:
    if content_type == "application/json":
        found: dict[str, Any] = json.loads(body)
        return found
    parts = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body).get_payload()
    assert isinstance(parts, list)
    texts = {}
    for part in parts:
        name = part.get_param("name", header="Content-Disposition")  # type: ignore[union-attr]  # a message
        value = part.get_payload(decode=True)  # type: ignore[union-attr]
        assert isinstance(value, bytes)
        texts[str(name)] = value.decode().replace("\r\n", "\n")  # browsers and Node send line ends as CRLF
    return texts


def test_a_comment_stays_on_its_line() -> None:
    assert one_line("a\nb\r\u2028\x1b[0m é") == r"a\nb\r\u2028\x1b[0m é"


def test_each_request_is_a_row_once_with_every_film_that_shows_it() -> None:
    twice = scene("a", shot("One.", "8"), shot("Two.", "8"), takes="2")
    films = [film(twice, film="x"), film(twice, scene("b", shot("Three.")), film="y")]
    planned = plan(*films, provider="fal")
    made_before = plan(*films, provider="fal", takes=Made(*((p.key, p.take or 1) for p in planned.to_make())))
    for one in (planned, made_before):
        found = rows(one, {"fal": Seller("fal", "fal", "https://queue.fal.run", "FAL_KEY", "Key")})
        assert [(r.films, r.scene, r.part, r.take) for r in found] == [
            (("x", "y"), "a", 1, 1), (("x", "y"), "a", 1, 2), (("x", "y"), "a", 2, 1), (("x", "y"), "a", 2, 2),
            (("y",), "b", 1, 1),
        ]  # fmt: skip
        assert [row["cost_usd"] for row in wire_document(found)["requests"]] == ["1.008"] * 4 + ["0.504"]


def test_no_key_stands_in_a_program() -> None:
    row = made("http://box", None, "A sea")[0]
    for write in (curl_script, python_script, js_script):
        assert "BOX_KEY" in write([replace(row)])
