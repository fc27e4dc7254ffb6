"""fal: late refusals, addresses below owner and app, units that are billed, a list in pages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from storyreel.plan.route import Seller
from storyreel.providers.spec import Done, Failed, Job, Operation, Pending, Unreachable, Uploaded
from storyreel.providers.vendors import vendor_of
from tests.emulators.faults import Fault
from tests.emulators.stand import KEYS, Stand, stand
from tests.providers.lines import Page, Server, pages, served
from tests.providers.rounds import FAL, PATIENT, PROMPT, ended, job, picture, started, using

VOICES = "fal-ai/kling-video/create-voice"


@pytest.fixture(scope="module")
def studio() -> Iterator[Stand]:
    with stand(scale=0.25) as found:
        yield found


def test_a_late_refusal_names_the_field_and_not_the_prompt(studio: Stand) -> None:
    long = "The keeper climbs. " * 40
    shots = [{"prompt": long, "duration": "2"}, {"prompt": PROMPT, "duration": "1"}]

    async def act(vendor: Any) -> Any:
        asked = job(studio, "fal", multi_prompt=shots)
        body = {key: value for key, value in asked.body.items() if key != "prompt"}
        return await ended(vendor, await started(vendor, replace(asked, body=body)))

    found = using(studio, "fal", act)
    assert isinstance(found, Failed)
    assert (found.reason, found.is_billed) == ("invalid", False)
    assert "multi_prompt.0.prompt: Prompt must not exceed 512 characters." in found.message
    assert "keeper" not in found.message


def test_what_is_sent_is_the_models_input_with_fals_own_wishes(studio: Stand) -> None:
    async def act(vendor: Any) -> None:
        await started(vendor, job(studio, "fal"))

    using(studio, "fal", act)
    heard = [each for each in studio.fal.ledger.heard if each.phase == "submit"][-1]
    kept = json.loads(heard.headers["x-fal-object-lifecycle-preference"])
    assert kept == {"expiration_duration_seconds": 30 * 24 * 3600}
    assert heard.headers["x-app-fal-disable-fallback"] == "true"
    assert "x-fal-store-io" not in heard.headers
    assert studio.fal.ledger.submissions[-1].body == job(studio, "fal").body


def test_units_become_dollars(studio: Stand) -> None:
    async def act(vendor: Any) -> Any:
        return await ended(vendor, await started(vendor, job(studio, "fal")))

    found = using(studio, "fal", act)
    assert isinstance(found, Done)
    assert found.billed == Decimal("0.252")


def test_a_voice_is_a_word(studio: Stand) -> None:
    async def act(vendor: Any) -> Any:
        body = {"voice_url": "https://media.example/voice.wav"}
        asked = Job("key", 1, VOICES, body, {}, url=f"{studio.fal_url}/{VOICES}")
        return await ended(vendor, await started(vendor, asked))

    found = using(studio, "fal", act)
    assert isinstance(found, Done)
    assert (found.value or "").startswith("voice-")
    assert (found.url, found.file, found.billed) == (None, None, None)


def test_a_job_is_addressed_below_its_owner_and_app(studio: Stand) -> None:
    async def act(vendor: Any) -> list[Operation]:
        return [vendor.ticket(FAL, "r-1"), vendor.ticket("workflows/me/film/x", "r 1?")]

    plain, flow = using(studio, "fal", act)
    assert plain.token["response_url"] == f"{studio.fal_url}/fal-ai/kling-video/requests/r-1"
    assert flow.token["status_url"] == f"{studio.fal_url}/workflows/me/film/requests/r%201%3F/status"


def test_every_page_of_the_list_is_read(studio: Stand) -> None:
    studio.fal.platform.page = 2

    async def act(vendor: Any) -> None:
        began = studio.clock.now()
        for shade in ("red", "blue", "grey", "gold"):
            await started(vendor, job(studio, "fal", prompt=f"{PROMPT} {shade}"))
        ours = await started(vendor, job(studio, "fal", prompt=f"{PROMPT} red"))
        studio.clock.advance(1)
        found = await vendor.find(job(studio, "fal", prompt=f"{PROMPT} red"), since=began, until=began + 5)
        assert [each.id for each in found][-1] == ours.id
        assert len(found) == 2

    try:
        using(studio, "fal", act)
    finally:
        studio.fal.platform.page = 50


def test_without_a_cdn_files_go_to_a_signed_address(studio: Stand, tmp_path: Path) -> None:
    file = picture(tmp_path, 300_000)

    async def act(vendor: Any) -> None:
        studio.fal.faults.add("upload", Fault("status", status=404), match="/storage/auth/token")
        found = await vendor.upload(file, "cd" * 32)
        assert isinstance(found, Uploaded), found
        stored = studio.media.at(found.url or "")
        assert stored is not None
        assert stored.data == file.read_bytes()

    using(studio, "fal", act)
    assert studio.media.ledger.leaked_keys == 0


def test_a_pass_is_used_again_and_a_dead_one_is_renewed(studio: Stand, tmp_path: Path) -> None:
    file = picture(tmp_path, 20_000)
    studio.fal.ledger.heard.clear()

    async def act(vendor: Any) -> None:
        for _ in range(3):
            assert isinstance(await vendor.upload(file, "ef" * 32), Uploaded)
        assert len(studio.fal.storage.tokens) - known == 1
        studio.fal.storage.tokens.clear()
        assert isinstance(await vendor.upload(file, "ef" * 32), Unreachable)
        assert isinstance(await vendor.upload(file, "ef" * 32), Uploaded)

    known = len(studio.fal.storage.tokens)
    using(studio, "fal", act)


FOREIGN = "https://evil.example"


def converse(act: Any, **steps: Page) -> tuple[Any, list[str]]:
    """What `act` finds out with a vendor whose server gives fixed answers."""

    async def run() -> tuple[Any, list[str]]:
        async with served(pages(**steps)) as server:
            url = server.url
            seller = Seller("fal", "fal", url, "FAL_KEY", "Key", storage_url=url, platform_url=url, allow_private=True)
            vendor = vendor_of(seller, environ=KEYS, times=PATIENT)
            found = await act(vendor, server)
            await vendor.close()
            return found, server.requests

    return asyncio.run(run())


def test_addresses_that_a_start_names_elsewhere_are_built_instead() -> None:
    named = {f"{name}_url": f"{FOREIGN}/{name}" for name in ("status", "response", "cancel")}

    async def act(vendor: Any, server: Server) -> Any:
        return await started(vendor, Job("key", 1, FAL, {"prompt": PROMPT}, {}, url=f"{server.url}/v1"))

    operation, _ = converse(act, v1=(200, {"request_id": "r1", **named}, {}))
    assert FOREIGN not in str(operation.token)
    assert operation.token["status_url"].endswith("/fal-ai/kling-video/requests/r1/status")


@pytest.mark.parametrize(
    ("status", "result", "expected"),
    [
        ({"status": "COMPLETED"}, (504, {"detail": "x", "error_type": "request_timeout"}, {}), Unreachable),
        ({"status": "COMPLETED"}, (502, "<html>", {}), Unreachable),
        ({"status": "COMPLETED"}, (400, {"detail": "Request is still in progress"}, {}), Unreachable),
        ({"status": "COMPLETED", "error": "x"}, (400, {"detail": "Request is still in progress"}, {}), Unreachable),
        ({"status": "COMPLETED"}, (200, {"images": []}, {}), Unreachable),
        ({"status": "in_progress"}, (422, {}, {}), Pending),
        ({"status": "FAILED"}, (422, {"detail": [{"loc": [], "msg": "m", "type": "x"}]}, {}), Failed),
        ({"status": "STARTING"}, (400, {"detail": "Request is still in progress"}, {}), Unreachable),
        ({"status": "COMPLETED"}, (422, {"detail": [{"loc": [], "msg": "m", "type": "x"}]}, {}), Failed),
        ({"status": "COMPLETED", "error": "runner went away"}, (504, {}, {}), Failed),
        ({"status": "COMPLETED"}, (499, {"detail": "x", "error_type": "client_cancelled"}, {}), Failed),
        ({"status": "COMPLETED", "error": "late words"}, (200, {"video": {"url": "https://x.example/a"}}, {}), Done),
    ],
)
def test_which_results_are_final(status: object, result: tuple[int, object, dict[str, str]], expected: type) -> None:
    async def act(vendor: Any, server: Server) -> Any:
        return await vendor.poll(vendor.ticket(FAL, "r1"))

    found, _ = converse(act, status=(200, status, {}), r1=result)
    assert isinstance(found, expected), found


def test_a_failure_that_was_billed_says_so() -> None:
    async def act(vendor: Any, server: Server) -> Any:
        return await vendor.poll(vendor.ticket(FAL, "r1"))

    detail = {"detail": [{"loc": ["body"], "msg": "too dark", "type": "no_luck"}]}
    found, _ = converse(
        act, status=(200, {"status": "COMPLETED"}, {}), r1=(422, detail, {"x-fal-billable-units": "1.8"})
    )
    assert found == Failed("invalid", "fal made no film: too dark", is_billed=True)


@pytest.mark.parametrize("name", ["items", "requests", "data", "results"])
def test_the_list_may_be_called_otherwise_and_hold_odd_entries(name: str) -> None:
    body = {"prompt": PROMPT, "cfg_scale": 1}
    good = {
        "request_id": "r1",
        "endpoint_id": FAL,
        "sent_at": "2026-11-22T20:00:00Z",
        "json_input": {**body, "cfg_scale": 1.0},
    }
    late = {**good, "request_id": "r3", "sent_at": "2020-01-01"}
    odd: list[Any] = [
        None,
        7,
        {},
        {"request_id": {}},
        {"request_id": "r2", "json_input": None},
        {**good, "json_input": [1]},
        late,
    ]
    odd += [{**good, "request_id": "../x"}, {**good, "endpoint_id": "other"}]
    text = {**good, "request_id": "r0", "sent_at": "2026-11-22T19:59:59Z", "json_input": json.dumps(body)}

    async def act(vendor: Any, server: Server) -> Any:
        at = 1_795_377_600.0
        return await vendor.find(Job("key", 1, FAL, body, {}, url=server.url), since=at - 60, until=at + 60)

    found, _ = converse(act, by_endpoint=(200, {name: [*odd, good, text], "has_more": False}, {}))
    assert [each.id for each in found] == ["r0", "r1"]
