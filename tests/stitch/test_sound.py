from __future__ import annotations

import asyncio
import wave
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from storyreel.base.timebase import AUDIO_HZ, Range, samples_at
from storyreel.media.ffmpeg import read_sound
from storyreel.media.shelf import MemoryShelf
from storyreel.plan.cut import CutEffect, CutMusic, CutTransition
from storyreel.plan.request import Asset
from storyreel.stitch.bed import blocks_of, duck_curve
from storyreel.stitch.dialogue import schedule
from storyreel.stitch.events import BedMixed, BedReused, StitchEvent
from storyreel.stitch.score import Score, Stem, score_of
from storyreel.stitch.sound import make_bed
from storyreel.stitch.stems import stem_file, tone
from tests.stitch.films import dissolve, film, line, scene, take
from tests.stitch.sounds import bed, ignore, lufs, mixed, raw, scored, sound_of, wav

Takes = Callable[[str], Path]
S = AUDIO_HZ


def places(score: Score, kind: str) -> list[tuple[int, int]]:
    return [(p.at, p.length) for p in score.placed if p.stem.kind == kind]


def test_takes_sound_at_exact_samples_and_never_drift() -> None:
    rate = Fraction(24_000, 1001)
    cut = film(*(scene(f"s{i}", take("f24", 37)) for i in range(40)), rate=rate)
    score = scored(cut)
    assert places(score, "picture") == [
        (samples_at(37 * i, rate), samples_at(37 * (i + 1), rate) - samples_at(37 * i, rate)) for i in range(40)
    ]
    assert score.length == samples_at(1480, rate)


