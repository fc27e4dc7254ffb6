"""Where every sound of the film stands: a cut and its speech in, placed stems in samples out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from storyreel.base.timebase import AUDIO_HZ, round_half_up, samples_at
from storyreel.plan.cut import Cut, CutMusic, CutScene, FileSource, Source, TakeSource
from storyreel.plan.request import Asset
from storyreel.stitch.dialogue import LineId, Speech

VOICE_LEVEL = -20.0
"""LUFS of every voice before the film's own level is set."""

_JOIN = AUDIO_HZ * 2 // 1000
_TONE_JOIN = AUDIO_HZ * 60 // 1000
_SPLIT_JOIN = AUDIO_HZ * 40 // 1000
"""Of sound that leads or lags, and of what it runs under: nobody hears it begin."""
_QUIET = AUDIO_HZ * 3 // 10
"""Samples around a cut in which nobody may speak, so that a tick marks it."""

StemKind = Literal["picture", "voice", "effect", "music", "tone", "tick"]


@dataclass(frozen=True, slots=True)
class Stem:
    """A sound before it is placed. `start` and `length` are samples of the original at the film's speed."""

    kind: StemKind
    identity: str
    """Digest of the file's bytes; of a tone, the place that it belongs to."""
    start: int = 0
    length: int | None = None
    """None: to its end."""
    speed: Fraction = Fraction(1)
    level: float | None = None
    """LUFS that it is brought to; None leaves it as it is."""
    most: int | None = None
    """Samples after which nobody listens, where `length` is None; None is all of it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A stem on the bed, from sample `at` on; half-open. Fades lie inside it."""

    stem: Stem
    at: int
    length: int
    gain_db: float = 0.0
    fade_in: int = _JOIN
    fade_out: int = _JOIN
    loops: bool = False
    duck_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """Everything that sounds, and where somebody speaks; `length` is that of the film in samples."""

    placed: tuple[Placed, ...]
    speech: tuple[tuple[int, int], ...]
    length: int


def score_of(
    cut: Cut,
    speeches: Sequence[Speech],
    *,
    voices: Mapping[LineId, Stem],
    sound_of: Callable[[Source], str | None],
    seconds_of: Callable[[Asset], Fraction],
) -> Score:
    """The film's sound. `sound_of` names the file behind a source, None where it is silent."""
    total = samples_at(cut.frames, cut.rate)
    placed: list[Placed] = []
    for index, scene in enumerate(cut.scenes):
        before = cut.scenes[index - 1] if index else None
        after = cut.scenes[index + 1] if index + 1 < len(cut.scenes) else None
        placed += _picture(cut, scene, before, after, sound_of)
        placed += _effects(cut, scene, seconds_of)
    for speech, stem in _voiced(cut, speeches, voices):
        placed.append(Placed(stem, speech.start, speech.end - speech.start))
    placed += _ticks(cut, speeches)
    placed += [_music(cut, music, seconds_of) for music in cut.music]
    inside = [_clipped(p, total) for p in placed if p.at < total and p.length > 0]
    spoken = sorted((s.start, min(s.end, total)) for s in speeches if s.start < total)
    return Score(tuple(inside), tuple(spoken), total)


def _clipped(placed: Placed, total: int) -> Placed:
    if placed.at + placed.length <= total:
        return placed
    return Placed(placed.stem, placed.at, total - placed.at, placed.gain_db, placed.fade_in, placed.fade_out,
                  placed.loops, placed.duck_db)  # fmt: skip


def _voiced(cut: Cut, speeches: Sequence[Speech], voices: Mapping[LineId, Stem]) -> list[tuple[Speech, Stem]]:
    found = []
    numbers = [0] * len(cut.scenes)
    for speech in speeches:  # in the order of the lines of their scenes
        stem = voices.get((speech.scene, numbers[speech.scene]))
        numbers[speech.scene] += 1
        if stem is not None and speech.is_on_bed:
            found.append((speech, stem))
    return found


