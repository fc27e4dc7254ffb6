"""The film in pieces: a cut in, segments out whose frames sum to the film's, each with a key of what it shows.

A scene's picture is a long core with a short edge at each end; a transition is a segment of its own. Another
transition makes the transition and the edge beside it again, never a core.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from storyreel.base.digest import digest_of_value
from storyreel.base.timebase import Range, Rate, rate_text, round_half_up
from storyreel.plan.cut import CardSource, Cut, CutScene, CutTransition, FileSource, Source, StillSource, TakeSource
from storyreel.stitch.captions import Caption
from storyreel.stitch.encoding import REVISION, Format, coding
from storyreel.stitch.events import SegmentKind
from storyreel.stitch.overlays import Overlay, overlays_of, within

Direction = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Strip:
    """A stretch of one source, dressed; `overlays` count from its first frame."""

    source: Source
    frames: Range
    """Of the source at the film's rate, after speed."""
    fit: Literal["crop", "pad", "blur"]
    speed: Fraction
    overlays: tuple[Overlay, ...]


@dataclass(frozen=True, slots=True)
class Ramp:
    """Where a segment stands in its transition: steps `done` up to `done` + its frames, of `steps`."""

    steps: int
    done: int = 0
    direction: Direction = "in"
    """Of a fade: from black, or to black."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the film that is encoded alone. One strip, or two where scenes overlap (outgoing, incoming)."""

    kind: SegmentKind
    scene: str
    """For people; a transition carries the scene that it leads into."""
    at: Range
    """Frames of the film; no part of the key."""
    strips: tuple[Strip, ...]
    ramp: Ramp | None = None

    @property
    def frames(self) -> int:
        return self.at.length

    @property
    def is_panel(self) -> bool:
        """True where nothing is seen but panels."""
        sources = [strip.source for strip in self.strips]
        return all(isinstance(source, TakeSource) and source.look != "take" for source in sources)


def segments_of(cut: Cut, captions: Sequence[Caption]) -> tuple[Segment, ...]:
    """Every segment of the film in order; together they are exactly `cut.frames` long."""
    scenes = [_Dressed(cut, scene, _during(captions, scene.at)) for scene in cut.scenes]
    found: list[Segment] = []
    for before, now, after in zip([None, *scenes], scenes, [*scenes[1:], None], strict=False):
        if before is not None and now.opening.overlap:
            found += _overlap(before, now)
        found += _alone(now, after.opening if after is not None else CutTransition())
    total = sum(segment.frames for segment in found)
    if total != cut.frames or any(a.at.end != b.at.start for a, b in pairwise(found)):
        raise ValueError(f"the scenes of {cut.film} cover {total} frames in pieces, the film has {cut.frames}")
    return tuple(found)


def _during(captions: Sequence[Caption], at: Range) -> Sequence[Caption]:
    """The cues seen in a scene: one may stand on over a cut, and does not fade where two scenes share it."""
    first = bisect_right(captions, at.start, key=lambda caption: caption.at.end)
    return captions[first : bisect_left(captions, at.end, key=lambda caption: caption.at.start)]


class _Dressed:
    """A scene with its overlays, cut anywhere."""

    def __init__(self, cut: Cut, scene: CutScene, captions: Sequence[Caption]) -> None:
        self.scene = scene
        # A first scene has nothing to share its time with.
        self.opening = scene.transition if scene.at.start or scene.transition.kind == "fade" else CutTransition()
        self.edge = round_half_up(cut.rate)
        self._overlays = overlays_of(cut, scene, captions)
        starts = [0]
        for source in scene.sources:
            starts.append(starts[-1] + source.used.length)
        self.parts = tuple(zip((Range(a, b) for a, b in pairwise(starts)), scene.sources, strict=True))

    def strip(self, frames: Range) -> Strip:
        """The stretch `frames` of the scene, which lies in one of its sources."""
        for at, source in self.parts:
            if at.start <= frames.start and frames.end <= at.end:
                used = frames.shifted(source.used.start - at.start)
                speed = self.scene.speed if isinstance(source, TakeSource | FileSource) else Fraction(1)
                return Strip(source, used, self.scene.fit, speed, within(self._overlays, frames))
        raise ValueError(f"frames {frames.start} to {frames.end} of scene {self.scene.id} lie in no one source")

    def ends(self) -> set[int]:
        """Where the scene is cut whatever its neighbours are: between sources, and between core and edges."""
        length = self.scene.at.length
        inner = {at.start for at, _ in self.parts}
        if self.scene.kind in ("shots", "clip") and length >= 3 * self.edge:
            inner |= {self.edge, length - self.edge}
        return inner

    def kind(self, frames: Range) -> SegmentKind:
        if self.scene.kind in ("card", "still"):
            return "card" if self.scene.kind == "card" else "still"
        length = self.scene.at.length
        at_end = frames.end <= self.edge or frames.start >= length - self.edge
        return "edge" if at_end and length >= 3 * self.edge else "core"


