"""What is laid over a scene's picture, as values: slates, subtitles, words, a watermark, the edge of a stand-in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from storyreel.base.timebase import Range
from storyreel.media.glyphs import missing_glyphs
from storyreel.media.stylebook import PLAIN
from storyreel.plan.cut import CardSource, Cut, CutScene, CutWords, Source, TakeSource
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
    fonts: tuple[Asset, ...] = ()
    legal: str | None = None
    """The legal line that it stands on: a card's, or one over the picture in `legal_style`."""
    legal_style: str | None = None


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
    legal_style: str | None = None
    is_high: bool = False
    """True for what stands in the middle while the foot is full."""
    mark: str | None = None
    """The corner that a watermark has."""
    fonts: tuple[Asset, ...] = ()


@dataclass(frozen=True, slots=True)
class Watermark:
    at: Range
    image: Asset
    position: str
    opacity: float
    is_on_panel: bool = False
    """True where it must leave a panel's own type free."""
    legal: str | None = None
    """The legal line that it stands on, and the style of that."""
    legal_style: str | None = None
    is_above_speech: bool = False
    """True where burned captions reach its corner."""


Overlay = Slate | Edge | Subtitle | Lettering | Watermark
"""`at` counts from the first frame of what carries it, may begin before it and end after it: half-open."""


def overlays_of(cut: Cut, scene: CutScene, captions: Sequence[Caption]) -> tuple[Overlay, ...]:
    """Everything over one scene, bottom first; `at` counts from the beginning of the scene."""
    found: list[Overlay] = [*_marks(cut, scene)]
    for start, placed in _placed(scene):
        if isinstance(placed, TakeSource) and placed.look == "stand_in":
            found.append(Edge(Range(start, start + placed.used.length)))
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
        mark = _corner(cut, is_panel=is_on_panel) if cut.watermark is not None and scene.kind != "card" else None
        found.append(
            Lettering(
                words.at,
                words.kind,
                words.text,
                words.role,
                words.style,
                is_on_panel,
                above,
                legal.text if legal is not None else None,
                legal.style if legal is not None else None,
                words.kind == "super" and (is_on_panel or is_over_speech) and _is_over_third(words, scene.words),
                mark,
                _fonts(cut, words.text, words.role, legal.text if legal is not None else None),
            )
        )
    return (*found, *speech)


def _marks(cut: Cut, scene: CutScene) -> Iterable[Watermark]:
    """The watermark over each source of a scene, out of the way of what stands in its corner for long."""
    if cut.watermark is None or scene.kind == "card":
        return
    mark = cut.watermark
    legal = max((words for words in scene.words if words.kind == "legal"), key=lambda w: len(w.text), default=None)
    is_low = mark.position.startswith("bottom")
    for is_panel, group in groupby(_placed(scene), key=lambda placed: _is_drawn(placed[1])):
        placed = list(group)
        yield Watermark(
            Range(placed[0][0], placed[-1][0] + placed[-1][1].used.length),
            mark.asset,
            _corner(cut, is_panel=is_panel),
            mark.opacity,
            is_panel,
            legal.text if legal is not None and is_low else None,
            legal.style if legal is not None and is_low else None,
            is_low and _is_narrow(cut) and cut.captions == "burn",
        )


def _corner(cut: Cut, *, is_panel: bool) -> str:
    """The watermark's corner: the foot of a narrow panel is full of type, so it goes up there."""
    assert cut.watermark is not None
    position = cut.watermark.position
    return position.replace("bottom", "top") if is_panel and _is_narrow(cut) else position


def _is_narrow(cut: Cut) -> bool:
    return cut.width < cut.height * 1.2


def _fonts(cut: Cut, *texts: str | None) -> tuple[Asset, ...]:
    """The film's own fonts, where a text needs them: others do not change with them."""
    return cut.fonts if cut.fonts and any(missing_glyphs(text) for text in texts if text) else ()


def _legal_under(words: CutWords, others: Iterable[CutWords]) -> CutWords | None:
    if words.kind != "lower_third":
        return None
    lines = [other for other in others if other.kind == "legal" and other.at.overlap(words.at).length]
    return max(lines, key=lambda line: len(line.text), default=None)


def _is_over_third(words: CutWords, others: Iterable[CutWords]) -> bool:
    return any(other.kind == "lower_third" and other.at.overlap(words.at).length for other in others)


def _subtitles(cut: Cut, scene: CutScene, captions: Iterable[Caption]) -> list[Subtitle]:
    found: list[Subtitle] = []
    for caption in captions:
        at = caption.at.shifted(-scene.at.start)
        if _is_panel(scene, at):
            found.append(Subtitle(at, caption.lines, caption.voice, "voice", _fonts(cut, *caption.lines)))
        elif cut.captions == "burn":
            legal, style = _legal_at(scene, at)
            found.append(Subtitle(at, caption.lines, None, "caption", _fonts(cut, *caption.lines, legal), legal, style))
    return found


def _legal_at(scene: CutScene, at: Range) -> tuple[str | None, str | None]:
    """The longest legal line that is seen with a cue, and its style; None is a card's own."""
    seen = (words for words in scene.words if words.kind == "legal" and words.at.overlap(at).length)
    lines: list[tuple[str, str | None]] = [(words.text, words.style or PLAIN) for words in seen]
    cards = [(source.legal, None) for source in scene.sources if isinstance(source, CardSource) and source.legal]
    return max([*cards, *lines], key=lambda line: len(line[0]), default=(None, None))


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
    return source is not None and _is_drawn(source)


def _is_drawn(source: Source) -> bool:
    return isinstance(source, TakeSource) and source.look != "take"


def _shown_at(scene: CutScene, at: Range) -> Source | None:
    """What is seen at the beginning of `at`."""
    for start, source in _placed(scene):
        if start <= max(at.start, 0) < start + source.used.length:
            return source
    return None
