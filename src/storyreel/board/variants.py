"""Variants: the cross product of axes, trimmed by `only` and then `skip`; the names of its films."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass
from itertools import product

from storyreel.base.diagnostic import Diagnostic, Hint, error
from storyreel.base.nearest import nearest
from storyreel.board.jinja.operators import text_of
from storyreel.board.node import Mapping, Node, Scalar, Sequence
from storyreel.board.parts.axes import Axis, AxisReader, AxisValue
from storyreel.board.parts.fill import Filler, Scope

MAX_FILMS = 10_000
MAX_COMBINATIONS = 100_000
"""Combinations looked at before `only` and `skip`."""

_KEYS = ("axes", "only", "skip", "name")
_SAFE = re.compile(r"[^\W_][\w.-]*(?<!\.)|_[\w.-]*(?<!\.)")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)

Combination = tuple[AxisValue, ...]


@dataclass(frozen=True, slots=True)
class Variants:
    """What `variants` says; `name` is None where the ids are joined."""

    axes: tuple[Axis, ...]
    only: Node | None
    skip: Node | None
    name: Scalar | None

    @property
    def is_known(self) -> bool:
        return all(axis.is_known for axis in self.axes)


def read_variants(node: Node | None, reader: AxisReader, found: list[Diagnostic]) -> Variants | None:
    """Read `variants`; None where a board has none."""
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return None
    if not isinstance(node, Mapping):
        found.append(error("SR240", "`variants` is a map", node.span, hints=["`variants: {axes: ..., name: ...}`"]))
        return None
    for key, _ in node.entries:
        if key.text not in _KEYS and not key.text.startswith("x-"):
            near = nearest(key.text, _KEYS)
            hint = f"did you mean `{near}`?" if near else "axes stand under `variants.axes`"
            found.append(error("SR240", f"`{key.text}` is no key of `variants`", key.span, hints=[hint]))
    written = node.get("axes")
    axes: list[Axis] = []
    if isinstance(written, Mapping) and written.entries:
        axes = [reader.read(key, value, found) for key, value in written.entries if key.text[:2] != "x-"]
    else:
        span = node.span if written is None else written.span
        found.append(error("SR240", "`variants` needs `axes`", span, hints=["axes: {lang: {en: {}, de: {}}}"]))
    name = node.get("name")
    if name is not None and not isinstance(name, Scalar):
        found.append(error("SR240", "`name` is a text", name.span, hints=['name: "{{ lang.id }}"']))
        name = None
    variants = Variants(tuple(axes), node.get("only"), node.get("skip"), name)
    for trim in (variants.only, variants.skip):
        _check_trim(trim, variants.axes, found)
    return variants if axes else None


def combinations(
    variants: Variants, reader: AxisReader, filler: Filler, found: list[Diagnostic]
) -> list[tuple[Combination, Scope]]:
    """Every combination that stays, with the columns of its values by axis."""
    sizes = [len(axis.values) for axis in variants.axes]
    if math.prod(sizes) > MAX_COMBINATIONS:
        found.append(_too_many(variants, math.prod(sizes), MAX_COMBINATIONS))
        return []
    stay: list[tuple[Combination, Scope]] = []
    for combination in product(*(axis.values for axis in variants.axes)):
        scope: Scope = {}
        for axis, value in zip(variants.axes, combination, strict=True):
            scope[axis.name] = _row(value, scope, reader, filler, found)
        if _keeps(variants, combination, scope, filler, found):
            stay.append((combination, scope))
    if len(stay) > MAX_FILMS:
        found.append(_too_many(variants, len(stay), MAX_FILMS))
        return []
    if not stay and not any(d.code == "SR243" for d in found):
        place = variants.skip or variants.only
        span = variants.axes[0].key.span if place is None else place.span
        found.append(error("SR244", "no film is left", span, hints=["`only` and `skip` leave every combination out"]))
    return stay


def name_films(
    variants: Variants, stay: list[tuple[Combination, Scope]], filler: Filler, stem: str, found: list[Diagnostic]
) -> list[str]:
    """A name for each combination, unique and fit for a file; where it is not, a finding and a name that is."""
    names: list[str] = []
    taken: dict[str, Combination] = {}
    reported: set[str] = set()
    for combination, scope in stay:
        text = "-".join(value.id for value in combination)
        if variants.name is not None:
            mine: list[Diagnostic] = []
            filled = filler.fill(variants.name, scope, mine)
            found.extend(mine)
            if isinstance(filled, Scalar) and filler.names(filled) is None:
                text = filled.text
        place = variants.name or variants.axes[0].key
        if not variants.is_known:
            names.append(stem)
            continue
        if not is_safe(text) and "SR242" not in reported:
            reported.add("SR242")
            hint = "letters, digits, `-`, `_` and `.`; the filter `| slug` makes them"
            found.append(error("SR242", f"`{text[:60]}` cannot be a file's name", place.span, hints=[hint]))
        first = taken.setdefault(text.casefold(), combination)
        if first is not combination and "SR241" not in reported:
            reported.add("SR241")
            found.append(_same_name(text, variants, first, combination, place))
        names.append(text)
    return names


def is_safe(name: str) -> bool:
    """Whether a name can be a file's on every system: words, dots and dashes, at most 100 bytes."""
    return bool(_SAFE.fullmatch(name)) and len(name.encode()) <= 100 and not _RESERVED.fullmatch(name)


