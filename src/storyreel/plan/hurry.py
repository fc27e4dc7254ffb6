"""Lines whose captions are gone before they are read."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from storyreel.base.diagnostic import Diagnostic, warning
from storyreel.base.timebase import Rate
from storyreel.board.model import Say
from storyreel.board.rules.speech import READ_A_SECOND, read_columns, reading_time
from storyreel.plan.cut import CutLine


def hurried(lines: Sequence[tuple[CutLine, Say]], end: int, rate: Rate) -> list[Diagnostic]:
    """A warning for each line that has less time than it takes to read, until the next one or the `end` of the scene.

    `lines` are in order of time. Lines without a time of their own make room for each other within their shot.
    """
    found: list[Diagnostic] = []
    free = Fraction(0)
    for number, (line, say) in enumerate(lines):
        after = [other for other, _ in lines[number + 1 :] if other.is_fixed or other.at.end != line.at.end]
        limit = min((other.at.start for other in after if other.at.start > line.at.start), default=end) / rate
        begin = max(free, line.at.start / rate)
        needed, room = reading_time(line.text), max(Fraction(0), limit - begin)
        if needed > room:
            found.append(_diagnostic(line, say, needed, room))
        free = begin + min(needed, room)
    return found


def _diagnostic(line: CutLine, say: Say, needed: Fraction, room: Fraction) -> Diagnostic:
    count = read_columns(line.text)
    message = (
        f"the caption of this line takes {float(needed):.1f} s to read: "
        f"{count} characters at {READ_A_SECOND} a second, and it has {float(room):.1f} s"
    )
    rate = f"{float(count / room):.0f} characters a second" if room else "no time to read it"
    hints = [f"shorten it, or give its shot {float(needed - room):.1f} s more"]
    return warning("SR405", message, say.span("line"), label=rate, hints=hints)
