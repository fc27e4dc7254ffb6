"""Two versions of a board side by side: what is told, what is not, and what it costs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from storyreel.board.source import MemorySource
from storyreel.plan.build import build_plan
from storyreel.plan.difference import BoardDifference, SceneDifference, Version, difference, idents
from tests.support.pipeline import NoTakes, compiled

BOARD = """\
storyreel: 1
title: Film
style: 35mm film
elements:
  Mara: {description: "woman, 34, navy coat"}
scenes:
  - id: storm
    place: a gallery above the sea
    note: more spray
    shots:
      - id: dark
        duration: 4
        prompt: The great lamp flickers and goes black
      - duration: 4
        prompt: "@Mara looks up"
        say:
          - Mara (whispering): Forty years.
          - "narrator: Until tonight."
  - id: stairs
    transition: dissolve 0.5
    shots:
      - {duration: 5, prompt: A boy runs up iron steps with a lantern}
  - id: sea
    start: previous
    shots:
      - {duration: 4, prompt: A black sea}
  - {id: title, card: {title: THE END, duration: 3}}
"""


def version(text: str | None, name: str = "film") -> Version | None:
    """A board as fal would make it, with nothing in the store."""
    if text is None:
        return None
    source = MemorySource({f"storyboards/{name}.yaml": text})
    films, _ = compiled(source, f"storyboards/{name}.yaml")
    return Version(tuple(films), build_plan(films, source, NoTakes(), provider="fal", board=name).value)


def told(old: str | None, new: str | None) -> Any:
    before, after = version(old), version(new)
    return difference("film", before, after, idents(before.plan) if before else frozenset())


def edited(*edits: tuple[str, str]) -> Any:
    text = BOARD
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return told(BOARD, text)


def only(found: BoardDifference) -> Any:
    (scene,) = found.scenes
    return scene


def words(scene: SceneDifference) -> list[str]:
    return [str(change) for change in scene.changes]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Film\n", "title: Film  # a comment\n"),
        ("duration: 4\n", "duration: 4s\n"),
        ("duration: 4\n", "duration: 96f\n"),
        ("note: more spray", "note: less spray"),
        ("The great lamp flickers and goes black", '"The great lamp flickers and goes black"'),
        (
            "        prompt: The great lamp flickers and goes black\n",
            "        prompt: >-\n          The great lamp flickers\n          and goes black\n",
        ),
    ],
)
def test_what_changes_no_film_is_not_told(old: str, new: str) -> None:
    found = edited((old, new))
    assert not found.differs
    assert (found.scenes, found.settings, found.status) == ((), (), "same")


def test_one_word_of_one_prompt_is_one_scene_and_its_price() -> None:
    found = edited(("flickers and", "gutters and"))
    scene = found.scenes[0]
    assert (scene.scene, scene.kinds) == ("storm", ("changed",))
    assert words(scene) == [
        "shots.dark.prompt changed: The great lamp flickers and goes black -> The great lamp gutters and goes black"
    ]
    assert (scene.changes[0].span.line, scene.changes[0].span.column) == (13, 17)
    assert scene.cost_usd == Decimal("1.008")


def test_what_goes_on_from_a_changed_scene_is_told_with_the_cause() -> None:
    """`sea` begins with the last frame of `stairs`: other words there are another frame here."""
    found = edited(("A boy runs", "A girl runs"))
    stairs, sea = found.scenes
    assert (stairs.scene, sea.scene) == ("stairs", "sea")
    (cause,) = sea.changes
    assert (cause.field, cause.old is not None and "last frame of stairs" in cause.old) == ("start", True)
    assert found.cost_usd == stairs.cost_usd + sea.cost_usd


def test_to_rename_or_move_a_scene_costs_nothing() -> None:
    renamed = only(edited(("id: storm", "id: tempest")))
    assert (renamed.kinds, renamed.was, renamed.cost_usd) == (("renamed",), "storm", 0)
    title = "  - {id: title, card: {title: THE END, duration: 3}}\n"
    moved = only(told(BOARD, BOARD.replace(title, "").replace("scenes:\n", f"scenes:\n{title}")))
    assert (moved.scene, moved.kinds, moved.cost_usd) == ("title", ("moved",), 0)


def test_renamed_and_reworded_at_once_is_still_one_scene() -> None:
    stairs = edited(("id: stairs", "id: steps"), ("with a lantern", "with a lamp")).scenes[0]
    assert (stairs.scene, stairs.was, stairs.kinds) == ("steps", "stairs", ("renamed", "changed"))


def test_added_and_removed() -> None:
    more = BOARD + "  - {id: gulls, shots: [{duration: 3, prompt: Gulls}]}\n"
    added = only(told(BOARD, more))
    assert (added.scene, added.kinds, added.seconds, added.cost_usd) == (
        "gulls",
        ("added",),
        (None, 3),
        Decimal("0.378"),
    )
    removed = only(told(more, BOARD))
    assert (removed.scene, removed.kinds, removed.cost_usd) == ("gulls", ("removed",), 0)


@pytest.mark.parametrize(
    ("old", "new", "kind", "field"),
    [
        ("transition: dissolve 0.5", "transition: dissolve 1", "retimed", "transition"),
        ("THE END, duration: 3", "THE END, duration: 2", "retimed", "card.duration"),
        ("  - id: storm\n", "  - id: storm\n    trim: {in: 0.5}\n", "retimed", "trim.in"),
        ("narrator: Until tonight", "narrator: Until now", "captions", "shots.2.say.2"),
        ("title: THE END", "title: FIN", "changed", "card.title"),
    ],
)
def test_what_is_free_says_what_it_is(old: str, new: str, kind: str, field: str) -> None:
    scene = edited((old, new)).scenes[0]
    assert (scene.kinds, [change.field for change in scene.changes]) == ((kind,), [field])
    assert scene.cost_usd == 0


def test_a_longer_shot_is_retimed_and_costs() -> None:
    scene = edited(("duration: 5, prompt: A boy", "duration: 6, prompt: A boy")).scenes[0]
    assert (scene.kinds, scene.seconds, scene.cost_usd) == (("retimed",), (5, 6), Decimal("0.756"))


def test_the_boards_own_words_are_told_once_and_every_scene_is_priced() -> None:
    found = edited(("style: 35mm film", "style: 16mm film"))
    assert [(str(change), films) for change, films in found.settings] == [
        ("style changed: 35mm film -> 16mm film", ("film",))
    ]
    assert [scene.scene for scene in found.scenes] == ["storm", "stairs", "sea"]
    assert all(change.is_inherited for scene in found.scenes for change in scene.changes if change.field == "style")


def test_a_changed_element_changes_the_scenes_that_name_it() -> None:
    found = edited(("navy coat", "red coat"))
    assert [scene.scene for scene in found.scenes] == ["storm"]
    assert [change.field for change, _ in found.settings] == ["elements.Mara.description"]


def test_a_shot_in_front_leaves_the_others_what_they_are() -> None:
    extra = "    shots:\n      - {duration: 3, prompt: Rain on glass}\n      - id: dark\n"
    scene = edited(("    shots:\n      - id: dark\n", extra)).scenes[0]
    assert words(scene) == ["shots.1: 3 s: Rain on glass"]


def test_another_candidate_costs_one_take() -> None:
    scene = edited(("  - id: storm\n", "  - id: storm\n    takes: 3\n")).scenes[0]
    assert (words(scene), len(scene.to_make)) == (["takes: 3"], 2)


def test_a_new_board_and_one_that_is_gone() -> None:
    new = told(None, BOARD)
    assert (new.status, len(new.scenes), new.scenes[0].kinds) == ("added", 4, ("added",))
    gone = told(BOARD, None)
    assert (gone.status, gone.cost_usd, {scene.kinds for scene in gone.scenes}) == ("removed", 0, {("removed",)})


VARIANTS = """\
storyreel: 1
title: Ad
variants:
  axes:
    product: {ember: {what: a red bottle}, fjord: {what: a blue bottle}}
    lang: {en: {end: Now}, de: {end: Jetzt}}
  name: "{{ product.id }}-{{ lang.id }}"
