"""A scene and a film as fields with their places: what an author wrote, as it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from storyreel.base.timebase import Duration, Rate, rate_text, seconds_text
from storyreel.board.model import Effect, Located, Say, Scene, Shot, Storyboard, Transition, Words
from storyreel.plan.changes import Value, asset_text, request_fields
from storyreel.plan.cut import CardSource, CutScene, FileSource, StillSource
from storyreel.plan.request import Asset, Request

_SETTINGS = (
    "model", "tier", "aspect_ratio", "size", "resolution", "style", "negative_prompt", "cfg_scale", "generate_audio",
    "shot_type", "language", "template",
)  # fmt: skip
"""Keys of the board that a scene may override."""
_SILENT = frozenset(("id", "note", "vars", "shots", "start", "end", "extra", *_SETTINGS)) - {"language"}
"""What is told in another way, or changes no film."""
_FILM_SILENT = frozenset(("film", "board", "vars", "scenes", "elements", "budget"))


_NOTHING: frozenset[str] = frozenset()


def scene_fields(
    board: Storyboard, scene: Scene, cut: CutScene | None, requests: Sequence[Request], labels: Sequence[str | None]
) -> dict[str, Value]:
    """All of a scene that decides what is made and seen. `labels` name its shots; one labelled None is left out."""
    rate = board.fps
    found: dict[str, Value] = {}
    if scene.kind == "shots":
        found |= request_fields(requests, labels) if requests else _settings(board, scene)
        for name in _SETTINGS:
            if name in found and getattr(scene, name) is not None:
                found[name] = Value(found[name].identity, found[name].text, scene.span(name))
    for label, (index, shot) in zip(labels, enumerate(scene.shots), strict=True):
        if label is not None:
            found |= dict(
                _flat(shot, f"shots.{label}", rate, scene, ("shots", index), frozenset(("id", "note", "vars")))
            )
    found |= dict(_flat(scene, "", rate, scene, (), _SILENT))
    for name in ("start", "end", "place"):
        if name in found:
            found[name] = Value(found[name].identity, found[name].text, scene.span(name))
    for name, value in (_files(cut) if cut is not None else {}).items():
        found[name] = replace(value, span=found[name].span if name in found else None)
    return found


def film_fields(board: Storyboard) -> dict[str, Value]:
    """All of a board that holds for the film as a whole."""
    return dict(_flat(board, "", board.fps, board, (), _FILM_SILENT))


def shot_text(shot: Shot) -> str:
    """A shot in one line."""
    return f"{_text(shot.duration, Fraction(24))}: {' '.join(shot.prompt.split())}"


def _settings(board: Storyboard, scene: Scene) -> dict[str, Value]:
    """The generation keys as they hold, where no request could be made of them."""
    values = {name: board.setting(scene, name) for name in _SETTINGS}
    texts = {name: _text(value, board.fps) for name, value in values.items() if value is not None}
    return {name: Value(text, text, is_inherited=getattr(scene, name) is None) for name, text in texts.items()}


def _flat(
    value: Located, prefix: str, rate: Rate, root: Located, path: tuple[str | int, ...], silent: frozenset[str]
) -> Iterator[tuple[str, Value]]:
    """Fields that are not as they are by default, by dotted name."""
    for name, info in type(value).model_fields.items():
        inner = getattr(value, name)
        if name in silent or inner is None or inner == () or inner == info.get_default(call_default_factory=True):
            continue
        key = info.alias or name
        yield from _one(inner, f"{prefix}.{key}" if prefix else key, rate, root, (*path, key))


def _one(value: Any, name: str, rate: Rate, root: Located, path: tuple[str | int, ...]) -> Iterator[tuple[str, Value]]:
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _one(item, f"{name}.{number + 1}", rate, root, (*path, number))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _one(item, f"{name}.{key}", rate, root, (*path, key))
    elif isinstance(value, Say):
        tone = f" ({value.tone})" if value.tone else ""
        yield name, _value(f"{value.who}{tone}: {value.line}", root, path)
        yield from _flat(value, name, rate, root, path, frozenset(("who", "tone", "line", "file")))
    elif isinstance(value, Words):
        third = value.lower_third
        words = value.super or value.legal or (f"{third.name}, {third.role}" if third and third.role else "")
        yield name, _value(words or (third.name if third else ""), root, path)
        yield from _flat(value, name, rate, root, path, frozenset(("super", "legal", "lower_third")))
    elif isinstance(value, Transition):
        length = f" {_text(value.length, rate)}" if value.kind != "cut" else ""
        yield name, _value(f"{value.kind}{length}", root, path)
    elif isinstance(value, Located):
        # A file is its bytes, which `_files` knows.
        yield from _flat(value, name, rate, root, path, frozenset(("file",)) if isinstance(value, Effect) else _NOTHING)
    elif not isinstance(value, BaseModel):
        yield name, _value(_text(value, rate), root, path)


def _value(text: str, root: Located, path: tuple[str | int, ...]) -> Value:
    return Value(text.strip(), text.strip(), root.span(*path))


def _text(value: Any, rate: Rate) -> str:
    """A value as one spelling: `4`, `4s` and `96f` at 24 frames are the same."""
    if isinstance(value, Duration):
        return f"{seconds_text(Fraction(value.frames(rate)) / rate)} s"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return rate_text(value)
    if isinstance(value, float | Decimal):
        return f"{value:g}"
    return str(value)


def _files(cut: CutScene) -> dict[str, Value]:
    """Files that are cut here, by their bytes."""
    assets: dict[str, Asset | None] = {}
    for source in cut.sources:
        if isinstance(source, FileSource):
            assets["clip.file"] = source.asset
        elif isinstance(source, StillSource):
            assets["still.image"] = source.asset
        elif isinstance(source, CardSource):
            assets |= {"card.logo": source.logo, "card.image": source.image}
    assets |= {f"sfx.{number} (file)": effect.asset for number, effect in enumerate(cut.effects, 1)}
    assets |= {f"say.{number} (file)": line.file for number, line in enumerate(cut.lines, 1)}
    return {name: Value(asset.digest, asset_text(asset)) for name, asset in assets.items() if asset is not None}
