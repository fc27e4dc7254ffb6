"""What buying needs, put together: vendors, their terms, the journal, and orders out of a plan."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

from storyreel.base.money import Usd
from storyreel.base.timebase import parse_rate, rate_text
from storyreel.driver.known import KnownTakes
from storyreel.driver.project import Project
from storyreel.driver.sellers import seller_of
from storyreel.media.still import still_at, still_at_frame
from storyreel.media.whole import flaw_of
from storyreel.plan.catalog import catalog
from storyreel.plan.lower import Lowered
from storyreel.plan.plan import Plan, PlannedFilm, PlannedPart
from storyreel.plan.request import FrameOf
from storyreel.plan.route import Seller
from storyreel.providers.spec import Vendor
from storyreel.render.desk import Desk
from storyreel.render.job import PaidJob
from storyreel.render.journal import Journal
from storyreel.render.materials import Supplies, VoiceMaker
from storyreel.render.office import Office
from storyreel.render.order import FrameNeeded, Order, Way
from storyreel.render.terms import Terms
from storyreel.settings import ProviderSettings


def orders(plan: Plan, wanted: Iterable[PlannedPart], ceiling: Usd | None, takes: KnownTakes) -> tuple[Order, ...]:
    """What to buy, in the order of the plan. Without a ceiling, nobody dearer than the plan said is asked instead."""
    scenes = {part.key: (scene.id, film) for film in plan.films for scene in film.scenes for part in scene.parts}
    found = []
    for part in wanted:
        if part.lowered is None or part.take is None or part.request is None:
            continue
        scene, film = scenes[part.key]
        ways = [_way(part.provider, part.lowered)] if part.action == "generate" else []
        ways += [_way(name, lowered) for name, lowered in part.others if ways and _is_agreed(part, lowered, ceiling)]
        found.append(
            Order(
                part.key,
                part.take,
                scene,
                part.request.seconds,
                tuple(way for way in ways if way is not None),
                _frames(part, film, takes),
            )
        )
    return tuple(found)


@contextmanager
def office(project: Project, names: Iterable[str], ceiling: Usd | None, run: str) -> Iterator[Office]:
    """Where takes are bought from the named providers, with everything that is still open in the journal."""
    journal = Journal(project.journal)
    try:
        journal.warm()
        open_at = {job.provider for job in journal.jobs(open_only=True)}
        sellers = known(project, {*names, *open_at})
        with_vendors = vendors(sellers.values())
        yield Office(
            journal=journal,
            vendors=with_vendors,
            terms={name: terms(project.settings.providers.get(name)) for name in sellers},
            store=project.store,
            supplies=supplies(project, sellers.values()),
            accept=flaw,
            ceiling=ceiling,
            run=run,
        )
    finally:
        journal.close()


@contextmanager
def desk(project: Project) -> Iterator[Desk]:
    """Where jobs of the journal are settled by hand."""
    journal = Journal(project.journal)
    try:
        sellers = known(project, {job.provider for job in journal.jobs(open_only=True)})
        yield Desk(journal, vendors(sellers.values()), project.store, supplies(project, sellers.values()))
    finally:
        journal.close()


def known(project: Project, names: Iterable[str]) -> Mapping[str, Seller]:
    """The sellers of these names, as the settings have them now; raises UnknownProvider."""
    found = {name: seller_of(name, project.settings) for name in sorted(names)}
    return {name: seller for name, seller in found.items() if seller is not None}


def vendors(sellers: Iterable[Seller]) -> Mapping[str, Vendor]:
    """An adapter for each."""
    from storyreel.providers.vendors import vendor_of  # Brings httpx: not loaded where nothing is bought.

    return {seller.name: vendor_of(seller) for seller in sellers}


def terms(own: ProviderSettings | None) -> Terms:
    """What the settings agree with a provider."""
    if own is None:
        return Terms()
    return Terms(own.concurrency, float(own.list_delay), own.resubmit, own.rate)


def supplies(project: Project, sellers: Iterable[Seller]) -> Supplies:
    """How files, frames and voices that bodies name are come by."""
    voices = {}
    for seller in sellers:
        voice = catalog().voices.get(seller.listed_as)
        if voice is not None:
            voices[seller.name] = VoiceMaker(voice.endpoint, f"{seller.url}/{voice.endpoint}", voice.price)
    return Supplies(asset_path=project.source.resolve, still=_still, shelf=project.shelf, voices=voices)


def flaw(job: PaidJob, film: Path) -> str | None:
    """What is wrong with a film that was fetched; called in a thread of its own."""
    return asyncio.run(flaw_of(film))


async def _still(film: Path, which: FrameNeeded | Fraction, out: Path) -> None:
    if isinstance(which, FrameNeeded):
        await still_at_frame(film, which.frame, parse_rate(which.rate), out)
    else:
        await still_at(film, which, out)


def _way(provider: str, lowered: Lowered) -> Way | None:
    if lowered.cost_usd is None:
        return None
    return Way(
        provider, lowered.endpoint, lowered.url, lowered.encoding, lowered.body, lowered.cost_usd, lowered.assets
    )


def _is_agreed(part: PlannedPart, other: Lowered, ceiling: Usd | None) -> bool:
    if other.cost_usd is None:
        return False
    return ceiling is not None or (part.cost_usd is not None and other.cost_usd <= part.cost_usd)


def _frames(part: PlannedPart, film: PlannedFilm, takes: KnownTakes) -> Mapping[str, FrameNeeded]:
    assert part.request is not None
    frames = [frame for frame in (*part.request.start, part.request.end) if isinstance(frame, FrameOf)]
    rate = rate_text(film.fps)
    here = {(f.key, f.take): takes.find(f.key, f.take) for f in frames}
    return {f"frame:{f.key}:{f.take}": FrameNeeded(f.key, f.take, f.frame, rate, here[f.key, f.take]) for f in frames}
