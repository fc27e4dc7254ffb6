"""Pieces and a sound are laid into one file by their tables: every frame once, at its time, and the file is whole."""

from __future__ import annotations

import asyncio
import os
import subprocess
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from storyreel.media.ffmpeg import MediaFailed, ffmpeg_path, read_sound
from storyreel.media.samples import samples_of
from storyreel.stitch.encoding import Format, picture_arguments, ticks_of, timescale
from storyreel.stitch.join import join, placed

COUNTS = [1, 61, 2, 30]
RATES = [Fraction(24), Fraction(24000, 1001), Fraction(30)]


def piece(folder: Path, number: int, frames: int, rate: Fraction, *, is_panel: bool = False) -> Path:
    file = folder / f"piece-{number}.mp4"
    shown = f"testsrc2=s=64x64:r={rate},hue=h={90 * number},format=yuv420p"
    coded = [*picture_arguments(Format(64, 64, rate), is_panel=is_panel), "-frames:v", str(frames)]
    subprocess.run([ffmpeg_path(), "-v", "error", "-y", "-f", "lavfi", "-i", shown, *coded, str(file)], check=True)
    return file


def sound(folder: Path, samples: int) -> Path:
    file = folder / "bed.m4a"
    tone = ["-f", "lavfi", "-i", "sine=f=440:r=48000", "-af", f"atrim=end_sample={samples}", "-ac", "2"]
    coded = ["-c:a", "aac", "-movie_timescale", "48000", "-bitexact", "-f", "mp4"]
    subprocess.run([ffmpeg_path(), "-v", "error", "-y", *tone, *coded, str(file)], check=True)
    return file


def laid(folder: Path, rate: Fraction, counts: list[int] = COUNTS) -> tuple[list[Path], Path, Path]:
    pieces = [piece(folder, number, count, rate) for number, count in enumerate(counts)]
    bed, out = sound(folder, round(sum(counts) / rate * 48000)), folder / "reel.mp4"
    asyncio.run(join(pieces, counts, bed, rate, out))
    return pieces, bed, out


@pytest.mark.parametrize("rate", RATES)
def test_every_frame_is_shown_once_and_at_its_time(tmp_path: Path, rate: Fraction) -> None:
    pieces, _, reel = laid(tmp_path, rate)
    with av.open(str(reel)) as opened:
        assert opened.streams.video[0].time_base == Fraction(1, timescale(rate))
        shown = [(frame.pts, frame.to_ndarray()) for frame in opened.decode(video=0)]
    assert [at for at, _ in shown] == [n * ticks_of(rate) for n in range(sum(COUNTS))]
    alone = []
    for file in pieces:
        with av.open(str(file)) as opened:
            alone += [frame.to_ndarray() for frame in opened.decode(video=0)]
    assert all(np.array_equal(a, b) for (_, a), b in zip(shown, alone, strict=True))


@pytest.mark.parametrize("size", [(64, 64), (1280, 720), (1080, 1920), (3840, 2160)])
def test_a_panel_has_the_headers_of_a_take(tmp_path: Path, size: tuple[int, int]) -> None:
    """One description stands for all pieces of the reel: a decoder goes from a panel to a take without a stop."""

    def headers(name: str, *, is_panel: bool) -> bytes:
        file, shown = tmp_path / name, f"testsrc2=s={size[0]}x{size[1]}:r=24,format=yuv420p"
        coded = [*picture_arguments(Format(*size, Fraction(24)), is_panel=is_panel), "-frames:v", "3"]
        subprocess.run([ffmpeg_path(), "-v", "error", "-y", "-f", "lavfi", "-i", shown, *coded, str(file)], check=True)
        return samples_of(file).entry

    assert headers("panel.mp4", is_panel=True) == headers("take.mp4", is_panel=False)


