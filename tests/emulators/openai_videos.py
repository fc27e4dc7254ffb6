"""OpenAI-shaped video servers: OpenAI's own shape, Lumenfall, vLLM-Omni and SGLang, which differ as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from tests.emulators.clock import Clock
from tests.emulators.dialects import Dialect
from tests.emulators.faults import Gate, Script
from tests.emulators.films import Film, film, shot_film
from tests.emulators.jobs import FateOf, Job, Schedule, variant_of
from tests.emulators.ledger import Ledger, Submission, sense_of
from tests.emulators.media import MediaHost, Stored
from tests.emulators.pictures import bytes_of, pixels
from tests.emulators.videos_body import Sent, Unreadable, read

HOUR = 3600.0
FATES = {
    "refused": ("CONTENT_POLICY_VIOLATION", "The prompt was refused by the provider's content policy."),
    "upstream": ("UPSTREAM_ERROR", "The provider failed to generate the video."),
    "internal": ("INTERNAL_ERROR", "Internal error"),
}


class OpenAIVideos:
    """One server of one dialect. Set the attributes to change how it behaves; `ledger` says what it saw."""

    def __init__(
        self, media: MediaHost, dialect: Dialect, *, key: str = "lmnfl_id.secret", clock: Clock | None = None
    ) -> None:
        self.media = media
        self.dialect = dialect
        self.key = key
        self.clock = clock or media.clock
        self.ledger = Ledger()
        self.faults = Script()
        self.schedule = Schedule()
        self.fate_of: FateOf = lambda _body: None
        self.scale = 1.0
        self.is_film_fixed = False
        self.poll_after_ms = 30
        self.list_delay = 0.0
        self.mocked = 0
        """Videos made up for `X-Lumenfall-Replay: mock`: they cost nothing."""
        self.estimated = 0
        """Dry runs."""
        self.jobs: dict[str, Job] = {}
        self._mocks: dict[str, Job] = {}
        self._by_claim: dict[str, Job] = {}
        at = f"{dialect.prefix}/videos"
        routes = [
            Route("/_state", self._state),
            Route(at, self._create, methods=["POST"]),
            *([Route(at, self._list, methods=["GET"])] if dialect.has_list else []),
            *([Route(f"{at}/{{id}}/content", self._content, methods=["GET"])] if dialect.has_content else []),
            Route(f"{at}/{{id}}", self._get, methods=["GET"]),
            Route(f"{at}/{{id}}", self._delete, methods=["DELETE"]),
        ]
        self.app = Gate(Starlette(routes=routes), self.faults, self.ledger, self.clock, _phase, self._words, True)

    def _words(self, status: int) -> Mapping[str, Any]:
        return self.dialect.error(status, f"status {status}")

    def _refuse(self, status: int, message: str, code: str | None = None) -> Response:
        return JSONResponse(self.dialect.error(status, message, code), status)

    def _is_key(self, request: Request) -> bool:
        if request.headers.get("authorization") == f"Bearer {self.key}":
            return True
        self.ledger.wrong_keys += 1
        return False

    async def _create(self, request: Request) -> Response:
        if not self._is_key(request):
            return self._refuse(401, "Incorrect API key provided.", "AUTHENTICATION_FAILED")
        sent = await read(request, self.dialect)
        if isinstance(sent, Unreadable):
            return self._refuse(sent.status, sent.message, "INVALID_REQUEST")
        problem = self.dialect.problem(sent.body)
        if problem is not None:
            return self._refuse(problem.status, problem.message, problem.code)
        if self.dialect.is_gateway and request.query_params.get("dryRun") == "true":
            self.estimated += 1
            return JSONResponse(self.dialect.estimate(sent.body))
        claim = sent.body.get("idempotency_key") if self.dialect.is_gateway else None
        known = self._by_claim.get(claim) if claim else None
        if known is not None:
            self.ledger.replayed_claims += 1
            self.ledger.changed_claims += known.submission.body != sent.body
            return JSONResponse(self._created(known), 200)
        job = self._accept(sent, request, claim)
        return JSONResponse(self._created(job), self.dialect.created)

    def _accept(self, sent: Sent, request: Request, claim: str | None) -> Job:
        is_mock = self.dialect.is_gateway and request.headers.get("x-lumenfall-replay") == "mock"
        number = len(self.ledger.submissions) + self.mocked
        name = f"video_{uuid5(NAMESPACE_URL, f'{id(self)}/{number}').hex}"
        made = Submission(
            name, str(sent.body.get("model", "")), sent.body, request.headers["authorization"], self.clock.now(),
            self.dialect.price(sent.body), claim, sense_of(sent.body, self.media.digest), is_mock,
        )  # fmt: skip
        late = self.dialect.late_problem(sent.body)
        job = Job(made, self.schedule, fate=self.fate_of(sent.body), problems=({"msg": late},) if late else ())
        made.is_free = is_mock or bool(late) or job.fate is not None
        job.film = self._film(sent, made.sense)
        if claim:
            self._by_claim[claim] = job
        self.jobs[name] = job
        if is_mock:
            self.mocked += 1
            self._mocks[name] = job
        else:
            self.ledger.submissions.append(made)
        return job

    def _film(self, sent: Sent, sense: str) -> Film:
        width, height = self.dialect.frame(sent.body)
        reference = sent.body.get("input_reference")
        start = reference.get("image_url") if isinstance(reference, Mapping) else None
        if isinstance(start, str):  # the model follows the picture, whatever size is announced
            width, height = pixels(bytes_of(start)) or (width, height)
        variant = variant_of(sense, self.ledger.submissions, is_fixed=self.is_film_fixed)
        seconds = self.dialect.seconds(sent.body)
        sound = self.dialect.has_sound(sent.body)
        short = 720 if self.dialect.is_gateway else min(width, height)
        return shot_film(seconds, f"{width}:{height}", short, variant, has_sound=sound, scale=self.scale)

    def _created(self, job: Job) -> dict[str, Any]:
        video = self.video(job)
        return {key: video[key] for key in self.dialect.create_fields if key in video}

    def video(self, job: Job) -> dict[str, Any]:
        """The job as its object, in the state of this moment."""
        now, body = self.clock.now(), job.submission.body
        stage = job.stage(now)
        error = self._error(job) if stage == "over" else None
        status = {"queued": "queued", "running": "in_progress"}.get(stage) or ("failed" if error else "completed")
        width, height = self.dialect.frame(body)
        seconds = self.dialect.seconds(body)
        found: dict[str, Any] = {
            "id": job.id, "object": "video", "created_at": int(job.submission.at), "status": status,
            "progress": {"queued": 0, "in_progress": 50}.get(status, 100), "model": body.get("model", "default"),
            "prompt": body.get("prompt"), "seconds": seconds if self.dialect.has_int_seconds else str(seconds),
            "size": f"{width}x{height}", "completed_at": int(job.ends_at) if stage == "over" else None,
            "expires_at": int(job.ends_at + HOUR) if status == "completed" else None, "error": error,
        }  # fmt: skip
        if self.dialect.is_gateway:
            done = status == "completed"
            found["output"] = self._output(job) if done else None
            cost = None if not done else "0" if job.id in self._mocks else job.submission.cost
            found["metadata"] = self.dialect.metadata(body, None if cost is None else float(cost))
        return found

    def _error(self, job: Job) -> dict[str, Any] | None:
        if job.canceled_at is not None:
            return {"code": "CANCELLED", "message": "The video was cancelled."}
        if job.problems:
            return {"code": "UPSTREAM_ERROR", "message": job.problems[0]["msg"]}
        return {"code": FATES[job.fate][0], "message": FATES[job.fate][1]} if job.fate else None

    def _output(self, job: Job) -> dict[str, Any]:
        path = f"{job.id}.mp4"
        if job.url is None and job.film is not None:
            stored = Stored(job.film, "video/mp4", is_gone=lambda: self.clock.now() >= job.ends_at + HOUR)
            job.url = self.media.publish(path, stored)
        size = len(self.media.files[path].bytes())
        return {"url": job.url, "content_type": "video/mp4", "size_bytes": size}

    def _job(self, request: Request) -> Job | Response:
        if not self._is_key(request):
            return self._refuse(401, "Incorrect API key provided.", "AUTHENTICATION_FAILED")
        return self.jobs.get(request.path_params["id"]) or self._refuse(404, "Video not found", "NOT_FOUND")

    async def _get(self, request: Request) -> Response:
        job = self._job(request)
        if isinstance(job, Response):
            return job
        helped = "x-stainless-poll-helper" in request.headers
        headers = {"openai-poll-after-ms": str(self.poll_after_ms)} if helped else {}
        return JSONResponse(await run_in_threadpool(self.video, job), headers=headers)

    async def _content(self, request: Request) -> Response:
        job = self._job(request)
        if isinstance(job, Response):
            return job
        if job.stage(self.clock.now()) != "over" or self._error(job):
            return self._refuse(404, "Video is not ready")
        if self.clock.now() >= job.ends_at + HOUR:
            return self._refuse(404, "Video has expired")
        if request.query_params.get("variant", "video") != "video" or job.film is None:
            return self._refuse(400, "Unknown variant")
        request.scope["film"] = job.film
        return Response(await run_in_threadpool(film, job.film), media_type="video/mp4")

    async def _delete(self, request: Request) -> Response:
        job = self._job(request)
        if isinstance(job, Response):
            return job
        if job.stage(self.clock.now()) != "over":
            job.canceled_at = self.clock.now()
            job.submission.is_free = not job.has_started
        if self.dialect.deletion == "no content":
            return Response(status_code=204)
        shown = self.video(job)
        del self.jobs[job.id]
        if self.dialect.deletion == "job":
            return JSONResponse(shown | {"status": "deleted"})
        return JSONResponse({"id": job.id, "object": "video.deleted", "deleted": True})

    async def _list(self, request: Request) -> Response:
        if not self._is_key(request):
            return self._refuse(401, "Incorrect API key provided.", "AUTHENTICATION_FAILED")
        asked = request.query_params
        found = [job for job in self.jobs.values() if self.clock.now() >= job.submission.at + self.list_delay]
        found.sort(key=lambda job: job.submission.at, reverse=asked.get("order", "desc") == "desc")
        names = [job.id for job in found]
        if "after" in asked:
            found = found[names.index(asked["after"]) + 1 :] if asked["after"] in names else []
        limit = min(100, int(asked.get("limit", 20)))
        shown = [self.video(job) for job in found[:limit]]
        ends = (
            {"first_id": shown[0]["id"], "last_id": shown[-1]["id"]} if shown else {"first_id": None, "last_id": None}
        )
        return JSONResponse({"object": "list", "data": shown, "has_more": len(found) > limit} | ends)

    async def _state(self, _request: Request) -> Response:
        return JSONResponse(self.ledger.as_json() | {"mocked": self.mocked, "estimated": self.estimated})


def _phase(scope: Scope) -> str:
    path, method = scope["path"], scope["method"]
    if method == "POST":
        return "submit"
    if method == "DELETE":
        return "cancel"
    if path.endswith("/content"):
        return "download"
    return "list" if path.endswith("/videos") else "poll"
