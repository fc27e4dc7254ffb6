"""Captions: speech on the timeline in, cues of at most two lines out, each in its frames of the film. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from storyreel.base.timebase import AUDIO_HZ, Range, Rate, round_half_up
from storyreel.board.rules.speech import read_columns, reading_time
from storyreel.media.wrap import pieces, wrap
from storyreel.plan.cut import Cut
from storyreel.stitch.dialogue import LineId, Speech, schedule

_LINES = 2
_HOLD = Fraction(3, 10)
"""Seconds that a cue stays after its last word, within its scene."""
_LEAST = Fraction(7, 10)
"""Seconds that a cue stands, where the film has room for it."""
_GAP = 2
"""Frames between two cues, so that the eye sees one go and another come."""
_SENTENCE, _CLAUSE = tuple(".!?…。！？"), tuple(",;:–—、；：")
_HIRAGANA = re.compile(r"[\u3041-\u309f]")
_CLOSING = "\"'”’»›)]」』）"


@dataclass(frozen=True, slots=True)
class Caption:
    """One cue. `at` is in frames of the film."""

    scene: int
    """Index of the scene that the line belongs to; a cue may stand on into the next."""
    who: str
    voice: int | None
    lines: tuple[str, ...]
    at: Range


def cues_of(cut: Cut, voices: Mapping[LineId, int] | None = None) -> tuple[Caption, ...]:
    """The cues of a film from its cut alone. `voices` are the lengths of recordings in samples, where they are known.

    What a reel has beside it differs only where a voice was made or heard.
    """
    return captions_of(cut, schedule(cut, voices or {}))


def captions_of(cut: Cut, speeches: Iterable[Speech]) -> tuple[Caption, ...]:
    """Cues in order, `_GAP` frames apart at least; a line that needs more than two rows becomes several cues.

    A cue stands as long as it is spoken, and longer where it takes longer to read and nobody speaks.
    """
    spoken = sorted((s for s in speeches if _plain(s.line.text)), key=lambda s: s.start)
    line_length = columns(cut.width, cut.height)
    found: list[Caption] = []
    for speech, after in pairwise([*spoken, None]):
        assert speech is not None
        pages = _pages(_plain(speech.line.text), line_length)
        limit = cut.frames if after is None else int(after.start * cut.rate / AUDIO_HZ) - _GAP
        for page, at in zip(pages, _times(cut, speech, pages, limit), strict=True):
            found.append(Caption(speech.scene, speech.line.who, speech.line.voice, page, at))
    return _apart(found, cut.frames, cut.rate)


def columns(width: int, height: int) -> int:
    """How many characters a caption line may have: 37 on wide frames, 24 on tall ones, between on square ones."""
    shape = width / height
    return 37 if shape > 1.2 else 24 if shape < 0.7 else 30


def _times(cut: Cut, speech: Speech, pages: Sequence[tuple[str, ...]], limit: int) -> list[Range]:
    """The frames of a line's cues, by their letters; `limit` is where the next line wants to be alone."""
    start, end = int(speech.start * cut.rate / AUDIO_HZ), -int(-speech.end * cut.rate // AUDIO_HZ)
    needed = [max(_LEAST, reading_time(" ".join(page))) for page in pages]
    readable = start + round_half_up(sum(needed, Fraction(0)) * cut.rate) + _GAP * (len(pages) - 1)
    held = min(end + round_half_up(_HOLD * cut.rate), max(end, cut.scenes[speech.scene].at.end))
    end = max(start + len(pages), min(max(held, readable), max(end, limit)))
    weights = [max(1, read_columns(" ".join(page))) for page in pages]
    marks = [start + (end - start) * sum(weights[:n]) // sum(weights) for n in range(len(pages) + 1)]
    return [Range(a, max(a + 1, b - (_GAP if b < end else 0))) for a, b in pairwise(marks)]


def _apart(captions: Sequence[Caption], frames: int, rate: Rate) -> tuple[Caption, ...]:
    """Cues moved as little as leaves each its time and none over another."""
    captions = captions[:frames]  # more cues than frames are more than anybody can see
    count = len(captions)
    if not count:
        return ()
    gap = _GAP if count * (_GAP + 1) <= frames else 0
    least = max(1, min(round_half_up(_LEAST * rate), frames // count - gap))
    starts: list[int] = []
    for caption in captions:
        starts.append(max(caption.at.start, starts[-1] + least + gap if starts else 0))
    latest = frames - least
    for number in reversed(range(count)):
        starts[number] = min(starts[number], latest)
        latest = starts[number] - gap - least
    limits = [*(start - gap for start in starts[1:]), frames]
    return tuple(
        replace(caption, at=Range(start, min(max(caption.at.end, start + least), limit)))
        for caption, start, limit in zip(captions, starts, limits, strict=True)
    )


def _pages(text: str, line_length: int) -> list[tuple[str, ...]]:
    """A text in cues, parted where a sentence or a clause ends, as long as that leaves them of like length."""
    found: list[tuple[str, ...]] = []
    words = list(pieces(text))
    while words:
        end = _end_of_page(words, line_length)
        if end == 0:  # not even one word fits
            rows = _rows(words[0], line_length)
            found += [rows[n : n + _LINES] for n in range(0, len(rows), _LINES)]
            end = 1
        else:
            found.append(_rows("".join(words[:end]), line_length))
        words = words[end:]
    return found


def _end_of_page(words: Sequence[str], line_length: int) -> int:
    """How many of the words make the next cue; 0 where the first alone is too long."""
    lengths = [read_columns(word) + word.startswith(" ") for word in words]
    total, passed, room = sum(lengths), 0, _LINES * line_length + 1
    if total <= room and _fits(words, line_length):
        return len(words)
    pages = max(2, -(-total // round(room * 0.92)))
    best, least = 0, float("inf")
    for end, (word, length) in enumerate(zip(words[:-1], lengths, strict=False), 1):
        passed += length
        if passed > room or (passed > line_length and not _fits(words[:end], line_length)):
            break
        cost = abs(passed * pages / total - 1) - _ending(word, words[end])
        if (total - passed) / (room * 0.92) > pages - 1:
            cost += 0.6  # the rest would need one more
        if cost <= least:
            best, least = end, cost
    return best


def _fits(words: Sequence[str], line_length: int) -> bool:
    return len(wrap("".join(words).strip(), line_length, read_columns).lines) <= _LINES


def _ending(word: str, after: str) -> float:
    """How well a row or a cue ends between two words."""
    bare = word.rstrip(_CLOSING)
    if bare.endswith(_SENTENCE + _CLAUSE):
        return 0.7 if bare.endswith(_SENTENCE) else 0.3
    # Japanese: what is written in kana ends a phrase, a sign or a foreign word begins one.
    return 0.25 if _HIRAGANA.fullmatch(word[-1:]) and not _HIRAGANA.match(after) else 0.0


def _rows(text: str, line_length: int) -> tuple[str, ...]:
    """Rows of at most `line_length` columns, of like length, rather parted where a sentence or a clause ends."""
    text = text.strip()
    filled = wrap(text, line_length, read_columns)
    if len(filled.lines) != _LINES or filled.is_broken:
        return filled.lines or ("",)
    best, least = filled.lines, float("inf")
    words = list(pieces(text))
    for end in range(1, len(words)):
        rows = "".join(words[:end]).strip(), "".join(words[end:]).strip()
        first, second = map(read_columns, rows)
        cost = abs(first - second) / (first + second) - 0.8 * _ending(words[end - 1], words[end])
        if max(first, second) <= line_length and cost < least:
            best, least = rows, cost
    return best


def _plain(text: str) -> str:
    """Words in one line, without what steers a screen."""
    kept = "".join(" " if letter.isspace() else letter for letter in text)
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cs")).split(" ")).strip()
