"""The offline provider: start spends nothing, poll paints, failure is a value."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from storyreel.media.probe import probe
from storyreel.providers.animatic import ENDPOINT, Animatic, accept_take
from storyreel.providers.spec import Done, Failed, Job, Operation, Provider, Status


class Studio:
    """A project on disk: pictures by path, takes by key and number, and a folder for new files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.takes: dict[tuple[str, int], Path] = {}
        self.has_begun = asyncio.Event()
        self._numbers = count()
        self.provider = Animatic(lambda path: folder / path, self.take_path, self.new_file)

    def take_path(self, key: str, take: int) -> Path | None:
        return self.takes.get((key, take))

    def new_file(self, suffix: str) -> Path:
        self.has_begun.set()
        return self.folder / f"new-{next(self._numbers)}{suffix}"

    def made(self) -> list[Path]:
        return sorted(self.folder.glob("new-*"))

    def make(self, job: Job) -> Status | Failed:
        async def run() -> Status | Failed:
            operation = await self.provider.start(job, claim="claim")
            return operation if isinstance(operation, Failed) else await self.provider.poll(operation)

        return asyncio.run(run())


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def job(assets: Mapping[str, str] | None = None, frames: int = 6, **changes: Any) -> Job:
    shot = {"prompt": "Mara waits.", "camera": "wide, push in", "sound": None, "frames": frames, "elements": ["Mara"]}
    body = {
        "kind": "panels",
        "width": 160, "height": 90, "rate": "24", "place": "a pier", "style": None,
        "shots": [shot],
        "elements": {"Mara": {"description": "woman, navy coat", "image": None, "color": 0}},
        "start": None, "end": None,
    }  # fmt: skip
    return Job("key", 1, ENDPOINT, {**body, **changes}, assets or {})


def made(status: Status | Failed) -> Path:
    assert isinstance(status, Done), status
    assert status.file is not None
    return status.file


def test_it_is_a_provider(studio: Studio) -> None:
    provider: Provider = studio.provider
    assert provider.name == "animatic"


def test_a_take_is_painted_when_polled(studio: Studio) -> None:
    async def begin() -> Operation | Failed:
        return await studio.provider.start(job(), claim="claim")

    operation = asyncio.run(begin())
    assert isinstance(operation, Operation)
    assert studio.made() == []
    file = made(asyncio.run(studio.provider.poll(operation)))
    facts = probe(file)
    assert facts is not None
    assert (facts.kind, facts.width, facts.height, facts.has_audio) == ("video", 160, 90, False)
    assert accept_take(job(), file) is None


def test_the_ticket_is_plain_json_and_may_be_picked_up_by_another_run(studio: Studio, tmp_path: Path) -> None:
    operation = asyncio.run(studio.provider.start(job(), claim="claim"))
    assert isinstance(operation, Operation)
    kept = json.loads(json.dumps(operation.token))
    later = Studio(tmp_path)
    assert made(asyncio.run(later.provider.poll(Operation("animatic", kept)))).exists()


def test_polling_again_gives_an_equal_take(studio: Studio) -> None:
    assert made(studio.make(job())).read_bytes() == made(studio.make(job())).read_bytes()


def test_pictures_come_by_their_digest(studio: Studio) -> None:
    Image.new("RGB", (60, 80), (200, 30, 30)).save(studio.folder / "mara.png")
    elements = {"Mara": {"description": "woman", "image": "d1", "color": 0}}
    with_picture = made(studio.make(job({"d1": "mara.png"}, elements=elements)))
    assert with_picture.read_bytes() != made(studio.make(job())).read_bytes()


def test_a_take_begins_on_a_frame_of_another(studio: Studio) -> None:
    studio.takes["first", 2] = made(studio.make(job(frames=9)))
    made(studio.make(job(start={"frame_of": "first", "take": 2, "frame": 8})))
    made(studio.make(job(start={"frame_of": "first", "take": 2})))
    film = studio.takes["first", 2].name
    made(studio.make(job({"d2": film}, start={"frame_in": "d2", "at": "1/8"})))


def test_a_missing_take_is_said(studio: Studio) -> None:
    status = studio.make(job(start={"frame_of": "never", "take": 1, "frame": 3}))
    assert status == Failed("invalid", "the take whose last frame it starts from or ends on is not in the store")
    assert studio.made() == []


def test_a_damaged_picture_is_said(studio: Studio) -> None:
    (studio.folder / "mara.png").write_bytes(b"no picture")
    elements = {"Mara": {"description": "woman", "image": "d1", "color": 0}}
    status = studio.make(job({"d1": "mara.png"}, elements=elements))
    assert isinstance(status, Failed)
    assert status.reason == "internal"
    assert "mara.png" in status.message
    assert studio.made() == []


def test_other_jobs_are_refused(studio: Studio) -> None:
    assert studio.make(job(kind="video")) == Failed("invalid", "this is no job for the animatic")


def test_cancel_stops_the_painting(studio: Studio) -> None:
    async def run() -> Status:
        operation = await studio.provider.start(job(frames=20_000), claim="claim")
        assert isinstance(operation, Operation)
        polling = asyncio.create_task(studio.provider.poll(operation))
        await studio.has_begun.wait()
        await studio.provider.cancel(operation)
        await studio.provider.cancel(operation)
        return await polling

    assert asyncio.run(run()) == Failed("canceled", "the animatic was stopped")
    assert studio.made() == []


def test_a_cancelled_poll_leaves_nothing(studio: Studio) -> None:
    async def run() -> None:
        operation = await studio.provider.start(job(frames=20_000), claim="claim")
        assert isinstance(operation, Operation)
        polling = asyncio.create_task(studio.provider.poll(operation))
        await studio.has_begun.wait()
        polling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await polling

    asyncio.run(run())
    assert studio.made() == []


def test_what_is_not_the_take_that_was_asked_for_is_not_accepted(studio: Studio) -> None:
    file = made(studio.make(job()))
    assert accept_take(job(width=320), file) == "the take is 160x90, not 320x90"
    assert accept_take(job(rate="25"), file) == "the take has 24 frames a second, not 25"
    assert accept_take(job(frames=9), file) == "the take has not the 9 frames that it should"
    (studio.folder / "broken.mp4").write_bytes(file.read_bytes()[:2000])
    assert accept_take(job(), studio.folder / "broken.mp4") == "what was made is not a film"
