"""A result lands whole or not at all, and what has arrived is not fetched twice."""

from __future__ import annotations

import asyncio
import gzip
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from storyreel.providers.download import Host, Outcome, download
from storyreel.providers.http import Api, Times
from storyreel.providers.key import Key
from storyreel.providers.spec import Done, Failed, Fetched, Unreachable
from tests.providers.lines import PATIENT, SECRET, Behaviour, Line, Server, answer, api, says, served


def box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


FILM = box(b"ftyp", b"isomiso2mp41") + box(b"mdat", bytes(range(256)) * 2000) + box(b"moov", b"\0" * 400)
TAG = '"v1"'


def shelf(film: bytes = FILM, tag: str | None = TAG, cuts: list[int] | None = None) -> Behaviour:
    """Serves a film and ranges of it; the first answers end after so many bytes of it."""
    left = list(cuts or [])

    async def behave(line: Line, server: Server) -> None:
        heard = await line.heard()
        server.requests.append(heard)
        headers = {"etag": tag} if tag else {}
        asked = re.search(r"range: bytes=(\d+)-", heard.lower())
        same = re.search(r"if-range: (.*)\r", heard, re.IGNORECASE)
        begin = int(asked[1]) if asked and same and same[1] == tag else 0
        whole = answer(200, film, headers)
        if begin:
            headers["content-range"] = f"bytes {begin}-{len(film) - 1}/{len(film)}"
            whole = answer(206, film[begin:], headers)
        await line.say(whole[: len(whole) - len(film) + begin + left.pop(0)] if left else whole)

    return behave


def fetch(behave: Behaviour, out: Path, times: int = 1, **more: Any) -> tuple[list[Outcome], Server]:
    async def run() -> tuple[list[Outcome], Server]:
        async with served(behave) as server:
            asked = api(server.url, times=more.pop("limits", PATIENT))
            done = Done(url=f"{server.url}/files/a.mp4?sig=abc", expires_at=more.pop("expires_at", None))
            host = more.pop("host", Host())
            found = [await download(asked, done, out, host=host, **more) for _ in range(times)]
            await asked.close()
            return found, server

    return asyncio.run(run())


def left_beside(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir() if path != out)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "take.mp4"


def test_a_film_lands(out: Path) -> None:
    found, server = fetch(shelf(), out)
    assert found == [Fetched(len(FILM))]
    assert out.read_bytes() == FILM
    assert left_beside(out) == []
    assert "accept-encoding: identity" in server.requests[0].lower()


@pytest.mark.parametrize("share", [0, 1, 50, 99])
def test_a_cut_download_is_continued_where_it_broke(share: int, out: Path) -> None:
    cut = len(FILM) * share // 100
    found, server = fetch(shelf(cuts=[cut]), out, times=2)
    assert isinstance(found[0], Unreachable)
    assert found[1] == Fetched(len(FILM))
    assert out.read_bytes() == FILM
    assert left_beside(out) == []
    assert ("range: bytes=" in server.requests[1].lower()) == (cut > 0)


def test_nothing_stands_under_the_name_before_it_is_whole(out: Path) -> None:
    found, _ = fetch(shelf(cuts=[9000]), out)
    assert isinstance(found[0], Unreachable)
    assert not out.exists()


def test_a_part_is_continued_by_another_run_but_not_of_another_film(out: Path) -> None:
    fetch(shelf(cuts=[9000]), out)
    other = FILM[:-4] + b"abcd"
    found, server = fetch(shelf(film=other, tag='"v2"'), out)
    assert found == [Fetched(len(FILM))]
    assert "range: bytes=9000-" in server.requests[0].lower()
    assert out.read_bytes() == other
    assert "sig=abc" not in "".join(path.read_text("latin-1") for path in out.parent.glob("*.json"))


def test_without_a_strong_tag_a_part_is_not_continued(out: Path) -> None:
    found, server = fetch(shelf(tag='W/"v1"', cuts=[9000]), out, times=2)
    assert found[1] == Fetched(len(FILM))
    assert "range: bytes=" not in server.requests[1].lower()


def test_a_film_that_is_cut_without_a_length_is_noticed(out: Path) -> None:
    async def behave(line: Line, server: Server) -> None:
        await line.heard()
        await line.say(b"HTTP/1.0 200 OK\r\n\r\n" + FILM[:-100])

    found, _ = fetch(behave, out)
    assert isinstance(found[0], Unreachable)
    assert left_beside(out) == []


