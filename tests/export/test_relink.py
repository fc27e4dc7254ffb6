"""Files laid beside a timeline: names for people, frames that match, stems that add up."""

from __future__ import annotations

import asyncio
import wave
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from storyreel.base.timebase import Range, samples_at
from storyreel.media.shelf import MemoryShelf
from storyreel.plan.cut import CardSource, Cut, CutMusic, TakeSource
from storyreel.plan.request import Asset
from storyreel.stitch.export.cues import Spoken
from storyreel.stitch.export.edl import edl_text
from storyreel.stitch.export.media import Media, TakeFacts
from storyreel.stitch.export.otio import otio_text
from storyreel.stitch.export.relink import Beside, lay_files
from storyreel.stitch.export.stems import write_stems
from tests.stitch.films import dissolve, draw, film, scene

otio = pytest.importorskip("opentimelineio", reason="it has no wheel for this Python")

SCORE = Asset("assets/score.wav", "e" * 64)
NOBODY = Spoken((), (), {}, {}, {})


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds whose grey says which frame it is, with a tone."""
    grey = "color=black:s=160x90:r=24,geq=lum='20+2*N':cb=128:cr=128"
    file = tmp_path_factory.mktemp("takes") / "counter.mp4"
    return draw(file, grey, sound="sine=frequency=440:sample_rate=48000", seconds=4, extra=["-qp", "0", "-bf", "2"])


@pytest.fixture
def score(tmp_path: Path) -> Path:
    file = tmp_path / "score.wav"
    tone = (8000 * np.sin(np.arange(48_000 * 5) / 48_000 * 2 * np.pi * 220)).astype("<i2")
    with wave.open(str(file), "wb") as opened:
        opened.setparams((2, 2, 48_000, 0, "NONE", ""))
        opened.writeframes(np.repeat(tone, 2).tobytes())
    return file


def cut_and_media(counter: Path, score: Path) -> tuple[Cut, Media]:
    """A dissolve between two stretches of one take, of which there is a second; music under it, a card at the end."""
    cut = film(
        scene("pier", TakeSource("a" * 64, 1, Range(24, 60), 96)),
        scene("sea", TakeSource("a" * 64, 1, Range(0, 36), 96), transition=dissolve(6)),
        scene("title", CardSource(Range(0, 12), "THE END")),
        size=(160, 90),
    )
    cut = replace(cut, music=(CutMusic(SCORE, Range(0, cut.frames), -6, 12, 0, 0, True),))
    one, two = TakeFacts(counter, "1" * 64, "fal", True), TakeFacts(counter, "2" * 64, "fal", True)
    return cut, Media({("a" * 64, 1): one, ("a" * 64, 2): two}, {SCORE.digest: score})


def laid(cut: Cut, media: Media, folder: Path, handles: int | None) -> Media:
    shelf = MemoryShelf(folder.parent)
    return asyncio.run(lay_files(cut, media, Beside(folder, folder.parent), handles=handles, shelf=shelf))


def first_frame(file: Path) -> int:
    """Number of the counter's frame with which a file begins."""
    with av.open(str(file)) as opened:
        grey = next(opened.decode(video=0)).to_ndarray(format="yuv420p")[:90]
    return round((float(grey.mean()) - 20) / 2)


def test_files_are_whole_copies_with_names_in_the_films_order(counter: Path, score: Path, tmp_path: Path) -> None:
    cut, media = cut_and_media(counter, score)
    found = laid(cut, media, tmp_path / "media", None)
    names = sorted(path.relative_to(tmp_path / "media").as_posix() for path in (tmp_path / "media").rglob("*.*"))
    assert names == ["001_pier_take1.mp4", "003_title.mp4", "sound/score.wav"]
    copy = tmp_path / "media" / "001_pier_take1.mp4"
    assert copy.read_bytes() == counter.read_bytes()
    assert not copy.is_symlink()
    assert copy.stat().st_ino != counter.stat().st_ino
    assert found.laid[1, 0, 1].url == "media/001_pier_take1.mp4"


def test_handles_trim_each_clip_to_what_is_used_and_a_little_more(counter: Path, score: Path, tmp_path: Path) -> None:
    cut, media = cut_and_media(counter, score)
    found = laid(cut, media, tmp_path / "media", 12)
    pier, sea = tmp_path / "media" / "001_pier_take1.mov", tmp_path / "media" / "002_sea_take1.mov"
    assert (first_frame(pier), found.laid[0, 0, 1].first, found.laid[0, 0, 1].frames) == (12, 12, 60)
    assert (first_frame(sea), found.laid[1, 0, 1].first, found.laid[1, 0, 1].frames) == (0, 0, 48)
    with av.open(str(pier)) as opened:
        assert sum(1 for _ in opened.decode(video=0)) == 60


@pytest.mark.parametrize("handles", [None, 0, 12])
def test_the_timeline_names_the_frame_that_the_film_shows(
    counter: Path, score: Path, tmp_path: Path, handles: int | None
) -> None:
    cut, media = cut_and_media(counter, score)
    found = laid(cut, media, tmp_path / "media", handles)
    timeline = otio.adapters.read_from_string(otio_text(cut, found, ()), "otio_json")
    for clip in timeline.video_tracks()[0].find_clips()[:2]:
        reference = clip.media_reference
        assert (tmp_path / reference.target_url).is_file()
        start = clip.source_range.start_time.to_frames()
        shown = {"pier": 24, "sea": 3}[clip.name]
        assert first_frame(tmp_path / reference.target_url) + start == shown
        # With the frames that the dissolve needs, everything used lies inside the file.
        assert clip.source_range.end_time_exclusive() <= reference.available_range.end_time_exclusive()
    assert timeline.duration().to_frames() == cut.frames
    assert "* SOURCE FILE: media/" in edl_text(cut, found)


def test_stems_are_as_long_as_the_film_and_hold_only_their_own(counter: Path, score: Path, tmp_path: Path) -> None:
    cut, media = cut_and_media(counter, score)
    shelf = MemoryShelf(tmp_path)
    stems = asyncio.run(write_stems(cut, media, NOBODY, tmp_path / "stems", shelf))
    assert sorted(stems) == ["music", "picture"]
    read = {name: samples(path) for name, path in stems.items()}
    assert {len(found) for found in read.values()} == {samples_at(cut.frames, cut.rate)}
    card = slice(samples_at(66, Fraction(24)) + 4800, None)
    assert np.abs(read["picture"][card]).max() == 0  # a card is silent
    assert np.abs(read["music"][card]).max() > 0.05
    assert strongest(read["music"]) == 220
    assert strongest(read["picture"]) == 440


def samples(file: Path) -> np.ndarray:
    """Float samples of a WAV, by the second decoder."""
    with av.open(str(file)) as opened:
        return np.concatenate([frame.to_ndarray().reshape(-1, 2) for frame in opened.decode(audio=0)])


def strongest(found: np.ndarray) -> int:
    """The loudest frequency of the first second."""
    return int(np.abs(np.fft.rfft(found[:48_000, 0])).argmax())
