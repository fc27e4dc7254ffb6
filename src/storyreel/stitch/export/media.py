"""What exports know of files: where each take lies, which others there are, and what a source is called by people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from storyreel.base.timebase import round_half_up
from storyreel.plan.cut import CardSource, Cut, Source, StillSource, TakeSource
from storyreel.plan.request import Asset
from storyreel.stitch.dialogue import LineId


class ExportRefused(Exception):
    """What was asked cannot be written; `str()` is the sentence."""


Use = tuple[int, int, int]
"""A scene and one of its sources, both from 0, and a take (0 where there are none)."""


@dataclass(frozen=True, slots=True)
class Medium:
    """A file that a timeline names: `url` is absolute, or relative to the timeline's own folder."""

    url: str
    first: int = 0
    """Frame of the whole source with which this file begins, at the film's rate and before the scene's speed."""
    frames: int | None = None
    """Frames that it holds, counted in the same way; None where only the file knows."""


@dataclass(frozen=True, slots=True)
class TakeFacts:
    """A take of the film, here or not."""

    path: Path | None
    """None where its bytes are not in the store."""
    digest: str = ""
    provider: str = ""
    has_sound: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """Every file behind a film."""

    takes: Mapping[tuple[str, int], TakeFacts]
    """All takes of every key in the cut, chosen or not."""
    files: Mapping[str, Path] = field(default_factory=dict)
    """Files of the project by digest."""
    laid: Mapping[Use, Medium] = field(default_factory=dict)
    """Files laid beside the export, drawn cards among them."""
    sounds: Mapping[str, Medium] = field(default_factory=dict)
    """Sounds laid beside the export, by digest."""
    spoken: Mapping[LineId, Path] = field(default_factory=dict)
    """Scratch voices by scene and line."""
    voices: Mapping[LineId, Medium] = field(default_factory=dict)
    """The same, laid beside the export."""

    def takes_of(self, key: str) -> list[int]:
        """Numbers of the takes that are known for a key."""
        return sorted(take for known, take in self.takes if known == key)

    def of_source(self, cut: Cut, scene: int, index: int, take: int = 0) -> Medium | None:
        """The file of a source, or of another take of it; None where there is none."""
        laid = self.laid.get((scene, index, take))
        if laid is not None:
            return laid
        source, speed = cut.scenes[scene].sources[index], cut.scenes[scene].speed
        if isinstance(source, CardSource):
            return None
        if isinstance(source, TakeSource):
            facts = self.takes.get((source.key, take))
            path = facts.path if facts is not None else None
        else:
            path = self.files.get(source.asset.digest)
        if path is None:
            return None
        frames = None if isinstance(source, StillSource) else round_half_up(source.available * speed)
        return Medium(path.as_uri(), 0, frames)

    def of_sound(self, asset: Asset) -> Medium | None:
        """A sound file of the project."""
        laid = self.sounds.get(asset.digest)
        path = self.files.get(asset.digest)
        return laid or (Medium(path.as_uri()) if path is not None else None)

    def of_line(self, ident: LineId) -> Medium | None:
        """The voice that speaks a line over the picture."""
        path = self.spoken.get(ident)
        return self.voices.get(ident) or (Medium(path.as_uri()) if path is not None else None)


def part_letter(cut: Cut, scene: int, index: int) -> str:
    """`a`, `b`, ... where a scene has several sources; empty where it has one."""
    if len(cut.scenes[scene].sources) < 2:
        return ""
    return chr(ord("a") + index) if index < 26 else f"z{index}"


def clip_name(cut: Cut, scene: int, index: int) -> str:
    """`storm`, `storm 1/2`."""
    found = cut.scenes[scene]
    count = len(found.sources)
    return found.id if count < 2 else f"{found.id} {index + 1}/{count}"


def file_stem(cut: Cut, scene: int, index: int, take: int | None = None) -> str:
    """A name for people that sorts as the film runs: `003_stairs`, `003b_stairs_take2`."""
    found = cut.scenes[scene]
    suffix = "" if take is None else f"_take{take}"
    return f"{found.number:03}{part_letter(cut, scene, index)}_{found.id}{suffix}"


def reel_name(cut: Cut, scene: int, index: int, source: Source) -> str:
    """A name of capitals and digits for edit lists, eight at most up to scene 999: `S003BT2`."""
    take = f"T{source.take}" if isinstance(source, TakeSource) else ""
    return f"S{cut.scenes[scene].number:03}{part_letter(cut, scene, index).upper()}{take}"
