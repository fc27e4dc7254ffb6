"""What a person decides on paid jobs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from storyreel.base.money import Usd
from storyreel.providers.spec import Failed, Pending, Unreachable, Unsure
from storyreel.render.desk import Desk, NotAtDesk
from storyreel.render.events import TakeKept
from storyreel.render.terms import Terms
from tests.render.vendor import Production, key_of, order


@pytest.fixture
def made(tmp_path: Path) -> Production:
    """One parked job."""
    production = Production(tmp_path, recovery="blind")
    production.studio.starts = [Unsure("the line broke")]
    production.buy(order("storm"))
    return production


def desk(made: Production) -> Desk:
    return Desk(made.journal, made.vendors, made.store, made.supplies, made.clock)


KEY = key_of("storm")


def test_open_jobs_are_listed(made: Production) -> None:
    made.buy(order("stairs"))
    assert [job.scene for job in desk(made).listed()] == ["storm"]
    assert [job.scene for job in desk(made).listed(is_all=True)] == ["storm", "stairs"]


def test_a_key_may_be_its_beginning_if_that_is_the_only_one(made: Production) -> None:
    made.studio.starts = [Unsure("the line broke")]
    made.buy(order("stairs"))
    assert desk(made).find(KEY[:6]).scene == "storm"
    with pytest.raises(NotAtDesk, match="say more of it"):
        desk(made).find("")
    with pytest.raises(NotAtDesk, match="no job begins with zz"):
        desk(made).find("zz")


def test_takes_of_one_key_are_told_apart(made: Production) -> None:
    made.studio.starts = [Unsure("the line broke")]
    made.buy(order("storm", take=2))
    with pytest.raises(NotAtDesk, match="say which with --take"):
        desk(made).find(KEY)
    assert desk(made).find(KEY, 2).take == 2


def test_an_adopted_job_is_fetched_by_the_next_run(made: Production) -> None:
    job = asyncio.run(desk(made).adopt(KEY[:8], "found-at-the-dashboard"))
    assert (job.state, job.operation and job.operation.id) == ("accepted", "found-at-the-dashboard")
    assert any(isinstance(event, TakeKept) for event in made.buy(order("storm")))
    assert len(made.studio.posted) == 1


def test_an_id_that_the_provider_does_not_know_is_not_adopted(made: Production) -> None:
    for answer in (Failed("expired", "no such job"), Unreachable("down")):
        made.studio.polls = [answer]
        with pytest.raises(NotAtDesk, match="does not vouch for 42"):
            asyncio.run(desk(made).adopt(KEY, "42"))
    assert made.states() == ["parked"]


def test_an_id_that_another_take_has_is_not_adopted(made: Production) -> None:
    made.buy(order("stairs"))
    with pytest.raises(NotAtDesk, match="belongs to another take"):
        asyncio.run(desk(made).adopt(KEY, "studio-1"))


def test_sent_again_it_leaves_once_under_its_claim(made: Production) -> None:
    job = asyncio.run(desk(made).resubmit(KEY))
    assert (job.state, job.posts) == ("accepted", 2)
    assert len(set(made.studio.claims)) == 1
    with pytest.raises(NotAtDesk, match="is accepted: it has nothing to send again"):
        asyncio.run(desk(made).resubmit(KEY))


def test_forgotten_it_is_bought_anew(made: Production) -> None:
    job = desk(made).forget(KEY)
    assert (job.state, job.cost) == ("forgotten", Usd(0))
    assert any(isinstance(event, TakeKept) for event in made.buy(order("storm")))
    assert len(set(made.studio.claims)) == 2


def test_what_was_accepted_counts_as_paid_though_it_is_forgotten(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.terms = {"studio": Terms(deadline=1)}
    made.studio.polls = [Pending()] * 99
    made.buy(order("storm"))
    assert desk(made).forget(KEY).cost == Usd("0.50")


def test_canceled_it_is_failed_with_what_the_provider_charges(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.terms = {"studio": Terms(deadline=1)}
    made.studio.polls = [Pending()] * 99
    made.buy(order("storm"))
    made.studio.polls = [Pending(), Failed("canceled", "canceled", is_billed=True)]
    job = asyncio.run(desk(made).cancel(KEY))
    assert (job.state, job.reason, job.cost) == ("failed", "canceled", Usd("0.50"))
    assert made.studio.canceled == ["studio-1"]


def test_what_is_done_cannot_be_canceled_and_stands(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.terms = {"studio": Terms(deadline=1)}
    made.studio.polls = [Pending()] * 99
    made.buy(order("storm"))
    made.studio.polls = []
    assert asyncio.run(desk(made).cancel(KEY)).state == "accepted"


def test_a_provider_that_is_not_set_up_is_named(made: Production) -> None:
    made.vendors = {}
    with pytest.raises(NotAtDesk, match="studio is not set up here"):
        asyncio.run(desk(made).resubmit(KEY))
    assert made.states() == ["parked"]
