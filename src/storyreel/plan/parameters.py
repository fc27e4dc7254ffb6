"""Every setting that a request has, in the language's own words, with its value for people."""

from __future__ import annotations

from collections.abc import Iterator

from storyreel.base.timebase import seconds_text
from storyreel.plan.lowering.cast import voiced
from storyreel.plan.request import Asset, Frame, FrameIn, FrameOf, Request


def parameters(request: Request) -> Iterator[tuple[str, str]]:
    """Name and value; a note on each of these names says what a provider makes of it."""
    shots = request.shots
    yield "model", request.model
    yield "tier", request.tier
    if request.shape is not None:
        yield "aspect_ratio", request.shape
    yield "duration", f"{request.seconds} s"
    yield "shots", " + ".join(f"{shot.seconds} s" for shot in shots)
    yield "prompt", " / ".join(f"{len(shot.prompt)} characters" for shot in shots)
    yield "generate_audio", "true" if request.generate_audio else "false"
    texts = {
        "place": request.place,
        "camera": " / ".join(shot.camera for shot in shots if shot.camera),
        "say": " / ".join(f"{line.who}: {line.text}" for shot in shots for line in shot.lines),
        "sound": " / ".join(shot.sound for shot in shots if shot.sound),
        "style": request.style,
        "negative_prompt": request.negative_prompt,
        "shot_type": request.shot_type,
    }
    yield from ((name, text) for name, text in texts.items() if text)
    if request.cfg_scale is not None:
        yield "cfg_scale", f"{request.cfg_scale:g}"
    if request.elements:
        yield "elements", ", ".join(element.name for element in request.elements)
    if voices := voiced(request):
        yield "voice", ", ".join(element.name for element in voices)
    if request.start:
        yield "start", ", ".join(_frame(frame) for frame in request.start)
    if request.end is not None:
        yield "end", _frame(request.end)
    if request.template is not None:
        yield "template", f"{request.template[:12]}…"
    yield from ((f"extra.{key}", str(value)) for key, value in request.extra.items())
    for number, shot in enumerate(shots, 1):
        yield from ((f"shots.{number}.extra.{key}", str(value)) for key, value in shot.extra.items())


def _frame(frame: Frame) -> str:
    match frame:
        case Asset():
            return frame.path
        case FrameOf():
            return f"last frame of {frame.scene}, take {frame.take}"
        case FrameIn():
            return f"{frame.asset.path} at {seconds_text(frame.at)} s"
