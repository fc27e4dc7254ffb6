"""What a take of panels is asked to show: the body of an animatic job as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from storyreel.base.timebase import Rate, parse_rate
from storyreel.board.mentions import respell


@dataclass(frozen=True, slots=True)
class PanelElement:
    """Somebody or something to stage."""

    name: str
    description: str | None
    image: Path | None
    color: int
    """Index among the film's elements: picks the colour of its label and of its subtitles."""


@dataclass(frozen=True, slots=True)
class PanelShot:
    prompt: str
    camera: str | None
    sound: str | None
    frames: int
    elements: tuple[PanelElement, ...]
    """In the order of mention: from left to right."""
    fonts: tuple[Path, ...] = ()
    """For letters that Open Sans lacks."""


@dataclass(frozen=True, slots=True)
class FilmFrame:
    """One frame of a film on disk: by its number, else by its second, else the last."""

    film: Path
    number: int | None = None
    at: Fraction | None = None


@dataclass(frozen=True, slots=True)
class PanelJob:
    """One take. Width and height are even; `start` and `end` are pictures on disk."""

    width: int
    height: int
    rate: Rate
    place: str | None
    style: str | None
    shots: tuple[PanelShot, ...]
    start: Path | FilmFrame | None = None
    end: Path | FilmFrame | None = None

    @property
    def frames(self) -> int:
        return sum(shot.frames for shot in self.shots)


def read_job(
    body: Mapping[str, Any],
    files: Mapping[str, Path],
    *,
    start: Path | FilmFrame | None = None,
    end: Path | FilmFrame | None = None,
) -> PanelJob:
    """A job from its JSON body; `files` are its assets by digest. Raises KeyError for an asset that is not there."""
    elements = {
        name: PanelElement(name, e["description"], files[e["image"]] if e["image"] else None, int(e["color"] or 0))
        for name, e in body["elements"].items()
    }
    fonts = tuple(files[digest] for digest in body.get("fonts", ()))
    shots = tuple(
        PanelShot(
            prompt=respell(shot["prompt"], elements, str),
            camera=shot["camera"],
            sound=shot["sound"],
            frames=int(shot["frames"]),
            elements=tuple(elements[name] for name in shot["elements"]),
            fonts=fonts,
        )
        for shot in body["shots"]
    )
    place, style, rate = body["place"], body["style"], parse_rate(body["rate"])
    return PanelJob(int(body["width"]), int(body["height"]), rate, place, style, shots, start, end)
