"""How a job at fal ends: the status and the body of its result address, in the documented shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.bodies import problem
from tests.emulators.jobs import Job


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    is_billed: bool = False


_MODEL_ERRORS = {
    "refused": (
        422,
        "content_policy_violation",
        "The content could not be processed: it was flagged by a checker.",
        True,
    ),
    "no_media": (422, "no_media_generated", "The model did not generate a video.", True),
    "internal": (500, "internal_server_error", "Internal server error", False),
    "timeout": (504, "generation_timeout", "Generation timed out", False),
    "downstream": (400, "downstream_service_error", "Downstream service error", False),
    "unavailable": (500, "downstream_service_unavailable", "Downstream service unavailable", False),
}
"""By fate: status, type, text, billed. Which ones are billed is not documented; the harsher case is taken for 422."""
_REQUEST_ERRORS = {
    "told": (503, "runner_disconnected", "Runner disconnected"),
    "runner": (503, "runner_connection_error", "Runner connection error"),
    "startup": (504, "startup_timeout", "Startup timeout"),
    "bad_request": (400, "bad_request", "Bad request"),
}
FATES = (*_MODEL_ERRORS, *_REQUEST_ERRORS)


def answer_of(job: Job) -> Outcome:
    """What the result address of a job that is over says; 200 has no body here."""
    if job.canceled_at is not None:
        return Outcome(499, {"detail": "Request was cancelled", "error_type": "client_cancelled"})
    if job.problems:
        return Outcome(422, {"detail": list(job.problems)}, {"x-fal-retryable": "false"})
    if job.fate in _MODEL_ERRORS:
        status, kind, words, is_billed = _MODEL_ERRORS[job.fate]
        shown = problem(("prompt",), words, kind, job.submission.body.get("prompt", job.submission.body))
        again = str(status != 422).lower()
        return Outcome(status, {"detail": [shown]}, {"x-fal-retryable": again}, is_billed)
    if job.fate in _REQUEST_ERRORS:
        status, kind, words = _REQUEST_ERRORS[job.fate]
        return Outcome(status, {"detail": words, "error_type": kind}, {"x-fal-error-type": kind})
    assert job.fate is None, f"fal knows no fate {job.fate}"
    return Outcome(200, is_billed=True)


def status_error(status: int) -> Mapping[str, Any]:
    """The usual words of the queue for a status."""
    known = {500: "internal_error", 502: "runner_incomplete_response", 503: "runner_scheduling_failure",
             504: "request_timeout", 400: "bad_request"}  # fmt: skip
    if status == 422:
        return {"detail": [problem(("body",), f"status {status}", "value_error", None)]}
    return {"detail": f"status {status}"} | ({"error_type": known[status]} if status in known else {})
