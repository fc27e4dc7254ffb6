from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from storyreel.base.timebase import Range, samples_at
from storyreel.media.ffmpeg import MediaFailed, ffmpeg_path, read_sound
from storyreel.media.shelf import MemoryShelf
from storyreel.plan.cut import (
    CardSource,
    Cut,
    CutEffect,
    CutMusic,
    CutTransition,
    CutWatermark,
    CutWords,
    FileSource,
    StillSource,
    TakeSource,
)  # fmt: skip
from storyreel.plan.request import Asset
from storyreel.stitch.events import (
    BedMixed,
    CaptionsWritten,
    CardPainted,
    Joined,
    SegmentEncoded,
    SheetDrawn,
    StitchEvent,
)
from storyreel.stitch.made import Reel, reel_key
from storyreel.stitch.reel import make_reel
from tests.stitch.films import dissolve, film, line, scene, take

Takes = Callable[[str], Path]


@dataclass
class Studio:
    """A shelf, an output folder and the log of what was done."""

    takes: Takes
    folder: Path
    events: list[StitchEvent] = field(default_factory=list)
    assets: dict[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shelf = MemoryShelf(self.folder / "shelf")

    def files(self, cut: Cut) -> dict[tuple[str, int], Path]:
        sources = [s for each in cut.scenes for s in each.sources if isinstance(s, TakeSource)]
        return {(s.key, s.take): self.takes(s.key) for s in sources}

    async def make(self, cut: Cut, **more: Any) -> Reel:
        self.events.clear()
        out = self.folder / "out"
        tell = self.events.append
        return await make_reel(cut, self.files(cut), self._asset, self.shelf, out, on_event=tell, **more)

    def _asset(self, asset: Asset) -> Path:
        return self.assets[asset.path]

    def run(self, cut: Cut, **more: Any) -> Path:
        return asyncio.run(self.make(cut, **more)).path

    def encoded(self) -> list[tuple[str, str]]:
        return sorted((e.kind, e.scene) for e in self.events if isinstance(e, SegmentEncoded))


@pytest.fixture
def studio(takes: Takes, tmp_path: Path) -> Studio:
    return Studio(takes, tmp_path)


def pictures(reel: Path) -> tuple[list[int], list[float]]:
    """Time stamps in ticks and mean greys of all frames, by a decoder that did not make them."""
    with av.open(str(reel)) as opened:
        frames = list(opened.decode(video=0))
    return [f.pts or 0 for f in frames], [float(f.to_ndarray(format="gray").mean()) for f in frames]


def counted(reel: Path) -> int:
    """Frames as ffmpeg decodes them; any complaint of it is a failure."""
    argv = [ffmpeg_path(), "-v", "warning", "-i", str(reel), "-map", "0:v", "-f", "framecrc", "-"]
    ended = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert ended.stderr == ""
    return sum(not row.startswith("#") for row in ended.stdout.splitlines())


def test_flashes_and_beeps_stay_together_over_many_joins(studio: Studio) -> None:
    names = ["f24", "f30", "f25", "fn"]
    lengths = {"f24": 73, "f30": 60, "f25": 47, "fn": 63}
    scenes = [scene(f"s{i}", take(names[i % 4], lengths[names[i % 4]])) for i in range(14)]
    scenes = [replace(s, transition=dissolve(6)) if i in (4, 9) else s for i, s in enumerate(scenes)]
    cut = film(*scenes, loudness=-14.0)
    reel = studio.run(cut)
    stamps, greys = pictures(reel)
    assert stamps == [1000 * n for n in range(cut.frames)]
    assert counted(reel) == cut.frames
    sound = np.abs(asyncio.run(read_sound(reel))[:, 0].astype(int))
    for each in cut.scenes:
        if each.transition.overlap:
            continue
        frame = each.at.start
        assert greys[frame] > 150 > greys[frame + 1]
        sample = samples_at(frame, cut.rate)
        window = sound[max(0, sample - 2400) : sample + 2400]
        onset = int(np.flatnonzero(window > window.max() / 8)[0]) - min(sample, 2400)
        assert abs(onset) <= 96, f"{each.id}: the beep is {onset / 48:.2f} ms off its flash"


def test_both_streams_are_as_long_as_the_film(studio: Studio) -> None:
    cut = film(scene("a", take("f24", 70)), scene("b", take("f30", 55)), rate=Fraction(24_000, 1001))
    with av.open(str(studio.run(cut))) as opened:
        picture, sound = opened.streams.video[0], opened.streams.audio[0]
        assert _seconds(picture) == cut.frames / cut.rate
        assert abs(float(_seconds(sound) - cut.frames / cut.rate)) < 0.001
        assert (picture.codec_context.pix_fmt, sound.codec_context.sample_rate) == ("yuv420p", 48_000)
        for stream in (picture, sound):
            times = [p.dts for p in opened.demux(stream) if p.dts is not None]
            assert times == sorted(set(times))
            opened.seek(0)


def _seconds(stream: Any) -> Fraction:
    return Fraction(stream.duration * stream.time_base)


def test_the_index_comes_first_so_that_a_browser_can_begin(studio: Studio) -> None:
    data = studio.run(film(scene("a", take("f24", 48)))).read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_second_run_encodes_nothing(studio: Studio) -> None:
    cut = film(scene("a", take("f24", 70)), scene("b", take("f30", 55), transition=dissolve(6)), loudness=-14.0)
    first = studio.run(cut).read_bytes()
    assert len(studio.encoded()) == 3
    assert studio.run(cut).read_bytes() == first
    assert studio.encoded() == []
    assert not any(isinstance(e, BedMixed) for e in studio.events)
    # The reel is told before its sheet, so that nobody who waits for it waits for that, too.
    assert [type(e) for e in studio.events[-3:]] == [Joined, CaptionsWritten, SheetDrawn]


def test_another_take_makes_one_body_again(studio: Studio) -> None:
    before = film(scene("a", take("f24", 48)), scene("b", take("f30", 48)), scene("c", take("f25", 40)))
    studio.run(before)
    studio.run(film(before.scenes[0], scene("b", take("fn", 48)), before.scenes[2]))
    assert studio.encoded() == [("core", "b")]


def test_captions_music_and_loudness_make_no_picture_again(studio: Studio, takes: Takes) -> None:
    studio.assets["m.mp4"] = takes("f30")
    body = scene("a", take("f24", 48), lines=(line("So.", (0, 48)),))
    studio.run(film(body))
    music = CutMusic(Asset("m.mp4", "m"), Range(0, 48), -6, 9, 0, 12, loop=True)
    other = replace(body, lines=(line("Something else.", (0, 48)),))
    studio.run(film(other, music=(music,), loudness=-14.0))
    assert studio.encoded() == []
    assert "Something else." in (studio.folder / "out" / "test.srt").read_text()


def test_equal_cuts_give_equal_frames_and_samples(takes: Takes, tmp_path: Path) -> None:
    panel = scene("p", take("c24", 60, look="stand_in"), place="sea", lines=(line("Please.", (0, 60)),))
    cut = film(panel, scene("b", take("f30", 48), transition=dissolve(6)), loudness=-14.0)
    reels = [Studio(takes, tmp_path / name).run(cut) for name in ("one", "two")]
    assert pictures(reels[0]) == pictures(reels[1])
    first, second = (asyncio.run(read_sound(reel)) for reel in reels)
    assert np.array_equal(first, second)


def test_a_panel_shows_its_slate_and_a_take_does_not(studio: Studio) -> None:
    def corner(look: str, frame: int) -> Any:
        with av.open(str(studio.run(film(scene("a", take("c24", 48, look=look)), size=(640, 360))))) as opened:
            shown = list(opened.decode(video=0))[frame].to_ndarray(format="gray")
        return shown[18:40, 18:160].astype(int), shown[4:6, 100:300].astype(int)

    bare, _ = corner("take", 10)
    slate, edge = corner("panel", 10)
    assert np.ptp(bare) <= 4
    assert np.ptp(slate) > 100
    assert np.ptp(edge) <= 6
    assert np.ptp(corner("stand_in", 10)[1]) > 60
    assert np.abs(corner("panel", 40)[0] - slate)[:, :24].max() > 60  # the arc has run on


def test_speech_is_shown_over_a_panel_only_while_it_lasts(studio: Studio) -> None:
    spoken = line("Please.", (0, 96), is_fixed=True)
    reel = studio.run(film(scene("a", take("c24", 90, look="panel"), lines=(spoken,)), size=(640, 360)))
    with av.open(str(reel)) as opened:
        spread = [int(np.ptp(f.to_ndarray(format="gray")[225:275, 270:370])) for f in opened.decode(video=0)]
    assert spread[2] > 100
    assert spread[80] < 8


def test_burned_captions_stand_in_the_picture_of_a_take(studio: Studio) -> None:
    spoken = line("Please.", (0, 48), is_fixed=True)
    reel = studio.run(film(scene("a", take("c24", 48), lines=(spoken,)), size=(640, 360), captions="burn"))
    with av.open(str(reel)) as opened:
        first = next(opened.decode(video=0)).to_ndarray(format="gray")
    assert np.ptp(first[290:330, 270:370].astype(int)) > 150


def test_words_come_and_go(studio: Studio) -> None:
    words = CutWords("lower_third", "MARA", "Keeper of the light", Range(6, 54), None)
    reel = studio.run(film(scene("a", take("c24", 60), words=(words,)), size=(640, 360)))
    with av.open(str(reel)) as opened:
        spread = [int(np.ptp(f.to_ndarray(format="gray")[280:330, 40:140])) for f in opened.decode(video=0)]
    assert spread[5] < 8 < spread[9] < spread[20] > 100
    assert spread[30] == pytest.approx(spread[20], abs=30)
    assert spread[55] < 8


def test_captions_off_takes_yesterdays_away(studio: Studio) -> None:
    body = scene("a", take("f24", 48), lines=(line("So.", (0, 48)),))
    out = studio.folder / "out"
    studio.run(film(body))
    assert {f.suffix for f in out.iterdir()} == {".mp4", ".srt", ".vtt", ".png"}
    studio.run(film(body, captions="off"))
    assert {f.suffix for f in out.iterdir()} == {".mp4", ".png"}


def test_the_contact_sheet_has_a_picture_of_every_shot(studio: Studio) -> None:
    cut = film(scene("a", take("c24", 48), take("c24", 48)), scene("b", take("c24", 24)))
    studio.run(cut)
    with av.open(str(studio.folder / "out" / "test.contact-sheet.png")) as opened:
        sheet = next(opened.decode(video=0)).to_ndarray(format="gray")
    row = sheet[200]
    # Three greys on the dark ground: 20 + 2 * 24, the same, 20 + 2 * 12.
    lit = row > 28
    starts = np.flatnonzero(lit[1:] & ~lit[:-1])
    assert len(starts) == 3


def test_a_still_is_moved(studio: Studio, tmp_path: Path) -> None:
    picture = tmp_path / "desk.png"
    argv = [ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=640x360", "-frames:v", "1", str(picture)]
    subprocess.run(argv, check=True)
    studio.assets["desk.png"] = picture
    still = StillSource(Asset("desk.png", "d"), "slow push-in", Range(0, 48))
    reel = studio.run(film(replace(scene("desk", still), kind="still", shots=())))
    with av.open(str(reel)) as opened:
        frames = [f.to_ndarray(format="gray").astype(int) for f in opened.decode(video=0)]
    moves = [np.abs(a - b).mean() for a, b in pairwise(frames)]
    assert len(frames) == 48
    assert min(moves) > 0.2


def test_a_clip_is_cut_from_its_file_with_its_sound(studio: Studio, takes: Takes) -> None:
    studio.assets["harbour.mp4"] = takes("f30")
    clip = FileSource(Asset("harbour.mp4", "h"), Range(0, 36), 61, has_audio=True)
    reel = studio.run(film(replace(scene("archive", clip), kind="clip", shots=())))
    assert pictures(reel)[1][0] > 150
    assert np.abs(asyncio.run(read_sound(reel))[:2400].astype(int)).max() > 8000


def test_a_missing_take_is_said_plainly(studio: Studio) -> None:
    cut = film(scene("a", take("f24", 48)))
    with pytest.raises(MediaFailed, match="take 1 of f24 is not in the store"):
        asyncio.run(make_reel(cut, {}, lambda _: Path(), studio.shelf, studio.folder, on_event=studio.events.append))


# reel_key


def key(cut: Cut, digests: Mapping[tuple[str, int], str] | None = None) -> str:
    return reel_key(cut, digests or {("A", 1): sha256(b"A").hexdigest(), ("B", 1): sha256(b"B").hexdigest()})


def test_every_field_of_a_cut_is_in_its_key() -> None:
    words = CutWords("super", "So", None, Range(0, 9), None)
    effect = CutEffect(Asset("e", "e"), 3, 0.0)
    body = scene("a", take("A", 48), lines=(line("So.", (0, 48)),), words=(words,), effects=(effect,))
    cut = film(body)
    mark = CutWatermark(Asset("w", "w"), "top-left", 0.5)
    music = CutMusic(Asset("m", "m"), Range(0, 48), 0, 0, 0, 0, loop=True)
    changes: dict[str, Any] = {
        "film": "other", "title": "Other", "rate": Fraction(25), "width": 322, "height": 182, "frames": 47,
        "scenes": (), "music": (music,), "captions": "burn", "loudness": -14.0, "watermark": mark, "language": "de",
        "fonts": (Asset("f", "f"),),
    }  # fmt: skip
    assert set(changes) == {f.name for f in fields(Cut)}
    inside: dict[str, Any] = {
        "id": "b", "number": 2, "kind": "clip", "at": Range(0, 47), "transition": CutTransition("fade", 3),
        "sources": (take("B", 48),), "shots": (), "lines": (), "words": (), "effects": (), "place": "sea", "fit": "pad",
        "speed": Fraction(2), "audio_db": None, "audio_lead": 1, "audio_lag": 1, "chapter": "One",
    }  # fmt: skip
    assert set(inside) == {f.name for f in fields(type(body))}
    keys = [key(cut)]
    keys += [key(replace(cut, **{name: value})) for name, value in changes.items()]
    keys += [key(replace(cut, scenes=(replace(cut.scenes[0], **{name: value}),))) for name, value in inside.items()]
    keys.append(key(replace(cut, scenes=(replace(cut.scenes[0], sources=(take("A", 48, look="panel"),)),))))
    keys.append(key(cut, {("A", 1): "other bytes"}))
    assert len(set(keys)) == len(keys)


def test_a_reel_is_the_same_wherever_its_takes_and_files_came_from() -> None:
    body = scene("a", take("A", 48), effects=(CutEffect(Asset("old.wav", "e"), 3, 0.0),))
    elsewhere = (TakeSource("B", 3, Range(0, 48), 99),)
    moved = replace(body, effects=(CutEffect(Asset("new.wav", "e"), 3, 0.0),), sources=elsewhere)
    moved = replace(moved, shots=tuple(replace(s, prompt="other words") for s in moved.shots))
    assert key(film(body), {("A", 1): "x"}) == key(film(moved), {("B", 3): "x"})


def test_a_reel_key_needs_every_take() -> None:
    with pytest.raises(KeyError):
        reel_key(film(scene("a", take("A", 48))), {})


def test_keys_are_digests() -> None:
    assert re.fullmatch("[0-9a-f]{64}", key(film(scene("t", CardSource(Range(0, 24), title="END")))))


def test_a_card_is_drawn_once_and_moves(studio: Studio) -> None:
    card = CardSource(Range(0, 48), title="THE LAST LAMP", subtitle="In cinemas this autumn")
    cut = film(scene("a", take("c24", 48)), scene("title", card, transition=dissolve(12)), size=(640, 360))
    reel = studio.run(cut)
    assert [e for e in studio.events if isinstance(e, CardPainted)] == [CardPainted("title", 48)]
    with av.open(str(reel)) as opened:
        shown = [f.to_ndarray(format="gray")[:360].astype(int) for f in opened.decode(video=0)][48:]
    assert shown[0][120:200, 100:540].max() > 180
    assert np.abs(shown[10] - shown[30]).max() > 60
    studio.run(film(cut.scenes[1], cut.scenes[0], size=(640, 360)))
    assert not any(isinstance(e, CardPainted) for e in studio.events)


def test_a_watermark_lies_in_its_corner_of_everything_but_cards(studio: Studio, tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    argv = [ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i", "color=white:s=64x64", "-frames:v", "1", str(logo)]
    subprocess.run(argv, check=True)
    studio.assets["logo.png"] = logo
    card = scene("title", CardSource(Range(0, 24), title="END"))
    mark = CutWatermark(Asset("logo.png", "w"), "bottom-right", 0.5)
    reel = studio.run(film(scene("a", take("c24", 24)), card, size=(640, 360), watermark=mark))
    with av.open(str(reel)) as opened:
        frames = [f.to_ndarray(format="gray") for f in opened.decode(video=0)]
    assert frames[5][310:335, 590:615].mean() == pytest.approx((30 + 255) / 2, abs=20)
    assert frames[5][310:335, 30:60].mean() < 40
    assert frames[40][310:335, 590:615].mean() < 40
