"""`providers`: who can make takes, at what price, and how each did here."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from storyreel.cli.context import DONE, USAGE, Common, Stop

if TYPE_CHECKING:
    from storyreel.driver.project import Project
    from storyreel.plan.route import Seller
    from storyreel.render.record import Record


@dataclass(frozen=True, slots=True)
class _Row:
    """One provider as it stands."""

    seller: Seller
    has_key: bool
    prices: tuple[Mapping[str, Any], ...]
    record: Record | None
    quotes: int
    """Prices that it named when it was asked, and that still hold."""
    quoted_on: str | None


def providers(common: Common, has_stats: bool, as_json: bool) -> int:
    """Print every provider that is known or configured; connects nowhere."""
    from storyreel.plan.catalog import catalog

    project = common.open()
    rows = _rows(project)
    if as_json:
        document = {
            "prices_as_of": catalog().prices_as_of.isoformat(),
            "providers": [_document(row, has_stats) for row in rows],
        }
        print(json.dumps(document, indent=2, ensure_ascii=False))
        return DONE
    if has_stats:
        _ranking(common, rows)
    else:
        _offers(common, rows)
        for row in rows:
            if row.quotes:
                words = "1 price" if row.quotes == 1 else f"{row.quotes} prices"
                common.hint(
                    f"{row.seller.name} named {words} when it was asked, last on {row.quoted_on}; plans use them"
                )
        common.hint(f"prices as of {catalog().prices_as_of}, US dollars a bought second; takes have their own --stats")
    return DONE


def _rows(project: Project) -> list[_Row]:
    from storyreel.driver.project import WINDOW_S
    from storyreel.driver.quotes import quoted
    from storyreel.driver.sellers import UnknownProvider, seller_of
    from storyreel.plan.catalog import ANIMATIC
    from storyreel.plan.route import known_sellers
    from storyreel.providers.key import Key, KeyMissing
    from storyreel.render.journal import Journal
    from storyreel.render.record import records

    known = {one.provider: one for one in records(Journal.past(project.journal, time.time() - WINDOW_S))}
    found = []
    for name in dict.fromkeys([*known_sellers(), *project.settings.providers]):
        if name == ANIMATIC:
            continue
        try:
            seller = seller_of(name, project.settings)
        except UnknownProvider as unknown:
            raise Stop(USAGE, str(unknown)) from None
        assert seller is not None
        try:
            has_key = bool(Key(seller.key_env, seller.scheme, os.environ).authorization)
        except KeyMissing:
            has_key = False
        named = quoted([seller], project.work)[0].quotes
        day = max((quote.day for quote in named.values()), default=None)
        found.append(_Row(seller, has_key, _prices(seller), known.get(name), len(named), day))
    return found


def _prices(seller: Seller) -> tuple[Mapping[str, Any], ...]:
    """What is on sale, a row for each model and tier; the settings' own prices win."""
    from storyreel.base.money import usd_text
    from storyreel.plan.catalog import catalog

    sold = dict.fromkeys((model, tier) for who, model, tier, _ in catalog().endpoints if who == seller.listed_as)
    found = []
    for model, tier in sold:
        own, listed = seller.prices.get(tier), catalog().prices.get((seller.listed_as, model, tier))
        price = own or listed
        source = "storyreel.toml" if own else listed.as_of if listed else None
        found.append(
            {
                "model": model,
                "tier": tier,
                "silent": usd_text(price.silent) if price else None,
                "audio": usd_text(price.audio) if price else None,
                "voice": usd_text(price.voice) if price else None,
                "as_of": source,
            }
        )
    for tier, own in seller.prices.items():
        if not any(tier == sold_tier for _, sold_tier in sold):
            found.append(
                {
                    "model": None,
                    "tier": tier,
                    "silent": usd_text(own.silent),
                    "audio": usd_text(own.audio),
                    "voice": usd_text(own.voice),
                    "as_of": "storyreel.toml",
                }
            )
    return tuple(found)


def _document(row: _Row, has_stats: bool) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": row.seller.name,
        "kind": row.seller.kind,
        "url": row.seller.url,
        "key_env": row.seller.key_env,
        "has_key": row.has_key,
        "prices": list(row.prices),
        "quotes": {"count": row.quotes, "asked_on": row.quoted_on},
    }
    return document | ({"stats": _stats(row.record)} if has_stats else {})


def _stats(record: Record | None) -> dict[str, Any] | None:
    from storyreel.base.money import usd_text

    if record is None:
        return None
    spreads = {
        name: None if spread is None else {"p50_s": round(spread.p50, 3), "p95_s": round(spread.p95, 3)}
        for name, spread in _spreads(record).items()
    }
    rate = None if record.success_rate is None else round(record.success_rate, 4)
    return {
        "count": record.count,
        "success_rate": rate,
        "spent_usd": usd_text(record.spent),
        "usd_per_second": usd_text(record.per_second),
    } | spreads


def _spreads(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in ("submit", "queue", "generate", "download", "total")}


def _offers(common: Common, rows: Sequence[_Row]) -> None:
    table = _table(("provider", "key", "model", "tier", "silent", "audio", "voice", "as of"))
    for row in rows:
        key = row.seller.key_env + ("" if row.has_key else " (not set)")
        prices = row.prices or ({},)
        for number, price in enumerate(prices):
            lead = (row.seller.name, key) if number == 0 else ("", "")
            words = [price.get(name) or "-" for name in ("model", "tier", "silent", "audio", "voice", "as_of")]
            table.add_row(*lead, *words)
    common.console(sys.stdout).print(table)


def _ranking(common: Common, rows: Sequence[_Row]) -> None:
    measured = ("submit p50/p95", "queue p50", "download p50", "takes")
    table = _table(("#", "provider", "p50", "p95", "success", "USD/s", *measured))
    seen = [row for row in rows if row.record is not None]

    def rank(row: _Row) -> tuple[float, float]:
        assert row.record is not None
        return (-(row.record.success_rate or 0.0), row.record.total.p50 if row.record.total else float("inf"))

    for number, row in enumerate(sorted(seen, key=rank), 1):
        record = row.record
        assert record is not None
        submit = f"{_s(record.submit, 'p50')} / {_s(record.submit, 'p95')}"
        success = "-" if record.success_rate is None else f"{record.success_rate:.1%}"
        price = "-" if record.per_second is None else f"{record.per_second:.3f}"
        table.add_row(
            str(number),
            row.seller.name,
            _s(record.total, "p50"),
            _s(record.total, "p95"),
            success,
            price,
            submit,
            _s(record.queue, "p50"),
            _s(record.download, "p50"),
            str(record.count),
        )
    common.console(sys.stdout).print(table)
    idle = [row.seller.name for row in rows if row.record is None]
    common.hint("measured here over the last 30 days" + (f"; nothing yet from {', '.join(idle)}" if idle else ""))


def _s(spread: Any, which: str) -> str:
    if spread is None:
        return "-"
    seconds = float(getattr(spread, which))
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _table(names: Sequence[str]) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in names:
        table.add_column(name, overflow="fold")
    return table
