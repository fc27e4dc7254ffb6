"""The voice of every line that the bed speaks: a file of the author's, or a scratch voice, kept by what it says."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from storyreel.base.digest import digest_of_value
from storyreel.base.timebase import AUDIO_HZ, round_half_up
from storyreel.media.ffmpeg import MediaFailed
from storyreel.media.probe import probe
from storyreel.media.shelf import Shelf
from storyreel.media.voice import Utterance, speak
from storyreel.plan.cut import Cut, CutLine
from storyreel.plan.request import Asset
from storyreel.stitch.dialogue import LineId, is_on_bed
from storyreel.stitch.encoding import REVISION
from storyreel.stitch.events import LinesSpoken, StitchEvent
from storyreel.stitch.score import VOICE_LEVEL, Stem


@dataclass(frozen=True, slots=True)
class Voices:
    """Stems of lines, the samples that each lasts, and the files behind scratch voices by their stem's identity."""

    stems: dict[LineId, Stem]
    lengths: dict[LineId, int]
    files: dict[str, Path]


async def voices_of(
    cut: Cut, asset_path: Callable[[Asset], Path], shelf: Shelf, on_event: Callable[[StitchEvent], None]
) -> Voices:
    """A voice for every line on the bed, as far as there is one; raises MediaFailed."""
    found = Voices({}, {}, {})
    scratch: dict[LineId, CutLine] = {}
    for index, scene in enumerate(cut.scenes):
        for number, line in enumerate(scene.lines):
            if line.file is not None:
                file = asset_path(line.file)
                _add(found, (index, number), line.file.digest, file, VOICE_LEVEL)
            elif is_on_bed(scene, line):
                scratch[index, number] = line
    if scratch:
        keys = {ident: _key(line) for ident, line in scratch.items()}
        files = await _spoken({keys[ident]: line for ident, line in scratch.items()}, shelf)
        for ident, key in keys.items():
            if key in files:
                found.files[key] = files[key]
                _add(found, ident, key, files[key], None)  # spoken at that level
        silent = sum(key not in files for key in keys.values())
        on_event(LinesSpoken(len(scratch) - silent, silent))
    return found


def _add(found: Voices, ident: LineId, identity: str, file: Path, level: float | None) -> None:
    facts = probe(file)
    if facts is None or facts.seconds is None:
        raise MediaFailed(f"{file.name} holds no sound that can be read")
    found.lengths[ident] = round_half_up(Fraction(facts.seconds) * AUDIO_HZ)
    found.stems[ident] = Stem("voice", identity, level=level)


def _key(line: CutLine) -> str:
    return digest_of_value({"says": line.text, "language": line.language, "voice": line.voice, "revision": REVISION})


async def _spoken(lines: dict[str, CutLine], shelf: Shelf) -> dict[str, Path]:
    """Files of scratch voices by key, spoken now where the shelf has none; without a voice there are fewer."""
    files = {key: file for key in lines if (file := shelf.find(key)) is not None}
    missing = {key: line for key, line in lines.items() if key not in files}
    if not missing:
        return files
    with tempfile.TemporaryDirectory(prefix="storyreel-") as folder:
        said = await speak([Utterance(x.text, x.language, x.voice) for x in missing.values()], Path(folder))
        for key, spoken in zip(missing, said, strict=True):
            if spoken is not None:
                own = shelf.new_file(".wav")
                own.write_bytes(spoken.file.read_bytes())
                files[key] = shelf.keep(key, own)
    return files
