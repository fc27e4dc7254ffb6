"""What may stand under each key, read off the models once: the reader, the schema and the formatter share it."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from storyreel.board import model
from storyreel.board.model import Located
from storyreel.board.vocabulary import Level

Kind = Literal["leaf", "leaves", "model", "models", "named", "open"]
"""A scalar, scalars, a map of known keys, a list of them, a map of names to them, any map."""

LEVELS: Mapping[type[Located], Level] = {
    model.Storyboard: "board",
    model.Scene: "scene",
    model.Shot: "shot",
    model.Element: "element",
    model.Voice: "voice",
    model.Say: "line",
    model.Effect: "effect",
    model.Words: "text",
    model.LowerThird: "lower_third",
    model.Trim: "trim",
    model.Card: "card",
    model.Still: "still",
    model.Clip: "clip",
    model.Music: "music",
    model.Watermark: "watermark",
    model.Reel: "reel",
}

_PATH = typing.get_args(model.FilePath)[1]
_NOT_WRITTEN: Mapping[type[Located], frozenset[str]] = {model.Storyboard: frozenset({"film", "board"})}
_NO_SHORT_LIST = frozenset({"scenes", "shots"})


@dataclass(frozen=True, slots=True)
class Slot:
    """One key of a model."""

    level: Level
    name: str
    """The attribute."""
    key: str
    """The key as written: `in` for `in_`."""
    kind: Kind
    model: type[Located] | None
    reader: str | None
    """Name of the function in `forms` that reads the scalar; None for plain text and choices."""
    choices: tuple[str, ...]
    bounds: tuple[float | None, float | None]
    """Lowest and highest value of a number."""
    is_required: bool
    is_nullable: bool
    is_path: bool
    takes_one: bool
    """True where a list of one may be written without its list."""


@cache
def slots(of: type[Located]) -> Mapping[str, Slot]:
    """The keys of a model by their written spelling, in the order of the model."""
    hidden = _NOT_WRITTEN.get(of, frozenset())
    found = [_slot(LEVELS[of], name, info) for name, info in of.model_fields.items() if name not in hidden]
    return {slot.key: slot for slot in found}


def _slot(level: Level, name: str, info: FieldInfo) -> Slot:
    metadata = list(info.metadata)
    bare, is_nullable = _without_none(info.annotation)
    if typing.get_origin(bare) is Annotated:
        bare, *more = typing.get_args(bare)
        metadata += more
    kind, inner = _kind(bare)
    readers = [m.func.__name__ for m in metadata if isinstance(m, BeforeValidator)]
    text_like = bare if kind == "leaf" else inner
    return Slot(
        level=level,
        name=name,
        key=info.alias or name,
        kind=kind,
        model=inner if kind in ("model", "models", "named") else None,
        reader=readers[0] if readers else None,
        choices=tuple(map(str, typing.get_args(bare))) if typing.get_origin(bare) is Literal else (),
        bounds=(_bound(metadata, "ge"), _bound(metadata, "le")),
        is_required=info.is_required(),
        is_nullable=is_nullable or kind != "leaf",
        is_path=_PATH in metadata or _is_path(info.annotation),
        takes_one=kind in ("leaves", "models") and name not in _NO_SHORT_LIST and text_like is not None,
    )


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if typing.get_origin(annotation) in (Union, types.UnionType):
        members = typing.get_args(annotation)
        rest = [m for m in members if m is not type(None)]
        if len(rest) < len(members) and len(rest) == 1:
            return rest[0], True
    return annotation, False


def _kind(bare: Any) -> tuple[Kind, Any]:
    origin, arguments = typing.get_origin(bare), typing.get_args(bare)
    if isinstance(bare, type) and issubclass(bare, Located) and bare is not model.Transition:
        return "model", bare
    if origin is tuple:
        inner = arguments[0]
        return ("models", inner) if isinstance(inner, type) and issubclass(inner, Located) else ("leaves", inner)
    if origin is Mapping or (isinstance(origin, type) and issubclass(origin, Mapping)):
        inner = arguments[1]
        return ("named", inner) if isinstance(inner, type) and issubclass(inner, Located) else ("open", None)
    return "leaf", None


def _bound(metadata: list[Any], side: str) -> float | None:
    return next((getattr(m, side) for m in metadata if getattr(m, side, None) is not None), None)


def _is_path(annotation: Any) -> bool:
    return annotation == model.FilePath or any(_is_path(a) for a in typing.get_args(annotation))
