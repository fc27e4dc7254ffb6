"""Segments to files: one ffmpeg process for each run of segments from one original, two inputs for a transition."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from storyreel.base.timebase import Range
from storyreel.media.boxes import BoxesBroken, tracks_of
from storyreel.media.failed import DISK_FULL, FILE_TOO_LARGE, MediaFailed
from storyreel.media.ffmpeg import ffmpeg, ffmpeg_path
from storyreel.media.process import Runner
from storyreel.media.shelf import Shelf
from storyreel.plan.cut import Source
from storyreel.stitch.conform import Original
from storyreel.stitch.encoding import Format
from storyreel.stitch.ends import SUFFIX, end_key
from storyreel.stitch.events import SegmentEncoded, SegmentReused, StitchEvent, TakeShort
from storyreel.stitch.graph import Job, arguments_of
from storyreel.stitch.layers import Layer
from storyreel.stitch.overlays import Overlay
from storyreel.stitch.segments import Segment, segment_key
from storyreel.stitch.together import together

_PIXELS_AT_ONCE = 3 * 1280 * 720
"""Of all frames that one process encodes side by side: each encoder holds some forty of its frames in memory."""

Dress = Callable[[Sequence[Overlay], int], Sequence[Layer]]
"""Draws overlays for a stretch of so many frames."""


@dataclass(frozen=True, slots=True)
class PictureRoom:
    """What making pictures needs to know and have."""

    form: Format
    identity: Callable[[Source], str]
    original: Callable[[Source, Segment], Awaitable[Original]]
    dress: Dress
    shelf: Shelf
    on_event: Callable[[StitchEvent], None]
    jobs: int = 2
    runner: Runner | None = None


def encoder_name() -> str:
    """The program that encodes, as far as keys are concerned: another ffmpeg gives other pixels."""
    program = Path(ffmpeg_path())
    return f"{program.name} {program.stat().st_size}"


def keys_of(segments: Sequence[Segment], room: PictureRoom) -> list[str]:
    """The key of each segment."""
    encoder = encoder_name()
    return [segment_key(s, room.form, room.identity, encoder) for s in segments]


async def make_segments(
    segments: Sequence[Segment], room: PictureRoom, keys: Sequence[str] | None = None
) -> list[Path]:
    """The file of every segment, in order; what the shelf has is not made. Raises MediaFailed."""
    keys = keys or keys_of(segments, room)
    files: dict[str, Path] = {}
    missing: dict[str, Segment] = {}
    for key, segment in zip(keys, segments, strict=True):
        if key in files or key in missing:
            continue
        found = room.shelf.find(key)
        if found is not None:
            files[key] = found
            room.on_event(SegmentReused(segment.kind, segment.scene, segment.frames))
        else:
            missing[key] = segment
    key_of = {id(segment): key for key, segment in missing.items()}
    slots = asyncio.Semaphore(room.jobs)

    async def make(job: Job) -> None:
        ends = (job.segments[0], job.segments[-1])
        originals = [
            _kept(job, number, room) or await room.original(strip.source, end)
            for number, (strip, end) in enumerate(zip(job.strips, ends, strict=False))
        ]
        async with slots:
            for segment, file in zip(job.segments, await _named(job, originals, room), strict=True):
                files[key_of[id(segment)]] = room.shelf.keep(key_of[id(segment)], file)
                room.on_event(SegmentEncoded(segment.kind, segment.scene, segment.frames))

    # The longest first: what is started last should be short.
    todo = sorted(_spread(_jobs(list(missing.values()), room.form), room.jobs), key=lambda job: -job.frames)
    await together(make(job) for job in todo)
    return [files[key] for key in keys]


def _jobs(segments: Sequence[Segment], form: Format) -> list[Job]:
    most = max(1, _PIXELS_AT_ONCE // (form.width * form.height))
    jobs: list[Job] = []
    for segment in segments:
        # A transition is short: there is room for it beside the pieces that it ends, and their original is open.
        room = most if len(segment.strips) == 1 or most == 1 else most + 1
        if jobs and len(jobs[-1].segments) < room and (joined := _joined(jobs[-1], segment)) is not None:
            jobs[-1] = joined
        else:
            jobs.append(Job((segment,), segment.strips))
    return jobs


def _spread(jobs: Sequence[Job], slots: int) -> list[Job]:
    """The same work in smaller jobs, where a processor would have none: each opens its original from the beginning."""
    spread = list(jobs)
    share = sum(job.frames for job in jobs) / slots
    while spread and len(spread) < slots:
        largest = max(spread, key=lambda job: job.frames)
        if len(largest.segments) == 1 or largest.frames <= share:
            break
        halves = [[_job(largest.segments[:at]), _job(largest.segments[at:])] for at in range(1, len(largest.segments))]
        spread.remove(largest)
        spread += min(halves, key=lambda two: max(job.frames for job in two))
    return spread


def _job(segments: Sequence[Segment]) -> Job:
    """One job of segments that were in one before."""
    job = Job((segments[0],), segments[0].strips)
    for segment in segments[1:]:
        longer = _joined(job, segment)
        assert longer is not None
        job = longer
    return job


def _joined(job: Job, segment: Segment) -> Job | None:
    """The job with one more segment, where that goes on in the same original."""
    strip, *into = segment.strips
    run = job.strips[0]
    goes_on = len(job.strips) == 1 and job.segments[-1].at.end == segment.at.start
    if not goes_on or run.source != strip.source or (run.fit, run.speed) != (strip.fit, strip.speed):
        return None
    if run.frames.end != strip.frames.start:
        return None
    by = strip.frames.start - run.frames.start
    overlays = dict.fromkeys([*run.overlays, *(replace(o, at=o.at.shifted(by)) for o in strip.overlays)])
    frames = Range(run.frames.start, strip.frames.end)
    return Job((*job.segments, segment), (replace(run, frames=frames, overlays=tuple(overlays)), *into))


async def _named(job: Job, originals: Sequence[Original], room: PictureRoom) -> list[Path]:
    """The files of a job's segments; where they cannot be made, the failure says of which scene."""
    try:
        return await _encode(job, originals, room)
    except MediaFailed as problem:
        if problem.message in (DISK_FULL, FILE_TOO_LARGE):
            raise
        scene = job.segments[0].scene
        raise MediaFailed(f"the picture of `{scene}` cannot be made: {problem.message}", problem.detail) from problem


