"""The published schemas of the endpoints that requests go to, and whether a body fits its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas" / "requests.json"


@cache
def validator(name: str) -> Draft202012Validator:
    schema = json.loads(SCHEMAS.read_text("utf-8"))[name]
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def assert_fits(kind: str, endpoint: str, body: Mapping[str, Any]) -> None:
    """The body as JSON says it is what the endpoint takes, also where JSON Schema cannot say so."""
    plain = json.loads(json.dumps(body))
    if kind == "replicate":
        assert set(plain) == {"input"}
        plain = plain["input"]
    found = [error.message for error in validator("lumenfall" if "/kling-v3" in endpoint and kind == "openai-videos"
                                                   else endpoint).iter_errors(plain)]  # fmt: skip
    assert not found, (endpoint, found)
    shots = plain.get("multi_prompt")
    entries = json.loads(shots) if isinstance(shots, str) else shots or []
    length = plain.get("duration", plain.get("seconds"))
    assert "generate_audio" in plain
    assert not entries or sum(int(entry["duration"]) for entry in entries) == int(length)
    assert all(len(entry["prompt"]) <= 512 for entry in entries)
    assert not (entries and kind == "fal" and ("end_image_url" in plain or "prompt" in plain))
    elements = plain.get("elements", ())
    assert sum("video_url" in element for element in elements) <= 1
    assert all("video_url" in element for element in elements if "voice_id" in element)
    assert plain["generate_audio"] or not any("voice_id" in element for element in elements)
    if "reference_images" in plain:
        pictures = len(plain["reference_images"]) + sum(key in plain for key in ("start_image", "end_image"))
        assert pictures <= (4 if "reference_video" in plain else 7)
    assert not (plain["generate_audio"] and "reference_video" in plain)
