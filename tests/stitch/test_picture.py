from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import av
import pytest

from storyreel.base.timebase import Range
from storyreel.media.ffmpeg import MediaFailed
from storyreel.media.process import Finished, Processes
from storyreel.media.shelf import MemoryShelf
from storyreel.plan.cut import Cut, CutTransition, Source, TakeSource
from storyreel.stitch.conform import Original
from storyreel.stitch.encoding import Format, ticks_of
from storyreel.stitch.events import SegmentEncoded, StitchEvent, TakeShort
from storyreel.stitch.layers import Layer
from storyreel.stitch.overlays import Overlay
from storyreel.stitch.picture import PictureRoom, make_segments
from storyreel.stitch.segments import Segment, segments_of
from tests.stitch.films import dissolve, film, scene, take

Takes = Callable[[str], Path]


class Bench(Processes):
    """Makes segments of cuts from counters, and reads the greys of their frames."""

    def __init__(self, takes: Takes, folder: Path) -> None:
        super().__init__()
        self.events: list[StitchEvent] = []
        self.shelf = MemoryShelf(folder / "shelf")
        self.available = 10_000
        self.programs = 0
        self._takes = takes

    def make(self, cut: Cut, jobs: int = 2) -> list[Path]:
        form = Format(cut.width, cut.height, cut.rate)
        room = PictureRoom(
            form, self._identity, self._original, _bare, self.shelf, self.events.append, jobs=jobs, runner=self
        )
        self.segments = segments_of(cut, ())
        return asyncio.run(make_segments(self.segments, room))

    async def run(self, *args: Any, **more: Any) -> Finished:
        self.programs += 1
        return await super().run(*args, **more)

    def greys(self, cut: Cut) -> list[int]:
        """The mean grey of every frame of the film; checks that every frame stands on the grid."""
        found: list[int] = []
        for file, segment in zip(self.make(cut), self.segments, strict=True):
            with av.open(str(file)) as opened:
                frames = list(opened.decode(video=0))
            assert [f.pts for f in frames] == [n * ticks_of(cut.rate) for n in range(segment.frames)]
            found += [round(float(f.to_ndarray(format="yuv420p")[:180].mean())) for f in frames]
        return found

    def encoded(self) -> list[tuple[str, str]]:
        found = [(e.kind, e.scene) for e in self.events if isinstance(e, SegmentEncoded)]
        self.events.clear()
        return sorted(found)

    def _identity(self, source: Source) -> str:
        assert isinstance(source, TakeSource)
        return source.key

    async def _original(self, source: Source, segment: Segment) -> Original:
        assert isinstance(source, TakeSource)
        return Original(self._takes(source.key), source.key, self.available)


class Watched(Processes):
    """The real runner, which tells when it is asked to run."""

    def __init__(self) -> None:
        super().__init__()
        self.started = asyncio.Event()

    async def run(self, *args: Any, **more: Any) -> Finished:
        asyncio.get_running_loop().call_later(0.1, self.started.set)
        return await super().run(*args, **more)


def _bare(overlays: Sequence[Overlay], length: int) -> list[Layer]:
    return []


@pytest.fixture
def bench(takes: Takes, tmp_path: Path) -> Bench:
    return Bench(takes, tmp_path)


def near(found: Sequence[int], wanted: Sequence[int]) -> bool:
    return len(found) == len(wanted) and all(abs(a - b) <= 1 for a, b in zip(found, wanted, strict=True))


def test_every_frame_of_the_film_is_the_frame_that_was_cut(bench: Bench) -> None:
    cut = film(scene("a", take("c24", 90, start=5)), scene("b", take("c24", 30, start=60)))
    assert near(bench.greys(cut), [20 + 2 * n for n in [*range(5, 95), *range(60, 90)]])


