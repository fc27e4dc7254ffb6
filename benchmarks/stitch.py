"""The cut beside what people use today: the same twelve clips by storyreel, one ffmpeg `xfade` chain, and moviepy.

.venv/bin/python benchmarks/stitch.py          prints the rows (about ten minutes)
.venv/bin/python benchmarks/stitch.py --quick  without moviepy and without 120 scenes
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from fractions import Fraction
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from run import Run

    from storyreel.plan.cut import Cut

    Once = Callable[[Sequence[str], Path], Run]

CLIPS = 12
SECONDS, SPARE, FADE = 5, 10, 12
"""Of a scene; frames of a clip beyond that; frames of a dissolve."""
RATE = 24
SWAPPED, TUNES = (6, 3, 9), ("two", "three", "four")
"""What is changed, a few times each: which scene gets another clip, which music is put under the film."""
ENCODER = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p"]
Row = tuple[str, str, str]


def draw_clips(folder: Path) -> None:
    """Takes as they are sold: 720p at 24 a second with sound, things that move, some grain. Some more to put in."""
    from storyreel.media.ffmpeg import ffmpeg_path

    length = (SECONDS * RATE + SPARE) / RATE
    quiet = [ffmpeg_path(), "-v", "error", "-y"]
    for number in range(CLIPS + len(SWAPPED)):
        moved = f"testsrc2=s=640x360:r={RATE},hue=h={30 * number},scale=1280:720:flags=bicubic,format=yuv420p"
        grain = f"noise=c0s=7:c0f=t+u:all_seed={number}"
        tone = f"sine=f={220 + 20 * number}:r=44100,volume=0.3"
        sources = ["-f", "lavfi", "-i", f"{moved},{grain}", "-f", "lavfi", "-i", tone, "-t", str(length)]
        coded = ["-c:v", "libx264", "-preset", "veryfast", "-b:v", "8M", "-c:a", "aac"]
        subprocess.run([*quiet, *sources, *coded, str(folder / f"clip-{number}.mp4")], check=True)
    # A store knows what its takes are: they are digested when they are bought, never for a cut.
    known = {str(n): _digest(folder / f"clip-{n}.mp4") for n in range(CLIPS + len(SWAPPED))}
    (folder / "digests.json").write_text(json.dumps(known))
    for name, hz in zip(("one", *TUNES), (90, 120, 150, 180), strict=True):
        score = f"sine=f={hz}:r=48000:d=70,volume=0.2"
        subprocess.run([*quiet, "-f", "lavfi", "-i", score, str(folder / f"{name}.wav")], check=True)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def cut_of(scenes: int, music: str, swapped: int | None) -> Cut:
    from storyreel.base.timebase import Range
    from storyreel.plan.cut import Cut, CutMusic, CutScene, CutShot, CutTransition, TakeSource
    from storyreel.plan.request import Asset

    placed: list[CutScene] = []
    length, end = SECONDS * RATE, 0
    for number in range(scenes):
        # A clip that no other scene ever had: its frames are on no shelf.
        clip = CLIPS + SWAPPED.index(number) if number == swapped else number % CLIPS
        # The same clips again, but never the same frames: nothing of another scene can be used.
        first = number // CLIPS
        opening = CutTransition("dissolve", FADE) if number else CutTransition()
        begin = end - opening.overlap
        source = TakeSource(str(clip), 1, Range(first, first + length), length + SPARE)
        shot = CutShot(1, None, Range(0, length), "", None)
        placed.append(
            CutScene(f"s{number}", number + 1, "shots", Range(begin, begin + length), opening, (source,), (shot,))
        )
        end = begin + length
    score = CutMusic(Asset(f"{music}.wav", music), Range(0, min(end, 60 * RATE)), -12.0, 0.0, 0, RATE, loop=True)
    return Cut("film", "Film", Fraction(RATE), 1280, 720, end, tuple(placed), (score,))


def stitch(folder: Path, scenes: int, music: str, swapped: int | None) -> None:
    """The command that is measured: takes and a cut to a reel, with the shelf in `folder`."""
    from storyreel.render.store import DiskShelf, DiskStore
    from storyreel.stitch.reel import make_reel

    cut = cut_of(scenes, music, swapped)
    takes = {(str(n), 1): folder / f"clip-{n}.mp4" for n in range(CLIPS + len(SWAPPED))}
    digests = {(name, 1): known for name, known in json.loads((folder / "digests.json").read_bytes()).items()}
    shelf = DiskShelf(DiskStore(folder / "store").blobs)
    made = make_reel(
        cut, takes, lambda asset: folder / asset.path, shelf, folder / "out", on_event=lambda _: None, digests=digests
    )
    asyncio.run(made)


def xfade(folder: Path, out: Path) -> list[str]:
    """The chain that people write: every clip an input, every dissolve a filter, one encode of it all."""
    from storyreel.media.ffmpeg import ffmpeg_path

    inputs = [part for n in range(CLIPS) for part in ("-t", str(SECONDS), "-i", str(folder / f"clip-{n}.mp4"))]
    chains, fade = [], FADE / RATE
    for n in range(1, CLIPS):
        before = "0:v" if n == 1 else f"v{n - 1}"
        heard = "0:a" if n == 1 else f"a{n - 1}"
        chains.append(f"[{before}][{n}:v]xfade=transition=fade:duration={fade}:offset={n * (SECONDS - fade)}[v{n}]")
        chains.append(f"[{heard}][{n}:a]acrossfade=d={fade}[a{n}]")
    inputs += ["-i", str(folder / "one.wav")]
    chains.append(f"[{CLIPS}:a]volume=-12dB[m];[a{CLIPS - 1}][m]amix=inputs=2:duration=first[a]")
    maps = ["-map", f"[v{CLIPS - 1}]", "-map", "[a]"]
    return [ffmpeg_path(), "-v", "error", "-y", *inputs, "-filter_complex", ";".join(chains), *maps, *ENCODER, str(out)]


MOVIEPY = """
import sys
from moviepy import CompositeVideoClip, VideoFileClip
from moviepy.video.fx import CrossFadeIn
folder, count, seconds, fade = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
clips = [VideoFileClip(f"{folder}/clip-{n}.mp4").subclipped(0, seconds) for n in range(count)]
laid = [c.with_start(n * (seconds - fade)) for n, c in enumerate(clips)]
laid = [laid[0], *(c.with_effects([CrossFadeIn(fade)]) for c in laid[1:])]
film = CompositeVideoClip(laid)
film.write_videofile(sys.argv[5], fps=24, preset="veryfast", ffmpeg_params=["-crf", "20"], logger=None)
"""


def rows(temp: Path, once: Once, *, quick: bool = False) -> list[Row]:
    """Figures of one run, side by side."""
    folder = temp / "clips"
    folder.mkdir(parents=True)
    draw_clips(folder)

    def ours(scenes: int = CLIPS, music: str = "one", swapped: int | None = None) -> Run:
        own = [sys.executable, str(Path(__file__).resolve()), "--stitch", str(folder), str(scenes), music]
        return once([*own, *([str(swapped)] if swapped is not None else [])], folder)

    chain = once(xfade(folder, folder / "chain.mp4"), folder)
    cold, again = ours(), ours()
    # Each begins from the same finished film, and is new to the shelf.
    changed, tune = _middle([ours(swapped=n) for n in SWAPPED]), _middle([ours(music=name) for name in TUNES])
    film = f"{CLIPS} clips of {SECONDS} s at 720p"
    peak = max(run.peak for run in (cold, again, changed, tune))
    found = [
        (f"one ffmpeg `xfade` chain of {film}", _cost(chain), ""),
        ("storyreel, cold", _cost(cold), f"{cold.cpu / chain.cpu:.2f} x ffmpeg's CPU time (at most 1.25)"),
        ("the same with nothing changed", *_beside(again, chain, "ffmpeg's", None)),
        ("one scene changed", *_beside(changed, chain, "ffmpeg's", 6)),
        ("music only", *_beside(tune, chain, "ffmpeg's", 15)),
        ("peak memory of any process, the chain's", f"{peak:.0f} MB / {chain.peak:.0f} MB", "(under 400 MB)"),
    ]
    if quick:
        return found
    arguments = [str(folder), str(CLIPS), str(SECONDS), str(FADE / RATE), str(folder / "peer.mp4")]
    peer = once([sys.executable, "-c", MOVIEPY, *arguments], folder)
    many = ours(scenes=10 * CLIPS)
    peaks = f"{cold.peak:.0f} MB / {many.peak:.0f} MB"
    growth = f"{many.peak / cold.peak:.2f} x (at most 1.2; under 400 MB)"
    return [
        (f"moviepy's composite of {film}", _cost(peer), ""),
        *found,
        ("cold, beside moviepy", *_beside(cold, peer, "moviepy", 3)),
        ("one scene changed, beside moviepy", *_beside(changed, peer, "moviepy", 20)),
        ("peak memory of any process, 12 and 120 scenes", peaks, growth),
    ]


def _middle(runs: Sequence[Run]) -> Run:
    """The run whose wall time is the median."""
    return sorted(runs, key=lambda run: run.wall)[len(runs) // 2]


def _cost(run: Run) -> str:
    return f"{run.wall:.1f} s, {run.cpu:.1f} s CPU, {run.peak:.0f} MB"


def _beside(run: Run, peer: Run, name: str, least: int | None) -> tuple[str, str]:
    bound = f" (at least {least})" if least is not None else ""
    taken = f"{run.wall:.2f} s ({run.cpu:.1f} s CPU) / {peer.wall:.1f} s"
    return taken, f"{peer.wall / run.wall:.1f} x faster than {name}{bound}"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--quick", action="store_true")
    options.add_argument("--stitch", nargs="+", metavar=("FOLDER", "SCENES"))
    wanted = options.parse_args()
    if wanted.stitch:
        folder, scenes, music, *swapped = wanted.stitch
        stitch(Path(folder), int(scenes), music, int(swapped[0]) if swapped else None)
        return
    from run import once

    with tempfile.TemporaryDirectory() as temp:
        for row in rows(Path(temp), once, quick=wanted.quick):
            sys.stdout.write(f"| {' | '.join(row)} |\n")


if __name__ == "__main__":
    main()
