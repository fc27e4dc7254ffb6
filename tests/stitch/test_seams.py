"""A reel without a fault, and the same reel with one planted at a known join."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from storyreel.base.timebase import Range
from storyreel.media.ffmpeg import ffmpeg_path
from storyreel.media.shelf import MemoryShelf
from storyreel.plan.cut import CardSource, Cut, CutTransition, TakeSource
from storyreel.stitch.reel import make_reel
from storyreel.stitch.seams import Limits, Seam, SeamReport, report_seams
from tests.stitch.films import dissolve, draw, film, scene, take
from tests.stitch.studio import Room

Plant = Callable[..., SeamReport]
TAKES = ("A", "B", "C", "D")


def goes_on(key: str, length: int, after: str) -> TakeSource:
    return replace(take(key, length, start=12), continues=after)


CUT: Cut = film(
    scene("a", take("A", 48)),
    scene("b", goes_on("B", 48, "a")),
    scene("c", take("C", 48), transition=dissolve(12)),
    scene("d", take("D", 24), take("A", 24, start=24), transition=CutTransition("fade", 12)),
    scene("end", CardSource(Range(0, 24), title="THE END"), transition=CutTransition("fade", 12)),
)
"""Joins at frames 48, 84 (to 96), 132, 156 (between parts) and 180."""


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[tuple[str, int], Path]]:
    folder = tmp_path_factory.mktemp("seams")
    takes = {}
    for number, key in enumerate(TAKES):
        picture = f"testsrc2=s=320x180:r=24,hue=h={number}"
        sound = f"anoisesrc=c=pink:a=0.4:seed={number}:r=44100,tremolo=f={3 + number}:d=0.6"
        takes[key, 1] = draw(folder / f"{key}.mp4", picture, sound=sound, seconds=3)
    making = make_reel(
        CUT, takes, lambda asset: Path(asset.path), MemoryShelf(folder / "shelf"), folder, on_event=lambda _: None
    )
    return asyncio.run(making).path, takes


@pytest.fixture
def planted(clean: tuple[Path, dict[tuple[str, int], Path]], tmp_path: Path) -> Plant:
    """The report on the reel after a filter changed its picture or its sound."""
    reel, takes = clean

    def plant(picture: str | None = None, sound: str | None = None) -> SeamReport:
        changed = tmp_path / "changed.mp4"
        seen = ["-vf", picture, "-c:v", "libx264", "-preset", "ultrafast"] if picture else ["-c:v", "copy"]
        said = ["-af", sound] if sound else ["-c:a", "copy"]
        argv = [ffmpeg_path(), "-v", "error", "-y", "-i", str(reel), *seen, *said, str(changed)]
        subprocess.run(argv, check=True)
        return asyncio.run(report_seams(changed, CUT, takes, lambda asset: Path(asset.path)))

    return plant


def found(report: SeamReport) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(seam.before, seam.after, names) for seam, names in report.crossed]


def test_a_reel_without_a_fault_is_clean(clean: tuple[Path, dict[tuple[str, int], Path]]) -> None:
    reel, takes = clean
    report = asyncio.run(report_seams(reel, CUT, takes, lambda asset: Path(asset.path)))
    assert found(report) == []
    assert report.is_clean
    assert [(s.kind, s.frame) for s in report.seams] == [
        ("cut", 48), ("dissolve", 84), ("fade", 132), ("part", 156), ("fade", 180),
    ]  # fmt: skip
    assert [abs(s.offset_ms or 0) < 2 for s in report.seams] == [True] * 5
    assert [s.offset_ms is None for s in report.seams] == [False] * 4 + [True]


def test_a_frozen_stretch_is_found_at_its_join(planted: Plant) -> None:
    report = planted(picture="split[a][b];[a][b]freezeframes=first=37:last=47:replace=36")
    assert found(report) == [("a", "b", ("frozen_frames",))]
    assert report.seams[0].frozen_frames == pytest.approx(11, abs=1)


def test_a_black_flash_is_found_at_its_join(planted: Plant) -> None:
    report = planted(picture="drawbox=t=fill:c=black:enable='between(n,156,157)'")
    ((_, after, names),) = found(report)
    assert (after, names) == ("d", ("black_frames",))
    assert (report.seams[3].black_frames, report.seams[3].kind) == (2, "part")


def test_late_sound_is_found_at_its_join(planted: Plant) -> None:
    # From the second scene to the dissolve its sound comes 40 ms late.
    late = "asplit[a][b];[a]atrim=end=2[x];[b]atrim=start=1.96:end=3.46,asetpts=PTS-STARTPTS[y]"
    rest = "[0:a]atrim=start=3.5,asetpts=PTS-STARTPTS[z]"
    report = planted(sound=f"asplit[p][q];[p]{late};[q]{rest[5:]};[x][y][z]concat=n=3:v=0:a=1")
    assert found(report) == [("a", "b", ("offset_ms",))]
    assert report.seams[0].offset_ms == pytest.approx(40, abs=1)


def test_sound_that_begins_late_is_late_at_every_join(planted: Plant) -> None:
    report = planted(sound="adelay=40:all=1")
    assert [s.offset_ms for s in report.seams[:4]] == [pytest.approx(40, abs=1)] * 4


def test_a_colour_jump_is_found_where_one_scene_goes_on_from_another(planted: Plant) -> None:
    report = planted(picture="eq=saturation=0.3:brightness=0.15:enable='between(n,48,83)'")
    assert found(report) == [("a", "b", ("colour_jump",))]
    assert report.seams[1].colour_jump is not None
    assert report.seams[1].colour_jump > 12, "between others it is told and not judged"


def test_a_step_of_loudness_is_found_at_its_join(planted: Plant) -> None:
    report = planted(sound="volume=-10dB:enable='gte(t,6.5)'")
    assert found(report) == [("d", "d", ("loudness_lu",))]
    assert report.seams[3].loudness_lu == pytest.approx(-10, abs=1)


def test_missing_frames_are_no_clean_reel(planted: Plant) -> None:
    report = planted(picture="trim=end_frame=195")
    assert (report.frames, report.wanted_frames, report.is_clean) == (195, CUT.frames, False)


def test_slow_pictures_are_not_frozen_and_dark_ones_not_black(tmp_path: Path) -> None:
    moving = "testsrc2=s=320x180:r=24"
    takes = {
        ("slow", 1): draw(tmp_path / "slow.mp4", moving, seconds=2),
        ("night", 1): draw(tmp_path / "night.mp4", f"{moving},lutyuv=y=16+val/20:u=128:v=128", seconds=2),
        ("held", 1): draw(
            tmp_path / "held.mp4", f"{moving},trim=end=1,tpad=stop_mode=clone:stop_duration=1", seconds=2
        ),
    }
    cut = film(
        scene("a", take("slow", 48), speed=Fraction(1, 2)), scene("b", take("night", 48)), scene("c", take("held", 48)),
        scene("d", take("slow", 24)),
    )  # fmt: skip
    room = Room(tmp_path, {key: file for (key, _), file in takes.items()})
    report = asyncio.run(report_seams(room.make(cut), cut, takes, lambda asset: Path(asset.path)))
    assert found(report) == [("c", "d", ("frozen_frames",))]
    assert report.seams[2].frozen_frames == pytest.approx(23, abs=1)


SEAM = Seam("a", "b", "cut", 48, 2.0, 41.7, 5, 0, 40.0, False, -3.0)


def test_limits_are_data() -> None:
    assert SEAM.crossed(Limits()) == ("offset_ms", "frozen_frames")
    assert SEAM.crossed(Limits(offset_ms=None, frozen_frames=5, loudness_lu=2)) == ("loudness_lu",)
    assert replace(SEAM, is_continuous=True).crossed(Limits()) == ("offset_ms", "frozen_frames", "colour_jump")


def test_the_report_has_a_form_for_programs_and_one_for_people() -> None:
    report = SeamReport("film", 96, 96, (SEAM, replace(SEAM, offset_ms=0.4, frozen_frames=0, frame=96)))
    document = json.loads(json.dumps(report.document()))
    assert (document["is_clean"], document["seams"][0]["crossed"]) == (False, ["offset_ms", "frozen_frames"])
    assert report.text() == (
        "    2.00 s  a > b: sound +41.7 ms off its picture, 5 frozen frames\n"
        "film: 2 joins, 1 over a limit, sound within 41.7 ms of its picture\n"
    )
