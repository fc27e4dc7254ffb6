"""fal: queue, storage and platform, one app that may be served under several origins."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from tests.emulators.bodies import Problem, fal_rules, misfits, problem, schemas, seconds_of
from tests.emulators.clock import Clock
from tests.emulators.fal_outcome import answer_of, status_error
from tests.emulators.fal_platform import FalPlatform
from tests.emulators.fal_storage import FalStorage
from tests.emulators.faults import Gate, Script
from tests.emulators.films import shot_film
from tests.emulators.jobs import FateOf, Job, Schedule, variant_of
from tests.emulators.ledger import Ledger, Submission, sense_of
from tests.emulators.media import MediaHost, Stored

VOICES = "fal-ai/kling-video/create-voice"
PRICES = {
    "standard": ("0.084", "0.126", "0.154"),
    "pro": ("0.112", "0.168", "0.196"),
    "4k": ("0.42", "0.42", "0.42"),
    "o3/standard": ("0.084", "0.112", "0.112"),
    "o3/pro": ("0.112", "0.14", "0.14"),
}
UNIT = Decimal("0.14")
"""US dollars of one Kling unit: what the pricing call names, and what `x-fal-billable-units` counts."""
SHORT_SIDE = {"standard": 720, "pro": 1080, "4k": 2160}


class Fal:
    """The queue. Set the attributes to change how it behaves; `ledger` says what it saw."""

    def __init__(self, media: MediaHost, *, key: str = "fal-id:fal-secret", clock: Clock | None = None) -> None:
        self.media = media
        self.key = key
        self.clock = clock or media.clock
        self.ledger = Ledger()
        self.faults = Script()
        self.schedule = Schedule()
        self.fate_of: FateOf = lambda _body: None
        self.scale = 1.0
        self.is_film_fixed = False
        """True: all films of one length and shape are the same bytes."""
        self.jobs: dict[str, Job] = {}
        self.voices: set[str] = set()
        self.unstored: set[str] = set()
        """Jobs sent with `X-Fal-Store-IO: 0`, whose payloads are listed nowhere."""
        self.storage = FalStorage(media, self.clock, self.is_key)
        self.platform = FalPlatform(self)
        queue = [
            Route("/{owner}/{app}/requests/{id}/status", self._status, methods=["GET"]),
            Route("/{owner}/{app}/requests/{id}/cancel", self._cancel, methods=["PUT"]),
            Route("/{owner}/{app}/requests/{id}", self._result, methods=["GET"]),
            Route("/{endpoint:path}", self._submit, methods=["POST"]),
        ]
        routes = [Route("/_state", self._state), *self.storage.routes, *self.platform.routes, *queue]
        self.app = Gate(Starlette(routes=routes), self.faults, self.ledger, self.clock, _phase, status_error, True)

    def is_key(self, request: Request) -> bool:
        if request.headers.get("authorization") == f"Key {self.key}":
            return True
        self.ledger.wrong_keys += 1
        return False

    async def _submit(self, request: Request) -> Response:
        if not self.is_key(request):
            return JSONResponse({"detail": "Cannot access application. Authentication is required."}, 401)
        endpoint = request.path_params["endpoint"]
        if endpoint not in schemas() and endpoint != VOICES:
            return JSONResponse({"detail": f"Application '{endpoint}' not found"}, 404)
        try:
            body = json.loads(await request.body())
        except ValueError:
            return JSONResponse({"detail": "Invalid JSON", "error_type": "bad_request"}, 400)
        if not isinstance(body, dict):
            return JSONResponse({"detail": [problem((), "Input should be a valid dictionary", "dict_type", body)]}, 422)
        job = self._accept(endpoint, body, request)
        return self._answer(self._addresses(request, job) | {"status": "IN_QUEUE", "queue_position": 0}, 200, job)

    def _accept(self, endpoint: str, body: dict[str, Any], request: Request) -> Job:
        number = len(self.ledger.submissions)
        made = Submission(
            str(uuid5(NAMESPACE_URL, f"{id(self)}/{number}")), endpoint, body, request.headers["authorization"],
            self.clock.now(), self.price(endpoint, body), sense=sense_of(body, self.media.digest),
        )  # fmt: skip
        problems = self._problems(endpoint, body)
        job = Job(made, self.schedule, fate=self.fate_of(body), problems=tuple(problems))
        made.is_free = bool(problems)
        if not problems and endpoint != VOICES:
            job.film = self._film(endpoint, body, made.sense)
        self.ledger.submissions.append(made)
        self.jobs[made.id] = job
        if request.headers.get("x-fal-store-io") == "0":
            self.unstored.add(made.id)
        return job

    def _problems(self, endpoint: str, body: dict[str, Any]) -> list[Problem]:
        if endpoint == VOICES:
            fits = set(body) == {"voice_url"} and isinstance(body["voice_url"], str)
            return [] if fits else [problem(("voice_url",), "Field required", "missing", body)]
        found = misfits(endpoint, body)
        return found or [*fal_rules(body, self.voices.__contains__), *self.storage.unreadable(body)]

    def _film(self, endpoint: str, body: dict[str, Any], sense: str) -> Any:
        start = body.get("start_image_url") or body.get("image_url")
        ratio = body.get("aspect_ratio") or "16:9"
        size = self.storage.pixels(start) if start else None
        if size:
            ratio = f"{size[0]}:{size[1]}"
        sound = body.get("generate_audio", endpoint.split("/")[2] == "v3")
        variant = variant_of(sense, self.ledger.submissions, is_fixed=self.is_film_fixed)
        return shot_film(
            seconds_of(body), ratio, SHORT_SIDE[_tier(endpoint)], variant, has_sound=sound, scale=self.scale
        )

    def price(self, endpoint: str, body: Mapping[str, Any]) -> Decimal:
        """US dollars of a body, as the model's page lists them."""
        if endpoint == VOICES:
            return Decimal("0.007")
        tier, is_v3 = _tier(endpoint), endpoint.split("/")[2] == "v3"
        silent, audio, voice = PRICES[tier if is_v3 or tier == "4k" else f"o3/{tier}"]
        has_voice = any("voice_id" in each for each in body.get("elements") or [] if isinstance(each, dict))
        rate = voice if has_voice else audio if body.get("generate_audio", is_v3) else silent
        try:
            return Decimal(rate) * seconds_of(body)
        except (TypeError, ValueError):
            return Decimal(0)

    def _addresses(self, request: Request, job: Job) -> dict[str, Any]:
        owner, app = job.submission.endpoint.split("/")[:2]
        base = f"{str(request.base_url).rstrip('/')}/{owner}/{app}/requests/{job.id}"
        return {
            "request_id": job.id, "response_url": base, "status_url": f"{base}/status", "cancel_url": f"{base}/cancel",
            "gateway_request_id": job.id,
        }  # fmt: skip

    def _answer(self, body: Any, status: int, job: Job, headers: Mapping[str, str] | None = None) -> Response:
        return JSONResponse(body, status, {"x-fal-request-id": job.id, **(headers or {})})

    def _job(self, request: Request) -> Job | Response:
        if not self.is_key(request):
            return JSONResponse({"detail": "Cannot access application. Authentication is required."}, 401)
        job = self.jobs.get(request.path_params["id"])
        app = f"{request.path_params['owner']}/{request.path_params['app']}/"
        if job is None or not job.submission.endpoint.startswith(app):
            return JSONResponse({"detail": "Request not found"}, 404)
        return job

    async def _status(self, request: Request) -> Response:
        job = self._job(request)
        if isinstance(job, Response):
            return job
        stage = job.stage(self.clock.now())
        logs: list[Any] | None = [] if request.query_params.get("logs") in ("1", "true", "True") else None
        body = self._addresses(request, job)
        if stage == "queued":
            return self._answer(body | {"status": "IN_QUEUE", "queue_position": 0}, 202, job)
        if stage == "running":
            return self._answer(body | {"status": "IN_PROGRESS", "logs": logs}, 202, job)
        body |= {"status": "COMPLETED", "logs": logs, "metrics": {"inference_time": job.schedule.running}}
        if job.fate == "told":
            body |= {"error": "Runner disconnected", "error_type": "runner_disconnected"}
        return self._answer(body, 200, job)

    async def _result(self, request: Request) -> Response:
        job = self._job(request)
        if isinstance(job, Response):
            return job
        if job.stage(self.clock.now()) != "over":
            return self._answer({"detail": "Request is still in progress"}, 400, job)
        found = answer_of(job)
        if found.status != 200:
            job.submission.is_free = not found.is_billed
            return self._answer(found.body, found.status, job, found.headers)
        body = await run_in_threadpool(self.output, job)
        return self._answer(body, 200, job, {"x-fal-billable-units": str(job.submission.cost / UNIT)})

    def output(self, job: Job) -> dict[str, Any]:
        """What a job gives; puts its film where it can be fetched."""
        if job.film is None:
            self.voices.add(f"voice-{job.id}")
            return {"voice_id": f"voice-{job.id}"}
        if job.url is None:
            job.url = self.media.publish(f"files/b/{job.id}/output.mp4", Stored(job.film, "video/mp4"))
        size = len(self.media.files[f"files/b/{job.id}/output.mp4"].bytes())
        return {"video": {"url": job.url, "content_type": "video/mp4", "file_name": "output.mp4", "file_size": size}}

    async def _cancel(self, request: Request) -> Response:
        job = self._job(request)
        if isinstance(job, Response):
            return JSONResponse({"status": "NOT_FOUND"}, 404) if job.status_code == 404 else job
        stage = job.stage(self.clock.now())
        if stage == "over":
            return self._answer({"status": "ALREADY_COMPLETED"}, 400, job)
        if stage == "queued":  # a job that runs is only asked to stop, and ends as it would have
            job.canceled_at = self.clock.now()
            job.submission.is_free = True
        return self._answer({"status": "CANCELLATION_REQUESTED"}, 202, job)

    async def _state(self, _request: Request) -> Response:
        return JSONResponse(self.ledger.as_json())


def _tier(endpoint: str) -> str:
    return endpoint.split("/")[3]


def _phase(scope: Scope) -> str:
    path, method = scope["path"], scope["method"]
    if "/storage/" in path or path.startswith("/files/"):
        return "upload"
    if path.startswith("/v1/"):
        return "list" if path.endswith("/by-endpoint") else "other"
    if method == "POST":
        return "submit"
    if method == "PUT":
        return "cancel"
    return "poll" if path.endswith("/status") else "result"
