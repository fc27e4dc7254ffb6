"""Prices that sellers were asked for, with the day: a small file beside the journal. Connects nowhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from storyreel.base.digest import digest_of_value
from storyreel.plan.quotes import QUOTING, Quote
from storyreel.plan.route import Seller
from storyreel.render.blobs import write_whole

FILE = "prices.json"
LIFE = timedelta(days=30)
"""After so long a price is asked for again."""


def today() -> date:
    return datetime.now(UTC).date()


def quoted(sellers: Sequence[Seller], work: Path) -> tuple[Seller, ...]:
    """The sellers with what they said that requests cost, as far as that is not too long ago."""
    if not any(seller.listed_as in QUOTING for seller in sellers):
        return tuple(sellers)
    known = _read(work / FILE)
    return tuple(replace(each, quotes=_quotes(known.get(each.name))) for each in sellers)


def keep_quotes(work: Path, found: Mapping[str, Mapping[str, Quote]]) -> None:
    """Write down prices by seller and question; others stay, but for those that are too old."""
    kept: dict[str, dict[str, Any]] = {}
    known = _read(work / FILE)
    for name in sorted({*known, *found}):
        quotes = {**_quotes(known.get(name)), **found.get(name, {})}
        kept[name] = {key: {"usd": str(quote.usd), "day": quote.day} for key, quote in sorted(quotes.items())}
    text = json.dumps({"quotes": kept, "check": digest_of_value(kept)}, indent=1)
    write_whole(work / FILE, text.encode(), work / "tmp")


def _read(file: Path) -> Mapping[str, Any]:
    """A broken file is none: prices can be asked for again."""
    try:
        kept = json.loads(file.read_text("utf-8"))
        found, check = kept["quotes"], kept["check"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) and check == digest_of_value(found) else {}


def _quotes(rows: Any) -> dict[str, Quote]:
    found, first = {}, today() - LIFE
    for key, row in rows.items() if isinstance(rows, dict) else ():
        try:
            usd, day = Decimal(row["usd"]), date.fromisoformat(row["day"])
        except (KeyError, TypeError, ValueError, InvalidOperation):
            continue
        if usd.is_finite() and usd >= 0 and day >= first:
            found[str(key)] = Quote(usd, day.isoformat())
    return found
