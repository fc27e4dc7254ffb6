"""OpenAI-shaped servers: dialects, films named in many ways, keys that make a repeated request harmless."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from storyreel.plan.route import Seller, known_sellers
from storyreel.providers.spec import Done, Failed, Fetched, Job, Operation, Pending, Quoting, Unreachable, Uploaded
from storyreel.providers.vendors import vendor_of
from tests.emulators.dialects import OPENAI, SGLANG, VLLM_OMNI, Dialect
from tests.emulators.faults import Fault
from tests.emulators.media import MediaHost
from tests.emulators.openai_videos import OpenAIVideos
from tests.emulators.serve import running
from tests.emulators.stand import KEYS, Stand, stand
from tests.providers.lines import Page, Server, pages, served
from tests.providers.rounds import PATIENT, PROMPT, ended, job, started, using

FILM = "https://media.lumenfall.ai/a.mp4"
ENVIRON = {"MYBOX_KEY": "box-secret"}


@pytest.fixture(scope="module")
def studio() -> Iterator[Stand]:
    with stand(scale=0.25) as found:
        yield found


def converse(act: Any, *, environ: dict[str, str] = ENVIRON, **steps: Page) -> tuple[Any, Server]:
    """What `act` finds out with a vendor whose server gives fixed answers."""

    async def run() -> tuple[Any, Server]:
        async with served(pages(**steps)) as server:
            seller = Seller(
                "mybox", "openai-videos", f"{server.url}/v1", "MYBOX_KEY", dialect="sglang", allow_private=True
            )
            vendor = vendor_of(seller, environ=environ, times=PATIENT)
            found = await act(vendor, server)
            await vendor.close()
            return found, server

    return asyncio.run(run())


def poll(video: dict[str, Any], **headers: str) -> Any:
    async def act(vendor: Any, server: Server) -> Any:
        found = await vendor.poll(vendor.ticket("m", "v1"))
        return replace(found, url=(found.url or "").replace(server.url, "")) if isinstance(found, Done) else found

    return converse(act, v1=(200, video, {name.replace("_", "-"): value for name, value in headers.items()}))[0]


@pytest.mark.parametrize(
    "named",
    [{"output": {"url": FILM}}, {"output": FILM}, {"output": [{"url": FILM}]}, {"video_url": FILM}, {"url": FILM},
     {"data": [{"url": FILM}]}, {"video": {"url": FILM}}],
)  # fmt: skip
@pytest.mark.parametrize("status", ["completed", "succeeded"])
def test_a_film_is_named_in_several_ways(named: dict[str, Any], status: str) -> None:
    assert poll({"status": status, **named}) == Done(url=FILM)


def test_a_film_without_an_address_is_read_at_the_api() -> None:
    assert poll({"status": "completed", "url": None}) == Done(url="/v1/videos/v1/content")
    assert poll({"status": "completed", "url": "/files/a.mp4"}) == Done(url="/files/a.mp4")


@pytest.mark.parametrize(
    ("video", "expected"),
    [
        ({"status": "queued", "progress": 0}, Pending(0.0, is_queued=True)),
        ({"status": "in_progress", "progress": 40}, Pending(0.4)),
        ({"status": "rendering", "progress": "much"}, Pending()),
        ({"status": "expired"}, Failed("expired", "mybox does not keep the film any more", True)),
        ({"status": "cancelled"}, Failed("canceled", "the job was canceled at mybox")),
        ({"status": "failed", "error": {"code": "CONTENT_POLICY_VIOLATION", "message": "no"}},
         Failed("refused", "mybox made no film: no")),
        ({"status": "failed", "error": "boom", "metadata": {"cost": 0.5}},
         Failed("internal", "mybox made no film: boom", True)),
        ({"status": "failed", "error": None}, Failed("internal", "mybox made no film: it does not say why")),
        ({"status": None}, Unreachable("mybox answered, but not in words that can be read")),
    ],
)  # fmt: skip
def test_every_status_has_a_meaning(video: dict[str, Any], expected: object) -> None:
    assert poll(video) == expected


def test_a_server_may_say_when_to_look_again() -> None:
    assert poll({"status": "queued"}, openai_poll_after_ms="2500") == Pending(is_queued=True, retry_after=2.5)


def test_what_it_cost_and_how_long_it_lasts() -> None:
    money = {"cost": 1.512, "cost_currency": "USD"}
    found = poll({"status": "completed", "url": FILM, "expires_at": 1795000000, "metadata": money})
    assert found == Done(url=FILM, billed=Decimal("1.512"), expires_at=1795000000.0)
    assert poll({"status": "completed", "url": FILM, "metadata": {**money, "cost_currency": "EUR"}}).billed is None


def test_a_prompt_that_comes_back_is_not_printed() -> None:
    found = poll({"status": "failed", "prompt": PROMPT, "error": {"message": f"cannot make: {PROMPT}"}})
    assert PROMPT not in found.message


def test_a_length_that_was_changed_stands_beside_the_job() -> None:
    async def act(vendor: Any, server: Server) -> list[Operation]:
        asked = Job("key", 1, "m", {"prompt": PROMPT, "seconds": 9}, {}, url=f"{server.url}/v1/videos")
        return [await started(vendor, asked), await started(vendor, replace(asked, url=f"{server.url}/v1/same"))]

    clamped: Page = (200, {"id": "v1", "seconds": "5"}, {})
    (changed, kept), _ = converse(act, videos=clamped, same=(200, {"id": "v1", "seconds": "9"}, {}))
    assert changed.token["seconds"] == "5"
    assert "seconds" not in kept.token


def test_a_server_of_ones_own_may_ask_for_no_key() -> None:
    async def act(vendor: Any, server: Server) -> Any:
        return await vendor.start(Job("k", 1, "m", {"prompt": PROMPT}, {}, url=f"{server.url}/v1/videos"), claim="c")

    found, server = converse(act, environ={}, videos=(200, {"id": "v1"}, {}))
    assert isinstance(found, Operation)
    assert "authorization" not in server.requests[0].lower()
    assert "idempotency_key" not in server.requests[0]


def test_the_same_claim_brings_back_the_same_video(studio: Stand) -> None:
    async def act(vendor: Any) -> None:
        asked = job(studio, "lumenfall")
        first, second = await started(vendor, asked, "x" * 300), await started(vendor, asked, "x" * 300)
        assert first.id == second.id
        assert (await started(vendor, asked, "x" * 301)).id != first.id

    using(studio, "lumenfall", act)
    ledger = studio.lumenfall.ledger
    assert (ledger.replayed_claims, ledger.changed_claims) == (1, 0)
    assert all(len(each.claim or "") <= 256 for each in ledger.submissions)


def test_a_price_is_asked_without_buying(studio: Stand) -> None:
    before = len(studio.lumenfall.ledger.submissions)

    async def act(vendor: Any) -> None:
        assert await vendor.price(job(studio, "lumenfall")) == Decimal("0.252")
        studio.lumenfall.faults.add("submit", Fault("status", status=503))
        assert isinstance(await vendor.price(job(studio, "lumenfall")), Unreachable)
        refused = await vendor.price(job(studio, "lumenfall", model="fal/kling-v9"))
        assert refused == Failed("invalid", "lumenfall answered 404: The model does not exist")

    using(studio, "lumenfall", act)
    nobody = using(studio, "lumenfall", lambda vendor: vendor.price(job(studio, "lumenfall")), environ={})
    assert isinstance(nobody, Failed)
    assert nobody.reason == "credentials"
    assert len(studio.lumenfall.ledger.submissions) == before


def test_a_server_that_may_not_know_dry_runs_is_not_asked_for_one() -> None:
    async def act(vendor: Any, server: Server) -> Any:
        return await vendor.price(Job("k", 1, "m", {}, {}, url=f"{server.url}/v1/videos"))

    found, server = converse(act, videos=(200, {"id": "v1"}, {}))
    assert isinstance(found, Failed)
    assert server.connections == 0


def test_a_question_that_was_taken_for_an_order_is_told() -> None:
    async def act(_: Any, server: Server) -> Any:
        seller = replace(known_sellers()["lumenfall"], url=f"{server.url}/v1", allow_private=True)
        vendor = vendor_of(seller, environ=KEYS)
        try:
            assert isinstance(vendor, Quoting)
            return await vendor.price(Job("k", 1, "m", {}, {}, url=f"{server.url}/v1/videos"))
        finally:
            await vendor.close()

    found, _ = converse(act, videos=(202, {"id": "video_7", "status": "queued"}, {}))
    assert found == Failed("internal", "lumenfall took a question for an order: it may charge for the job video_7")


@pytest.fixture
def still(tmp_path: Path) -> Path:
    path = tmp_path / "blob"
    Image.new("RGB", (1280, 720), "navy").save(path, "PNG")
    return path


@pytest.mark.parametrize(
    ("dialect", "encoding", "body"),
    [
        (
            OPENAI,
            "multipart",
            {"prompt": PROMPT, "seconds": "4", "size": "1280x720", "input_reference": "asset:sha256:ab"},
        ),
        (
            VLLM_OMNI,
            "multipart",
            {"prompt": PROMPT, "seconds": "3", "image_reference": '{"image_url":"asset:sha256:ab"}'},
        ),
        (SGLANG, "json", {"prompt": PROMPT, "seconds": 3, "size": "320x180", "input_reference": "asset:sha256:ab"}),
    ],
)
def test_a_round_in_every_dialect(
    dialect: Dialect, encoding: str, body: dict[str, Any], still: Path, tmp_path: Path
) -> None:
    media = MediaHost()
    server = OpenAIVideos(media, dialect, key="box-secret")
    server.scale = 0.25

    async def act(url: str) -> None:
        seller = Seller("mybox", "openai-videos", f"{url}/v1", "MYBOX_KEY", dialect=dialect.name, allow_private=True)
        vendor: Any = vendor_of(seller, environ=ENVIRON, times=PATIENT)
        placed = await vendor.upload(still, "ab" * 32)
        assert isinstance(placed, Uploaded)
        assert (placed.url is None) == (encoding == "multipart")
        sent = body if placed.url is None else {**body, "input_reference": placed.url}
        files = {"asset:sha256:ab": still} if placed.url is None else {}
        asked = Job("key", 1, "m", {"model": "m", **sent}, {}, url=f"{url}/v1/videos", encoding=encoding, files=files)
        done = await ended(vendor, await started(vendor, asked))
        assert isinstance(done, Done), done
        out = tmp_path / "take.mp4"
        assert isinstance(await vendor.fetch(done, out), Fetched)
        assert out.stat().st_size > 1000
        await vendor.cancel(await started(vendor, asked))
        await vendor.close()

    with running(media.app) as media.url, running(server.app) as url:
        asyncio.run(act(url))
    assert server.ledger.wrong_keys == server.ledger.leaked_keys == 0
    assert len(server.ledger.submissions) == 2
