"""Scratch voices: equal lines sound equal, speakers differ, and nothing breaks where there is no voice."""

from __future__ import annotations

import asyncio
import json
import wave
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from storyreel.media import voice
from storyreel.media.failed import MediaFailed
from storyreel.media.ffmpeg import INPUT, ffmpeg, read_sound
from storyreel.media.process import Finished, Processes
from storyreel.media.voice import Spoken, Utterance, has_voice, speak

LINE = "Forty years. It has never gone dark."
needs_voice = pytest.mark.skipif(not has_voice(), reason="needs the extra `voice`")


class Recorder:
    """Runs programs and remembers how many."""

    def __init__(self, answer: Finished | None = None) -> None:
        self.runs: list[Sequence[str]] = []
        self.answer = answer

    async def run(
        self, argv: Sequence[str], /, *, feed: Iterable[bytes] | None = None, limit_s: float = 600
    ) -> Finished:
        self.runs.append(argv)
        return self.answer or await Processes().run(argv, feed=feed, limit_s=limit_s)


def said(lines: Sequence[Utterance], folder: Path) -> list[bytes | None]:
    return [spoken.file.read_bytes() if spoken else None for spoken in asyncio.run(speak(lines, folder))]


@needs_voice
def test_a_line_is_a_wav_that_lasts_as_long_as_it_says(tmp_path: Path) -> None:
    (spoken,) = asyncio.run(speak([Utterance(LINE, "en", 0)], tmp_path))
    assert spoken is not None
    with wave.open(str(spoken.file)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (48_000, 1, 2)
        assert spoken.seconds == Fraction(file.getnframes(), 48_000)
    assert 1.5 < spoken.seconds < 4
    assert [file.suffix for file in tmp_path.iterdir()] == [".wav"]


@needs_voice
def test_equal_lines_give_equal_samples_whatever_was_said_before(tmp_path: Path) -> None:
    lines = [Utterance(LINE, "en", 0), Utterance("Wir müssen hinauf!", "de", 1), Utterance("Où es-tu ?", "fr", None)]
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    first, second = said(lines, tmp_path / "a"), said([*reversed(lines), lines[0]], tmp_path / "b")
    assert None not in first
    assert first == [second[2], second[1], second[0]]
    assert second[3] == first[0]


@needs_voice
def test_speakers_and_languages_differ(tmp_path: Path) -> None:
    speakers = [None, *range(10)]
    lines = [Utterance(LINE, "en", speaker) for speaker in speakers]
    lines += [Utterance(LINE, language, 0) for language in ("de", "fr", "es", "ja", "zh", "pt-PT", "de-AT")]
    sounds = said(lines, tmp_path)
    assert len({sound for sound in sounds if sound}) == len(lines) - 1
    assert sounds[-1] == sounds[len(speakers)]  # Austria is heard as German


@needs_voice
def test_an_unknown_language_is_spoken_as_english(tmp_path: Path) -> None:
    unknown, english = said([Utterance(LINE, "tlh-x", 0), Utterance(LINE, "en", 0)], tmp_path)
    assert unknown is not None
    assert unknown[44:] == english[44:] if english else False


@needs_voice
def test_every_line_is_as_loud_as_the_next(tmp_path: Path) -> None:
    for speaker in (None, 0, 1):
        (spoken,) = asyncio.run(speak([Utterance(f"{LINE} {LINE}", "en", speaker)], tmp_path))
        assert spoken is not None
        meter = [*INPUT(spoken.file), "-af", "ebur128=metadata=1,ametadata=print:file=-", "-f", "null", "-"]
        report = asyncio.run(ffmpeg(meter)).decode()
        loudness = [float(line.split("=")[1]) for line in report.splitlines() if line.startswith("lavfi.r128.I=")]
        assert abs(loudness[-1] + 20) < 0.5
        assert np.abs(asyncio.run(read_sound(spoken.file))).max() < 30_000


@needs_voice
def test_a_line_begins_and_ends_with_its_words(tmp_path: Path) -> None:
    (spoken,) = asyncio.run(speak([Utterance(LINE, "en", 1)], tmp_path))
    assert spoken is not None
    sound = np.abs(asyncio.run(read_sound(spoken.file))[:, 0])
    loud = np.flatnonzero(sound > 300)
    assert loud[0] < 4800
    assert len(sound) - loud[-1] < 4800
    assert sound[0] < 10
    assert sound[-1] < 10


@needs_voice
@pytest.mark.parametrize("text", ["", " … ", "\u200b"])
def test_what_cannot_be_spoken_is_none(tmp_path: Path, text: str) -> None:
    assert asyncio.run(speak([Utterance(text, "en", 0), Utterance("Yes.", "en", 0)], tmp_path))[0] is None


@needs_voice
@pytest.mark.parametrize("text", ["<break time='1h'/>[[h@l'oU]] %s%n \\", "🌲 灯 \x00 \u202e", "a" * 50_000])
def test_odd_texts_are_spoken_or_left_out(tmp_path: Path, text: str) -> None:
    assert len(asyncio.run(speak([Utterance(text, "en", 0)], tmp_path))) == 1


@needs_voice
def test_all_lines_share_one_child(tmp_path: Path) -> None:
    recorder = Recorder()
    lines = [Utterance(f"Line {number}.", "en", number) for number in range(5)]
    spoken = asyncio.run(speak(lines, tmp_path, runner=recorder))
    assert all(spoken)
    assert len(recorder.runs) == 1


@needs_voice
def test_a_child_that_fails_says_so(tmp_path: Path) -> None:
    with pytest.raises(MediaFailed, match="the scratch voice failed"):
        asyncio.run(speak([Utterance(LINE, "en", 0)], tmp_path, runner=Recorder(Finished(1, b"", "no library"))))


@needs_voice
def test_a_line_that_was_not_spoken_is_none(tmp_path: Path) -> None:
    silent = Recorder(Finished(0, json.dumps({}).encode()))
    assert asyncio.run(speak([Utterance(LINE, "en", 0)], tmp_path, runner=silent)) == [None]


def test_without_the_extra_there_are_no_voices_and_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voice, "find_spec", lambda name: None)
    recorder = Recorder()
    spoken: list[Spoken | None] = asyncio.run(speak([Utterance(LINE, "en", 0)] * 2, tmp_path, runner=recorder))
    assert spoken == [None, None]
    assert recorder.runs == []
