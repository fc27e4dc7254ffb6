"""The page in a browser: what is shown, what its keys and buttons do, and that anyone can read and reach it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storyreel.watch.spec import Media
from storyreel.watch.twin import MemoryStage
from tests.watch import example as ex
from tests.watch.served import PATIENCE_MS, Running, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# Programs for the browser that list what is wrong: an empty list is good.
NAMELESS = (Path(__file__).parent / "nameless.js").read_text()
CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
SCRIPT = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Media]:
    return ex.example(tmp_path_factory.mktemp("reels")).files


class Room:
    """One stage, its server, and pages that look at it; what a browser complains of is collected."""

    def __init__(self, stage: MemoryStage, running: Running, browser: Browser) -> None:
        self.stage, self.running, self.browser = stage, running, browser
        self.complaints: list[str] = []
        self.expects_complaints = False
        self._contexts: list[Any] = []

    def open(self, size: dict[str, int] | None = None, scheme: str = "dark", **more: Any) -> Page:
        how: Any = {"viewport": size or DESK, "color_scheme": scheme, "reduced_motion": "reduce", **more}
        context = self.browser.new_context(**how)
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        return self.tab(context)

    def tab(self, context: Any) -> Page:
        page: Page = context.new_page()
        page.on("pageerror", lambda problem: self.complaints.append(str(problem)))
        page.on("console", self._told)
        page.goto(self.running.address)
        page.wait_for_selector("#timeline .scene, .films")
        return page

    def _told(self, told: ConsoleMessage) -> None:
        if told.type in ("error", "warning"):
            self.complaints.append(told.text)

    def change(self, change: Callable[[MemoryStage], object]) -> None:
        def make() -> None:
            change(self.stage)
            self.stage.bump()

        self.running.soon(make)

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def room(browser: Browser, media: dict[str, Media]) -> Iterator[Room]:
    stage = MemoryStage(ex.board(), {"f1": ex.film()}, files=dict(media))
    stage.scenes = {("f1", number): ex.scene(number) for number in range(1, len(ex.SCENES) + 1)}
    with served(stage) as running:
        room = Room(stage, running, browser)
        yield room
        room.close()
        assert room.expects_complaints or not room.complaints


READY = "() => [...document.querySelectorAll('.screen video:not(.look)')].some(v => !v.hidden && v.readyState > 1)"
AT = "() => [...document.querySelectorAll('.screen video:not(.look)')].find(v => !v.hidden).currentTime"
TIME = "document.querySelector('.time').textContent"
PLAYS = "() => [...document.querySelectorAll('.screen video')].some(v => !v.paused && v.currentTime > 0)"


def until(page: Page, is_so: Callable[[], bool]) -> None:
    """Wait for what the server is told; the page goes on meanwhile."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not is_so():
        assert time.monotonic() < end
        page.wait_for_timeout(20)


def test_a_new_reel_takes_the_place_of_the_old_one_under_the_playhead(room: Room) -> None:
    page = room.open()
    page.wait_for_function(READY)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    before = page.evaluate(AT)
    assert 11 < before < 12
    page.keyboard.press(" ")
    page.wait_for_function(PLAYS)
    room.change(lambda stage: stage.films.update(f1=ex.film("reel2")))
    page.wait_for_selector('video[src="/file/reel2"]:not([hidden])')
    page.wait_for_function(PLAYS)
    assert before <= page.evaluate(AT)
    assert page.locator("video[src='/file/reel1']").count() == 0


def test_a_scene_that_moved_takes_the_playhead_along(room: Room) -> None:
    page = room.open()
    page.wait_for_function(READY)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(AT) == pytest.approx(19, abs=0.2)

    def longer(stage: MemoryStage) -> None:
        film = ex.film("reel2")
        for row in film["scenes"][1:]:
            row["start"] += 48
            row["end"] += 48
        film["scenes"][0]["end"] += 48
        film["frames"] += 48
        film["reel"] |= {"frames": film["frames"], "scenes": [[r["id"], r["start"], r["end"]] for r in film["scenes"]]}
        stage.films["f1"] = film

    room.change(longer)
    page.wait_for_selector('video[src="/file/reel2"]:not([hidden])')
    assert page.evaluate(AT) == pytest.approx(21, abs=0.2)


