"""Ends of takes that lead into transitions, kept as they are: what changes beside one decodes no whole take again."""

from __future__ import annotations

from collections.abc import Callable

from storyreel.base.digest import digest_of_value
from storyreel.base.timebase import rate_text
from storyreel.plan.cut import FileSource, Source, TakeSource
from storyreel.stitch.encoding import REVISION, Format
from storyreel.stitch.segments import Strip, strip_key

CODED = ("-an", "-c:v", "utvideo", "-pred", "left", "-threads", "1", "-bitexact", "-f", "nut")
"""Without loss: a transition made of a kept end is the one made of the take."""
SUFFIX = ".nut"
_MOST_PIXELS = 64_000_000
"""Of all frames of an end; a longer one would cost more to keep than to decode."""


def end_key(strip: Strip, form: Format, identity: Callable[[Source], str], encoder: str) -> str | None:
    """What an end is kept under; None where it is not: its take is drawn, or decoded so far in no time."""
    is_far_in = strip.frames.start / form.rate > 1
    pixels = strip.frames.length * form.width * form.height
    if not isinstance(strip.source, TakeSource | FileSource) or not is_far_in or pixels > _MOST_PIXELS:
        return None
    shape = [form.width, form.height, rate_text(form.rate)]
    told = {"end": strip_key(strip, form.rate, identity), "format": shape, "encoder": encoder, "revision": REVISION}
    return digest_of_value(told)
