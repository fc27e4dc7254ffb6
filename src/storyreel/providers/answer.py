"""What a server said, read: its codes and words, how long to wait, and why it refuses."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

from storyreel.providers.spec import Reason

LONGEST_WAIT_S = 300.0
REFUSALS = frozenset({400, 401, 402, 403, 404, 405, 410, 413, 415, 422, 451})
"""Of these a start is not accepted, for certain."""

_POLICY_CODES = frozenset(
    {
        "content_policy_violation",
        "content_policy",
        "content_filter",
        "content_moderation",
        "moderation_blocked",
        "moderation",
        "safety",
        "safety_violation",
        "sensitive_content",
        "nsfw",
    }
)
_POLICY = re.compile(
    r"content[ _-]polic|usage polic|moderation|nsfw|risk control|content safety|"
    r"(?:sensitive|prohibited|inappropriate|unsafe|flagged)\b.{0,40}\b(?:content|material|input|prompt|image)|"
    r"(?:content|input|prompt|image)\b.{0,40}\b(?:sensitive|prohibited|inappropriate|unsafe|flagged)",
    re.IGNORECASE,
)
_BALANCE = re.compile(
    r"balance|insufficient|credit|billing|payment|quota exceeded|out of funds|arrears|spend(?:ing)? limit",
    re.IGNORECASE,
)
_BALANCE_CODES = frozenset(
    {"insufficient_quota", "insufficient_balance", "billing_hard_limit_reached", "billing_error"}
)
_CANCELED_CODES = frozenset({"cancelled", "canceled", "client_cancelled", "client_disconnected"})
_PASSING = re.compile(
    r"timed? ?out|timeout|overload|unavailable|temporar|capacity|try again|connection|busy", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Said:
    """Machine words in lower case, and words for people; both are a stranger's."""

    codes: frozenset[str] = frozenset()
    text: str = ""

    @property
    def is_policy(self) -> bool:
        return bool(self.codes & _POLICY_CODES) or _POLICY.search(self.text) is not None

    @property
    def is_balance(self) -> bool:
        return bool(self.codes & _BALANCE_CODES) or _BALANCE.search(self.text) is not None

    @property
    def is_passing(self) -> bool:
        return _PASSING.search(self.text) is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response."""

    status: int
    data: Any = None
    """The JSON; None where there is none that can be read."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def fields(self) -> Mapping[str, Any]:
        """The JSON where it is an object, else nothing."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def said(self) -> Said:
        return read_error(self.data)

    def wait(self, now: Callable[[], float]) -> float | None:
        """Seconds that the server asks for, 0 to 300; None where it does not ask."""
        for value in (self.headers.get("retry-after"), self.fields.get("retry_after")):
            found = _seconds(value, now)
            if found is not None:
                return found
        return None


def read_error(data: Any) -> Said:
    """Every shape in which providers say what is wrong, without what they repeat of the request (`input`, `ctx`)."""
    if isinstance(data, str):
        return Said(text=data)
    if isinstance(data, list):
        parts = [_detail(entry) for entry in data[:8]]
        return Said(frozenset().union(*(part.codes for part in parts)), "; ".join(p.text for p in parts if p.text))
    if not isinstance(data, dict):
        return Said()
    codes = {
        str(data[name]).lower() for name in ("type", "code", "error_type") if isinstance(data.get(name), str | int)
    }
    texts = []
    for name in ("error", "detail", "errors"):
        if data.get(name):
            inner = read_error(data[name])
            codes |= inner.codes
            texts.append(inner.text)
    texts += [data[name] for name in ("message", "msg", "title") if isinstance(data.get(name), str)]
    return Said(frozenset(codes), next((text for text in texts if text), ""))


def refusal(status: int, said: Said) -> Reason:
    """Why a request was refused, by its status (4xx) and its words."""
    if status == 402 or (said.is_balance and status in (400, 403, 429)):
        return "quota"
    if status in (401, 403):
        return "refused" if said.codes & _POLICY_CODES else "credentials"
    return "refused" if status == 451 or said.is_policy else "invalid"


def failure(said: Said, usual: Reason = "internal") -> Reason:
    """Why a job that was accepted came to nothing, by the provider's words alone."""
    if said.is_policy:
        return "refused"
    if said.codes & _CANCELED_CODES:
        return "canceled"
    return "transient" if said.is_passing else usual


def _detail(entry: Any) -> Said:
    if not isinstance(entry, dict):
        return Said(text=entry) if isinstance(entry, str) else Said()
    steps = entry.get("loc")
    place = ".".join(str(step) for step in steps if step != "body") if isinstance(steps, list) else ""
    said = read_error({name: entry.get(name) for name in ("type", "msg", "message", "code")})
    text = said.text.removeprefix("Value error, ")
    return Said(said.codes, f"{place}: {text}" if place and text else text)


def _seconds(value: Any, now: Callable[[], float]) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(str(value)).timestamp() - now()
        except (ValueError, OverflowError, IndexError):
            return None
    except OverflowError:
        return LONGEST_WAIT_S
    return None if math.isnan(seconds) else min(max(seconds, 0.0), LONGEST_WAIT_S)
