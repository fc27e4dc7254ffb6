"""Facts of films and sounds are exact, come from content alone, and never from a file that is cut short."""

from __future__ import annotations

import asyncio
import contextlib
import random
import struct
import wave
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from storyreel.board.source import MediaFacts
from storyreel.media.ffmpeg import ffmpeg
from storyreel.media.grid import rate_of
from storyreel.media.probe import probe

NTSC = Fraction(24000, 1001)


def make(path: Path, *args: str) -> Path:
    asyncio.run(ffmpeg([*args, str(path)]))
    return path


def picture(seconds: str = "2", rate: str = "24", size: str = "64x48") -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"testsrc=size={size}:rate={rate}:duration={seconds}")


def tone(seconds: str = "2") -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"sine=sample_rate=48000:duration={seconds}")


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv", "webm", "avi"])
@pytest.mark.parametrize(("rate", "exact"), [("24", Fraction(24)), ("24000/1001", NTSC), ("30", Fraction(30))])
def test_films_are_exact_in_every_container(tmp_path: Path, suffix: str, rate: str, exact: Fraction) -> None:
    film = make(tmp_path / f"film.{suffix}", *picture(rate=rate), "-frames:v", "48")
    facts = probe(film)
    assert facts is not None
    assert (facts.kind, facts.width, facts.height, facts.has_audio) == ("video", 64, 48, False)
    assert facts.rate == exact
    assert facts.seconds == 48 / exact
    assert facts.size == film.stat().st_size


def test_a_films_seconds_are_those_of_its_picture(tmp_path: Path) -> None:
    facts = probe(make(tmp_path / "film.mp4", *picture("1.5"), *tone("3")))
    assert facts is not None
    assert facts.has_audio
    assert facts.seconds == Fraction(3, 2)


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "ogg", "opus", "m4a"])
def test_sounds_are_exact(tmp_path: Path, suffix: str) -> None:
    facts = probe(make(tmp_path / f"tone.{suffix}", *tone("3.3")))
    assert facts is not None
    assert (facts.kind, facts.has_audio, facts.width, facts.rate) == ("audio", True, None, None)
    assert facts.seconds == Fraction(33, 10)


def test_the_name_says_nothing(tmp_path: Path) -> None:
    film = make(tmp_path / "film.mp4", *picture())
    film.rename(tmp_path / "holiday.jpg")
    facts = probe(tmp_path / "holiday.jpg")
    assert facts is not None
    assert facts.kind == "video"


@pytest.mark.parametrize(("turn", "size"), [("90", (48, 64)), ("-90", (48, 64)), ("180", (64, 48))])
def test_a_phone_held_upright_is_tall(tmp_path: Path, turn: str, size: tuple[int, int]) -> None:
    film = make(tmp_path / "film.mp4", *picture())
    turned = make(tmp_path / "turned.mp4", "-display_rotation", turn, "-i", str(film), "-c", "copy")
    facts = probe(turned)
    assert facts is not None
    assert (facts.width, facts.height) == size


@pytest.mark.parametrize("flags", ["frag_keyframe+empty_moov", "frag_every_frame+empty_moov+default_base_moof"])
def test_a_film_in_fragments(tmp_path: Path, flags: str) -> None:
    facts = probe(make(tmp_path / "film.mp4", *picture(rate="24000/1001"), "-frames:v", "48", "-movflags", flags))
    assert facts is not None
    assert (facts.seconds, facts.rate) == (48 / NTSC, NTSC)


def test_a_film_that_counts_milliseconds(tmp_path: Path) -> None:
    clock = ("-video_track_timescale", "1000")
    facts = probe(make(tmp_path / "film.mp4", *picture(rate="30"), "-frames:v", "60", *clock))
    assert facts is not None
    assert facts.rate == 30


def test_an_edit_list_cuts_the_film(tmp_path: Path) -> None:
    film = make(tmp_path / "film.mp4", *picture("4"), "-g", "96")
    cut = make(tmp_path / "cut.mp4", "-ss", "1", "-i", str(film), "-c", "copy")
    facts = probe(cut)
    assert facts is not None
    assert facts.seconds == 3


