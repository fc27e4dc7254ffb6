"""Whether a film that came from elsewhere is whole: a container that can be read, and every frame of it decodes."""

from __future__ import annotations

from pathlib import Path

from storyreel.media.failed import MediaFailed
from storyreel.media.ffmpeg import INPUT, ffmpeg
from storyreel.media.probe import probe

_LONGEST_S = 300.0


async def flaw_of(film: Path) -> str | None:
    """What is wrong with a film, in a sentence; None where it decodes from its first frame to its last."""
    facts = probe(film)
    if facts is None or facts.kind != "video":
        return "what arrived is not a film"
    if not facts.seconds:
        return "what arrived is a film without a frame"
    try:
        await ffmpeg(
            ["-xerror", "-err_detect", "explode", *INPUT(film), "-map", "0:v:0", "-map", "0:a?", "-f", "null", "-"],
            limit_s=_LONGEST_S,
        )
    except MediaFailed as broken:
        return f"what arrived does not decode: {broken.message}"
    return None
