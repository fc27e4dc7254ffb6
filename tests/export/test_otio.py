"""The timeline as the official library reads it."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from storyreel.plan.cut import Cut
from storyreel.stitch.export.media import Medium
from storyreel.stitch.export.otio import otio_text
from tests.export.films import media, sample, speeches
from tests.stitch.films import dissolve, film, scene, take

otio = pytest.importorskip("opentimelineio", reason="it has no wheel for this Python")

RATES = [Fraction(24), Fraction(25), Fraction(30_000, 1001), Fraction(24_000, 1001), Fraction(60)]


def opened(cut: Cut, **more: Any) -> Any:
    """The timeline, read by the official library."""
    return otio.adapters.read_from_string(otio_text(cut, media(**more), speeches(cut)), "otio_json")


def track(timeline: Any, name: str) -> Any:
    return next(track for track in timeline.tracks if track.name == name)


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_it_is_as_long_as_the_reel_at_every_rate(rate: Fraction) -> None:
    cut = sample(rate)
    timeline = opened(cut)
    assert timeline.duration().to_frames() == cut.frames
    assert timeline.duration().rate == float(rate)
    for each in timeline.video_tracks():
        assert each.duration().to_frames() == cut.frames
    assert track(timeline, "Sound of picture").duration().to_frames() == cut.frames


def test_the_library_writes_back_what_it_read() -> None:
    cut = sample()
    text = otio_text(cut, media(), speeches(cut))
    again = otio.adapters.write_to_string(otio.adapters.read_from_string(text, "otio_json"), "otio_json")
    assert json.loads(again) == json.loads(text)


def test_every_take_is_a_reference_and_the_chosen_one_is_active(tmp_path: Path) -> None:
    timeline = opened(sample(), folder=tmp_path)
    pier = track(timeline, "Picture").find_clips()[0]
    assert pier.active_media_reference_key == "take 2"
    references = pier.media_references()
    assert list(references) == ["take 1", "take 2"]
    assert isinstance(references["take 1"], otio.schema.MissingReference)
    assert references["take 2"].target_url == (tmp_path / "second take.mp4").as_uri()
    assert references["take 2"].available_range.duration.to_frames() == 120
    assert references["take 2"].metadata["storyreel"]["provider"] == "fal"


def test_a_dissolve_lies_over_the_middle_of_what_the_scenes_share() -> None:
    cut = film(scene("one", take("a", 48)), scene("two", take("b", 48), transition=dissolve(9)))
    timeline = opened(cut)  # kept: what is taken out of a timeline does not outlive it
    children = list(track(timeline, "Picture"))
    assert [type(child).__name__ for child in children] == ["Clip", "Transition", "Clip"]
    one, between, two = children
    assert (between.in_offset.value, between.out_offset.value) == (4, 5)
    assert between.transition_type == "SMPTE_Dissolve"
    assert one.source_range.duration.value == 48 - 5
    assert (two.source_range.start_time.value, two.source_range.duration.value) == (4, 44)


def test_transitions_keep_their_kind_and_a_film_may_fade_in() -> None:
    timeline = opened(sample())
    found = [child for child in track(timeline, "Picture") if isinstance(child, otio.schema.Transition)]
    kinds = [(each.metadata["storyreel"]["kind"], each.transition_type) for each in found]
    assert kinds == [
        ("fade", "SMPTE_Dissolve"), ("dissolve", "SMPTE_Dissolve"), ("wipe", "SMPTE_Wipe"),
        ("slide", "Custom_Transition"), ("fade", "Custom_Transition"),
    ]  # fmt: skip
    assert (found[0].in_offset.value, found[0].out_offset.value) == (0, 12)
    assert (found[-1].in_offset.value, found[-1].out_offset.value) == (6, 6)


def test_slow_motion_is_a_time_warp_over_the_files_own_frames() -> None:
    timeline = opened(sample())
    slow = next(clip for clip in timeline.find_clips() if clip.name == "slow")
    assert slow.effects[0].time_scalar == 0.5
    assert (slow.source_range.start_time.value, slow.source_range.duration.value) == (6, 43)
    assert slow.media_reference.available_range.duration.value == 72


def test_a_card_is_a_generator_with_its_words() -> None:
    timeline = opened(sample())
    (title,) = [clip for clip in track(timeline, "Picture").find_clips() if clip.name == "title"]
    assert title.media_reference.generator_kind == "storyreel.card"
    assert title.media_reference.parameters["title"] == "THE END"


def test_markers_stand_on_the_films_clock() -> None:
    cut = sample()
    timeline = opened(cut)
    markers = timeline.tracks.markers
    by_name = {marker.name: marker for marker in markers}
    assert by_name["One"].color == "RED"
    second = by_name["stairs: shot 2"]
    assert second.marked_range.start_time.value == cut.scenes[1].at.start + 48
    assert (second.color, second.comment) == ("CYAN", "shot 2")
    assert {name for name in by_name if ": " in name and by_name[name].color == "YELLOW"} == {
        "Mara: It is dark.",
        "narrator: Until tonight.",
    }


def test_sounds_lie_in_tracks_of_their_own_and_never_overlap() -> None:
    timeline = opened(sample())
    assert [track.name for track in timeline.audio_tracks()] == [
        "Sound of picture", "Dialogue", "Effects", "Music", "Music 2",
    ]  # fmt: skip
    (spoken,) = track(timeline, "Dialogue").find_clips()
    assert spoken.name == "narrator: Until tonight."
    assert track(timeline, "Music").find_clips()[0].metadata["storyreel"]["duck_db"] == 12


def test_stems_lie_there_switched_off() -> None:
    cut = sample()
    text = otio_text(cut, media(), speeches(cut), {"music": Medium("stems/music.wav")})
    timeline = otio.adapters.read_from_string(text, "otio_json")
    stem = track(timeline, "Stem: music")
    assert not stem.enabled
    assert stem.duration().to_frames() == cut.frames
