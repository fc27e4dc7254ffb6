"""A film that was made, and the key of all that can change it. Light: who finds the film made loads nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

from storyreel.base.digest import digest_of_value
from storyreel.media.voice import has_voice
from storyreel.plan.cut import Cut, TakeSource
from storyreel.stitch.encoding import REVISION, Delivery
from storyreel.stitch.segments import plain

_AS_EVER = Delivery()


@dataclass(frozen=True, slots=True)
class Reel:
    """A film that was made, and where it lies."""

    film: str
    path: Path
    frames: int
    fps: Fraction
    width: int
    height: int
    files: tuple[Path, ...] = ()
    """The reel and all that was written beside it."""


def reel_key(cut: Cut, take_digests: Mapping[tuple[str, int], str], delivery: Delivery = _AS_EVER) -> str:
    """The digest of all that can change the reel or what lies beside it; raises KeyError for a take that is missing."""
    shown = plain(cut)
    for scene, row in zip(cut.scenes, shown["scenes"], strict=True):
        for source, entry in zip(scene.sources, row["sources"], strict=True):
            entry["is"] = type(source).__name__
            if isinstance(source, TakeSource):
                # Where it came from is no matter, nor how much of it lies beyond its scene.
                entry |= {"key": take_digests[source.key, source.take], "take": None, "available": None}
        for shot in row["shots"]:
            shot |= {"prompt": None, "camera": None}
    return digest_of_value({"cut": shown, "delivery": asdict(delivery), "has_voice": has_voice(), "revision": REVISION})
