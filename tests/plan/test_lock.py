"""The lock as text, and what it makes of a plan: choices, held takes, takes whose bytes are gone."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from storyreel.base.digest import digest_of
from storyreel.board.model import Storyboard
from storyreel.board.source import MemorySource
from storyreel.plan.build import build_plan
from storyreel.plan.lock import Lock, LockedFrame, LockedScene, LockedTake
from storyreel.plan.lockfile import LockBroken, lock_text, parse_lock
from storyreel.plan.plan import Plan, PlannedPart
from storyreel.plan.route import known_sellers
from tests.plan.boards import Made, card, film, located, plan, scene, shot

FAL = known_sellers()["fal"]
KEY, OTHER = digest_of(b"one"), digest_of(b"two")


def take(key: str = KEY, number: int = 1, **more: object) -> LockedTake:
    found = LockedTake(key, number, digest_of(f"{key}{number}".encode()), "fal", "019f-1", Decimal("0.504"), 4)
    return replace(found, **more)  # type: ignore[arg-type]  # fields by name


LOCK = Lock(
    {(KEY, 1): take(), (KEY, 2): take(number=2, is_held=True, note='the "good" one: é'), (OTHER, 1): take(OTHER)},
    {
        "last lamp": {
            "01": LockedScene("a1b2", ((KEY, 2),), (LockedFrame('the "sea"', OTHER, 1, 95),)),
            "no": LockedScene("0e10", ((OTHER, 1), (KEY, 2))),
        },
        "b": {},
    },
)


def test_a_lock_comes_back_as_it_was_and_twice_the_same() -> None:
    text = lock_text(LOCK)
    assert parse_lock(text) == LOCK
    assert lock_text(parse_lock(text)) == text


@pytest.mark.parametrize("note", ["a\nb\u2028c\x85d", "caf\udce9", "\x1b[31m", "- {a: b} # c", "null", " ", ""])
def test_whatever_a_note_holds_it_is_one_line_and_comes_back(note: str) -> None:
    noted = LOCK.with_takes([take().noted(note)])
    text = lock_text(noted)
    assert parse_lock(text) == noted
    assert len(text.encode().splitlines()) == len(lock_text(LOCK).splitlines()) + bool(note.strip())
    assert take(note="old").noted(None).note == "old"


def test_the_order_of_entries_is_no_matter() -> None:
    turned = Lock(dict(list(LOCK.takes.items())[::-1]), {k: dict(list(v.items())[::-1]) for k, v in LOCK.films.items()})
    assert lock_text(turned) == lock_text(LOCK)


def test_a_lock_that_was_laid_out_anew_is_read_as_yaml() -> None:
    text = lock_text(LOCK).replace("        - {key: ", "        - { key: ").replace('"01":', "'01':")
    assert parse_lock(text) == LOCK


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "does not say"),
        ("storyreel_lock: 2\n", "another version"),
        ("storyreel_lock: 1\ntakes:\n<<<<<<< HEAD\n=======\n", "it holds marks of a merge"),
        ("storyreel_lock: 1\ntakes:\n  - key: abc\n", "not whole"),
        ("storyreel_lock: 1\ntakes: {a: b\n", "line 3"),
        ("storyreel_lock: 1\nfilms: [1]\n", "not whole"),
        ('storyreel_lock: 1\ntakes:\n  - key: "ab"\n    take: 1\n    take: 2\n', "line 5"),
        ("storyreel_lock: 1\ntakes: []\nfilms:\n  film:\n    sea:\n    sea:\n", "line 6"),
    ],
)
def test_what_is_no_lock_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(LockBroken, match=says):
        parse_lock(text)


def bought_for(*names: str, number: int = 1) -> Lock:
    keys = {name: digest_of(name.encode()) for name in names}
    takes = {(key, number): take(key, number) for key in keys.values()}
    return Lock(takes, {"film": {name: LockedScene("a1b2", ((key, number),)) for name, key in keys.items()}})


def merged(folder: Path, base: Lock, ours: Lock, theirs: Lock) -> str:
    """As git leaves the file."""
    for name, lock in (("base", base), ("ours", ours), ("theirs", theirs)):
        (folder / name).write_text(lock_text(lock))
    words = ["git", "merge-file", "-p", *(str(folder / name) for name in ("ours", "base", "theirs"))]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(("one", "other"), [("b", "u"), ("d", "f"), ("zy", "zz"), ("a1", "a0")])
def test_scenes_that_two_branches_add_merge_wherever_they_stand(tmp_path: Path, one: str, other: str) -> None:
    base = ("a", "c", "m", "t", "z")
    text = merged(tmp_path, bought_for(*base), bought_for(*base, one), bought_for(*base, other))
    assert parse_lock(text) == bought_for(*base, one, other)


def test_two_branches_that_choose_otherwise_are_asked_which_holds(tmp_path: Path) -> None:
    base = bought_for("sea").with_takes(bought_for("sea", number=2).takes.values())
    base = base.with_takes(bought_for("sea", number=3).takes.values())
    key = digest_of(b"sea")
    text = merged(tmp_path, base, base.with_choice(key, 2), base.with_choice(key, 3))
    with pytest.raises(LockBroken, match="other takes for sea of film; keep one with `git checkout --ours`"):
        parse_lock(text)
    ours, theirs = (take(key, is_held=True), take(key, note="the one"))
    both = merged(tmp_path, base, base.with_takes([ours]), base.with_takes([theirs]))
    assert parse_lock(both).takes[key, 1] == replace(ours, note="the one")
    again = merged(
        tmp_path, base, base.with_takes([take(key, digest="0" * 64)]), base.with_takes([take(key, digest="1" * 64)])
    )
    with pytest.raises(LockBroken, match="both sides of a merge have bought take 1"):
        parse_lock(again)


def bought(board: object, lock: Lock, *here: tuple[str, int], rebuy: frozenset[str] = frozenset()) -> Plan:
    return plan(board, provider="fal", sellers=[FAL], takes=Made(*here), lock=lock, rebuy=rebuy)  # type: ignore[arg-type]


def parts(found: Plan) -> list[PlannedPart]:
    return list(found.parts())


def locked(found: Plan, number: int = 1, **more: object) -> Lock:
    """The lock of a film whose scenes were all bought."""
    one = found.films[0]
    takes = {(p.key, number): take(p.key, number, **more) for p in found.parts()}
    rows = {s.id: LockedScene(s.asked, tuple((p.key, number) for p in s.parts if p.is_chosen)) for s in one.scenes}
    return Lock(takes, {one.name: rows})


SEA = film(scene("sea", shot("A black sea.")))
CALM = film(scene("sea", shot("A calm sea.")))


def test_the_chosen_take_is_in_the_film() -> None:
    fresh = bought(SEA, Lock())
    key = parts(fresh)[0].key
    found = bought(SEA, locked(fresh, 2), (key, 1), (key, 2))
    assert [(p.take, p.action, p.is_chosen) for p in parts(found)] == [(2, "reuse", True), (1, "reuse", False)]


def test_without_a_choice_it_is_the_first_that_is_here() -> None:
    board = film(scene("sea", shot("A black sea."), takes=2))
    key = parts(bought(board, Lock()))[0].key
    found = parts(bought(board, Lock(), (key, 2)))
    assert [(p.take, p.action) for p in found if p.is_chosen] == [(2, "reuse")]


def test_a_take_whose_bytes_are_gone_is_never_bought_again_unasked() -> None:
    lock = locked(bought(SEA, Lock()))
    assert [p.action for p in parts(bought(SEA, lock))] == ["missing"]
    assert bought(SEA, lock).to_make() == ()
    assert [p.action for p in parts(bought(SEA, lock, rebuy=frozenset({"sea"})))] == ["generate"]


def test_a_held_take_stays_though_the_words_change() -> None:
    fresh = bought(SEA, Lock())
    key = parts(fresh)[0].key
    lock = locked(fresh, is_held=True)
    found = bought(CALM, lock, (key, 1))
    assert [(p.key, p.action) for p in parts(found)] == [(key, "held")]
    assert found.films[0].cut.frames == bought(CALM, Lock()).films[0].cut.frames
    free = bought(CALM, locked(fresh), (key, 1))
    assert [p.action for p in parts(free)] == ["generate"]


def test_a_newer_storyreel_does_not_buy_an_unchanged_scene_again() -> None:
    """Another profile lowers the same words to another key: the scene keeps what it has."""
    fresh = bought(SEA, Lock())
    asked = fresh.films[0].scenes[0].asked
    lock = Lock({(OTHER, 1): take(OTHER)}, {"film": {"sea": LockedScene(asked, ((OTHER, 1),))}})
    found = bought(SEA, lock, (OTHER, 1))
    assert [(p.key, p.action) for p in parts(found)] == [(OTHER, "reuse")]
    assert "older" in parts(found)[0].reason
    assert [p.action for p in parts(bought(CALM, lock, (OTHER, 1)))] == ["generate"]


def test_any_byte_of_a_lock_that_is_another_is_told_or_changes_no_choice() -> None:
    """Only what is for people may read otherwise: names, prices, notes, and bytes that are then missing."""
    text = lock_text(LOCK)
    for at in range(len(text)):
        broken = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
        try:
            found = parse_lock(broken)
        except LockBroken:
            continue
        shown = {row.parts for rows in found.films.values() for row in rows.values()}
        assert shown <= {row.parts for rows in LOCK.films.values() for row in rows.values()}
        held = {ident for ident, one in found.takes.items() if one.is_held}
        assert held <= {(KEY, 2)}
        assert held or (KEY, 2) not in found.takes


def test_a_scene_that_shows_a_take_that_the_lock_does_not_have_is_refused() -> None:
    text = lock_text(Lock({(KEY, 1): take()}, {"film": {"sea": LockedScene("a", ((OTHER, 1),))}}))
    with pytest.raises(LockBroken, match="sea of film shows take 1"):
        parse_lock(text)


CHAIN = film(scene("sea", shot("A black sea.")), scene("shore", shot("A shore."), start=["previous"]))
FROZEN = film(scene("sea", shot("A black sea.")), scene("shore", shot("A shore."), start=["previous"], freeze=True))


def shown_frames(found: Plan) -> dict[str, tuple[LockedFrame, ...]]:
    return {
        one.id: tuple(LockedFrame(f.scene, f.key, f.take, f.frame) for f in one.requests[0].start)  # type: ignore[union-attr]
        for one in found.films[0].scenes
    }


def whole(found: Plan) -> Lock:
    """The lock of a film that was bought, with the frames that its scenes go on from."""
    lock, frames = locked(found), shown_frames(found)
    for one in found.films[0].scenes:
        row = lock.scene("film", one.id)
        assert row is not None
        lock = lock.with_scene("film", one.id, replace(row, frames=frames[one.id]))
    return lock


def test_another_take_of_a_scene_asks_for_what_goes_on_from_it_unless_that_is_frozen() -> None:
    fresh = bought(CHAIN, Lock())
    sea, shore = (part.key for part in parts(fresh))
    other = whole(fresh).with_takes([take(sea, 2)]).with_choice(sea, 2)
    here = ((sea, 1), (sea, 2), (shore, 1))
    assert [p.action for p in parts(bought(CHAIN, other, *here)) if p.is_chosen] == ["reuse", "generate"]
    kept = bought(FROZEN, other, *here)
    assert [(p.key, p.action) for p in parts(kept) if p.is_chosen] == [(sea, "reuse"), (shore, "reuse")]
    assert "freeze" in " ".join(kept.films[0].scenes[1].notes)


def test_a_frozen_scene_keeps_its_frame_under_another_name() -> None:
    fresh = bought(FROZEN, Lock())
    sea, shore = (part.key for part in parts(fresh))
    lock = whole(fresh).with_takes([take(sea, 2)]).with_choice(sea, 2)
    coast = scene("coast", shot("A shore."), start=["previous"], freeze=True)
    renamed = film(scene("sea", shot("A black sea.")), coast)
    found = parts(bought(renamed, lock, (sea, 1), (sea, 2), (shore, 1)))
    assert [(p.key, p.action) for p in found if p.is_chosen] == [(sea, "reuse"), (shore, "reuse")]


def test_a_renamed_scene_keeps_what_it_has_even_where_an_older_storyreel_made_it() -> None:
    asked = bought(SEA, Lock()).films[0].scenes[0].asked
    lock = Lock({(OTHER, 1): take(OTHER)}, {"film": {"sea": LockedScene(asked, ((OTHER, 1),))}})
    renamed = film(scene("ocean", shot("A black sea.")))
    assert [(p.key, p.action) for p in parts(bought(renamed, lock, (OTHER, 1)))] == [(OTHER, "reuse")]


def test_a_held_scene_that_is_renamed_and_reworded_at_once_is_known_by_what_it_said() -> None:
    (one,) = parts(bought(SEA, Lock()))
    lock = locked(bought(SEA, Lock()), is_held=True)
    said = {one.key: "A black sea."}
    both = film(scene("harbour", shot("A long pier in fog.")), scene("ocean", shot("A calm black sea.")))
    found = plan(both, provider="fal", sellers=[FAL], takes=Made((one.key, 1)), lock=lock, words=said)
    assert [(p.key == one.key, p.action) for p in parts(found)] == [(False, "generate"), (True, "held")]
    free = lock.with_takes([take(one.key)])
    found = plan(both, provider="fal", sellers=[FAL], takes=Made((one.key, 1)), lock=free, words=said)
    assert [p.action for p in parts(found)] == ["generate", "generate"], "what is not held follows its words"


def test_a_held_scene_that_was_reworded_first_and_is_renamed_later_is_known_by_what_it_says_since() -> None:
    lock = locked(bought(SEA, Lock()), is_held=True)
    reworded = bought(film(scene("sea", shot("Everybody runs."))), lock, *lock.takes).films[0].scenes[0]
    assert reworded.kept is not None
    written = parse_lock(lock_text(lock.with_scene("film", "sea", replace(reworded.kept, says=reworded.asked))))
    renamed = film(scene("shore", shot("Everybody runs.")))
    assert [p.action for p in parts(bought(renamed, written, *lock.takes))] == ["held"]
    again = film(scene("shore", shot("A black sea.")))
    assert [p.action for p in parts(bought(again, written, *lock.takes))] == ["reuse"], (
        "its first words are still its own"
    )


@pytest.mark.parametrize(
    ("board", "codes"),
    [
        (film(scene("ocean", shot("Everybody runs for the boats."))), ["SR321"]),
        (film(scene("ocean", shot("A black sea."))), []),
        (film(scene("sea", shot("Everybody runs for the boats."))), ["SR319"]),
        (film(card("end")), []),
    ],
)
def test_a_hold_that_is_lost_is_told_before_anything_is_bought(board: Storyboard, codes: list[str]) -> None:
    lock = locked(bought(SEA, Lock()), is_held=True)
    takes = Made(*lock.takes)
    found = build_plan(
        [located(board)], MemorySource({}), takes, provider="fal", sellers=[FAL], board="film", lock=lock
    )
    assert [one.code for one in found.diagnostics] == codes


def test_the_only_film_of_a_board_keeps_what_it_has_under_another_name() -> None:
    lock = locked(bought(SEA, Lock()), is_held=True).following(["trailer"])
    renamed = film(scene("sea", shot("A calm sea.")), film="trailer")
    assert [p.action for p in parts(bought(renamed, lock, *lock.takes))] == ["held"]
    assert lock.following(["trailer", "teaser"]) == lock, "which of them it was cannot be known"


def test_what_a_held_scene_showed_is_bought_by_its_present_words_when_it_is_gone_and_wanted_again() -> None:
    lock = locked(bought(SEA, Lock()), is_held=True)
    assert [p.action for p in parts(bought(CALM, lock))] == ["missing"]
    assert [p.action for p in parts(bought(CALM, lock, rebuy=frozenset({"sea"})))] == ["generate"]


def clipped(lock: Lock | None, *here: tuple[str, int], **clip: object) -> Plan:
    board = film(scene("hook", clip={"of": "trailer/storm", **clip}))
    boards = {} if lock is None else {"trailer": lock}
    return plan(board, provider="fal", sellers=[FAL], takes=Made(*here), boards=boards)


def test_a_clip_of_another_board_is_the_take_that_its_lock_chose() -> None:
    lock = Lock(
        {(KEY, 2): take(number=2), (OTHER, 1): take(OTHER)},
        {"trailer": {"storm": LockedScene("a", ((KEY, 2), (OTHER, 1)))}},
    )
    found = clipped(lock, (KEY, 2), (OTHER, 1), **{"in": "3", "out": "6"})
    assert [(s.key, s.take, s.used.start, s.used.end) for s in found.films[0].cut.scenes[0].sources] == [  # type: ignore[union-attr]
        (KEY, 2, 72, 96),
        (OTHER, 1, 0, 48),
    ]
    assert [p.action for p in parts(found)] == ["local"]
    assert [p.action for p in parts(clipped(lock))] == ["missing"]
    assert [p.action for p in parts(clipped(None, out="2"))] == ["missing"]
    assert "render it first" in parts(clipped(None, out="2"))[0].reason
