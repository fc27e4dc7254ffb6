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
from artwork import bottles, ivo, mara, paper_boat, score, title
from artwork.canvas import Canvas, cut_out, save_cut_out
from artwork.figure import alone

ROOT = Path(__file__).resolve().parent.parent / "assets"
LOUDNESS = -18.0
"""LUFS of every piece: quiet enough to lie under speech, loud enough to stand alone."""

Maker = Callable[[Path], None]


def picture(draw: Callable[[], Canvas], quality: int = 86) -> Maker:
    return lambda path: draw().save(path, quality)


def person(draw: Callable[[Canvas], None], seed: int) -> Maker:
    return lambda path: save_cut_out(alone(draw, seed), path)


def bottle(draw: Callable[[Canvas, bottles.Look], None], look: bottles.Look) -> Maker:
    return lambda path: save_cut_out(cut_out(bottles.ALONE, lambda c: draw(c, look), 31), path, step=4)


def music(play: Callable[[], np.ndarray]) -> Maker:
    return partial(record, play)


def record(play: Callable[[], np.ndarray], path: Path) -> None:
    """AAC at the loudness that all pieces share."""
    sound = play()
    sound = sound * 10 ** ((LOUDNESS - measured(sound)) / 20)
    over = np.abs(sound) > 0.7
    sound[over] = np.sign(sound[over]) * (0.7 + 0.25 * np.tanh((np.abs(sound[over]) - 0.7) / 0.25))
    path.parent.mkdir(parents=True, exist_ok=True)
    ffmpeg(
        "-i",
        "pipe:0",
        "-c:a",
        "aac",
        "-b:a",
        "80k",
        "-fflags",
        "+bitexact",
        "-flags:a",
        "+bitexact",
        "-map_metadata",
        "-1",
        "-movflags",
        "+faststart",
        str(path),
        feed=sound,
    )


def measured(sound: np.ndarray) -> float:
    """Integrated loudness in LUFS."""
    said = ffmpeg("-i", "pipe:0", "-af", "ebur128", "-f", "null", "-", feed=sound)
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", said)[-1])


def ffmpeg(*args: str, feed: np.ndarray) -> str:
    pcm = np.clip(feed, -1, 1).astype("<f4").tobytes()
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-hide_banner",
        "-nostdin",
        "-y",
        "-f",
        "f32le",
        "-ar",
        str(score.HZ),
        "-ac",
        "2",
        *args,
    ]
    done = subprocess.run(command, input=pcm, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr.decode()[-2000:])
    return done.stderr.decode()


ASSETS: dict[str, Maker] = {
    "last_lamp/title.jpg": picture(title.title, 84),
    "mara/front.png": person(mara.front, 11),
    "mara/left.png": person(mara.left, 12),
    "ivo/front.png": person(ivo.front, 21),
    "ivo/right.png": person(ivo.right, 22),
    "norra/ember.jpg": picture(partial(bottles.photograph, bottles.EMBER, 31)),
    "norra/ember_front.png": bottle(bottles.front, bottles.EMBER),
    "norra/ember_above.png": bottle(bottles.above, bottles.EMBER),
    "norra/fjord.jpg": picture(partial(bottles.photograph, bottles.FJORD, 33)),
    "norra/fjord_front.png": bottle(bottles.front, bottles.FJORD),
    "norra/fjord_above.png": bottle(bottles.above, bottles.FJORD),
    "norra/logo.png": bottles.logo,
    "paper_boat/sheet.jpg": picture(paper_boat.sheet, 82),
    "paper_boat/boat.jpg": picture(paper_boat.folded, 82),
    "paper_boat/gutter.jpg": picture(paper_boat.gutter, 80),
    "paper_boat/sea.jpg": picture(paper_boat.sea, 82),
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
