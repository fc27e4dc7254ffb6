"""What ffmpeg is told to make segments: originals and overlays in, a file for each segment and kept end out. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from storyreel.base.timebase import rate_text
from storyreel.stitch.conform import Original, conform
from storyreel.stitch.encoding import Format, picture_arguments
from storyreel.stitch.ends import CODED
from storyreel.stitch.layers import Layer, laid_over
from storyreel.stitch.segments import Ramp, Segment, Strip

_XFADE = {"dissolve": "fade", "wipe": "wipeleft", "slide": "slideleft"}


@dataclass(frozen=True, slots=True)
class Job:
    """Segments that one process makes: consecutive ones from one strip, at most the last of them a transition."""

    segments: tuple[Segment, ...]
    strips: tuple[Strip, ...]
    """The run that all of them are cut from, and what a transition leads into."""

    @property
    def frames(self) -> int:
        return sum(segment.frames for segment in self.segments)


def arguments_of(
    job: Job,
    originals: Sequence[Original],
    layers: Sequence[Sequence[Layer]],
    files: Sequence[Path],
    ends: Mapping[int, Path],
    form: Format,
) -> list[str]:
    """The arguments after those that every run of ffmpeg has.

    `layers` are laid over each strip; `ends` are the strips of the closing transition that are written down as they
    are, 0 the outgoing one.
    """
    inputs: list[str] = []
    chains: list[str] = []
    count = 0
    for number, (strip, original, over) in enumerate(zip(job.strips, originals, layers, strict=True)):
        taken = conform(original, strip.frames, form, fit=strip.fit, speed=strip.speed)
        inputs += [*taken.arguments, *(a for layer in over for a in layer.arguments(form))]
        chains.append(f"[{count}:v]{taken.filters}[bare{number}]")
        chains += laid_over(f"bare{number}", over, count + 1, form, f"strip{number}")
        count += 1 + len(over)
    chains += _pieces(job, sorted(ends), form)
    outputs: list[str] = []
    for number, (segment, file) in enumerate(zip(job.segments, files, strict=True)):
        exact = ["-frames:v", str(segment.frames), str(file)]
        outputs += ["-map", f"[out{number}]", *picture_arguments(form, is_panel=segment.is_panel), *exact]
    for number, file in sorted(ends.items()):
        exact = ["-frames:v", str(job.segments[-1].frames), str(file)]
        outputs += ["-map", f"[end{number}]", "-r", rate_text(form.rate), *CODED, *exact]
    single = ["-copyts", "-xerror", "-filter_threads", "1", "-filter_complex_threads", "1"]
    return [*single, *inputs, "-filter_complex", ";".join(chains), *outputs]


def _pieces(job: Job, ends: Sequence[int], form: Format) -> list[str]:
    count, run = len(job.segments), job.strips[0]
    chains = [f"[strip0]split={count}" + "".join(f"[piece{n}]" for n in range(count))]
    for number, segment in enumerate(job.segments):
        frames = segment.strips[0].frames.shifted(-run.frames.start)
        chain = f"[piece{number}]trim=start_frame={frames.start}:end_frame={frames.end},setpts=PTS-STARTPTS"
        if len(segment.strips) == 2:
            chains.append(f"{chain}[side0]")
            chains.append("[strip1]null[side1]")
            chains += [f"[side{n}]split[shown{n}][end{n}]" for n in ends]
            sides = [f"shown{n}" if n in ends else f"side{n}" for n in range(2)]
            chains += _transition(segment, sides, f"out{number}", form)
            continue
        if segment.ramp is not None:
            chain += "," + _fade(segment.ramp)
        chains.append(f"{chain}[out{number}]")
    return chains


def _transition(segment: Segment, sides: Sequence[str], label: str, form: Format) -> list[str]:
    """Both ends into one. A frame is cloned in front of each, so that the first step already shows some of both."""
    assert segment.ramp is not None
    skipped = segment.ramp.done + 1
    chains = [f"[{side}]tpad=start={skipped}:start_mode=clone[long-{side}]" for side in sides]
    seconds = float((segment.ramp.steps + 1) / form.rate)
    both = "".join(f"[long-{side}]" for side in sides)
    mixed = f"{both}xfade=transition={_XFADE[segment.kind]}:duration={seconds:.6f}:offset=0"
    return [*chains, f"{mixed},trim=start_frame={skipped},setpts=PTS-STARTPTS[{label}]"]


def _fade(ramp: Ramp) -> str:
    fade = f"fade=t={ramp.direction}:start_frame=0:nb_frames={ramp.steps}"
    if not ramp.done:
        return fade
    return f"tpad=start={ramp.done}:start_mode=clone,{fade},trim=start_frame={ramp.done},setpts=PTS-STARTPTS"
