"""The contact sheet: one frame a shot, taken from the segments that hold them and kept by key."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from storyreel.base.digest import digest_of_value
from storyreel.base.timebase import Range, rate_text, round_half_up
from storyreel.media.contact import Cell, Grid, grid_for, paint_sheet
from storyreel.media.ffmpeg import INPUT, MediaFailed, ffmpeg
from storyreel.plan.cut import Cut
from storyreel.stitch.encoding import REVISION, group_of
from storyreel.stitch.picture import PictureRoom
from storyreel.stitch.poster import Place, best_of
from storyreel.stitch.segments import Segment
from storyreel.stitch.together import together

_AT_ONCE = 12
"""Files that one ffmpeg reads; each is a decoder of its own."""


@dataclass(frozen=True, slots=True)
class _Poster:
    """A stretch of the film, and what is said of the frame that stands for it."""

    at: Range
    scene: str
    note: str
    is_first: bool


async def draw_sheet(
    cut: Cut, segments: Sequence[Segment], files: Sequence[Path], keys: Sequence[str], room: PictureRoom
) -> Path:
    """The sheet as a file on the shelf, drawn where any of its frames or words is another; raises MediaFailed."""
    posters = _posters(cut)
    grid = grid_for(cut.width, cut.height, len(posters))
    frames = _frames(posters, segments, keys, grid, room)
    seconds = f"{float(cut.frames / cut.rate):.2f}".rstrip("0").rstrip(".")
    rate = rate_text(cut.rate) if cut.rate.denominator == 1 else f"{float(cut.rate):.3f}"
    facts = f"{cut.film}  ·  {seconds} s  ·  {cut.frames} frames  ·  {rate} fps  ·  {cut.width} × {cut.height}"
    title = cut.title or cut.film
    words = [(poster.scene, poster.note, clock(poster.at.start, cut), poster.is_first) for poster in posters]
    shown = [key for key, _ in frames]
    key = digest_of_value({"sheet": [title, facts, words, shown], "revision": REVISION})
    kept = room.shelf.find(key)
    if kept is None:
        pixels = await _pixels(frames, files, grid, room)
        cells = [Cell(pixels[n], *said) for n, said in enumerate(words)]
        drawn = room.shelf.new_file(".png")
        try:
            await asyncio.to_thread(lambda: paint_sheet(title, facts, cells, grid).save(drawn, "PNG", compress_level=1))
            kept = room.shelf.keep(key, drawn)
        finally:
            drawn.unlink(missing_ok=True)
    return kept


async def best_frame(
    cut: Cut, segments: Sequence[Segment], files: Sequence[Path], keys: Sequence[str], room: PictureRoom
) -> Place:
    """Which of the sheet's frames shows most; raises MediaFailed."""
    posters = _posters(cut)
    grid = grid_for(cut.width, cut.height, len(posters))
    pixels = await _pixels(_frames(posters, segments, keys, grid, room), files, grid, room)
    best = posters[best_of(pixels, grid.width, grid.height)]
    index, offset = _chosen(best.at, segments, group_of(cut.rate))
    return files[index], offset


def _posters(cut: Cut) -> list[_Poster]:
    """Every shot; a card, a still and a clip as a whole."""
    found = []
    for scene in cut.scenes:
        shots = [(shot.at, f"shot {shot.number}") for shot in scene.shots] or [(Range(0, scene.at.length), scene.kind)]
        for number, (at, note) in enumerate(shots):
            found.append(_Poster(at.shifted(scene.at.start), scene.id, note, number == 0))
    return found


def _chosen(at: Range, segments: Sequence[Segment], group: int) -> tuple[int, int]:
    """The segment and the frame in it that stands for a stretch: a key frame near its middle, else the middle."""
    middle = at.start + at.length // 2
    index = next(i for i, s in enumerate(segments) if s.at.start <= middle < s.at.end)
    start = segments[index].at.start
    key = start + (middle - start + group // 2) // group * group
    near = abs(key - middle) <= at.length // 4 and key < segments[index].at.end
    return index, (key if near else middle) - start


def _frames(
    posters: Sequence[_Poster], segments: Sequence[Segment], keys: Sequence[str], grid: Grid, room: PictureRoom
) -> list[tuple[str, tuple[int, int]]]:
    """For each poster its key, and the segment and the frame in it that it shows."""
    found = []
    for poster in posters:
        index, offset = _chosen(poster.at, segments, group_of(room.form.rate))
        key = digest_of_value({"poster": [keys[index], offset, grid.width, grid.height], "revision": REVISION})
        found.append((key, (index, offset)))
    return found


async def _pixels(
    frames: Sequence[tuple[str, tuple[int, int]]], files: Sequence[Path], grid: Grid, room: PictureRoom
) -> list[bytes]:
    """Raw RGB of each poster, from the shelf or from its segment."""
    found: dict[str, bytes] = {}
    missing: dict[str, tuple[Path, int]] = {}
    for key, (index, offset) in frames:
        kept = room.shelf.find(key)
        if kept is not None:
            found[key] = kept.read_bytes()
        elif key not in found:
            missing[key] = (files[index], offset)
    todo = list(missing.items())
    slots = asyncio.Semaphore(room.jobs)

    async def grab(batch: Sequence[tuple[str, tuple[Path, int]]]) -> None:
        async with slots:
            frames = await _grabbed([place for _, place in batch], grid, room)
        for (key, _), pixels in zip(batch, frames, strict=True):
            file = room.shelf.new_file(".rgb")
            file.write_bytes(pixels)
            room.shelf.keep(key, file)
            found[key] = pixels

    share = min(_AT_ONCE, -(-len(todo) // room.jobs)) or 1
    await together(grab(todo[start : start + share]) for start in range(0, len(todo), share))
    return [found[key] for key, _ in frames]


async def _grabbed(places: Sequence[tuple[Path, int]], grid: Grid, room: PictureRoom) -> list[bytes]:
    inputs: list[str] = []
    chains: list[str] = []
    for number, (file, offset) in enumerate(places):
        # Half a frame early, so that rounding never skips the frame that is meant.
        at = max(Fraction(0), (offset - Fraction(1, 2)) / room.form.rate)
        # The length keeps ffmpeg from reading on to the end of every file.
        inputs += ["-threads", "1", "-ss", f"{float(at):.6f}", "-t", f"{float(1 / room.form.rate):.6f}", *INPUT(file)]
        size = f"scale={grid.width}:{grid.height}:flags=area,setsar=1"
        chains.append(f"[{number}:v]trim=end_frame=1,setpts=0,{size},format=rgb24[p{number}]")
    chains.append("".join(f"[p{n}]" for n in range(len(places))) + f"concat=n={len(places)}:v=1:a=0[out]")
    output = ["-map", "[out]", "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1"]
    data = await ffmpeg([*inputs, "-filter_complex", ";".join(chains), *output], runner=room.runner)
    step = grid.width * grid.height * 3
    if len(data) != step * len(places):
        raise MediaFailed("a frame for the contact sheet could not be read from its segment")
    return [data[n * step : (n + 1) * step] for n in range(len(places))]


def clock(frame: int, cut: Cut) -> str:
    """A place on the timeline for people: minutes, seconds and tenths."""
    tenths = round_half_up(frame / cut.rate * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02}.{tenths % 10}"
