"""What is said when, exactly as in the reel: the same voices, the same schedule, the same captions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from storyreel.media.shelf import Shelf
from storyreel.plan.cut import Cut, Source, TakeSource
from storyreel.plan.request import Asset
from storyreel.plan.settle import settle
from storyreel.stitch.captions import Caption, captions_of
from storyreel.stitch.dialogue import LineId, Speech, schedule
from storyreel.stitch.encoding import Delivery, form_of
from storyreel.stitch.heard import heard_in
from storyreel.stitch.originals import Originals, TakeId
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


async def spoken(
    cut: Cut,
    takes: Mapping[TakeId, Path],
    digests: Mapping[TakeId, str],
    asset_path: Callable[[Asset], Path],
    shelf: Shelf,
) -> Spoken:
    """Speak what the shelf lacks, listen to the takes that are here, and lay it out; raises MediaFailed."""
    originals = Originals(form_of(cut, Delivery()), takes, digests, asset_path, shelf, lambda _: None)
    await originals.measure(cut)

    def sound_of(source: Source) -> str | None:
        return None if isinstance(source, TakeSource) and not originals.has(source) else originals.sound_of(source)

    settled = settle(cut, originals.held_by)
    voices = await voices_of(settled, asset_path, shelf, lambda _: None)
    speeches = schedule(settled, voices.lengths, await heard_in(settled, sound_of, originals.file_of, shelf))
    captions = captions_of(settled, speeches)
    scratch = {
        ident: voices.files[stem.identity] for ident, stem in voices.stems.items() if stem.identity in voices.files
    }
    return Spoken(speeches, captions, voices.stems, scratch, voices.files)
