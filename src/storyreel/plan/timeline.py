"""Scenes in a row: where each stands on the film's one frame grid, the music under them, and how long it all is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from storyreel.base.diagnostic import Diagnostic, error
from storyreel.base.timebase import Duration, Range, Rate
from storyreel.board.model import Music, Storyboard
from storyreel.plan.cut import Cut, CutMusic, CutScene, CutTransition, CutWatermark
from storyreel.plan.files import Files
from storyreel.plan.sheet import Sheet
from storyreel.plan.splits import split

MOST_TERMS = 10
"""Scenes that the arithmetic of a film's length lists before it sums up the rest."""


def lay(sheet: Sheet, scenes: Sequence[CutScene], files: Files, found: list[Diagnostic]) -> Cut:
    """The cut of a film with at least one scene; a film off its length is a diagnostic."""
    board, format_ = sheet.board, sheet.format
    placed = split(board.scenes, _place(scenes), format_.rate, found)
    frames = placed[-1].at.end
    if board.length is not None and board.length.frames(format_.rate) != frames:
        found.append(_off_length(board, placed, frames, format_.rate))
    mark = board.watermark
    logo = files.asset(mark.image, mark, "image") if mark is not None else None
    return Cut(
        board.film,
        board.title,
        format_.rate,
        format_.width,
        format_.height,
        frames,
        placed,
        tuple(m for music in board.music if (m := _music(music, placed, frames, format_.rate, files)) is not None),
        board.captions,
        board.loudness,
        CutWatermark(logo, mark.position, mark.opacity) if mark is not None and logo is not None else None,
        board.language or "en",
        sheet.fonts,
    )


def _place(scenes: Sequence[CutScene]) -> tuple[CutScene, ...]:
    """Overlapping transitions begin before the scene before them ends; a first scene has nothing to overlap."""
    placed: list[CutScene] = []
    end = 0
    for number, scene in enumerate(scenes, 1):
        transition = scene.transition
        if transition.kind != "cut" and transition.frames == 0:
            transition = CutTransition()
        start = max(0, end - transition.overlap) if placed else 0
        at = Range(start, start + scene.at.length)
        placed.append(replace(scene, number=number, at=at, transition=transition))
        end = at.end
    return tuple(placed)


def _off_length(board: Storyboard, scenes: Sequence[CutScene], frames: int, rate: Rate) -> Diagnostic:
    assert board.length is not None
    wanted = board.length.frames(rate)
    over = frames - wanted
    relation = "over" if over > 0 else "short of"
    terms = [f"{scene.id} {_s(scene.at.length, rate)}" for scene in scenes[:MOST_TERMS]]
    if len(scenes) > MOST_TERMS:
        rest = sum(scene.at.length for scene in scenes[MOST_TERMS:])
        terms.append(f"{len(scenes) - MOST_TERMS} more {_s(rest, rate)}")
    overlaps: dict[tuple[str, int], int] = {}
    for scene in scenes[1:]:
        if scene.transition.overlap:
            kind = (scene.transition.kind, scene.transition.overlap)
            overlaps[kind] = overlaps.get(kind, 0) + 1
    less = [f" - {f'{n} x ' if n > 1 else ''}{_s(each, rate)} {kind}" for (kind, each), n in overlaps.items()]
    hints = [f"{' + '.join(terms)}{''.join(less)} = {_s(frames, rate)}"] if len(terms) > 1 else []
    count = f" ({abs(over)} frame{'' if abs(over) == 1 else 's'})" if abs(over) < rate else ""
    message = f"the film is {_s(frames, rate)} long, {_s(abs(over), rate)}{count} {relation} its length"
    hints.append(_what_gives(scenes, over, rate))
    return error("SR305", message, board.span("length"), label=f"comes to {_s(frames, rate)}", hints=hints)


def _what_gives(scenes: Sequence[CutScene], over: int, rate: Rate) -> str:
    """Where time may come from or go to: what is free first."""
    amount = _s(abs(over), rate)
    free = [scene for scene in scenes if scene.kind in ("card", "still") and (over < 0 or scene.at.length > over)]
    if free:
        longest = max(free, key=lambda scene: scene.at.length)
        change = "take it from" if over > 0 else "give it to"
        return f"{change} the {longest.kind} `{longest.id}` ({_s(longest.at.length - over, rate)} then): that is free"
    longest = max(scenes, key=lambda scene: scene.at.length)
    if over > 0 and longest.at.length > over:
        return f"`trim` {amount} off `{longest.id}`: that is free"
    return f"change the scenes by {amount} in all, or write `length: {float(scenes[-1].at.end / rate):g}`"


def _music(music: Music, scenes: Sequence[CutScene], frames: int, rate: Rate, files: Files) -> CutMusic | None:
    """Anchored to scenes by name: from the beginning of one to the end of another."""
    asset = files.asset(music.file, music, "file")
    at_of: Mapping[str, Range] = {scene.id: scene.at for scene in scenes}
    start = at_of[music.from_].start if music.from_ is not None else 0
    end = at_of[music.to].end if music.to is not None else frames
    if asset is None or end <= start:
        return None
    lengths = [_frames(length, rate) for length in (music.fade_in, music.fade_out)]
    return CutMusic(asset, Range(start, end), music.gain_db, music.duck_db, lengths[0], lengths[1], music.loop)


def _frames(length: Duration | None, rate: Rate) -> int:
    return 0 if length is None else length.frames(rate)


def _s(frames: Fraction | int, rate: Rate) -> str:
    """Seconds for people."""
    seconds = Fraction(frames) / rate
    text = f"{float(seconds):.2f}".rstrip("0").rstrip(".")
    return f"{text} s"
