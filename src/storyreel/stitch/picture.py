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
from storyreel.stitch.conform import Original, conform
from storyreel.stitch.encoding import Format, picture_arguments
from storyreel.stitch.events import SegmentEncoded, SegmentReused, StitchEvent, TakeShort
from storyreel.stitch.layers import Layer, laid_over
from storyreel.stitch.overlays import Overlay
from storyreel.stitch.segments import Ramp, Segment, Strip, segment_key
from storyreel.stitch.together import together

_XFADE = {"dissolve": "fade", "wipe": "wipeleft", "slide": "slideleft"}

_PIXELS_AT_ONCE = 3 * 1280 * 720
"""Of all frames that one process encodes side by side: each encoder holds some forty of its frames in memory."""

Dress = Callable[[Sequence[Overlay], int], Sequence[Layer]]
"""Draws overlays for a stretch of so many frames."""


@dataclass(frozen=True, slots=True)
class _Job:
    """Segments that one process makes: consecutive ones from one strip, at most the last of them a transition."""

    segments: tuple[Segment, ...]
    strips: tuple[Strip, ...]
    """The run that all of them are cut from, and what a transition leads into."""

    @property
    def frames(self) -> int:
        return sum(segment.frames for segment in self.segments)


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

    async def make(job: _Job) -> None:
        ends = (job.segments[0], job.segments[-1])
        originals = [await room.original(strip.source, end) for strip, end in zip(job.strips, ends, strict=False)]
        async with slots:
            for segment, file in zip(job.segments, await _named(job, originals, room), strict=True):
                files[key_of[id(segment)]] = room.shelf.keep(key_of[id(segment)], file)
                room.on_event(SegmentEncoded(segment.kind, segment.scene, segment.frames))

    # The longest first: what is started last should be short.
    todo = sorted(_spread(_jobs(list(missing.values()), room.form), room.jobs), key=lambda job: -job.frames)
    await together(make(job) for job in todo)
    return [files[key] for key in keys]


