"""fal's platform API: past requests by endpoint, and prices."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any, Literal

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.emulators.clock import from_iso, iso
from tests.emulators.fal_outcome import answer_of
from tests.emulators.jobs import Job

if TYPE_CHECKING:
    from tests.emulators.fal import Fal

DAY = 86_400.0


class FalPlatform:
    """`/v1/models/...`; a request shows only `list_delay` seconds after it has ended."""

    def __init__(self, fal: Fal) -> None:
        self.fal = fal
        self.list_delay = 0.0
        self.lists_running = False
        """Not documented, so off: a job that waits or runs is not listed."""
        self.window: Literal["ended_at", "sent_at"] = "ended_at"
        """Which time `start` and `end` bound: not documented; the list is in the order of `ended_at`."""
        self.page = 50
        self.routes = [
            Route("/v1/models/requests/by-endpoint", self._requests, methods=["GET"]),
            Route("/v1/models/pricing", self._pricing, methods=["GET"]),
        ]

    async def _requests(self, request: Request) -> Response:
        if not self.fal.is_key(request):
            return _refusal(401, "authorization_error", "Invalid API key")
        asked = request.query_params
        if "endpoint_id" not in asked:
            return _refusal(422, "validation_error", "endpoint_id is required")
        now = self.fal.clock.now()
        try:
            start = from_iso(asked["start"]) if "start" in asked else now - DAY
            end = from_iso(asked["end"]) if "end" in asked else now
            limit = int(asked.get("limit", self.page))
            after = _cursor(asked["cursor"]) if "cursor" in asked else None
        except (ValueError, binascii.Error):
            return _refusal(422, "validation_error", "start, end, limit or cursor cannot be read")
        if not 1 <= limit <= 100:
            return _refusal(422, "validation_error", "limit must be 1 to 100")
        found = [job for job in self.fal.jobs.values() if self._is_listed(job, asked, now)]
        found = [job for job in found if start <= self._time(job) <= end]
        found.sort(key=lambda job: (job.ends_at, job.id), reverse=True)
        if after is not None:
            found = [job for job in found if (job.ends_at, job.id) < after]
        shown, has_more = found[: min(limit, self.page)], len(found) > min(limit, self.page)
        cursor = _as_cursor(shown[-1]) if has_more else None
        has_payloads = "payloads" in asked.getlist("expand")
        items = [await run_in_threadpool(self._item, job, has_payloads, now) for job in shown]
        return JSONResponse({"items": items, "next_cursor": cursor, "has_more": has_more})

    def _time(self, job: Job) -> float:
        return job.submission.at if self.window == "sent_at" else job.ends_at

    def _is_listed(self, job: Job, asked: Any, now: float) -> bool:
        if job.submission.endpoint not in asked.getlist("endpoint_id"):
            return False
        if "request_id" in asked and job.id != asked["request_id"]:
            return False
        if job.stage(now) != "over":
            return self.lists_running and now >= job.submission.at + self.list_delay
        status = answer_of(job).status
        kind = "success" if status == 200 else "error" if status >= 500 else "user_error"
        return now >= job.ends_at + self.list_delay and asked.get("status", kind) == kind

    def _item(self, job: Job, has_payloads: bool, now: float) -> dict[str, Any]:
        is_over = job.stage(now) == "over"
        found: dict[str, Any] = {
            "request_id": job.id,
            "endpoint_id": job.submission.endpoint,
            "sent_at": iso(job.submission.at),
            "started_at": iso(job.starts_at) if job.stage(now) != "queued" else None,
            "ended_at": iso(job.ends_at) if is_over else None,
            "status_code": answer_of(job).status if is_over else None,
            "duration": job.ends_at - job.starts_at if is_over else None,
        }
        if has_payloads:
            is_kept = job.id not in self.fal.unstored
            found["json_input"] = job.submission.body if is_kept else None
            outcome = answer_of(job)
            output = None if not is_over else self.fal.output(job) if outcome.status == 200 else outcome.body
            found["json_output"] = output if is_kept else None
        return found

    async def _pricing(self, request: Request) -> Response:
        if not self.fal.is_key(request):
            return _refusal(401, "authorization_error", "Invalid API key")
        names = [name for each in request.query_params.getlist("endpoint_id") for name in each.split(",")]
        if not 1 <= len(names) <= 50:
            return _refusal(422, "validation_error", "1 to 50 endpoint_id")
        prices = [{"endpoint_id": name, "unit_price": 0.14, "unit": "second", "currency": "USD"} for name in names]
        return JSONResponse({"prices": prices, "next_cursor": None, "has_more": False})


def _refusal(status: int, kind: str, words: str) -> Response:
    return JSONResponse({"error": {"type": kind, "message": words, "docs_url": "https://docs.fal.ai"}}, status)


def _as_cursor(job: Job) -> str:
    return base64.urlsafe_b64encode(json.dumps([job.ends_at, job.id]).encode()).decode()


def _cursor(text: str) -> tuple[float, str]:
    at, name = json.loads(base64.urlsafe_b64decode(text))
    return at, name
