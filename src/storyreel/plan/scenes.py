"""One scene of a film, planned: what is made for it, and how it is shown. Independent of where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from storyreel.base.diagnostic import Diagnostic, error
from storyreel.base.timebase import Range, Rate, round_half_up, seconds_text
from storyreel.board.mentions import respell
from storyreel.board.model import Scene
from storyreel.plan.ask import Ends, requests
from storyreel.plan.cut import CutScene, CutShot, CutTransition, Source, TakeSource
from storyreel.plan.edit import Edit, TrimRefused, edit, trimming_of
from storyreel.plan.files import Files
from storyreel.plan.fit import FittedPart, Misfit, ShotLength, fit
from storyreel.plan.kept import asked_digest, kept_parts, kept_scene, kept_sources
from storyreel.plan.keys import key_fields, key_of
from storyreel.plan.lock import LockedScene
from storyreel.plan.overlays import Overlays
from storyreel.plan.plan import PlannedPart, PlannedScene
from storyreel.plan.request import Frame, FrameOf, Request
from storyreel.plan.sheet import Lane, Sheet
from storyreel.plan.takes import planned_takes
from storyreel.plan.terms import Terms, terms_of, words_or_none
from storyreel.plan.waiting import waiting


@dataclass(frozen=True, slots=True)
class Staged:
    """A scene planned and cut, but not yet placed: its `cut` begins at frame 0 and has no number."""

    planned: PlannedScene
    cut: CutScene
    last: Frame | None
    """Its last frame as shown, for scenes that go on from it."""


@dataclass(slots=True)
class Findings:
    """What goes wrong and what is worth knowing while a scene is planned."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def stage_shots(scene: Scene, sheet: Sheet, lane: Lane, ends: Ends, files: Files, found: Findings) -> Staged | None:
    """A generated scene; None where it cannot be bought, which is a diagnostic."""
    rate = sheet.format.rate
    terms = terms_of(sheet.board, scene, found.diagnostics)
    lengths = [ShotLength.of(shot.duration, rate) for shot in scene.shots]
    parts = fit(lengths, terms.profile, rate)
    if isinstance(parts, Misfit):
        found.diagnostics.append(_misfit(parts, scene, lengths, terms))
        return None
    try:
        shown = edit(parts, rate, trimming_of(scene, rate))
    except TrimRefused as refused:
        found.diagnostics.append(_bad_trim(scene, refused))
        return None
    found.notes += ends.notes
    asked, wrong = requests(scene, parts, terms, sheet, ends, files, lane)
    found.diagnostics += wrong
    fields = () if lane.is_animatic else tuple(map(key_fields, asked))
    words, keys = asked_digest(scene, fields, sheet) if fields else "", tuple(map(key_of, fields))
    locked = kept_scene(scene, keys, words, sheet, lane)
    if locked is not None:
        return _kept(scene, sheet, lane, locked, words, asked, shown, files, terms, found)
    frames = [sum(s.used.length for s in shown.stretches if s.part == index) for index in range(len(parts))]
    takes = planned_takes(scene, asked, keys, parts, frames, sheet, lane, found.diagnostics)
    found.notes += [*terms.notes, *_purchase(scene, parts, lengths, shown, terms, rate), *waiting(scene, lane)]
    last = shown.stretches[-1]
    chosen = takes[last.part][0]
    assert chosen.take is not None
    return Staged(
        PlannedScene(
            scene.id, tuple(part for rows in takes for part in rows), tuple(dict.fromkeys(found.notes)), words, asked
        ),
        _cut(
            scene,
            sheet,
            shown,
            _sources(shown, [rows[0] for rows in takes], lane, _continued(scene, asked)),
            files,
            terms,
            lane,
            found,
        ),
        FrameOf(chosen.key, chosen.take, scene.id, last.last),
    )


def _kept(
    scene: Scene,
    sheet: Sheet,
    lane: Lane,
    locked: LockedScene,
    words: str,
    asked: tuple[Request, ...],
    shown: Edit,
    files: Files,
    terms: Terms,
    found: Findings,
) -> Staged:
    """A scene that keeps the takes of the lock."""
    rate = sheet.format.rate
    parts, said = kept_parts(scene, locked, words, asked[0], shown.frames, lane, rate, sheet)
    found.diagnostics += said
    sources = kept_sources(locked, shown.frames, lane, scene, rate)
    cut = _cut(scene, sheet, shown, sources, files, terms, lane, found)
    last, speed = sources[-1], Fraction(1) if scene.speed is None else Fraction(str(scene.speed))
    frame = FrameOf(last.key, last.take, scene.id, round_half_up((last.used.end - 1) * speed))
    notes = tuple(dict.fromkeys(found.notes))
    return Staged(PlannedScene(scene.id, parts, notes, words, asked, locked), cut, frame)


