"""ffmpeg reads files that we name, nothing else, and says in a sentence what went wrong."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from storyreel.media.ffmpeg import INPUT, Finished, MediaFailed, ffmpeg, ffmpeg_path, read_sound


class Says:
    """A runner that runs nothing and answers as told."""

    def __init__(self, ended: Finished) -> None:
        self.ended = ended
        self.argv: Sequence[str] = ()

    async def run(
        self, argv: Sequence[str], /, *, feed: Iterable[bytes] | None = None, limit_s: float = 600
    ) -> Finished:
        self.argv = argv
        return self.ended


def make(*args: str) -> None:
    asyncio.run(ffmpeg(args))


def write_wav(path: Path, samples: np.ndarray, hz: int = 48_000) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(hz)
        file.writeframes(samples.astype("<i2").tobytes())


def test_another_programs_settings_do_not_choose_our_ffmpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STORYREEL_FFMPEG", raising=False)
    for name in ("IMAGEIO_FFMPEG_EXE", "FFMPEG_BINARY"):
        monkeypatch.setenv(name, "/planted/program")
    assert "imageio_ffmpeg" in ffmpeg_path()


def test_ours_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYREEL_FFMPEG", "/bin/sh")
    assert ffmpeg_path() == "/bin/sh"
    monkeypatch.setenv("STORYREEL_FFMPEG", "/no/such/ffmpeg")
    with pytest.raises(MediaFailed, match="STORYREEL_FFMPEG names no program"):
        ffmpeg_path()


@pytest.mark.parametrize(
    ("ended", "message"),
    [
        (Finished(228, b"", "av_interleaved_write_frame(): No space left on device\nx"), "the disk is full"),
        (Finished(1, b"", "first\nUnknown encoder 'x'\n"), "ffmpeg failed: Unknown encoder 'x'"),
        (Finished(-9), "killed by signal 9"),
        (Finished(1), "did not say why"),
    ],
)
def test_failures_are_sentences(ended: Finished, message: str) -> None:
    with pytest.raises(MediaFailed, match=message):
        asyncio.run(ffmpeg(["-version"], runner=Says(ended)))


def test_inputs_are_absolute_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert INPUT(Path("http:/example.com"))[-1] == f"file:{tmp_path}/http:/example.com"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("playlist.mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"),
        ("concat.mp4", "ffconcat version 1.0\nfile /etc/passwd\n"),
        ("words.mp4", "1\n00:00:00,000 --> 00:00:02,000\nsubtitles\n"),
    ],
)
def test_scripts_under_the_name_of_a_film_are_not_followed(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(MediaFailed):
        make(*INPUT(tmp_path / name), "-f", "null", "-")


def test_sound_is_cut_on_exact_samples(tmp_path: Path) -> None:
    ramp = np.arange(-24_000, 24_000, dtype=np.int16)
    write_wav(tmp_path / "ramp.wav", np.stack([ramp, -ramp], axis=1))
    whole = asyncio.run(read_sound(tmp_path / "ramp.wav"))
    assert whole.dtype == np.int16
    assert np.array_equal(whole[:, 0], ramp)
    assert np.array_equal(whole[:, 1], -ramp)
    part = asyncio.run(read_sound(tmp_path / "ramp.wav", start=Fraction(1, 3), length=Fraction(1, 48_000) * 7))
    assert part[:, 0].tolist() == ramp[16_000:16_007].tolist()
    nothing = asyncio.run(read_sound(tmp_path / "ramp.wav", length=Fraction(0)))
    assert nothing.shape == (0, 2)


@pytest.mark.parametrize("channels", [1, 2])
def test_a_wav_of_our_own_form_needs_no_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channels: int) -> None:
    noise = np.random.default_rng(1).integers(-9000, 9000, (4800, channels))
    write_wav(tmp_path / "a.wav", noise)
    make(*INPUT(tmp_path / "a.wav"), str(tmp_path / "a.flac"))
    decoded = asyncio.run(read_sound(tmp_path / "a.flac", start=Fraction(1, 100), length=Fraction(1)))
    monkeypatch.setenv("STORYREEL_FFMPEG", "/no/such/program")
    direct = asyncio.run(read_sound(tmp_path / "a.wav", start=Fraction(1, 100), length=Fraction(1)))
    assert direct.shape == (4320, 2)
    assert np.abs(direct.astype(int) - decoded).max() <= 1


def test_mono_sounds_on_both_sides_as_loud_as_before(tmp_path: Path) -> None:
    write_wav(tmp_path / "mono.wav", np.full((4800, 1), 1000))
    sound = asyncio.run(read_sound(tmp_path / "mono.wav"))
    assert sound.shape == (4800, 2)
    assert (sound == 707).all()  # half the power on each side


def test_sound_is_brought_to_48_khz(tmp_path: Path) -> None:
    write_wav(tmp_path / "low.wav", np.zeros((22_050, 1)), hz=22_050)
    assert len(asyncio.run(read_sound(tmp_path / "low.wav"))) == 48_000


def test_sound_that_begins_late_is_padded(tmp_path: Path) -> None:
    make(
        *("-f", "lavfi", "-i", "color=size=32x32:rate=24:duration=2"),
        *("-itsoffset", "0.5", "-f", "lavfi", "-i", "sine=frequency=440:duration=1"),
        *("-map", "0", "-map", "1", "-c:a", "pcm_s16le", str(tmp_path / "late.mkv")),
    )
    sound = asyncio.run(read_sound(tmp_path / "late.mkv"))
    first = int(np.flatnonzero(np.abs(sound[:, 0]) > 100)[0])
    assert abs(first - 24_000) < 100
    assert abs(len(sound) - 72_000) < 100


def test_a_file_without_sound_says_so(tmp_path: Path) -> None:
    make("-f", "lavfi", "-i", "color=size=32x32:rate=24:duration=0.5", str(tmp_path / "mute.mp4"))
    with pytest.raises(MediaFailed, match=r"there is no sound in mute\.mp4"):
        asyncio.run(read_sound(tmp_path / "mute.mp4"))
