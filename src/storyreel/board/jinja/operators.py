"""What templates may do with values: exact arithmetic, comparison, printing. No value grows without limit."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_FLOOR, Context, Decimal, InvalidOperation, Overflow

from storyreel.board.jinja.values import MissingRow, Spelled, Unknowable, Value, bare, is_row

MAX_TEXT = 65_536
"""Characters of any text that a template makes, and of its whole outcome."""

MAX_ITEMS = 1_000
"""Items of any list that a template makes."""

MAX_NUMBER = 10**18
MAX_POWER = 64
MAX_RANGE = 500

_EXACT = Context(prec=28)
_SHORT = Context(prec=15)


class Unfit(Exception):
    """A step that cannot be done with these values; the sentence is for the author."""


class TooMuch(Unfit):
    """A step that would take or make too much."""


class NotKnown(Exception):
    """The outcome hangs on something whose mistake is already reported."""


def known(value: Value) -> Value:
    """The value, unless a reported mistake hides it."""
    if isinstance(value, Unknowable):
        raise NotKnown
    if isinstance(value, MissingRow):
        raise Unfit(value.message)
    return value


def text_of(value: Value) -> str:
    """How a value prints: its own spelling; nothing for none; `true` and `false` as YAML has them."""
    if isinstance(value, str):
        return value
    if isinstance(value, Spelled):
        return value.text
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (Decimal, float)):
        return format(bare(value), "f")
    raise Unfit(f"{kind_of(value)} cannot be printed")


def kind_of(value: Value) -> str:
    """A value's kind in words, with its article."""
    value = bare(value)
    if isinstance(value, bool):
        return "a true or false"
    if isinstance(value, (int, Decimal)):
        return "a number"
    if isinstance(value, str):
        return "a text"
    if value is None:
        return "nothing"
    return "a row" if is_row(value) else "a list"


def truth(value: Value) -> bool:
    """Empty text, zero, none and empty lists are false."""
    return bool(bare(value))


def weight(value: Value) -> int:
    """Roughly what touching a value costs."""
    if isinstance(value, str):
        return len(value) >> 8
    if isinstance(value, (tuple, list)):
        return len(value) + sum(len(v) >> 8 for v in value if isinstance(v, str))
    return 0


def bounded_length(length: int) -> None:
    """Refuse a text before it is made."""
    if length > MAX_TEXT:
        raise TooMuch(f"a text of {length:,} characters; {MAX_TEXT:,} are allowed")


def bounded_list(items: list[Value]) -> list[Value]:
    if len(items) > MAX_ITEMS:
        raise TooMuch(f"a list of {len(items):,} items; {MAX_ITEMS:,} are allowed")
    return items


def number(value: Value, doing: str) -> int | Decimal:
    found = bare(value)
    if isinstance(found, bool) or not isinstance(found, (int, Decimal)):
        raise Unfit(f"{kind_of(value)} is no number to {doing}")
    return found


def _arithmetic(
    doing: str, whole: Callable[[int, int], Value], exact: Callable[[Decimal, Decimal], Decimal]
) -> Callable[[Value, Value], Value]:
    def work(left: Value, right: Value) -> Value:
        a, b = number(left, doing), number(right, doing)
        if isinstance(a, int) and isinstance(b, int):
            return _in_range(whole(a, b))
        try:
            return _in_range(exact(Decimal(a), Decimal(b)))
        except (InvalidOperation, Overflow):
            raise TooMuch("a number outside the range of templates") from None

    return work


def _in_range(result: int | Decimal) -> Value:
    if not -MAX_NUMBER <= result <= MAX_NUMBER:
        raise TooMuch("a number of more than 18 digits")
    return result


def _divide(left: Decimal | int, right: Decimal | int) -> Decimal:
    if right == 0:
        raise Unfit("division by zero")
    return _SHORT.divide(Decimal(left), Decimal(right))


def _floor(left: Decimal, right: Decimal) -> Decimal:
    if right == 0:
        raise Unfit("division by zero")
    return _EXACT.divide(left, right).to_integral_value(ROUND_FLOOR)


def _whole_floor(left: int, right: int) -> int:
    if right == 0:
        raise Unfit("division by zero")
    return left // right


def _whole_rest(left: int, right: int) -> int:
    return left - right * _whole_floor(left, right)


