"""Small pictures laid over a picture by ffmpeg: where, when, and how they come and go. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from storyreel.base.timebase import Range, rate_text
from storyreel.media.ffmpeg import INPUT
from storyreel.stitch.encoding import Format


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture file, or, with `moving`, a raw RGBA stream that has exactly the frames of `at` from frame 0 on."""

    file: Path
    at: Range
    """Frames of what carries it; may begin before it."""
    left: int
    top: int
    fade_in: int = 0
    fade_out: int = 0
    moving: tuple[int, int] | None = None
    """Width and height of the raw frames."""
    enter: tuple[int, int] = (0, 0)
    """Pixels right of and below its place from which it comes while it fades in."""
    leave: tuple[int, int] = (0, 0)

    def arguments(self, form: Format) -> list[str]:
        if self.moving is None:
            return INPUT(self.file)
        size = f"{self.moving[0]}x{self.moving[1]}"
        raw = ["-f", "rawvideo", "-pixel_format", "rgba", "-video_size", size, "-framerate", rate_text(form.rate)]
        return ["-protocol_whitelist", "file", *raw, "-i", f"file:{self.file.absolute()}"]


def laid_over(base: str, layers: Sequence[Layer], first_input: int, form: Format, label: str) -> list[str]:
    """Filter chains that lay `layers` over the stream `base`; the result is called `label`, also without layers."""
    chains: list[str] = []
    for number, layer in enumerate(layers):
        picture = f"{label}p{number}"
        chains.append(f"[{first_input + number}:v]{_prepared(layer, form)}[{picture}]")
        result = label if number == len(layers) - 1 else f"{label}m{number}"
        shown = f"enable='between(n,{max(0, layer.at.start)},{layer.at.end - 1})'"
        chains.append(f"[{base}][{picture}]overlay={_corner(layer)}:format=yuv420:eof_action=repeat:{shown}[{result}]")
        base = result
    return chains or [f"[{base}]null[{label}]"]


def _corner(layer: Layer) -> str:
    """Where the picture stands on frame `n`: it slows down as it comes and hurries as it goes."""
    # Chroma has half the pixels, so an odd corner would smear colour by one.
    places = [side // 2 * 2 for side in (layer.left, layer.top)]
    if not any((*layer.enter, *layer.leave)):
        return f"{places[0]}:{places[1]}"
    coming = f"pow(1-clip((n-{layer.at.start}+1)/{max(1, layer.fade_in)},0,1),3)".replace("--", "+")
    going = f"pow(clip((n-{layer.at.end - layer.fade_out})/{max(1, layer.fade_out)},0,1),3)".replace("--", "+")
    sums = [
        f"{place}+2*round(({far}*{coming}+{away}*{going})/2)"
        for place, far, away in zip(places, layer.enter, layer.leave, strict=True)
    ]
    return f"x='{sums[0]}':y='{sums[1]}':eval=frame"


def _prepared(layer: Layer, form: Format) -> str:
    if layer.moving is not None:
        return f"setpts=PTS-STARTPTS+{max(0, layer.at.start)}/({rate_text(form.rate)})/TB"
    if not layer.fade_in and not layer.fade_out:
        return "format=rgba"
    passed = max(0, -layer.at.start)
    rate = rate_text(form.rate)
    fades = []
    if layer.fade_in:
        fades.append(f"fade=t=in:start_frame=0:nb_frames={layer.fade_in}:alpha=1")
    if layer.fade_out:
        fades.append(f"fade=t=out:start_frame={layer.at.length - layer.fade_out}:nb_frames={layer.fade_out}:alpha=1")
    return ",".join(
        [
            f"format=rgba,loop=loop=-1:size=1:start=0,settb=1/({rate}),setpts=N,trim=end_frame={layer.at.length}",
            *fades,
            f"trim=start_frame={passed}",
            f"setpts=PTS-STARTPTS+{max(0, layer.at.start)}",
        ]
    )