def _picture(
    cut: Cut,
    scene: CutScene,
    before: CutScene | None,
    after: CutScene | None,
    sound_of: Callable[[Source], str | None],
) -> list[Placed]:
    """Sound of takes and clips in its place, room tone under drawn panels; crossfaded where scenes overlap."""
    placed = []
    start = scene.at.start
    for number, source in enumerate(scene.sources):
        is_first, is_last = number == 0, number == len(scene.sources) - 1
        lead = min(scene.audio_lead, source.used.start, start) if is_first else 0
        lag = scene.audio_lag if is_last else 0
        rise = _rise(scene, before, cut) if is_first else 0
        fall = _fall(scene, after, cut) if is_last else 0
        begin = samples_at(start - lead, cut.rate)
        start += source.used.length
        length = samples_at(start + lag, cut.rate) - begin
        sound = sound_of(source)
        if sound is not None and scene.audio_db is not None:
            first = round_half_up((source.used.start - lead) * AUDIO_HZ / cut.rate)
            stem = Stem("picture", sound, first, length, scene.speed)
            placed.append(Placed(stem, begin, length, scene.audio_db, max(rise, _JOIN), max(fall, _JOIN)))
        elif isinstance(source, TakeSource) and source.look != "take":
            stem = Stem("tone", scene.place or scene.id)
            rise, fall = max(rise, _TONE_JOIN), max(fall, _TONE_JOIN)
            placed.append(Placed(stem, begin, length, 0.0, rise, fall, loops=True))
    return placed


def _rise(scene: CutScene, before: CutScene | None, cut: Cut) -> int:
    """Samples in which a scene's sound comes in: with its picture, or softly under the scene before."""
    opening = scene.transition
    soft = _SPLIT_JOIN if scene.audio_lead else 0
    if opening.kind != "fade":
        return max(soft, samples_at(opening.overlap if before is not None else 0, cut.rate))
    own = opening.frames if before is None else opening.frames - opening.frames // 2
    return max(soft, samples_at(own, cut.rate))


def _fall(scene: CutScene, after: CutScene | None, cut: Cut) -> int:
    if after is None:
        return 0
    closing = after.transition
    soft = _SPLIT_JOIN if scene.audio_lag or after.audio_lead else 0
    return max(soft, samples_at(closing.frames // 2 if closing.kind == "fade" else closing.overlap, cut.rate))


def _effects(cut: Cut, scene: CutScene, seconds_of: Callable[[Asset], Fraction]) -> list[Placed]:
    return [
        Placed(
            Stem("effect", effect.asset.digest),
            samples_at(scene.at.start + effect.at, cut.rate),
            round_half_up(seconds_of(effect.asset) * AUDIO_HZ),
            effect.gain_db,
        )
        for effect in scene.effects
    ]


def _music(cut: Cut, music: CutMusic, seconds_of: Callable[[Asset], Fraction]) -> Placed:
    """From anchor to anchor; music that is not looped and ends before that fades out at its own end."""
    begin, end = samples_at(music.at.start, cut.rate), samples_at(music.at.end, cut.rate)
    if not music.loop:
        end = min(end, begin + round_half_up(seconds_of(music.asset) * AUDIO_HZ))
    rise, fall = (max(_JOIN, samples_at(frames, cut.rate)) for frames in (music.fade_in, music.fade_out))
    stem = Stem("music", music.asset.digest, most=end - begin)
    return Placed(stem, begin, end - begin, music.gain_db, rise, fall, music.loop, music.duck_db)


def _ticks(cut: Cut, speeches: Sequence[Speech]) -> list[Placed]:
    """A soft tick at each cut between panels where nobody speaks, and where a line begins that has no voice."""
    drawn = [scene for scene in cut.scenes if _is_drawn(scene)]
    cuts = {samples_at(scene.at.start + shot.at.start, cut.rate) for scene in drawn for shot in scene.shots}
    cuts.discard(0)
    voiced = [(s.start - _QUIET, s.end + _QUIET) for s in speeches if s.is_voiced or not s.is_on_bed]
    marks = {at for at in cuts if not any(start < at < end for start, end in voiced)}
    marks |= {s.start for s in speeches if s.is_on_bed and not s.is_voiced}
    apart = [at for before, at in pairwise([-AUDIO_HZ, *sorted(marks)]) if at - before > _QUIET]
    return [Placed(Stem("tick", ""), at, AUDIO_HZ // 20) for at in apart]


def _is_drawn(scene: CutScene) -> bool:
    return any(isinstance(source, TakeSource) and source.look != "take" for source in scene.sources)


def files_of(score: Score) -> frozenset[str]:
    """Digests of every file that the score reads."""
    return frozenset(p.stem.identity for p in score.placed if p.stem.kind not in ("tone", "tick"))


def has_sound(source: Source) -> bool | None:
    """Whether a source sounds, as far as the cut knows; None where only its file can tell."""
    if isinstance(source, FileSource):
        return source.has_audio
    return None if isinstance(source, TakeSource) and source.look == "take" else False