def test_a_packed_film_is_unpacked(out: Path) -> None:
    packed = {"content-encoding": "gzip", "etag": TAG}
    found, _ = fetch(says(200, raw=gzip.compress(FILM), headers=packed), out)
    assert found == [Fetched(len(FILM))]
    assert out.read_bytes() == FILM


def test_a_packed_film_that_is_cut_leaves_nothing_to_continue(out: Path) -> None:
    data = answer(200, gzip.compress(FILM), {"content-encoding": "gzip", "etag": TAG})

    async def behave(line: Line, server: Server) -> None:
        server.requests.append(await line.heard())
        await line.say(data[:-200])

    found, server = fetch(behave, out, times=2)
    assert all(isinstance(each, Unreachable) for each in found)
    assert "range: bytes=" not in server.requests[1].lower()


@pytest.mark.parametrize(
    "body", [b"", b"<html><body>Sign in</body></html>", b'{"detail": "gone"}', b"#EXTM3U\n#EXTINF:4\nfile:///etc/passwd",
             b"\x89PNG\r\n\x1a\n" + b"\0" * 99, FILM[:40], b"\0\0\0\0mdat", b"\0\0\0\1mdat" + b"\xff" * 8],
)  # fmt: skip
def test_what_only_calls_itself_a_film_is_refused(body: bytes, out: Path) -> None:
    found, _ = fetch(says(200, raw=body, headers={"content-type": "video/mp4"}), out)
    if body.startswith(b"\0\0\0\0"):  # The length zero means: to the end.
        assert isinstance(found[0], Fetched)
        return
    assert isinstance(found[0], Unreachable)
    assert not out.exists()
    assert left_beside(out) == []


def test_a_body_without_end_stops_at_the_cap(out: Path) -> None:
    async def behave(line: Line, server: Server) -> None:
        await line.heard()
        await line.say(b"HTTP/1.1 200 OK\r\n\r\n" + FILM)
        while True:
            await line.say(b"\0" * 65536)

    found, _ = fetch(behave, out, most_bytes=3_000_000)
    assert isinstance(found[0], Failed)
    assert found[0].is_billed
    assert left_beside(out) == []
    announced = answer(200, b"", {})[:-2].replace(b"content-length: 0", b"content-length: 99999999999") + b"\r\n"

    async def boast(line: Line, server: Server) -> None:
        await line.heard()
        await line.say(announced)

    assert isinstance(fetch(boast, out, most_bytes=3_000_000)[0][0], Failed)


def test_a_download_that_drips_ends_in_its_time(out: Path) -> None:
    async def behave(line: Line, server: Server) -> None:
        await line.heard()
        await line.say(answer(200, FILM, {"etag": TAG})[:5000])
        while True:
            await line.say(b"\0")
            await asyncio.sleep(0.05)

    found, _ = fetch(behave, out, limits=replace(PATIENT, slow=0.4))
    assert found[0] == Unreachable("the film from studio hardly moves; what is here is kept")
    assert fetch(shelf(), out)[0] == [Fetched(len(FILM))]


@pytest.mark.parametrize(("status", "asked"), [(403, 6), (404, 3), (410, 3)])
def test_what_the_provider_has_removed_is_expired_once_it_was_asked_again(status: int, asked: int, out: Path) -> None:
    found, server = fetch(says(status, {}), out)
    assert isinstance(found[0], Failed)
    assert (found[0].reason, found[0].is_billed) == ("expired", True)
    assert server.connections == asked, "403 is also asked for with the key"


@pytest.mark.parametrize("status", [403, 404])
def test_where_the_api_hands_out_films_a_missing_one_may_come_yet(status: int, out: Path) -> None:
    host = Host(asks_key=True)
    assert isinstance(fetch(says(status, {}), out, host=host)[0][0], Unreachable)
    late = fetch(says(status, {}), out, host=host, expires_at=time.time() - 1)[0][0]
    assert isinstance(late, Failed)
    assert late.reason == "expired"


def test_a_film_that_is_missing_for_a_moment_arrives(out: Path) -> None:
    async def behave(line: Line, server: Server) -> None:
        await (says(404, {}) if server.connections == 1 else shelf())(line, server)

    assert fetch(behave, out)[0] == [Fetched(len(FILM))]


