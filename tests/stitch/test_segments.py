from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.base.timebase import Range
from storyreel.plan.cut import CardSource, Cut, CutTransition, CutWatermark, Source, TakeSource
from storyreel.plan.request import Asset
from storyreel.stitch.captions import cues_of
from storyreel.stitch.encoding import Format
from storyreel.stitch.segments import segment_key, segments_of
from tests.stitch.films import dissolve, film, line, scene, take

HD = Format(1280, 720, Fraction(24))


def pieces(cut: Cut) -> list[tuple[str, str, int]]:
    return [(s.kind, s.scene, s.frames) for s in segments_of(cut, ())]


def keys(cut: Cut) -> list[str]:
    captions = cues_of(cut)
    return [segment_key(s, HD, _identity, "x264") for s in segments_of(cut, captions)]


def _identity(source: Source) -> str:
    return source.key if isinstance(source, TakeSource) else repr(source)


def test_a_scene_is_a_long_core_between_short_edges() -> None:
    assert pieces(film(scene("a", take("A", 120)))) == [("edge", "a", 24), ("core", "a", 72), ("edge", "a", 24)]


def test_a_short_scene_is_one_piece() -> None:
    assert pieces(film(scene("a", take("A", 48)))) == [("core", "a", 48)]


def test_a_dissolve_is_made_of_both_scenes_and_shortens_only_their_edges() -> None:
    cut = film(scene("a", take("A", 96)), scene("b", take("B", 96), transition=dissolve(12)))
    assert pieces(cut) == [
        ("edge", "a", 24), ("core", "a", 48), ("edge", "a", 12),
        ("dissolve", "b", 12),
        ("edge", "b", 12), ("core", "b", 48), ("edge", "b", 24),
    ]  # fmt: skip
    out, into = segments_of(cut, ())[3].strips
    assert (out.source, out.frames) == (cut.scenes[0].sources[0], Range(84, 96))
    assert (into.source, into.frames) == (cut.scenes[1].sources[0], Range(0, 12))


def test_a_fade_through_black_takes_half_of_its_time_from_each_scene() -> None:
    cut = film(scene("a", take("A", 48)), scene("b", take("B", 48), transition=CutTransition("fade", 13)))
    fades = [(s.scene, s.frames, s.ramp.direction) for s in segments_of(cut, ()) if s.ramp]
    assert fades == [("a", 6, "out"), ("b", 7, "in")]
    assert cut.frames == 96


def test_the_first_scene_fades_from_black_in_all_its_time() -> None:
    cut = film(scene("a", take("A", 48), transition=CutTransition("fade", 13)))
    assert pieces(cut) == [("fade", "a", 13), ("core", "a", 35)]


def test_parts_of_a_split_scene_are_cut_where_they_meet() -> None:
    assert pieces(film(scene("a", take("A", 72), take("B", 96)))) == [
        ("edge", "a", 24), ("core", "a", 48), ("core", "a", 72), ("edge", "a", 24),
    ]  # fmt: skip


def test_a_dissolve_over_the_end_of_a_part_goes_on_in_the_next_segment() -> None:
    cut = film(scene("a", take("A", 96), take("B", 8)), scene("b", take("C", 96), transition=dissolve(12)))
    ramps = [(s.frames, s.ramp.steps, s.ramp.done) for s in segments_of(cut, ()) if s.kind == "dissolve" and s.ramp]
    assert ramps == [(4, 12, 0), (8, 12, 4)]


