"""Files that a board names: they are there, they are what they should be, and models take them."""

from __future__ import annotations

import math
from fractions import Fraction

from storyreel.base.span import Span
from storyreel.base.timebase import seconds_text
from storyreel.board.model import Card, Say, Scene
from storyreel.board.rules.scope import Scope
from storyreel.board.rules.shapes import shape_of
from storyreel.board.source import MediaFacts

_LEAST_PIXELS = 300
_NARROWEST, _WIDEST = 0.40, 2.50
_PICTURE_BYTES = 10_000_000
_VIDEO_BYTES = 200_000_000
_VIDEO_SECONDS = (Fraction(3), Fraction("10.05"))
_VIDEO_PIXELS = (720, 2160)
_SAMPLE_SECONDS = (Fraction(5), Fraction(30))
_NEAR_SHAPE = math.log(1.1)
"""Shapes that differ by a tenth or less are cropped without anybody noticing."""


def check_scene_files(scope: Scope, scene: Scene) -> None:
    """Every path of a scene but its frames."""
    if scene.template is not None:
        scope.is_there(scene.template, scene.span("template"))
    for effect in scene.sfx:
        check_sound(scope, effect.file, effect.span("file"))
    for shot in scene.shots:
        for effect in shot.sfx:
            check_sound(scope, effect.file, effect.span("file"))
    if scene.card is not None:
        _check_card(scope, scene.card)
    elif scene.still is not None:
        _image(scope, scene.still.image, scene.still.span("image"), "the picture of a still")
    elif scene.clip is not None and scene.clip.file is not None:
        check_film(scope, scene.clip.file, scene.clip.span("file"), "a clip")


def check_line_file(scope: Scope, line: Say) -> None:
    if line.file is not None:
        check_sound(scope, line.file, line.span("file"))


def check_sound(scope: Scope, path: str, at: Span) -> MediaFacts | None:
    """A sound file, or a film with sound."""
    facts = scope.facts(path, at)
    if facts is not None and facts.kind != "audio" and not facts.has_audio:
        what = "a picture" if facts.kind == "image" else "a film without sound"
        scope.error("SR129", f"`{path}` is {what}, not a sound", at)
        return None
    return facts


def check_film(scope: Scope, path: str, at: Span, what: str) -> MediaFacts | None:
    facts = scope.facts(path, at)
    if facts is not None and facts.kind != "video":
        found = "a picture" if facts.kind == "image" else "a sound"
        hints = ["show a picture with `still:`"] if facts.kind == "image" and what == "a clip" else []
        scope.error("SR129", f"`{path}` is {found}, but {what} is a film", at, hints=hints)
        return None
    return facts


def check_picture(scope: Scope, path: str, at: Span, what: str) -> MediaFacts | None:
    """A picture that goes to a model: also its pixels, its shape and its size."""
    facts = _image(scope, path, at, what)
    if facts is None or not facts.width or not facts.height:
        return facts
    pixels = f"{facts.width} x {facts.height}"
    if min(facts.width, facts.height) < _LEAST_PIXELS:
        message = f"{what} has {pixels} pixels: models refuse a side under {_LEAST_PIXELS}"
        scope.warning("SR130", message, at, label="too small")
    ratio = facts.width / facts.height
    if not _NARROWEST <= ratio <= _WIDEST:
        message = f"{what} is {ratio:.2f} times as wide as high: models take {_NARROWEST:g} to {_WIDEST:g}"
        scope.warning("SR130", message, at, label=pixels, hints=["crop it"])
    if facts.size > _PICTURE_BYTES:
        message = f"{what} has {facts.size / 1e6:.1f} MB: models take {_PICTURE_BYTES // 1_000_000}"
        scope.warning("SR130", message, at, hints=["save it smaller, or as JPEG"])
    return facts


def check_start_picture(scope: Scope, scene: Scene, path: str, at: Span) -> None:
    """A picture to start on decides the shape of the take, so it should have the film's."""
    facts = check_picture(scope, path, at, "the start picture")
    wanted = shape_of(scope, scene)
    if facts is None or wanted is None or not facts.width or not facts.height:
        return
    ratio = facts.width / facts.height
    if abs(math.log(ratio / float(wanted))) > _NEAR_SHAPE:
        pixels = f"{facts.width} x {facts.height}"
        message = f"the start picture is {pixels}, a shape of {ratio:.2f}; the film has {float(wanted):.2f}"
        hint = "the picture decides the shape of the take: crop it, or the cut will crop or pad"
        scope.warning("SR131", message, at, label="another shape", hints=[hint])


def check_video(scope: Scope, path: str, at: Span, what: str) -> None:
    """The video of an element."""
    facts = check_film(scope, path, at, what)
    if facts is None:
        return
    low, high = _VIDEO_SECONDS
    if facts.seconds is not None and not low <= facts.seconds <= high:
        message = f"{what} is {seconds_text(facts.seconds)} s long: models take 3 to 10 s"
        scope.warning("SR130", message, at)
    sides = [side for side in (facts.width, facts.height) if side]
    if sides and (min(sides) < _VIDEO_PIXELS[0] or max(sides) > _VIDEO_PIXELS[1]):
        message = f"{what} has {facts.width} x {facts.height} pixels: models take sides of 720 to 2160"
        scope.warning("SR130", message, at)
    if facts.size > _VIDEO_BYTES:
        scope.warning("SR130", f"{what} has {facts.size / 1e6:.0f} MB: models take 200", at)


def check_voice_sample(scope: Scope, path: str, at: Span, name: str) -> None:
    facts = check_sound(scope, path, at)
    low, high = _SAMPLE_SECONDS
    if facts is not None and facts.seconds is not None and not low <= facts.seconds <= high:
        message = f"the voice sample of `{name}` is {seconds_text(facts.seconds)} s long: 5 to 30 s are wanted"
        scope.warning("SR130", message, at)


def _check_card(scope: Scope, card: Card) -> None:
    for key, path in (("logo", card.logo), ("image", card.image)):
        if path is not None:
            _image(scope, path, card.span(key), f"the {key} of a card")


def _image(scope: Scope, path: str, at: Span, what: str) -> MediaFacts | None:
    facts = scope.facts(path, at)
    if facts is not None and facts.kind != "image":
        found = "a film" if facts.kind == "video" else "a sound"
        scope.error("SR129", f"`{path}` is {found}, but {what} is an image", at, hints=["PNG, JPEG or WebP"])
        return None
    return facts


def check_watermark(scope: Scope) -> None:
    mark = scope.board.watermark
    if mark is not None:
        _image(scope, mark.image, mark.span("image"), "the watermark")


def check_fonts(scope: Scope) -> None:
    for number, path in enumerate(scope.board.fonts):
        scope.is_there(path, scope.board.span("fonts", number))


def check_template(scope: Scope) -> None:
    template = scope.board.template
    if template is not None:
        scope.is_there(template, scope.board.span("template"))