def _jobs(segments: Sequence[Segment], form: Format) -> list[_Job]:
    most = max(1, _PIXELS_AT_ONCE // (form.width * form.height))
    jobs: list[_Job] = []
    for segment in segments:
        # A transition is short: there is room for it beside the pieces that it ends, and their original is open.
        room = most if len(segment.strips) == 1 or most == 1 else most + 1
        if jobs and len(jobs[-1].segments) < room and (joined := _joined(jobs[-1], segment)) is not None:
            jobs[-1] = joined
        else:
            jobs.append(_Job((segment,), segment.strips))
    return jobs


def _spread(jobs: Sequence[_Job], slots: int) -> list[_Job]:
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


def _job(segments: Sequence[Segment]) -> _Job:
    """One job of segments that were in one before."""
    job = _Job((segments[0],), segments[0].strips)
    for segment in segments[1:]:
        longer = _joined(job, segment)
        assert longer is not None
        job = longer
    return job


def _joined(job: _Job, segment: Segment) -> _Job | None:
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
    return _Job((*job.segments, segment), (replace(run, frames=frames, overlays=tuple(overlays)), *into))


async def _named(job: _Job, originals: Sequence[Original], room: PictureRoom) -> list[Path]:
    """The files of a job's segments; where they cannot be made, the failure says of which scene."""
    try:
        return await _encode(job, originals, room)
    except MediaFailed as problem:
        if problem.message in (DISK_FULL, FILE_TOO_LARGE):
            raise
        scene = job.segments[0].scene
        raise MediaFailed(f"the picture of `{scene}` cannot be made: {problem.message}", problem.detail) from problem


async def _encode(job: _Job, originals: Sequence[Original], room: PictureRoom) -> list[Path]:
    """The files of a job's segments, each of exactly its frames."""
    files = await _run(job, originals, room)
    try:
        counts = [frames_in(file) for file in files]
        if counts == [segment.frames for segment in job.segments]:
            return files
        # The original said that it was longer than it is.
        for segment, count in zip(job.segments, counts, strict=True):
            if count < segment.frames:
                end = segment.strips[-1].frames.end
                room.on_event(TakeShort(segment.scene, end, end - segment.frames + count))
    except MediaFailed:
        _remove(files)
        raise
    _remove(files)
    return await _run(job, [replace(original, available=0) for original in originals], room)


async def _run(job: _Job, originals: Sequence[Original], room: PictureRoom) -> list[Path]:
    files = [room.shelf.new_file(".mp4") for _ in job.segments]
    try:
        await ffmpeg(arguments_of(job.segments, job.strips, originals, files, room), runner=room.runner)
    except BaseException:  # also when cancelled: half a segment is of no use to anyone
        _remove(files)
        raise
    return files


def frames_in(file: Path) -> int:
    """Frames of an mp4's picture track, by its own index; raises MediaFailed where it was not written to its end."""
    try:
        with file.open("rb") as opened:
            tracks = tracks_of(opened, file.stat().st_size)
    except BoxesBroken as problem:
        raise MediaFailed("a segment was not written to its end", str(problem)) from problem
    return next((track.samples for track in tracks if track.kind == "vide"), 0)


def _remove(files: Sequence[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def arguments_of(
    segments: Sequence[Segment],
    strips: Sequence[Strip],
    originals: Sequence[Original],
    files: Sequence[Path],
    room: PictureRoom,
) -> list[str]:
    """What ffmpeg is told: originals and overlays in, one file for each segment out."""
    form = room.form
    inputs: list[str] = []
    chains: list[str] = []
    count = 0
    for number, (strip, original) in enumerate(zip(strips, originals, strict=True)):
        taken = conform(original, strip.frames, form, fit=strip.fit, speed=strip.speed)
        layers = room.dress(strip.overlays, strip.frames.length)
        inputs += [*taken.arguments, *(a for layer in layers for a in layer.arguments(form))]
        chains.append(f"[{count}:v]{taken.filters}[bare{number}]")
        chains += laid_over(f"bare{number}", layers, count + 1, form, f"strip{number}")
        count += 1 + len(layers)
    chains += _pieces(segments, strips[0], form)
    outputs: list[str] = []
    for number, (segment, file) in enumerate(zip(segments, files, strict=True)):
        exact = ["-frames:v", str(segment.frames), str(file)]
        outputs += ["-map", f"[out{number}]", *picture_arguments(form), *exact]
    single = ["-copyts", "-xerror", "-filter_threads", "1", "-filter_complex_threads", "1"]
    return [*single, *inputs, "-filter_complex", ";".join(chains), *outputs]


def _pieces(segments: Sequence[Segment], run: Strip, form: Format) -> list[str]:
    count = len(segments)
    chains = [f"[strip0]split={count}" + "".join(f"[piece{n}]" for n in range(count))]
    for number, segment in enumerate(segments):
        frames = segment.strips[0].frames.shifted(-run.frames.start)
        chain = f"[piece{number}]trim=start_frame={frames.start}:end_frame={frames.end},setpts=PTS-STARTPTS"
        if len(segment.strips) == 2:
            chains += [f"{chain}[tail]", *_transition(segment, f"out{number}", form)]
            continue
        if segment.ramp is not None:
            chain += "," + _fade(segment.ramp)
        chains.append(f"{chain}[out{number}]")
    return chains


def _transition(segment: Segment, label: str, form: Format) -> list[str]:
    """Both ends into one. A frame is cloned in front of each, so that the first step already shows some of both."""
    assert segment.ramp is not None
    skipped = segment.ramp.done + 1
    chains = [f"[{end}]tpad=start={skipped}:start_mode=clone[long-{end}]" for end in ("tail", "strip1")]
    seconds = float((segment.ramp.steps + 1) / form.rate)
    mixed = f"[long-tail][long-strip1]xfade=transition={_XFADE[segment.kind]}:duration={seconds:.6f}:offset=0"
    return [*chains, f"{mixed},trim=start_frame={skipped},setpts=PTS-STARTPTS[{label}]"]


def _fade(ramp: Ramp) -> str:
    fade = f"fade=t={ramp.direction}:start_frame=0:nb_frames={ramp.steps}"
    if not ramp.done:
        return fade
    return f"tpad=start={ramp.done}:start_mode=clone,{fade},trim=start_frame={ramp.done},setpts=PTS-STARTPTS"
