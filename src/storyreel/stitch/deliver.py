"""The joined cut in another container: every format shows the same frames at the same times."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from storyreel.base.timebase import Rate, rate_text
from storyreel.media.ffmpeg import INPUT, MediaFailed, ffmpeg
from storyreel.media.probe import probe
from storyreel.media.process import Runner
from storyreel.stitch.encoding import Delivery, Quality, timescale
from storyreel.stitch.join import placed

_HOURS = 3600.0
_VP9: dict[Quality, list[str]] = {
    "draft": ["-deadline", "realtime", "-cpu-used", "8", "-crf", "40"],
    "final": ["-deadline", "good", "-cpu-used", "4", "-crf", "31"],
}
_PRORES: dict[Quality, str] = {"draft": "0", "final": "3"}
_BARE = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact"]
# One thread for each column of tiles: two runs then give the same frames.
_EXACT = ["-row-mt", "0", "-tile-columns", "2", "-threads", "4"]


async def deliver(
    master: Path, delivery: Delivery, quality: Quality, rate: Rate, out: Path, *, runner: Runner | None = None
) -> None:
    """Write `out` from the joined mp4 as mov, webm, gif or prores, or leave it as it was; raises MediaFailed."""
    length = _seconds(master)
    with placed(out) as fresh:
        if delivery.format == "gif":
            await _gif(master, delivery, rate, fresh, runner)
        else:
            coded = _coded(delivery, quality, rate)
            await ffmpeg([*INPUT(master), *coded, *_BARE, str(fresh)], runner=runner, limit_s=_HOURS)
        if abs(_seconds(fresh) - length) > max(Fraction(1, delivery.gif_fps), 2 / rate):
            raise MediaFailed(
                f"the {delivery.format} came out {float(_seconds(fresh)):.2f} s long, not {float(length):.2f}"
            )


def _coded(delivery: Delivery, quality: Quality, rate: Rate) -> list[str]:
    if delivery.format == "mov":
        scale = str(timescale(rate))
        clock = ["-movie_timescale", scale, "-video_track_timescale", scale]
        return ["-map", "0:v:0", "-map", "0:a:0", "-c", "copy", *clock, "-movflags", "+faststart", "-f", "mov"]
    return _webm(quality) if delivery.format == "webm" else _prores(quality)


def _webm(quality: Quality) -> list[str]:
    picture = ["-c:v", "libvpx-vp9", "-b:v", "0", *_VP9[quality], *_EXACT, "-g", "240", "-pix_fmt", "yuv420p"]
    return ["-map", "0:v:0", "-map", "0:a:0", *picture, "-c:a", "libopus", "-b:a", "128k", "-f", "webm"]


def _prores(quality: Quality) -> list[str]:
    picture = ["-c:v", "prores_ks", "-profile:v", _PRORES[quality], "-vendor", "apl0", "-pix_fmt", "yuv422p10le"]
    colours = ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709"]
    sound = ["-c:a", "pcm_s16le"]
    return ["-map", "0:v:0", "-map", "0:a:0", *picture, *colours, *sound, "-movflags", "+faststart", "-f", "mov"]


async def _gif(master: Path, delivery: Delivery, rate: Rate, out: Path, runner: Runner | None) -> None:
    """In two passes, because one would hold every frame until the last had been seen."""
    side = delivery.gif_side
    fps = rate_text(min(rate, Fraction(delivery.gif_fps)))
    inside = f"scale=w='min(iw,{side})':h='min(ih,{side})':force_original_aspect_ratio=decrease:flags=lanczos"
    small = f"fps={fps}:start_time=0:round=near,{inside}"
    palette = out.with_name(f"{out.name}.palette.png")
    try:
        drawn = ["-vf", f"{small},palettegen=stats_mode=diff", "-frames:v", "1", "-f", "image2", "-update", "1"]
        await ffmpeg([*INPUT(master), *drawn, str(palette)], runner=runner, limit_s=_HOURS)
        graph = f"[0:v]{small}[film];[film][1:v]paletteuse=dither=bayer:bayer_scale=4:diff_mode=rectangle[out]"
        coded = ["-filter_complex", graph, "-map", "[out]", "-f", "gif", "-loop", "0"]
        await ffmpeg([*INPUT(master), *INPUT(palette), *coded, str(out)], runner=runner, limit_s=_HOURS)
    finally:
        palette.unlink(missing_ok=True)


def _seconds(file: Path) -> Fraction:
    facts = probe(file)
    if facts is None or facts.seconds is None:
        raise MediaFailed(f"{file.name} was not written to its end")
    return facts.seconds
