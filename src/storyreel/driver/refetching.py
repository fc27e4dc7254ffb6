"""A paid take brought back from the provider that made it, by its job; never bought again."""

from __future__ import annotations

import os

from storyreel.driver.project import Project
from storyreel.driver.sellers import UnknownProvider, seller_of
from storyreel.plan.route import Seller
from storyreel.providers.key import Key, KeyMissing
from storyreel.providers.spec import Done, Fetched, Pending, Vendor
from storyreel.render.blobs import digest_of_file
from storyreel.render.job import PaidJob


async def refetched(project: Project, digest: str, job: PaidJob | None) -> str | None:
    """Put the bytes with this digest back into the store; else say why they are not to be had."""
    if job is None or job.operation is None:
        return "the journal here does not know the job that made it"
    try:
        seller = seller_of(job.provider, project.settings)
    except UnknownProvider as unknown:
        return str(unknown)
    if seller is None:
        return f"{job.provider} keeps nothing"
    lacking = _lacking(seller)
    # A server in one's own network may ask for no key.
    if lacking is not None and not seller.allow_private:
        return f"{job.provider} was not asked for it: {lacking}"
    from storyreel.providers.vendors import vendor_of  # Brings httpx: not loaded where nothing is damaged.

    vendor = vendor_of(seller)
    try:
        problem = await _fetched(project, vendor, digest, job)
    finally:
        await vendor.close()
    return problem if problem is None or lacking is None else f"{problem}; {lacking}"


def _lacking(seller: Seller) -> str | None:
    """What is wrong with its key; None where there is one."""
    try:
        _ = Key(seller.key_env, seller.scheme, os.environ).authorization
    except KeyMissing as missing:
        return str(missing)
    return None


async def _fetched(project: Project, vendor: Vendor, digest: str, job: PaidJob) -> str | None:
    assert job.operation is not None
    status = await vendor.poll(job.operation)
    if not isinstance(status, Done):
        said = "it is still being made" if isinstance(status, Pending) else status.message
        return f"{job.provider} does not give it again: {said}"
    out = project.store.new_file(".mp4")
    try:
        got = await vendor.fetch(status, out)
        if not isinstance(got, Fetched):
            return f"{job.provider} does not give it again: {got.message}"
        if digest_of_file(out) != digest:
            return f"what {job.provider} gives under that job now are other bytes"
        project.store.blobs.quarantine(digest)
        project.store.blobs.keep(out)
    finally:
        out.unlink(missing_ok=True)
    return None