def _row(value: AxisValue, scope: Scope, reader: AxisReader, filler: Filler, found: list[Diagnostic]) -> object:
    if value.node is None:
        return value.row
    filled = filler.fill(value.node, scope, found)
    assert isinstance(filled, Mapping)
    return reader.row(value.id, filled)


def _keeps(variants: Variants, combination: Combination, scope: Scope, filler: Filler, found: list[Diagnostic]) -> bool:
    ids = {axis.name: value.id for axis, value in zip(variants.axes, combination, strict=True)}
    if variants.only is not None and not _matches(variants.only, ids, scope, filler, found, unsure=True):
        return False
    return variants.skip is None or not _matches(variants.skip, ids, scope, filler, found, unsure=False)


def _matches(
    trim: Node, ids: MappingABC[str, str], scope: Scope, filler: Filler, found: list[Diagnostic], *, unsure: bool
) -> bool:
    if isinstance(trim, Sequence):
        matched = [_matches(item, ids, scope, filler, found, unsure=unsure) for item in trim.items]
        return any(matched)  # all of them are read first, so that all mistakes are found
    if isinstance(trim, Mapping):
        return all(ids.get(key.text, "?") in ("?", *_texts(value)) for key, value in trim.entries if key.text in ids)
    if trim.is_null:
        return unsure
    holds = filler.holds(trim, scope, found)
    return unsure if holds is None else holds


def _check_trim(trim: Node | None, axes: tuple[Axis, ...], found: list[Diagnostic]) -> None:
    if isinstance(trim, Sequence):
        for item in trim.items:
            _check_trim(item, axes, found)
    if not isinstance(trim, Mapping):
        return
    by_name = {axis.name: axis for axis in axes}
    for key, value in trim.entries:
        axis = by_name.get(key.text)
        if axis is None:
            near = nearest(key.text, by_name)
            hint = f"did you mean `{near}`?" if near else f"axes: {', '.join(f'`{name}`' for name in by_name)}"
            found.append(error("SR243", f"there is no axis `{key.text}`", key.span, hints=[hint]))
            continue
        known = [v.id for v in axis.values]
        for leaf in _leaves(value):
            if axis.is_known and leaf.text not in known:
                near = nearest(leaf.text, known)
                hint = f"did you mean `{near}`?" if near else f"values: {', '.join(f'`{v}`' for v in known[:8])}"
                found.append(error("SR243", f"`{axis.name}` has no value `{leaf.text}`", leaf.span, hints=[hint]))


def _leaves(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _leaves(item)


def _texts(node: Node) -> list[str]:
    return [leaf.text for leaf in _leaves(node)]


def _too_many(variants: Variants, count: int, most: int) -> Diagnostic:
    sum_text = " x ".join(f"{axis.name} {len(axis.values):,}" for axis in variants.axes)
    hints = ["leave values out with `only` or `skip`, or split the board"]
    what = "films" if most == MAX_FILMS else "combinations"
    message = f"{count:,} {what}; a board makes at most {MAX_FILMS:,}"
    return error("SR245", message, variants.axes[0].key.span, label=sum_text, hints=hints)


def _same_name(text: str, variants: Variants, first: Combination, second: Combination, place: Scalar) -> Diagnostic:
    def spoken(combination: Combination) -> str:
        pairs = zip(variants.axes, combination, strict=True)
        return ", ".join(f"{axis.name} {value.id}" for axis, value in pairs)

    telling = [
        axis.name for axis, a, b in zip(variants.axes, first, second, strict=True) if text_of(a.id) != text_of(b.id)
    ]
    hints: list[Hint | str] = [f"one is {spoken(first)}; the other is {spoken(second)}"]
    hints += [f"mention `{{{{ {name}.id }}}}` in the name" for name in telling[:1]]
    return error("SR241", f"two films are named `{text}`", place.span, hints=hints)
