"""What `plan --json` says of the example boards. After a change that is meant: `pytest tests/examples --update`."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from storyreel.board.disk import DiskSource
from storyreel.board.fmt import format_board
from storyreel.media.probe import probe
from storyreel.plan.document import plan_document
from storyreel.plan.plan import Plan
from storyreel.plan.request import FrameOf
from tests.support.pipeline import ROOT, plan_board

REF = Path(__file__).resolve().parents[1] / "ref"


def plan(board: str) -> Plan:
    planned, found = plan_board(DiskSource(ROOT, probe), f"storyboards/{board}.yaml")
    assert found == ()
    assert planned is not None
    return planned


@pytest.mark.parametrize("board", ["last_lamp", "bottle_ad", "paper_boat"])
def test_the_plan_is_as_agreed(board: str, request: pytest.FixtureRequest) -> None:
    said = json.dumps(plan_document(plan(board)), indent=1, ensure_ascii=False) + "\n"
    golden = REF / f"{board}.plan.json"
    if request.config.getoption("--update"):
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("board", ["last_lamp", "bottle_ad", "paper_boat"])
def test_the_board_is_laid_out_as_fmt_would(board: str) -> None:
    text = (ROOT / "storyboards" / f"{board}.yaml").read_text(encoding="utf-8")
    assert format_board(text) == text


def test_the_trailer_is_thirty_seconds_to_the_frame() -> None:
    (film,) = plan("last_lamp").films
    assert film.frames == 720
    assert film.fps == 24


def test_eight_advertisements_need_six_requests() -> None:
    """The intro once a shape, the product once a product and shape; a language costs nothing."""
    planned = plan("bottle_ad")
    asked: dict[str, set[str]] = {}
    for film in planned.films:
        for scene in film.scenes:
            asked.setdefault(scene.id, set()).update(part.key for part in scene.parts if part.request is not None)
    assert len(planned.films) == 8
    assert {scene: len(keys) for scene, keys in asked.items() if keys} == {"late": 2, "hero": 4}
    assert len(planned.to_make()) == 6


def test_a_product_without_a_price_goes_without_the_offer() -> None:
    scenes = {film.name: [scene.id for scene in film.scenes] for film in plan("bottle_ad").films}
    assert scenes["ember-de-tall"] == ["late", "hero", "offer", "end"]
    assert scenes["fjord-de-tall"] == ["late", "hero", "end"]


def test_the_boat_follows_its_own_last_frames() -> None:
    (film,) = plan("paper_boat").films
    keys = {scene.id: scene.parts[0].key for scene in film.scenes}
    begins = {
        scene.id: frame.key
        for scene in film.scenes
        for part in scene.parts
        for frame in (part.request.start if part.request else ())
        if isinstance(frame, FrameOf)
    }
    assert begins == {"drain": keys["street"], "sea": keys["drain"], "return": keys["desk"]}
    assert film.frames / film.fps == Fraction("22.5")
