"""Each fault is what its name says, seen from a client; and the ledger knows whether the job was accepted."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from typing import Any

import av
import httpx
import pytest
from av.container import InputContainer

from tests.emulators.faults import KINDS, Fault
from tests.emulators.films import Film, film
from tests.emulators.jobs import Schedule
from tests.emulators.media import Stored
from tests.emulators.stand import Stand, stand
from tests.emulators.wire import BEFORE_READ, MANNERS, Upset, wired

SUBMIT = "/fal-ai/kling-video/v3/standard/text-to-video"
BODY = {"prompt": "A ship", "duration": "3", "generate_audio": False}
SMALL = Film(3, 160, 90, "small")


@pytest.fixture(scope="module")
def shared() -> Iterator[Stand]:
    with stand(scale=0.2, schedule=Schedule(0, 0)) as each:
        yield each


@pytest.fixture
def found(shared: Stand) -> Stand:
    for each in (shared.fal, shared.media):
        each.faults.clear()
        each.ledger.heard.clear()
    shared.fal.ledger.submissions.clear()
    return shared


@pytest.fixture
def client(found: Stand) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Key {found.fal.key}"}
    with httpx.Client(headers=headers, timeout=60, trust_env=False) as each:
        yield each


def submit(client: httpx.Client, url: str, patience: float = 60) -> httpx.Response:
    return client.post(url + SUBMIT, json=BODY, timeout=patience)


def patience(manner: str) -> float:
    """Seconds; short where no answer will come."""
    return 0.5 if manner.startswith("silent") else 60


def accepted(stand: Stand, expected: int) -> int:
    """How many jobs were accepted; who was not waited for may hear of the last a moment later."""
    end = time.monotonic() + 60
    while len(stand.fal.ledger.submissions) < expected and time.monotonic() < end:
        time.sleep(0.01)
    return len(stand.fal.ledger.submissions)


BROKEN = {
    "reset": httpx.ReadError,
    "close": httpx.RemoteProtocolError,
    "half_head": httpx.RemoteProtocolError,
    "half_body": httpx.RemoteProtocolError,
    "silent": httpx.ReadTimeout,
    "cut": httpx.RemoteProtocolError,
    "length_too_long": httpx.RemoteProtocolError,
}


@pytest.mark.parametrize("seen", [True, False])
@pytest.mark.parametrize("kind", BROKEN)
def test_a_line_that_breaks_leaves_the_client_in_doubt(
    found: Stand, client: httpx.Client, kind: str, seen: bool
) -> None:
    found.fal.faults.add("submit", Fault(kind, seen=seen))
    with pytest.raises(BROKEN[kind]):
        submit(client, found.fal_url, patience(kind))
    is_accepted = seen or kind in ("cut", "length_too_long")
    assert accepted(found, is_accepted) == is_accepted
    assert submit(client, found.fal_url).status_code == 200, "one fault spoils one request"


@pytest.mark.parametrize("seen", [True, False])
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 408, 409, 413, 422, 425, 429, 500, 502, 503, 504])
def test_a_status_says_nothing_of_what_was_accepted(
    found: Stand, client: httpx.Client, status: int, seen: bool
) -> None:
    found.fal.faults.add("submit", Fault("status", status=status, seen=seen, headers={"retry-after": "7"}))
    answer = submit(client, found.fal_url)
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "7")
    assert "detail" in answer.json()
    assert len(found.fal.ledger.submissions) == seen
    assert found.fal.ledger.heard[-1].fault == "status"


def test_replicate_says_in_its_body_how_long_to_wait(found: Stand, client: httpx.Client) -> None:
    found.replicate.faults.add("submit", Fault("status", status=429))
    answer = client.post(f"{found.replicate_url}/v1/models/kwaivgi/kling-v3-video/predictions", json={})
    assert (answer.status_code, answer.json()["retry_after"]) == (429, 1)


@pytest.mark.parametrize(
    ("kind", "is_read"),
    [("empty", b""), ("invalid_json", None), ("not_utf8", None), ("wrong_shape", None), ("wrong_types", None),
     ("deep_json", None), ("huge_json", None), ("html", None)],
)  # fmt: skip
def test_answers_that_are_no_answers(found: Stand, client: httpx.Client, kind: str, is_read: bytes | None) -> None:
    found.fal.faults.add("poll", Fault(kind))
    answer = client.get(f"{found.fal_url}/fal-ai/kling-video/requests/x/status")
    assert answer.status_code == (502 if kind == "html" else 200)
    assert is_read is None or answer.content == is_read
    assert kind != "huge_json" or len(answer.content) > 10_000_000


def test_the_status_of_a_job_goes_astray(found: Stand, client: httpx.Client) -> None:
    url = submit(client, found.fal_url).json()["status_url"]
    kinds = ("unknown_status", "status_back", "completed_with_error", "duplicate_keys")
    found.fal.faults.add("poll", *(Fault(kind) for kind in kinds))
    unknown, back, erred, doubled, true = (client.get(url) for _ in range(5))
    assert unknown.json()["status"] == "PAUSED"
    assert (back.json()["status"], back.json()["queue_position"]) == ("IN_QUEUE", 7)
    assert (erred.json()["status"], erred.json()["error_type"]) == ("COMPLETED", "runner_server_error")
    assert doubled.text.count('"status"') == 2
    assert true.json()["status"] == "COMPLETED"


def test_redirects_lead_where_they_are_told(found: Stand, client: httpx.Client) -> None:
    places = ("", "http://localhost:9/x", "file:///etc/passwd")
    found.fal.faults.add("result", *(Fault("redirect", status=307, location=place) for place in places))
    answers = [client.get(f"{found.fal_url}/fal-ai/kling-video/requests/x") for _ in places]
    assert [each.headers["location"] for each in answers] == ["?again=1", *places[1:]]


def test_addresses_may_lead_to_a_stranger(found: Stand, client: httpx.Client) -> None:
    found.fal.faults.add("submit", Fault("foreign_urls", location=found.media.url))
    job = submit(client, found.fal_url).json()
    assert all(job[key].startswith(found.media.url) for key in ("status_url", "response_url", "cancel_url"))
    leaked = found.media.ledger.leaked_keys
    client.get(job["status_url"])
    assert found.media.ledger.leaked_keys == leaked + 1, "a client that follows blindly has given its key away"


@pytest.fixture
def url(found: Stand) -> str:
    return found.media.publish("a.mp4", Stored(SMALL, "video/mp4"))


@pytest.mark.parametrize("at", [0, 0.01, 0.5, 0.99])
def test_a_download_is_cut(found: Stand, client: httpx.Client, url: str, at: float) -> None:
    found.media.faults.add("download", Fault("cut", at=at), Fault("cut_without_length", at=at))
    with pytest.raises(httpx.RemoteProtocolError, match=f"received {int(len(film(SMALL)) * at)} bytes"):
        client.get(url)
    assert client.get(url).content == film(SMALL)[: int(len(film(SMALL)) * at)], "a clean end, as far as one can see"


def test_lengths_and_codings_lie(found: Stand, client: httpx.Client, url: str) -> None:
    found.media.faults.add("download", Fault("length_too_short"), Fault("gzip"), Fault("bit_flip"))
    assert client.get(url).content == film(SMALL)[:-100]
    packed = client.get(url)
    assert (packed.headers["content-encoding"], packed.content) == ("gzip", film(SMALL))
    assert len(client.get(url).content) == len(film(SMALL))


def test_slow_and_endless_bodies(found: Stand, client: httpx.Client, url: str) -> None:
    found.media.faults.add("download", Fault("drip", seconds=0.01), Fault("endless"))
    for least in (2, 5_000_000):
        with client.stream("GET", url) as answer:
            read = 0
            for part in answer.iter_raw():
                read += len(part)
                if read > least:
                    break


def facts(data: bytes) -> tuple[float, int, int, bool]:
    """Seconds, width, height and whether there is sound, by a decoder that did not make it."""
    with av.open(io.BytesIO(data)) as opened:
        assert isinstance(opened, InputContainer)
        picture = opened.streams.video[0]
        count = len(list(opened.decode(picture)))
        return count / 24, picture.width, picture.height, bool(opened.streams.audio)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(None, (3, 160, 90, True)), ("no_sound", (3, 160, 90, False)), ("shorter", (1.5, 160, 90, True)),
     ("longer", (6, 160, 90, True)), ("other_size", (3, 90, 160, True))],
)  # fmt: skip
def test_films_that_are_not_what_was_asked_for(
    found: Stand, client: httpx.Client, url: str, kind: str | None, expected: tuple[float, int, int, bool]
) -> None:
    if kind:
        found.media.faults.add("download", Fault(kind))
    assert facts(client.get(url).content) == expected


def test_two_takes_of_one_scene_differ_and_one_take_is_the_same_again(found: Stand, client: httpx.Client) -> None:
    addresses = [submit(client, found.fal_url).json()["response_url"] for _ in range(2)]
    films = [client.get(client.get(each).json()["video"]["url"], headers={"authorization": ""}).content
             for each in (*addresses, addresses[0])]  # fmt: skip
    assert films[0] == films[2] != films[1]
    assert facts(films[0]) == facts(films[1]) == (3, 256, 144, False)


@pytest.mark.parametrize("kind", ["html_film", "playlist_film", "empty_film", "zero_frames", "corrupt_moov"])
def test_films_that_are_none(found: Stand, client: httpx.Client, url: str, kind: str) -> None:
    found.media.faults.add("download", Fault(kind))
    answer = client.get(url)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    assert answer.content != film(SMALL)
    assert answer.headers["content-length"] == str(len(answer.content))


def test_every_kind_has_one_home_and_others_are_refused() -> None:
    assert len(set(KINDS)) == len(KINDS)
    with pytest.raises(ValueError, match="no fault called resett"):
        Fault("resett")


def test_the_same_seed_spoils_the_same_requests(found: Stand, client: httpx.Client) -> None:
    def spoiled() -> list[int]:
        found.fal.faults.clear()
        found.fal.faults.at_rate(0.3, [Fault("status", status=503)], phases=("poll",), seed=7)
        address = f"{found.fal_url}/fal-ai/kling-video/requests/x/status"
        return [client.get(address).status_code for _ in range(30)]

    first = spoiled()
    assert first == spoiled()
    assert 3 <= first.count(503) <= 15


WIRED: dict[str, Any] = {
    "accept_and_close": (httpx.RemoteProtocolError, httpx.ReadError),
    "reset_before_read": (httpx.ReadError, httpx.WriteError, httpx.ConnectError, httpx.RemoteProtocolError),
    "silent_before_read": httpx.ReadTimeout,
    "reset_after_read": httpx.ReadError,
    "close_after_read": httpx.RemoteProtocolError,
    "half_head": httpx.RemoteProtocolError,
    "half_body": httpx.RemoteProtocolError,
    "silent_after_read": httpx.ReadTimeout,
}


@pytest.mark.parametrize("seen", [True, False])
@pytest.mark.parametrize("manner", MANNERS)
def test_the_wire_breaks_with_and_without_the_server_knowing(
    found: Stand, client: httpx.Client, manner: Any, seen: bool
) -> None:
    with wired(found.fal_url) as wire:
        wire.upsets.append(Upset(manner, seen=seen))
        with pytest.raises(WIRED[manner]):
            submit(client, wire.url, patience(manner))
        is_accepted = seen and manner not in BEFORE_READ
        assert accepted(found, is_accepted) == is_accepted
        passed = submit(client, wire.url)
        assert passed.json()["status_url"].startswith(wire.url), "addresses lead back through the wire"


def test_the_wire_refuses_and_comes_back(found: Stand, client: httpx.Client) -> None:
    with wired(found.fal_url) as wire:
        with wire.refusing(), pytest.raises(httpx.ConnectError):
            submit(client, wire.url)
        assert submit(client, wire.url).status_code == 200
        wire.upsets.append(Upset("close_after_read", match="GET /other"))
        assert submit(client, wire.url).status_code == 200
        assert (wire.passed, len(wire.upsets)) == (2, 1)
    assert len(found.fal.ledger.submissions) == 2


def test_the_ledger_can_be_read_from_outside(found: Stand, client: httpx.Client) -> None:
    submit(client, found.fal_url)
    submit(client, found.fal_url)
    state = json.loads(client.get(f"{found.fal_url}/_state").content)
    assert (state["accepted"], state["duplicates"], state["billed"]) == (2, 1, "0.504")
    assert state["requests"] == {"submit": 2}
    assert state["submissions"][0]["auth"] == f"Key {found.fal.key}"
