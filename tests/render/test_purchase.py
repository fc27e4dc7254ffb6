"""Buying: once, from whom, for how much; and going on where a run has ended."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyreel.base.money import Usd
from storyreel.providers.spec import (
    Done,
    Failed,
    Job,
    NotSent,
    Operation,
    Pending,
    Reason,
    Unreachable,
    Unsure,
)
from storyreel.render.events import (
    Event,
    ProviderPaused,
    ProviderShut,
    TakeAccepted,
    TakeFailed,
    TakeKept,
    TakeParked,
    TakeQueued,
    TakeRerouted,
    TakeReused,
    TakeUnaffordable,
    TakeUnread,
)
from storyreel.render.job import Intent
from storyreel.render.terms import Terms
from tests.render.vendor import Production, key_of, order, way


def failures(events: list[Event]) -> list[tuple[str, str, bool]]:
    return [(e.reason, e.message, e.is_open) for e in events if isinstance(e, TakeFailed)]


def test_a_take_is_bought_once_and_its_story_is_told(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.studio.polls = [Pending(is_queued=True), Pending(0.5), Done(url="u", billed=Usd("0.42"), expires_at=9e9)]
    events = made.buy(order("storm"))
    kinds = [type(event).__name__ for event in events]
    assert kinds == ["TakeStarted", "TakeAccepted", "TakeQueued", "TakeProgressed", "TakeKept"]
    assert events[1] == TakeAccepted(key_of("storm"), 1, "studio", "studio-1")
    kept = events[-1]
    assert isinstance(kept, TakeKept)
    assert (kept.provider, kept.cost) == ("studio", Usd("0.42"))
    record = made.store.find(key_of("storm"), 1)
    assert record is not None
    assert (record.job, record.paid, record.digest) == ("studio-1", Usd("0.42"), kept.digest)
    (job,) = made.journal.jobs()
    assert (job.state, job.digest, job.queue_s is not None, job.generate_s is not None) == (
        "stored",
        kept.digest,
        True,
        True,
    )


def test_what_the_store_has_is_not_bought_again(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.buy(order("storm"))
    assert made.buy(order("storm")) == [TakeReused(key_of("storm"), 1)]
    assert len(made.studio.posted) == 1


def test_the_same_order_twice_in_a_run_is_one(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.buy(order("storm"), order("storm"), order("storm", take=2))
    assert len(made.studio.posted) == 2


def test_no_more_run_at_once_than_the_terms_allow(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.terms = {"studio": Terms(concurrency=3)}
    events = made.buy(*(order(f"s{n}") for n in range(20)))
    assert sum(isinstance(event, TakeKept) for event in events) == 20
    assert made.studio.peak == 3


@pytest.mark.parametrize("reason", ["refused", "invalid"])
def test_what_is_about_the_words_is_asked_of_nobody_else(tmp_path: Path, reason: Reason) -> None:
    made = Production(tmp_path, "one", "two")
    made.vendors["one"].starts = [Failed(reason, "not these words")]
    events = made.buy(order("storm", way("storm", "one"), way("storm", "two")))
    assert failures(events) == [(reason, "not these words", False)]
    assert made.vendors["two"].posted == []
    assert made.states() == ["failed"]


@pytest.mark.parametrize("reason", ["credentials", "quota"])
def test_a_provider_that_refuses_us_is_not_asked_again_in_the_run(tmp_path: Path, reason: Reason) -> None:
    made = Production(tmp_path, "one", "two")
    made.terms = {"one": Terms(concurrency=1)}
    made.vendors["one"].starts = [Failed(reason, "the key is not valid")]
    events = made.buy(*(order(name, way(name, "one"), way(name, "two")) for name in ("a", "b", "c")))
    assert [e for e in events if isinstance(e, ProviderShut)] == [ProviderShut("one", reason, "the key is not valid")]
    assert {e.to for e in events if isinstance(e, TakeRerouted)} == {"two"}
    assert (len(made.vendors["one"].posted), len(made.vendors["two"].accepted)) == (1, 3)


def test_without_another_way_the_refusal_is_the_outcome_of_all(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.terms = {"studio": Terms(concurrency=1)}
    made.studio.starts = [Failed("credentials", "the key is not valid")]
    events = made.buy(order("a"), order("b"))
    assert failures(events) == [("credentials", "the key is not valid", False)] * 2
    assert len(made.studio.posted) == 1


def test_what_was_not_sent_is_sent_again_under_one_claim_and_one_intent(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.studio.starts = [NotSent("nobody answers"), NotSent("nobody answers", retry_after=40.0)]
    began = made.clock.now()
    made.buy(order("storm"))
    assert made.clock.now() - began > 41
    assert len(set(made.studio.claims)) == 1
    (job,) = made.journal.jobs()
    assert (job.state, job.posts) == ("stored", 1)


def test_what_cannot_be_sent_goes_elsewhere_in_the_end(tmp_path: Path) -> None:
    made = Production(tmp_path, "one", "two")
    made.vendors["one"].starts = [NotSent("nobody answers")] * 99
    events = made.buy(order("storm", way("storm", "one"), way("storm", "two", price=Usd("0.60"))))
    assert [(e.provider, e.to) for e in events if isinstance(e, TakeRerouted)] == [("one", "two")]
    assert [(job.provider, job.state, job.cost) for job in made.journal.jobs()] == [
        ("one", "failed", Usd(0)),
        ("two", "stored", Usd("0.60")),
    ]


def test_a_provider_that_is_down_is_given_rests_and_then_given_up(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.terms = {"studio": Terms(concurrency=2)}
    made.studio.starts = [NotSent("nobody answers")] * 9999
    events = made.buy(*(order(f"s{n}") for n in range(50)))
    assert len(failures(events)) == 50
    assert len(made.studio.posted) < 25
    assert [e.reason for e in events if isinstance(e, ProviderShut)] == ["transient"]


def test_throttled_all_its_takes_wait(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.studio.starts = [NotSent("later", retry_after=20.0, is_throttled=True)]
    events = made.buy(*(order(f"s{n}") for n in range(5)))
    assert [e.seconds for e in events if isinstance(e, ProviderPaused)] == [20.0]
    assert sum(isinstance(event, TakeKept) for event in events) == 5
    assert made.clock.now() >= 20


def test_what_may_have_been_accepted_is_never_asked_for_elsewhere(tmp_path: Path) -> None:
    made = Production(tmp_path, "one", "two", recovery="blind")
    made.vendors["one"].starts = [Unsure("the line broke")]
    events = made.buy(order("storm", way("storm", "one"), way("storm", "two")))
    assert [e.provider for e in events if isinstance(e, TakeParked)] == ["one"]
    assert made.vendors["two"].posted == []
    assert made.states() == ["parked"]
    again = made.buy(order("storm", way("storm", "two")))
    assert [e.provider for e in again if isinstance(e, TakeParked)] == ["one"]
    assert made.vendors["two"].posted == []


def test_beyond_the_ceiling_nothing_is_sent(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.ceiling = Usd("1.20")
    events = made.buy(*(order(f"s{n}") for n in range(5)))
    assert sum(isinstance(event, TakeKept) for event in events) == 2
    assert [e.message for e in events if isinstance(e, TakeUnaffordable)] == [
        "1.00 USD are spent or reserved; 0.50 USD more would pass the ceiling of 1.20 USD"
    ] * 3
    assert len(made.studio.posted) == 2


def test_an_accepted_job_is_gone_on_with_at_its_own_provider(tmp_path: Path) -> None:
    made = Production(tmp_path, "one", "two")
    number = made.journal.reserve(
        Intent(key_of("storm"), 1, "one", "one/film", "storm", "claim", "earlier", "u", "json", {}, Usd("0.50"), 5),
        None,
        0,
    ).number
    made.journal.accepted(number, Operation("one", {"id": "one-1"}), 0)
    made.vendors["one"].accepted.append(("one-1", Job(key_of("storm"), 1, "one/film", {}, {}), 0))
    events = made.buy(order("storm", way("storm", "two")))
    assert [type(e).__name__ for e in events] == ["TakeKept"]
    assert made.vendors["one"].posted == made.vendors["two"].posted == []
    assert made.journal.paid(made.office.run) == Usd("0.50")


def test_what_an_earlier_run_left_behind_is_fetched_though_nobody_asks_for_it_now(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.studio.polls = [Unreachable("down")] * 99
    made.terms = {"studio": Terms(deadline=5)}
    assert failures(made.buy(order("storm")))[0][2]
    made.studio.polls = []
    events = made.buy(order("other"))
    assert {e.key for e in events if isinstance(e, TakeKept)} == {key_of("storm"), key_of("other")}


def test_looks_in_vain_are_told_of_before_long_and_seldom(tmp_path: Path) -> None:
    made = Production(tmp_path)
    garbled = [Unreachable("studio answered, but not in words that can be read")] * 60
    made.studio.polls = [*garbled[:2], Pending(), *garbled, Pending()]
    events = made.buy(order("storm"))
    unread = [event for event in events if isinstance(event, TakeUnread)]
    accepted_at = made.journal.jobs()[0].intent_at
    assert [(e.id, e.message) for e in unread] == [("studio-1", garbled[0].message)] * 2
    assert len({e.since for e in unread}) == 1, "since it began, not since the last look"
    assert 4 < unread[0].since - accepted_at < 20, "what came before a look that told something does not count"
    assert isinstance(events[-1], TakeKept)
    assert len(made.studio.posted) == 1


def test_what_nobody_asks_for_now_is_not_waited_for(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.terms = {"studio": Terms(deadline=5)}
    made.studio.polls = [Pending()] * 99
    made.buy(order("slow"))
    made.terms = {}
    made.studio.polls = [Pending()] * 3
    began = made.clock.now()
    assert made.buy() == []
    assert made.clock.now() - began < 20
    assert made.states() == ["accepted"]


def test_a_slow_job_is_never_bought_again(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.terms = {"studio": Terms(deadline=60)}
    made.studio.polls = [Pending()] * 99
    for _ in range(3):
        assert failures(made.buy(order("storm"))) == [
            ("transient", "studio has it (it is still being made); run again to go on waiting, it costs nothing", True)
        ]
    made.studio.polls = []
    assert any(isinstance(event, TakeKept) for event in made.buy(order("storm")))
    assert len(made.studio.posted) == 1


def test_a_key_that_ends_while_a_job_runs_loses_no_job(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.studio.polls = [Failed("credentials", "the key is not valid")]
    assert failures(made.buy(order("storm"))) == [("credentials", "the key is not valid", True)]
    assert made.states() == ["accepted"]
    assert any(isinstance(event, TakeKept) for event in made.buy(order("storm")))
    assert len(made.studio.posted) == 1


def test_a_job_that_fails_at_its_provider_is_failed_and_told_with_what_it_cost(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.studio.polls = [Failed("internal", "the model broke", is_billed=True)]
    assert failures(made.buy(order("storm"))) == [("internal", "the model broke", False)]
    assert made.journal.paid(made.office.run) == Usd("0.50")


def test_a_broken_download_is_fetched_again(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.accept = lambda job, file: None if file.read_bytes() == b"good" else "it is cut short"
    made.studio.fetches = [b"bad", Unreachable("the line broke", retry_after=9.0), b"good"]
    assert any(isinstance(event, TakeKept) for event in made.buy(order("storm")))
    assert made.clock.now() > 9


def test_a_download_that_stays_broken_is_left_to_be_fetched_by_the_next_run(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.accept = lambda job, file: "it is cut short"
    assert failures(made.buy(order("storm"))) == [
        ("internal", "it is cut short; studio still has it, run again to fetch it", True)
    ]
    assert made.states() == ["ready"]
    assert len(made.studio.fetched) == 3
    assert [file.name for file in tmp_path.glob("*.mp4*")] == []
    made.accept = lambda job, file: None
    assert any(isinstance(event, TakeKept) for event in made.buy(order("storm")))
    assert len(made.studio.posted) == 1


def test_an_address_that_has_died_is_asked_for_again(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.studio.polls = [Done(url="old"), Done(url="new")]
    made.studio.fetches = [Failed("expired", "gone")]
    assert any(isinstance(event, TakeKept) for event in made.buy(order("storm")))
    assert made.studio.fetched == ["old", "new"]


def test_what_is_not_kept_any_more_is_lost_and_said_so(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.studio.fetches = [Failed("expired", "studio does not keep it any more", is_billed=True)]
    assert failures(made.buy(order("storm"))) == [("expired", "studio does not keep it any more", False)]
    assert made.journal.paid(made.office.run) == Usd("0.50")


def test_what_expires_first_is_fetched_first(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.terms = {"studio": Terms(concurrency=50)}
    names = [f"s{n}" for n in range(12)]
    made.studio.polls = [Done(url=f"u{n}", expires_at=1000.0 - n) for n in range(12)]
    made.buy(*(order(name) for name in names))
    # One went ahead alone; then four are inside at once, and who waits goes by what is kept for the shortest time.
    waited = [int(url[1:]) for url in made.studio.fetched[5:]]
    assert waited == sorted(waited, reverse=True)


def test_events_of_a_queue_are_told_once(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.studio.polls = [Pending(is_queued=True)] * 5
    assert sum(isinstance(event, TakeQueued) for event in made.buy(order("storm"))) == 1


@pytest.mark.parametrize("reason", ["credentials", "quota"])
def test_what_refuses_us_is_asked_once_however_much_is_ordered(tmp_path: Path, reason: Reason) -> None:
    made = Production(tmp_path)
    made.studio.starts = [Failed(reason, "not you"), Failed(reason, "not you"), Failed(reason, "not you")]
    said = failures(made.buy(*(order(name) for name in ("storm", "stairs", "harbour"))))
    assert said == [(reason, "not you", False)] * 3
    assert len(made.studio.posted) == 1