def cut_scene(
    scene: Scene,
    sheet: Sheet,
    frames: int,
    sources: Sequence[Source],
    overlays: Overlays,
    lane: Lane,
    *,
    language: str,
    is_heard: bool = False,
    shots: tuple[CutShot, ...] = (),
) -> CutScene:
    """A scene of the cut before it is placed."""
    rate = sheet.format.rate
    fits: dict[str | None, Literal["crop", "pad", "blur"]] = {"crop": "crop", "pad": "pad", "blur": "blur"}
    return CutScene(
        scene.id,
        0,
        scene.kind,
        Range(0, frames),
        CutTransition(scene.transition.kind, scene.transition.length.frames(rate)),
        tuple(sources),
        shots,
        overlays.lines(lane, language=language, is_heard=is_heard),
        overlays.words(),
        overlays.effects(),
        words_or_none(scene.place),
        fits[scene.fit or sheet.format.fit],
        Fraction(1) if scene.speed is None else Fraction(str(scene.speed)),
        None if scene.audio_db == "off" else float(scene.audio_db),
        scene.audio_lead.frames(rate) if scene.audio_lead is not None else 0,
        scene.audio_lag.frames(rate) if scene.audio_lag is not None else 0,
        scene.chapter,
    )


def _cut(
    scene: Scene,
    sheet: Sheet,
    shown: Edit,
    sources: Sequence[Source],
    files: Files,
    terms: Terms,
    lane: Lane,
    found: Findings,
) -> CutScene:
    names = sheet.elements
    shots = tuple(
        CutShot(number, shot.id, at, respell(shot.prompt.strip(), names, str), words_or_none(shot.camera))
        for number, (shot, at) in enumerate(zip(scene.shots, shown.shots, strict=True), 1)
        if at is not None
    )
    overlays = Overlays(scene, sheet, files, shown.frames, shown.shots, shown.begins)
    heard = terms.generate_audio and not lane.is_animatic
    cut = cut_scene(
        scene, sheet, shown.frames, sources, overlays, lane, language=terms.language, is_heard=heard, shots=shots
    )
    found.diagnostics += overlays.found
    return cut


def _sources(shown: Edit, chosen: Sequence[PlannedPart], lane: Lane, continues: str | None) -> list[TakeSource]:
    look: Literal["take", "panel"] = "panel" if lane.is_animatic else "take"
    return [
        TakeSource(
            chosen[s.part].key,
            chosen[s.part].take or 1,
            s.used,
            s.available,
            look,
            continues if s.part == 0 else None,
        )
        for s in shown.stretches
    ]


def _continued(scene: Scene, asked: Sequence[Request]) -> str | None:
    """The scene whose last frame the first take begins with; a frozen frame may be that of another take."""
    begins = asked[0].start
    return begins[0].scene if not scene.freeze and len(begins) == 1 and isinstance(begins[0], FrameOf) else None


def _purchase(
    scene: Scene, parts: Sequence[FittedPart], lengths: Sequence[ShotLength], shown: Edit, terms: Terms, rate: Rate
) -> list[str]:
    """What was bought, where it is not what is shown."""
    notes = []
    limits = terms.profile
    if len(parts) > 1:
        sizes = " + ".join(str(part.seconds) for part in parts)
        most = f"{limits.most_seconds} s and {limits.most_shots} shots"
        notes.append(f"bought in {len(parts)} parts of {sizes} s: one request of {limits.model} has at most {most}")
    written = sum((length.seconds for length in lengths), Fraction(0))
    bought = Fraction(sum(part.seconds for part in parts))
    seen = written if scene.trim is None and scene.speed is None else shown.frames / rate
    why = []
    if bought > written:
        few = bought - written >= 1
        why.append(f"{limits.model} sells {f'at least {limits.least_seconds} s' if few else 'whole seconds'}")
    if scene.trim is not None:
        why.append("trimmed")
    if scene.speed not in (None, 1):
        why.append(f"at {scene.speed:g} times its speed")
    if why:
        notes.append(f"{seconds_text(bought)} s bought, {seconds_text(seen)} s shown: {', '.join(why)}")
    return notes


def _bad_trim(scene: Scene, refused: TrimRefused) -> Diagnostic:
    where = ("trim", "out") if scene.trim is not None and scene.trim.out is not None else ("trim",)
    return error("SR306", f"the trim of `{scene.id}` {refused}", scene.span(*where))


def _misfit(misfit: Misfit, scene: Scene, lengths: Sequence[ShotLength], terms: Terms) -> Diagnostic:
    shot, profile = scene.shots[misfit.shot], terms.profile
    length = seconds_text(lengths[misfit.shot].seconds)
    span = shot.span("duration")
    if misfit.kind == "long":
        message = f"a shot of {length} s: {profile.model} makes at most {profile.most_seconds} s in one piece"
        over = seconds_text(lengths[misfit.shot].seconds - profile.most_seconds)
        hints = [f"make two shots of it; the scene is then bought in parts, split between them ({over} s too long)"]
        return error("SR302", message, span, label=f"{over} s too long", hints=hints)
    crowd = lengths[misfit.first : misfit.end]
    total = seconds_text(sum((one.seconds for one in crowd), Fraction(0)))
    message = (
        f"{len(crowd)} shots in {total} s: {profile.model} makes each at least {profile.shot_seconds} s long, "
        "so the last would never be seen"
    )
    hints = [
        f"give the shots more time, at least {profile.shot_seconds} s each",
        "or describe the quick cuts in one prompt, or make a scene of its own of a short shot",
    ]
    return error("SR303", message, span, label="too short among these", hints=hints)