def test_errors_lie_over_the_last_good_reel_and_go_when_they_are_mended(room: Room) -> None:
    page = room.open()
    page.wait_for_function(READY)
    words = "1 error; the last good reel stays"
    room.change(lambda s: s.board.update(condition="error", words=words, errors=1, findings=[ex.finding()]))
    sheet = page.locator("#sheet")
    sheet.wait_for()
    assert "unknown element @Mira" in sheet.inner_text()
    assert page.locator("#sheet mark").inner_text() == "@Mira"
    assert page.locator("video[src='/file/reel1']").is_visible()
    page.wait_for_function("() => document.getElementById('live').textContent.includes('unknown element')")
    page.get_by_role("button", name="See the reel").click()
    sheet.wait_for(state="hidden")
    page.keyboard.press("e")
    sheet.wait_for()
    room.change(lambda s: s.board.update(ex.board(condition="done", words="Up to date")))
    sheet.wait_for(state="hidden")
    assert page.locator(".build").inner_text() == "Up to date"


def test_texts_of_a_board_are_texts(room: Room) -> None:
    def hostile(stage: MemoryStage) -> None:
        def spoiled(value: Any, key: str = "") -> Any:
            kept = ("id", "standing", "condition", "phase", "kind", "treatment", "file", "wave", "action", "severity")
            if isinstance(value, dict):
                return {k: spoiled(v, k) for k, v in value.items()}
            if isinstance(value, list):
                return [spoiled(v, key) for v in value]
            return value + SCRIPT if isinstance(value, str) and key not in kept else value

        stage.board = spoiled(ex.board(warnings=1, findings=[ex.finding(severity="warning")]))
        stage.films["f1"] = spoiled(ex.film())
        for number in range(1, len(ex.SCENES) + 1):
            stage.scenes["f1", number] = spoiled(ex.scene(number))

    room.change(hostile)
    page = room.open()
    page.keyboard.press("e")
    page.locator("#sheet").wait_for()
    page.keyboard.press("e")
    for summary in page.locator("summary").all():
        summary.click()
    page.get_by_role("tab", name="As written").click()
    page.wait_for_timeout(100)
    assert page.evaluate("window.hacked") is None
    assert page.locator("img, body script").count() == 0
    assert "onerror" in page.locator("#inspector").inner_text()


def test_pick_and_buy_are_told_to_the_server(room: Room) -> None:
    page = room.open()
    assert page.get_by_role("button", name="Buy").count() == 0
    page.get_by_role("button", name="Pick take 2").click()
    page.locator(".toast").wait_for()
    assert room.stage.picked == [("f1", "storm", 2)]

    def opened(stage: MemoryStage) -> None:
        stage.is_buying_on = True
        stage.board["buying"]["is_on"] = True

    room.change(opened)
    page.get_by_role("button", name="Buy 2 takes · 1.26 USD").click()
    page.wait_for_function("() => document.getElementById('live').textContent === 'Buying.'")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Buy this scene").click()
    until(page, lambda: room.stage.bought == [(), ("sea",)])


def test_a_take_is_looked_at_by_its_number_and_picked_by_a_key(room: Room) -> None:
    page = room.open()
    page.wait_for_function(READY)
    page.keyboard.press("2")
    label = page.locator(".look-label")
    label.wait_for()
    assert "Take 2 of storm" in label.inner_text()
    assert page.locator("video.look").get_attribute("src") == "/file/take2"
    page.keyboard.press("p")
    page.locator(".toast").wait_for()
    assert room.stage.picked == [("f1", "storm", 2)]
    page.keyboard.press("2")
    label.wait_for(state="hidden")


def test_keys_play_and_move(room: Room) -> None:
    page = room.open()
    page.wait_for_function(READY)
    play = page.get_by_role("button", name="Play")
    page.keyboard.press(" ")
    page.wait_for_function(PLAYS)
    page.get_by_role("button", name="Pause").wait_for()
    page.keyboard.press("k")
    play.wait_for()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function(f"() => {TIME} === '00:00:00:01'")
    page.keyboard.press("End")
    page.wait_for_function(f"() => {TIME} === '00:00:29:23'")
    page.keyboard.press("ArrowUp")
    page.wait_for_function("() => document.querySelector('#inspector h2').textContent === 'title'")
    page.keyboard.press("l")
    page.keyboard.press("j")
    page.keyboard.press("k")
    play.wait_for()
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")


def test_a_click_on_a_scene_plays_from_it(room: Room) -> None:
    page = room.open()
    page.wait_for_function(READY)
    page.get_by_role("button", name="Scene 4, lamp").click()
    page.wait_for_function(PLAYS)
    assert page.evaluate(AT) > 18
    page.wait_for_function("() => document.querySelector('#inspector h2').textContent === 'lamp'")
    page.keyboard.press(" ")
    page.get_by_role("button", name="Play").wait_for()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_sticks_out(room: Room, size: dict[str, int]) -> None:
    findings = [ex.finding(), ex.finding(message="word" * 60)]
    room.change(lambda s: s.board.update(title="A title that goes on and on " * 4, words="long words " * 20))
    page = room.open(size)
    inside = "() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    for _ in range(2):
        wide, tall = page.evaluate(inside)
        assert wide <= size["width"]
        assert size is PHONE or tall <= size["height"]
        room.change(lambda s: s.board.update(condition="error", errors=2, findings=findings))
        page.locator("#sheet").wait_for()


