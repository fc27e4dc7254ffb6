"""Scratch voices: lines in, WAV files out, spoken by a child process that alone holds the speech library."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from storyreel.base.digest import digest_of_value
from storyreel.base.timebase import AUDIO_HZ
from storyreel.media.failed import MediaFailed
from storyreel.media.glyphs import drawn
from storyreel.media.process import Processes, Runner

LUFS = -20.0
"""How loud each line is."""

_MAX_TEXT = 2000
_ALIASES = {"zh": "cmn", "no": "nb", "nn": "nb", "iw": "he", "jp": "ja", "pt-pt": "pt", "en-uk": "en-gb-x-rp"}
_NARRATOR = {"variant": "", "pitch": 38, "rate": 150, "range": 40}
# Women and men in turn, each at a distance from the one before in pitch and pace.
_ELEMENTS = (
    {"variant": "f2", "pitch": 44, "rate": 162, "range": 55},
    {"variant": "m3", "pitch": 62, "rate": 172, "range": 60},
    {"variant": "f4", "pitch": 58, "rate": 170, "range": 60},
    {"variant": "m1", "pitch": 34, "rate": 156, "range": 45},
    {"variant": "f3", "pitch": 66, "rate": 178, "range": 65},
    {"variant": "m7", "pitch": 48, "rate": 166, "range": 50},
    {"variant": "f5", "pitch": 38, "rate": 154, "range": 45},
    {"variant": "m5", "pitch": 54, "rate": 164, "range": 55},
)


@dataclass(frozen=True, slots=True)
class Utterance:
    """A line to speak. `language` is a code such as `de` or `fr-CH`; what is not known is spoken as English."""

    text: str
    language: str
    voice: int | None
    """Index of the speaker among the film's elements; None is the narrator."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line as sound: a mono WAV of 48 kHz, without silence around it."""

    file: Path
    seconds: Fraction


def has_voice() -> bool:
    """True where the extra `voice` is installed."""
    return find_spec("espeakng_loader") is not None


async def speak(lines: Sequence[Utterance], folder: Path, *, runner: Runner | None = None) -> list[Spoken | None]:
    """Speak lines into files of `folder`, named after what is said and by whom; equal lines give equal samples.

    None for each line without the extra `voice`, and for a line with nothing in it to speak. Raises MediaFailed.
    """
    package = find_spec("espeakng_loader")
    if package is None or not package.submodule_search_locations or not lines:
        return [None] * len(lines)
    orders = [_order(line) for line in lines]
    files = [_file(folder, order) for order in orders]
    batch = {str(file): order for file, order in zip(files, orders, strict=True)}
    task = {"library": package.submodule_search_locations[0], "hz": AUDIO_HZ, "lufs": LUFS, "lines": batch}
    argv = [sys.executable, "-P", "-m", "storyreel.media.voice_child"]
    limit_s = 20 + 2.0 * len(batch)
    ended = await (runner or Processes()).run(argv, feed=[json.dumps(task).encode()], limit_s=limit_s)
    if ended.status != 0:
        raise MediaFailed("the scratch voice failed: run without the extra `voice` to have ticks instead", ended.stderr)
    samples: dict[str, int] = json.loads(ended.stdout)
    return [Spoken(file, Fraction(samples[str(file)], AUDIO_HZ)) if samples.get(str(file)) else None for file in files]


def _file(folder: Path, order: dict[str, Any]) -> Path:
    """Absolute, because the child has a working folder of its own."""
    return folder.absolute() / f"voice-{digest_of_value(order)[:32]}.wav"


def _order(line: Utterance) -> dict[str, Any]:
    """All that decides how a line sounds."""
    manner: dict[str, Any] = dict(_NARRATOR)
    if line.voice is not None:
        again, which = divmod(line.voice, len(_ELEMENTS))
        manner = dict(_ELEMENTS[which])
        manner["pitch"] = min(99, manner["pitch"] + 7 * again)
    code = line.language.strip().lower().replace("_", "-")
    tried = [code, _ALIASES.get(code), code.split("-")[0], _ALIASES.get(code.split("-")[0]), "en"]
    text = " ".join(drawn(line.text).split())[:_MAX_TEXT]
    return {"text": text, "languages": [name for name in dict.fromkeys(tried) if name], **manner}
