"""What is heard and read over a scene: lines, words and effects, on the clock of the scene as shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from storyreel.base.diagnostic import Diagnostic, warning
from storyreel.base.timebase import Duration, Range, Rate
from storyreel.board.model import Effect, Say, Scene, Shot, Words
from storyreel.plan.cut import CutEffect, CutLine, CutWords
from storyreel.plan.edit import shown_at, trimming_of
from storyreel.plan.files import Files
from storyreel.plan.hurry import hurried
from storyreel.plan.sheet import Lane, Sheet


@dataclass(frozen=True, slots=True)
class Spot:
    """A shot, or the whole scene: where lines, texts and sounds may be written."""

    place: Scene | Shot
    at: Range
    """Frames of the scene as shown."""
    written: int
    """Where it begins on the written clock, before trim and speed."""


class Overlays:
    """Places what a scene lays over its picture: times are written before trim and speed, and follow both.

    `shots` has None where the trim leaves nothing of one; `begins` is where each begins on the written clock.
    """

    def __init__(
        self,
        scene: Scene,
        sheet: Sheet,
        files: Files,
        frames: int,
        shots: Sequence[Range | None],
        begins: Sequence[int] = (),
    ) -> None:
        self._sheet = sheet
        self._files = files
        self._whole = Range(0, frames)
        self._trimming = trimming_of(scene, self._rate)
        spots = zip(scene.shots, shots, begins, strict=True) if shots else ()
        seen = [Spot(shot, at, begin) for shot, at, begin in spots if at is not None]
        self._spots = [Spot(scene, self._whole, 0), *seen]
        self.found: list[Diagnostic] = []

    def lines(self, lane: Lane, *, language: str, is_heard: bool) -> tuple[CutLine, ...]:
        """Spoken lines in order of time; `is_heard`: the takes hold what elements say."""
        lines: list[tuple[CutLine, Say]] = []
        for say, spot in self._said():
            line = self._line(say, spot, language, is_heard)
            lines.append((line, say))
            if line.is_voice_over and line.file is None and not lane.is_animatic:
                message = f"no recording for what {line.who} says: a scratch voice speaks it"
                hints = ["record it and name the `file`, or leave it to the captions"]
                self.found.append(warning("SR310", message, say.span("line"), hints=hints))
        lines.sort(key=lambda entry: entry[0].at.start)
        if self._sheet.board.captions != "off":
            self.found += hurried(lines, self._whole.end, self._rate)
        return tuple(line for line, _ in lines)

    def words(self) -> tuple[CutWords, ...]:
        """Text over the picture, in order of writing; blank text is left out."""
        return tuple(words for spot in self._spots for text in spot.place.text for words in self._read(text, spot))

    def effects(self) -> tuple[CutEffect, ...]:
        """Sound files on the bed."""
        return tuple(e for spot in self._spots for sfx in spot.place.sfx if (e := self._effect(sfx, spot)))

    def _said(self) -> Iterator[tuple[Say, Spot]]:
        for spot in self._spots:
            for say in spot.place.say:
                if say.line.strip() or say.file:
                    yield say, spot

    def _line(self, say: Say, spot: Spot, language: str, is_heard: bool) -> CutLine:
        begin = self._begin(say.at, spot)
        voice = self._sheet.voice(say.speaker)
        element = self._sheet.elements.get(say.speaker)
        spoken = element.voice_language if element is not None else None
        return CutLine(
            say.speaker,
            say.line.strip(),
            say.tone or (element.voice_tone if element is not None else None),
            Range(begin, max(begin + 1, spot.at.end)),
            voice,
            say.is_voice_over or not is_heard,
            say.at is not None,
            self._files.asset(say.file, say, "file"),
            spoken or language,
        )

    def _read(self, text: Words, spot: Spot) -> Iterator[CutWords]:
        at = self._stands(text, spot)
        if at is None:
            return
        lower = text.lower_third
        kinds: tuple[tuple[Literal["super", "lower_third", "legal"], str | None, str | None], ...] = (
            ("super", text.super, None),
            ("lower_third", lower.name if lower else None, lower.role if lower else None),
            ("legal", text.legal, None),
        )
        for kind, written, role in kinds:
            if written and written.strip():
                yield CutWords(kind, written.strip(), (role or "").strip() or None, at, text.style)

    def _effect(self, sfx: Effect, spot: Spot) -> CutEffect | None:
        asset = self._files.asset(sfx.file, sfx, "file")
        return None if asset is None else CutEffect(asset, self._begin(sfx.at, spot), sfx.gain_db)

    def _stands(self, text: Words, spot: Spot) -> Range | None:
        """The frames of a text; None where the trim leaves nothing of it."""
        begin, end = self._begin(text.at, spot), spot.at.end
        if text.for_ is not None:
            offset = text.at.frames(self._rate) if text.at is not None else 0
            end = self._shown(spot.written + offset + text.for_.frames(self._rate))
            if end <= spot.at.start:
                return None
        return Range(begin, max(begin + 1, min(end, self._whole.end)))

    def _begin(self, at: Duration | None, spot: Spot) -> int:
        """A frame inside the scene, where the trim leaves one; `check` refuses an `at` after the end as written."""
        if at is None:
            return min(spot.at.start, self._whole.end - 1)
        return max(spot.at.start, min(self._shown(spot.written + at.frames(self._rate)), self._whole.end - 1))

    def _shown(self, written: int) -> int:
        return shown_at(written, self._trimming)

    @property
    def _rate(self) -> Rate:
        return self._sheet.format.rate
