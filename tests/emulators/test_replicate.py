"""The stand-in for Replicate does what its documents say, where its client does not look."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.emulators.clock import iso
from tests.emulators.jobs import Schedule
from tests.emulators.stand import Stand, stand

MODEL = "/v1/models/kwaivgi/kling-v3-video/predictions"
GIVEN: dict[str, Any] = {"prompt": "A ship", "duration": 3, "mode": "standard", "generate_audio": True}
NO_KEY = {"authorization": ""}


@pytest.fixture(scope="module")
def shared() -> Iterator[Stand]:
    with stand(scale=0.2) as each:
        yield each


@pytest.fixture
def found(shared: Stand) -> Stand:
    """The same server, with nothing in it; the clock moves only by hand."""
    shared.replicate.jobs.clear()
    shared.replicate.ledger.submissions.clear()
    shared.replicate.schedule = Schedule(100, 100)
    shared.replicate.fate_of = lambda _body: None
    shared.replicate.creates_per_minute = None
    return shared


@pytest.fixture
def client(found: Stand) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {found.replicate.key}"}
    with httpx.Client(headers=headers, base_url=found.replicate_url, trust_env=False) as each:
        yield each


def create(client: httpx.Client, **given: Any) -> dict[str, Any]:
    answer = client.post(MODEL, json={"input": GIVEN | given})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_an_hour_after_its_end_everything_is_gone(found: Stand, client: httpx.Client) -> None:
    made = create(client)
    assert (made["status"], made["output"], made["input"]) == ("starting", None, GIVEN)
    found.clock.advance(150)
    assert client.get(made["urls"]["get"]).json()["status"] == "processing"
    found.clock.advance(50)
    over = client.get(made["urls"]["get"]).json()
    assert (over["status"], over["data_removed"]) == ("succeeded", False)
    assert client.get(over["output"], headers=NO_KEY).content[4:8] == b"ftyp"

    found.clock.advance(3600)
    gone = client.get(made["urls"]["get"]).json()
    assert (gone["status"], gone["output"], gone["input"], gone["data_removed"]) == ("succeeded", None, {}, True)
    assert client.get(over["output"], headers=NO_KEY).status_code == 404


@pytest.mark.parametrize(
    ("given", "words"),
    [({"duration": "3"}, "not of type 'integer'"), ({"duration": 2}, "minimum"), ({"cfg_scale": 0.5}, "unexpected"),
     ({"multi_prompt": [{"prompt": "a", "duration": 3}]}, "not of type 'string'"),
     ({"end_image": "https://a.b/c"}, "start")],
)  # fmt: skip
def test_an_input_that_does_not_fit_is_refused_at_once(client: httpx.Client, given: dict[str, Any], words: str) -> None:
    answer = client.post(MODEL, json={"input": GIVEN | given})
    assert (answer.status_code, answer.json()["title"]) == (422, "Input validation failed")
    assert words in answer.json()["detail"]


@pytest.mark.parametrize(
    "shots", ['[{"prompt": "a", "duration": 2}]', "not json", "[]", '[{"prompt": "a", "duration": "3"}]']
)
def test_shots_that_cannot_be_made_fail_inside_the_model(found: Stand, client: httpx.Client, shots: str) -> None:
    made = create(client, multi_prompt=shots)
    found.clock.advance(200)
    over = client.get(made["urls"]["get"]).json()
    assert over["status"] == "failed"
    assert over["error"].startswith("E006")
    assert found.replicate.ledger.billed == 0


def test_shots_as_text_are_made(found: Stand, client: httpx.Client) -> None:
    made = create(client, multi_prompt=json.dumps([{"prompt": "a", "duration": 1}, {"prompt": "b", "duration": 2}]))
    found.clock.advance(200)
    assert client.get(made["urls"]["get"]).json()["status"] == "succeeded"


@pytest.mark.parametrize(("after", "cost"), [(50, "0"), (150, "0.378")])
def test_a_canceled_run_is_paid_where_it_ran(found: Stand, client: httpx.Client, after: float, cost: str) -> None:
    made = create(client)
    found.clock.advance(after)
    assert client.post(made["urls"]["cancel"]).json()["status"] == "canceled"
    assert str(found.replicate.ledger.billed) == cost


def test_a_deadline_before_the_start_aborts(found: Stand, client: httpx.Client) -> None:
    made = client.post(MODEL, json={"input": GIVEN}, headers={"cancel-after": "1m"}).json()
    found.clock.advance(61)
    over = client.get(made["urls"]["get"]).json()
    assert (over["status"], over["started_at"]) == ("aborted", None)


def test_too_many_meet_429_with_the_wait_in_the_body(found: Stand, client: httpx.Client) -> None:
    found.replicate.creates_per_minute = 2
    create(client)
    create(client)
    throttled = client.post(MODEL, json={"input": GIVEN})
    assert throttled.status_code == 429
    assert 1 <= throttled.json()["retry_after"] <= 60
    assert "retry-after" not in throttled.headers
    found.clock.advance(61)
    create(client)
    assert len(found.replicate.ledger.submissions) == 3


def test_the_list_has_pages_of_a_hundred_and_bounds(found: Stand, client: httpx.Client) -> None:
    began = found.clock.now()
    made = [create(client, prompt=f"ship {n}")["id"] for n in range(101)]
    found.clock.advance(10)
    first = client.get("/v1/predictions").json()
    assert (len(first["results"]), first["previous"]) == (100, None)
    second = client.get(first["next"]).json()
    assert (len(second["results"]), second["next"]) == (1, None)
    assert [each["id"] for each in (*first["results"], *second["results"])] == made[::-1]
    assert client.get(second["previous"]).json()["results"] == first["results"]
    assert first["results"][0]["input"] == GIVEN | {"prompt": "ship 100"}
    bounds = {"created_after": iso(began), "created_before": iso(found.clock.now() - 9)}
    assert len(client.get("/v1/predictions", params=bounds).json()["results"]) == 100
    assert client.get("/v1/predictions", params={"created_after": iso(found.clock.now())}).json()["results"] == []


def test_prefer_wait_holds_the_answer_back(found: Stand, client: httpx.Client) -> None:
    found.replicate.schedule = Schedule(0, 0.05)
    made = client.post(MODEL, json={"input": GIVEN}, headers={"prefer": "wait=60"})
    assert made.json()["status"] == "succeeded"


def test_files_live_for_a_day(found: Stand, client: httpx.Client) -> None:
    part = {"content": ("a.png", b"not looked at", "image/png")}
    stored = client.post("/v1/files", files=part, data={"metadata": '{"digest": "ab"}'}).json()
    assert (stored["size"], stored["metadata"]) == (13, {"digest": "ab"})
    assert client.get(stored["urls"]["get"]).json() == stored
    found.clock.advance(86_401)
    assert client.get(stored["urls"]["get"]).status_code == 404
    made = create(client, start_image=stored["urls"]["get"])
    found.clock.advance(200)
    assert "cannot be downloaded" in client.get(made["urls"]["get"]).json()["error"]


def test_wrong_tokens_are_problems(found: Stand, client: httpx.Client) -> None:
    answer = client.post(MODEL, json={"input": GIVEN}, headers={"authorization": "Bearer x"})
    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthenticated")
    assert found.replicate.ledger.submissions == []
