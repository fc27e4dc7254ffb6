"""The stand-in for fal does what fal's documents say, where its client does not look."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.emulators.clock import iso
from tests.emulators.fal_outcome import FATES
from tests.emulators.jobs import Schedule
from tests.emulators.stand import Stand, stand

TEXT = "fal-ai/kling-video/v3/standard/text-to-video"
IMAGE = "fal-ai/kling-video/v3/standard/image-to-video"
VOICES = "fal-ai/kling-video/create-voice"
BODY: dict[str, Any] = {"prompt": "A ship", "duration": "3", "generate_audio": True}
SHOTS: dict[str, Any] = {
    "multi_prompt": [{"prompt": "a", "duration": "1"}, {"prompt": "b", "duration": "2"}], "duration": "3"
}  # fmt: skip
START = {"start_image_url": "https://a.b/c.png"}
STARTED = BODY | START
VIDEO = {"video_url": "https://example.com/a.mp4"}


@pytest.fixture(scope="module")
def shared() -> Iterator[Stand]:
    with stand(scale=0.2) as each:
        yield each


@pytest.fixture
def found(shared: Stand) -> Stand:
    """The same servers, with nothing in them; the clock moves only by hand."""
    fal = shared.fal
    fal.jobs.clear()
    fal.ledger.submissions.clear()
    fal.schedule = Schedule(100, 100)
    fal.fate_of = lambda _body: None
    fal.platform.list_delay, fal.platform.page, fal.platform.lists_running = 0.0, 50, False
    return shared


@pytest.fixture
def client(found: Stand) -> Iterator[httpx.Client]:
    with httpx.Client(
        headers={"authorization": f"Key {found.fal.key}"}, base_url=found.fal_url, trust_env=False
    ) as each:
        yield each


def submit(client: httpx.Client, body: Mapping[str, Any] = BODY, endpoint: str = TEXT) -> dict[str, Any]:
    answer = client.post(f"/{endpoint}", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def outcome(found: Stand, client: httpx.Client, body: Mapping[str, Any], endpoint: str = TEXT) -> httpx.Response:
    job = submit(client, body, endpoint)
    found.clock.advance(200)
    return client.get(job["response_url"])


def test_a_job_waits_runs_and_ends(found: Stand, client: httpx.Client) -> None:
    job = submit(client)
    waiting = client.get(job["status_url"])
    assert (waiting.status_code, waiting.json()["status"], waiting.json()["queue_position"]) == (202, "IN_QUEUE", 0)
    assert client.get(job["response_url"]).status_code == 400
    found.clock.advance(100)
    running = client.get(job["status_url"], params={"logs": 1})
    assert (running.status_code, running.json()["status"], running.json()["logs"]) == (202, "IN_PROGRESS", [])
    found.clock.advance(100)
    over = client.get(job["status_url"])
    assert (over.status_code, over.json()["status"]) == (200, "COMPLETED")
    result = client.get(job["response_url"])
    assert result.headers["x-fal-billable-units"] == "2.7"
    assert result.headers["x-fal-request-id"] == job["request_id"]
    assert str(found.fal.ledger.billed) == "0.378"


def test_job_addresses_hold_no_more_than_owner_and_app(client: httpx.Client) -> None:
    job = submit(client)
    full = f"/{TEXT}/requests/{job['request_id']}"
    assert job["response_url"].endswith(f"/fal-ai/kling-video/requests/{job['request_id']}")
    assert client.get(f"{full}/status").status_code == 405
    assert client.get(full).status_code == 405
    assert client.get(f"/fal-ai/other-app/requests/{job['request_id']}/status").status_code == 404


@pytest.mark.parametrize(
    ("body", "endpoint", "words"),
    [
        (BODY | {"duration": 3}, TEXT, "3 is not of type 'string'"),
        (BODY | SHOTS, TEXT, "either prompt or multi_prompt"),
        ({"duration": "3"}, TEXT, "either prompt or multi_prompt"),
        ({"input": BODY}, TEXT, "unexpected"),
        (BODY | {"elements": [VIDEO]}, TEXT, "unexpected"),
        (SHOTS | {"duration": "4"}, TEXT, "Sum of shot durations"),
        (BODY, IMAGE, "start_image_url"),
        (BODY | {"start_image_url": "asset:sha256:00"}, IMAGE, "download"),
        (SHOTS | START | {"end_image_url": "https://a.b/d.png"}, IMAGE, "end_image_url"),
        (STARTED | {"elements": [{"frontal_image_url": "https://a.b/e.png"}]}, IMAGE,
         "Either frontal_image_url and reference_image_urls or video_url"),
        (STARTED | {"elements": [VIDEO, VIDEO]}, IMAGE, "Only one video"),
        (STARTED | {"elements": [VIDEO | {"voice_id": "v"}]}, IMAGE, "Voice not found"),
    ],
)  # fmt: skip
def test_a_body_that_breaks_a_rule_fails_late_and_free(
    found: Stand, client: httpx.Client, body: Mapping[str, Any], endpoint: str, words: str
) -> None:
    answer = outcome(found, client, body, endpoint)
    assert answer.status_code == 422
    messages = [each["msg"] for each in answer.json()["detail"]]
    assert any(words in each for each in messages), messages
    assert set(answer.json()["detail"][0]) == {"loc", "msg", "type", "ctx", "input"}
    assert found.fal.ledger.billed == 0


@pytest.mark.parametrize("fate", FATES)
def test_a_failed_job_looks_completed(found: Stand, client: httpx.Client, fate: str) -> None:
    found.fal.fate_of = lambda _body: fate
    job = submit(client)
    found.clock.advance(200)
    status = client.get(job["status_url"]).json()
    assert status["status"] == "COMPLETED"
    assert ("error" in status) == (fate == "told")
    assert client.get(job["response_url"]).status_code >= 400


def test_cancelling(found: Stand, client: httpx.Client) -> None:
    job = submit(client)
    assert client.put(job["cancel_url"]).json() == {"status": "CANCELLATION_REQUESTED"}
    assert (client.get(job["response_url"]).status_code, str(found.fal.ledger.billed)) == (499, "0")
    assert client.put(job["cancel_url"]).status_code == 400
    assert client.put("/fal-ai/kling-video/requests/none/cancel").json() == {"status": "NOT_FOUND"}


def test_what_is_not_asked_rightly_is_refused_at_once(found: Stand, client: httpx.Client) -> None:
    wrong = {"authorization": found.fal.key}
    assert client.post(f"/{TEXT}", json=BODY, headers=wrong).status_code == 401, "the word Key is needed"
    assert client.post("/fal-ai/kling-video/v9/text-to-video", json=BODY).status_code == 404
    assert client.post(f"/{TEXT}", content=b"{").status_code == 400
    assert client.get("/v1/models/pricing", headers=wrong).json()["error"]["type"] == "authorization_error"
    assert (len(found.fal.ledger.submissions), found.fal.ledger.wrong_keys) == (0, 2)


def test_the_list_shows_what_has_ended_after_its_delay(found: Stand, client: httpx.Client) -> None:
    found.fal.platform.list_delay = 60
    job = submit(client)
    ask = {"endpoint_id": TEXT, "expand": "payloads"}
    assert client.get("/v1/models/requests/by-endpoint", params=ask).json()["items"] == []
    found.clock.advance(210)
    assert client.get("/v1/models/requests/by-endpoint", params=ask).json()["items"] == []
    found.clock.advance(51)
    (item,) = client.get("/v1/models/requests/by-endpoint", params=ask).json()["items"]
    assert (item["request_id"], item["json_input"], item["status_code"]) == (job["request_id"], BODY, 200)
    assert item["json_output"]["video"]["url"].startswith(found.media.url)
    late = ask | {"start": iso(found.clock.now() - 30)}
    assert client.get("/v1/models/requests/by-endpoint", params=late).json()["items"] == []


def test_the_list_comes_in_pages_newest_first(found: Stand, client: httpx.Client) -> None:
    made = [submit(client, BODY | {"prompt": f"ship {n}"})["request_id"] for n in range(7)]
    found.clock.advance(200)
    seen: list[str] = []
    ask = {"endpoint_id": TEXT, "limit": "3"}
    for more in (True, True, False):
        page = client.get("/v1/models/requests/by-endpoint", params=ask).json()
        seen += [each["request_id"] for each in page["items"]]
        assert page["has_more"] == more
        assert "json_input" not in page["items"][0]
        ask["cursor"] = page["next_cursor"]
    assert seen == made[::-1]


def test_what_is_not_stored_is_not_listed_with_its_body(found: Stand, client: httpx.Client) -> None:
    client.post(f"/{TEXT}", json=BODY, headers={"x-fal-store-io": "0"})
    found.clock.advance(200)
    ask = {"endpoint_id": TEXT, "expand": "payloads"}
    (item,) = client.get("/v1/models/requests/by-endpoint", params=ask).json()["items"]
    assert item["json_input"] is None


def test_a_voice_is_made_once_and_bound_to_a_video(found: Stand, client: httpx.Client) -> None:
    voice = outcome(found, client, {"voice_url": "https://a.b/v.mp3"}, VOICES).json()["voice_id"]
    body = STARTED | {"elements": [VIDEO | {"voice_id": voice}]}
    result = outcome(found, client, body, IMAGE)
    assert result.status_code == 200
    assert str(found.fal.ledger.billed) == "0.469", "0.007 and three seconds at 0.154"


def test_the_film_has_the_shape_of_its_start_picture(found: Stand, client: httpx.Client) -> None:
    with io.BytesIO() as out:
        Image.new("RGB", (300, 400)).save(out, "png")
        start = f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"
    job = submit(client, BODY | {"start_image_url": start}, IMAGE)
    film = found.fal.jobs[job["request_id"]].film
    assert film is not None
    assert (film.width, film.height) == (144, 192)


def test_small_and_lost_pictures_are_found_out(found: Stand, client: httpx.Client) -> None:
    token = client.post("/storage/auth/token", params={"storage_type": "fal-cdn-v3"}, json={}).json()
    assert token["base_url"] == found.fal_url
    noise = {"authorization": f"{token['token_type']} {token['token']}", "content-type": "image/png"}
    broken = client.post("/files/upload", content=b"no picture", headers=noise).json()["access_url"]
    for url, kind in ((broken, "image_load_error"), (f"{found.media.url}/never.png", "file_download_error")):
        answer = outcome(found, client, BODY | {"start_image_url": url}, IMAGE)
        assert answer.json()["detail"][0]["type"] == kind
    assert client.post("/files/upload", content=b"x").status_code == 401, "the key is no token"
    found.clock.advance(601)
    assert client.post("/files/upload", content=b"x", headers=noise).status_code == 401, "tokens age"


def test_prices(client: httpx.Client) -> None:
    (price,) = client.get("/v1/models/pricing", params={"endpoint_id": TEXT}).json()["prices"]
    assert price == {"endpoint_id": TEXT, "unit_price": 0.14, "unit": "second", "currency": "USD"}
