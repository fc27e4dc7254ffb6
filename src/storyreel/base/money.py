"""US dollars, exact."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

Usd = Decimal
CENT = Decimal("0.01")
MILL = Decimal("0.0001")
NOTHING = Decimal(0)


def usd_text(amount: Usd | None) -> str | None:
    """A decimal string for JSON, at least two and at most four places; None (unknown) stays None."""
    if amount is None:
        return None
    exact = amount.quantize(MILL, ROUND_HALF_UP)
    short = exact.quantize(CENT, ROUND_HALF_UP)
    return str(short if short == exact else exact.normalize())


def usd_label(amount: Usd | None) -> str:
    """A price for people: `1.26 USD`, `free`, `price unknown`."""
    if amount is None:
        return "price unknown"
    return "free" if amount == 0 else f"{amount.quantize(CENT, ROUND_HALF_UP)} USD"
