"""A reel decoded once, small, and its joins judged by what the cut meant there."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.base.timebase import AUDIO_HZ, Rate, rate_text, round_half_up, samples_at
from storyreel.media.ffmpeg import INPUT, MediaFailed, ffmpeg
from storyreel.media.footage import Footage, footage_of
from storyreel.media.process import Runner
from storyreel.plan.cut import Cut, FileSource, Source, TakeSource
from storyreel.plan.request import Asset
from storyreel.plan.settle import settle
from storyreel.stitch.score import Stem
from storyreel.stitch.seams.joins import Join, fades_of, joins_of, moves
from storyreel.stitch.seams.picture import HEIGHT, WIDTH, Seen, black_at, frozen_at, jump_at, look
from storyreel.stitch.seams.report import Limits, Seam, SeamReport
from storyreel.stitch.seams.sound import HEARD, Heard
from storyreel.stitch.stems import stretch
from storyreel.stitch.together import together

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Samples = npt.NDArray[np.int16]

TakeId = tuple[str, int]


async def report_seams(
    reel: Path,
    cut: Cut,
    takes: Mapping[TakeId, Path],
    asset_path: Callable[[Asset], Path],
    *,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
    jobs: int = 2,
    runner: Runner | None = None,
) -> SeamReport:
    """Look at every join of a finished reel; `takes` are those that it was cut from. Raises MediaFailed."""
    sounds = _Sounds(takes, asset_path, cut.rate, runner)
    with tempfile.TemporaryDirectory(prefix="storyreel-") as folder:
        pictures, samples = Path(folder, "pictures.yuv"), Path(folder, "sound.s16")
        await together([_decode(reel, cut.rate, pictures, samples, runner), sounds.measure(cut, jobs)])
        settled = settle(cut, sounds.held)
        joins = joins_of(settled)
        wanted = await sounds.of(joins, jobs)
        heard = Heard(samples, cut.rate)
        seen, _ = await asyncio.gather(asyncio.to_thread(look, pictures), asyncio.to_thread(heard.listen))
        seams = await asyncio.to_thread(_seams, settled, joins, seen, heard, wanted)
    return SeamReport(cut.film, seen.frames, cut.frames, seams, limits)


def _seams(
    cut: Cut, joins: tuple[Join, ...], seen: Seen, heard: Heard, wanted: list[Samples | None]
) -> tuple[Seam, ...]:
    reach, fades = round_half_up(cut.rate), fades_of(cut)
    found = []
    for join, sound in zip(joins, wanted, strict=True):
        jump = jump_at(join, seen)
        found.append(
            Seam(
                join.before.id,
                join.after.id,
                join.kind,
                join.frame,
                round(float(join.frame / cut.rate), 3),
                heard.offset_ms(join, sound) if sound is not None else None,
                frozen_at(join, seen, reach),
                black_at(join, seen, reach, fades),
                None if jump is None else round(jump, 1),
                join.is_continuous,
                heard.step_lu(join),
            )
        )
    return tuple(found)


async def _decode(reel: Path, rate: Rate, pictures: Path, samples: Path, runner: Runner | None) -> None:
    """Both streams in one reading, on the film's own grid: what begins late is late in what is written."""
    seen = f"fps=fps={rate_text(rate)}:start_time=0:round=near,scale={WIDTH}:{HEIGHT}:flags=area,format=yuv444p"
    heard = f"aresample={AUDIO_HZ}:async=1:first_pts=0,aformat=sample_fmts=s16:channel_layouts=stereo"
    shown = ["-map", "0:v:0", "-vf", seen, "-fps_mode", "passthrough", "-f", "rawvideo", str(pictures)]
    said = ["-map", "0:a:0", "-af", heard, "-c:a", "pcm_s16le", "-f", "s16le", str(samples)]
    try:
        await ffmpeg([*INPUT(reel), *shown, *said], runner=runner)
    except MediaFailed as problem:
        raise MediaFailed(f"{reel.name} cannot be looked at: {problem.message}", problem.detail) from problem


class _Sounds:
    """What the footage of a film sounds like at its own beginning, before it was cut."""

    def __init__(
        self,
        takes: Mapping[TakeId, Path],
        asset_path: Callable[[Asset], Path],
        rate: Rate,
        runner: Runner | None,
    ) -> None:
        self._takes, self._asset_path, self._rate, self._runner = takes, asset_path, rate, runner
        self._footage: dict[Path, Footage] = {}

    async def measure(self, cut: Cut, jobs: int) -> None:
        """Find out when the pictures of each file begin; to be called first."""
        slots = asyncio.Semaphore(jobs)

        async def one(file: Path) -> None:
            async with slots:
                self._footage[file] = await footage_of(file, runner=self._runner)

        sources = (source for scene in cut.scenes for source in scene.sources if moves(source))
        files = dict.fromkeys(file for source in sources if (file := self._file(source)) is not None)
        await together(one(file) for file in files)

    def held(self, take: TakeSource) -> int | None:
        """Frames of a take at the film's rate; None where it is not here."""
        footage = self._footage.get(self._takes.get((take.key, take.take), Path()))
        return None if footage is None else round_half_up(footage.seconds * self._rate)

    async def of(self, joins: tuple[Join, ...], jobs: int) -> list[Samples | None]:
        """The first samples of what comes in at each join; None where it has no sound of its own."""
        slots = asyncio.Semaphore(jobs)

        async def one(join: Join) -> Samples | None:
            async with slots:
                return await self._beginning(join)

        return await together(map(one, joins))

    async def _beginning(self, join: Join) -> Samples | None:
        source, file = join.incoming, self._file(join.incoming)
        if file is None or not moves(source) or join.after.audio_db is None:
            return None
        first = round_half_up(source.used.start * AUDIO_HZ / self._rate)
        count = min(HEARD, samples_at(source.used.length, self._rate))
        stem = Stem("picture", "", first, count, join.after.speed)
        try:
            return await stretch(stem, count, file, self._begins(file), self._runner)
        except MediaFailed as problem:
            if "there is no sound" in problem.message:
                return None
            raise

    def _begins(self, file: Path) -> Fraction | None:
        footage = self._footage.get(file)
        return footage.begins if footage is not None else None

    def _file(self, source: Source) -> Path | None:
        if isinstance(source, TakeSource):
            return self._takes.get((source.key, source.take))
        return self._asset_path(source.asset) if isinstance(source, FileSource) else None