def test_panels_and_takes_are_laid_side_by_side(tmp_path: Path) -> None:
    counts = [30, 61, 7, 2]
    pieces = [piece(tmp_path, n, count, Fraction(24), is_panel=n % 2 == 0) for n, count in enumerate(counts)]
    bed, out = sound(tmp_path, round(sum(counts) / 24 * 48000)), tmp_path / "reel.mp4"
    asyncio.run(join(pieces, counts, bed, Fraction(24), out))
    with av.open(str(out)) as opened:
        shown = [frame.to_ndarray() for frame in opened.decode(video=0)]
    alone = []
    for file in pieces:
        with av.open(str(file)) as opened:
            alone += [frame.to_ndarray() for frame in opened.decode(video=0)]
    assert len(shown) == sum(counts)
    assert all(np.array_equal(a, b) for a, b in zip(shown, alone, strict=True))


def test_stamps_rise_and_the_tables_stand_in_front(tmp_path: Path) -> None:
    _, _, reel = laid(tmp_path, Fraction(24))
    with av.open(str(reel)) as opened:
        packets = [(p.stream.type, Fraction(p.dts or 0) * p.time_base) for p in opened.demux() if p.size]
    for kind in ("video", "audio"):
        stamps = [at for of, at in packets if of == kind]
        assert all(a < b for a, b in pairwise(stamps))
    assert all(b > a - Fraction(11, 10) for (_, a), (_, b) in pairwise(packets)), "both streams lie side by side"
    data = reel.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_the_sound_is_as_it_was(tmp_path: Path) -> None:
    _, bed, reel = laid(tmp_path, Fraction(30))
    said = [
        subprocess.run(
            [ffmpeg_path(), "-v", "error", "-i", str(file), "-map", "0:a", "-f", "s16le", "-"],
            check=True,
            capture_output=True,
        ).stdout
        for file in (bed, reel)
    ]
    assert said[0] == said[1]
    assert len(said[0]) == 4 * round(sum(COUNTS) / 30 * 48000)


@pytest.mark.parametrize(("counts", "says"), [([1, 60, 2, 30], "frames of a piece"), (COUNTS, "written to its end")])
def test_a_piece_that_is_not_what_was_cut_leaves_the_last_reel(tmp_path: Path, counts: list[int], says: str) -> None:
    pieces, bed, reel = laid(tmp_path, Fraction(24))
    before = reel.read_bytes()
    if counts == COUNTS:
        pieces[1].write_bytes(pieces[1].read_bytes()[:-500])
    with pytest.raises(MediaFailed, match=says):
        asyncio.run(join(pieces, counts, bed, Fraction(24), reel))
    assert reel.read_bytes() == before
    assert not [f.name for f in tmp_path.iterdir() if f.name.startswith(".")]


def test_a_join_that_is_cancelled_leaves_the_last_reel(tmp_path: Path) -> None:
    pieces, _, reel = laid(tmp_path, Fraction(24))
    before = reel.read_bytes()
    slow = tmp_path / "slow.m4a"
    os.mkfifo(slow)

    async def stopped() -> int:
        task = asyncio.ensure_future(join(pieces, COUNTS, slow, Fraction(24), reel))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return os.open(slow, os.O_RDWR)  # until then the join waits for somebody to write

    os.close(asyncio.run(stopped()))
    assert reel.read_bytes() == before
    assert not [f.name for f in tmp_path.iterdir() if f.name.startswith(".")]


def test_a_film_of_more_than_four_gigabytes_is_laid_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces, bed, reel = laid(tmp_path, Fraction(24))
    monkeypatch.setattr("storyreel.media.laid._SMALL", 1000)  # as if so much were the most that 32 bits can say
    wide = tmp_path / "wide.mp4"
    asyncio.run(join(pieces, COUNTS, bed, Fraction(24), wide))
    assert b"co64" in wide.read_bytes()
    seen = []
    for file in (reel, wide):
        with av.open(str(file)) as opened:
            seen.append([(frame.pts, frame.to_ndarray().tobytes()) for frame in opened.decode(video=0)])
        assert len(asyncio.run(read_sound(file))) == round(sum(COUNTS) / 24 * 48000)
    assert seen[0] == seen[1]


def test_a_file_that_would_be_the_same_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "film.srt"
    for text, is_new in (("one", True), ("one", False), ("two", True)):
        before = out.stat().st_ino if out.exists() else 0
        with placed(out) as fresh:
            fresh.write_text(text)
        assert out.read_text() == text
        assert (out.stat().st_ino != before) == is_new
    assert list(tmp_path.iterdir()) == [out]
