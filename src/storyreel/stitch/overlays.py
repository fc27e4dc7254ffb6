"""What is laid over a scene's picture, as values: slates, subtitles, words, a watermark, the edge of a stand-in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from storyreel.base.timebase import Range
from storyreel.plan.cut import Cut, CutScene, CutWords, Source, TakeSource
from storyreel.plan.request import Asset
from storyreel.stitch.captions import Caption


@dataclass(frozen=True, slots=True)
class Slate:
    """Scene, shot and the seconds left, over a drawn panel. `at` is the whole shot, so that the arc knows its place."""

    at: Range
    scene: str
    shot: str
    is_stand_in: bool = False
    """True where a paid take is wanted here, and there is none yet."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The dashed edge that tells a stand-in from a take."""

    at: Range


@dataclass(frozen=True, slots=True)
class Subtitle:
    """Speech. In `voice` style in the speaker's colour over a panel, in `caption` style burned into the picture."""

    at: Range
    lines: tuple[str, ...]
    voice: int | None
    style: Literal["voice", "caption"]


@dataclass(frozen=True, slots=True)
class Lettering:
    """A super, lower third or legal line."""

    at: Range
    kind: Literal["super", "lower_third", "legal"]
    text: str
    role: str | None
    style: str | None
    is_on_panel: bool = False
    above: Literal["foot", "caption", "speech"] = "foot"
    """What it must leave free beneath it: nothing, a panel's caption, or speech."""
    legal: str | None = None
    """The legal line that a lower third stands on while both are seen."""


@dataclass(frozen=True, slots=True)
class Watermark:
    at: Range
    image: Asset
    position: str
    opacity: float


Overlay = Slate | Edge | Subtitle | Lettering | Watermark
"""`at` counts from the first frame of what carries it, may begin before it and end after it: half-open."""


def overlays_of(cut: Cut, scene: CutScene, captions: Sequence[Caption]) -> tuple[Overlay, ...]:
    """Everything over one scene, bottom first; `at` counts from the beginning of the scene."""
    found: list[Overlay] = []
    if cut.watermark is not None and scene.kind != "card":
        mark = cut.watermark
        found.append(Watermark(Range(0, scene.at.length), mark.asset, mark.position, mark.opacity))
    for start, source in _placed(scene):
        if isinstance(source, TakeSource) and source.look == "stand_in":
            found.append(Edge(Range(start, start + source.used.length)))
    found += [
        Slate(shot.at, scene.id, str(shot.number), source.look == "stand_in")
        for shot in scene.shots
        if isinstance(source := _shown_at(scene, shot.at), TakeSource) and source.look != "take"
    ]
    speech = _subtitles(cut, scene, captions)
    for words in scene.words:
        is_on_panel = _is_panel(scene, words.at)
        is_over_speech = any(subtitle.at.overlap(words.at).length for subtitle in speech)
        above: Literal["foot", "caption", "speech"] = "caption" if is_on_panel else "foot"
        above = "speech" if is_over_speech else above
        legal = _legal_under(words, scene.words)
        found.append(Lettering(words.at, words.kind, words.text, words.role, words.style, is_on_panel, above, legal))
    return (*found, *speech)


def _legal_under(words: CutWords, others: Iterable[CutWords]) -> str | None:
    if words.kind != "lower_third":
        return None
    lines = [other.text for other in others if other.kind == "legal" and other.at.overlap(words.at).length]
    return max(lines, key=len, default=None)


def _subtitles(cut: Cut, scene: CutScene, captions: Iterable[Caption]) -> list[Subtitle]:
    found: list[Subtitle] = []
    for caption in captions:
        at = caption.at.shifted(-scene.at.start)
        if _is_panel(scene, at):
            found.append(Subtitle(at, caption.lines, caption.voice, "voice"))
        elif cut.captions == "burn":
            found.append(Subtitle(at, caption.lines, caption.voice, "caption"))
    return found


def within(overlays: Iterable[Overlay], frames: Range) -> tuple[Overlay, ...]:
    """The overlays that touch `frames`, counted from its first."""
    return tuple(replace(o, at=o.at.shifted(-frames.start)) for o in overlays if o.at.overlap(frames).length)


def _placed(scene: CutScene) -> Iterable[tuple[int, Source]]:
    start = 0
    for source in scene.sources:
        yield start, source
        start += source.used.length


def _is_panel(scene: CutScene, at: Range) -> bool:
    """True where the picture at the beginning of `at` is drawn, not generated."""
    source = _shown_at(scene, at)
    return isinstance(source, TakeSource) and source.look != "take"


def _shown_at(scene: CutScene, at: Range) -> Source | None:
    """What is seen at the beginning of `at`."""
    for start, source in _placed(scene):
        if start <= max(at.start, 0) < start + source.used.length:
            return source
    return None
