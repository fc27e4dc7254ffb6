"""What every adapter does alike: a round, a search, wrong keys, lost answers, odd answers."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storyreel.media.probe import probe
from storyreel.plan.route import Seller, known_sellers
from storyreel.providers.spec import Done, Failed, Fetched, NotSent, Operation, Pending, Unreachable, Unsure, Uploaded
from storyreel.providers.vendors import vendor_of
from tests.emulators.faults import Fault
from tests.emulators.stand import KEYS, Stand, stand
from tests.providers.rounds import PROMPT, ended, job, picture, started, using

NAMES = ("fal", "replicate", "lumenfall")
LOST = [
    *(Fault(kind, seen=True) for kind in ("reset", "close", "half_head", "half_body", "html", "empty", "deep_json")),
    *(Fault(kind, seen=True) for kind in ("wrong_types", "wrong_shape", "odd_id", "huge_json")),
    Fault("status", status=503, seen=True),
]
UNHELPFUL = [
    *(Fault(kind) for kind in ("reset", "half_body", "html", "empty", "wrong_shape", "wrong_types", "invalid_json")),
    *(Fault(kind) for kind in ("redirect", "unknown_status")),
    *(Fault("status", status=status) for status in (401, 403, 404, 429, 500, 504)),
]


@pytest.fixture(scope="module")
def served() -> Iterator[Stand]:
    with stand(scale=0.25) as found:
        yield found


@pytest.fixture
def studio(served: Stand) -> Stand:
    """Nothing is left of the last test."""
    for each in (*served.vendors.values(), served.media):
        each.faults.clear()
        each.ledger.heard.clear()
        each.ledger.submissions.clear()
    for vendor in served.vendors.values():
        vendor.fate_of = lambda _body: None
    return served


@pytest.mark.parametrize("name", NAMES)
def test_a_round_ends_with_a_film(studio: Stand, name: str, tmp_path: Path) -> None:
    out = tmp_path / "take.mp4"

    async def act(vendor: Any) -> None:
        operation = await started(vendor, job(studio, name))
        # A token is plain JSON, so that a killed run can pick it up.
        operation = Operation(operation.provider, json.loads(json.dumps(dict(operation.token))))
        assert operation.id == studio.vendors[name].ledger.submissions[0].id
        done = await ended(vendor, operation)
        assert isinstance(done, Done), done
        assert isinstance(await vendor.fetch(done, out), Fetched)

    using(studio, name, act)
    facts = probe(out)
    assert facts is not None
    assert facts.kind == "video"
    ledger = studio.vendors[name].ledger
    assert len(ledger.submissions) == 1
    assert ledger.wrong_keys == ledger.leaked_keys == studio.media.ledger.leaked_keys == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_key_is_said_without_it(studio: Stand, name: str) -> None:
    environ = dict.fromkeys(KEYS, "wrong-secret-0123456789")
    found = using(studio, name, lambda vendor: vendor.start(job(studio, name), claim="c"), environ=environ)
    assert isinstance(found, Failed)
    assert found.reason == "credentials"
    assert "wrong-secret" not in found.message
    assert PROMPT not in found.message


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault.kind)
def test_a_lost_answer_is_unsure_and_the_job_is_found_or_comes_back(studio: Stand, name: str, fault: Fault) -> None:
    emulator = studio.vendors[name]
    emulator.faults.add("submit", fault)
    asked, claim = job(studio, name), f"claim-{fault.kind}"

    async def act(vendor: Any) -> None:
        began = studio.clock.now()
        assert isinstance(await vendor.start(asked, claim=claim), Unsure)
        (made,) = emulator.ledger.submissions
        if vendor.recovery == "keyed":
            assert (await started(vendor, asked, claim)).id == made.id
        else:
            studio.clock.advance(1)
            (found,) = await vendor.find(asked, since=began - 5, until=began + 60)
            assert found.id == made.id
            assert isinstance(await ended(vendor, found), Done)

    using(studio, name, act)
    assert len(emulator.ledger.submissions) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_throttled_start_may_be_made_again(studio: Stand, name: str) -> None:
    studio.vendors[name].faults.add("submit", Fault("status", status=429, headers={"retry-after": "3"}))
    found = using(studio, name, lambda vendor: vendor.start(job(studio, name), claim="c"))
    assert isinstance(found, NotSent)
    assert (found.is_throttled, found.retry_after) == (True, 3.0)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fault", UNHELPFUL, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_a_failed_look_leaves_the_job_as_it_stood(studio: Stand, name: str, fault: Fault) -> None:
    emulator = studio.vendors[name]

    async def act(vendor: Any) -> None:
        operation = await started(vendor, job(studio, name))
        studio.clock.advance(1)
        for phase in ("poll", "result") if name == "fal" else ("poll",):
            emulator.faults.add(phase, fault)
            found = await vendor.poll(operation)
            if fault.kind == "unknown_status":
                assert isinstance(found, Pending | Done)
            else:
                assert isinstance(found, Unreachable), found
            assert isinstance(await vendor.poll(operation), Done)

    using(studio, name, act)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["completed_with_error", "status_back"])
def test_an_answer_that_is_not_true_for_long_loses_nothing(studio: Stand, name: str, kind: str) -> None:
    async def act(vendor: Any) -> None:
        operation = await started(vendor, job(studio, name))
        studio.clock.advance(1)
        studio.vendors[name].faults.add("poll", Fault(kind))
        assert not isinstance(await vendor.poll(operation), Failed)
        assert isinstance(await vendor.poll(operation), Done)

    using(studio, name, act)


@pytest.mark.parametrize(
    ("name", "fate", "reason"),
    [("fal", "refused", "refused"), ("fal", "no_media", "invalid"), ("fal", "internal", "transient"),
     ("fal", "downstream", "transient"), ("fal", "told", "transient"), ("fal", "runner", "transient"),
     ("fal", "startup", "transient"), ("fal", "timeout", "transient"), ("fal", "bad_request", "invalid"),
     ("replicate", "refused", "refused"), ("replicate", "internal", "internal"),
     ("lumenfall", "refused", "refused"), ("lumenfall", "upstream", "internal")],
)  # fmt: skip
def test_a_job_that_came_to_nothing_says_why(studio: Stand, name: str, fate: str, reason: str) -> None:
    studio.vendors[name].fate_of = lambda _body: fate

    async def act(vendor: Any) -> Any:
        return await ended(vendor, await started(vendor, job(studio, name), f"claim-{fate}"))

    found = using(studio, name, act)
    assert isinstance(found, Failed), found
    assert found.reason == reason
    assert PROMPT not in found.message


@pytest.mark.parametrize("name", NAMES)
def test_a_canceled_job_is_canceled(studio: Stand, name: str) -> None:
    emulator = studio.vendors[name]
    usual, emulator.schedule = emulator.schedule, type(emulator.schedule)(queued=5, running=5)

    async def act(vendor: Any) -> Any:
        operation = await started(vendor, job(studio, name), "claim-cancel")
        assert isinstance(await vendor.poll(operation), Pending)
        await vendor.cancel(operation)
        studio.clock.advance(1)
        return await ended(vendor, operation)

    try:
        found = using(studio, name, act)
    finally:
        emulator.schedule = usual
    assert isinstance(found, Failed), found
    assert (found.reason, found.is_billed) == ("canceled", False)


@pytest.mark.parametrize("name", ["fal", "replicate"])
def test_only_the_very_body_is_found_and_only_in_its_time(studio: Stand, name: str) -> None:
    async def act(vendor: Any) -> None:
        began = studio.clock.now()
        ours = [await started(vendor, job(studio, name)) for _ in range(2)]
        await started(vendor, job(studio, name, prompt=f"{PROMPT} Again."))
        studio.clock.advance(2)
        found = await vendor.find(job(studio, name), since=began - 1, until=began + 60)
        assert [each.id for each in found] == [each.id for each in ours]
        assert await vendor.find(job(studio, name), since=began - 600, until=began - 300) == ()
        studio.vendors[name].faults.add("list", Fault("status", status=503))
        assert isinstance(await vendor.find(job(studio, name), since=began, until=began + 60), Unreachable)

    using(studio, name, act)


@pytest.mark.parametrize("name", NAMES)
def test_a_ticket_is_as_good_as_the_answer(studio: Stand, name: str) -> None:
    async def act(vendor: Any) -> None:
        operation = await started(vendor, job(studio, name), "claim-ticket")
        ticket = vendor.ticket(job(studio, name).endpoint, operation.id)
        assert isinstance(await ended(vendor, ticket), Done)
        lost = vendor.ticket(job(studio, name).endpoint, "../../v1/files?x#y")
        assert isinstance(await vendor.poll(lost), Unreachable)

    using(studio, name, act)


@pytest.mark.parametrize("name", ["fal", "replicate"])
def test_addresses_elsewhere_are_neither_asked_nor_needed(studio: Stand, name: str) -> None:
    """A provider that names another host for its jobs is asked at its own all the same."""

    async def act(vendor: Any) -> None:
        operation = await started(vendor, job(studio, name))
        foreign = {key: f"{studio.media.url}/steal" for key in operation.token if key.endswith("_url")}
        studio.media.ledger.heard.clear()
        assert isinstance(await ended(vendor, Operation(vendor.name, {**operation.token, **foreign})), Done)
        assert studio.media.ledger.heard == []

    using(studio, name, act)


@pytest.mark.parametrize(("name", "size"), [("fal", 16_384), ("replicate", 262_144), ("lumenfall", 900_000)])
def test_a_small_file_goes_inside_its_address(studio: Stand, name: str, size: int, tmp_path: Path) -> None:
    found = using(studio, name, lambda vendor: vendor.upload(picture(tmp_path, size), "ab" * 32))
    assert isinstance(found, Uploaded)
    assert (found.url or "").startswith("data:image/png;base64,")
    assert studio.vendors[name].ledger.heard == []


@pytest.mark.parametrize("name", ["fal", "replicate"])
def test_a_file_is_put_where_it_can_be_read(studio: Stand, name: str, tmp_path: Path) -> None:
    file = picture(tmp_path, 700_000)

    async def act(vendor: Any) -> None:
        found = await vendor.upload(file, "ab" * 32)
        assert isinstance(found, Uploaded), found
        assert found.url is not None
        assert found.expires_at is not None
        assert found.expires_at > studio.clock.now() + 3600
        if name == "fal":
            stored = studio.media.at(found.url)
            assert stored is not None
            assert (stored.data, stored.content_type) == (file.read_bytes(), "image/png")
        else:
            (kept,) = studio.replicate.files.stored.values()
            assert (kept.data, kept.content_type, kept.name) == (file.read_bytes(), "image/png", "abababababababab.png")
        studio.vendors[name].faults.add("upload", Fault("status", status=503), Fault("status", status=413))
        assert isinstance(await vendor.upload(file, "ab" * 32), Unreachable)
        assert isinstance(await vendor.upload(file, "ab" * 32), Failed)

    using(studio, name, act)


def test_a_vendor_reads_no_key_before_it_is_needed() -> None:
    for seller in known_sellers().values():
        assert vendor_of(seller, environ={}).name == seller.name


@pytest.mark.parametrize("name", ["fal", "replicate"])
def test_without_a_key_no_file_is_put_anywhere(name: str, tmp_path: Path) -> None:
    vendor = vendor_of(known_sellers()[name], environ={})
    found = asyncio.run(vendor.upload(picture(tmp_path, 700_000), "ab" * 32))
    assert isinstance(found, Failed)
    assert found.reason == "credentials"


def test_recovery_follows_the_settings() -> None:
    mine = Seller(
        "mybox", "openai-videos", "http://127.0.0.1:8000/v1", "MYBOX_KEY", dialect="openai", allow_private=True
    )
    recoveries = {each.name: vendor_of(each, environ={}).recovery for each in (*known_sellers().values(), mine)}
    assert recoveries == {"fal": "listed", "replicate": "listed", "lumenfall": "keyed", "mybox": "blind"}


@pytest.mark.parametrize("name", NAMES)
def test_what_was_removed_is_expired(studio: Stand, name: str, tmp_path: Path) -> None:
    async def act(vendor: Any) -> None:
        operation = await started(vendor, job(studio, name), "claim-gone")
        done = await ended(vendor, operation)
        assert isinstance(done, Done)
        if name != "fal":
            assert done.expires_at is not None
            assert 3500 < done.expires_at - time.time() - studio.clock.offset < 3700
        studio.clock.advance(3700)
        if name == "fal":
            studio.media.files.clear()
        found = await vendor.fetch(done, tmp_path / "late.mp4")
        assert isinstance(found, Failed), found
        assert (found.reason, found.is_billed) == ("expired", True)
        if name == "replicate":
            found = await vendor.poll(operation)
            assert isinstance(found, Failed)
            assert found.reason == "expired"

    try:
        using(studio, name, act)
    finally:
        studio.clock.offset = 0.0
