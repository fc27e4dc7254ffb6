"""The filters and tests that templates may use; what is not listed here does not exist."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from storyreel.board.jinja.operators import Unfit, bounded_length, contains, equal, kind_of, less, number, text_of
from storyreel.board.jinja.values import Spelled, Value, bare, is_row

_ROUNDING = {"common": ROUND_HALF_UP, "floor": ROUND_FLOOR, "ceil": ROUND_CEILING}


def _items(value: Value) -> list[Value]:
    if isinstance(value, (tuple, list, range)):
        return list(value)
    if is_row(value):
        return list(value)
    if isinstance(value, str):
        return list(value[:1_000])
    raise Unfit(f"{kind_of(value)} is no list")


def _whole(value: Value) -> int:
    found = number(value, "count with")
    if not isinstance(found, int):
        raise Unfit("a whole number is needed")
    return found


def _replace(value: Value, old: Value, new: Value, count: Value = -1) -> str:
    text, before, after = text_of(value), text_of(old), text_of(new)
    times = _whole(count)
    found = (text.count(before) if times < 0 else min(text.count(before), times)) if before else len(text) + 1
    bounded_length(len(text) + found * max(len(after) - len(before), 0))
    return text.replace(before, after, times)


def _join(value: Value, between: Value = "") -> str:
    parts, glue = [text_of(item) for item in _items(value)], text_of(between)
    bounded_length(sum(map(len, parts)) + max(len(parts) - 1, 0) * len(glue))
    return glue.join(parts)


def _round(value: Value, places: Value = 0, method: Value = "common") -> Value:
    found, digits = number(value, "round"), _whole(places)
    if text_of(method) not in _ROUNDING:
        raise Unfit("rounding is `common`, `floor` or `ceil`")
    if not 0 <= digits <= 12:
        raise Unfit("numbers are rounded to 0 to 12 places")
    rounded = Decimal(found).quantize(Decimal(1).scaleb(-digits), _ROUNDING[text_of(method)])
    return rounded if digits else int(rounded)


def _int(value: Value, default: Value = 0) -> Value:
    found = bare(value)
    if isinstance(found, (int, Decimal)):
        return int(found)
    matched = re.fullmatch(r"\s*([+-]?\d{1,15})(\.\d{1,15})?\s*", text_of(value), re.ASCII)
    return int(matched[1]) if matched else default


def _float(value: Value, default: Value = 0) -> Value:
    found = bare(value)
    if isinstance(found, (int, Decimal)):
        return Decimal(found)
    matched = re.fullmatch(r"\s*[+-]?\d{1,15}(\.\d{1,15})?\s*", text_of(value), re.ASCII)
    return Decimal(matched[0].strip()) if matched else default


def _rank(item: Value) -> tuple[int, Value]:
    """Numbers before texts; texts without regard to case, as readers sort."""
    found = bare(item)
    if isinstance(found, (int, Decimal)):
        return 0, found
    return 1, text_of(item).casefold()


def _unique(value: Value) -> list[Value]:
    seen: dict[tuple[int, Value], Value] = {}
    for item in _items(value):
        seen.setdefault(_rank(item), item)
    return list(seen.values())


def _slug(value: Value) -> str:
    plain = unicodedata.normalize("NFKD", text_of(value).replace("ß", "ss")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _truncate(value: Value, length: Value = 80) -> str:
    text, most = text_of(value), _whole(length)
    if len(text) <= most:
        return text
    return text[: max(most - 1, 0)].rsplit(" ", 1)[0].rstrip(" ,.;:") + "\u2026"


def _length(value: Value) -> int:
    if isinstance(value, (str, tuple, list, range)) or is_row(value):
        return len(value)
    return len(text_of(value))


def _pick(at: int) -> Callable[[Value], Value]:
    def pick(value: Value) -> Value:
        items = _items(value)
        if not items:
            raise Unfit("an empty list has no first and no last item")
        return items[at]

    return pick


def _pairs(value: Value) -> list[Value]:
    if not is_row(value):
        raise Unfit(f"{kind_of(value)} is no row")
    return [(key, value[key]) for key in value]


FILTERS: Mapping[str, Callable[..., Value]] = {
    "abs": lambda value: abs(number(value, "measure")),
    "capitalize": lambda value: text_of(value).capitalize(),
    "count": _length,
    "first": _pick(0),
    "float": _float,
    "int": _int,
    "items": _pairs,
    "join": _join,
    "last": _pick(-1),
    "length": _length,
    "list": _items,
    "lower": lambda value: text_of(value).lower(),
    "max": lambda value: max(_items(value), key=_rank, default=None),
    "min": lambda value: min(_items(value), key=_rank, default=None),
    "replace": _replace,
    "reverse": lambda value: value[::-1] if isinstance(value, str) else _items(value)[::-1],
    "round": _round,
    "slug": _slug,
    "sort": lambda value: sorted(_items(value), key=_rank),
    "string": text_of,
    "sum": lambda value: sum((number(item, "add") for item in _items(value)), 0),
    "title": lambda value: text_of(value).title(),
    "trim": lambda value: text_of(value).strip(),
    "truncate": _truncate,
    "unique": _unique,
    "upper": lambda value: text_of(value).upper(),
    "wordcount": lambda value: len(text_of(value).split()),
}
"""`default` (short: `d`) is known beside these; it looks at names before they are asked."""


def _is_number(value: Value) -> bool:
    found = bare(value)
    return isinstance(found, (int, Decimal)) and not isinstance(found, bool)


TESTS: Mapping[str, Callable[..., bool]] = {
    "divisibleby": lambda value, by: _whole(by) != 0 and _whole(value) % _whole(by) == 0,
    "empty": lambda value: text_of(value).strip() == "" if not isinstance(value, (tuple, list)) else not value,
    "eq": equal,
    "even": lambda value: _whole(value) % 2 == 0,
    "false": lambda value: bare(value) is False,
    "ge": lambda a, b: not less(a, b),
    "gt": lambda a, b: less(b, a),
    "in": lambda part, whole: contains(whole, part),
    "le": lambda a, b: not less(b, a),
    "lt": less,
    "mapping": is_row,
    "ne": lambda a, b: not equal(a, b),
    "none": lambda value: value is None,
    "number": _is_number,
    "odd": lambda value: _whole(value) % 2 == 1,
    "sequence": lambda value: isinstance(value, (tuple, list, range)),
    "string": lambda value: isinstance(value, str) or (isinstance(value, Spelled) and not _is_number(value)),
    "true": lambda value: bare(value) is True,
}
"""`defined` and `undefined` are known beside these."""
