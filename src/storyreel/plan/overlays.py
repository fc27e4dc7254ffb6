"""What is heard and read over a scene: lines, words and effects, on the clock of the scene as shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from storyreel.base.diagnostic import Diagnostic, warning
from storyreel.base.timebase import Duration, Range, Rate
from storyreel.board.model import Effect, Say, Scene, Shot, Words
from storyreel.plan.cut import CutEffect, CutLine, CutWords
from storyreel.plan.files import Files
from storyreel.plan.sheet import Lane, Sheet

Spot = Range
"""Frames of the scene that a shot, or the scene itself, covers."""


class Overlays:
    """Places what a scene lays over its picture. `shots` has None where the trim leaves nothing of one."""

    def __init__(self, scene: Scene, sheet: Sheet, files: Files, frames: int, shots: Sequence[Range | None]) -> None:
        self._sheet = sheet
        self._files = files
        self._scene = scene
        self._whole = Range(0, frames)
        self._spots = self._lay(shots)
        self.found: list[Diagnostic] = []

    def _lay(self, shots: Sequence[Range | None]) -> list[tuple[Scene | Shot, Spot]]:
        seen = [(shot, at) for shot, at in zip(self._scene.shots, shots, strict=True) if at is not None]
        return [(self._scene, self._whole), *seen]

    def lines(self, lane: Lane, *, language: str, is_heard: bool) -> tuple[CutLine, ...]:
        """Spoken lines in order of time; `is_heard`: the takes hold what elements say."""
        lines = []
        for say, spot in self._said():
            line = self._line(say, spot, language, is_heard)
            lines.append(line)
            if line.is_voice_over and line.file is None and not lane.is_animatic:
                message = f"no recording for what {line.who} says: a scratch voice speaks it"
                hints = ["record it and name the `file`, or leave it to the captions"]
                self.found.append(warning("SR310", message, say.span("line"), hints=hints))
        return tuple(sorted(lines, key=lambda line: line.at.start))

    def words(self) -> tuple[CutWords, ...]:
        """Text over the picture, in order of writing; blank text is left out."""
        return tuple(words for place, spot in self._spots for text in place.text for words in self._read(text, spot))

    def effects(self) -> tuple[CutEffect, ...]:
        """Sound files on the bed."""
        return tuple(e for place, spot in self._spots for sfx in place.sfx if (e := self._effect(sfx, spot)))

    def _said(self) -> Iterator[tuple[Say, Spot]]:
        for place, spot in self._spots:
            for say in place.say:
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
            Range(begin, max(begin + 1, spot.end)),
            voice,
            say.is_voice_over or not is_heard,
            say.at is not None,
            self._files.asset(say.file, say, "file"),
            spoken or language,
        )

    def _read(self, text: Words, spot: Spot) -> Iterator[CutWords]:
        begin = self._begin(text.at, spot)
        end = spot.end
        if text.for_ is not None:
            end = min(begin + text.for_.frames(self._rate), self._whole.end)
        at = Range(begin, max(begin + 1, end))
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

    def _begin(self, at: Duration | None, spot: Spot) -> int:
        """A frame inside the scene, where the trim leaves one; `check` refuses an `at` after the end as written."""
        offset = at.frames(self._rate) if at is not None else 0
        return min(spot.start + offset, self._whole.end - 1)

    @property
    def _rate(self) -> Rate:
        return self._sheet.format.rate
