"""The offline provider: draws a take as panels on this machine. It needs no key, costs nothing and connects nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyreel.media.failed import MediaFailed
from storyreel.providers.spec import Done, Failed, Job, Operation, Status

if TYPE_CHECKING:
    from storyreel.media.panel.job import FilmFrame

NAME = "animatic"
ENDPOINT = "animatic/panels"


class _Missing(Exception):
    """A file that the job needs is not here; `str()` is a sentence."""


class Animatic:
    """Paints when polled. `asset_path` finds a file of the project by its path, `take_path` a stored take, and
    `new_file` names a fresh file with the suffix given."""

    def __init__(
        self,
        asset_path: Callable[[str], Path],
        take_path: Callable[[str, int], Path | None],
        new_file: Callable[[str], Path],
    ) -> None:
        self._asset_path = asset_path
        self._take_path = take_path
        self._new_file = new_file
        self._painting: dict[str, set[asyncio.Task[Any]]] = {}

    @property
    def name(self) -> str:
        return NAME

    async def start(self, job: Job, /, *, claim: str) -> Operation | Failed:
        """Take the job; it is painted when it is first asked for. `invalid` for a job that is none of ours."""
        if job.body.get("kind") != "panels":
            return Failed("invalid", "this is no job for the animatic")
        return Operation(NAME, {"claim": claim, "body": dict(job.body), "assets": dict(job.assets)})

    async def poll(self, operation: Operation, /) -> Status:
        """Paint the take and hand it over; a file that is missing is `invalid`, one that is damaged `internal`."""
        claim = str(operation.token["claim"])
        task = asyncio.ensure_future(self._painted(operation.token))
        self._painting.setdefault(claim, set()).add(task)
        try:
            return await task
        except asyncio.CancelledError:
            # Ours alone was cancelled: say so. Everything was: let it pass.
            current = asyncio.current_task()
            if current is not None and current.cancelling():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                raise
            return Failed("canceled", "the animatic was stopped")
        finally:
            self._painting[claim].discard(task)
            if not self._painting[claim]:
                del self._painting[claim]

    async def cancel(self, operation: Operation, /) -> None:
        """Stop painting; the poll that waits for it says `canceled`."""
        tasks = tuple(self._painting.get(str(operation.token["claim"]), ()))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _painted(self, token: Mapping[str, Any]) -> Status:
        # Pillow and numpy are heavy: whoever only plans never meets them.
        from storyreel.media.panel.job import read_job
        from storyreel.media.panel.take import paint_take

        out = self._new_file(".mp4")
        try:
            body = token["body"]
            files = {digest: self._asset_path(path) for digest, path in token["assets"].items()}
            start, end = (self._frame(body.get(side), files) for side in ("start", "end"))
            await paint_take(read_job(body, files, start=start, end=end), out)
        except _Missing as problem:
            out.unlink(missing_ok=True)
            return Failed("invalid", str(problem))
        except MediaFailed as problem:
            return Failed("internal", problem.message)
        return Done(file=out)

    def _frame(self, source: Any, files: Mapping[str, Path]) -> Path | FilmFrame | None:
        from storyreel.media.panel.job import FilmFrame

        if source is None:
            return None
        if isinstance(source, str):
            return files[source]
        if "frame_in" in source:
            return FilmFrame(files[source["frame_in"]], at=Fraction(source["at"]))
        film = self._take_path(source["frame_of"], int(source["take"]))
        if film is None:
            raise _Missing("the take whose last frame it starts from or ends on is not in the store")
        number = source.get("frame")
        return FilmFrame(film, number=None if number is None else int(number))


def accept_take(job: Job, file: Path) -> str | None:
    """What is wrong with a finished take, in a sentence; None where it is what was asked for."""
    from storyreel.base.timebase import parse_rate
    from storyreel.media.probe import probe

    facts = probe(file)
    if facts is None or facts.kind != "video":
        return "what was made is not a film"
    size = (int(job.body["width"]), int(job.body["height"]))
    if (facts.width, facts.height) != size:
        return f"the take is {facts.width}x{facts.height}, not {size[0]}x{size[1]}"
    rate = parse_rate(job.body["rate"])
    frames = sum(int(shot["frames"]) for shot in job.body["shots"])
    if facts.rate is not None and facts.rate != rate:
        return f"the take has {facts.rate} frames a second, not {rate}"
    if facts.seconds is None or abs(facts.seconds * rate - frames) >= 1:
        return f"the take has not the {frames} frames that it should"
    return None
