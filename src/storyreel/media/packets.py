"""What is in a container that we do not read ourselves, by ffmpeg's list of its packets: exact, without decoding."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from storyreel.media.failed import MediaFailed
from storyreel.media.ffmpeg import ffmpeg_path
from storyreel.media.grid import rate_of
from storyreel.media.process import clean_environment, die_with_parent

_LIMIT_S = 20.0
_MAX_LIST = 64 << 20
_MAX_FRAMES = 2_000_000
_HEAD = re.compile(r"#(tb|media_type|dimensions) (\d+): (\S+)")


@dataclass(slots=True)
class Stream:
    """One stream: its tick in seconds, and when its packets are shown, in ticks."""

    kind: str = ""
    tick: Fraction = Fraction(1)
    size: tuple[int, int] = (0, 0)
    stamps: list[int] = field(default_factory=list)
    end: int = 0

    @property
    def rate(self) -> Fraction | None:
        return rate_of(self.stamps, self.tick)

    @property
    def seconds(self) -> Fraction:
        """From time 0, or the first picture, to the end of the last packet; on the frame grid where there is one."""
        if self.kind == "video" and (rate := self.rate) is not None:
            return len(self.stamps) / rate
        return (self.end - max(0, self.stamps[0])) * self.tick if self.stamps else Fraction(0)


def streams_of(path: Path, demuxer: str) -> tuple[Stream, ...]:
    """The first picture and the first sound of a file read as `demuxer` and nothing else; raises MediaFailed."""
    # An MP3 says only to its decoder how much of its last packet is silence; all others tell it in the packet.
    codec = () if demuxer == "mp3" else ("-c", "copy")
    pictures = () if demuxer in ("mp3", "flac", "ogg", "aac", "wav") else ("-map", "0:v:0?")  # not a cover
    argv = [ffmpeg_path(), "-nostdin", "-hide_banner", "-v", "error", "-protocol_whitelist", "file"]
    argv += ["-format_whitelist", demuxer, "-f", demuxer, "-i", f"file:{path.absolute()}"]
    argv += [*pictures, "-map", "0:a:0?", *codec, "-f", "framecrc", "pipe:1"]
    listing = _output(argv)
    streams: dict[str, Stream] = {}
    for line in listing.splitlines():
        if found := _HEAD.match(line):
            _note(streams.setdefault(found[2], Stream()), found[1], found[3])
        elif not line.startswith("#"):
            index, _, shown, lasts, *_ = line.split(",")
            stream = streams[index]
            stream.stamps.append(int(shown))
            stream.end = max(stream.end, int(shown) + int(lasts))
    for stream in streams.values():
        stream.stamps.sort()
        if demuxer == "avi" and stream.kind == "video" and stream.stamps:
            # Its tick is one frame, and frames that only repeat the one before have no packet.
            stream.stamps = list(range(stream.stamps[0], min(stream.end, stream.stamps[0] + _MAX_FRAMES)))
    return tuple(stream for stream in streams.values() if stream.stamps)


def _note(stream: Stream, name: str, value: str) -> None:
    if name == "tb":
        stream.tick = Fraction(value)
    elif name == "media_type":
        stream.kind = value
    else:
        width, _, height = value.partition("x")
        stream.size = (int(width), int(height))


def _output(argv: list[str]) -> str:
    """Standard output of a short run; this waits, as `check` does for every file it looks at."""
    with subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
        cwd=os.sep,
        start_new_session=True,
        preexec_fn=die_with_parent(),  # noqa: PLW1509 - it makes one system call and takes no lock
    ) as process:
        try:
            listing, complaint = process.communicate(timeout=_LIMIT_S)
        except BaseException as problem:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if isinstance(problem, subprocess.TimeoutExpired):
                raise MediaFailed(f"looking at the file took longer than {_LIMIT_S:g} s") from problem
            raise
    detail = complaint.decode(errors="replace")[-4096:]
    if process.returncode != 0 or "prematurely" in detail or len(listing) > _MAX_LIST:
        raise MediaFailed("the file is damaged or cut short", detail)
    return listing.decode(errors="replace")
