"""How OpenAI-shaped servers differ: what they take, what they answer, what they check."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from tests.emulators.bodies import misfits, seconds_of

_LUMENFALL_SIZES = {"16:9": (1365, 768), "9:16": (768, 1365), "1:1": (1024, 1024)}
_CODES = {401: "AUTHENTICATION_FAILED", 402: "INSUFFICIENT_BALANCE", 404: "MODEL_NOT_FOUND", 429: "RATE_LIMITED",
          502: "ALL_PROVIDERS_EXHAUSTED", 500: "INTERNAL_ERROR", 503: "INTERNAL_ERROR",
          504: "INTERNAL_ERROR"}  # fmt: skip
_FULL = ("id", "object", "created_at", "status", "progress", "model", "prompt", "seconds", "size", "completed_at",
         "expires_at", "error")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refused:
    status: int
    message: str
    code: str = "INVALID_REQUEST"


@dataclass(frozen=True, slots=True)
class Dialect:
    name: str
    prefix: str = "/v1"
    takes_json: bool = True
    takes_forms: bool = True
    has_list: bool = True
    has_content: bool = True
    has_int_seconds: bool = False
    is_gateway: bool = False
    """Lumenfall's own: claims, `output.url`, `metadata`, dry runs, mocks."""
    created: int = 200
    create_fields: tuple[str, ...] = _FULL
    deletion: Literal["object", "no content", "job"] = "object"
    errors: Literal["openai", "detail"] = "openai"
    seconds_sold: tuple[int, ...] = ()
    sizes: tuple[str, ...] = ()

    def error(self, status: int, message: str, code: str | None = None) -> dict[str, Any]:
        if self.errors == "detail":
            return {"detail": message}
        if self.is_gateway:
            kind = "billing_error" if status == 402 else "invalid_request_error" if status < 500 else "server_error"
            return {"error": {"message": message, "type": kind, "code": code or _CODES.get(status, "INVALID_REQUEST")}}
        return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}

    def problem(self, body: Mapping[str, Any]) -> Refused | None:
        """What is refused at once."""
        if not isinstance(body.get("prompt"), str) or not body["prompt"]:
            return Refused(422 if self.errors == "detail" else 400, "Missing required parameter: prompt")
        if self.is_gateway:
            return self._gateway_problem(body)
        seconds = body.get("seconds")
        if self.has_int_seconds and seconds is not None and type(seconds) is not int:
            return Refused(422, "Input should be a valid integer: seconds")
        if self.seconds_sold and seconds is not None and seconds not in [str(each) for each in self.seconds_sold]:
            return Refused(400, f"Invalid value: {seconds!r}. Supported values are: {self.seconds_sold}")
        if self.sizes and body.get("size", self.sizes[0]) not in self.sizes:
            return Refused(400, f"Invalid value for size. Supported values are: {self.sizes}")
        try:
            self.seconds(body)
            self.frame(body)
        except (ValueError, TypeError):
            return Refused(422, "seconds or size cannot be read")
        return None

    def _gateway_problem(self, body: Mapping[str, Any]) -> Refused | None:
        found = misfits("lumenfall", dict(body))
        if any(each["loc"] == ["body", "model"] for each in found):
            return Refused(404, "The model does not exist", "MODEL_NOT_FOUND")
        if found:
            return Refused(400, f"{'.'.join(map(str, found[0]['loc'][1:]))}: {found[0]['msg']}")
        try:
            self.seconds(body)
        except (ValueError, TypeError):
            return Refused(400, "seconds must be a number")
        return None

    def late_problem(self, body: Mapping[str, Any]) -> str | None:
        """What the pinned route finds out when the job has run."""
        if not self.is_gateway:
            return None
        seconds, shots = self.seconds(body), body.get("multi_prompt") or []
        if not 3 <= seconds <= 15:
            return "duration must be 3 to 15 seconds"
        if isinstance(shots, str):
            shots = json.loads(shots)
        try:
            total = sum(int(shot["duration"]) for shot in shots)
            too_long = any(len(shot["prompt"]) > 512 for shot in shots)
        except (KeyError, TypeError, ValueError):
            return "multi_prompt: each shot has a prompt and a duration"
        if shots and (total != seconds or len(shots) > 6):
            return "multi_prompt: 1 to 6 shots whose durations sum to duration"
        if too_long:
            return "multi_prompt: prompt must not exceed 512 characters"
        if body.get("elements") and not str(body.get("model")).startswith("fal/"):
            return "elements are not supported by this provider"
        if str(body.get("model")).endswith("-i2v") and "input_reference" not in body:
            return "input_reference is required"
        return None

    def seconds(self, body: Mapping[str, Any]) -> int:
        """The length of the video; raises ValueError."""
        if "num_frames" in body and "seconds" not in body:
            return max(1, round(int(body["num_frames"]) / int(body.get("fps", 24))))
        return seconds_of(body, 5 if self.is_gateway else 4)

    def frame(self, body: Mapping[str, Any]) -> tuple[int, int]:
        """Pixels of the video as it is announced; raises ValueError."""
        if "width" in body and "height" in body:
            return int(body["width"]), int(body["height"])
        size = str(body.get("size") or "")
        if "x" in size:
            width, _, height = size.partition("x")
            return int(width), int(height)
        ratio = size if ":" in size else str(body.get("aspect_ratio") or "16:9")
        if self.is_gateway:
            across, _, down = ratio.partition(":")
            wide = float(across) / float(down)
            return min(_LUMENFALL_SIZES.values(), key=lambda each: abs(each[0] / each[1] - wide))
        return {"9:16": (720, 1280), "1:1": (720, 720)}.get(ratio, (1280, 720))

    def has_sound(self, body: Mapping[str, Any]) -> bool:
        asked = body.get("generate_audio", body.get("generate_sound", not self.is_gateway))
        return asked in (True, "true", "True", "1")

    def price(self, body: Mapping[str, Any]) -> Decimal:
        """US dollars; servers of one's own cost nothing."""
        if not self.is_gateway:
            return Decimal(0)
        silent, audio = ("0.168", "0.252") if str(body.get("model")).startswith("replicate/") else ("0.084", "0.126")
        rate = Decimal(audio if self.has_sound(body) else silent)
        return rate * self.seconds(body) * int(body.get("n", 1))

    def estimate(self, body: Mapping[str, Any]) -> dict[str, Any]:
        cost = self.price(body)
        micros = int(cost * 1_000_000)
        part = {"type": "output", "metric": "video_seconds", "quantity": self.seconds(body),
                "billable_quantity": self.seconds(body), "unit_price": float(cost / self.seconds(body)),
                "total_cost": float(cost)}  # fmt: skip
        return {"estimated": True, "model": body.get("model"), "provider": self._provider(body),
                "total_cost_micros": micros, "currency": "USD", "components": [part]}  # fmt: skip

    def metadata(self, body: Mapping[str, Any], cost: float | None) -> dict[str, Any]:
        provider = self._provider(body)
        money = {"cost_estimate": float(self.price(body))} if cost is None else {"cost": cost}
        return {"model": "kling-v3", "executed_model": f"{provider}/kling-v3", "provider": provider,
                "provider_name": provider.title(), "cost_currency": "USD", "attempts": [], **money}  # fmt: skip

    def _provider(self, body: Mapping[str, Any]) -> str:
        provider, slash, _ = str(body.get("model")).partition("/")
        return provider if slash else "fal"


OPENAI = Dialect("openai", seconds_sold=(4, 8, 12), sizes=("720x1280", "1280x720", "1024x1792", "1792x1024"))
LUMENFALL = Dialect(
    "lumenfall", prefix="/openai/v1", has_list=False, has_content=False, is_gateway=True, created=202,
    create_fields=("id", "object", "created_at", "status", "model", "seconds", "size"), deletion="no content",
)  # fmt: skip
VLLM_OMNI = Dialect("vllm-omni", takes_json=False, create_fields=("id", "status", "created_at"))
SGLANG = Dialect("sglang", takes_forms=False, has_int_seconds=True, deletion="job", errors="detail")
PLAIN = Dialect("plain")
"""A server of OpenAI's shape that sells any length and size."""