def test_frames_are_those_nearest_in_time_whatever_the_rate_of_the_take(bench: Bench) -> None:
    cut = film(scene("a", take("c30", 80, start=8)))
    assert near(bench.greys(cut), [20 + 2 * ((n * 30 + 12) // 24) for n in range(8, 88)])


def test_pieces_that_are_made_alone_show_the_same_frames(bench: Bench, takes: Takes, tmp_path: Path) -> None:
    body = scene("a", take("c30", 90))
    whole = Bench(takes, tmp_path / "other").greys(film(body, scene("b", take("c24", 48))))
    bench.make(film(body))
    assert bench.greys(film(body, scene("b", take("c24", 48), transition=dissolve(12))))[:78] == whole[:78]


def test_a_transition_is_the_same_made_alone_or_beside_its_pieces(bench: Bench, takes: Takes, tmp_path: Path) -> None:
    def cut(kind: Literal["dissolve", "wipe"]) -> Cut:
        opening = CutTransition(kind, 12)
        return film(scene("a", take("c24", 90)), scene("b", take("c30", 48, start=7), transition=opening))

    bench.make(cut("wipe"))
    bench.encoded()
    alone = bench.make(cut("dissolve"))
    assert bench.encoded() == [("dissolve", "b")]
    beside = Bench(takes, tmp_path / "other").make(cut("dissolve"))
    assert [file.read_bytes() for file in alone] == [file.read_bytes() for file in beside]


def test_a_scene_that_changes_needs_no_other_take_and_shows_the_same(
    bench: Bench, takes: Takes, tmp_path: Path
) -> None:
    def cut(middle: str) -> Cut:
        rows = [("a", "c24", 0), ("b", middle, 0), ("c", "c25", 30)]
        return film(*(scene(name, take(key, 60, start=at), transition=dissolve(6)) for name, key, at in rows))

    bench.make(cut("c24"))
    bench._takes = lambda key: takes(key) if key == "c30" else tmp_path / "was-never-here.mp4"
    again = bench.make(cut("c30"))
    whole = Bench(takes, tmp_path / "other").make(cut("c30"))
    assert [file.read_bytes() for file in again] == [file.read_bytes() for file in whole]


def test_pieces_are_the_same_on_any_number_of_processors(takes: Takes, tmp_path: Path) -> None:
    cut = film(scene("a", take("c24", 90)), scene("b", take("c30", 90), transition=dissolve(12)))
    alone, many = (Bench(takes, tmp_path / name) for name in ("alone", "many"))
    pieces = [alone.make(cut, 1), many.make(cut, 4)]
    assert [file.read_bytes() for file in pieces[0]] == [file.read_bytes() for file in pieces[1]]
    assert alone.programs == 2
    assert many.programs == 4


def test_speed_counts_in_frames_of_the_film(bench: Bench) -> None:
    fast = scene("a", take("c24", 40), speed=Fraction(2))
    slow = scene("b", take("c24", 40, start=40), speed=Fraction(1, 2))
    found = bench.greys(film(fast, slow))
    assert near(found[:40], [20 + 4 * n for n in range(40)])
    assert near(found[40::2], [20 + 2 * n for n in range(20, 40)])


def test_a_dissolve_goes_evenly_from_one_scene_to_the_other(bench: Bench) -> None:
    cut = film(scene("a", take("c24", 48)), scene("b", take("c24", 48, start=48), transition=dissolve(11)))
    mixed = bench.greys(cut)[37:48]
    wanted = [((20 + 2 * (37 + k)) * (11 - k) + (20 + 2 * (48 + k)) * (k + 1)) / 12 for k in range(11)]
    assert near(mixed, [round(grey) for grey in wanted])


def test_a_fade_goes_through_black_and_back(bench: Bench) -> None:
    cut = film(scene("a", take("c24", 48)), scene("b", take("c24", 48), transition=CutTransition("fade", 12)))
    found = bench.greys(cut)
    down, up = found[42:48], found[48:54]
    assert down == sorted(down, reverse=True)
    assert up == sorted(up)
    assert up[0] <= 17
    assert found[41] == pytest.approx(20 + 82, abs=1)


@pytest.mark.parametrize("kind", ["wipe", "slide"])
def test_wipes_and_slides_end_in_the_next_scene(bench: Bench, kind: str) -> None:
    cut = film(scene("a", take("c24", 48)), scene("b", take("c24", 48, start=40), transition=CutTransition(kind, 12)))  # type: ignore[arg-type]
    found = bench.greys(cut)
    assert len(found) == 84
    assert found[36] < found[40] < found[47]


def test_ntsc_rates_have_exact_frames(bench: Bench) -> None:
    rate = Fraction(24_000, 1001)
    assert len(bench.greys(film(scene("a", take("c24", 70)), rate=rate))) == 70


@pytest.mark.parametrize("fit", ["crop", "pad", "blur"])
def test_another_shape_is_filled_as_asked(bench: Bench, fit: str) -> None:
    cut = film(scene("a", take("c24", 12, start=40), fit=fit), size=(180, 320))
    (file,) = bench.make(cut)
    with av.open(str(file)) as opened:
        frame = next(opened.decode(video=0)).to_ndarray(format="gray")
    assert frame.shape == (320, 180)
    edge, middle = float(frame[:40].mean()), float(frame[150:170].mean())
    assert {"crop": abs(edge - middle) < 3, "pad": edge < 3, "blur": 3 < edge < middle}[fit]


def test_nothing_is_made_twice(bench: Bench) -> None:
    cut = film(scene("a", take("c24", 90)), scene("b", take("c24", 90, start=4), transition=dissolve(12)))
    bench.make(cut)
    assert len(bench.encoded()) == 7
    bench.make(cut)
    assert bench.encoded() == []


def test_another_take_makes_its_own_scene_and_its_transitions_again(bench: Bench) -> None:
    def cut(middle: str) -> Cut:
        sources = [("a", "c24"), ("b", middle), ("c", "c24")]
        return film(*(scene(n, take(key, 90, start=i), transition=dissolve(6)) for i, (n, key) in enumerate(sources)))

    bench.make(replace(cut("c24")))
    bench.encoded()
    bench.make(cut("c30"))
    assert bench.encoded() == [("core", "b"), ("dissolve", "b"), ("dissolve", "c"), ("edge", "b"), ("edge", "b")]


def test_another_length_of_a_dissolve_makes_no_core_again(bench: Bench) -> None:
    def cut(frames: int) -> Cut:
        return film(scene("a", take("c24", 90)), scene("b", take("c24", 90, start=4), transition=dissolve(frames)))

    bench.make(cut(12))
    bench.encoded()
    bench.make(cut(8))
    assert bench.encoded() == [("dissolve", "b"), ("edge", "a"), ("edge", "b")]


def test_a_take_that_says_it_is_longer_than_it_is_is_padded_and_reported(bench: Bench) -> None:
    found = bench.greys(film(scene("a", take("c24", 110))))
    assert near(found, [20 + 2 * min(n, 95) for n in range(110)])
    assert TakeShort("a", 110, 96) in bench.events


def test_a_take_that_cannot_be_decoded_is_an_error_and_leaves_nothing(bench: Bench, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    whole = bytearray(bench._takes("c24").read_bytes())
    start = whole.index(b"mdat") + 2000
    whole[start : start + 3000] = bytes(3000)
    broken.write_bytes(whole)
    bench._takes = lambda _: broken
    with pytest.raises(MediaFailed, match="the picture of `a` cannot be made"):
        bench.make(film(scene("a", take("x", 90))))
    assert list((tmp_path / "shelf").iterdir()) == []


def test_a_cancelled_run_leaves_no_half_segment_and_no_child(bench: Bench, tmp_path: Path) -> None:
    cut = film(scene("a", take("c24", 90)), size=(1920, 1080))
    form = Format(cut.width, cut.height, cut.rate)
    runner = Watched()
    room = PictureRoom(form, bench._identity, bench._original, _bare, bench.shelf, bench.events.append, runner=runner)

    async def begin_and_stop() -> None:
        task = asyncio.ensure_future(make_segments(segments_of(cut, ()), room))
        await runner.started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(begin_and_stop())
    assert list((tmp_path / "shelf").iterdir()) == []
    assert not any(file.read_text().strip() for file in Path("/proc/self/task").glob("*/children"))


def test_range_of_a_strip_is_in_frames_of_the_film() -> None:
    (segment,) = segments_of(film(scene("a", take("c24", 30, start=7))), ())
    assert segment.strips[0].frames == Range(7, 37)
