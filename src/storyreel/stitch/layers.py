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
        # Chroma has half the pixels, so an odd corner would smear colour by one.
        corner = f"{layer.left // 2 * 2}:{layer.top // 2 * 2}"
        chains.append(f"[{base}][{picture}]overlay={corner}:format=yuv420:eof_action=repeat:{shown}[{result}]")
        base = result
    return chains or [f"[{base}]null[{label}]"]


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
