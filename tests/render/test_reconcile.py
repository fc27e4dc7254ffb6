"""A POST without an answer: what settles it, and what is never done about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyreel.providers.spec import Failed, Job, NotSent, Operation, Recovery, Unreachable, Unsure
from storyreel.render.events import ChargeDoubted, TakeFailed, TakeKept, TakeParked, TakeUnknown, TakeUnread
from storyreel.render.reconcile import KEY_LIVES_S, MOST_ASKED, MOST_RESENT
from storyreel.render.terms import Terms
from tests.render.vendor import Production, key_of, order

LOST = Unsure("the line broke")


def listed(tmp_path: Path, **terms: object) -> Production:
    made = Production(tmp_path)
    made.terms = {"studio": Terms(**{"list_delay": 100.0, **terms})}  # type: ignore[arg-type]  # fields of Terms
    return made


def test_keyed_the_same_bytes_leave_under_the_same_key(tmp_path: Path) -> None:
    made = Production(tmp_path, recovery="keyed")
    made.studio.starts = [LOST, LOST, NotSent("nobody answers"), None]
    events = made.buy(order("storm"))
    assert any(isinstance(event, TakeKept) for event in events)
    assert sum(isinstance(event, TakeUnknown) for event in events) == 1
    assert len(set(made.studio.claims)) == 1
    assert len({str(job.body) for job in made.studio.posted}) == 1


def test_keyed_a_word_on_the_words_settles_it_and_one_on_us_does_not(tmp_path: Path) -> None:
    made = Production(tmp_path, recovery="keyed")
    made.studio.starts = [LOST, Failed("invalid", "no such field"), LOST, Failed("quota", "no credit")]
    events = made.buy(order("storm"))
    assert [e.reason for e in events if isinstance(e, TakeFailed)] == ["invalid"]
    events = made.buy(order("storm", take=2))
    assert [e.message for e in events if isinstance(e, TakeParked)] == [
        "studio cannot say whether it has it; run again to ask again"
    ]
    assert made.states() == ["failed", "unknown"]


def test_keyed_one_run_asks_so_often_and_the_next_one_goes_on(tmp_path: Path) -> None:
    made = Production(tmp_path, recovery="keyed")
    made.studio.starts = [LOST] * (1 + MOST_ASKED)
    assert any(isinstance(event, TakeParked) for event in made.buy(order("storm")))
    assert made.states() == ["unknown"]
    assert any(isinstance(event, TakeKept) for event in made.buy(order("storm")))
    assert len(set(made.studio.claims)) == 1


def test_listed_what_is_put_off_again_and_again_ends_the_run_and_not_the_job(tmp_path: Path) -> None:
    made = listed(tmp_path, resubmit="absent")
    made.studio.starts = [LOST, *[NotSent("too many", retry_after=2.0, is_throttled=True)] * 500]
    events = made.buy(order("storm"))
    (parked,) = (event for event in events if isinstance(event, TakeParked))
    assert (parked.is_unknown, parked.message) == (True, "too many; run again to send it again")
    assert len(made.studio.posted) == 1 + MOST_RESENT
    made.studio.starts = []
    assert any(isinstance(event, TakeKept) for event in made.buy(order("storm")))
    assert len(made.studio.accepted) == 1


@pytest.mark.parametrize("recovery", ["keyed", "listed"])
def test_what_cannot_be_settled_for_now_is_called_as_the_journal_calls_it(tmp_path: Path, recovery: Recovery) -> None:
    made = Production(tmp_path, recovery=recovery)
    made.studio.starts = [LOST] * (1 + MOST_ASKED)
    made.studio.lists = [Unreachable("the list cannot be read")] * MOST_ASKED
    events = made.buy(order("storm"))
    (parked,) = (event for event in events if isinstance(event, TakeParked))
    assert (parked.is_unknown, made.states()) == (True, ["unknown"])
    (unread,) = (event for event in events if isinstance(event, TakeUnread))
    assert unread.id is None
    if recovery == "listed":
        events = made.buy(order("storm"))
        (parked,) = (event for event in events if isinstance(event, TakeParked))
        assert (parked.is_unknown, made.states()) == (False, ["parked"]), "its list can be read, and does not have it"


def test_keyed_a_key_that_is_too_old_is_not_sent_again(tmp_path: Path) -> None:
    made = Production(tmp_path, recovery="keyed")
    made.studio.starts = [LOST] * (1 + MOST_ASKED)
    made.buy(order("storm"))
    made.clock.set(KEY_LIVES_S)
    posted = len(made.studio.posted)
    made.buy(order("storm"))
    assert made.states() == ["parked"]
    assert len(made.studio.posted) == posted


def test_listed_what_is_seen_is_adopted(tmp_path: Path) -> None:
    made = listed(tmp_path)
    made.studio.starts = [LOST]
    ours = made.studio.ticket("studio/film", "42")
    made.studio.lists = [(), Unreachable("down", retry_after=5.0), (ours,)]
    assert any(isinstance(event, TakeKept) for event in made.buy(order("storm")))
    (job,) = made.journal.jobs()
    assert (job.operation, job.posts) == (ours, 1)
    assert "adopted" in [what for _, what in made.journal.events(job.number)]


def test_listed_what_is_absent_after_the_delay_is_parked(tmp_path: Path) -> None:
    made = listed(tmp_path)
    made.studio.starts = [LOST]
    began = made.clock.now()
    events = made.buy(order("storm"))
    assert made.clock.now() - began >= 100
    assert [e.message for e in events if isinstance(e, TakeParked)] == [
        "studio does not list it after 100 s, and may still have it"
    ]
    assert len(made.studio.posted) == 1


def test_listed_with_leave_it_is_sent_once_more_and_never_a_third_time(tmp_path: Path) -> None:
    made = listed(tmp_path, resubmit="absent")
    made.studio.starts = [LOST]
    assert any(isinstance(event, TakeKept) for event in made.buy(order("storm")))
    assert len(made.studio.posted) == 2
    made.studio.starts = [LOST, LOST]
    assert any(isinstance(event, TakeParked) for event in made.buy(order("stairs")))
    made.buy(order("stairs"))
    assert len(made.studio.posted) == 4
    assert made.journal.jobs()[-1].posts == 2


def test_listed_a_departure_that_came_to_nothing_does_not_count(tmp_path: Path) -> None:
    made = listed(tmp_path, resubmit="absent")
    made.studio.starts = [LOST, NotSent("nobody answers"), NotSent("nobody answers"), None]
    assert any(isinstance(event, TakeKept) for event in made.buy(order("storm")))
    assert made.journal.jobs()[-1].posts == 2


def test_listed_a_parked_job_that_shows_up_later_is_adopted(tmp_path: Path) -> None:
    made = listed(tmp_path)
    made.studio.starts = [LOST]
    made.buy(order("storm"))
    assert made.states() == ["parked"]
    made.studio.lists = [(made.studio.ticket("studio/film", "42"),)]
    assert any(isinstance(event, TakeKept) for event in made.buy(order("storm")))
    assert len(made.studio.posted) == 1


def test_listed_a_list_that_cannot_be_read_proves_nothing(tmp_path: Path) -> None:
    made = listed(tmp_path, resubmit="absent", list_delay=1.0)
    made.studio.starts = [LOST]
    made.studio.lists = [Unreachable("down")] * 99
    assert any(isinstance(event, TakeParked) for event in made.buy(order("storm")))
    assert made.states() == ["unknown"]
    assert len(made.studio.posted) == 1


def test_listed_two_takes_of_one_request_get_a_job_each(tmp_path: Path) -> None:
    made = listed(tmp_path, resubmit="absent")
    made.studio.starts = [LOST, LOST]
    first, second = (made.studio.ticket("studio/film", name) for name in ("41", "42"))
    made.studio.lists = [(first, second)] * 9
    events = made.buy(order("storm"), order("storm", take=2))
    assert sum(isinstance(event, TakeKept) for event in events) == 2
    assert {str(job.operation and job.operation.id) for job in made.journal.jobs()} == {"41", "42"}
    assert len(made.studio.posted) == 2
    assert not any(isinstance(event, ChargeDoubted) for event in events)


def test_listed_another_takes_job_is_never_adopted(tmp_path: Path) -> None:
    made = listed(tmp_path)
    made.buy(order("storm"))
    made.studio.starts = [LOST]
    made.studio.lists = [(made.studio.ticket("studio/film", "studio-1"),)] * 99
    made.buy(order("storm", take=2))
    assert made.states() == ["stored", "parked"]


def test_listed_the_oldest_is_ours_and_the_others_may_be_charged(tmp_path: Path) -> None:
    made = listed(tmp_path)
    made.studio.starts = [LOST]
    found: tuple[Operation, ...] = tuple(made.studio.ticket("studio/film", name) for name in ("7", "8", "9"))
    made.studio.lists = [found]
    events = made.buy(order("storm"))
    assert made.journal.jobs()[0].operation == found[0]
    assert [e.ids for e in events if isinstance(e, ChargeDoubted)] == [("8", "9")]


def test_blind_nothing_is_asked_and_a_person_decides(tmp_path: Path) -> None:
    made = Production(tmp_path, recovery="blind")
    made.terms = {"studio": Terms(resubmit="absent")}
    made.studio.starts = [LOST]
    events = made.buy(order("storm"))
    assert [e.key for e in events if isinstance(e, TakeParked)] == [key_of("storm")]
    assert len(made.studio.posted) == 1


@pytest.mark.parametrize("jump", [86400.0, -86400.0])
def test_listed_a_clock_that_jumps_makes_nothing_absent(tmp_path: Path, jump: float) -> None:
    made = listed(tmp_path, resubmit="absent")
    made.studio.starts = [LOST]
    made.studio.lists = [(), (), (), (made.studio.ticket("studio/film", "42"),)]
    find, looks = made.studio.find, []

    async def jumping(job: Job, /, *, since: float, until: float) -> tuple[Operation, ...] | Unreachable:
        looks.append(since)
        made.clock.set(jump if len(looks) == 2 else 0.0)
        return await find(job, since=since, until=until)

    made.studio.find = jumping  # type: ignore[method-assign]  # the same, at another time
    assert any(isinstance(event, TakeKept) for event in made.buy(order("storm")))
    assert len(made.studio.posted) == 1


def test_listed_what_an_earlier_run_sent_long_ago_is_settled_by_one_look(tmp_path: Path) -> None:
    made = listed(tmp_path)
    made.studio.starts = [LOST]
    made.studio.lists = [Unreachable("down")] * MOST_ASKED
    made.buy(order("storm"))
    made.clock.set(86400)
    began = made.clock.now()
    made.buy(order("storm"))
    assert made.states() == ["parked"]
    assert made.clock.now() == began
