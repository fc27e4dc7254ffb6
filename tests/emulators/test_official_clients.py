"""The providers' own clients against the emulators, submit to download: they keep the emulators honest."""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import fal_client
import openai
import pytest
from PIL import Image
from replicate.client import Client
from replicate.exceptions import ReplicateError

from tests.emulators.dialects import OPENAI, PLAIN
from tests.emulators.films import film
from tests.emulators.jobs import Schedule
from tests.emulators.openai_videos import OpenAIVideos
from tests.emulators.serve import running
from tests.emulators.stand import Stand, stand

TEXT = "fal-ai/kling-video/v3/standard/text-to-video"
IMAGE = "fal-ai/kling-video/v3/standard/image-to-video"
SHOTS = [{"prompt": "A ship turns for shore", "duration": "2"}, {"prompt": "A light blinks", "duration": "1"}]
BODY = {"multi_prompt": SHOTS, "duration": "3", "generate_audio": True, "aspect_ratio": "16:9"}
GIVEN = {"prompt": "A ship turns for shore", "duration": 3, "mode": "standard", "generate_audio": False}


@pytest.fixture(scope="module")
def found() -> Iterator[Stand]:
    with stand(scale=0.25) as each:
        yield each


@pytest.fixture
def fal(found: Stand, monkeypatch: pytest.MonkeyPatch) -> Iterator[fal_client.SyncClient]:
    """Its hosts are constants of its module: the environment names them only before the import, and over https."""
    monkeypatch.setattr("fal_client.client.QUEUE_URL_FORMAT", f"{found.fal_url}/")
    monkeypatch.setattr("fal_client.client.REST_URL", found.fal_storage_url)
    monkeypatch.setattr("fal_client.client.CDN_URL", found.fal_storage_url)
    with closed(fal_client.SyncClient(key=found.fal.key)) as client:
        yield client


@contextmanager
def closed(client: Any) -> Iterator[Any]:
    """These clients have no way of their own to close what they opened."""
    yield client
    client._client.close()


@contextmanager
def at_replicate(found: Stand) -> Iterator[Client]:
    with closed(Client(api_token=found.replicate.key, base_url=found.replicate_url)) as client:
        client.poll_interval = 0.01
        yield client


def picture() -> bytes:
    with io.BytesIO() as out:
        Image.new("RGB", (640, 360), "teal").save(out, "png")
        return out.getvalue()


