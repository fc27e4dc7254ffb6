"""A take, decoded again by another program: its frames, its cuts, its beginning and its end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

from storyreel.media.failed import MediaFailed
from storyreel.media.panel.job import FilmFrame, PanelElement, PanelJob, PanelShot, read_job
from storyreel.media.panel.take import paint_take
from storyreel.media.process import Finished, Processes, Runner

MARA = PanelElement("Mara", "woman, 60, cropped white hair, navy coat", None, 0)
IVO = PanelElement("Ivo", "boy, 12, yellow oilskin", None, 1)
SEA = "the gallery of a lighthouse above a black sea"


def shot(frames: int, camera: str | None = None, *elements: PanelElement, prompt: str = "Über dem Meer.") -> PanelShot:
    return PanelShot(prompt, camera, None, frames, elements)


def job(*shots: PanelShot, size: tuple[int, int] = (320, 180), rate: Fraction = Fraction(24)) -> PanelJob:
    return PanelJob(*size, rate, SEA, None, shots)


def take(job: PanelJob, out: Path, runner: Runner | None = None) -> Path:
    asyncio.run(paint_take(job, out, runner))
    return out


def paint(job: PanelJob, out: Path) -> list[np.ndarray]:
    """The luma of every frame."""
    return frames_of(take(job, out))


def frames_of(film: Path) -> list[np.ndarray]:
    with av.open(str(film)) as container:
        return [frame.to_ndarray(format="gray").astype(int) for frame in container.decode(video=0)]


def picture(path: Path, size: tuple[int, int] = (400, 300)) -> Path:
    image = Image.new("RGB", size, (200, 40, 30))
    ImageDraw.Draw(image).rectangle((size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2), fill=(30, 60, 220))
    image.save(path)
    return path


def test_a_take_has_exactly_what_was_asked(tmp_path: Path) -> None:
    shots = shot(13, "wide"), shot(20, "close-up, pan left", MARA), shot(7)
    asked = job(*shots, size=(256, 144), rate=Fraction(24000, 1001))
    frames = paint(asked, tmp_path / "take.mp4")
    assert len(frames) == asked.frames == 40
    with av.open(str(tmp_path / "take.mp4")) as container:
        (stream,) = container.streams.video
        assert len(container.streams) == 1
        assert (stream.codec_context.width, stream.codec_context.height) == (256, 144)
        assert stream.average_rate == Fraction(24000, 1001)
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert stream.codec_context.colorspace == 1  # BT.709
        keys = [n for n, frame in enumerate(container.decode(video=0)) if frame.key_frame]
    assert keys == [0, 13, 33]
    assert (tmp_path / "take.mp4").read_bytes()[:4096].find(b"moov") > 0


@pytest.mark.parametrize("size", [(320, 180), (180, 320), (200, 200)], ids=["16:9", "9:16", "1:1"])
@pytest.mark.parametrize("camera", ["wide, static", "medium, handheld", "close-up, slow push-in", "medium, orbit left"])
def test_no_frame_repeats_the_one_before(tmp_path: Path, size: tuple[int, int], camera: str) -> None:
    frames = paint(job(shot(40, camera, MARA, IVO), size=size), tmp_path / "take.mp4")
    apart = [np.abs(one - next_).mean() for one, next_ in pairwise(frames)]
    assert min(apart) > 0.05


def test_the_same_job_gives_the_same_frames(tmp_path: Path) -> None:
    asked = job(shot(12, "medium, tracking right", MARA, IVO, prompt="Rain on the sea."))
    one, two = paint(asked, tmp_path / "one.mp4"), paint(asked, tmp_path / "two.mp4")
    assert all((a == b).all() for a, b in zip(one, two, strict=True))


def test_shots_are_cut_hard(tmp_path: Path) -> None:
    frames = paint(job(shot(15, "wide"), shot(15, "close-up", MARA)), tmp_path / "take.mp4")
    apart = [np.abs(one - next_).mean() for one, next_ in pairwise(frames)]
    assert apart.index(max(apart)) == 14
    assert max(apart) > 4 * sorted(apart)[-2]


def test_a_start_picture_fills_the_frame(tmp_path: Path) -> None:
    asked = replace(job(shot(10, "static")), start=picture(tmp_path / "start.png"))
    take(asked, tmp_path / "take.mp4")
    with av.open(str(tmp_path / "take.mp4")) as container:
        first = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    assert abs(first[20, 300] - (200, 40, 30)).max() < 12
    assert abs(first[80, 120] - (30, 60, 220)).max() < 12


def test_an_end_picture_is_arrived_at(tmp_path: Path) -> None:
    asked = replace(job(shot(30, "static")), end=picture(tmp_path / "end.png"))
    take(asked, tmp_path / "take.mp4")
    with av.open(str(tmp_path / "take.mp4")) as container:
        *_, last = container.decode(video=0)
    assert abs(last.to_ndarray(format="rgb24").astype(int)[20, 300] - (200, 40, 30)).max() < 12


def test_a_take_may_begin_on_the_frame_of_another(tmp_path: Path) -> None:
    first = paint(job(shot(12, "medium", MARA), shot(12, "wide")), tmp_path / "first.mp4")
    asked = replace(job(shot(8, "static", prompt=".")), start=FilmFrame(tmp_path / "first.mp4", number=23))
    second = paint(asked, tmp_path / "second.mp4")
    # Nothing is written over the last frame, so nothing of the first take's words is seen in the second.
    assert np.abs(second[0][:120] - first[23][:120]).mean() < 6
    inside = replace(asked, start=FilmFrame(tmp_path / "first.mp4", number=5))
    third = paint(inside, tmp_path / "third.mp4")
    assert np.abs(third[0][:120] - first[11][:120]).mean() < 6


def test_type_is_gone_in_the_last_frame(tmp_path: Path) -> None:
    with_words = paint(job(shot(20, "static", prompt="M" * 400)), tmp_path / "with.mp4")
    without = paint(job(shot(20, "static", prompt=".")), tmp_path / "without.mp4")
    foot = slice(150, 172)
    assert np.abs(with_words[10][foot] - without[10][foot]).mean() > 5
    assert np.abs(with_words[19][foot] - without[19][foot]).mean() < 0.5


def test_later_shots_play_before_the_start_picture(tmp_path: Path) -> None:
    asked = replace(job(shot(8, "static"), shot(8, "medium, static")), start=picture(tmp_path / "start.png"))
    frames = paint(asked, tmp_path / "take.mp4")
    assert np.abs(frames[9][20, 300] - frames[1][20, 300]) < 12


def test_elements_have_their_own_picture(tmp_path: Path) -> None:
    red = replace(MARA, image=picture(tmp_path / "mara.png", (300, 400)))
    take(job(shot(12, "medium", red)), tmp_path / "take.mp4")
    with av.open(str(tmp_path / "take.mp4")) as container:
        frames = [frame.to_ndarray(format="rgb24").astype(int) for frame in container.decode(video=0)]
    red_pixels = (frames[6][..., 0] > 140) & (frames[6][..., 1] < 90) & (frames[6][..., 2] < 90)
    assert red_pixels.sum() > 1000


class Refusing:
    """A runner that takes some frames and fails."""

    async def run(
        self, argv: Sequence[str], /, *, feed: Iterable[bytes] | None = None, limit_s: float = 600
    ) -> Finished:
        await asyncio.to_thread(Path(argv[-1].removeprefix("file:")).write_bytes, b"half a film")
        for _, _ in zip(range(3), feed or (), strict=False):
            pass
        return Finished(1, b"", "x264 does not like it")


def test_a_failed_take_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(MediaFailed, match="x264 does not like it"):
        take(job(shot(12)), tmp_path / "take.mp4", Refusing())
    assert list(tmp_path.iterdir()) == []


class Watching(Processes):
    """The real runner, saying when it has begun."""

    def __init__(self) -> None:
        super().__init__()
        self.has_begun = asyncio.Event()

    async def run(
        self, argv: Sequence[str], /, *, feed: Iterable[bytes] | None = None, limit_s: float = 600
    ) -> Finished:
        loop = asyncio.get_running_loop()

        def told() -> Iterable[bytes]:
            for number, piece in enumerate(feed or ()):
                if number == 4:
                    loop.call_soon_threadsafe(self.has_begun.set)
                yield piece

        return await super().run(argv, feed=told(), limit_s=limit_s)


def test_a_cancelled_take_leaves_no_file(tmp_path: Path) -> None:
    async def cancelled() -> None:
        runner = Watching()
        endless = job(shot(5000, "push in", MARA))
        painting = asyncio.create_task(paint_take(endless, tmp_path / "take.mp4", runner))
        await runner.has_begun.wait()
        painting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await painting

    asyncio.run(cancelled())
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_picture_is_said(tmp_path: Path) -> None:
    (tmp_path / "mara.png").write_bytes(b"\x89PNG\r\n\x1a\n but no picture")
    broken = replace(MARA, image=tmp_path / "mara.png")
    with pytest.raises(MediaFailed, match=r"mara\.png"):
        take(job(shot(12, "medium", broken)), tmp_path / "take.mp4")
    assert not (tmp_path / "take.mp4").exists()


def test_a_job_is_read_from_its_body(tmp_path: Path) -> None:
    body = {
        "kind": "panels", "width": 1280, "height": 720, "rate": "24000/1001", "place": "a pier", "style": None,
        "shots": [
            {"prompt": "@Mara writes to @@home.", "camera": None, "sound": "gulls", "frames": 48, "elements": ["Mara"]},
        ],
        "elements": {"Mara": {"description": None, "image": "d1", "color": None}},
        "start": None, "end": None,
    }  # fmt: skip
    read = read_job(body, {"d1": tmp_path / "mara.png"})
    assert read.rate == Fraction(24000, 1001)
    assert read.shots[0].elements[0].image == tmp_path / "mara.png"
    assert read.shots[0].prompt == "Mara writes to @home."
