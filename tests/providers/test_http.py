"""A paid POST leaves once, and what it comes to is told apart: taken, refused, not sent, or not known."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from typing import Any

import pytest

from storyreel.providers.address import AddressRefused
from storyreel.providers.answer import Answer
from storyreel.providers.http import Api, Times
from storyreel.providers.key import Key
from storyreel.providers.spec import Failed, NotSent, Unreachable, Unsure
from tests.providers.lines import PATIENT, QUICK, SECRET, Behaviour, Line, Server, answer, api, says, served

PROMPT = "Mara grips the rail and looks up at the dead glass."
OK = b'{"request_id": "r1"}'


async def accept_and_close(line: Line, server: Server) -> None:
    line.writer.close()


async def reset_unread(line: Line, server: Server) -> None:
    line.reset()


async def reset_read(line: Line, server: Server) -> None:
    server.requests.append(await line.heard())
    line.reset()


async def close_read(line: Line, server: Server) -> None:
    server.requests.append(await line.heard())


async def half_head(line: Line, server: Server) -> None:
    server.requests.append(await line.heard())
    await line.say(b"HTTP/1.1 200 OK\r\ncontent-le")


async def half_body(line: Line, server: Server) -> None:
    server.requests.append(await line.heard())
    await line.say(answer(200, OK)[:-5])


async def silence(line: Line, server: Server) -> None:
    server.requests.append(await line.heard())
    await asyncio.Event().wait()


async def drip(line: Line, server: Server) -> None:
    server.requests.append(await line.heard())
    await line.say(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    while True:
        await line.say(b" ")
        await asyncio.sleep(0.05)


async def endless(line: Line, server: Server) -> None:
    server.requests.append(await line.heard())
    await line.say(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        await line.say(b" " * 65536)


UNSURE: Mapping[str, Behaviour] = {
    "accepted, then closed": accept_and_close,
    "reset before it was read": reset_unread,
    "reset after it was read": reset_read,
    "closed after it was read": close_read,
    "half a head": half_head,
    "half a body": half_body,
    "silence": silence,
    "a byte now and then": drip,
    "a body without end": endless,
    "a page of a proxy": says(502, raw=b"<html>nginx</html>", headers={"content-type": "text/html"}),
    "503": says(503, {"detail": "busy"}),
    "nothing": says(200, raw=b""),
    "no content": says(204, raw=b""),
    "half a word of JSON": says(200, raw=b'{"id": "abc", "sta'),
    "a list": says(200, ["a", {"b": None}]),
    "not UTF-8": says(200, raw=b'{"id": "\xff\xfe"}'),
    "too deep": says(200, raw=b"[" * 20_000),
    "garbled": says(200, raw=OK, headers={"content-encoding": "gzip"}),
    "408": says(408, {}),
    "409": says(409, {}),
    "425": says(425, {}),
    "418": says(418, {}),
}


NEVER_END = (silence, drip, endless)


def post(behave: Behaviour, **more: Any) -> tuple[Answer | Failed | NotSent | Unsure, Server]:
    async def run() -> tuple[Answer | Failed | NotSent | Unsure, Server]:
        async with served(behave) as server:
            asked = api(server.url, times=QUICK if behave in NEVER_END else PATIENT)
            found = await asked.post_once(f"{server.url}/kling", json={"prompt": PROMPT}, hidden=[PROMPT], **more)
            await asked.close()
            return found, server

    return asyncio.run(run())


@pytest.mark.parametrize("behave", UNSURE.values(), ids=UNSURE.keys())
def test_what_may_have_been_taken_is_unsure_and_is_not_sent_again(behave: Behaviour) -> None:
    found, server = post(behave)
    assert isinstance(found, Unsure), found
    assert server.connections == 1


def test_a_good_answer_is_an_answer() -> None:
    found, server = post(says(202, {"request_id": "r1"}))
    assert isinstance(found, Answer)
    assert found.fields["request_id"] == "r1"
    assert f"authorization: Key {SECRET}" in server.requests[0].replace("Authorization", "authorization")


def test_a_refused_connection_is_not_sent() -> None:
    async def run() -> object:
        with socket.create_server(("127.0.0.1", 0)) as door:
            url = f"http://127.0.0.1:{door.getsockname()[1]}"
        return await api(url).post_once(f"{url}/kling", json={})

    assert asyncio.run(run()) == NotSent("studio cannot be reached (no connection)")


def test_an_unknown_name_and_a_slow_one_are_not_sent() -> None:
    async def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror("no such name")

    async def slow(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    async def run() -> list[object]:
        url = "https://queue.example"
        return [
            await Api(
                "studio", [url], Key("K", "Key", {"K": SECRET}), times=Times(connect=wait), resolve=resolve
            ).post_once(url, json={})
            for resolve, wait in ((unknown, 60), (slow, 0.1))
        ]

    assert all(isinstance(found, NotSent) for found in asyncio.run(run()))


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (400, {"detail": "Invalid JSON", "error_type": "bad_request"}, "invalid"),
        (400, {"error": {"code": "CONTENT_POLICY_VIOLATION", "message": "refused"}}, "refused"),
        (401, {"detail": "Authentication is required."}, "credentials"),
        (402, {}, "quota"),
        (403, {"detail": "User is locked. Reason: Exhausted balance."}, "quota"),
        (403, {"detail": "Not in scope"}, "credentials"),
        (404, {"detail": "Application not found"}, "invalid"),
        (405, {}, "invalid"),
        (410, {}, "invalid"),
        (413, {}, "invalid"),
        (415, {}, "invalid"),
        (422, {"detail": [{"loc": ["body", "duration"], "msg": "Input should be a string", "type": "x"}]}, "invalid"),
        (422, {"detail": [{"loc": ["body"], "msg": "flagged", "type": "content_policy_violation"}]}, "refused"),
        (429, {"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}}, "quota"),
        (451, {}, "refused"),
        (301, {}, "invalid"),
        (307, {}, "invalid"),
    ],
)
def test_a_refusal_was_not_taken(status: int, body: object, reason: str) -> None:
    found, _ = post(says(status, body))
    assert isinstance(found, Failed)
    assert (found.reason, found.is_billed) == (reason, False)


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after": "7"}, {}, 7.0),
        ({"retry-after": "-5"}, {}, 0.0),
        ({"retry-after": "1e999"}, {}, 300.0),
        ({"retry-after": "nan"}, {}, None),
        ({"retry-after": "soon"}, {"retry_after": 4}, 4.0),
        ({"retry-after": "Fri, 01 Jan 1999 00:00:00 GMT"}, {}, 0.0),
        ({"retry-after": "Fri, 01 Jan 2099 00:00:00 GMT"}, {}, 300.0),
        ({}, {"retry_after": 12.5, "detail": "Request was throttled."}, 12.5),
        ({}, {"retry_after": True}, None),
        ({}, {}, None),
    ],
)
def test_a_throttled_request_says_when(headers: dict[str, str], body: object, seconds: float | None) -> None:
    found, _ = post(says(429, body, headers))
    assert isinstance(found, NotSent)
    assert (found.is_throttled, found.retry_after) == (True, seconds)


def test_a_redirect_is_not_followed_and_the_key_stays() -> None:
    async def run() -> tuple[object, Server, object]:
        async with served(says(200, {"request_id": "stolen"})) as foreign:
            moved = {"location": f"{foreign.url}/kling"}
            async with served(says(307, {}, moved)) as own:
                asked = api(own.url)
                posted = await asked.post_once(f"{own.url}/kling", json={})
                read = await asked.read("GET", f"{own.url}/status")
                await asked.close()
                return posted, foreign, read

    posted, foreign, read = asyncio.run(run())
    assert isinstance(posted, Failed)
    assert isinstance(read, Answer)
    assert read.status == 307
    assert foreign.connections == 0


def test_an_address_elsewhere_is_never_asked_with_the_key() -> None:
    async def run() -> tuple[object, object, Server]:
        async with served(says(200, {})) as own, served(says(200, {})) as foreign:
            asked = api(own.url)
            found = await asked.read("GET", f"{foreign.url}/status"), await asked.post_once(foreign.url, json={})
            for spelling in (own.url.replace("http:", "https:"), own.url + "@evil.example", own.url + "1"):
                assert not asked.owns(spelling)
            await asked.close()
            return *found, foreign

    read, posted, foreign = asyncio.run(run())
    assert isinstance(read, Unreachable)
    assert isinstance(posted, Failed)
    assert foreign.connections == 0


def test_messages_hold_no_key_no_prompt_and_no_signature() -> None:
    signed = "https://cdn.example/a.mp4?X-Amz-Signature=5ecre7&token=abc"
    words = f"bad \x1b[31m key {SECRET} in “{PROMPT}” at {signed} \u202eevil" + " long" * 400
    found, _ = post(says(401, {"detail": words}))
    assert isinstance(found, Failed)
    for secret in (SECRET, SECRET.split(":")[1], PROMPT, "5ecre7", "token=abc", "\x1b", "\u202e"):
        assert secret not in found.message
    assert "https://cdn.example/a.mp4" in found.message
    assert len(found.message) < 550


def test_what_is_repeated_of_the_request_is_left_out() -> None:
    echo = {"loc": ["body", "prompt"], "msg": "too long", "type": "value_error", "input": "the whole plot"}
    found, _ = post(says(422, {"detail": [{**echo, "ctx": {"error": "the whole plot"}}]}))
    assert found == Failed("invalid", "studio answered 422: prompt: too long")


@pytest.mark.parametrize("environ", [{}, {"STUDIO_KEY": " "}, {"STUDIO_KEY": "a\nb"}, {"STUDIO_KEY": "ключ"}])
def test_without_a_key_that_can_be_sent_nothing_leaves(environ: dict[str, str]) -> None:
    asked = api("https://queue.example", allow_private=False, environ=environ)
    found = asyncio.run(asked.post_once("https://queue.example/kling", json={}))
    assert isinstance(found, Failed)
    assert found.reason == "credentials"
    assert "STUDIO_KEY" in found.message


def test_a_key_may_come_in_two_halves() -> None:
    key = Key("FAL_KEY", "Key", {"FAL_KEY_ID": "id-12345", "FAL_KEY_SECRET": "sec-12345"})
    assert key.authorization == "Key id-12345:sec-12345"
    assert "sec-12345" in key.spellings
    assert "sec-12345" not in repr(key)


def test_a_name_that_leads_home_is_not_connected_to() -> None:
    async def home(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async def run() -> tuple[object, object]:
        url = "https://queue.example"
        asked = Api("studio", [url], Key("K", "Key", {"K": SECRET}), times=PATIENT, resolve=home)
        with pytest.raises(AddressRefused):
            async with asked.stream("https://media.example/a.mp4", {}):
                pass
        found = await asked.post_once(url, json={}), await asked.read("GET", url)
        await asked.close()
        return found

    posted, read = asyncio.run(run())
    assert isinstance(posted, Failed)
    assert isinstance(read, Unreachable)


def test_plain_http_needs_a_word_in_the_settings() -> None:
    async def run() -> tuple[object, Server]:
        async with served(says(200, {"id": "1"})) as server:
            return await api(server.url, allow_private=False).post_once(server.url, json={}), server

    found, server = asyncio.run(run())
    assert isinstance(found, Failed)
    assert "allow_private" in found.message
    assert server.connections == 0
