"""Who is answered, and with what: hostile requests, ranges, actions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from storyreel.watch.spec import Media
from storyreel.watch.twin import MemoryStage
from tests.watch.served import Heard, Running, served

SECRET = b"0123456789" * 100


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> MemoryStage:
    folder = tmp_path_factory.mktemp("media")
    (folder / "reel.mp4").write_bytes(SECRET)
    (folder / "reel.mp4.secret").write_bytes(b"not to be sent")
    stage = MemoryStage({"title": "<script>alert(1)</script>", "films": []}, is_buying_on=True)
    stage.files["abc123"] = Media(folder / "reel.mp4", "video/mp4")
    stage.files["gone"] = Media(folder / "never.mp4", "video/mp4")
    stage.films["f1"] = {"id": "f1"}
    stage.scenes["f1", 1] = {"id": "storm"}
    return stage


@pytest.fixture(scope="module")
def page(stage: MemoryStage) -> Iterator[Running]:
    with served(stage) as running:
        yield running


@pytest.fixture
def good(page: Running) -> dict[str, str | None]:
    """The headers of the page itself."""
    cookie = page.cookie()
    state = json.loads(page.ask("GET", "/state", {"Cookie": cookie}).body)
    return {
        "Cookie": cookie,
        "Origin": f"http://127.0.0.1:{page.port}",
        "X-Storyreel": state["action"],
        "Content-Type": "application/json",
        "Sec-Fetch-Site": "same-origin",
    }


PICK = b'{"film":"f1","scene":"storm","take":2}'

HOSTILE_READS: dict[str, tuple[str, dict[str, str | None], set[int]]] = {
    "foreign host": ("/state", {"Host": "evil.example"}, {403}),
    "foreign host that resolves here": ("/state", {"Host": "127.evil.com"}, {403}),
    "another port": ("/state", {"Host": "127.0.0.1:1"}, {403}),
    "no port": ("/state", {"Host": "127.0.0.1"}, {403}),
    "no host": ("/state", {"Host": None}, {400, 403}),
    "a host with a user": ("/state", {"Host": "127.0.0.1@evil.example"}, {400, 403}),
    "no cookie": ("/state", {"Cookie": None}, {401}),
    "a wrong cookie": ("/state", {"Cookie": "storyreel-0=x; storyreel=y"}, {401}),
    "a cookie that is none": ("/state", {"Cookie": "=;;=\x7f;[]"}, {401}),
    "a wrong token": ("/?token=guessed", {"Cookie": None}, {401}),
    "two tokens": ("/?token=a&token=b", {"Cookie": None}, {401}),
    "the token elsewhere": ("/state?token=TOKEN", {"Cookie": None}, {401}),
    "another site": ("/state", {"Sec-Fetch-Site": "cross-site"}, {403}),
    "another port of this machine": ("/file/abc123", {"Sec-Fetch-Site": "same-site"}, {403}),
    "the page in a frame": ("/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"}, {403}),
    "up": ("/file/../../etc/passwd", {}, {404}),
    "up, encoded": ("/file/%2e%2e%2f%2e%2e%2fetc%2fpasswd", {}, {404}),
    "up, encoded twice": ("/file/%252e%252e%252fetc%252fpasswd", {}, {404}),
    "up, backward": ("/file/..%5c..%5cetc%5cpasswd", {}, {404}),
    "a null": ("/file/abc123%00.txt", {}, {404}),
    "an absolute path": ("/file//etc/passwd", {}, {404}),
    "beside a file": ("/file/abc123.secret", {}, {404}),
    "up from the parts": ("/page/..%2fserver.py", {}, {404}),
    "a file that went": ("/file/gone", {}, {404}),
    "no such scene": ("/film/f1/99999999999999999999", {}, {404}),
    "no such film": ("/film/..%2f..", {}, {404}),
}


@pytest.mark.parametrize("name", HOSTILE_READS)
def test_hostile_reads_get_nothing(page: Running, good: dict[str, str | None], name: str) -> None:
    path, headers, wanted = HOSTILE_READS[name]
    heard = page.ask("GET", path.replace("TOKEN", page.token), good | headers)
    assert heard.status in wanted
    assert SECRET not in heard.body
    assert b"root:" not in heard.body
    assert heard.header("set-cookie") is None


HOSTILE_ACTIONS: dict[str, tuple[dict[str, str | None], bytes, set[int]]] = {
    "no origin": ({"Origin": None}, PICK, {403}),
    "foreign origin": ({"Origin": "http://evil.example"}, PICK, {403}),
    "no origin to speak of": ({"Origin": "null"}, PICK, {403}),
    "another port": ({"Origin": "http://127.0.0.1:1"}, PICK, {403}),
    "no token": ({"X-Storyreel": None}, PICK, {403}),
    "a wrong token": ({"X-Storyreel": "guessed"}, PICK, {403}),
    "a token that is no ascii": ({"X-Storyreel": "\xe9\xff"}, PICK, {403}),
    "no cookie": ({"Cookie": None}, PICK, {401}),
    "a form": ({"Content-Type": "application/x-www-form-urlencoded"}, PICK, {400}),
    "plain text": ({"Content-Type": "text/plain"}, PICK, {400}),
    "no json": ({}, b"{", {400}),
    "more than is known": ({}, PICK[:-1] + b',"path":"/etc/passwd"}', {400}),
    "a take that is no number": ({}, PICK.replace(b"2", b'"2"'), {400}),
    "take zero": ({}, PICK.replace(b"2", b"0"), {400}),
    "too long": ({}, b"[" * 70_000, {400}),
    "deep": ({}, b"[" * 60_000, {400}),
}


@pytest.mark.parametrize("name", HOSTILE_ACTIONS)
def test_hostile_actions_do_nothing(page: Running, stage: MemoryStage, good: dict[str, str | None], name: str) -> None:
    headers, body, wanted = HOSTILE_ACTIONS[name]
    for path in ("/pick", "/buy"):
        heard = page.ask("POST", path, good | headers, body)
        assert heard.status in wanted
    assert not stage.picked
    assert not stage.bought


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_other_methods_are_refused_and_no_site_is_let_in(
    page: Running, good: dict[str, str | None], method: str
) -> None:
    heard = page.ask(method, "/pick", good)
    assert heard.status == 405
    assert heard.header("access-control-allow-origin") is None


def test_an_action_needs_a_post(page: Running, good: dict[str, str | None]) -> None:
    assert page.ask("GET", "/buy", good).status == 405


def test_every_answer_is_guarded(page: Running, good: dict[str, str | None]) -> None:
    answers = [page.ask("GET", path, good) for path in ("/", "/state", "/file/abc123", "/page/page.js", "/none")]
    answers.append(page.ask("GET", "/", {"Host": "evil.example"}))
    for heard in answers:
        policy = heard.header("content-security-policy") or ""
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert heard.header("x-content-type-options") == "nosniff"
        assert heard.header("x-frame-options") == "DENY"
        assert heard.header("cross-origin-resource-policy") == "same-origin"
        assert heard.header("access-control-allow-origin") is None
        assert heard.header("server") is None


def test_the_address_gives_a_cookie_that_no_script_and_no_other_site_has(page: Running) -> None:
    heard = page.ask("GET", f"/?token={page.token}")
    assert heard.status == 200
    cookie = heard.header("set-cookie") or ""
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert page.token not in cookie
    assert heard.header("cache-control") == "no-store"
    assert heard.header("referrer-policy") == "no-referrer"


def test_the_page_refers_to_nothing_outside(page: Running) -> None:
    folder = Path(__file__).parents[2] / "src/storyreel/watch/page"
    for part in folder.iterdir():
        text = part.read_text().replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text, part.name
        for banned in ("innerHTML", "insertAdjacentHTML", "eval(", "document.write", "style=", 'onclick="'):
            assert banned not in text, (part.name, banned)


def _range(page: Running, good: dict[str, str | None], asked: str, **more: str) -> Heard:
    return page.ask("GET", "/file/abc123", good | {"Range": asked} | {k.replace("_", "-"): v for k, v in more.items()})


def test_ranges(page: Running, good: dict[str, str | None]) -> None:
    whole = page.ask("GET", "/file/abc123", good)
    assert (whole.status, whole.body, whole.header("accept-ranges")) == (200, SECRET, "bytes")
    first = _range(page, good, "bytes=0-9")
    assert (first.status, first.body, first.header("content-range")) == (206, b"0123456789", "bytes 0-9/1000")
    assert _range(page, good, "bytes=995-").body == b"56789"
    assert _range(page, good, "bytes=-3").body == b"789"
    assert _range(page, good, "bytes=990-5000").header("content-range") == "bytes 990-999/1000"
    beyond = _range(page, good, "bytes=1000-")
    assert (beyond.status, beyond.header("content-range")) == (416, "bytes */1000")
    for whole_again in ("bytes=9-1", "bytes=", "bytes=-", "bytes=0-1,4-5", "items=0-1", "bytes=0-x"):
        assert _range(page, good, whole_again).status == 200
    tag = whole.header("etag") or ""
    assert _range(page, good, "bytes=0-0", If_Range=tag).status == 206
    assert _range(page, good, "bytes=0-0", If_Range='"other"').status == 200
    head = page.ask("HEAD", "/file/abc123", good)
    assert (head.status, head.body, head.header("content-length")) == (200, b"", "1000")


def test_actions(page: Running, stage: MemoryStage, good: dict[str, str | None]) -> None:
    picked = page.ask("POST", "/pick", good, PICK)
    assert (picked.status, json.loads(picked.body)["is_done"]) == (200, True)
    assert stage.picked == [("f1", "storm", 2)]
    stage.is_buying_on = False
    refused = page.ask("POST", "/buy", good, b'{"scenes":[]}')
    assert (refused.status, stage.bought) == (403, [])
    stage.is_buying_on = True
    assert page.ask("POST", "/buy", good, b'{"scenes":["storm"]}').status == 200
    assert stage.bought == [("storm",)]
    stage.picked.clear()
    stage.bought.clear()


def test_documents(page: Running, good: dict[str, str | None]) -> None:
    state = page.ask("GET", "/state", good)
    assert state.header("content-type") == "application/json"
    assert json.loads(state.body)["title"] == "<script>alert(1)</script>"
    assert json.loads(page.ask("GET", "/film/f1", good).body) == {"id": "f1"}
    assert json.loads(page.ask("GET", "/film/f1/1", good).body) == {"id": "storm"}
