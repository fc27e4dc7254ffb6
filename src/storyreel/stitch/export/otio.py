"""A cut as an OpenTimelineIO timeline: picture with every take, its sound, dialogue, effects, music, markers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from storyreel.base.timebase import Range, rate_text, round_half_up
from storyreel.plan.cut import CardSource, Cut, FileSource, Source, StillSource, TakeSource
from storyreel.stitch.dialogue import Speech
from storyreel.stitch.export import schema
from storyreel.stitch.export.media import Media, Medium, clip_name
from storyreel.stitch.export.schema import Json
from storyreel.stitch.export.sounds import frames_of, sound_tracks
from storyreel.stitch.export.track import Joint, Piece, joints_of, pieces_of

_KINDS = {"dissolve": "SMPTE_Dissolve", "wipe": "SMPTE_Wipe", "slide": "Custom_Transition", "fade": "Custom_Transition"}


@dataclass(frozen=True, slots=True)
class _Mark:
    at: Range
    name: str
    color: str
    facts: Mapping[str, Any]
    comment: str = ""


def otio_text(cut: Cut, media: Media, speeches: Sequence[Speech], stems: Mapping[str, Medium] | None = None) -> str:
    """The timeline as `.otio` text. `stems` are whole-film sounds by name; they lie in tracks that are switched off."""
    return json.dumps(otio_timeline(cut, media, speeches, stems or {}), indent=2, ensure_ascii=False) + "\n"


def otio_timeline(cut: Cut, media: Media, speeches: Sequence[Speech], stems: Mapping[str, Medium]) -> Json:
    """The timeline as plain JSON; exactly as long as the film."""
    tracks = [_track(cut, media, "Picture", "Video"), _track(cut, media, "Sound of picture", "Audio")]
    tracks += sound_tracks(cut, media, speeches)
    tracks += [_stem(cut, name, stem) for name, stem in stems.items()]
    facts = {
        "film": cut.film,
        "rate": rate_text(cut.rate),
        "frames": cut.frames,
        "width": cut.width,
        "height": cut.height,
        "language": cut.language,
    }
    return schema.timeline(cut.title or cut.film, tracks, markers_of(cut, speeches), facts)


def _track(cut: Cut, media: Media, name: str, kind: str) -> Json:
    """Picture, or the sound that comes with it: the same pieces, gaps where a source is silent."""
    joints = {joint.at: joint for joint in joints_of(cut)}
    children: list[Json] = []
    for piece in pieces_of(cut):
        joint = joints.get(piece.at.start)
        if joint is not None and joint.transition.kind != "cut" and joint.scene == piece.scene:
            children.append(_transition(cut, joint))
        is_silent = kind == "Audio" and not _sounds(cut, media, piece)
        children.append(schema.gap(piece.at.length, cut.rate) if is_silent else _clip(cut, media, piece))
    return schema.track(name, kind, children)


def _sounds(cut: Cut, media: Media, piece: Piece) -> bool:
    source = piece.source
    if cut.scenes[piece.scene].audio_db is None:
        return False
    if isinstance(source, FileSource):
        return source.has_audio
    if not isinstance(source, TakeSource) or source.look != "take":
        return False
    facts = media.takes.get((source.key, source.take))
    return facts is not None and facts.has_sound


def _transition(cut: Cut, joint: Joint) -> Json:
    kind = joint.transition.kind
    name = _KINDS[kind]
    label = f"{kind} into {cut.scenes[joint.scene].id}"
    if kind == "fade" and joint.before == 0:
        name, label = _KINDS["dissolve"], "fade from black"
    elif kind == "fade":
        label = f"fade through black into {cut.scenes[joint.scene].id}"
    before, after = (schema.time(frames, cut.rate) for frames in (joint.before, joint.after))
    return schema.transition(label, name, before, after, {"kind": kind, "frames": joint.transition.frames})


def _clip(cut: Cut, media: Media, piece: Piece) -> Json:
    references, active = _references(cut, media, piece)
    scene, source = cut.scenes[piece.scene], piece.source
    speed = _speed(cut, piece)
    laid = media.laid.get((piece.scene, piece.index, _number(source)))
    # A time warp keeps a clip's length and slows its material: the beginning counts on the file's own clock.
    start = round_half_up(piece.used.start * speed) - (laid.first if laid is not None else 0)
    facts = {
        "scene": scene.id,
        "number": scene.number,
        "kind": scene.kind,
        "place": scene.place,
        "chapter": scene.chapter,
        "key": source.key if isinstance(source, TakeSource) else None,
        "take": source.take if isinstance(source, TakeSource) else None,
        "look": source.look if isinstance(source, TakeSource) and source.look != "take" else None,
        "fit": scene.fit if scene.fit != "crop" else None,
        "audio_db": scene.audio_db or None,
        "audio_lead": scene.audio_lead or None,
        "audio_lag": scene.audio_lag or None,
    }
    used = schema.time_range(Range(start, start + piece.at.length), cut.rate)
    return schema.clip(clip_name(cut, piece.scene, piece.index), used, references, active, facts, float(speed))


def _speed(cut: Cut, piece: Piece) -> Fraction:
    is_drawn = isinstance(piece.source, CardSource | StillSource)
    return Fraction(1) if is_drawn else cut.scenes[piece.scene].speed


def _number(source: Source) -> int:
    return source.take if isinstance(source, TakeSource) else 0


def _references(cut: Cut, media: Media, piece: Piece) -> tuple[dict[str, Json], str]:
    """References by name, and which of them is in the film."""
    source, name = piece.source, clip_name(cut, piece.scene, piece.index)
    if isinstance(source, TakeSource):
        takes = sorted({*media.takes_of(source.key), source.take})
        return {f"take {take}": _take(cut, media, piece, source, take) for take in takes}, f"take {source.take}"
    medium = media.of_source(cut, piece.scene, piece.index)
    if isinstance(source, CardSource):
        if medium is not None:
            return {"card": _file(cut, medium, name, {})}, "card"
        words = ("title", "subtitle", "price", "cta", "legal", "style")
        whole = schema.time_range(Range(0, source.used.end), cut.rate)
        parameters = {word: getattr(source, word) for word in words}
        return {"card": schema.generated("storyreel.card", name, whole, parameters)}, "card"
    facts = {"path": source.asset.path, "sha256": source.asset.digest}
    if isinstance(source, StillSource) and source.camera:
        facts["camera"] = source.camera
    if medium is None:
        return {"file": schema.missing(source.asset.path, None, facts)}, "file"
    return {"file": _file(cut, medium, source.asset.path, facts)}, "file"


def _take(cut: Cut, media: Media, piece: Piece, source: TakeSource, take: int) -> Json:
    facts: dict[str, Any] = {"key": source.key, "take": take}
    known = media.takes.get((source.key, take))
    if known is not None and known.provider:
        facts["provider"] = known.provider
    medium = media.of_source(cut, piece.scene, piece.index, take)
    name = f"{clip_name(cut, piece.scene, piece.index)}, take {take}"
    if medium is None:
        held = round_half_up(source.available * _speed(cut, piece))
        return schema.missing(name, schema.time_range(Range(0, held), cut.rate), facts)
    return _file(cut, medium, name, facts)


def _file(cut: Cut, medium: Medium, name: str, facts: Mapping[str, Any]) -> Json:
    available = None if medium.frames is None else schema.time_range(Range(0, medium.frames), cut.rate)
    return schema.external(medium.url, name, available, facts)


def _stem(cut: Cut, name: str, stem: Medium) -> Json:
    whole = schema.time_range(Range(0, cut.frames), cut.rate)
    reference = schema.external(stem.url, name, whole, {})
    return schema.track(
        f"Stem: {name}", "Audio", [schema.clip(name, whole, {"stem": reference}, "stem", {}, 1)], enabled=False
    )


def markers_of(cut: Cut, speeches: Sequence[Speech]) -> list[Json]:
    """Chapters, shots, lines and words over the picture, on the film's own clock."""
    found: list[_Mark] = []
    facts: dict[str, Any]
    for scene in cut.scenes:
        start = scene.at.start
        if scene.chapter:
            found.append(_Mark(Range(start, start), scene.chapter, "RED", {"kind": "chapter"}))
        for shot in scene.shots:
            name = f"{scene.id}: {shot.id or f'shot {shot.number}'}"
            found.append(
                _Mark(shot.at.shifted(start), name, "CYAN", {"kind": "shot", "camera": shot.camera}, shot.prompt)
            )
        for words in scene.words:
            facts = {"kind": words.kind, "role": words.role}
            found.append(_Mark(words.at.shifted(start), words.text, "PURPLE", facts))
    for speech in speeches:
        line = speech.line
        facts = {"kind": "line", "tone": line.tone, "voice_over": line.is_voice_over}
        at = frames_of(cut, speech.start, speech.end)
        found.append(_Mark(at, f"{line.who}: {line.text}", "YELLOW", facts))
    markers = []
    for mark in sorted(found, key=lambda mark: mark.at.start):
        inside = schema.time_range(mark.at.overlap(Range(0, cut.frames)), cut.rate)
        markers.append(schema.marker(mark.name, inside, mark.color, mark.comment, mark.facts))
    return markers
