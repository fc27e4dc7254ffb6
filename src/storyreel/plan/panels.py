"""The animatic's job: everything that its panels show, and nothing that they do not. Files go by digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storyreel.base.timebase import rate_text
from storyreel.board.mentions import mentions, respell
from storyreel.board.model import Shot
from storyreel.plan.request import Asset, Frame, FrameIn, FrameOf, Request
from storyreel.plan.shape import panel_size
from storyreel.plan.sheet import Sheet


def panel_job(
    request: Request, shots: Sequence[Shot], frames: Sequence[int], sheet: Sheet
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """The body of an animatic take with the assets that it names. `frames` are each shot's, at the film's rate."""
    width, height = panel_size(sheet.format.width, sheet.format.height)
    assets: dict[str, str] = {}
    entries = []
    staged: dict[str, Mapping[str, Any]] = {}
    for asked, shot, length in zip(request.shots, shots, frames, strict=True):
        cast = _cast(request, shot, [line.who for line in asked.lines], sheet)
        entries.append(
            {
                "prompt": _read(asked.prompt, sheet),
                "camera": asked.camera,
                "sound": (shot.sound or "").strip() or None,
                "frames": length,
                "elements": cast,
            }
        )
        for name in cast:
            staged.setdefault(name, _element(name, sheet, assets))
    body: dict[str, Any] = {
        "kind": "panels",
        "width": width,
        "height": height,
        "rate": rate_text(sheet.format.rate),
        "place": _read(request.place, sheet),
        "style": _read(request.style, sheet),
        "shots": entries,
        "elements": staged,
        "start": _frame(request.start[0], assets) if request.start else None,
        "end": _frame(request.end, assets) if request.end is not None else None,
    }
    if sheet.fonts:
        body["fonts"] = [_file(font, assets) for font in sheet.fonts]
    return body, assets


def _read(text: str | None, sheet: Sheet) -> str | None:
    """Words as people read them: `@Mara` is Mara."""
    return respell(text, sheet.elements, str) if text and "@" in text else text


def _cast(request: Request, shot: Shot, speakers: Sequence[str], sheet: Sheet) -> list[str]:
    """Who is in the picture, in the order of mention; who speaks in it is, too."""
    found: dict[str, None] = {}
    for text in (request.place, shot.camera, shot.prompt, request.style):
        found.update({name: None for _, _, name in mentions(text or "", sheet.elements) if name is not None})
    seen = [say.speaker for say in shot.say if not say.is_voice_over and say.speaker in sheet.elements]
    return list(dict.fromkeys([*found, *speakers, *seen]))


def _element(name: str, sheet: Sheet, assets: dict[str, str]) -> Mapping[str, Any]:
    element = sheet.elements[name]
    image = None if element.image is None else _file(element.image, assets)
    return {"description": element.description, "image": image, "color": sheet.voice(name)}


def _frame(frame: Frame, assets: dict[str, str]) -> Any:
    match frame:
        case Asset():
            return _file(frame, assets)
        case FrameOf():
            return {"frame_of": frame.key, "take": frame.take, "frame": frame.frame}
        case FrameIn():
            return {"frame_in": _file(frame.asset, assets), "at": str(frame.at)}


def _file(asset: Asset, assets: dict[str, str]) -> str:
    assets[asset.digest] = asset.path
    return asset.digest
