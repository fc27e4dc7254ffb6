"""Scenes that keep the takes of the lock though they would be asked for otherwise now.

Held ones, and those whose author changed nothing while storyreel did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from storyreel.base.diagnostic import Diagnostic, warning
from storyreel.base.digest import digest_of_value
from storyreel.base.money import Usd
from storyreel.base.timebase import Range, Rate, round_half_up, seconds_text
from storyreel.board.model import Scene
from storyreel.plan.cut import TakeSource
from storyreel.plan.lock import LockedScene
from storyreel.plan.plan import Action, PlannedPart
from storyreel.plan.request import Request
from storyreel.plan.sheet import Lane, Sheet


def asked_digest(scene: Scene, fields: Sequence[Mapping[str, Any]], sheet: Sheet) -> str:
    """Digest of what the author wrote: equal for equal words, whatever a model's limits make of them.

    `fields` are those of the scene's requests, as their keys are made of.
    """
    # How it is split, and into which shape and whole seconds, is the model's doing. A frozen frame is the lock's.
    fitted = ("shots", "shape", "end", "elements", *(("start",) if scene.freeze else ()))
    whole = {name: value for name, value in fields[0].items() if name not in fitted}
    elements = {element["name"]: element for one in fields for element in one.get("elements", ())}
    shots = [{k: v for k, v in shot.items() if k != "seconds"} for one in fields for shot in one["shots"]]
    written = [str(sheet.board.setting(scene, name)) for name in ("aspect_ratio", "size", "resolution")]
    rate = sheet.format.rate
    lengths = [str(shot.duration.frames(rate) / rate) for shot in scene.shots]
    value = [whole, list(elements.values()), shots, written, lengths, None if scene.freeze else fields[-1].get("end")]
    return digest_of_value(value)[:16]


def locked_scene(scene: Scene, asked: str, sheet: Sheet, lane: Lane) -> LockedScene | None:
    """What the lock has of a scene: by its id, else of equal words under an id that the board has no more.

    A held scene is also found where its words are other ones, but like what they were.
    """
    known = lane.lock.scene(sheet.board.film, scene.id)
    same = known or next((one for one in sheet.gone if asked in (one.asked, one.says)), None)
    return same or sheet.renamed.get(scene.id)


def kept_scene(scene: Scene, keys: Sequence[str], asked: str, sheet: Sheet, lane: Lane) -> LockedScene | None:
    """The lock's scene, where its takes stay though the requests have other keys now."""
    locked = None if lane.is_animatic else locked_scene(scene, asked, sheet, lane)
    if locked is None or not all(ident in lane.lock.takes for ident in locked.parts) or not locked.parts:
        return None
    if tuple(key for key, _ in locked.parts) == tuple(keys):
        return None
    if scene.id in lane.rebuy and not all(lane.takes.has(*ident) for ident in locked.parts):
        return None  # What it showed is gone, and is paid for again: by the words that there are.
    return locked if locked.asked == asked or lane.lock.is_held(locked) else None


def kept_parts(
    scene: Scene, locked: LockedScene, asked: str, request: Request, frames: int, lane: Lane, rate: Rate, sheet: Sheet
) -> tuple[tuple[PlannedPart, ...], tuple[Diagnostic, ...]]:
    """The takes of the lock as parts of the plan; a warning where they are held against other words."""
    is_same = locked.asked == asked
    held: Action = "reuse" if is_same else "held"
    found = []
    if not is_same:
        was = lane.lock.name_of(sheet.board.film, locked)
        board = sheet.board.board or "BOARD"
        name = f"`{scene.id}` is held{f' (it was `{was}`)' if was not in (None, scene.id) else ''}"
        message = f"{name}: it shows takes of other words than it says now"
        hints = [f"`storyreel release {board} {scene.id}` lets it follow its words again"]
        found.append(warning("SR319", message, scene.span("id"), hints=hints))
    have = sum((Fraction(lane.lock.takes[ident].seconds) for ident in locked.parts), Fraction(0))
    if have * rate < frames:
        lacking = seconds_text(frames / rate - have)
        message = f"the takes that `{scene.id}` keeps are {lacking} s too short; their last frame stands for the rest"
        found.append(warning("SR320", message, scene.span("id")))
    parts = []
    for ident in locked.parts:
        take = lane.lock.takes[ident]
        is_here = lane.takes.has(*ident)
        reason = "made by an older storyreel of the same words" if is_same else "it stays though its words change"
        parts.append(
            PlannedPart(
                key=take.key,
                take=take.take,
                action=held if is_here else "missing",
                reason=reason
                if is_here
                else f"{reason}; its bytes are not in the store, `--rebuy` buys what it says now",
                provider=take.provider,
                endpoint=None,
                seconds=Fraction(take.seconds),
                cost_usd=Usd(0),
                paid_usd=take.paid,
                request=request,
                shown=frames if ident == locked.parts[0] else 0,
            )
        )
    return tuple(parts), tuple(found)


def kept_sources(locked: LockedScene, frames: int, lane: Lane, scene: Scene, rate: Rate) -> list[TakeSource]:
    """The takes one after the other for as long as the scene is, from the trim's in-point."""
    speed = Fraction(1) if scene.speed is None else Fraction(str(scene.speed))
    start = scene.trim.in_.frames(rate) if scene.trim is not None and scene.trim.in_ is not None else 0
    skip, wanted, found = round_half_up(start / speed), frames, []
    for number, (key, take) in enumerate(locked.parts, 1):
        available = round_half_up(Fraction(lane.lock.takes[key, take].seconds) * rate / speed)
        if skip >= available and number < len(locked.parts):
            skip -= available
            continue
        length = wanted if number == len(locked.parts) else min(wanted, available - skip)
        if length > 0:
            found.append(TakeSource(key, take, Range(skip, skip + length), max(available, skip + length), "take"))
        wanted, skip = wanted - length, 0
    return found
