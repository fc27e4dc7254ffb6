"""What is said when, exactly as in the reel: the same voices, the same schedule, the same captions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from storyreel.media.shelf import Shelf
from storyreel.plan.cut import Cut
from storyreel.plan.request import Asset
from storyreel.stitch.captions import Caption, captions_of
from storyreel.stitch.dialogue import LineId, Speech, schedule
from storyreel.stitch.score import Stem
from storyreel.stitch.voices import voices_of


@dataclass(frozen=True, slots=True)
class Spoken:
    """Every line in its place."""

    speeches: tuple[Speech, ...]
    captions: tuple[Caption, ...]
    stems: Mapping[LineId, Stem]
    voices: Mapping[LineId, Path]
    """Files of lines that a scratch voice speaks."""
    files: Mapping[str, Path]
    """The same files by the identity of their stem."""


async def spoken(cut: Cut, asset_path: Callable[[Asset], Path], shelf: Shelf) -> Spoken:
    """Speak what the shelf lacks and lay it out; raises MediaFailed where a voice file cannot be read."""
    voices = await voices_of(cut, asset_path, shelf, lambda _: None)
    speeches = schedule(cut, voices.lengths)
    captions = captions_of(cut, speeches)
    scratch = {
        ident: voices.files[stem.identity] for ident, stem in voices.stems.items() if stem.identity in voices.files
    }
    return Spoken(speeches, captions, voices.stems, scratch, voices.files)
