"""The example boards and a long one at each provider: every request of the plan leaves once, every file once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from storyreel.driver.film import render
from storyreel.driver.making import Spending, Stopping, made
from storyreel.driver.outcome import Outcome, Tally
from storyreel.driver.project import Compiled, Project, open_project
from tests.campaign.rig import PICTURE, TODAY
from tests.emulators.demo import example_project
from tests.emulators.jobs import Schedule
from tests.emulators.stand import KEYS, Stand, stand
from tests.support.project import Folder

IS_FULL = os.environ.get("STORYREEL_CAMPAIGN") == "full"
EXAMPLES = ("last_lamp", "paper_boat", "bottle_ad")
SCENES, PICTURES = 60, 3
QUICK = "concurrency = 20\n"


@pytest.fixture
def providers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)
    with stand(schedule=Schedule(0.01, 0.02), scale=0.1, is_film_fixed=True) as found:
        yield found


def compiled(project: Project, board: str, name: str) -> Compiled:
    found = project.compile(f"storyboards/{board}.yaml", provider=name)
    assert found.plan is not None, found.diagnostics
    return found


def bought(project: Project, board: str, name: str) -> tuple[int, int]:
    """Buy what the board's plan lacks; how many requests that should take, and how many of them ask for other takes."""

    async def run(found: Compiled) -> Tally:
        tally = Tally([])
        assert found.plan is not None
        spending, wanted = Spending("run"), found.plan.to_make()
        async for event in made(project, found, wanted, spending, Stopping(), tally):
            tally.note(event)
        return tally

    found = compiled(project, board, name)
    assert found.plan is not None
    asked = {(part.key, part.take) for part in found.plan.to_make()}
    tally = asyncio.run(run(found))
    assert tally.failures == []
    assert tally.kept == asked
    return len(asked), len(asked) - len({key for key, _ in asked})


@pytest.mark.parametrize("name", TODAY)
def test_each_request_of_the_example_boards_leaves_once(tmp_path: Path, providers: Stand, name: str) -> None:
    project = open_project(example_project(tmp_path, providers.settings(more=QUICK)))
    ledger, sent, again = providers.vendors[name].ledger, 0, 0
    for board in EXAMPLES:
        requests, takes = bought(project, board, name)
        sent, again = sent + requests, again + takes
        assert bought(project, board, name) == (0, 0), "what is there is not asked for again"
        assert len(ledger.submissions) == sent, board
    assert ledger.duplicates == again
    assert providers.media.ledger.leaked_keys == 0


def long_board() -> str:
    scenes = "".join(
        f"  - id: wave-{n}\n"
        + (f"    start: pictures/{n % PICTURES}.png\n" if n % 5 == 0 else "")
        + f"    shots: [{{duration: 3, prompt: Wave {n} of a black sea}}]\n"
        for n in range(SCENES)
    )
    return f"storyreel: 1\ntitle: Waves\nreel: {{size: 320x180}}\ncaptions: 'off'\nloudness: null\nscenes:\n{scenes}"


@pytest.mark.parametrize("name", TODAY)
def test_sixty_scenes_and_each_file_once_also_when_the_words_have_changed(
    tmp_path: Path, providers: Stand, name: str
) -> None:
    folder = Folder.with_board(tmp_path, long_board())
    folder.write("storyreel.toml", providers.settings(more=QUICK))
    (tmp_path / "pictures").mkdir()
    for n in range(PICTURES):
        # Too large to go along inside its address anywhere, and a picture all the same.
        padding = sha256(str(n).encode()).digest() * (9 * 1024)
        (tmp_path / "pictures" / f"{n}.png").write_bytes(PICTURE.read_bytes() + padding)
    project = open_project(tmp_path)
    ledger = providers.vendors[name].ledger
    assert bought(project, "film", name) == (SCENES, 0)
    assert len(ledger.submissions) == SCENES
    text = (tmp_path / "storyboards/film.yaml").read_text("utf-8")
    changed = [*range(0, SCENES, 5)]
    for n in changed:
        text = text.replace(f"Wave {n} of a black sea", f"Wave {n} of a grey sea")
    folder.write("storyboards/film.yaml", text)
    assert bought(open_project(tmp_path), "film", name) == (len(changed), 0)
    assert len(ledger.submissions) == SCENES + len(changed)
    assert ledger.duplicates == 0
    if name == "fal":
        assert len(providers.fal.storage.uploads) == PICTURES
    elif name == "replicate":
        assert len(providers.replicate.files.stored) == PICTURES
    assert providers.media.ledger.leaked_keys == 0


@pytest.mark.skipif(not IS_FULL, reason="cuts nine boards into reels")
@pytest.mark.parametrize("name", TODAY)
def test_the_example_boards_become_reels(tmp_path: Path, providers: Stand, name: str) -> None:
    project = open_project(example_project(tmp_path, providers.settings(more=QUICK)))
    for board in EXAMPLES:
        found = compiled(project, board, name)
        assert found.plan is not None

        async def run(found: Compiled = found) -> Outcome:
            events = [e async for e in render(project, found, frozenset(), Spending("run"), Stopping())]
            assert isinstance(events[-1], Outcome)
            return events[-1]

        outcome = asyncio.run(run())
        assert outcome.failures == ()
        assert len(outcome.reels) == len(found.plan.films)
        assert outcome.stood_in == ()