async def _encode(job: Job, originals: Sequence[Original], room: PictureRoom) -> list[Path]:
    """The files of a job's segments, each of exactly its frames; what is kept of its ends goes on the shelf."""
    made = await _run(job, originals, room)
    try:
        counts = [frames_in(file) for file in made.files]
        if counts != [segment.frames for segment in job.segments]:
            # The original said that it was longer than it is.
            for segment, count in zip(job.segments, counts, strict=True):
                if count < segment.frames:
                    end = segment.strips[-1].frames.end
                    room.on_event(TakeShort(segment.scene, end, end - segment.frames + count))
            made.remove()
            made = await _run(job, [replace(original, available=0) for original in originals], room)
        for key, file in made.ends.items():
            room.shelf.keep(key, file)
    except BaseException:
        made.remove()
        raise
    return made.files


@dataclass(frozen=True, slots=True)
class _Made:
    """What one process wrote: a file for each segment, and ends by their keys."""

    files: list[Path]
    ends: dict[str, Path]

    def remove(self) -> None:
        for file in (*self.files, *self.ends.values()):
            file.unlink(missing_ok=True)


async def _run(job: Job, originals: Sequence[Original], room: PictureRoom) -> _Made:
    layers = [
        () if original.is_kept else room.dress(strip.overlays, strip.frames.length)
        for strip, original in zip(job.strips, originals, strict=True)
    ]
    lacking = _lacking(job, originals, room)
    made = _Made([room.shelf.new_file(".mp4") for _ in job.segments], {k: room.shelf.new_file(SUFFIX) for k in lacking})
    ends = {number: made.ends[key] for key, number in lacking.items()}
    try:
        await ffmpeg(arguments_of(job, originals, layers, made.files, ends, room.form), runner=room.runner)
    except BaseException:  # also when cancelled: half a segment is of no use to anyone
        made.remove()
        raise
    return made


def _kept(job: Job, number: int, room: PictureRoom) -> Original | None:
    """The strip of a transition, where all that is wanted of it was kept."""
    segment = job.segments[-1]
    if len(segment.strips) == 1 or job.strips[number] != segment.strips[number]:
        return None
    strip = segment.strips[number]
    key = end_key(strip, room.form, room.identity, encoder_name())
    file = room.shelf.find(key) if key is not None else None
    return Original(file, str(key), strip.frames.length, is_kept=True) if file is not None else None


def _lacking(job: Job, originals: Sequence[Original], room: PictureRoom) -> dict[str, int]:
    """Ends of the job's transition that are to be kept and are not: by key, which of its strips."""
    strips = job.segments[-1].strips
    if len(strips) == 1:
        return {}
    keys = [end_key(strip, room.form, room.identity, encoder_name()) for strip in strips]
    return {
        key: number
        for number, (key, original) in enumerate(zip(keys, originals, strict=True))
        if key is not None and not original.is_kept and room.shelf.find(key) is None
    }


def frames_in(file: Path) -> int:
    """Frames of an mp4's picture track, by its own index; raises MediaFailed where it was not written to its end."""
    try:
        with file.open("rb") as opened:
            tracks = tracks_of(opened, file.stat().st_size)
    except BoxesBroken as problem:
        raise MediaFailed("a segment was not written to its end", str(problem)) from problem
    return next((track.samples for track in tracks if track.kind == "vide"), 0)