def _alone(now: _Dressed, closing: CutTransition) -> Iterator[Segment]:
    """The stretch that a scene has to itself: its fade from black, its body, its fade to black."""
    length = now.scene.at.length
    first, last = now.opening.overlap, length - closing.overlap
    fade_in, fade_out = _rise(now), closing.frames // 2 if closing.kind == "fade" else 0
    marks = {first + fade_in, last - fade_out}
    for frames in _stretches(Range(first, last), now.ends() | marks):
        kind, ramp = now.kind(frames), None
        if frames.end <= first + fade_in:
            kind, ramp = "fade", Ramp(fade_in, frames.start - first, "in")
        elif frames.start >= last - fade_out:
            kind, ramp = "fade", Ramp(fade_out, frames.start - (last - fade_out), "out")
        yield Segment(kind, now.scene.id, frames.shifted(now.scene.at.start), (now.strip(frames),), ramp)


def _rise(now: _Dressed) -> int:
    """Frames of a scene's fade from black: all of it for the first scene, else what the scene before left."""
    if now.opening.kind != "fade":
        return 0
    return now.opening.frames if now.scene.at.start == 0 else now.opening.frames - now.opening.frames // 2


def _overlap(before: _Dressed, now: _Dressed) -> Iterator[Segment]:
    """A transition that both scenes share, cut where a source of either ends."""
    length, steps = before.scene.at.length, now.opening.overlap
    marks = {at.start - (length - steps) for at, _ in before.parts} | {at.start for at, _ in now.parts}
    for frames in _stretches(Range(0, steps), marks):
        strips = (before.strip(frames.shifted(length - steps)), now.strip(frames))
        assert now.opening.kind in ("dissolve", "wipe", "slide")
        at = frames.shifted(now.scene.at.start)
        yield Segment(now.opening.kind, now.scene.id, at, strips, Ramp(steps, frames.start))


def _stretches(whole: Range, marks: Iterable[int]) -> list[Range]:
    """`whole`, cut at every mark inside it; none where it is empty."""
    inner = sorted(mark for mark in set(marks) if whole.start < mark < whole.end)
    return [Range(a, b) for a, b in pairwise([whole.start, *inner, whole.end]) if a < b]


def segment_key(segment: Segment, form: Format, identity: Callable[[Source], str], encoder: str) -> str:
    """The digest of all that can change a segment's pixels; neither its place in the film nor its scene's id.

    `identity` names a source by the bytes it has; `encoder` names the program that encodes.
    """
    return digest_of_value(
        {
            "revision": REVISION,
            "encoder": encoder,
            "format": [form.width, form.height, rate_text(form.rate), coding(form, is_panel=segment.is_panel)],
            "kind": segment.kind if len(segment.strips) == 2 else None,
            "ramp": plain(segment.ramp) if segment.ramp else None,
            "frames": segment.frames,
            "strips": [strip_key(strip, form.rate, identity) for strip in segment.strips],
        }
    )


def strip_key(strip: Strip, rate: Rate, identity: Callable[[Source], str]) -> dict[str, Any]:
    """All that can change a strip's pixels before they are encoded."""
    return {
        "source": identity(strip.source),
        "frames": [strip.frames.start, strip.frames.end],
        "fit": strip.fit,
        "speed": str(strip.speed),
        "overlays": [{"is": type(overlay).__name__, **plain(overlay)} for overlay in strip.overlays],
    }


def drawn_key(source: CardSource | StillSource, form: Format) -> str:
    """The digest of all that can change the pixels of a card or a moved still."""
    look = {"is": type(source).__name__, **plain(source), "used": source.used.end}
    return digest_of_value({"drawn": look, "format": [form.width, form.height, rate_text(form.rate)], "rev": REVISION})


def plain(value: Any) -> dict[str, Any]:
    """A frozen value as JSON says it; a file is its digest, its path is nothing."""
    return {name: _plain(part) for name, part in asdict(value).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        if set(value) == {"path", "digest"}:
            return value["digest"]
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, Fraction) else value