scenes:
  - id: hero
    shots: [{duration: 3, prompt: "{{ product.what }} on a ledge"}]
  - {id: end, card: {title: "{{ lang.end }}", duration: 2}}
"""


def test_what_many_films_share_is_told_once_and_paid_once() -> None:
    hero = only(told(VARIANTS, VARIANTS.replace("a red", "a green")))
    assert (hero.films, len(hero.to_make)) == (("ember-en", "ember-de"), 1)
    end = only(told(VARIANTS, VARIANTS.replace("Jetzt", "Sofort")))
    assert (end.films, end.cost_usd) == (("ember-de", "fjord-de"), 0)
    longer = only(told(VARIANTS, VARIANTS.replace("duration: 3", "duration: 4")))
    assert (len(longer.films), longer.kinds, len(longer.to_make)) == (4, ("retimed",), 2)


def test_films_come_and_go_with_their_axes() -> None:
    found = told(VARIANTS, VARIANTS.replace("de: {end: Jetzt}", "fr: {end: Maintenant}"))
    assert found.films_added == ("ember-fr", "fjord-fr")
    assert found.films_removed == ("ember-de", "fjord-de")
    assert found.cost_usd == 0  # the products' takes are those of the other languages


def test_without_a_plan_of_the_old_side_the_words_are_still_compared() -> None:
    before, after = version(BOARD), version(BOARD.replace("flickers", "gutters"))
    assert before is not None
    found = difference("film", Version(before.films), after, frozenset())
    assert "shots.dark.prompt" in [change.field for change in found.scenes[0].changes]
