"""Whole films by their sound: takes as they are sold, what leads and lags, and what a change makes again."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from storyreel.base.timebase import AUDIO_HZ, Range, samples_at
from storyreel.media.ffmpeg import read_sound
from storyreel.plan.cut import CardSource, Cut, CutEffect, CutMusic, CutTransition, TakeSource
from storyreel.plan.request import Asset
from storyreel.stitch.events import BedMixed
from storyreel.stitch.seams import report_seams
from tests.stitch.films import dissolve, draw, film, line, scene, take
from tests.stitch.studio import Room

S = AUDIO_HZ
SOUNDS = {
    "mono": ("sine=f=600:r=44100,aformat=channel_layouts=mono", 4.0),
    "stereo": ("aevalsrc=0.1*sin(2*PI*800*t)|0.1*sin(2*PI*800*t):s=48000", 4.0),
    "short": ("sine=f=1000:r=48000:d=1", 4.0),
    "silent": (None, 4.0),
}


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sold")
    picture = "testsrc2=s=320x180:r=24"
    return {
        key: draw(folder / f"{key}.mp4", picture, sound=sound, seconds=seconds)
        for key, (sound, seconds) in SOUNDS.items()
    }


@pytest.fixture
def room(sold: dict[str, Path], tmp_path: Path) -> Room:
    return Room(tmp_path, sold)


def heard(reel: Path) -> Any:
    return asyncio.run(read_sound(reel)).astype(np.float64) / 32768


def tone(samples: Any, hz: int, at: float) -> float:
    """How loud a tone of `hz` is in the tenth of a second from `at` on, in decibels."""
    piece = samples[int(at * S) : int(at * S) + S // 10, 0] * np.hanning(S // 10)
    return float(20 * np.log10(max(1e-6, np.abs(np.fft.rfft(piece))[hz // 10] * 4 / (S // 10))))


def test_takes_sound_as_they_were_sold(room: Room) -> None:
    cut = film(*(scene(key, take(key, 48)) for key in ("mono", "short", "silent", "stereo")))
    samples = heard(room.make(cut))
    assert abs(len(samples) - samples_at(cut.frames, cut.rate)) <= 1024
    assert [tone(samples, hz, at) > -30 for hz, at in ((600, 1), (1000, 2.5), (1000, 3.2), (800, 7))] == [
        True, True, False, True,
    ]  # fmt: skip
    assert np.abs(samples[int(3.1 * S) : int(5.9 * S)]).max() < 0.001, "sound that ends early is followed by none"
    assert np.allclose(samples[:, 0], samples[:, 1], atol=0.01)


def test_split_edits_are_heard_on_both_sides_of_their_cut(room: Room) -> None:
    first = replace(take("mono", 48), available=96)
    j_cut = film(scene("a", first), scene("b", take("stereo", 48, start=24), audio_lead=12))
    samples = heard(room.make(j_cut))
    assert [tone(samples, 800, at) > -30 for at in (1.2, 1.6, 2.2)] == [False, True, True]
    l_cut = film(scene("a", first, audio_lag=12), scene("b", take("silent", 48)))
    samples = heard(room.make(l_cut))
    assert [tone(samples, 600, at) > -30 for at in (1.5, 2.3, 2.6)] == [True, True, False]
    assert [e for e in room.encoded() if e[0] in ("core", "edge") and e[1] == "a"] == [], "the picture stays"


def test_split_edits_do_not_click(room: Room) -> None:
    first = replace(take("mono", 48), available=96)
    cut = film(scene("a", first, audio_lag=12), scene("b", take("short", 48, start=60), audio_lead=18))
    samples = heard(room.make(cut))[:, 0]
    # A tone of 1 kHz moves by at most an eighth of its height from sample to sample; a click moves at once.
    assert np.abs(np.diff(samples)).max() < 0.03


def test_a_film_makes_no_core_again_for_its_sound_words_and_cards(room: Room, sold: dict[str, Path]) -> None:
    room.assets = {"score": sold["mono"], "other": sold["stereo"], "door": sold["short"]}
    music = CutMusic(Asset("score", "1"), Range(0, 1000), -8, 12, 0, 24, loop=True)
    scenes = [
        scene(f"s{i}", take("stereo", 84), transition=dissolve(12) if i % 3 else CutTransition()) for i in range(4)
    ]
    card = CardSource(Range(0, 48), title="THE END")
    before = film(*scenes, scene("end", card, transition=CutTransition("fade", 12)), music=(music,), loudness=-14.0)
    room.make(before)
    said = line("So.", (0, 48))
    changed = [replace(each, lines=(said,), effects=(CutEffect(Asset("door", "3"), 12, -6.0),)) for each in scenes]
    card = replace(card, title="FIN")
    after: Cut = film(
        *changed, scene("end", card, transition=CutTransition("fade", 12)), loudness=-14.0,
        music=(replace(music, asset=Asset("other", "2")),),
    )  # fmt: skip
    room.make(after)
    assert {(kind, name) for kind, name in room.encoded() if name != "end"} == set()
    assert [type(e) for e in room.events].count(BedMixed) == 1


def test_no_join_of_such_films_crosses_a_limit(room: Room) -> None:
    sources: list[TakeSource] = [take(key, 48, start=start) for key in ("mono", "stereo") for start in (0, 30)]
    cut = film(*(scene(f"s{i}", s, transition=dissolve(6 * (i % 2))) for i, s in enumerate(sources)), loudness=-14.0)
    report = asyncio.run(report_seams(room.make(cut), cut, room.files(cut), lambda a: Path(a.path)))
    assert report.crossed == ()
    assert report.is_clean
