"""What requests would cost, asked of those who price a request without making it; in a few seconds, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from storyreel.driver.project import Project
from storyreel.driver.quotes import keep_quotes, today
from storyreel.driver.sellers import seller_of
from storyreel.plan.lower import Lowered
from storyreel.plan.plan import PlannedPart
from storyreel.plan.quotes import FILES, QUOTING, Quote, question
from storyreel.plan.route import Seller
from storyreel.providers.spec import Failed, Job, Quoting, Unreachable

LONGEST_S = 10.0
AT_ONCE = 4
MOST = 64
"""Questions of one command."""
_BLANK = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAgAAAAIAAQAAAADcA+lXAAAANklEQVR42u3B"
    "AQEAAACCIP+vbkhAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB8"
    "G4IAAAFjdVCkAAAAAElFTkSuQmCC"
)
"""Stands for every picture: what it shows is no matter."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of it."""

    prices: int = 0
    problems: tuple[str, ...] = ()
    """Sentences, one for each seller that did not say."""


async def ask_prices(project: Project, parts: Iterable[PlannedPart]) -> Asked:
    """Ask for the price of each kind of request among these, and keep the answers. Never raises for want of one."""
    questions: dict[str, dict[str, Lowered]] = {}
    for part in parts:
        for name, lowered in ((part.provider, part.lowered), *part.others):
            if lowered is not None:
                questions.setdefault(name, {}).setdefault(question(lowered.url, lowered.body), lowered)
    found: dict[str, dict[str, Quote]] = {}
    problems = []
    for name, wanted in questions.items():
        seller = seller_of(name, project.settings)
        if seller is None or seller.listed_as not in QUOTING:
            continue
        found[name], problem = await _asked(seller, dict(list(wanted.items())[:MOST]))
        problems += [problem] if problem else []
    if any(found.values()):
        keep_quotes(project.work, found)
    return Asked(sum(map(len, found.values())), tuple(problems))


async def _asked(seller: Seller, wanted: Mapping[str, Lowered]) -> tuple[dict[str, Quote], str]:
    """Prices by question, and what was wrong first."""
    from storyreel.providers.http import Times
    from storyreel.providers.vendors import vendor_of  # Brings httpx: not loaded where nobody is asked.

    vendor = vendor_of(seller, times=Times(connect=3.0, read=6.0, whole=8.0))
    assert isinstance(vendor, Quoting)
    found: dict[str, Quote] = {}
    wrong: list[str] = []
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(key: str, lowered: Lowered) -> None:
        async with turns:
            if wrong:
                return  # Whoever has refused one question is not asked the next.
            job = Job(key, 1, lowered.endpoint, _sendable(lowered.body), {}, lowered.url, lowered.encoding)
            answer = await vendor.price(job)
        if isinstance(answer, Failed | Unreachable):
            wrong.append(answer.message)
        else:
            found[key] = Quote(answer, today().isoformat())

    try:
        async with asyncio.timeout(LONGEST_S):
            await asyncio.gather(*(one(key, lowered) for key, lowered in wanted.items()))
    except TimeoutError:
        wrong.append(f"{seller.name} did not name its prices within {LONGEST_S:.0f} s")
    finally:
        await vendor.close()
    return found, wrong[0] if wrong else ""


def _sendable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _sendable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_sendable(each) for each in value]
    return _BLANK if isinstance(value, str) and value.startswith(FILES) else value
