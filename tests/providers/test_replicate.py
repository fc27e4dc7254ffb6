"""Replicate: jobs that have ended at once, lists without inputs, outputs that are texts or lists."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from storyreel.plan.route import Seller
from storyreel.providers.spec import Done, Failed, Job, Pending, Unreachable
from storyreel.providers.vendors import vendor_of
from tests.emulators.stand import KEYS
from tests.providers.lines import Page, Server, pages, served
from tests.providers.rounds import PATIENT, PROMPT, REPLICATE, ended, started

GIVEN = {"prompt": PROMPT, "duration": 3}
AT = 1_795_377_600.0
NOON = "2026-11-22T20:00:00.000000Z"
FILM = "https://replicate.delivery/a.mp4"


def converse(act: Any, **steps: Page) -> tuple[Any, Server]:
    """What `act` finds out with a vendor whose server gives fixed answers."""

    async def run() -> tuple[Any, Server]:
        async with served(pages(**steps)) as server:
            seller = Seller("replicate", "replicate", f"{server.url}/v1", "REPLICATE_API_TOKEN", allow_private=True)
            vendor = vendor_of(seller, environ=KEYS, times=PATIENT)
            found = await act(vendor, server)
            await vendor.close()
            return found, server

    return asyncio.run(run())


def job(server: Server) -> Job:
    return Job("key", 1, REPLICATE, {"input": GIVEN}, {}, url=f"{server.url}/v1/models/{REPLICATE}/predictions")


def poll(prediction: dict[str, Any]) -> Any:
    async def act(vendor: Any, server: Server) -> Any:
        return await vendor.poll(vendor.ticket(REPLICATE, "p1"))

    return converse(act, p1=(200, prediction, {}))[0]


def test_a_job_that_has_ended_at_once_is_a_job_like_any_other() -> None:
    over = {"id": "p1", "status": "succeeded", "output": FILM, "completed_at": NOON}

    async def act(vendor: Any, server: Server) -> Any:
        return await ended(vendor, await started(vendor, job(server)))

    found, server = converse(act, predictions=(201, over, {}), p1=(200, over, {}))
    assert found == Done(url=FILM, expires_at=AT + 3600)
    assert "cancel-after" not in server.requests[0].lower()
    assert "authorization: bearer r8_secret" in server.requests[0].lower()


@pytest.mark.parametrize("output", [FILM, [FILM], {"url": FILM}, {"video": FILM}])
def test_a_film_is_named_in_several_ways(output: object) -> None:
    assert poll({"status": "succeeded", "output": output}) == Done(url=FILM)


@pytest.mark.parametrize(
    ("prediction", "expected"),
    [
        ({"status": "starting"}, Pending(is_queued=True)),
        ({"status": "processing"}, Pending()),
        ({"status": "SUCCEEDED", "output": FILM}, Done(url=FILM)),
        ({"status": "paused"}, Pending()),
        ({"status": "failed", "error": "E006: invalid input"},
         Failed("internal", "replicate made no film: E006: invalid input")),
        ({"status": "failed", "error": "Prediction timed out"},
         Failed("transient", "replicate made no film: Prediction timed out")),
        ({"status": "aborted"}, Failed("canceled", "replicate did not begin it in time; it costs nothing")),
        ({"status": "canceled", "started_at": NOON}, Failed("canceled", "the job was canceled at replicate", True)),
        ({"status": "canceled", "started_at": None}, Failed("canceled", "the job was canceled at replicate")),
        ({"status": "succeeded", "output": None, "data_removed": True},
         Failed("expired", "replicate kept the film for an hour, and has removed it", True)),
        ({"status": "succeeded", "output": None}, Unreachable("replicate answered without a film")),
    ],
)  # fmt: skip
def test_every_status_has_a_meaning(prediction: dict[str, Any], expected: object) -> None:
    assert poll(prediction) == expected


def test_a_list_without_inputs_is_looked_through_one_by_one() -> None:
    rows = [{"id": "p3", "model": "other/model"}, {"id": "p2", "created_at": NOON}, {"id": "p1", "model": REPLICATE}]
    other, ours = {"id": "p2", "input": {"prompt": "x"}}, {"id": "p1", "input": {**GIVEN, "duration": 3.0}}

    async def act(vendor: Any, server: Server) -> Any:
        return await vendor.find(job(server), since=AT - 120, until=AT + 600)

    steps: dict[str, Page] = {
        "predictions": (200, {"results": rows, "next": None}, {}),
        "p1": (200, ours, {}),
        "p2": (200, other, {}),
    }
    found, server = converse(act, **steps)
    assert [each.id for each in found] == ["p1"]
    assert (
        "created_after=2026-11-22T19%3A58%3A00.000Z&created_before=2026-11-22T20%3A10%3A00.000Z" in server.requests[0]
    )
    assert len(server.requests) == 3


def test_a_next_page_elsewhere_is_not_asked_for() -> None:
    async def act(vendor: Any, server: Server) -> Any:
        return await vendor.find(job(server), since=AT - 120, until=AT + 600)

    found, server = converse(act, predictions=(200, {"results": [], "next": "https://evil.example/p?cursor=1"}, {}))
    assert isinstance(found, Unreachable)
    assert len(server.requests) == 1


def test_pages_end_where_the_window_ends() -> None:
    old = [{"id": "p1", "created_at": "2026-11-20T00:00:00Z", "input": GIVEN}]

    async def act(vendor: Any, server: Server) -> Any:
        return await vendor.find(job(server), since=AT - 120, until=AT + 600)

    found, server = converse(act, predictions=(200, {"results": old, "next": "/v1/predictions?cursor=1"}, {}))
    assert found == ()
    assert len(server.requests) == 1


@pytest.mark.parametrize("results", [None, "text", {}])
def test_a_list_that_is_none_is_no_proof_of_absence(results: object) -> None:
    async def act(vendor: Any, server: Server) -> Any:
        return await vendor.find(job(server), since=AT - 120, until=AT + 600)

    assert isinstance(converse(act, predictions=(200, {"results": results}, {}))[0], Unreachable)


@pytest.mark.parametrize("model", [REPLICATE, REPLICATE.upper(), None, ""])
def test_a_listed_job_is_known_by_its_input_however_its_model_is_spelled(model: str | None) -> None:
    listed = {"results": [{"id": "p1", "created_at": NOON, "model": model, "input": GIVEN}], "next": None}

    async def act(vendor: Any, server: Server) -> Any:
        return await vendor.find(job(server), since=AT - 120, until=AT + 600)

    assert [each.id for each in converse(act, predictions=(200, listed, {}))[0]] == ["p1"]
