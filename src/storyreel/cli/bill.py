"""The bill before anything is bought: what refuses it, and the question whether to spend."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from storyreel.cli.context import PROVIDER, REFUSED, USAGE, Common, Stop

if TYPE_CHECKING:
    from storyreel.base.money import Usd
    from storyreel.cli.wish import Wish
    from storyreel.driver.project import Compiled, Project
    from storyreel.plan.plan import Plan, PlannedPart

FREE = "animatic"
DEAREST = 5
"""How many scenes a refusal names."""

Bought = tuple[str, "PlannedPart"]
"""A scene's id and a part of it."""


def agree(common: Common, project: Project, compiled: Sequence[Compiled], wish: Wish, ceiling: Usd | None) -> None:
    """Refuse a render that would spend what it may not; what costs nothing never asks. Raises Stop."""
    plans = [one.plan for one in compiled if one.plan is not None]
    named = frozenset() if wish.is_locked else frozenset(wish.scenes)  # A locked film is whole, or refused.
    bought, gone = _found(plans, named, "generate"), _found(plans, frozenset(), "missing")
    if wish.is_free:
        return
    if gone:
        raise Stop(REFUSED, _missing(gone))
    if bought and wish.is_locked:
        takes = "\n".join(f"  {scene}: take {part.take} of {part.key[:12]}" for scene, part in bought)
        raise Stop(REFUSED, f"--locked buys nothing, and {_count(bought)} would have to be bought:\n{takes}")
    if bought:
        _refuse_budgets(plans)
    accept(common, project, plans, bought, ceiling, is_agreed=wish.is_agreed)


def accept(
    common: Common,
    project: Project,
    plans: Sequence[Plan],
    bought: Sequence[Bought],
    ceiling: Usd | None,
    *,
    is_agreed: bool,
) -> None:
    """Refuse a purchase that costs too much, that nobody said yes to, or for which there is no key. Raises Stop."""
    from storyreel.base.money import usd_label

    if not bought:
        return
    _refuse_prices(bought)
    total = _total(bought)
    _refuse_ceiling(project, bought, total, ceiling)
    if not is_agreed:
        names = " and ".join(sorted({part.provider for _, part in bought}))
        _ask(common, plans, f"{_count(bought)} would be bought from {names} for {usd_label(total)}")
    _need_keys(project, {part.provider for _, part in bought})


def _missing(gone: Sequence[Bought]) -> str:
    """Takes that are not here, and what brings each back."""
    own = list(dict.fromkeys(scene for scene, part in gone if part.request is not None))
    lines = [f"  {scene}: take {part.take} of {part.key[:12]}" for scene, part in gone if part.request is not None]
    said = []
    if own:
        again = " ".join(f"--rebuy {scene}" for scene in own)
        said = ["bought before, and not in the store here:", *lines, f"Bring the store back, or pay again with {again}"]
    others = [f"  {scene}: {part.reason}" for scene, part in gone if part.request is None]
    if others:
        said += ["shown from other boards, and not to be had:", *others]
    return "\n".join(said)


def _count(bought: Sequence[Bought]) -> str:
    return f"{len(bought)} {'take' if len(bought) == 1 else 'takes'}"


def _found(plans: Sequence[Plan], scenes: frozenset[str], action: str) -> list[Bought]:
    """Every paid take of which the plan says so, once."""
    found: dict[tuple[str, int | None], Bought] = {}
    for plan in plans:
        for film in plan.films:
            for scene in film.scenes:
                for part in scene.parts:
                    if part.action == action and part.provider != FREE and (not scenes or scene.id in scenes):
                        found.setdefault((part.key, part.take), (scene.id, part))
    return list(found.values())


def _refuse_prices(bought: Iterable[Bought]) -> None:
    from storyreel.plan.quotes import QUOTING

    unknown = [(scene, part) for scene, part in bought if part.cost_usd is None]
    if unknown:
        provider = unknown[0][1].provider
        asking = ", or ask for it: `storyreel plan BOARD --ask-prices`" if provider in QUOTING else ""
        raise Stop(
            REFUSED,
            f"no price is known for {_scenes(unknown)} at {provider}; "
            f"set [providers.{provider}.price_per_second] in storyreel.toml{asking}",
        )


def _refuse_budgets(plans: Iterable[Plan]) -> None:
    from storyreel.base.money import usd_label

    over = [film for plan in plans for film in plan.films if film.is_over_budget]
    if over:
        film = over[0]
        raise Stop(
            REFUSED,
            f"{film.name} would cost {usd_label(film.whole_usd)} in all, over its budget of "
            f"{usd_label(film.budget_usd)}; dearest: {_dearest([(s.id, p) for s in film.scenes for p in s.parts])}",
        )


def _refuse_ceiling(project: Project, bought: Sequence[Bought], total: Usd, ceiling: Usd | None) -> None:
    from storyreel.base.money import NOTHING, usd_label

    if ceiling is None:
        return
    taken = project.known().reserved
    if taken + total > ceiling:
        before = f" ({usd_label(taken)} of it reserved by jobs that are open)" if taken != NOTHING else ""
        raise Stop(
            REFUSED,
            f"{usd_label(total + taken)} would be spent{before}, over the ceiling of {ceiling:.2f} USD; "
            f"dearest: {_dearest(bought)}",
        )


def _total(bought: Iterable[Bought]) -> Usd:
    from storyreel.base.money import NOTHING

    return sum((part.cost_usd for _, part in bought if part.cost_usd is not None), NOTHING)


def _dearest(bought: Iterable[Bought]) -> str:
    from storyreel.base.money import usd_label

    prices: dict[str, Usd] = {}
    for scene, part in bought:
        if part.cost_usd:
            prices[scene] = prices.get(scene, part.cost_usd * 0) + part.cost_usd
    ranked = sorted(prices.items(), key=lambda row: row[1], reverse=True)
    return ", ".join(f"{scene} {usd_label(price)}" for scene, price in ranked[:DEAREST])


def _scenes(bought: Iterable[Bought]) -> str:
    names = list(dict.fromkeys(scene for scene, _ in bought))
    rest = f" and {len(names) - DEAREST} more" if len(names) > DEAREST else ""
    return ", ".join(names[:DEAREST]) + rest


def _ask(common: Common, plans: Sequence[Plan], what: str) -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Stop(REFUSED, f"{what}; say --yes to spend")
    from storyreel.cli.plan import print_plan

    for plan in plans:
        print_plan(common, plan, to_error=True)
    print(f"{what}. Spend it? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Stop(REFUSED, "nothing was bought")


def _need_keys(project: Project, names: Iterable[str]) -> None:
    """Say which keys are missing before the first request, all at once."""
    from storyreel.driver.sellers import seller_of
    from storyreel.providers.key import Key, KeyMissing

    lacking = []
    for name in sorted(names):
        seller = seller_of(name, project.settings)
        assert seller is not None
        if seller.url.startswith("http:") and not seller.allow_private:
            raise Stop(USAGE, f"{seller.url} is plain http: `allow_private = true` under [providers.{name}] allows it")
        own = project.settings.providers.get(name)
        if seller.allow_private and seller.kind == "openai-videos" and (own is None or own.key_env is None):
            continue  # A server of one's own may let in whoever reaches it.
        try:
            _ = Key(seller.key_env, seller.scheme, os.environ).authorization
        except KeyMissing as missing:
            lacking.append(f"{name}: {missing}")
    if lacking:
        raise Stop(PROVIDER, "; ".join(lacking))
