"""Cards and titles: exact frames, the same on every run, and a moviepy that obeys nobody else."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from storyreel.media.compose import RAW, Composition, Ground, Keys, Layer, compose, composition_from, held
from storyreel.media.failed import MediaFailed
from storyreel.media.ffmpeg import INPUT, ffmpeg
from storyreel.media.probe import probe
from storyreel.media.process import Finished

SIZE = (320, 180)
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-threads", "1", "-f", "mp4")
PLANTED = ("FFMPEG_BINARY", "FFPLAY_BINARY", "IMAGEIO_FFMPEG_EXE")
GROUND = Ground((20, 22, 26), (20, 22, 26))


@pytest.fixture
def square(tmp_path: Path) -> Path:
    """A white square of 40 pixels with room around it."""
    image = Image.new("RGBA", (60, 60))
    image.paste((255, 255, 255, 255), (10, 10, 50, 50))
    image.save(tmp_path / "square.png")
    return tmp_path / "square.png"


def still(square: Path, out: Path, frames: int = 10, **changes: object) -> Composition:
    layer = Layer(square, (100, 60, 60, 60), **changes)  # type: ignore[arg-type]
    return Composition(SIZE, Fraction(24), frames, GROUND, (layer,), out, RAW)


def frames_of(item: Composition) -> np.ndarray:
    asyncio.run(compose([item]))
    width, height = item.size
    data = np.fromfile(item.out, np.uint8)
    if item.ground is None:
        return data.reshape(-1, height, width, 4)
    return np.stack([rgb(frame, width, height) for frame in data.reshape(-1, width * height * 3 // 2)])


def rgb(film: np.ndarray, width: int, height: int) -> np.ndarray:
    """One yuv420p frame of BT.709, as the colours it stands for."""
    luma = (film[: width * height].reshape(height, width).astype(float) - 16) * 255 / 219
    u, v = (
        np.kron(plane.reshape(height // 2, width // 2).astype(float) - 128, np.ones((2, 2))) * 255 / 224
        for plane in np.split(film[width * height :], 2)
    )
    planes = (luma + 1.5748 * v, luma - 0.1873 * u - 0.4681 * v, luma + 1.8556 * u)
    return np.clip(np.rint(np.stack(planes, -1)), 0, 255).astype(np.uint8)


def middle(frame: np.ndarray) -> tuple[float, float, float]:
    """Column and row of the middle of what is light, and how many pixels it covers."""
    weight = (frame[:, :, 0].astype(float) - 20) / 235
    rows, columns = np.indices(weight.shape)
    whole = weight.sum()
    return ((columns + 0.5) * weight).sum() / whole, ((rows + 0.5) * weight).sum() / whole, whole


def test_frames_are_exact_at_every_rate(square: Path, tmp_path: Path) -> None:
    rates = (Fraction(24), Fraction(24000, 1001), Fraction(30000, 1001), Fraction(25))
    layer = Layer(square, (100, 60, 60, 60), across=Keys(((0, 0), (48, 50))))
    items = [
        Composition(SIZE, rate, count, GROUND, (layer,), tmp_path / f"{float(rate):.3f}-{count}.mp4", H264)
        for rate in rates
        for count in (1, 7, 48)
    ]
    asyncio.run(compose(items))
    for item in items:
        facts = probe(item.out)
        assert facts is not None
        assert (facts.width, facts.height) == SIZE
        assert facts.seconds == item.frames / item.rate
        counted = asyncio.run(ffmpeg([*INPUT(item.out), "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"]))
        assert len(counted) == item.frames * SIZE[0] * SIZE[1]


def test_a_layer_stands_where_its_box_is(square: Path, tmp_path: Path) -> None:
    frames = frames_of(still(square, tmp_path / "a.raw"))
    assert len(frames) == 10
    assert (frames == frames[0]).all()
    assert (frames[0, 70:110, 110:150] == 255).all()
    assert tuple(frames[0, 69, 110]) == (20, 22, 26)


def test_a_layer_is_brought_to_its_box(square: Path, tmp_path: Path) -> None:
    item = Composition(SIZE, Fraction(24), 1, GROUND, (Layer(square, (10, 10, 30, 30)),), tmp_path / "a.raw", RAW)
    column, row, area = middle(frames_of(item)[0])
    assert (round(column), round(row)) == (25, 25)
    assert abs(area - 400) < 20


def test_opacity_comes_and_goes(square: Path, tmp_path: Path) -> None:
    keys = Keys(((0, 0.0), (4, 1.0), (8, 1.0), (10, 0.0)), "linear")
    frames = frames_of(still(square, tmp_path / "a.raw", frames=12, opacity=keys))
    seen = frames[:, 90, 130, 0].astype(int)
    assert seen[0] == 20
    assert abs(seen[2] - 137) <= 2
    assert seen[4] == seen[7] == 255
    assert seen[10] == seen[11] == 20


def test_a_slow_push_moves_by_parts_of_a_pixel(square: Path, tmp_path: Path) -> None:
    push = Keys(((0, 1.0), (47, 1.2)), "linear")
    frames = frames_of(still(square, tmp_path / "a.raw", frames=48, scale=push, anchor=(0.0, 0.0)))
    places = [middle(frame) for frame in frames]
    assert places[0][:2] == pytest.approx((130, 90), abs=0.05)
    assert places[-1][:2] == pytest.approx((156, 108), abs=0.1)
    assert places[-1][2] == pytest.approx(1600 * 1.44, rel=0.02)
    steps = np.diff([place[0] for place in places])
    assert steps.min() > 0.3
    assert steps.max() < 0.8


def test_layers_may_leave_the_frame(square: Path, tmp_path: Path) -> None:
    frames = frames_of(still(square, tmp_path / "a.raw", across=Keys(((0, -200.0), (9, 400.0)), "linear")))
    assert (frames[0] == (20, 22, 26)).all()
    assert (frames[4] == 255).any()
    assert (frames[9] == (20, 22, 26)).all()


def test_without_a_ground_frames_are_transparent(square: Path, tmp_path: Path) -> None:
    Image.new("RGBA", (40, 40), (200, 30, 30, 128)).save(tmp_path / "veil.png")
    layers = (Layer(square, (100, 60, 60, 60)), Layer(tmp_path / "veil.png", (0, 0, 40, 40), opacity=held(0.5)))
    frames = frames_of(Composition(SIZE, Fraction(24), 3, None, layers, tmp_path / "a.raw", RAW))
    assert frames.shape == (3, 180, 320, 4)
    assert tuple(frames[0, 90, 130]) == (255, 255, 255, 255)
    assert frames[0, 0, 319, 3] == 0
    assert tuple(frames[0, 20, 20]) == (200, 30, 30, 64)


def test_a_picture_fills_the_frame_under_its_veil(tmp_path: Path) -> None:
    Image.new("RGB", (100, 300), (200, 100, 0)).save(tmp_path / "tall.png")
    ground = Ground((0, 0, 0), (0, 0, 0), tmp_path / "tall.png", 0.5, Keys(((0, 1.0), (5, 1.1))))
    frames = frames_of(Composition(SIZE, Fraction(24), 6, ground, (), tmp_path / "a.raw", RAW))
    assert (np.abs(frames.astype(int) - (100, 50, 0)) <= 1).all()


def test_colours_survive_the_encoder(tmp_path: Path) -> None:
    ground = Ground((0xF2, 0xA3, 0x3A), (0xF2, 0xA3, 0x3A))
    marked = (*H264[:-2], "-qp", "4", "-colorspace", "bt709", "-color_range", "tv", *H264[-2:])
    asyncio.run(compose([Composition(SIZE, Fraction(24), 2, ground, (), tmp_path / "a.mp4", marked)]))
    back = "scale=in_color_matrix=bt709:in_range=tv:out_range=pc,format=rgb24"
    args = [*INPUT(tmp_path / "a.mp4"), "-vf", back, "-f", "rawvideo", "pipe:1"]
    pixel = np.frombuffer(asyncio.run(ffmpeg(args)), np.uint8)[:3].astype(int)
    assert (np.abs(pixel - (0xF2, 0xA3, 0x3A)) <= 3).all()


def test_equal_compositions_give_equal_frames(square: Path, tmp_path: Path) -> None:
    ground = Ground((20, 22, 26), (60, 40, 20))
    layer = Layer(square, (99.5, 60, 60, 60), Keys(((0, 0.0), (5, 1.0))), Keys(((0, 1.0), (9, 1.1))))
    items = [Composition(SIZE, Fraction(24), 10, ground, (layer,), tmp_path / name, RAW) for name in ("a.raw", "b.raw")]
    asyncio.run(compose(items))
    assert items[0].out.read_bytes() == items[1].out.read_bytes()


def test_many_compositions_share_one_child(square: Path, tmp_path: Path) -> None:
    class Counts:
        argv: list[Sequence[str]] = []  # noqa: RUF012
        fed = b""

        async def run(
            self, argv: Sequence[str], /, *, feed: Iterable[bytes] | None = None, limit_s: float = 600
        ) -> Finished:
            self.argv.append(argv)
            self.fed += b"".join(feed or ())
            return Finished(0)

    runner = Counts()
    ground = Ground((1, 2, 3), (4, 5, 6), square, 0.25, Keys(((0, 1.0), (9, 1.5)), "linear"))
    layer = Layer(square, (1.5, 2, 3, 4), held(0.5), Keys(((0, 1), (3, 2))), held(1), held(2), (7.0, 8.0))
    items = [
        Composition((64, 36), Fraction(24000, 1001), 3, ground, (layer,), tmp_path / "a.mp4", H264),
        still(square, tmp_path / "b.raw"),
    ]
    asyncio.run(compose(items, runner=runner))
    asyncio.run(compose([], runner=runner))
    assert len(runner.argv) == 1
    assert [composition_from(plain) for plain in json.loads(runner.fed)] == items


def test_what_goes_wrong_is_a_sentence(square: Path, tmp_path: Path) -> None:
    with pytest.raises(MediaFailed, match="could not be drawn") as problem:
        asyncio.run(compose([still(tmp_path / "gone.png", tmp_path / "a.raw")]))
    assert "gone.png cannot be read" in problem.value.detail
    broken = Composition(SIZE, Fraction(24), 100, GROUND, (), tmp_path / "a.mp4", ("-c:v", "no-such-encoder"))
    with pytest.raises(MediaFailed, match="could not be drawn") as problem:
        asyncio.run(compose([broken]))
    assert "no-such-encoder" in problem.value.detail


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs /dev/full")
    with pytest.raises(MediaFailed, match="the disk is full"):
        asyncio.run(compose([Composition(SIZE, Fraction(24), 5, GROUND, (), full, RAW)]))


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose `.env` names a program that leaves a mark, with the packages inside it, as venvs often are."""
    project, mark = tmp_path / "project", tmp_path / "mark"
    site = project / ".venv" / "lib" / "site-packages"
    site.mkdir(parents=True)
    for name in ("moviepy", "imageio", "imageio_ffmpeg", "dotenv"):
        package = find_spec(name)
        assert package is not None
        assert package.origin is not None
        (site / name).symlink_to(Path(package.origin).parent)
    program = project / "x.sh"
    program.write_text(f"#!/bin/sh\necho started >> '{mark}'\n")
    program.chmod(0o755)
    for folder in (project, project / ".venv", site):
        (folder / ".env").write_text("".join(f"{name}={program}\n" for name in PLANTED))
    (project / "ffplay").symlink_to(program)
    (project / "ffmpeg").symlink_to(program)
    for name in PLANTED:
        monkeypatch.setenv(name, str(program))
    monkeypatch.setenv("PATH", f"{project}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(site))
    monkeypatch.chdir(project)
    return mark


def python(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("is_in_environment", [True, False], ids=["environment", "env-file"])
def test_a_planted_program_runs_where_nobody_guards(
    planted: Path, monkeypatch: pytest.MonkeyPatch, is_in_environment: bool
) -> None:
    for name in () if is_in_environment else PLANTED:
        monkeypatch.delenv(name)
    python("import moviepy")
    assert planted.exists()


@pytest.mark.parametrize("is_in_environment", [True, False], ids=["environment", "env-file"])
def test_the_guard_alone_holds(planted: Path, monkeypatch: pytest.MonkeyPatch, is_in_environment: bool) -> None:
    for name in () if is_in_environment else PLANTED:
        monkeypatch.delenv(name)
    found = python("from storyreel.media.moviepy import guarded_moviepy as g; print(g().config.FFMPEG_BINARY)")
    assert "imageio_ffmpeg" in found
    assert not planted.exists()


def test_a_planted_program_has_no_effect_on_a_composition(planted: Path, tmp_path: Path) -> None:
    asyncio.run(compose([Composition(SIZE, Fraction(24), 5, GROUND, (), tmp_path / "a.mp4", H264)]))
    assert probe(tmp_path / "a.mp4") is not None
    assert not planted.exists()
