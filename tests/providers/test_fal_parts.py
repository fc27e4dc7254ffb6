"""Large files to fal: in parts, each again on its own, and the pass shown to nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from storyreel.providers.fal_storage import FalStorage
from storyreel.providers.http import Api
from storyreel.providers.key import Key
from storyreel.providers.spec import Failed, Unreachable, Uploaded
from tests.emulators.faults import Fault
from tests.emulators.stand import KEYS, Stand, stand
from tests.providers.lines import pages, served
from tests.providers.rounds import PATIENT, picture

LARGE, PART = 100_000, 64_000


@pytest.fixture(scope="module")
def shared() -> Iterator[Stand]:
    with stand() as found:
        yield found


@pytest.fixture
def studio(shared: Stand) -> Stand:
    shared.fal.faults.clear()
    shared.fal.ledger.heard.clear()
    shared.fal.storage.parts.done.clear()
    shared.fal.storage.parts.least = PART
    return shared


def putting(url: str, act: Callable[[FalStorage], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        api = Api("fal", [url], Key("FAL_KEY", "Key", KEYS), allow_private=True, times=PATIENT)
        try:
            return await act(FalStorage(api, url, large=LARGE, part=PART))
        finally:
            await api.close()

    return asyncio.run(run())


def put(studio: Stand, file: Path) -> Any:
    return putting(studio.fal_storage_url, lambda storage: storage.put(file, "ab" * 32))


@pytest.mark.parametrize(("size", "parts"), [(LARGE, 0), (LARGE + 1, 2), (3 * PART, 3), (3 * PART + 1, 4)])
def test_a_large_file_goes_in_parts_and_comes_out_whole(studio: Stand, tmp_path: Path, size: int, parts: int) -> None:
    file = picture(tmp_path, size)
    found = put(studio, file)
    assert isinstance(found, Uploaded), found
    stored = studio.media.at(found.url or "")
    assert stored is not None
    assert (stored.data, stored.content_type) == (file.read_bytes(), "image/png")
    assert studio.fal.storage.parts.done == ([parts] if parts else [])


def test_a_part_that_fails_is_sent_again_and_no_other(studio: Stand, tmp_path: Path) -> None:
    faults = (Fault("status", status=503), Fault("reset"), Fault("close", seen=True))
    studio.fal.faults.add("upload", *faults, match="/2")
    assert isinstance(put(studio, picture(tmp_path, 3 * PART)), Uploaded)
    sent = [each.path.rpartition("/")[2] for each in studio.fal.ledger.heard if each.method == "PUT"]
    assert sorted(sent) == ["1", "2", "2", "2", "2", "3"]


def test_a_pass_that_ages_on_the_way_is_renewed(studio: Stand, tmp_path: Path) -> None:
    async def act(storage: FalStorage) -> Any:
        studio.fal.faults.add("upload", Fault("status", status=401), match="/1")
        studio.fal.faults.add("upload", Fault("status", status=403), match="/complete")
        return await storage.put(picture(tmp_path, 2 * PART), "ab" * 32)

    known = len(studio.fal.storage.tokens)
    assert isinstance(putting(studio.fal_storage_url, act), Uploaded)
    assert len(studio.fal.storage.tokens) - known == 3


def test_a_refused_part_ends_it_and_one_that_never_gets_through_leaves_it_for_later(
    studio: Stand, tmp_path: Path
) -> None:
    file = picture(tmp_path, 3 * PART)
    studio.fal.faults.add("upload", Fault("status", status=413), match="/2")
    assert isinstance(put(studio, file), Failed)
    studio.fal.faults.add("upload", Fault("status", status=503), match="/2", times=4)
    found = put(studio, file)
    assert isinstance(found, Unreachable), found
    assert "503" in found.message
    assert studio.fal.storage.parts.done == []


def test_the_pass_is_shown_to_nobody_that_an_answer_names(tmp_path: Path) -> None:
    token = {"token": "t", "token_type": "Bearer", "expires_at": "2999-01-01T00:00:00+00:00"}
    begun = {"uploadId": "u"}

    async def run() -> tuple[Any, list[str]]:
        async with served(pages()) as other, served(pages(token=(200, token, {}), multipart=(200, begun, {}))) as cdn:
            token["base_url"], begun["access_url"] = cdn.url, f"{other.url}/files/m/x.png"
            api = Api("fal", [cdn.url], Key("FAL_KEY", "Key", KEYS), allow_private=True, times=PATIENT)
            storage = FalStorage(api, cdn.url, large=LARGE, part=PART)
            found = await storage.put(picture(tmp_path, 2 * PART), "ab" * 32)
            await api.close()
            return found, other.requests

    found, heard = asyncio.run(run())
    assert isinstance(found, Unreachable)
    assert heard == []