def fetched(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        return bytes(answer.read())


def test_fal_client_submits_polls_and_downloads(found: Stand, fal: fal_client.SyncClient) -> None:
    handle = fal.submit(TEXT, BODY)
    assert handle.status_url == f"{found.fal_url}/fal-ai/kling-video/requests/{handle.request_id}/status"
    seen = [type(each).__name__ for each in handle.iter_events(interval=0.01)]
    result: Any = handle.get()

    assert seen[-1] == "Completed"
    job = found.fal.jobs[handle.request_id]
    assert job.film is not None
    assert fetched(result["video"]["url"]) == film(job.film)
    assert result["video"]["file_size"] == len(film(job.film))
    assert found.fal.ledger.submissions[-1].body == BODY


def test_fal_client_finds_its_job_by_id(found: Stand, fal: fal_client.SyncClient) -> None:
    """The addresses that the client builds itself are those that the emulator names."""
    handle = fal.submit(TEXT, BODY)
    again = fal.get_handle(TEXT, handle.request_id)
    assert (again.status_url, again.cancel_url) == (handle.status_url, handle.cancel_url)
    assert again.get(interval=0.01) == handle.get(interval=0.01)


def test_fal_client_hears_of_a_broken_body_only_from_the_result(fal: fal_client.SyncClient) -> None:
    handle = fal.submit(TEXT, BODY | {"multi_prompt": [{"prompt": "x" * 513, "duration": "3"}]})
    with pytest.raises(fal_client.FalClientHTTPError) as refused:
        handle.get(interval=0.01)
    detail: Any = refused.value.message
    assert refused.value.status_code == 422
    assert detail[0]["loc"] == ["body", "multi_prompt", 0, "prompt"]
    assert "512 characters" in detail[0]["msg"]
    assert detail[0]["input"] == "x" * 513


def test_fal_client_cancels_what_waits(
    fal: fal_client.SyncClient, found: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found.fal, "schedule", Schedule(queued=60))
    handle = fal.submit(TEXT, BODY)
    fal.cancel(TEXT, handle.request_id)
    with pytest.raises(fal_client.FalClientHTTPError) as refused:
        handle.get(interval=0.01)
    assert refused.value.status_code == 499
    assert found.fal.ledger.submissions[-1].is_free


@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket")  # it never closes its client for uploads
@pytest.mark.parametrize(("repository", "leaks"), [("fal_v3", 0), ("fal", 1)])
def test_fal_client_uploads_a_start_frame(
    found: Stand, fal: fal_client.SyncClient, repository: Any, leaks: int
) -> None:
    """To a signed address it sends its key along, which the media host counts as a leak: no example to follow."""
    leaked = found.media.ledger.leaked_keys
    url = fal.upload(picture(), "image/png", "start.png", repository=repository, fallback_repository=[])
    assert fetched(url) == picture()
    result: Any = fal.submit(IMAGE, {"prompt": "She turns", "duration": "3", "start_image_url": url}).get(interval=0.01)
    assert fetched(result["video"]["url"])[4:8] == b"ftyp"
    assert sha256(picture()).hexdigest() in found.fal.ledger.submissions[-1].sense
    assert found.media.ledger.leaked_keys == leaked + leaks
    gc.collect()


@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket")  # it never closes its client for uploads
def test_fal_client_uploads_a_large_file_in_parts(
    found: Stand, fal: fal_client.SyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fal_client.client.MULTIPART_THRESHOLD", 100_000)
    monkeypatch.setattr("fal_client.client.MULTIPART_CHUNK_SIZE", 64_000)
    data = picture() + bytes(300_000)
    file = tmp_path / "start.png"
    file.write_bytes(data)
    leaked, done = found.media.ledger.leaked_keys, found.fal.storage.parts.done
    done.clear()
    for url in (fal.upload(data, "image/png", "start.png"), fal.upload_file(file)):
        assert fetched(url) == data
        result: Any = fal.submit(IMAGE, {"prompt": "She turns", "duration": "3", "start_image_url": url}).get(
            interval=0.01
        )
        assert fetched(result["video"]["url"])[4:8] == b"ftyp"
    assert done == [-(-len(data) // 64_000)] * 2
    assert found.media.ledger.leaked_keys == leaked
    gc.collect()


def test_fal_client_is_refused_with_a_wrong_key(found: Stand, fal: fal_client.SyncClient) -> None:
    accepted = len(found.fal.ledger.submissions)
    with (
        closed(fal_client.SyncClient(key="another")) as client,
        pytest.raises(fal_client.FalClientHTTPError) as refused,
    ):
        client.submit(TEXT, BODY)
    assert refused.value.status_code == 401
    assert len(found.fal.ledger.submissions) == accepted


def test_replicate_submits_polls_and_downloads(found: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found.replicate, "schedule", Schedule(queued=60, running=0))
    with at_replicate(found) as client:
        prediction = client.models.predictions.create("kwaivgi/kling-v3-video", input=GIVEN)
        assert prediction.status == "starting"
        found.clock.advance(60)
        prediction.wait()

        assert (prediction.status, prediction.error) == ("succeeded", None)
        job = found.replicate.jobs[prediction.id]
        assert job.film is not None
        assert isinstance(prediction.output, str)
        assert fetched(prediction.output) == film(job.film)
        assert prediction.id in [each.id for each in client.predictions.list()]


def test_replicate_run_reads_the_output_itself(found: Stand) -> None:
    with at_replicate(found) as client:
        output: Any = client.run("kwaivgi/kling-v3-video", input=GIVEN)
        job = list(found.replicate.jobs.values())[-1]
        assert job.film is not None
        assert fetched(output) == film(job.film)  # text, since it wraps only https addresses


def test_replicate_uploads_files_and_reads_of_failures(found: Stand) -> None:
    with at_replicate(found) as client:
        stored = client.files.create(io.BytesIO(picture()), filename="start.png")
        assert stored.size == len(picture())
        start = GIVEN | {"start_image": stored.urls["get"]}
        shots = '[{"prompt": "a", "duration": 2}, {"prompt": "b", "duration": 2}]'
        made = client.models.predictions.create("kwaivgi/kling-v3-video", input=start | {"multi_prompt": shots})
        made.wait()
        assert made.status == "failed"
        assert made.error is not None
        assert made.error.startswith("E006")


def test_replicate_refuses_a_body_at_once(found: Stand) -> None:
    with at_replicate(found) as client, pytest.raises(ReplicateError, match=r"input\.duration"):
        client.models.predictions.create("kwaivgi/kling-v3-video", input=GIVEN | {"duration": "3"})


@pytest.mark.filterwarnings("ignore:The Sora API is scheduled:DeprecationWarning")  # the shape outlives OpenAI's own
def test_openai_submits_polls_and_downloads(found: Stand) -> None:
    server = OpenAIVideos(found.media, OPENAI, key="sk-test")
    server.scale = 0.25
    with running(server.app) as url, openai.OpenAI(api_key="sk-test", base_url=f"{url}/v1") as client:
        reference = ("start.png", picture(), "image/png")
        video = client.videos.create_and_poll(
            prompt="A ship turns for shore", seconds="4", size="1280x720", input_reference=reference
        )
        assert (video.status, video.seconds, video.progress) == ("completed", "4", 100)
        job = server.jobs[video.id]
        assert job.film is not None
        assert client.videos.download_content(video.id).read() == film(job.film)
        assert [each.id for each in client.videos.list(limit=1)] == [video.id]
        assert client.videos.delete(video.id).deleted
    assert server.ledger.submissions[0].body["input_reference"]["size"] == len(picture())


@pytest.mark.filterwarnings("ignore:The Sora API is scheduled:DeprecationWarning")  # the shape outlives OpenAI's own
def test_openai_reads_its_errors(found: Stand) -> None:
    server = OpenAIVideos(found.media, PLAIN, key="sk-test")
    server.fate_of = lambda _body: "refused"
    with running(server.app) as url, openai.OpenAI(api_key="sk-test", base_url=f"{url}/v1") as client:
        video = client.videos.create_and_poll(prompt="A ship", seconds="4")
        assert video.error is not None
        assert (video.status, video.error.code) == ("failed", "CONTENT_POLICY_VIOLATION")
        with pytest.raises(openai.AuthenticationError):
            client.with_options(api_key="another").videos.retrieve(video.id)


def test_serving_by_hand_prints_settings_and_keys() -> None:
    argv = [sys.executable, "-m", "tests.emulators.serve"]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(argv, cwd=root, stdout=subprocess.PIPE, env=dict(os.environ), text=True) as served:
        assert served.stdout is not None
        lines: list[str] = []
        until = time.monotonic() + 30
        while time.monotonic() < until and not (lines and lines[-1].startswith("# GET /_state at")):
            lines.append(served.stdout.readline())
        served.terminate()
    assert "export FAL_KEY=fal-id:fal-secret\n" in lines
    assert any(line.startswith('queue_url = "http://127.0.0.1:') for line in lines)
