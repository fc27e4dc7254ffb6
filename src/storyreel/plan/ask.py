"""A scene's words to neutral requests, one for each part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from storyreel.base.diagnostic import Diagnostic
from storyreel.board.mentions import mentions
from storyreel.board.model import Say, Scene, Shot
from storyreel.plan.budget import check_words
from storyreel.plan.files import Files
from storyreel.plan.fit import FittedPart
from storyreel.plan.lowering.words import manner_of
from storyreel.plan.own import OwnTemplate
from storyreel.plan.request import ElementRequest, Frame, Request, ShotRequest, SpokenLine
from storyreel.plan.sheet import Lane, Sheet
from storyreel.plan.terms import Terms, words_or_none


@dataclass(frozen=True, slots=True)
class Ends:
    """The pictures that a scene begins with and ends on."""

    start: tuple[Frame, ...] = ()
    end: Frame | None = None
    notes: tuple[str, ...] = ()
    """Sentences on pictures that are not those of what is shown now."""


def requests(
    scene: Scene, parts: Sequence[FittedPart], terms: Terms, sheet: Sheet, ends: Ends, files: Files, lane: Lane
) -> tuple[tuple[Request, ...], tuple[Diagnostic, ...]]:
    """The requests of a scene's parts. A start picture is the first part's, an end picture the last one's."""
    found: list[Diagnostic] = []
    own = OwnTemplate(scene, sheet, terms, files) if terms.template else None
    said = _said(scene, sheet)
    made = []
    for index, part in enumerate(parts):
        shots = []
        for at, seconds in zip(range(part.first, part.end), part.bought, strict=True):
            asked = _shot(scene.shots[at], seconds, said[at], terms, sheet)
            if own is not None:
                asked = replace(asked, words=own.words(scene.shots[at], at + 1, asked))
            shots.append(asked)
        start = ends.start if index == 0 else ()
        request = Request(
            terms.profile.model,
            terms.tier,
            None if start else terms.shape.name,
            tuple(shots),
            terms.generate_audio,
            words_or_none(scene.place),
            terms.style,
            terms.negative_prompt,
            terms.cfg_scale,
            terms.shot_type,
            _mentioned(shots, words_or_none(scene.place), terms.style, sheet),
            start,
            ends.end if index == len(parts) - 1 else None,
            own.digest if own is not None else None,
            _plain(terms.extra),
        )
        if lane.is_animatic:
            found += check_words(request, scene.shots[part.first : part.end], terms.profile, manner_of(request, None))
        made.append(request)
    return tuple(made), (*found, *(own.found if own is not None else ()))


def _shot(shot: Shot, seconds: int, said: Sequence[Say], terms: Terms, sheet: Sheet) -> ShotRequest:
    """Where no audio is generated, lines and sounds are no part of what is asked: to edit them costs nothing."""
    lines = tuple(_line(say, sheet) for say in said) if terms.generate_audio else ()
    sound = words_or_none(shot.sound) if terms.generate_audio else None
    return ShotRequest(shot.prompt.strip(), seconds, words_or_none(shot.camera), lines, sound, extra=_plain(shot.extra))


def _line(say: Say, sheet: Sheet) -> SpokenLine:
    return SpokenLine(say.speaker, words_or_none(say.tone) or sheet.elements[say.speaker].voice_tone, say.line.strip())


def _said(scene: Scene, sheet: Sheet) -> list[list[Say]]:
    """What elements say on camera, by shot. A line of the scene belongs to the shot that its `at` falls in."""

    def is_dialogue(say: Say) -> bool:
        return not say.is_voice_over and say.speaker in sheet.elements and bool(say.line.strip())

    said = [[say for say in shot.say if is_dialogue(say)] for shot in scene.shots]
    rate = sheet.format.rate
    for say in scene.say:
        if is_dialogue(say):
            at, shot = say.at.frames(rate) if say.at is not None else 0, 0
            while shot < len(scene.shots) - 1 and at >= scene.shots[shot].duration.frames(rate):
                at -= scene.shots[shot].duration.frames(rate)
                shot += 1
            said[shot].append(say)
    return said


def _mentioned(
    shots: Sequence[ShotRequest], place: str | None, style: str | None, sheet: Sheet
) -> tuple[ElementRequest, ...]:
    """Elements in the order of first mention; who speaks is one of them."""
    names: dict[str, None] = {}
    for shot in shots:
        texts = (place, shot.camera, shot.prompt) if shot.words is None else (shot.words,)
        for text in texts:
            names.update(dict.fromkeys(n for _, _, n in mentions(text or "", sheet.elements) if n is not None))
        names.update(dict.fromkeys(line.who for line in shot.lines))
    names.update(dict.fromkeys(n for _, _, n in mentions(style or "", sheet.elements) if n is not None))
    return tuple(sheet.elements[name] for name in names)


def _plain(extra: Mapping[str, Any]) -> Mapping[str, Any]:
    """`extra` as JSON can say it."""

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {str(key): plain(inner) for key, inner in value.items()}
        return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value

    return {key: plain(value) for key, value in extra.items()}
