"""What is laid under the picture as tracks of a timeline: spoken lines, effects, music."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storyreel.base.timebase import AUDIO_HZ, Range, round_half_up
from storyreel.plan.cut import Cut
from storyreel.plan.request import Asset
from storyreel.stitch.dialogue import LineId, Speech
from storyreel.stitch.export import schema
from storyreel.stitch.export.media import Media, Medium
from storyreel.stitch.export.schema import Json


@dataclass(frozen=True, slots=True)
class _Sound:
    name: str
    at: Range
    medium: Medium | None
    facts: dict[str, Any]


def sound_tracks(cut: Cut, media: Media, speeches: Sequence[Speech]) -> list[Json]:
    """Dialogue, effects and music; where sounds of a kind overlap there is a second track of it."""
    rooms = (
        ("Dialogue", _dialogue(cut, media, speeches)),
        ("Effects", _effects(cut, media)),
        ("Music", _music(cut, media)),
    )
    tracks = []
    for name, sounds in rooms:
        for number, lane in enumerate(_lanes(cut, sounds), 1):
            label = name if number == 1 else f"{name} {number}"
            tracks.append(schema.track(label, "Audio", _children(cut, lane)))
    return tracks


def frames_of(cut: Cut, start: int, end: int) -> Range:
    """Samples of the film as the nearest frames, one at least."""
    first = round_half_up(start * cut.rate / AUDIO_HZ)
    return Range(first, max(first + 1, round_half_up(end * cut.rate / AUDIO_HZ)))


def numbered(speeches: Sequence[Speech]) -> list[tuple[LineId, Speech]]:
    """Speeches with scene and line; they come in the order of the lines of their scenes."""
    counts: dict[int, int] = {}
    found = []
    for speech in speeches:
        number = counts.get(speech.scene, 0)
        counts[speech.scene] = number + 1
        found.append(((speech.scene, number), speech))
    return found


def _dialogue(cut: Cut, media: Media, speeches: Sequence[Speech]) -> list[_Sound]:
    found = []
    for ident, speech in numbered(speeches):
        if not speech.is_on_bed:
            continue
        line = speech.line
        medium = media.of_sound(line.file) if line.file is not None else media.of_line(ident)
        facts = {"who": line.who, "line": line.text, "tone": line.tone, **_of(line.file)}
        found.append(_Sound(f"{line.who}: {line.text}", frames_of(cut, speech.start, speech.end), medium, facts))
    return found


def _effects(cut: Cut, media: Media) -> list[_Sound]:
    """An effect sounds to its own end, which only its file knows: it stands to the end of its scene here."""
    return [
        _Sound(
            effect.asset.path,
            Range(scene.at.start + effect.at, max(scene.at.start + effect.at + 1, scene.at.end)),
            media.of_sound(effect.asset),
            {"gain_db": effect.gain_db, **_of(effect.asset)},
        )
        for scene in cut.scenes
        for effect in scene.effects
    ]


def _music(cut: Cut, media: Media) -> list[_Sound]:
    return [
        _Sound(
            music.asset.path,
            music.at,
            media.of_sound(music.asset),
            {
                "gain_db": music.gain_db,
                "duck_db": music.duck_db,
                "fade_in": music.fade_in,
                "fade_out": music.fade_out,
                "loop": music.loop,
                **_of(music.asset),
            },
        )
        for music in cut.music
    ]


def _of(asset: Asset | None) -> dict[str, Any]:
    return {} if asset is None else {"path": asset.path, "sha256": asset.digest}


def _lanes(cut: Cut, sounds: Sequence[_Sound]) -> list[list[_Sound]]:
    """Sounds that do not overlap together; what lies behind the end of the film is left out."""
    lanes: list[list[_Sound]] = []
    for sound in sorted(sounds, key=lambda sound: sound.at):
        at = sound.at.overlap(Range(0, cut.frames))
        if not at.length:
            continue
        inside = _Sound(sound.name, at, sound.medium, sound.facts)
        lane = next((lane for lane in lanes if lane[-1].at.end <= at.start), None)
        if lane is None:
            lanes.append([inside])
        else:
            lane.append(inside)
    return lanes


def _children(cut: Cut, lane: Sequence[_Sound]) -> list[Json]:
    children: list[Json] = []
    end = 0
    for sound in lane:
        if sound.at.start > end:
            children.append(schema.gap(sound.at.start - end, cut.rate))
        end = sound.at.end
        medium = sound.medium
        if medium is None:
            reference = schema.missing(sound.name, None, sound.facts)
        else:
            reference = schema.external(medium.url, sound.name, None, sound.facts)
        used = schema.time_range(Range(0, sound.at.length), cut.rate)
        children.append(schema.clip(sound.name, used, {"file": reference}, "file", sound.facts, 1))
    return children
