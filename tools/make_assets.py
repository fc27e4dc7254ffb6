"""Makes every asset of the example boards from nothing: pictures, logo, music.

    .venv/bin/python tools/make_assets.py              all of them, about a minute
    .venv/bin/python tools/make_assets.py mara music   those whose path holds one of the words

Everything is drawn and synthesised here (Pillow, numpy), so the project owns it. The same machine makes the same
bytes again; another version of Pillow or ffmpeg may not, which is why the results are committed.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from artwork import bottles, ivo, mara, paper_boat, score
from artwork.canvas import Canvas

ROOT = Path(__file__).resolve().parent.parent / "assets"
LOUDNESS = -18.0
"""LUFS of every piece: quiet enough to lie under speech, loud enough to stand alone."""

Maker = Callable[[Path], None]


def picture(draw: Callable[[], Canvas], quality: int = 86) -> Maker:
    return lambda path: draw().save(path, quality)


def music(play: Callable[[], np.ndarray]) -> Maker:
    return partial(record, play)


def record(play: Callable[[], np.ndarray], path: Path) -> None:
    """AAC at the loudness that all pieces share."""
    sound = play()
    sound = sound * 10 ** ((LOUDNESS - measured(sound)) / 20)
    over = np.abs(sound) > 0.7
    sound[over] = np.sign(sound[over]) * (0.7 + 0.25 * np.tanh((np.abs(sound[over]) - 0.7) / 0.25))
    path.parent.mkdir(parents=True, exist_ok=True)
    ffmpeg("-i", "pipe:0", "-c:a", "aac", "-b:a", "88k", "-fflags", "+bitexact", "-flags:a", "+bitexact",
           "-map_metadata", "-1", "-movflags", "+faststart", str(path), feed=sound)


def measured(sound: np.ndarray) -> float:
    """Integrated loudness in LUFS."""
    said = ffmpeg("-i", "pipe:0", "-af", "ebur128", "-f", "null", "-", feed=sound)
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", said)[-1])


def ffmpeg(*args: str, feed: np.ndarray) -> str:
    pcm = np.clip(feed, -1, 1).astype("<f4").tobytes()
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-y",
               "-f", "f32le", "-ar", str(score.HZ), "-ac", "2", *args]
    done = subprocess.run(command, input=pcm, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr.decode()[-2000:])
    return done.stderr.decode()


ASSETS: dict[str, Maker] = {
    "mara/front.jpg": picture(mara.front),
    "mara/left.jpg": picture(mara.left),
    "ivo/front.jpg": picture(ivo.front),
    "ivo/right.jpg": picture(ivo.right),
    "norra/ember_front.jpg": picture(bottles.ember_front),
    "norra/ember_angle.jpg": picture(bottles.ember_angle),
    "norra/fjord_front.jpg": picture(bottles.fjord_front),
    "norra/fjord_angle.jpg": picture(bottles.fjord_angle),
    "norra/logo.png": bottles.logo,
    "paper_boat/sheet.jpg": picture(paper_boat.sheet),
    "paper_boat/boat.jpg": picture(paper_boat.folded),
    "paper_boat/gutter.jpg": picture(paper_boat.gutter, 82),
    "paper_boat/sea.jpg": picture(paper_boat.sea, 84),
    "music/last_lamp.m4a": music(score.last_lamp),
    "music/norra.m4a": music(score.norra),
    "music/paper_boat.m4a": music(score.paper_boat),
}


def main(words: list[str]) -> None:
    for name, make in ASSETS.items():
        if words and not any(word in name for word in words):
            continue
        path = ROOT / name
        make(path)
        print(f"{path.stat().st_size / 1024:7.0f} KiB  assets/{name}")


if __name__ == "__main__":
    main(sys.argv[1:])
