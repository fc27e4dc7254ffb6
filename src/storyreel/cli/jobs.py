"""`jobs`: the journal of what was asked for, and the way out of an outcome that nobody knows."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from storyreel.cli.context import DONE, FAILED, HELD, INTEGRITY, REFUSED, UNKNOWN, USAGE, Common, Stop

if TYPE_CHECKING:
    from storyreel.driver.project import Project
    from storyreel.render.desk import Desk
    from storyreel.render.job import PaidJob

NO_JOB: Mapping[str, Any] = {"job": None}


def list_jobs(common: Common, open_only: bool, as_json: bool) -> int:
    """Print every job of the journal, the oldest first; exit 6 where one is parked is left to `render`."""
    from storyreel.render.journal import Journal

    project = common.open()
    with _told(as_json, {"jobs": []}), _whole():
        jobs = [job for job in Journal.past(project.journal, 0.0) if job.is_open or not open_only]
    now = time.time()
    if as_json:
        print(json.dumps({"jobs": [_row(job, now) for job in jobs]}, indent=2, ensure_ascii=False))
        return DONE
    if not jobs:
        common.hint("no jobs are open" if open_only else "the journal is empty: nothing was bought yet")
        return DONE
    _table(common, jobs, now)
    parked = [job for job in jobs if job.state == "parked"]
    if parked:
        common.hint(_ways_out(parked[0]))
    return DONE


def show_job(common: Common, key: str, take: int | None, as_json: bool) -> int:
    """Print all that is known of one job, but for its words."""
    from storyreel.base.report import printable

    with _told(as_json, NO_JOB), _desk(common.open()) as desk:
        job = desk.find(key, take)
        document = _row(job, time.time()) | {
            "endpoint": job.endpoint,
            "posts": job.posts,
            "reason": job.reason,
            "message": job.message,
            "digest": job.digest,
            "events": [{"at": _clock(at), "what": what} for at, what in desk.events(job)],
        }
    if as_json:
        print(json.dumps({"job": document}, indent=2, ensure_ascii=False))
        return DONE
    for name, value in document.items():
        if name != "events" and value is not None:
            print(printable(f"{name:9} {value}"))
    for event in document["events"]:
        print(printable(f"  {event['at']}  {event['what']}"))
    return DONE


def adopt_job(common: Common, key: str, job_id: str, take: int | None, as_json: bool) -> int:
    """A person found the job at the provider: it is gone on with at the next render."""
    return _act(common, lambda desk: desk.adopt(key, job_id, take), as_json)


def resubmit_job(common: Common, key: str, take: int | None, is_agreed: bool, as_json: bool) -> int:
    """Send one more request for a take whose outcome nobody knows; may pay twice, so it takes a yes."""
    if not is_agreed:
        with _told(as_json, NO_JOB):
            raise Stop(REFUSED, "if the first request did arrive, this pays a second time; say --yes to send it again")
    return _act(common, lambda desk: desk.resubmit(key, take), as_json)


def forget_job(common: Common, key: str, take: int | None, as_json: bool) -> int:
    """A person knows that nothing was accepted: the take counts as not asked for."""

    async def forget(desk: Desk) -> PaidJob:
        return desk.forget(key, take)

    return _act(common, forget, as_json)


def cancel_job(common: Common, key: str, take: int | None, as_json: bool) -> int:
    """Ask the provider to give up a job."""
    return _act(common, lambda desk: desk.cancel(key, take), as_json)


def _act(common: Common, what: Callable[[Desk], Awaitable[PaidJob]], as_json: bool) -> int:
    project = common.open()

    async def done(desk: Desk) -> PaidJob:
        try:
            return await what(desk)
        finally:
            await desk.close()

    with _told(as_json, NO_JOB), _held(project), _desk(project) as desk:
        job = asyncio.run(done(desk))
    if as_json:
        print(json.dumps({"job": _row(job, time.time())}, indent=2, ensure_ascii=False))
    else:
        print(f"{job.key[:12]} take {job.take}: {job.state}" + (f", {job.message}" if job.message else ""))
    return {"parked": UNKNOWN, "unknown": UNKNOWN}.get(job.state, DONE)


@contextmanager
def _told(as_json: bool, nothing: Mapping[str, Any]) -> Iterator[None]:
    """A document is printed also where there is nothing to show, but for a wrong call."""
    try:
        yield
    except Stop as stop:
        if as_json and stop.code != USAGE:
            print(json.dumps({**nothing, "message": str(stop)}, indent=2, ensure_ascii=False))
        raise


@contextmanager
def _held(project: Project) -> Iterator[None]:
    from storyreel.render.hold import HeldByAnother, hold

    try:
        with hold(project.work, "jobs"):
            yield
    except HeldByAnother as held:
        raise Stop(HELD, f"{held} is working in this project; try again when it is done") from None


@contextmanager
def _desk(project: Project) -> Iterator[Desk]:
    from storyreel.driver.purchases import desk
    from storyreel.driver.sellers import UnknownProvider
    from storyreel.render.desk import NotAtDesk

    if not project.journal.is_file():
        raise Stop(FAILED, "the journal is empty: nothing was bought yet")
    try:
        with _whole(), desk(project) as opened:
            yield opened
    except NotAtDesk as problem:
        raise Stop(FAILED, str(problem)) from None
    except UnknownProvider as unknown:
        raise Stop(USAGE, str(unknown)) from None


@contextmanager
def _whole() -> Iterator[None]:
    """A journal that cannot be read is a matter of integrity."""
    from storyreel.render.tables import JournalRefused

    try:
        yield
    except JournalRefused as refused:
        raise Stop(INTEGRITY, str(refused)) from None


def _row(job: PaidJob, now: float) -> dict[str, Any]:
    from storyreel.base.money import usd_text

    return {
        "key": job.key,
        "take": job.take,
        "state": job.state,
        "provider": job.provider,
        "id": job.operation.id if job.operation is not None else None,
        "scene": job.scene,
        "age_s": round(max(0.0, now - job.intent_at), 1),
        "cost_usd": usd_text(job.cost),
    }


def _table(common: Common, jobs: Sequence[PaidJob], now: float) -> None:
    from rich.table import Table
    from rich.text import Text

    from storyreel.base.money import usd_label
    from storyreel.base.report import printable

    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim")
    for name in ("key", "take", "state", "provider", "id", "scene", "age", "cost"):
        table.add_column(name, justify="right" if name in ("take", "age", "cost") else "left", overflow="fold")
    colors = {"parked": "magenta", "unknown": "magenta", "failed": "red"}
    for job in jobs:
        row = _row(job, now)
        table.add_row(
            job.key[:12],
            str(job.take),
            Text(job.state, style=colors.get(job.state, "")),
            job.provider,
            Text(printable(row["id"] or "")),
            Text(printable(job.scene)),
            _age(row["age_s"]),
            usd_label(job.cost),
        )
    common.console(sys.stdout).print(table)


def _ways_out(job: PaidJob) -> str:
    key = job.key[:12]
    return (
        f"a parked take may or may not have been accepted. Look at {job.provider}, then:\n"
        f"  storyreel jobs adopt {key} ID        it is there under this id\n"
        f"  storyreel jobs resubmit {key} --yes  it is not there: ask once more\n"
        f"  storyreel jobs forget {key}          it is not there and not wanted"
    )


def _age(seconds: float) -> str:
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} s"


def _clock(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