def test_all_films_hang_on_a_wall(room: Room) -> None:
    def many(stage: MemoryStage) -> None:
        names = [f"film-{n}" for n in range(80)]
        stage.board["films"] = [ex.line(id=f"f{n}", name=name, loop="take1") for n, name in enumerate(names)]
        stage.films = {f"f{n}": {**ex.film(), "id": f"f{n}", "name": name} for n, name in enumerate(names)}
        stage.scenes |= {(f"f{n}", 1): ex.scene(1) for n in range(80)}

    room.change(many)
    page = room.open()
    assert page.locator(".film").count() == 60
    page.locator("#wall").evaluate("wall => wall.scrollTo(0, wall.scrollHeight)")
    page.wait_for_function("() => document.querySelectorAll('.film').length === 80")
    page.get_by_role("button", name="film-77").click()
    page.wait_for_function("() => document.querySelector('select').selectedOptions[0].textContent === 'film-77'")
    assert page.locator("#player").is_visible()
    page.keyboard.press("w")
    page.locator("#wall").wait_for()


def test_many_tabs_hear_of_every_change(room: Room) -> None:
    room.change(lambda s: s.films.update(f1=ex.film() | {"reel": None}))
    first = room.open()
    tabs = [first, *(room.tab(first.context) for _ in range(6))]  # More than a browser has connections.
    room.change(lambda s: s.board.update(words="It changed"))
    for tab in tabs:
        tab.wait_for_function("() => document.querySelector('.build').textContent.includes('It changed')")
    first.close()
    room.change(lambda s: s.board.update(words="And again"))
    for tab in tabs[1:]:
        tab.wait_for_function("() => document.querySelector('.build').textContent.includes('And again')")


def test_a_server_that_went_is_missed_and_the_reel_stays(room: Room) -> None:
    page = room.open()
    page.wait_for_function(READY)
    room.expects_complaints = True
    room.running.stop()
    page.wait_for_function("() => document.querySelector('.build').textContent.includes('does not answer')")
    page.keyboard.press(" ")
    page.wait_for_function(PLAYS)


@pytest.mark.parametrize(
    ("scheme", "size"), [("dark", DESK), ("light", DESK), ("light", PHONE)], ids=["dark", "light", "phone"]
)
def test_everyone_can_read_and_reach_it(room: Room, scheme: str, size: dict[str, int]) -> None:
    page = room.open(size, scheme)
    page.wait_for_function(READY)

    def check(where: str) -> None:
        assert page.evaluate(NAMELESS) == [], where
        assert page.evaluate(CONTRAST) == [], where

    check("as it opens")
    for number in range(2, len(ex.SCENES) + 1):
        page.keyboard.press("ArrowDown")
        page.wait_for_function(f"() => document.querySelector('.scene-number').textContent === '{number}'")
        check(f"scene {number}")
    for summary in page.locator("summary").all():
        summary.click()
    room.change(lambda s: s.board.update(condition="error", errors=1, findings=[ex.finding()]))
    page.locator("#sheet").wait_for()
    check("with errors")
    page.keyboard.press("?")
    check("with help")


def test_the_tab_key_reaches_every_control(room: Room) -> None:
    page = room.open()
    page.wait_for_function(READY)
    wanted = page.locator("button:visible:enabled, select:visible, input:visible").count()
    seen = set()
    for _ in range(wanted + 12):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("() => { const e = document.activeElement; return e.ariaLabel || e.textContent }"))
        ring = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
        assert ring != "none" or page.evaluate("() => document.activeElement === document.body")
    assert {"Play", "Position", "Pick take 2", "Keys and help"} <= seen
    for begins in ("Look at take 2 of storm", "Scene 5, title"):
        assert any(name.startswith(begins) for name in seen)


def test_the_theme_is_turned_and_kept(room: Room) -> None:
    page = room.open()
    ground = "() => getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(ground)
    page.keyboard.press("t")
    page.keyboard.press("t")
    assert page.evaluate(ground) != dark
    page.reload()
    page.wait_for_selector(".scene")
    assert page.evaluate(ground) != dark


def test_without_the_token_the_page_is_locked(room: Room) -> None:
    room.expects_complaints = True  # Of the status.
    page = room.browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"http://127.0.0.1:{room.running.port}/")
    assert "locked" in page.locator("h1").inner_text()
    page.close()