def test_scenes_that_overlap_are_crossfaded() -> None:
    first, second = scored(film(scene("a", take("A", 48)), scene("b", take("B", 48), transition=dissolve(12)))).placed
    assert (first.fade_out, second.fade_in) == (S // 2, S // 2)
    assert first.at + first.length == second.at + S // 2


def test_hard_cuts_are_joined_by_two_milliseconds() -> None:
    first, second = scored(film(scene("a", take("A", 48)), scene("b", take("B", 48)))).placed
    assert (first.fade_out, second.fade_in) == (96, 96)


def test_a_take_may_be_quieter_or_off() -> None:
    cut = film(scene("a", take("A", 48), audio_db=-12.0), scene("b", take("B", 48), audio_db=None))
    assert [(p.stem.identity, p.gain_db) for p in scored(cut).placed] == [("A", -12.0)]


def test_a_stretch_of_a_take_begins_at_its_own_sample() -> None:
    (placed,) = scored(film(scene("a", take("A", 24, start=30), speed=Fraction(2)))).placed
    assert placed.stem == Stem("picture", "A", S * 30 // 24, S, Fraction(2))


def test_cuts_between_panels_tick_where_nobody_speaks() -> None:
    talking = scene("b", take("B", 48, look="panel"), lines=(line("So.", (0, 48), is_fixed=True),))
    cut = film(scene("a", take("A", 48, look="panel")), talking, scene("c", take("C", 48, look="panel")))
    assert places(scored(cut, {(1, 0): Stem("voice", "v")}), "tick") == [(4 * S, S // 20)]


def test_without_a_voice_a_tick_marks_where_a_line_begins() -> None:
    talking = scene("a", take("A", 96, look="panel"), lines=(line("So.", (0, 96)),))
    assert places(scored(film(talking)), "tick") == [(S * 4 // 10, S // 20)]


def test_takes_have_neither_ticks_nor_room_tone() -> None:
    score = scored(film(scene("a", take("A", 48)), scene("b", take("B", 48))))
    assert {p.stem.kind for p in score.placed} == {"picture"}


def test_music_and_effects_stand_where_the_board_says_and_end_with_the_film() -> None:
    music = CutMusic(Asset("score.wav", "m"), Range(24, 96), -8, 12, 24, 48, loop=True)
    cut = film(scene("a", take("A", 96), effects=(CutEffect(Asset("x.wav", "e"), 90, -3.0),)), music=(music,))
    effect, placed = (next(p for p in scored(cut).placed if p.stem.kind == kind) for kind in ("effect", "music"))
    assert (effect.at, effect.length, effect.gain_db) == (90 * S // 24, S // 4, -3.0)
    assert (placed.at, placed.length, placed.fade_in, placed.fade_out) == (S, 3 * S, S, 2 * S)


def test_music_is_quieter_while_somebody_speaks(tmp_path: Path) -> None:
    spoken = line("So it is.", (72, 240), is_fixed=True, is_voice_over=True)
    music = CutMusic(Asset("score.wav", "m"), Range(0, 240), 0, 12, 0, 0, loop=True)
    cut = film(scene("a", take("A", 240, look="take"), audio_db=None, lines=(spoken,)), music=(music,))
    hum = raw(tmp_path / "hum", 8000 * np.sin(np.arange(S) * 2 * np.pi * 100 / S))
    silence = raw(tmp_path / "silence", np.zeros(S))
    level = np.abs(mixed(scored(cut, {(0, 0): Stem("voice", "v")}), {"m": hum, "v": silence})[:, 0])
    before, under, after = (level[int(a * S) : int((a + 0.5) * S)].max() for a in (1, 3.2, 6))
    assert 20 * np.log10(under / before) == pytest.approx(-12, abs=0.1)
    assert after == pytest.approx(before, rel=0.01)


def test_ducking_does_not_pump_between_two_lines() -> None:
    places_, depths = duck_curve([(S, 2 * S), (2 * S + S // 2, 3 * S), (6 * S, 7 * S)])
    assert (places_[2], places_[3], depths[2], depths[3]) == (S, 3 * S, 1.0, 1.0)
    assert len(places_) == 9


def test_120_scenes_of_mixed_lengths_stand_on_their_own_samples_to_the_last(tmp_path: Path) -> None:
    rate = Fraction(24_000, 1001)
    cut = film(*(scene(f"s{i}", take("A", 25 + i % 7), transition=dissolve(i % 3 * 4)) for i in range(120)), rate=rate)
    click = np.zeros(2 * S)
    click[900] = 30_000  # after every fade
    wanted = [samples_at(s.at.start, rate) + 900 for s in cut.scenes if s.transition.overlap == 0]
    found = mixed(scored(cut), {"A": raw(tmp_path / "click", click)})[:, 0]
    clicks = set(np.flatnonzero(found > 0.9).tolist())
    assert clicks >= set(wanted)
    assert len(found) == samples_at(cut.frames, rate)


def test_several_pieces_of_music_stand_one_after_the_other(tmp_path: Path) -> None:
    first = CutMusic(Asset("a.wav", "m"), Range(0, 48), 0, 0, 0, 0, loop=True)
    second = CutMusic(Asset("b.wav", "n"), Range(48, 144), -6, 0, 0, 12, loop=False)
    cut = film(scene("a", take("A", 144), audio_db=None), music=(first, second))
    flat = {key: raw(tmp_path / key, np.full(S * 3 // 2, 8000)) for key in "mn"}
    score = scored(cut, seconds=Fraction(3, 2))
    assert places(score, "music") == [(0, 2 * S), (2 * S, S * 3 // 2)]
    level = mixed(score, flat)[:, 0] * 32768
    heard = [round(float(level[int(t * S)]), -1) for t in (0.5, 1.4, 1.6, 1.9, 2.5, 3.25, 3.6, 5)]
    assert heard == [8000, 8000, 8000, 8000, 4010, 2840, 0, 0], "the second fades out where its file ends"


def test_no_more_of_a_piece_of_music_is_read_than_is_heard(takes: Takes, shelf: MemoryShelf) -> None:
    stems = [Stem("music", "f24", most=S), Stem("music", "f24", most=60 * S)]
    sizes = [asyncio.run(stem_file(s, lambda _: takes("f24"), shelf)).stat().st_size // 4 for s in stems]
    assert sizes[0] == S
    assert sizes[1] == pytest.approx(3.1 * S, abs=2048), "what starts over is read to its end"


def test_a_crossfade_of_two_sounds_is_as_loud_as_one(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    noise = {key: raw(tmp_path / key, random.normal(0, 3000, 2 * S)) for key in "AB"}
    found = mixed(scored(film(scene("a", take("A", 48)), scene("b", take("B", 48), transition=dissolve(24)))), noise)
    rms = [float(np.sqrt(np.mean(found[int(a * S) : int((a + 0.2) * S)] ** 2))) for a in (0.5, 1.4, 2.5)]
    assert rms == pytest.approx([rms[0]] * 3, rel=0.05)


def test_blocks_are_together_exactly_as_long_as_the_film() -> None:
    cut = film(scene("a", take("A", 999, look="panel")), rate=Fraction(24_000, 1001))
    assert sum(len(block) for block in blocks_of(scored(cut), {})) == samples_at(999, cut.rate)


def test_the_tone_of_a_room_is_quiet_its_own_and_without_a_seam() -> None:
    stairs, sea = tone("stairs"), tone("sea")
    assert np.array_equal(stairs, tone("stairs"))
    assert not np.array_equal(stairs, sea)
    rms = np.sqrt(np.mean((stairs / 32768.0) ** 2))
    assert 20 * np.log10(rms) == pytest.approx(-50, abs=0.5)
    steps = np.abs(np.diff(np.concatenate([stairs, stairs]).astype(int), axis=0)).max(axis=1)
    assert steps[len(stairs) - 1] <= steps.max()


@pytest.fixture
def shelf(tmp_path: Path) -> MemoryShelf:
    return MemoryShelf(tmp_path / "shelf")


def test_the_bed_is_mixed_once(takes: Takes, shelf: MemoryShelf) -> None:
    events: list[StitchEvent] = []
    cut = film(scene("a", take("f24", 70)), scene("b", take("f30", 55)), loudness=-14.0)
    first = bed(cut, takes, shelf, events)
    assert first == bed(cut, takes, shelf, events)
    assert [type(e) for e in events] == [BedMixed, BedReused]


def test_equal_films_have_equal_samples(takes: Takes, tmp_path: Path) -> None:
    cut = film(scene("a", take("f24", 70)), scene("p", take("P", 48, look="panel"), place="sea"), loudness=-14.0)
    first, second = (asyncio.run(read_sound(bed(cut, takes, MemoryShelf(tmp_path / n)))) for n in ("one", "two"))
    assert np.array_equal(first, second)


def test_without_a_target_the_bed_is_left_as_it_is(takes: Takes, shelf: MemoryShelf) -> None:
    events: list[StitchEvent] = []
    bed(film(scene("a", take("f24", 48))), takes, shelf, events)
    assert [e.gain_db for e in events if isinstance(e, BedMixed)] == [0.0]


def test_sounds_that_end_early_are_followed_by_silence(takes: Takes, shelf: MemoryShelf) -> None:
    short = scene("a", replace(take("f25", 96), available=96), transition=CutTransition("fade", 12))
    samples = asyncio.run(read_sound(bed(film(short), takes, shelf)))
    assert abs(len(samples) - 4 * S) <= 1024
    assert np.abs(samples[3 * S :]).max() <= 1


def test_music_ducks_under_words_that_a_take_speaks(tmp_path: Path) -> None:
    spoken = line("So it was, and so it is.", (72, 216), is_fixed=True)
    music = CutMusic(Asset("score.wav", "m"), Range(0, 240), -12, 12, 0, 0, loop=True)
    cut = film(scene("a", take("A", 240), lines=(spoken,)), music=(music,), loudness=-14.0)
    t = np.arange(10 * S) / S
    voice = 0.2 * np.sin(2 * np.pi * 900 * t) * (t > 3) * (t < 9)
    files = {
        "A": wav(tmp_path / "take.wav", voice),
        "m": wav(tmp_path / "score.wav", 0.5 * np.sin(2 * np.pi * 100 * t)),
    }
    (speech,) = schedule(cut, {}, {(0, 0): (3 * S, 9 * S)})
    score = score_of(cut, [speech], voices={}, sound_of=sound_of, seconds_of=lambda _: Fraction(1))
    made = make_bed(
        score, -14.0, original=lambda stem: files[stem.identity], shelf=MemoryShelf(tmp_path / "s"), encoder="x",
        on_event=ignore,
    )  # fmt: skip
    samples = asyncio.run(read_sound(asyncio.run(made)))[:, 0].astype(float)

    def band(start: float) -> float:
        """Level of the music alone: what is heard at 100 Hz."""
        piece = samples[int(start * S) : int((start + 1) * S)]
        return float(np.abs(np.fft.rfft(piece))[95:106].max())

    assert 20 * np.log10(band(5) / band(1)) == pytest.approx(-12, abs=1)


def test_a_voice_over_file_is_heard_at_its_place(tmp_path: Path) -> None:
    file = tmp_path / "vo.wav"
    with wave.open(str(file), "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(S)
        opened.writeframes((20_000 * np.sin(np.arange(S) / 20)).astype("<i2").tobytes())
    spoken = line("So.", (24, 96), is_fixed=True, file=Asset("vo.wav", "v"))
    cut = film(scene("a", take("A", 96), audio_db=None, lines=(spoken,)))
    score = scored(cut, {(0, 0): Stem("voice", "v", level=-20.0)})
    made = asyncio.run(
        make_bed(score, None, original=lambda _: file, shelf=MemoryShelf(tmp_path / "s"), encoder="x", on_event=ignore)
    )
    samples = np.abs(asyncio.run(read_sound(made))[:, 0].astype(int))
    onset = int(np.flatnonzero(samples > 300)[0])
    assert abs(onset - S) < 96
    voiced = asyncio.run(read_sound(made))[S : 2 * S].astype(np.float32) / np.float32(32768)
    assert lufs(voiced) == pytest.approx(-20, abs=0.5)


def test_a_j_cut_is_heard_before_it_is_seen() -> None:
    cut = film(scene("a", take("A", 48)), scene("b", take("B", 48, start=24), audio_lead=12))
    first, second = scored(cut).placed
    assert (second.at, second.length) == (S * 36 // 24, S * 60 // 24)
    assert second.stem.start == S * 12 // 24
    assert (first.length, first.fade_out, second.fade_in) == (2 * S, S * 4 // 100, S * 4 // 100)


def test_an_l_cut_goes_on_after_its_picture() -> None:
    long = replace(take("A", 48), available=60)
    first, second = scored(film(scene("a", long, audio_lag=12), scene("b", take("B", 48)))).placed
    assert (first.length, first.fade_out) == (S * 60 // 24, S * 4 // 100)
    assert (second.at, second.fade_in) == (2 * S, 96)


def test_split_sound_is_the_takes_own_at_its_own_sample(takes: Takes, shelf: MemoryShelf) -> None:
    # The beep of a take stands on its first frame; a lead of all that is trimmed brings it in, a second early.
    cut = film(scene("a", take("c24", 48), audio_db=None), scene("b", take("f24", 24, start=24), audio_lead=24))
    loud = np.abs(asyncio.run(read_sound(bed(cut, takes, shelf)))[:, 0].astype(int))
    onset = int(np.flatnonzero(loud > 1000)[0])
    assert abs(onset - S) <= S * 4 // 1000  # it comes in softly


def test_music_that_loops_goes_over_into_itself_without_a_gap_or_a_click(tmp_path: Path) -> None:
    music = CutMusic(Asset("score.wav", "m"), Range(0, 240), 0, 0, 0, 0, loop=True)
    score = scored(film(scene("a", take("A", 240), audio_db=None), music=(music,)))
    noise = mixed(score, {"m": raw(tmp_path / "noise.pcm", 8000 * np.random.default_rng(1).standard_normal(S))})
    around = noise[S : 9 * S, 0].reshape(-1, S // 100)  # 10 ms each
    levels = 20 * np.log10(np.sqrt((around**2).mean(axis=1)))
    assert levels.min() > np.median(levels) - 3
    tone = mixed(score, {"m": raw(tmp_path / "tone.pcm", 8000 * np.sin(np.arange(S) * 2 * np.pi * 100.37 / S))})
    steps = np.abs(np.diff(tone[200:-200, 0]))
    assert steps.max() < 1.6 * 8000 / 32768 * 2 * np.pi * 100.37 / S
