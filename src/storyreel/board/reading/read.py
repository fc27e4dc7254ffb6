"""Nodes to models: structure is judged here, leaves by pydantic, and every refusal is a diagnostic at its place."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingABC
from fractions import Fraction
from typing import Any, TypeVar

from pydantic import ValidationError

from storyreel.base.diagnostic import Diagnostic, error
from storyreel.base.timebase import Duration
from storyreel.board.model import Located, Say, Scene, Words
from storyreel.board.node import Filled, Mapping, Node, Scalar, Sequence, plain
from storyreel.board.reading import mistakes
from storyreel.board.reading.slots import LEVELS, Slot, slots
from storyreel.board.reading.sugar import unfold
from storyreel.board.vocabulary import A_LEVEL, STEERING, VOCABULARY

M = TypeVar("M", bound=Located)

PLACEHOLDER = "_"
"""Stands for a required text that could not be read, so that the other rules still see its scene."""

_MOST_UNKNOWN = 20
"""Unknown keys of one map; more of them say that it is no map of ours."""

_LEFT_OUT: Any = object()
_ELEMENT_NAME = re.compile(r"\w(?:[\w .'’-]{0,62}[\w.])?")


def read(of: type[M], node: Node, found: list[Diagnostic], ready: MappingABC[str, Any] | None = None) -> M | None:
    """A model from its map, its mistakes into `found`; what could not be read is left out or stood in for.

    `ready` holds attributes that are known already, whatever is written.
    """
    if not isinstance(node, Mapping):
        found.append(_not_a_map(of, node))
        return None
    level, known = LEVELS[of], slots(of)
    steering = STEERING.get(level, frozenset())
    values: dict[str, Any] = dict(ready or {})
    settled: set[str] = set()
    unknown = 0
    for key, value in node.entries:
        slot = known.get(key.text)
        if slot is not None and slot.name in values:
            settled.add(key.text)
        elif slot is not None:
            inner = _value(slot, key, value, found)
            if inner is not _LEFT_OUT:
                values[slot.name] = inner
            settled.add(key.text)
        elif key.text not in steering and not key.text.startswith("x-"):
            unknown += 1
            if unknown > _MOST_UNKNOWN:
                continue
            mistake, meant = mistakes.unknown_key(level, key, node)
            found.append(mistake)
            settled |= {meant} if meant else set()
    return _validated(of, node, values, settled, found)


def _validated(
    of: type[M], node: Mapping, values: dict[str, Any], settled: set[str], found: list[Diagnostic]
) -> M | None:
    level, known = LEVELS[of], slots(of)
    try:
        result = of.model_validate(values)
    except ValidationError as refused:
        by_name = {slot.name: slot for slot in known.values()}
        for fault in refused.errors(include_url=False, include_input=False, include_context=False):
            where = fault["loc"]
            slot = known.get(str(where[0])) or by_name[str(where[0])]
            values.pop(slot.name, None)
            if slot.is_required:
                values[slot.name] = Duration(Fraction(1)) if slot.reader == "read_duration" else PLACEHOLDER
            if fault["type"] == "missing":
                if slot.key not in settled:
                    found.append(mistakes.missing_key(level, slot.key, node))
            else:
                at = _leaf(node.get(slot.key), where[1:])
                found.append(mistakes.bad_value(level, slot, at or Scalar("", node.span), fault["type"]))
        result = of.model_validate(values)
    result.attach(node)
    if isinstance(result, Scene):
        written = node.get("transition")
        result.transition.attach(written if written is not None else node)
    return result


def _leaf(value: Node | None, rest: tuple[int | str, ...]) -> Scalar | None:
    if isinstance(value, Sequence) and rest and isinstance(rest[0], int):
        value = value.items[rest[0]]
    return value if isinstance(value, Scalar) else None


def _value(slot: Slot, key: Scalar, value: Node, found: list[Diagnostic]) -> Any:
    """What pydantic gets for a key; `_LEFT_OUT` where nothing is written, or nothing that could be read."""
    if isinstance(value, Scalar) and value.is_null:
        return _nothing(slot, key, value, found)
    if slot.kind == "leaf" and isinstance(value, Scalar):
        if slot.is_required and not value.text.strip():
            found.append(mistakes.no_value(slot.level, slot.key, value))
            return _LEFT_OUT
        return value.text
    if slot.kind == "models" and slot.model is not None:
        return _models(slot, slot.model, value, found)
    if slot.kind == "leaves":
        return _leaves(slot, value, found)
    if isinstance(value, Mapping):
        if slot.kind == "model" and slot.model is not None:
            return read(slot.model, value, found)
        if slot.kind == "named" and slot.model is not None:
            return read_named(slot.model, value, found)
        if slot.kind == "open":
            return typed(value) if slot.key == "extra" else plain(value)
    found.append(mistakes.wrong_shape(slot.level, slot, value))
    return _LEFT_OUT


def _nothing(slot: Slot, key: Scalar, value: Scalar, found: list[Diagnostic]) -> Any:
    if not slot.is_nullable:
        at = value if value.text or isinstance(value, Filled) else key
        found.append(mistakes.no_value(slot.level, slot.key, value, at.span))
        return _LEFT_OUT
    return None if slot.kind in ("leaf", "model") else _LEFT_OUT


def _models(slot: Slot, of: type[Located], value: Node, found: list[Diagnostic]) -> Any:
    if isinstance(value, Sequence):
        items: tuple[Node, ...] = value.items
    elif slot.takes_one:
        items = (value,)
    else:
        found.append(mistakes.wrong_shape(slot.level, slot, value))
        return _LEFT_OUT
    results: list[Located] = []
    for item in items:
        unfolded = unfold(of, item)
        if of is Say and (mistake := mistakes.not_a_line(unfolded)) is not None:
            found.append(mistake)
            continue
        if _fills_to_nothing(of, unfolded):
            continue
        result = read(of, unfolded, found)
        if result is not None:
            results.append(result)
    return tuple(results)


def _fills_to_nothing(of: type[Located], node: Node) -> bool:
    """True for a line or a text whose words are an empty cell in this film: nothing is said, nothing is shown."""
    if of not in (Say, Words) or not isinstance(node, Mapping):
        return False
    words = [node.get(key) for key in ("line", "super", "legal")]
    return any(isinstance(w, Filled) and not w.text.strip() for w in words)


def _leaves(slot: Slot, value: Node, found: list[Diagnostic]) -> tuple[str, ...]:
    items = value.items if isinstance(value, Sequence) else (value,)
    texts: list[str] = []
    for item in items:
        if not isinstance(item, Scalar):
            found.append(mistakes.wrong_shape(slot.level, slot, item))
        elif item.is_null or not item.text.strip():
            found.append(mistakes.no_value(slot.level, slot.key, item))
        else:
            texts.append(item.text)
    return tuple(texts)


def read_named(of: type[M], node: Mapping, found: list[Diagnostic]) -> dict[str, M]:
    """A map of names to models, without `x-` names."""
    results: dict[str, M] = {}
    for key, value in node.entries:
        if key.text.startswith("x-"):
            continue
        if not _ELEMENT_NAME.fullmatch(key.text):
            hint = "for example `Mara`, `Old-Man` or `Mara Young`"
            found.append(error("SR109", f"{mistakes.shown(key.text)} cannot be a name", key.span, hints=[hint]))
        result = read(of, value, found)
        if result is not None:
            results[key.text] = result
    return results


def typed(node: Node) -> Any:
    """Plain JSON values with YAML 1.2's types, for what goes to a provider as it is."""
    if isinstance(node, Mapping):
        return {key.text: typed(value) for key, value in node.entries if not key.text.startswith("x-")}
    if isinstance(node, Sequence):
        return [typed(item) for item in node.items]
    if node.is_null:
        return "" if isinstance(node, Filled) else None
    if node.style != "plain" and not isinstance(node, Filled):
        return node.text
    if node.text in ("true", "false"):
        return node.text == "true"
    if re.fullmatch(r"[+-]?[0-9]{1,15}", node.text):
        return int(node.text)
    return float(node.text) if re.fullmatch(r"[+-]?[0-9]{1,15}\.[0-9]{1,15}", node.text) else node.text


def _not_a_map(of: type[Located], node: Node) -> Diagnostic:
    level = LEVELS[of]
    name = A_LEVEL[level]
    keys = mistakes.listed([k for k in VOCABULARY[level] if k not in STEERING.get(level, ())][:6])
    return error("SR103", f"{name} is a map of keys", node.span, hints=[f"its keys are {keys} and so on"])
