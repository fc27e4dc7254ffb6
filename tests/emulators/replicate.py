"""Replicate: predictions of official models; an hour after its end a prediction has lost its input and output."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections import deque
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from tests.emulators.bodies import misfits, replicate_failure, schemas, seconds_of
from tests.emulators.clock import Clock, from_iso, iso
from tests.emulators.faults import Gate, Script
from tests.emulators.films import Film, shot_film
from tests.emulators.jobs import FateOf, Job, Schedule, variant_of
from tests.emulators.ledger import Ledger, Submission, sense_of
from tests.emulators.media import MediaHost, Stored
from tests.emulators.replicate_files import ReplicateFiles

PRICES = {"standard": ("0.084", "0.126"), "pro": ("0.112", "0.168"), "4k": ("0.42", "0.42")}
SHORT_SIDE = {"standard": 720, "pro": 1080, "4k": 2160}
FATES = {
    "refused": "E005: The input or output was flagged as sensitive. Please try again with different inputs.",
    "internal": "Prediction interrupted; please retry (code: PA)",
    "model": "E006: invalid input",
}
HOUR = 3600.0
PAGE = 100


class Replicate:
    """Set the attributes to change how it behaves; `ledger` says what it saw."""

    def __init__(self, media: MediaHost, *, key: str = "r8_secret", clock: Clock | None = None) -> None:
        self.media = media
        self.key = key
        self.clock = clock or media.clock
        self.ledger = Ledger()
        self.faults = Script()
        self.schedule = Schedule()
        self.fate_of: FateOf = lambda _body: None
        self.scale = 1.0
        self.is_film_fixed = False
        self.list_delay = 0.0
        """Seconds after its creation before a prediction is listed."""
        self.creates_per_minute: int | None = None
        """More than this many meet 429."""
        self.jobs: dict[str, Job] = {}
        self.files = ReplicateFiles(self.clock, self.is_key)
        self._creates: deque[float] = deque()
        routes = [
            Route("/_state", self._state),
            Route("/v1/models/{owner}/{name}/predictions", self._create, methods=["POST"]),
            Route("/v1/models/{owner}/{name}", self._model, methods=["GET"]),
            Route("/v1/predictions", self._create, methods=["POST"]),
            Route("/v1/predictions", self._list, methods=["GET"]),
            Route("/v1/predictions/{id}/cancel", self._cancel, methods=["POST"]),
            Route("/v1/predictions/{id}", self._get, methods=["GET"]),
            *self.files.routes,
        ]
        self.app = Gate(Starlette(routes=routes), self.faults, self.ledger, self.clock, _phase, status_error, True)

    def is_key(self, request: Request) -> bool:
        if request.headers.get("authorization") in (f"Bearer {self.key}", f"Token {self.key}"):
            return True
        self.ledger.wrong_keys += 1
        return False

    async def _create(self, request: Request) -> Response:
        if not self.is_key(request):
            return _problem(401, "Unauthenticated", "You did not pass a valid authentication token")
        wait = self._throttle()
        if wait is not None:
            return JSONResponse(dict(status_error(429)) | {"retry_after": wait}, 429)
        try:
            sent = json.loads(await request.body())
            given = dict(sent["input"])
        except (ValueError, KeyError, TypeError):
            return _problem(422, "Input validation failed", "- input is required")
        model = _model_name(request, sent)
        if model not in schemas():
            return _problem(404, "Not found", "The requested resource could not be found.")
        found = misfits(model, given)
        if found:
            detail = "".join(f"- input.{'.'.join(map(str, each['loc'][1:]))}: {each['msg']}\n" for each in found)
            return _problem(422, "Input validation failed", detail)
        job = self._accept(model, given, request)
        await self._hold(job, request.headers.get("prefer", ""))
        return JSONResponse(self.prediction(job, request), 201)

    def _throttle(self) -> int | None:
        """Seconds to wait where too many were made within a minute."""
        if self.creates_per_minute is None:
            return None
        now = self.clock.now()
        while self._creates and self._creates[0] <= now - 60:
            self._creates.popleft()
        if len(self._creates) >= self.creates_per_minute:
            return max(1, round(self._creates[0] + 60 - now))
        self._creates.append(now)
        return None

    def _accept(self, model: str, given: dict[str, Any], request: Request) -> Job:
        name = uuid5(NAMESPACE_URL, f"{id(self)}/{len(self.ledger.submissions)}").hex[:26]
        silent, audio = PRICES[given.get("mode", "pro")]
        cost = Decimal(audio if given.get("generate_audio") else silent) * seconds_of(given)
        sense = sense_of(given, lambda url: self.files.digest(url) or self.media.digest(url))
        auth = request.headers["authorization"]
        made = Submission(name, model, given, auth, self.clock.now(), cost, sense=sense)
        broken = replicate_failure(given) or self.files.unreadable(given, self.media)
        job = Job(made, self.schedule, fate=self.fate_of(given), problems=({"msg": broken},) if broken else ())
        made.is_free = bool(job.problems) or job.fate == "internal"
        job.film = self._film(given, sense)
        if "cancel-after" in request.headers:
            job.deadline = made.at + _seconds(request.headers["cancel-after"])
        self.ledger.submissions.append(made)
        self.jobs[name] = job
        return job

    def _film(self, given: Mapping[str, Any], sense: str) -> Film:
        ratio = given.get("aspect_ratio", "16:9")
        size = self.files.pixels(given["start_image"]) if "start_image" in given else None
        if size:
            ratio = f"{size[0]}:{size[1]}"
        variant = variant_of(sense, self.ledger.submissions, is_fixed=self.is_film_fixed)
        side = SHORT_SIDE[given.get("mode", "pro")]
        sound = given.get("generate_audio", False)
        return shot_film(seconds_of(given), ratio, side, variant, has_sound=sound, scale=self.scale)

    async def _hold(self, job: Job, prefer: str) -> None:
        """`Prefer: wait=n` keeps the answer back until the job is over or n seconds have passed."""
        if prefer.split("=")[0].strip() != "wait":
            return
        until = self.clock.now() + min(60.0, float(prefer.partition("=")[2] or 60))
        while job.stage(self.clock.now()) != "over" and self.clock.now() < until:  # noqa: ASYNC110 - tests move the clock
            await asyncio.sleep(0.01)

    def prediction(self, job: Job, request: Request) -> dict[str, Any]:
        """The job as its object, in the state of this moment."""
        now, made = self.clock.now(), job.submission
        stage = job.stage(now)
        base = f"{str(request.base_url).rstrip('/')}/v1/predictions/{job.id}"
        is_removed = now >= job.ends_at + HOUR
        status, error = self._end(job) if stage == "over" else ("starting" if stage == "queued" else "processing", None)
        output = self._publish(job) if status == "succeeded" and not is_removed else None
        ran = status in ("succeeded", "failed") or (status == "canceled" and job.has_started)
        return {
            "id": job.id, "model": made.endpoint, "version": "hidden", "input": {} if is_removed else dict(made.body),
            "output": output, "logs": None if is_removed else "", "source": "api", "error": error, "status": status,
            "created_at": iso(made.at), "started_at": iso(job.starts_at) if now >= job.starts_at and ran else None,
            "completed_at": iso(job.ends_at) if stage == "over" else None,
            "deadline": None if job.deadline is None else iso(job.deadline), "data_removed": is_removed,
            "metrics": {"predict_time": job.schedule.running, "total_time": job.ends_at - made.at} if ran else {},
            "urls": {"get": base, "cancel": f"{base}/cancel", "web": f"https://replicate.com/p/{job.id}"},
        }  # fmt: skip

    def _end(self, job: Job) -> tuple[str, str | None]:
        if job.canceled_at is not None:
            return "canceled", None
        if job.is_aborted:
            return "aborted", None
        if job.problems:
            return "failed", job.problems[0]["msg"]
        return ("failed", FATES[job.fate]) if job.fate else ("succeeded", None)

    def _publish(self, job: Job) -> str:
        if job.url is None and job.film is not None:
            stored = Stored(job.film, "video/mp4", is_gone=lambda: self.clock.now() >= job.ends_at + HOUR)
            job.url = self.media.publish(f"xezq/{job.id}/tmp.mp4", stored)
        assert job.url is not None
        return job.url

    def _job(self, request: Request) -> Job | Response:
        if not self.is_key(request):
            return _problem(401, "Unauthenticated", "You did not pass a valid authentication token")
        return self.jobs.get(request.path_params["id"]) or _problem(404, "Not found", "Prediction not found")

    async def _get(self, request: Request) -> Response:
        job = self._job(request)
        return job if isinstance(job, Response) else JSONResponse(self.prediction(job, request))

    async def _cancel(self, request: Request) -> Response:
        job = self._job(request)
        if isinstance(job, Response):
            return job
        if job.stage(self.clock.now()) != "over":
            job.canceled_at = self.clock.now()
            job.submission.is_free = not job.has_started  # billed if it was running
        return JSONResponse(self.prediction(job, request))

    async def _list(self, request: Request) -> Response:
        if not self.is_key(request):
            return _problem(401, "Unauthenticated", "You did not pass a valid authentication token")
        asked, now = request.query_params, self.clock.now()
        try:
            after = from_iso(asked["created_after"]) if "created_after" in asked else 0.0
            before = from_iso(asked["created_before"]) if "created_before" in asked else now + 1
            first = int(base64.urlsafe_b64decode(asked["cursor"])) if "cursor" in asked else 0
        except (ValueError, binascii.Error):
            return _problem(400, "Bad request", "created_after, created_before or cursor cannot be read")
        found = [job for job in self.jobs.values() if after <= job.submission.at < before]
        found = [job for job in found if now >= job.submission.at + self.list_delay]
        found.sort(key=lambda job: job.submission.at, reverse=True)
        shown = [self.prediction(job, request) for job in found[first : first + PAGE]]
        return JSONResponse({
            "previous": _page(request, first - PAGE) if first else None,
            "next": _page(request, first + PAGE) if len(found) > first + PAGE else None,
            "results": shown,
        })  # fmt: skip

    async def _model(self, request: Request) -> Response:
        name = f"{request.path_params['owner']}/{request.path_params['name']}"
        if not self.is_key(request) or name not in schemas():
            return _problem(404, "Not found", "The requested resource could not be found.")
        schema = {"components": {"schemas": {"Input": schemas()[name].schema}}}
        return JSONResponse({"owner": name.split("/")[0], "name": name.split("/")[1], "is_official": True,
                             "latest_version": {"id": "hidden", "openapi_schema": schema}})  # fmt: skip

    async def _state(self, _request: Request) -> Response:
        return JSONResponse(self.ledger.as_json() | {"uploads": len(self.files.stored)})


def status_error(status: int) -> Mapping[str, Any]:
    """The usual words for a status, as a problem document."""
    if status == 429:
        return {"detail": "Request was throttled. Your rate limit resets in ~1s.", "status": 429, "retry_after": 1}
    return {"title": f"Status {status}", "detail": f"status {status}", "status": status}


def _problem(status: int, title: str, detail: str) -> Response:
    kind = "application/problem+json"
    return JSONResponse({"title": title, "detail": detail, "status": status}, status, media_type=kind)


def _model_name(request: Request, sent: Mapping[str, Any]) -> str:
    if "name" in request.path_params:
        return f"{request.path_params['owner']}/{request.path_params['name']}"
    return str(sent.get("version", "")).split(":")[0]


def _page(request: Request, first: int) -> str:
    cursor = base64.urlsafe_b64encode(str(max(0, first)).encode()).decode()
    return str(request.url.include_query_params(cursor=cursor))


def _seconds(text: str) -> float:
    return float(text[:-1]) * {"s": 1, "m": 60, "h": 3600}[text[-1]] if text[-1:] in "smh" else float(text)


def _phase(scope: Scope) -> str:
    path, method = scope["path"], scope["method"]
    if "/files" in path:
        return "upload" if method == "POST" else "other"
    if method == "POST":
        return "cancel" if path.endswith("/cancel") else "submit"
    return "list" if path.rstrip("/").endswith("/predictions") else "poll"
