from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from storyreel.base.timebase import Range
from storyreel.plan.cut import CardSource, Cut
from storyreel.stitch.encoding import Delivery, form_of
from storyreel.stitch.made import reel_key
from storyreel.stitch.poster import best_of
from tests.stitch.coded import coded, numbers
from tests.stitch.films import film, scene, take
from tests.stitch.studio import Room

CUT = film(scene("a", take("A", 30)), scene("b", take("A", 18, start=60)))
SHOWN = [*range(30), *range(60, 78)]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path, {"A": coded(tmp_path / "A.mp4", sound="sine=f=440")})


def codecs(reel: Path) -> tuple[str, ...]:
    with av.open(str(reel)) as opened:
        return tuple(stream.codec_context.name for stream in opened.streams)


@pytest.mark.parametrize(
    ("container", "name", "wanted"),
    [
        ("mp4", "test.mp4", ("h264", "aac")),
        ("mov", "test.mov", ("h264", "aac")),
        ("webm", "test.webm", ("libvpx-vp9", "opus")),
        ("prores", "test.mov", ("prores", "pcm_s16le")),
    ],
)
def test_every_format_has_the_same_frames(container: str, name: str, wanted: tuple[str, ...], room: Room) -> None:
    reel = room.make(CUT, delivery=Delivery(container))  # type: ignore[arg-type]
    assert reel.name == name
    assert numbers(reel) == SHOWN
    assert [c.replace("libvpx-", "").replace("libopus", "opus") for c in codecs(reel)] == [
        c.replace("libvpx-", "") for c in wanted
    ]
    with av.open(str(reel)) as opened:
        stamps = [Fraction(str(frame.time or 0)) for frame in opened.decode(video=0)]
    assert [abs(float(at - Fraction(n, 24))) < 0.0006 for n, at in enumerate(stamps)] == [True] * 48


def test_quicktime_copies_the_streams_that_mp4_has(room: Room) -> None:
    def packets(reel: Path) -> list[bytes]:
        with av.open(str(reel)) as opened:
            return [bytes(packet) for packet in opened.demux(video=0)]

    first = packets(room.make(CUT))
    assert packets(room.make(CUT, delivery=Delivery("mov"))) == first
    assert room.encoded() == []


def test_a_gif_is_small_silent_and_as_long_as_the_film(room: Room) -> None:
    cut = film(*CUT.scenes, size=(640, 360))
    reel = room.make(cut, delivery=Delivery("gif"))
    with av.open(str(reel)) as opened:
        assert [stream.type for stream in opened.streams] == ["video"]
        frames = list(opened.decode(video=0))
    assert (frames[0].width, frames[0].height) == (480, 270)
    assert len(frames) == 24
    assert numbers(reel)[:4] == [0, 2, 4, 6]
    larger = room.make(cut, delivery=Delivery("gif", gif_side=640, gif_fps=24))
    with av.open(str(larger)) as opened:
        frames = list(opened.decode(video=0))
    assert (frames[0].width, len(frames)) == (640, 48)


@pytest.mark.parametrize("container", ["mp4", "webm", "gif"])
def test_two_runs_give_the_same_frames_and_sound(container: str, room: Room, tmp_path: Path) -> None:
    def decoded(reel: Path) -> list[bytes]:
        with av.open(str(reel)) as opened:
            return [frame.to_ndarray().tobytes() for stream in opened.streams for frame in _frames(opened, stream)]

    delivery = Delivery(container)  # type: ignore[arg-type]
    other = Room(tmp_path / "other", room.takes)
    assert decoded(room.make(CUT, delivery=delivery)) == decoded(other.make(CUT, delivery=delivery))


def _frames(opened: av.container.InputContainer, stream: av.stream.Stream) -> list[av.VideoFrame]:
    opened.seek(0)
    return list(opened.decode(stream))  # type: ignore[arg-type]


def test_a_film_of_panels_is_a_draft_unless_asked_otherwise() -> None:
    def quality(cut: Cut, delivery: Delivery) -> str:
        return form_of(cut, delivery).quality

    drawn = film(scene("a", take("A", 30, look="panel")))
    assert [quality(cut, Delivery()) for cut in (drawn, CUT)] == ["draft", "final"]
    assert [quality(CUT, Delivery(quality="draft")), quality(drawn, Delivery(quality="final"))] == ["draft", "final"]


def test_what_is_asked_for_is_in_the_reels_key() -> None:
    digests = {("A", 1): "a" * 64}
    asked = [
        Delivery(),
        Delivery("mov"),
        Delivery("webm"),
        Delivery("prores"),
        Delivery("gif"),
        Delivery(quality="draft"),
    ]
    asked += [Delivery(poster=True), Delivery("gif", gif_fps=8), Delivery("gif", gif_side=240)]
    assert len({reel_key(CUT, digests, delivery) for delivery in asked}) == len(asked)
    assert reel_key(CUT, digests) == reel_key(CUT, digests, Delivery())


def test_the_poster_is_a_whole_frame_that_shows_something(room: Room, tmp_path: Path) -> None:
    dark = coded(tmp_path / "dark.mp4", before="lutyuv=y=17")
    room.takes = {**room.takes, "D": dark}
    cut = film(
        scene("dark", take("D", 48)), scene("a", take("A", 48)), scene("end", CardSource(Range(0, 24), title="END"))
    )
    room.make(cut)
    poster = tmp_path / "out/test.poster.png"
    assert not poster.exists()
    room.make(cut, delivery=Delivery(poster=True))
    with av.open(str(poster)) as opened:
        frame = next(opened.decode(video=0))
    assert (frame.width, frame.height, frame.format.name) == (320, 180, "rgb24")
    assert numbers(poster) == [24]
    assert room.encoded() == []


def test_the_best_frame_is_neither_black_nor_flat_nor_burnt_out() -> None:
    random = np.random.default_rng(1)
    flat, black, white = (np.full((18, 32, 3), grey, np.uint8) for grey in (120, 4, 250))
    busy = random.integers(60, 180, (18, 32, 3), np.uint8)
    frames = [flat, black, white, busy, np.clip(busy.astype(int) - 110, 0, 255).astype(np.uint8)]
    assert best_of([frame.tobytes() for frame in frames], 32, 18) == 3
