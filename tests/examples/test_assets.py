"""The assets of the examples: all there, small, and fit for what models accept."""

from __future__ import annotations

import runpy
import sys

import pytest

from storyreel.media.probe import probe
from tests.support.pipeline import ROOT

ASSETS = ROOT / "assets"


def test_the_folder_holds_what_the_program_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT / "tools"), *sys.path])
    made = runpy.run_path(str(ROOT / "tools" / "make_assets.py"))["ASSETS"]
    there = {file.relative_to(ASSETS).as_posix() for file in ASSETS.rglob("*") if file.is_file()}
    assert there == set(made)


def test_a_clone_stays_small() -> None:
    assert sum(file.stat().st_size for file in ASSETS.rglob("*") if file.is_file()) < 2_500_000


@pytest.mark.parametrize("folder", ["mara", "ivo", "norra"])
def test_pictures_of_elements_are_what_models_accept(folder: str) -> None:
    for file in sorted((ASSETS / folder).glob("*.jpg")):
        facts = probe(file)
        assert facts is not None
        assert facts.kind == "image"
        assert facts.width is not None
        assert facts.height is not None
        assert min(facts.width, facts.height) >= 300
        assert 0.4 <= facts.width / facts.height <= 2.5


def test_start_pictures_have_the_shape_of_the_film() -> None:
    for file in sorted((ASSETS / "paper_boat").glob("*.jpg")):
        facts = probe(file)
        assert facts is not None
        assert (facts.width, facts.height) == (720, 1280)


@pytest.mark.parametrize(("piece", "seconds"), [("last_lamp", 30.0), ("norra", 15.0), ("paper_boat", 22.5)])
def test_the_music_is_as_long_as_its_film(piece: str, seconds: float) -> None:
    facts = probe(ASSETS / "music" / f"{piece}.m4a")
    assert facts is not None
    assert facts.kind == "audio"
    assert facts.seconds == pytest.approx(seconds, abs=0.05)