@given(
    lengths=st.lists(st.integers(40, 400), min_size=1, max_size=8),
    transitions=st.lists(st.tuples(st.sampled_from(["cut", "dissolve", "fade", "wipe", "slide"]), st.integers(1, 18))),
)
def test_segments_are_exactly_as_long_as_the_film(lengths: list[int], transitions: list[tuple[str, int]]) -> None:
    openings = [CutTransition(), *(CutTransition(kind, n) for kind, n in transitions)]  # type: ignore[arg-type]
    openings += [CutTransition()] * len(lengths)
    cut = film(*(scene(f"s{i}", take(f"T{i}", n), transition=openings[i]) for i, n in enumerate(lengths)))
    found = segments_of(cut, ())
    assert sum(s.frames for s in found) == cut.frames
    assert all(strip.frames.length == s.frames for s in found for strip in s.strips)


def test_another_length_of_transition_makes_no_core_again() -> None:
    def cores(frames: int) -> set[str]:
        cut = film(scene("a", take("A", 120)), scene("b", take("B", 120), transition=dissolve(frames)))
        segments = zip(keys(cut), segments_of(cut, ()), strict=True)
        return {key for key, segment in segments if segment.kind == "core"}

    assert cores(8) == cores(20)


def test_another_order_makes_only_transitions_again() -> None:
    a, b, c = (scene(n, take(n.upper(), 96, look="panel"), transition=dissolve(12)) for n in "abc")
    opening = scene("o", take("O", 96))

    def bodies(cut: Cut) -> set[str]:
        return {key for key, s in zip(keys(cut), segments_of(cut, ()), strict=True) if len(s.strips) == 1}

    assert bodies(film(opening, a, b, c)) - bodies(film(opening, b, a, c)) == set()


def test_a_key_knows_everything_that_changes_a_pixel() -> None:
    spoken = line("Who goes there?", (0, 48))
    cut = film(scene("a", take("A", 48, look="panel"), lines=(spoken,)))
    mark = CutWatermark(Asset("logo.png", "1"), "top-left", 0.5)

    def first(cut: Cut, form: Format = HD, encoder: str = "x264") -> str:
        captions = cues_of(cut)
        return segment_key(segments_of(cut, captions)[0], form, _identity, encoder)

    def changed(**more: object) -> Cut:
        return film(replace(cut.scenes[0], **more))  # type: ignore[arg-type]

    others = [
        first(changed(sources=(take("B", 48, look="panel"),))),
        first(changed(sources=(take("A", 48, start=1, look="panel"),))),
        first(changed(sources=(take("A", 48, look="stand_in"),))),
        first(changed(sources=(take("A", 48),))),
        first(changed(speed=Fraction(2))),
        first(changed(fit="pad")),
        first(changed(id="other")),
        first(changed(lines=(line("Who?", (0, 48)),))),
        first(changed(lines=(line("Who goes there?", (0, 48), voice=1),))),
        first(changed(transition=CutTransition("fade", 12))),
        first(film(cut.scenes[0], watermark=mark)),
        first(film(cut.scenes[0], watermark=replace(mark, opacity=0.6))),
        first(cut, Format(1280, 722, HD.rate)),
        first(cut, Format(1280, 720, Fraction(25))),
        first(cut, encoder="x265"),
    ]
    assert len({first(cut), *others}) == len(others) + 1


def test_a_key_knows_nothing_else() -> None:
    cut = film(scene("a", take("A", 96)), scene("b", take("B", 96)))
    same = scene("b", replace(take("B", 96), available=300), place="a hut", chapter="2")
    other = film(scene("z", take("Z", 50)), same)
    assert set(keys(cut)[3:]) == set(keys(other)[1:])


def test_cards_are_one_piece() -> None:
    card = scene("t", CardSource(Range(0, 96), title="THE END"))
    assert pieces(film(scene("a", take("A", 48)), card)) == [("core", "a", 48), ("card", "t", 96)]


def test_a_cut_that_does_not_add_up_is_a_bug() -> None:
    with pytest.raises(ValueError, match="the film has 50"):
        segments_of(replace(film(scene("a", take("A", 48))), frames=50), ())


def test_segments_are_values() -> None:
    cut = film(scene("a", take("A", 48)))
    assert segments_of(cut, ()) == segments_of(cut, ())
