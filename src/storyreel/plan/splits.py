"""L- and J-cuts: how far a scene's sound reaches beyond its picture, as far as its take holds any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from storyreel.base.diagnostic import Diagnostic, warning
from storyreel.base.timebase import Rate, seconds_text
from storyreel.board.model import Scene
from storyreel.plan.cut import CutScene, FileSource, Source, TakeSource

End = Literal["audio_lead", "audio_lag"]


def split(
    scenes: Sequence[Scene], placed: Sequence[CutScene], rate: Rate, found: list[Diagnostic]
) -> tuple[CutScene, ...]:
    """Placed scenes whose sound leads and lags by frames that are there; what is missing is a warning."""
    end = placed[-1].at.end
    return tuple(
        _within(scene, now, end, rate, found) if now.audio_lead or now.audio_lag else now
        for scene, now in zip(scenes, placed, strict=True)
    )


def _within(scene: Scene, now: CutScene, end: int, rate: Rate, found: list[Diagnostic]) -> CutScene:
    first, last = now.sources[0], now.sources[-1]
    if not isinstance(first, TakeSource | FileSource) or not isinstance(last, TakeSource | FileSource):
        return replace(now, audio_lead=0, audio_lag=0)  # `check` has said that nothing sounds here.
    lead = _reach(scene, "audio_lead", now.audio_lead, first.used.start, now.at.start, rate, found)
    lag = _reach(scene, "audio_lag", now.audio_lag, _after(last), end - now.at.end, rate, found)
    return replace(now, audio_lead=lead, audio_lag=lag)


def _after(source: Source) -> int:
    assert isinstance(source, TakeSource | FileSource)
    return max(0, source.available - source.used.end)


def _reach(scene: Scene, key: End, wanted: int, handle: int, room: int, rate: Rate, found: list[Diagnostic]) -> int:
    """Frames of `wanted` for which the take has a handle and the film has room."""
    reach = min(wanted, handle, room)
    if reach == wanted:
        return reach
    side, edge = ("before its first frame", "begins") if key == "audio_lead" else ("after its last frame", "ends")
    if room <= handle:
        amount = f"{seconds_text(room / rate)} s {side}" if room else "there"
        holds, hints = f"the film {edge} {amount}", ["shorten it"]
    else:
        holds = f"its take holds {seconds_text(handle / rate)} s {side}"
        trimmed = "`trim: {in: ...}`" if key == "audio_lead" else "`trim: {out: ...}`"
        hints = [f"{trimmed} shows less of the take and leaves that sound free; or ask for less"]
    missing = seconds_text((wanted - reach) / rate)
    message = f"the sound of `{scene.id}` cannot reach {seconds_text(wanted / rate)} s beyond its picture: {holds}"
    found.append(warning("SR330", message, scene.span(key), label=f"{missing} s short", hints=hints))
    return reach
