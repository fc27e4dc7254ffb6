"""The edit list as the official adapter reads it."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from storyreel.plan.cut import Cut, CutTransition
from storyreel.stitch.export.edl import edl_text
from storyreel.stitch.export.media import ExportRefused
from tests.export.films import media, sample
from tests.stitch.films import dissolve, film, scene, take

otio = pytest.importorskip("opentimelineio", reason="it has no wheel for this Python")

NTSC30 = Fraction(30_000, 1001)
EVENT = re.compile(r"(\d{3})  (\S+) +V +(C|[DW]\d* +\d{3}) +(\S+) (\S+) (\S+) (\S+)")


def read(cut: Cut) -> Any:
    return otio.adapters.read_from_string(edl_text(cut, media()), "cmx_3600", rate=float(cut.rate))


def events(text: str) -> list[tuple[str, ...]]:
    return [found.groups() for line in text.splitlines() if (found := EVENT.fullmatch(line))]


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(25), Fraction(24_000, 1001), NTSC30, Fraction(60)], ids=str)
def test_the_official_adapter_reads_it_as_long_as_the_reel(rate: Fraction) -> None:
    cut = sample(rate)
    timeline = read(cut)
    (picture,) = timeline.video_tracks()
    assert sum(child.duration().to_frames() for child in picture if not isinstance(child, otio.schema.Transition)) == (
        cut.frames
    )
    kinds = [child.transition_type for child in picture if isinstance(child, otio.schema.Transition)]
    assert kinds == ["SMPTE_Dissolve", "SMPTE_Dissolve", "SMPTE_Wipe", "SMPTE_Wipe", "SMPTE_Dissolve", "SMPTE_Dissolve"]


def test_a_dissolve_begins_where_the_scenes_meet_and_lasts_as_long_as_they_share() -> None:
    cut = film(scene("one", take("a", 48)), scene("two", take("b", 48), transition=dissolve(12)))
    rows = events(edl_text(cut, media()))
    assert rows[0][3:] == ("00:00:00:00", "00:00:01:12", "01:00:00:00", "01:00:01:12")
    assert rows[1][2:] == ("C", "00:00:01:12", "00:00:01:12", "01:00:01:12", "01:00:01:12")
    assert rows[2][2:] == ("D    012", "00:00:00:00", "00:00:02:00", "01:00:01:12", "01:00:03:12")
    assert rows[1][0] == rows[2][0] == "002"


def test_a_fade_goes_through_black_half_in_each_scene() -> None:
    cut = film(scene("one", take("a", 48)), scene("two", take("b", 48), transition=CutTransition("fade", 13)))
    rows = events(edl_text(cut, media()))
    assert [(row[1], row[2], row[5], row[6]) for row in rows] == [
        ("S001T1", "C", "01:00:00:00", "01:00:01:18"),
        ("S001T1", "C", "01:00:01:18", "01:00:01:18"),
        ("BL", "D    006", "01:00:01:18", "01:00:02:00"),
        ("BL", "C", "01:00:02:00", "01:00:02:00"),
        ("S002T1", "D    007", "01:00:02:00", "01:00:04:00"),
    ]


def test_drop_frame_where_the_clock_needs_it() -> None:
    text = edl_text(sample(NTSC30), media())
    assert "FCM: DROP FRAME" in text
    assert "01:00:00;00" in text
    assert "FCM: NON-DROP FRAME" in edl_text(sample(Fraction(24_000, 1001)), media())


def test_slow_motion_reads_half_the_frames_and_says_so() -> None:
    text = edl_text(sample(), media())
    assert re.search(r"M2   S004T1 +012\.0 +00:00:00:06", text)
    timeline = read(sample())
    slow = next(clip for clip in timeline.find_clips() if clip.name == "slow")
    assert slow.effects[0].time_scalar == 0.5


def test_one_source_has_one_reel_name_and_its_file(tmp_path: Path) -> None:
    cut = film(scene("one", take("a", 24)), scene("two", take("b", 24)), scene("again", take("a", 12, start=3)))
    assert [row[1] for row in events(edl_text(cut, media()))] == ["S001T1", "S002T1", "S001T1"]
    assert f"* SOURCE FILE: {(tmp_path / 'second take.mp4').as_uri()}" in edl_text(sample(), media(tmp_path))


def test_no_word_of_an_author_breaks_a_line() -> None:
    cut = sample(title="Zwölf\n001  X V C 00:00:00:00")
    text = edl_text(cut, media())
    assert text.splitlines()[0] == "TITLE: Zw?lf 001 X V C 00:00:00:00"
    assert text.isascii()


def test_more_than_two_digits_of_frames_are_refused() -> None:
    with pytest.raises(ExportRefused, match="99 frames a second"):
        edl_text(sample(Fraction(120)), media())
