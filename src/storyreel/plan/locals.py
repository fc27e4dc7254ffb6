"""Scenes that are drawn or cut here, for nothing: cards, stills and clips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from storyreel.base.diagnostic import error, warning
from storyreel.base.money import Usd
from storyreel.base.timebase import Range, Rate, round_half_up, seconds_text
from storyreel.board.model import Card, Clip, Scene, Still
from storyreel.plan.cut import CardSource, FileSource, Source, StillSource
from storyreel.plan.edit import TrimRefused, edit_file, trimming_of
from storyreel.plan.elsewhere import elsewhere, last_frame, sources_of
from storyreel.plan.files import Files
from storyreel.plan.keys import local_key
from storyreel.plan.overlays import Overlays
from storyreel.plan.plan import PlannedPart, PlannedScene
from storyreel.plan.request import Frame, FrameIn
from storyreel.plan.scenes import Findings, Staged, cut_scene
from storyreel.plan.sheet import Lane, Sheet
from storyreel.plan.terms import words_or_none

LOCAL = "local"
UNKNOWN_CLIP = Fraction(3)
"""Seconds that a slate stands for a clip whose length nobody knows yet."""


@dataclass(frozen=True, slots=True)
class Local:
    """What is shown."""

    sources: tuple[Source, ...]
    content: Mapping[str, Any]
    """What its key is made of."""
    reason: str
    last: Frame | None
    is_missing: bool = False
    """True where a slate stands for what another board has."""


def stage_local(scene: Scene, sheet: Sheet, lane: Lane, files: Files, found: Findings) -> Staged | None:
    """A scene that costs nothing; None where it cannot be cut, which is a diagnostic."""
    made: Local | None = None
    if scene.card is not None:
        made = _card(scene, scene.card, sheet, files)
    elif scene.still is not None:
        made = _still(scene.still, sheet.format.rate, files)
    elif scene.clip is not None and scene.clip.of:
        made = _other_board(scene, scene.clip, scene.clip.of, sheet, lane, found)
    elif scene.clip is not None:
        made = _clip(scene, scene.clip, sheet.format.rate, files, found)
    if made is None:
        return None
    frames = sum(source.used.length for source in made.sources)
    part = PlannedPart(
        key=local_key(scene.kind, {**made.content, "frames": frames}),
        take=None,
        action="missing" if made.is_missing and not lane.is_animatic else "local",
        reason=made.reason,
        provider=LOCAL,
        endpoint=None,
        seconds=frames / sheet.format.rate,
        cost_usd=Usd(0),
        shown=frames,
    )
    overlays = Overlays(scene, sheet, files, frames, ())
    language = sheet.board.setting(scene, "language") or "en"
    cut = cut_scene(scene, sheet, frames, made.sources, overlays, lane, language=language)
    found.diagnostics += overlays.found
    return Staged(PlannedScene(scene.id, (part,), tuple(found.notes)), cut, made.last)


def _card(scene: Scene, card: Card, sheet: Sheet, files: Files) -> Local:
    source = CardSource(
        used=Range(0, card.duration.frames(sheet.format.rate)),
        title=words_or_none(card.title),
        subtitle=words_or_none(card.subtitle),
        price=words_or_none(card.price),
        cta=words_or_none(card.cta),
        legal=words_or_none(card.legal),
        logo=files.asset(card.logo, card, "logo"),
        image=files.asset(card.image, card, "image"),
        style=card.style or "plain",
        fonts=sheet.fonts,
        is_captioned=sheet.board.captions == "burn" and bool(scene.say),
    )
    return Local((source,), _content(source), "a card, drawn here", None)


def _still(still: Still, rate: Rate, files: Files) -> Local | None:
    asset = files.asset(still.image, still, "image")
    if asset is None:
        return None
    source = StillSource(asset, words_or_none(still.camera), Range(0, still.duration.frames(rate)))
    return Local((source,), _content(source), f"a still of {asset.path}, moved here", asset)


def _clip(scene: Scene, clip: Clip, rate: Rate, files: Files, found: Findings) -> Local | None:
    asset = files.asset(clip.file, clip, "file")
    facts = files.facts(asset) if asset is not None else None
    if asset is None or facts is None or facts.seconds is None:
        return None  # `check` has said that it is no film.
    total = round_half_up(facts.seconds * rate)
    start = clip.in_.frames(rate) if clip.in_ is not None else 0
    end = clip.out.frames(rate) if clip.out is not None else total
    end = min(end, total)  # A container may round its length down by a part of a frame.
    try:
        shown = edit_file(Range(start, end), total, trimming_of(scene, rate), rate)
    except TrimRefused as refused:
        found.diagnostics.append(error("SR306", f"the trim of `{scene.id}` {refused}", scene.span("trim")))
        return None
    stretch = shown.stretches[0]
    source = FileSource(asset, stretch.used, stretch.available, facts.has_audio)
    last = FrameIn(asset, Fraction(stretch.last, 1) / rate)
    return Local((source,), _content(source), f"cut from {asset.path}", last)


def _other_board(scene: Scene, clip: Clip, of: str, sheet: Sheet, lane: Lane, found: Findings) -> Local | None:
    """Another board's chosen take, or a slate where that is not known or not here."""
    rate = sheet.format.rate
    other = elsewhere(of, sheet.board.film, lane.boards)
    problem = other.problem
    if not problem and not all(lane.takes.has(*take.ident) for take in other.takes):
        problem = f"the take of {of} is not in the store here: bring the store back"
    if problem:
        return _slate(scene, clip, of, rate, problem, found)
    total = round_half_up(other.seconds() * rate)
    start = clip.in_.frames(rate) if clip.in_ is not None else 0
    end = clip.out.frames(rate) if clip.out is not None else total
    if max(start + 1, end) > total:
        key = "out" if end > total else "in"
        message = f"`{key}` is beyond the take of {of}, which is {seconds_text(other.seconds())} s long"
        found.diagnostics.append(error("SR124", message, clip.span(key)))
        return None
    try:
        shown = edit_file(Range(start, end), total, trimming_of(scene, rate), rate)
    except TrimRefused as refused:
        found.diagnostics.append(error("SR306", f"the trim of `{scene.id}` {refused}", scene.span("trim")))
        return None
    if other.others:
        found.notes.append(f"the films of {of} show several takes; this is the one of {other.film}")
    stretch = shown.stretches[0]
    sources = tuple(sources_of(other.takes, stretch, rate, trimming_of(scene, rate).speed))
    content = {"takes": [[source.key, source.take, str(source.used)] for source in sources]}
    names = " and ".join(dict.fromkeys(str(take.take) for take in other.takes))
    return Local(sources, content, f"take {names} of {of}", last_frame(other.takes, stretch, rate, scene.id))


def _slate(scene: Scene, clip: Clip, of: str, rate: Rate, problem: str, found: Findings) -> Local:
    start = clip.in_.frames(rate) if clip.in_ is not None else 0
    end = clip.out.frames(rate) if clip.out is not None else start + round_half_up(UNKNOWN_CLIP * rate)
    hints = ["the length is that of `in` and `out`" if clip.out else "give it an `out`, or the slate stands 3 s"]
    label = "a slate stands in its place"
    found.diagnostics.append(warning("SR307", problem, clip.span("of"), label=label, hints=hints))
    source = CardSource(Range(0, max(1, end - start)), title=of, subtitle=scene.id)
    return Local((source,), _content(source), f"{problem}; {label}", None, is_missing=True)


def _content(source: Source) -> Mapping[str, Any]:
    """What is shown, files by digest."""

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return value["digest"] if value.keys() == {"path", "digest"} else {k: plain(v) for k, v in value.items()}
        return value

    content: Mapping[str, Any] = plain(asdict(source))
    return {name: value for name, value in content.items() if name != "is_captioned"}
