"""Films to plans: what is made, what is shared, what waits for what, and what costs nothing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from storyreel.board.source import MediaFacts, MemorySource
from storyreel.plan.build import build_plan
from storyreel.plan.cut import TakeSource
from storyreel.plan.request import Asset, FrameIn, FrameOf
from storyreel.plan.route import Seller
from tests.plan.boards import IMAGE, Made, card, film, keys, located, plan, planned, scene, shot

STORM = scene("storm", shot("Night storm."), shot("@Mara grips the rail."), place="a gallery")
SEA = scene("sea", shot("A black sea."), transition="dissolve 0.5")
CAST = {"Mara": {"description": "woman, 34"}, "Ivo": {"description": "boy, 12"}}


def test_what_was_made_before_is_reused() -> None:
    fresh = planned(film(STORM, SEA, elements=CAST))
    assert [p.action for s in fresh.scenes for p in s.parts] == ["generate", "generate"]
    again = plan(film(STORM, SEA, elements=CAST), takes=Made((keys(fresh)[0], 1)))
    assert [p.action for s in again.films[0].scenes for p in s.parts] == ["reuse", "generate"]
    assert [part.key for part in again.to_make()] == [keys(fresh)[1]]


def test_moving_and_renaming_make_nothing_again() -> None:
    was = keys(planned(film(STORM, SEA, elements=CAST), provider="fal"))
    now = planned(
        film(
            {**SEA, "id": "water", "transition": "cut", "note": "wetter"},
            {**STORM, "chapter": "One", "trim": {"in": "1"}, "audio_db": "-12"},
            elements=CAST, title="Other", fps="25",
        ),
        provider="fal",
    )  # fmt: skip
    assert keys(now) == was[::-1]


def test_editing_one_shot_makes_one_scene_again() -> None:
    for provider in ("animatic", "fal"):
        was = keys(planned(film(STORM, SEA, elements=CAST), provider=provider))
        now = keys(planned(film(STORM, scene("sea", shot("A grey sea.")), elements=CAST), provider=provider))
        assert now[0] == was[0]
        assert now[1] != was[1]


def test_only_a_mentioned_element_is_part_of_a_request() -> None:
    was = keys(planned(film(STORM, SEA, elements=CAST), provider="fal"))
    older = {**CAST, "Mara": {"description": "woman, 64"}}
    now = keys(planned(film(STORM, SEA, elements=older), provider="fal"))
    assert now[0] != was[0]
    assert now[1] == was[1]


def test_a_voice_over_is_no_part_of_a_request() -> None:
    said = scene("sea", shot("A black sea.", say=[{"who": "narrator", "line": "Until tonight."}]))
    assert keys(planned(film(said), provider="fal")) == keys(planned(film(SEA), provider="fal"))


def test_without_audio_lines_and_sounds_cost_nothing_to_edit() -> None:
    loud = scene("a", shot("@Mara speaks.", say=[{"who": "Mara", "line": "No."}], sound="wind"))
    quiet = scene("a", shot("@Mara speaks."))
    for has_audio in (True, False):
        was, now = (
            keys(planned(film(one, generate_audio=has_audio, elements=CAST), provider="fal")) for one in (loud, quiet)
        )
        assert (was != now) is has_audio


def test_who_speaks_goes_along() -> None:
    said = shot("A door.", say=[{"who": "Ivo", "line": "No."}])
    made = planned(film(scene("a", said), elements=CAST), provider="fal")
    request = made.scenes[0].parts[0].request
    assert request is not None
    assert [element.name for element in request.elements] == ["Ivo"]


def test_a_scene_is_split_into_parts_that_are_bought_alone() -> None:
    made = planned(film(scene("a", shot(duration="8"), shot(duration="8"))), provider="fal")
    assert [(int(p.seconds), p.shown, str(p.cost_usd)) for p in made.scenes[0].parts] == [(8, 192, "1.008")] * 2
    assert made.scenes[0].notes == (
        "bought in 2 parts of 8 + 8 s: one request of kling-v3 has at most 15 s and 6 shots",
    )
    sources = made.cut.scenes[0].sources
    assert [s.key for s in sources if isinstance(s, TakeSource)] == keys(made)


def test_bought_and_shown_seconds_are_noted_where_they_differ() -> None:
    def notes(*shots: dict[str, Any], **more: Any) -> tuple[str, ...]:
        return planned(film(scene("a", *shots, **more)), provider="fal").scenes[0].notes

    assert notes(shot(duration="4")) == ()
    assert notes(shot(duration="4.5")) == ("5 s bought, 4.5 s shown: kling-v3 sells whole seconds",)
    assert notes(shot(duration="2")) == ("3 s bought, 2 s shown: kling-v3 sells at least 3 s",)
    assert notes(shot(duration="4"), trim={"out": "3"}) == ("4 s bought, 3 s shown: trimmed",)
    assert notes(shot(duration="4"), speed="2") == ("4 s bought, 2 s shown: at 2 times its speed",)


def test_equal_parts_are_made_once() -> None:
    made = plan(film(scene("a", shot(), place="x"), scene("b", shot(), place="x")), provider="fal")
    assert len(made.to_make()) == 1
    assert made.total_usd == Decimal("0.504")
    assert made.films[0].cost_usd == Decimal("0.504")


def test_takes_are_bought_one_by_one_and_drawn_once() -> None:
    twice = film(scene("a", shot(), takes="2"))
    bought = planned(twice, provider="fal").scenes[0].parts
    assert [(p.take, p.reason) for p in bought] == [
        (1, "candidate 1 of 2: no take of these words yet"),
        (2, "candidate 2 of 2: no take of these words yet"),
    ]
    drawn = planned(twice).scenes[0]
    assert [p.take for p in drawn.parts] == [1]
    assert drawn.notes == ("`takes: 2` is for bought takes; panels are drawn once",)


def test_an_unknown_price_is_not_nothing() -> None:
    box = Seller("mybox", "openai-videos", "http://127.0.0.1:8000/v1", "MYBOX_KEY")
    made = plan(film(scene("a", shot())), provider="mybox", sellers=[box])
    assert made.films[0].scenes[0].parts[0].cost_usd is None
    assert made.total_usd is None


def test_a_scene_goes_on_from_the_last_frame_as_cut() -> None:
    board = film(
        scene("storm", shot(duration="8"), shot(duration="8"), trim={"out": "12"}),
        card("between"),
        scene("stairs", shot(), start=("previous",)),
        scene("again", shot(), start=("storm@last",), end="stairs@last"),
    )
    made = planned(board)
    storm, _, stairs, again = made.scenes
    request = stairs.parts[0].request
    assert request is not None
    assert request.start == (FrameOf(storm.parts[1].key, 1, "storm", 95),)
    assert request.shape is None
    job = again.parts[0].job
    assert job is not None
    assert job["start"] == {"frame_of": storm.parts[1].key, "take": 1, "frame": 95}
    assert job["end"] == {"frame_of": stairs.parts[0].key, "take": 1, "frame": 95}
    assert stairs.parts[0].reason == "no panels drawn for it yet; it waits for the last frame of storm"


def test_a_scene_may_wait_for_a_later_one() -> None:
    board = film(scene("a", shot("One."), start=("c@last",)), scene("b", shot("Two.")), scene("c", shot("Three.")))
    made = planned(board, provider="fal")
    request = made.scenes[0].parts[0].request
    assert request is not None
    assert request.start == (FrameOf(made.scenes[2].parts[0].key, 1, "c", 95),)


def test_another_trim_buys_nothing_again_but_draws_again() -> None:
    def chain(**trim: object) -> list[dict[str, Any]]:
        return [scene("a", shot("One."), **trim), scene("b", shot("Two."), start=("previous",))]

    whole, short = chain(), chain(trim={"out": "3"})
    assert keys(planned(film(*whole), provider="fal")) == keys(planned(film(*short), provider="fal"))
    assert keys(planned(film(*whole)))[1] != keys(planned(film(*short)))[1]


def test_a_chain_of_a_thousand_scenes_is_planned() -> None:
    chain = [scene(f"s{i}", shot(), **({"start": ("previous",)} if i else {})) for i in range(1000)]
    assert len(set(keys(planned(film(*chain))))) == 1000


def test_pictures_enter_by_their_bytes() -> None:
    board = film(scene("a", shot(), start=("a.png",)))
    moved = film(scene("a", shot(), start=("b.png",)))
    was = planned(board, provider="fal", source=MemorySource({"a.png": b"1"}))
    assert keys(was) == keys(planned(moved, provider="fal", source=MemorySource({"b.png": b"1"})))
    assert keys(was) != keys(planned(board, provider="fal", source=MemorySource({"a.png": b"2"})))
    assert list(was.scenes[0].parts[0].assets.values()) == ["a.png"]
    assert was.scenes[0].parts[0].endpoint == "fal-ai/kling-video/v3/standard/image-to-video"


def test_a_scene_goes_on_from_a_still_or_a_clip() -> None:
    source = MemorySource({}, {"desk.png": IMAGE, "sea.mp4": MediaFacts("video", 1280, 720, Fraction(9))})
    board = film(
        {"id": "desk", "still": {"image": "desk.png", "duration": "2"}},
        scene("a", shot(), start=("previous",)),
        {"id": "sea", "clip": {"file": "sea.mp4", "in": "2", "out": "5"}},
        scene("b", shot(), start=("previous",)),
    )
    requests = [part.request for one in planned(board, source=source).scenes for part in one.parts]
    starts = [request.start[0] for request in requests if request is not None]
    assert starts == [
        Asset("desk.png", source.digest("desk.png")),
        FrameIn(Asset("sea.mp4", source.digest("sea.mp4")), Fraction(119, 24)),
    ]


def test_local_scenes_cost_nothing_and_keep_their_key() -> None:
    made = planned(film(STORM, card("title"), elements=CAST), provider="fal").scenes[1].parts[0]
    assert (made.action, made.take, made.provider, made.endpoint) == ("local", None, "local", None)
    assert made.seconds == 2
    assert made.cost_usd == 0
    assert planned(film(card("other", transition="fade 1"), STORM, elements=CAST)).scenes[0].parts[0].key == made.key
    assert planned(film(card("title", "3"))).scenes[0].parts[0].key != made.key


def test_the_job_of_a_panel_holds_what_it_shows() -> None:
    source = MemorySource({"mara.png": b"picture"})
    board = film(
        scene("a", shot("@Mara and @Ivo.", "2.5", camera="wide"), shot("@Ivo.", "2.5", sound="wind"), place="a quay"),
        elements={"Mara": {"description": "woman", "image": "mara.png"}, "Ivo": {"description": "boy"}},
        tier="4k", aspect_ratio="9:16", style="35mm", negative_prompt="blur",
    )  # fmt: skip
    part = planned(board, source=source).scenes[0].parts[0]
    digest = source.digest("mara.png")
    assert part.assets == {digest: "mara.png"}
    assert part.job == {
        "kind": "panels",
        "width": 1080,
        "height": 1920,
        "rate": "24",
        "place": "a quay",
        "style": "35mm",
        "shots": [
            {"prompt": "Mara and Ivo.", "camera": "wide", "sound": None, "frames": 72, "elements": ["Mara", "Ivo"]},
            {"prompt": "Ivo.", "camera": None, "sound": "wind", "frames": 48, "elements": ["Ivo"]},
        ],
        "elements": {
            "Mara": {"description": "woman", "image": digest, "color": 0},
            "Ivo": {"description": "boy", "image": None, "color": 1},
        },
        "start": None,
        "end": None,
    }


def test_an_own_template_enters_by_its_bytes_and_its_words() -> None:
    source = MemorySource({"templates/macro.j2": "Macro. {{ shot.prompt }} {{ vars.light }} {{ scene.place }}"})
    board = film(STORM, elements=CAST, template="templates/macro.j2", vars={"light": "dusk"})
    made = planned(board, provider="fal", source=source)
    request = made.scenes[0].parts[0].request
    assert request is not None
    assert [one.words for one in request.shots] == [
        "Macro. Night storm. dusk a gallery",
        "Macro. @Mara grips the rail. dusk a gallery",
    ]
    brighter = board.model_copy(update={"vars": {"light": "noon"}})
    assert keys(planned(brighter, provider="fal", source=source)) != keys(made)
    commented = MemorySource({"templates/macro.j2": source.read("templates/macro.j2") + b"{# a comment #}"})
    assert keys(planned(board, provider="fal", source=commented)) != keys(made)


def test_films_share_what_they_have_in_common() -> None:
    late = scene("late", shot("A tram stop."))
    films = [
        film(
            late, scene("hero", shot(f"A {product} bottle.")), card("end", card={"title": lang, "duration": "2"}),
            film=f"{product}-{lang}",
        )
        for product in ("red", "blue") for lang in ("en", "de")
    ]  # fmt: skip
    axes = [{"product": f.film.split("-")[0], "lang": f.film.split("-")[1]} for f in films]
    made = plan(*films, provider="fal", axes=axes)
    assert len(made.to_make()) == 3
    assert made.notes == (
        "4 films share 3 requests; one by one they would ask for 8",
        "`product` (2 values) multiplies 2 of 3 requests",
        "`lang` (2 values) multiplies nothing",
    )


def test_a_scene_that_films_share_is_planned_once() -> None:
    shared = film(STORM, SEA, elements=CAST)
    films = [shared.model_copy(update={"film": f"film-{i}"}) for i in range(3)]
    made = plan(*films)
    assert len({id(found.scenes[0]) for found in made.films}) == 1


def test_a_film_over_its_budget_says_so() -> None:
    board = film(STORM, SEA, elements=CAST, budget="1.50")
    assert planned(board, provider="fal").notes == ("1.51 USD in all, over its budget of 1.50 USD",)
    assert planned(board).notes == ()


def test_a_missing_file_is_reported_and_nothing_is_planned() -> None:
    board = film(scene("a", shot(), start=("gone.png",)))
    checked = build_plan([located(board)], MemorySource({}), Made(), provider="fal", board="film")
    assert checked.value is None
    assert [d.code for d in checked.diagnostics] == ["SR309"]
