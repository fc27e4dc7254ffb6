"""Takes as providers sell them: each frame of the film is the frame that was cut, whatever the file is like."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from storyreel.base.timebase import AUDIO_HZ, Range
from storyreel.media.ffmpeg import read_sound
from storyreel.plan.cut import Cut, CutTransition, FileSource
from storyreel.plan.request import Asset
from storyreel.stitch.events import TakeShort
from tests.stitch.coded import coded, numbers, run
from tests.stitch.films import RATE, dissolve, film, scene, take
from tests.stitch.studio import Room


@dataclass(frozen=True)
class Sold:
    """A kind of file, and the rate at which its frames are numbered."""

    make: Callable[[Path], Path]
    rate: Fraction = RATE
    suffix: str = ".mp4"


def _at(rate: str) -> Sold:
    return Sold(lambda file: coded(file, rate=rate, frames=round(Fraction(rate) * 4.5)), Fraction(rate))


def _copied(*arguments: str, suffix: str = ".mp4", after: tuple[str, ...] = (), first: tuple[str, ...] = ()) -> Sold:
    """A film that was packed again, with other words on its times."""

    def make(file: Path) -> Path:
        plain = coded(file.with_name(f"plain-{file.stem}.mp4"), sound="sine=f=440", after=after)
        run("-y", *first, "-i", str(plain), *arguments, "-c", "copy", str(file))
        return file

    return Sold(make, suffix=suffix)


def _late_picture(file: Path) -> Path:
    """The picture begins half a second after the sound."""
    plain = str(coded(file.with_name("plain-late.mp4"), sound="sine=f=440"))
    run("-y", "-itsoffset", "0.5", "-i", plain, "-i", plain, "-map", "0:v", "-map", "1:a", "-c", "copy", str(file))
    return file


SOLD = {
    "odd pixels": Sold(lambda file: coded(file, size="319x179", after=["-pix_fmt", "yuv444p"])),
    "a few pixels too narrow": Sold(lambda file: coded(file, size="318x180")),
    "portrait": Sold(lambda file: coded(file, size="180x320")),
    "wide pixels": Sold(lambda file: coded(file, size="240x180", before="setsar=4/3")),
    "23.976": _at("24000/1001"),
    "25": _at("25"),
    "29.97": _at("30000/1001"),
    "30": _at("30"),
    "48": _at("48"),
    "ten bits": Sold(lambda file: coded(file, after=["-pix_fmt", "yuv420p10le"])),
    "rgb": Sold(lambda file: coded(file, after=["-c:v", "libx264rgb", "-preset", "ultrafast", "-pix_fmt", "rgb24"])),
    "bright as phones film": Sold(
        lambda file: coded(
            file,
            before="format=yuv420p10,setparams=colorspace=bt2020nc:color_primaries=bt2020:color_trc=arib-std-b67",
            after=["-pix_fmt", "yuv420p10le"],
        )
    ),
    "full range": Sold(lambda file: coded(file, before="scale=out_range=pc", after=["-color_range", "pc"])),
    "its picture begins late": Sold(_late_picture),
    "its clock begins late": _copied("-output_ts_offset", "3", suffix=".mkv"),
    "an edit list hides its beginning": _copied(first=("-ss", "0")),
    "no edit list": _copied("-use_editlist", "0"),
    "in fragments": _copied("-movflags", "frag_keyframe+empty_moov"),
    "vp8 in webm": Sold(
        lambda file: coded(file, after=["-c:v", "libvpx", "-deadline", "realtime", "-b:v", "1M"]), suffix=".webm"
    ),
}


def shown_at(frame: int, rate: Fraction) -> int:
    """The picture of a file of that rate in the middle of a frame of the film."""
    return math.ceil((frame + Fraction(1, 2)) * rate / RATE) - 1


@pytest.mark.parametrize("name", SOLD)
def test_every_frame_is_the_one_that_was_cut(name: str, tmp_path: Path) -> None:
    sold = SOLD[name]
    file = sold.make(tmp_path / f"take{sold.suffix}")
    cut = film(scene("head", take("A", 30)), scene("tail", take("A", 40, start=60)))
    found = numbers(Room(tmp_path, {"A": file}).make(cut))
    assert found == [shown_at(n, sold.rate) for n in [*range(30), *range(60, 100)]]


def test_what_an_edit_list_hides_is_not_shown(tmp_path: Path) -> None:
    plain = coded(tmp_path / "plain.mp4", after=["-g", "250"])
    hidden = tmp_path / "hidden.mp4"
    run("-ss", "0.51", "-i", str(plain), "-c", "copy", str(hidden))
    with av.open(str(hidden)) as opened:
        assert opened.streams.video[0].frames == 110  # from the last key frame on: they are there, but hidden
    cut = film(scene("a", take("A", 40)), scene("b", take("A", 30, start=50)))
    found = numbers(Room(tmp_path, {"A": hidden}).make(cut))
    assert found[0] in (12, 13)
    assert found == [n + found[0] for n in [*range(40), *range(50, 80)]]


def test_a_turned_phone_is_turned_back(tmp_path: Path) -> None:
    lying = coded(tmp_path / "lying.mp4", before="transpose=clock")
    turned = tmp_path / "turned.mp4"
    run("-display_rotation", "90", "-i", str(lying), "-c", "copy", str(turned))
    assert numbers(Room(tmp_path, {"A": turned}).make(film(scene("a", take("A", 24, start=40))))) == list(range(40, 64))


def test_a_rate_that_changes_is_followed_frame_by_frame(tmp_path: Path) -> None:
    # Every third frame is missing, and after two seconds every second.
    gone = "select='if(lt(n,48),mod(n,3),mod(n,2))'"
    file = coded(tmp_path / "vfr.mp4", before=gone, frames=70, after=["-fps_mode", "passthrough"])
    kept = [n for n in range(110) if (n % 3 if n < 48 else n % 2)]
    found = numbers(Room(tmp_path, {"A": file}).make(film(scene("a", take("A", 90)))))
    # The first picture is frame 1: it is time 0. A frame stays until the next one comes.
    assert found == [max(k for k in kept if k <= n + kept[0]) for n in range(90)]


def test_what_is_longer_is_trimmed_and_what_is_shorter_is_held_and_said(tmp_path: Path) -> None:
    room = Room(tmp_path, {"long": coded(tmp_path / "l.mp4"), "short": coded(tmp_path / "s.mp4", frames=40)})
    found = numbers(room.make(film(scene("a", take("long", 50)), scene("b", take("short", 48)))))
    assert found == [*range(50), *range(40), *[39] * 8]
    assert [e for e in room.events if isinstance(e, TakeShort)] == [TakeShort("b", 48, 40)]


@pytest.mark.parametrize("fit", ["crop", "pad", "blur"])
def test_a_scene_is_fitted_as_it_says(fit: str, tmp_path: Path) -> None:
    tall = coded(tmp_path / "t.mp4", size="180x320", frames=30)
    reel = Room(tmp_path, {"A": tall}).make(film(scene("a", take("A", 24), fit=fit)))
    if fit == "crop":
        assert numbers(reel) == list(range(24))
        return
    with av.open(str(reel)) as opened:
        shown = list(opened.decode(video=0))[21].to_ndarray(format="gray")
    middle = shown[80:100, 110:211]
    assert [int(middle[:, 6 + 12 * k : 9 + 12 * k].mean() > 128) for k in range(8)] == [1, 0, 1, 0, 1, 0, 0, 0]
    assert (float(shown[:, :60].mean()) < 20) == (fit == "pad")


COLOUR = (200, 60, 40)
"""Red, green and blue of what is filmed."""
COLOURS = {
    "untagged": "scale=out_color_matrix=bt709:out_range=tv,format=yuv444p,setparams=colorspace=unknown",
    "tagged as HD": "scale=out_color_matrix=bt709:out_range=tv,format=yuv444p,setparams=colorspace=bt709",
    "tagged as SD": "scale=out_color_matrix=smpte170m:out_range=tv,format=yuv444p,setparams=colorspace=smpte170m",
    "full range": "scale=out_color_matrix=bt709:out_range=pc,format=yuv444p,setparams=range=pc:colorspace=bt709",
}


@pytest.mark.parametrize("name", COLOURS)
def test_colours_are_those_that_were_filmed(name: str, tmp_path: Path) -> None:
    file = tmp_path / "c.mp4"
    grey = "color=0x{:02x}{:02x}{:02x}:s=320x180:r=24,format=gbrp".format(*COLOUR)
    run("-f", "lavfi", "-i", f"{grey},{COLOURS[name]}", "-frames:v", "24", "-c:v", "libx264", "-qp", "4", str(file))
    with av.open(str(Room(tmp_path, {"A": file}).make(film(scene("a", take("A", 24)))))) as opened:
        frame = list(opened.decode(video=0))[12]
        assert (frame.colorspace, frame.color_range) == (1, 1)  # HD, from 16 to 235
        planes = frame.to_ndarray(format="yuv420p")
    y, u, v = (float(part.mean()) for part in (planes[:180], planes[180:225], planes[225:]))
    light, blue, red = (y - 16) / 219, (u - 128) / 224, (v - 128) / 224
    rgb = [light + 1.5748 * red, light - 0.1873 * blue - 0.4681 * red, light + 1.8556 * blue]
    assert [255 * part for part in rgb] == pytest.approx(COLOUR, abs=5)


_BEEP = "aevalsrc=0.6*sin(2*PI*1000*t)*between(t\\,1\\,1.06):s={hz}:d=1.2"


@pytest.mark.parametrize(("channels", "hz"), [(1, 44_100), (2, 22_050), (6, 48_000)])
def test_sound_of_any_kind_stays_with_its_picture(channels: int, hz: int, tmp_path: Path) -> None:
    # The sound is shorter than the picture, which is no reason to move anything.
    file = coded(tmp_path / "a.mp4", frames=72)
    heard = tmp_path / "heard.mp4"
    sound = ["-f", "lavfi", "-i", _BEEP.format(hz=hz), "-ac", str(channels), "-c:a", "aac"]
    run("-i", str(file), *sound, "-c:v", "copy", str(heard))
    reel = Room(tmp_path, {"A": heard}).make(film(scene("a", take("A", 60)), scene("b", take("A", 48, start=12))))
    samples = np.abs(asyncio.run(read_sound(reel))[:, 0].astype(int))
    for begin in (24, 60 + 12):
        place = begin * AUDIO_HZ // 24
        window = samples[place - 4800 : place + 4800]
        assert abs(int(np.flatnonzero(window > window.max() / 4)[0]) - 4800) < 144
    assert samples[40 * 2000 : 59 * 2000].max() < 100


def test_sound_that_begins_before_the_picture_keeps_its_distance(tmp_path: Path) -> None:
    plain = coded(tmp_path / "p.mp4", sound=_BEEP.format(hz=48_000), frames=28)
    late = tmp_path / "late.mp4"
    run("-itsoffset", "0.5", "-i", str(plain), "-i", str(plain), "-map", "0:v", "-map", "1:a", "-c", "copy", str(late))
    samples = np.abs(asyncio.run(read_sound(Room(tmp_path, {"A": late}).make(film(scene("a", take("A", 24))))))[:, 0])
    # What sounds at one second is heard half a second after the first picture.
    assert abs(int(np.flatnonzero(samples > samples.max() / 4)[0]) - AUDIO_HZ // 2) < 144


def test_a_take_without_sound_is_silent(tmp_path: Path) -> None:
    reel = Room(tmp_path, {"A": coded(tmp_path / "a.mp4", frames=30)}).make(film(scene("a", take("A", 24))))
    assert np.abs(asyncio.run(read_sound(reel))).max() <= 1


def test_a_clip_may_be_any_file_and_play_at_any_speed(tmp_path: Path) -> None:
    room = Room(tmp_path, {})
    room.assets["g.gif"] = coded(tmp_path / "g.gif", rate="25", after=["-c:v", "gif", "-pix_fmt", "rgb8"])
    clip = FileSource(Asset("g.gif", "g"), Range(10, 40), 50, has_audio=False)
    reel = room.make(film(replace(scene("a", clip, speed=Fraction(2)), kind="clip", shots=())))
    assert numbers(reel) == [shown_at(n, Fraction(50)) for n in range(10, 40)]


# What is made when


def _chain(middle: CutTransition) -> Cut:
    return film(scene("a", take("A", 90)), scene("b", take("B", 90), transition=middle))


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path, {key: coded(tmp_path / f"{key}.mp4", before=f"hue=b={n}") for n, key in enumerate("AB")})


def test_a_take_is_conformed_as_soon_as_it_is_there(room: Room) -> None:
    cut = _chain(dissolve(12))
    room.conform(cut, "A")
    assert room.encoded() == [("core", "a"), ("edge", "a"), ("edge", "a")]
    room.conform(cut, "A")
    assert room.encoded() == []
    room.conform(cut, "A", "B")
    assert room.encoded() == [("core", "b"), ("dissolve", "b"), ("edge", "b"), ("edge", "b")]
    room.make(cut)
    assert room.encoded() == []


def test_another_transition_never_makes_a_core_again(room: Room) -> None:
    room.make(_chain(dissolve(12)))
    room.make(_chain(CutTransition("wipe", 12)))
    assert room.encoded() == [("wipe", "b")]
    room.make(_chain(CutTransition("slide", 18)))
    assert room.encoded() == [("edge", "a"), ("edge", "b"), ("slide", "b")]
    room.make(_chain(CutTransition("fade", 12)))
    assert not [kind for kind, _ in room.encoded() if kind == "core"]
    room.make(_chain(CutTransition()))
    assert not [kind for kind, _ in room.encoded() if kind == "core"]


def test_a_take_that_arrives_makes_nothing_but_its_own_scene_again(room: Room) -> None:
    stood_in = film(scene("a", take("A", 60, look="stand_in")), scene("b", take("B", 90)))
    room.make(stood_in)
    room.make(film(scene("a", take("A", 60)), stood_in.scenes[1]))
    assert room.encoded() == [("core", "a")]
