"""OpenAI-shaped servers and where they differ; Lumenfall's own fields."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.emulators.clock import Clock
from tests.emulators.dialects import LUMENFALL, OPENAI, SGLANG, VLLM_OMNI, Dialect
from tests.emulators.jobs import Schedule
from tests.emulators.media import MediaHost
from tests.emulators.openai_videos import OpenAIVideos
from tests.emulators.serve import running

BODY: dict[str, Any] = {"model": "fal/kling-v3", "prompt": "A ship", "seconds": "3", "generate_audio": True}
VIDEOS = "/openai/v1/videos"
NO_KEY = {"authorization": ""}


@contextmanager
def served(dialect: Dialect) -> Iterator[tuple[OpenAIVideos, httpx.Client]]:
    media = MediaHost(Clock())
    server = OpenAIVideos(media, dialect)
    server.schedule, server.scale = Schedule(100, 100), 0.2
    headers = {"authorization": f"Bearer {server.key}"}
    with (
        running(media.app) as media.url,
        running(server.app) as url,
        httpx.Client(base_url=url, headers=headers) as client,
    ):
        yield server, client


def test_lumenfall_makes_a_video_and_says_its_cost() -> None:
    with served(LUMENFALL) as (server, client):
        made = client.post(VIDEOS, json=BODY)
        assert (made.status_code, set(made.json())) == (202, set(LUMENFALL.create_fields))
        url = f"{VIDEOS}/{made.json()['id']}"
        assert client.get(url).json()["metadata"]["cost_estimate"] == 0.378
        server.clock.advance(200)
        over = client.get(url).json()
        assert (over["status"], over["metadata"]["cost"], over["seconds"]) == ("completed", 0.378, "3")
        film = client.get(over["output"]["url"], headers=NO_KEY)
        assert len(film.content) == over["output"]["size_bytes"]
        server.clock.advance(3600)
        assert over["expires_at"] <= server.clock.now()
        assert client.get(over["output"]["url"], headers=NO_KEY).status_code == 404
        assert client.get(f"{url}/content").status_code == 404
        assert client.get(VIDEOS).status_code == 405


def test_lumenfall_knows_its_claims() -> None:
    with served(LUMENFALL) as (server, client):
        first, again = (client.post(VIDEOS, json=BODY | {"idempotency_key": "k"}) for _ in range(2))
        assert (first.status_code, again.status_code) == (202, 200)
        assert again.json() == first.json()
        client.post(VIDEOS, json=BODY | {"idempotency_key": "k", "prompt": "Another"})
        ledger = server.ledger
        assert (len(ledger.submissions), ledger.replayed_claims, ledger.changed_claims) == (1, 2, 1)
        assert ledger.submissions[0].claim == "k"
        client.post(VIDEOS, json=BODY | {"idempotency_key": "another"})
        assert ledger.duplicates == 1, "the same wish under another claim is bought twice"


def test_lumenfall_estimates_and_mocks_for_nothing() -> None:
    with served(LUMENFALL) as (server, client):
        estimate = client.post(f"{VIDEOS}?dryRun=true", json=BODY).json()
        assert (estimate["estimated"], estimate["total_cost_micros"], estimate["provider"]) == (True, 378_000, "fal")
        mocked = client.post(VIDEOS, json=BODY, headers={"x-lumenfall-replay": "mock"})
        server.clock.advance(200)
        assert client.get(f"{VIDEOS}/{mocked.json()['id']}").json()["metadata"]["cost"] == 0
        assert (server.ledger.submissions, server.mocked, server.estimated) == ([], 1, 1)


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [({"prompt": ""}, 400, "INVALID_REQUEST"), ({"model": "sora-2"}, 404, "MODEL_NOT_FOUND"),
     ({"n": 9}, 400, "INVALID_REQUEST"), ({"seconds": "many"}, 400, "INVALID_REQUEST")],
)  # fmt: skip
def test_lumenfall_refuses_in_its_own_words(change: dict[str, Any], status: int, code: str) -> None:
    with served(LUMENFALL) as (server, client):
        refused = client.post(VIDEOS, json=BODY | change)
        assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
        assert server.ledger.submissions == []


@pytest.mark.parametrize(
    "change",
    [{"seconds": "2"}, {"multi_prompt": [{"prompt": "a", "duration": "2"}]}, {"model": "fal/kling-v3-i2v"},
     {"model": "replicate/kling-v3", "elements": [{"video_url": "https://a.b/c.mp4"}]}],
)  # fmt: skip
def test_lumenfall_passes_on_what_its_provider_finds_late(change: dict[str, Any]) -> None:
    with served(LUMENFALL) as (server, client):
        made = client.post(VIDEOS, json=BODY | change).json()
        server.clock.advance(200)
        over = client.get(f"{VIDEOS}/{made['id']}").json()
        assert (over["status"], over["error"]["code"]) == ("failed", "UPSTREAM_ERROR")
        assert server.ledger.billed == 0


def test_lumenfall_cancels_by_delete() -> None:
    with served(LUMENFALL) as (server, client):
        made = client.post(VIDEOS, json=BODY).json()
        assert client.delete(f"{VIDEOS}/{made['id']}").status_code == 204
        assert client.get(f"{VIDEOS}/{made['id']}").json()["status"] == "failed"
        assert server.ledger.billed == 0


def test_openai_sells_three_lengths() -> None:
    with served(OPENAI) as (_server, client):
        form = {"prompt": "A ship", "seconds": "5"}
        assert client.post("/v1/videos", data=form, files={"x": b""}).status_code == 400
        assert client.post("/v1/videos", data=form | {"seconds": "8"}, files={"x": b""}).status_code == 200


def test_vllm_omni_takes_forms_alone_and_answers_little() -> None:
    with served(VLLM_OMNI) as (server, client):
        assert client.post("/v1/videos", json={"prompt": "A ship"}).status_code == 422
        form = {"prompt": "A ship", "num_frames": "73", "fps": "24", "width": "640", "height": "360"}
        made = client.post("/v1/videos", data=form, files={"input_reference": ("a.png", b"png", "image/png")})
        assert set(made.json()) == {"id", "status", "created_at"}
        server.clock.advance(200)
        video = client.get(f"/v1/videos/{made.json()['id']}").json()
        assert (video["seconds"], video["size"]) == ("3", "640x360")
        assert client.get(f"/v1/videos/{made.json()['id']}/content").content[4:8] == b"ftyp"


def test_sglang_counts_in_integers() -> None:
    with served(SGLANG) as (server, client):
        assert client.post("/v1/videos", json={"prompt": "A ship", "seconds": "3"}).json() == {
            "detail": "Input should be a valid integer: seconds"
        }
        made = client.post("/v1/videos", json={"prompt": "A ship", "seconds": 3}).json()
        assert made["seconds"] == 3
        assert client.get(f"/v1/videos/{made['id']}/content").status_code == 404
        assert client.delete(f"/v1/videos/{made['id']}").json()["status"] == "deleted"
        assert server.jobs == {}
