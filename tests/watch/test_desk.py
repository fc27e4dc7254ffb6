"""What the page is told, from plans and events to documents; and the small pictures of a reel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from storyreel.base.diagnostic import error, warning
from storyreel.base.money import Usd
from storyreel.base.span import Span
from storyreel.base.timebase import Duration
from storyreel.media.process import Finished
from storyreel.media.shelf import MemoryShelf
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.plan import Plan, PlannedPart
from storyreel.plan.route import known_sellers
from storyreel.render import events as e
from storyreel.watch.desk import Desk
from storyreel.watch.findings import findings
from storyreel.watch.spec import Answer, Compile, FinishedReel, Purse, StoredTake
from tests.plan.boards import card, film, plan, scene, shot
from tests.watch.example import draw


class Asked:
    """Remembers what the page asked for."""

    def __init__(self) -> None:
        self.picked: list[tuple[str, str, int]] = []
        self.bought: list[tuple[str, ...]] = []

    async def pick(self, film: str, scene: str, take: int) -> Answer:
        self.picked.append((film, scene, take))
        return Answer(True, "Done.")

    async def buy(self, scenes: Sequence[str]) -> Answer:
        self.bought.append(tuple(scenes))
        return Answer(True, "Buying.")


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def board(provider: str = "fal") -> Plan:
    scenes = (
        scene("storm", shot("A storm."), place="a pier"),
        scene(
            "sea",
            shot("A black sea.", "3"),
            shot("A ship.", "3"),
            transition={"kind": "dissolve", "length": Duration.parse("0.5")},
        ),
        card("title"),
    )
    sellers = () if provider == ANIMATIC else (known_sellers()["fal"], known_sellers()["replicate"])
    return plan(film(*scenes, budget="6.00"), provider=provider, sellers=sellers)


def part_of(found: Plan, scene_id: str) -> PlannedPart:
    return next(scene.parts[0] for scene in found.films[0].scenes if scene.id == scene_id)


def reused(found: Plan, scene_id: str) -> Plan:
    """The plan as it is once a scene's take was bought."""
    one = found.films[0]
    scenes = tuple(
        replace(s, parts=tuple(replace(p, action="reuse", cost_usd=Usd(0), paid_usd=Usd("0.50")) for p in s.parts))
        if s.id == scene_id
        else s
        for s in one.scenes
    )
    return replace(found, films=(replace(one, scenes=scenes),))


def told(found: Plan | None, **more: Any) -> Compile:
    return Compile("storyboards/film.yaml", "Film", found, **more)


