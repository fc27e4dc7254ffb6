"""Scenes in a row: where each stands, what is said and read over it, the music under it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from storyreel.base.timebase import Range
from storyreel.board.source import MediaFacts, MemorySource
from storyreel.plan.build import build_plan
from storyreel.plan.cut import Cut, FileSource, StillSource
from tests.plan.boards import IMAGE, Made, card, film, located, planned, scene, shot

SOUND = MediaFacts("audio", seconds=Fraction(60))
FILES = MemorySource(
    {},
    {
        "score.wav": SOUND,
        "door.wav": SOUND,
        "desk.png": IMAGE,
        "logo.png": IMAGE,
        "harbour.mp4": MediaFacts("video", 1920, 1080, Fraction(60), Fraction(25), has_audio=True),
    },
)


def cut_of(*scenes: dict[str, Any], **board: Any) -> Cut:
    return planned(film(*scenes, **board), source=FILES).cut


def test_overlaps_make_the_film_shorter_and_fades_do_not() -> None:
    cut = cut_of(
        scene("storm", shot(), transition="fade 1"),
        scene("stairs", shot(), transition="dissolve 0.5"),
        scene("sea", shot(), transition="fade 1"),
        card("title", "2", transition="wipe 1"),
    )
    assert [(s.number, s.at) for s in cut.scenes] == [
        (1, Range(0, 96)),
        (2, Range(84, 180)),
        (3, Range(180, 276)),
        (4, Range(252, 300)),
    ]
    assert cut.frames == 300
    assert [s.transition.frames for s in cut.scenes] == [24, 12, 24, 24]


def test_each_duration_is_rounded_before_they_are_added() -> None:
    cut = cut_of(scene("a", shot(duration="1.02"), shot(duration="1.02"), shot(duration="1.02")), fps="25")
    assert cut.frames == 78
    assert cut_of(scene("a", shot(duration="96f")), fps="23.976").frames == 96


def test_shots_stand_where_they_were_bought() -> None:
    stands = cut_of(scene("a", shot(duration="2.5"), shot(duration="2"))).scenes[0]
    assert [(s.number, s.at) for s in stands.shots] == [(1, Range(0, 72)), (2, Range(72, 108))]


def test_a_line_may_stand_from_its_shot_to_the_shots_end() -> None:
    said = cut_of(
        scene(
            "a",
            shot(duration="3"),
            shot(
                "@Mara looks up",
                say=[{"who": "Mara", "line": "No.", "tone": "low"}, {"who": "narrator", "line": "So.", "at": "2.5"}],
            ),
        ),
        elements={"Ivo": {"description": "boy"}, "Mara": {"description": "woman", "voice": {"language": "de"}}},
    ).scenes[0]
    mara, narrator = said.lines
    assert (mara.who, mara.tone, mara.at, mara.voice, mara.is_fixed) == ("Mara", "low", Range(72, 168), 1, False)
    assert mara.language == "de"
    assert (narrator.who, narrator.at, narrator.voice, narrator.is_fixed) == ("narrator", Range(132, 168), None, True)


def test_who_speaks_in_the_take_depends_on_who_made_it() -> None:
    board = film(
        scene("a", shot(say=[{"who": "Mara", "line": "No."}, {"who": "Mara (V.O.)", "line": "Yes."}])),
        elements={"Mara": {"description": "woman"}},
    )
    bought = planned(board, provider="fal").cut.scenes[0].lines
    assert [line.is_voice_over for line in bought] == [False, True]
    silent = planned(board.model_copy(update={"generate_audio": False}), provider="fal").cut.scenes[0].lines
    assert [line.is_voice_over for line in silent] == [True, True]
    drawn = planned(board).cut.scenes[0].lines
    assert [line.is_voice_over for line in drawn] == [True, True]


def test_a_line_that_a_template_left_empty_is_not_spoken() -> None:
    assert cut_of(scene("a", shot(say=[{"who": "narrator", "line": ""}]))).scenes[0].lines == ()


def test_words_and_effects_count_from_their_shot_or_their_scene() -> None:
    over = cut_of(
        scene(
            "a",
            shot(duration="3"),
            shot(
                text=[{"lower_third": {"name": "MARA", "role": "Keeper"}, "at": "0.5", "for": "3"}],
                sfx=[{"file": "door.wav", "at": "1", "gain_db": "-6"}],
            ),
            text=[{"super": "Late again?", "at": "1"}, {"legal": " "}],
        )
    ).scenes[0]
    assert [(w.kind, w.text, w.role, w.at) for w in over.words] == [
        ("super", "Late again?", None, Range(24, 168)),
        ("lower_third", "MARA", "Keeper", Range(84, 156)),
    ]
    assert [(e.asset.path, e.at, e.gain_db) for e in over.effects] == [("door.wav", 96, -6.0)]


def test_what_stands_over_a_trimmed_shot_goes_with_it() -> None:
    said = [{"who": "narrator", "line": "Gone."}]
    shown = cut_of(scene("a", shot(say=said), shot(), trim={"in": "4"})).scenes[0]
    assert shown.lines == ()
    assert [s.number for s in shown.shots] == [2]


def test_music_is_tied_to_scenes() -> None:
    cut = cut_of(
        scene("storm", shot()),
        scene("sea", shot(), transition="dissolve 1"),
        card("title"),
        music=[
            {"file": "score.wav", "from": "sea", "to": "sea", "fade_in": "1", "gain_db": "-8"},
            {"file": "score.wav"},
        ],
    )
    tied, whole = cut.music
    assert (tied.at, tied.fade_in, tied.gain_db, tied.duck_db) == (Range(72, 168), 24, -8.0, 12.0)
    assert whole.at == Range(0, 216)


def test_stills_and_clips() -> None:
    cut = cut_of(
        {"id": "desk", "still": {"image": "desk.png", "duration": "3", "camera": "slow push-in"}},
        {"id": "harbour", "clip": {"file": "harbour.mp4", "in": "12.4", "out": "16.4"}, "speed": "2"},
        watermark={"image": "logo.png"},
    )
    still, clip = (one.sources[0] for one in cut.scenes)
    assert isinstance(still, StillSource)
    assert (still.used, still.camera, cut.scenes[0].kind) == (Range(0, 72), "slow push-in", "still")
    assert isinstance(clip, FileSource)
    assert (clip.used, clip.available, clip.has_audio) == (Range(149, 197), 720, True)
    assert (cut.frames, cut.scenes[1].at) == (120, Range(72, 120))
    assert cut.watermark is not None
    assert cut.watermark.asset.path == "logo.png"


def test_sound_and_fit_go_along() -> None:
    one, two = cut_of(scene("a", shot(), audio_db="off"), scene("b", shot(), fit="pad", place="a quay\n")).scenes
    assert (one.audio_db, one.fit) == (None, "crop")
    assert (two.audio_db, two.fit, two.place) == (0.0, "pad", "a quay")


def test_a_line_without_a_recording_is_a_warning_where_takes_are_bought() -> None:
    recorded = {"who": "narrator", "line": "No.", "file": "door.wav"}
    board = film(scene("a", shot(say=[{"who": "narrator", "line": "So."}, recorded])))
    for provider, codes in (("animatic", []), ("fal", ["SR310"])):
        checked = build_plan([located(board)], FILES, Made(), provider=provider, board="film")
        assert [(d.code, d.severity) for d in checked.diagnostics] == [(code, "warning") for code in codes]