_add_numbers = _arithmetic("add", lambda a, b: a + b, _EXACT.add)
_multiply_numbers = _arithmetic("multiply", lambda a, b: a * b, _EXACT.multiply)
subtract = _arithmetic("subtract", lambda a, b: a - b, _EXACT.subtract)
divide = _arithmetic("divide", _divide, _divide)
floor_divide = _arithmetic("divide", _whole_floor, _floor)
_rest = _arithmetic("divide", _whole_rest, lambda a, b: _EXACT.subtract(a, _EXACT.multiply(b, _floor(a, b))))


def add(left: Value, right: Value) -> Value:
    if isinstance(left, str) and isinstance(right, str):
        bounded_length(len(left) + len(right))
        return left + right
    if isinstance(left, (tuple, list)) and isinstance(right, (tuple, list)):
        return bounded_list([*left, *right])
    if isinstance(left, str) or isinstance(right, str):
        raise Unfit(f"{kind_of(left)} and {kind_of(right)} cannot be added; `~` joins them as text")
    return _add_numbers(left, right)


def multiply(left: Value, right: Value) -> Value:
    if isinstance(right, str):
        left, right = right, left
    if isinstance(left, str):
        times = number(right, "repeat a text with")
        if not isinstance(times, int):
            raise Unfit("a text is repeated a whole number of times")
        bounded_length(len(left) * max(times, 0))
        return left * times
    return _multiply_numbers(left, right)


def power(left: Value, right: Value) -> Value:
    base, exponent = number(left, "raise"), number(right, "raise to")
    if not isinstance(exponent, int) or abs(exponent) > MAX_POWER:
        raise TooMuch(f"powers are whole, up to {MAX_POWER}")
    if not -(10**9) <= base <= 10**9:
        raise TooMuch("this power is too large")
    if exponent < 0:
        return divide(1, power(base, -exponent))
    return _in_range(_EXACT.power(base, exponent) if isinstance(base, Decimal) else int(base**exponent))


def remainder(left: Value, right: Value) -> Value:
    if isinstance(left, str):
        raise Unfit("`%` divides numbers; it does not format text")
    return _rest(left, right)


def join_text(parts: list[Value]) -> str:
    texts = [text_of(part) for part in parts]
    bounded_length(sum(map(len, texts)))
    return "".join(texts)


def whole_range(start: Value, stop: Value, step: Value) -> range:
    a, b, c = (number(v, "count with") for v in (start, stop, step))
    if not (isinstance(a, int) and isinstance(b, int) and isinstance(c, int)) or c == 0:
        raise Unfit("`range` counts with whole numbers")
    counted = range(a, b, c)
    if len(counted) > MAX_RANGE:
        raise TooMuch(f"a range of {len(counted):,} numbers; {MAX_RANGE} are allowed")
    return counted


def equal(left: Value, right: Value) -> bool:
    """Numbers by value, a spelled word also by its spelling; a row is compared by its columns alone."""
    if is_row(left) or is_row(right):
        raise Unfit("a row cannot be compared; name one of its columns, such as `.id`")
    if isinstance(left, Spelled) and isinstance(right, str):
        return left.text == right
    if isinstance(right, Spelled) and isinstance(left, str):
        return right.text == left
    if isinstance(left, (tuple, list)) and isinstance(right, (tuple, list)):
        return len(left) == len(right) and all(equal(a, b) for a, b in zip(left, right, strict=True))
    a, b = bare(left), bare(right)
    return isinstance(a, bool) == isinstance(b, bool) and bool(a == b)


def _ordered(left: Value, right: Value) -> tuple[Value, Value]:
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    a, b = bare(left), bare(right)
    for value in (a, b):
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise Unfit(f"{kind_of(left)} and {kind_of(right)} have no order")
    return a, b


def less(left: Value, right: Value) -> bool:
    a, b = _ordered(left, right)
    return bool(a < b)


def contains(whole: Value, part: Value) -> bool:
    if isinstance(whole, str):
        return text_of(part) in whole
    if is_row(whole):
        return text_of(part) in whole
    if isinstance(whole, (tuple, list)):
        return any(equal(item, part) for item in whole if not is_row(item))
    if isinstance(whole, Spelled):
        return text_of(part) in whole.text
    raise Unfit(f"{kind_of(whole)} holds nothing to look for")