def with_desk(tmp_path: Path, main: Callable[[Desk, Asked, Clock], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        asked, clock = Asked(), Clock()
        desk = Desk(MemoryShelf(tmp_path / "shelf"), tmp_path / "links", asked, now=clock)
        try:
            async with asyncio.timeout(300):
                await main(desk, asked, clock)
        finally:
            await desk.close()
        assert not (tmp_path / "links").exists()

    asyncio.run(run())


def film_of(desk: Desk) -> Any:
    found = desk.film(desk.state()["films"][0]["id"])
    assert found is not None
    return found


def scene_of(desk: Desk, number: int) -> Any:
    found = desk.scene(film_of(desk)["id"], number)
    assert found is not None
    return found


def test_a_scene_stands_as_its_plan_and_its_events_say(tmp_path: Path) -> None:
    async def main(desk: Desk, asked: Asked, clock: Clock) -> None:
        found = board()
        desk.compiled(told(found, changed=frozenset({"storm", "sea"})))
        desk.usual({"fal": 48.0})
        desk.phase("ready")

        def standings() -> list[str]:
            return [row["standing"] for row in film_of(desk)["scenes"]]

        assert standings() == ["animatic", "animatic", "local"]
        assert desk.state()["words"] == "2 scenes changed, 1.26 USD to make"
        assert desk.state()["condition"] == "pending"
        assert film_of(desk)["money"]["budget"] == "6.00"
        sea = part_of(found, "sea")
        desk.tell(e.TakeStarted(sea.key, 1, "fal"))
        assert standings() == ["animatic", "generating", "local"]
        desk.tell(e.TakeQueued(sea.key, 1))
        assert standings() == ["animatic", "queued", "local"]
        desk.tell(e.TakeProgressed(sea.key, 1, 0.25))
        clock.now += 12
        doing = film_of(desk)["scenes"][1]["doing"]
        assert (doing["elapsed_s"], doing["usual_s"], doing["progress"]) == (12.0, 48.0, 0.25)
        assert desk.state()["buying"]["takes"] == 1
        desk.tell(e.TakeFailed(sea.key, 1, "refused", "it names a real person"))
        assert standings() == ["animatic", "failed", "local"]
        assert scene_of(desk, 2)["why"][0]["doing"]["words"] == "it names a real person"
        assert desk.state()["buying"]["takes"] == 2
        desk.tell(e.TakeParked(sea.key, 1, "fal", "nobody knows"))
        assert standings() == ["animatic", "parked", "local"]
        desk.compiled(told(reused(found, "sea")))
        assert standings() == ["animatic", "cached", "local"]
        assert film_of(desk)["money"]["paid"] == "0.50"

    with_desk(tmp_path, main)


def test_with_errors_the_last_plan_stays(tmp_path: Path) -> None:
    async def main(desk: Desk, asked: Asked, clock: Clock) -> None:
        assert desk.state()["condition"] == "first"
        desk.compiled(told(board()))
        place = Span("storyboards/film.yaml", 2, 3, 2, 7)
        text = "storyreel: 1\n  @Mira\n"
        desk.compiled(told(None, diagnostics=(error("SR104", "unknown", place),), texts={place.file: text}))
        state = desk.state()
        assert (state["condition"], state["errors"], state["words"]) == ("error", 1, "1 error")
        assert len(film_of(desk)["scenes"]) == 3
        assert state["findings"][0]["excerpt"][1] == {"number": 2, "before": "  ", "marked": "@Mir", "after": "a"}

    with_desk(tmp_path, main)


def test_a_scene_shows_its_words_as_written_and_as_each_provider_gets_them(tmp_path: Path) -> None:
    async def main(desk: Desk, asked: Asked, clock: Clock) -> None:
        desk.compiled(told(board()))
        storm = scene_of(desk, 1)
        assert storm["shots"][0]["prompt"] == "A storm."
        assert [route["provider"] for route in storm["routes"]] == ["fal", "replicate"]
        for route in storm["routes"]:
            (request,) = route["requests"]
            assert "A storm." in request["shots"][0]["text"]
            assert "A storm." in request["body"]
            assert {"tier", "prompt", "generate_audio"} <= {row["name"] for row in request["parameters"]}
        title = scene_of(desk, 3)
        assert (title["kind"], title["routes"], title["takes"]) == ("card", [], [])
        assert desk.scene(film_of(desk)["id"], 4) is None
        assert desk.scene("nothing", 1) is None

    with_desk(tmp_path, main)


def test_a_reel_is_shown_at_once_and_its_pictures_come_after(tmp_path: Path) -> None:
    reel = draw(tmp_path / "film.mp4", 11.5, size="160x90")

    async def main(desk: Desk, asked: Asked, clock: Clock) -> None:
        found = reused(board(), "storm")
        desk.compiled(told(found))
        desk.phase("ready")
        storm = part_of(found, "storm")
        desk.takes(
            [StoredTake(storm.key, 1, reel, "d1", "fal", Usd("0.50")), StoredTake(storm.key, 2, reel, "d2", "fal")]
        )
        one = found.films[0]
        await desk.reel(FinishedReel(one.name, reel, one.frames), one.cut)
        shown = film_of(desk)["reel"]
        media = desk.file(shown["id"])
        assert media is not None
        assert media.type == "video/mp4"
        old = media.file.read_bytes()
        await desk.settled()
        told_of = film_of(desk)
        assert all(row["strip"] for row in told_of["scenes"])
        assert told_of["scenes"][1]["strip"][1] == 6
        wave = desk.file(told_of["reel"]["wave"])
        assert wave is not None
        assert abs(len(wave.file.read_bytes()) - 575) <= 3
        assert told_of["loop"] is None  # Only a wall of several films needs it.
        takes = scene_of(desk, 1)["takes"]
        assert [(take["take"], take["is_chosen"], bool(take["strip"])) for take in takes] == [
            (1, True, True),
            (2, False, True),
        ]
        # What is written over the reel is another reel: who plays the old one goes on with it.
        draw(tmp_path / "next.mp4", 11.5, size="160x90", source="smptebars").replace(reel)
        await desk.reel(FinishedReel(one.name, reel, one.frames), one.cut)
        newer = film_of(desk)["reel"]["id"]
        assert newer != shown["id"]
        assert media.file.read_bytes() == old
        await desk.settled()

    with_desk(tmp_path, main)


def test_actions_know_their_film_and_buying_must_be_on(tmp_path: Path) -> None:
    async def main(desk: Desk, asked: Asked, clock: Clock) -> None:
        desk.compiled(told(board()))
        known = film_of(desk)["id"]
        assert (await desk.pick(known, "storm", 2)).is_done
        assert not (await desk.pick(known, "elsewhere", 2)).is_done
        assert not (await desk.pick("nothing", "storm", 2)).is_done
        assert asked.picked == [("film", "storm", 2)]
        assert not (await desk.buy(())).is_done
        desk.purse(Purse(is_open=True, ceiling_usd=Usd(5)))
        assert (await desk.buy(("storm",))).is_done
        assert not (await desk.buy(("elsewhere",))).is_done
        desk.compiled(told(None))
        assert not (await desk.buy(("storm",))).is_done
        assert asked.bought == [("storm",)]

    with_desk(tmp_path, main)


def test_findings_show_their_lines_errors_first() -> None:
    text = "a\n\tb\x1b[31m\n" + "x" * 900 + "\n"
    found = findings(
        [
            warning("SR501", "second", Span("f.yaml", 1, 1, 1, 2)),
            error("SR104", "first", Span("f.yaml", 3, 500, 3, 505)),
            error("SR104", "nowhere", Span("none.yaml", 9, 1, 9, 2)),
        ],
        {"f.yaml": text},
    )
    assert [row["message"] for row in found] == ["first", "nowhere", "second"]
    context, marked = found[0]["excerpt"][1:]
    assert context["before"] == "    b\ufffd[31m"
    assert (marked["marked"], len(marked["before"]), len(marked["after"])) == ("xxxxx", 161, 161)
    assert found[1]["excerpt"] == []


class Slow:
    """Starts programs that end only when they are given up, and then take a moment to go."""

    def __init__(self) -> None:
        self.begun = 0
        self.gone = 0

    async def run(
        self, argv: Sequence[str], /, *, feed: Iterable[bytes] | None = None, limit_s: float = 600
    ) -> Finished:
        if "-vf" not in argv:
            return Finished(1)  # No sound is heard: its shape is not drawn, and the pictures' turn comes.
        self.begun += 1
        turns = 3 * self.begun
        try:
            await asyncio.Event().wait()
        finally:
            for _ in range(turns):
                await asyncio.sleep(0)
            self.gone += 1
        raise AssertionError


def test_closing_waits_until_every_program_is_gone(tmp_path: Path) -> None:
    """Of several that draw side by side, the first that is gone is not the last."""

    async def main() -> None:
        slow = Slow()
        desk = Desk(MemoryShelf(tmp_path / "shelf"), tmp_path / "links", Asked(), runner=slow)
        found = board(ANIMATIC)
        desk.compiled(told(found))
        reel = tmp_path / "film.mp4"
        draw(reel, 2.0)
        await desk.reel(FinishedReel(found.films[0].name, reel, 48), found.films[0].cut)
        while slow.begun < 2:  # noqa: ASYNC110 - the gallery has no event for it
            await asyncio.sleep(0.01)
        await desk.close()
        assert slow.gone == slow.begun

    asyncio.run(main())