@pytest.mark.parametrize(("status", "wait"), [(429, 9.0), (500, None), (503, 9.0), (401, None), (304, None)])
def test_everything_else_may_pass(status: int, wait: float | None, out: Path) -> None:
    headers = {"retry-after": "9"} if wait else {}
    found, _ = fetch(says(status, {}, headers), out)
    assert isinstance(found[0], Unreachable)
    assert found[0].retry_after == wait
    assert "sig=abc" not in found[0].message


def test_three_hops_are_followed_each_looked_at_and_none_with_the_key(out: Path) -> None:
    async def run() -> tuple[list[Outcome], list[str]]:
        async with served(shelf()) as media:
            moved: dict[str, str] = {}
            async with served(says(302, {}, moved)) as first:
                asked = Api("studio", [media.url], Key("K", "Key", {"K": SECRET}), allow_private=True, times=PATIENT)
                found = []
                for target in (
                    f"{media.url}/b.mp4",
                    f"{first.url}/again",
                    "ftp://x/y",
                    "http://169.254.169.254/latest",
                    "http://[",
                ):
                    moved["location"] = target
                    found.append(await download(asked, Done(url=f"{first.url}/a"), out, host=Host()))
                await asked.close()
                return found, first.requests

    found, heard = asyncio.run(run())
    assert found[0] == Fetched(len(FILM))
    assert all(isinstance(each, Unreachable) for each in found[1:])
    assert len(heard) == 1 + 4 + 1 + 1 + 1
    assert not any("authorization" in each.lower() for each in heard)


@pytest.mark.parametrize("url", ["http://cdn.example/a.mp4", "https://127.0.0.1/a.mp4", "https://2130706433/a.mp4"])
def test_a_film_is_not_fetched_from_where_it_cannot_be(url: str, out: Path) -> None:
    asked = Api("studio", ["https://api.example"], Key("K", "Key", {"K": SECRET}), times=PATIENT)
    found = asyncio.run(download(asked, Done(url=url), out, host=Host()))
    assert isinstance(found, Unreachable)


def test_a_disk_that_fails_is_said(tmp_path: Path) -> None:
    found, _ = fetch(shelf(), tmp_path / "missing" / "take.mp4")
    assert isinstance(found[0], Unreachable)
    assert "cannot be written" in found[0].message


def test_a_piece_that_was_not_asked_for_is_not_joined(out: Path) -> None:
    fetch(shelf(cuts=[9000]), out)

    async def behave(line: Line, server: Server) -> None:
        await line.heard()
        span = {"content-range": f"bytes 0-{len(FILM) - 1}/{len(FILM)}", "etag": TAG}
        await line.say(answer(206, FILM, span))

    assert isinstance(fetch(behave, out)[0][0], Unreachable)
    assert fetch(shelf(), out)[0] == [Fetched(len(FILM))]


def test_a_part_that_is_whole_already_begins_anew(out: Path) -> None:
    fetch(shelf(cuts=[len(FILM) - 1]), out)
    with out.with_name("take.mp4.part").open("ab") as part:
        part.write(FILM[-1:])

    async def behave(line: Line, server: Server) -> None:
        await (says(416, {}) if server.connections == 1 else shelf())(line, server)

    assert fetch(behave, out)[0] == [Fetched(len(FILM))]
    assert out.read_bytes() == FILM


def test_times_have_sane_defaults() -> None:
    assert (Times().connect, Times().write, Times().read) == (10, 30, 60)


def keeper(refuses_key: bool) -> Behaviour:
    """Hands the film out only with the key, or only without it."""

    async def behave(line: Line, server: Server) -> None:
        heard = await line.heard()
        server.requests.append(heard)
        has_key = "authorization: key" in heard.lower()
        is_right = has_key is not refuses_key
        await line.say(answer(200, FILM) if is_right else answer(400 if refuses_key else 401, b"{}"))

    return behave


@pytest.mark.parametrize("asks_key", [True, False])
@pytest.mark.parametrize("refuses_key", [True, False])
def test_films_beside_an_api_are_asked_for_with_the_key_and_without(
    refuses_key: bool, asks_key: bool, out: Path
) -> None:
    assert fetch(keeper(refuses_key), out, host=Host(asks_key=asks_key))[0] == [Fetched(len(FILM))]