def test_a_cover_does_not_make_a_song_a_film(tmp_path: Path) -> None:
    Image.new("RGB", (64, 64)).save(tmp_path / "cover.jpg")
    inputs = (*tone("1"), "-i", str(tmp_path / "cover.jpg"), "-map", "0", "-map", "1", "-disposition:v", "attached_pic")
    facts = probe(make(tmp_path / "song.mp3", *inputs))
    assert facts is not None
    assert facts.kind == "audio"


def test_pictures(tmp_path: Path) -> None:
    Image.new("RGB", (30, 20)).save(tmp_path / "a.png")
    assert probe(tmp_path / "a.png") == MediaFacts("image", 30, 20, size=(tmp_path / "a.png").stat().st_size)


def test_a_wav_written_to_a_pipe_goes_on_to_its_end(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(24_000)
        file.writeframes(bytes(24_000))
    data = bytearray((tmp_path / "a.wav").read_bytes())
    data[40:44] = b"\xff\xff\xff\xff"
    (tmp_path / "a.wav").write_bytes(data)
    facts = probe(tmp_path / "a.wav")
    assert facts is not None
    assert facts.seconds == Fraction(1, 2)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain words",
        b"<!doctype html><html></html>",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"1\n00:00:00,000 --> 00:00:02,000\nwords\n",
        b"\x1aE\xdf\xa3" + bytes(100),
        b"ID3" + bytes(100),
        b"OggS" + bytes(100),
        b"fLaC" + bytes(100),
        b"\xff\xfb" + bytes(100),
        b"RIFF\x10\0\0\0WAVEfmt ",
        struct.pack(">I4s", 16, b"ftyp") + b"avif" + bytes(4),
        struct.pack(">I4sQ", 1, b"mdat", 1 << 62),
        struct.pack(">I4s", 4, b"moov") * 4,
    ],
)
def test_what_is_no_media_is_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "film.mp4").write_bytes(content)
    assert probe(tmp_path / "film.mp4") is None


@pytest.mark.parametrize("name", ["film.mp4", "fast.mp4", "film.webm", "tone.wav"])
def test_a_file_that_was_cut_short_is_nothing(tmp_path: Path, name: str) -> None:
    fast = ("-movflags", "+faststart") if name == "fast.mp4" else ()
    source = tone() if name == "tone.wav" else picture()
    whole = make(tmp_path / name, *source, *fast).read_bytes()
    for part in (0.3, 0.6, 0.98):
        (tmp_path / name).write_bytes(whole[: int(len(whole) * part)])
        assert probe(tmp_path / name) is None


def test_flipped_bytes_in_the_description_never_surprise(tmp_path: Path) -> None:
    whole = make(tmp_path / "film.mp4", *picture("0.5"), *tone("0.5"), "-movflags", "+faststart").read_bytes()
    end = whole.index(b"mdat")
    chance = random.Random(7)
    for _ in range(500):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(end)] = chance.randrange(256)
        (tmp_path / "film.mp4").write_bytes(data)
        facts = probe(tmp_path / "film.mp4")
        assert facts is None or facts.seconds is not None


def test_a_file_that_is_not_there_raises_what_open_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        probe(tmp_path / "gone.mp4")


@pytest.mark.parametrize("rate", [Fraction(24), NTSC, Fraction(25), Fraction(30000, 1001), Fraction(60), Fraction(12)])
@pytest.mark.parametrize("frames", [24, 48, 2000])
def test_rounded_stamps_still_tell_their_rate(rate: Fraction, frames: int) -> None:
    stamps = [round(i * 1000 / rate) for i in range(frames)]
    assert rate_of(stamps, Fraction(1, 1000)) == rate


def test_uneven_frames_have_their_mean_rate() -> None:
    assert rate_of([0, 10, 50, 60, 100], Fraction(1, 1000)) == 40
    assert rate_of([5], Fraction(1, 1000)) is None


def test_nothing_is_written(tmp_path: Path) -> None:
    make(tmp_path / "film.webm", *picture())
    with contextlib.chdir(tmp_path):
        probe(Path("film.webm"))
    assert [file.name for file in tmp_path.iterdir()] == ["film.webm"]
