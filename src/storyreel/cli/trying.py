"""`providers --try`: one provider from end to end, for nothing."""

from __future__ import annotations

import asyncio
import json

from storyreel.cli.context import DONE, FAILED, PROVIDER, USAGE, Common, Stop


def try_provider(common: Common, name: str, as_json: bool) -> int:
    """See it through from the request to the film; exit 5 where it refuses us, 1 where it fails."""
    from storyreel.driver.sellers import UnknownProvider, seller_of
    from storyreel.driver.trying import MOCKING, tried

    try:
        seller = seller_of(name, common.open().settings)
    except UnknownProvider as unknown:
        raise Stop(USAGE, str(unknown)) from None
    if seller is None or seller.listed_as not in MOCKING:
        raise Stop(
            USAGE, f"{name} makes no films up: trying it would cost money (possible: {', '.join(sorted(MOCKING))})"
        )
    found = asyncio.run(tried(seller))
    if as_json:
        times = {"submit_s": found.submit_s, "total_s": found.total_s}
        document = {
            "name": name,
            "works": found.reason is None,
            "reason": found.reason,
            "message": found.message,
            **times,
        }
        print(json.dumps(document, indent=2, ensure_ascii=False))
    elif found.reason is None:
        print(f"{name}: {found.message}, {found.total_s or 0:.1f} s in all")
    else:
        common.hint(f"{name}: {found.message}")
    if found.reason is None:
        return DONE
    return PROVIDER if found.reason in ("credentials", "quota") else FAILED
