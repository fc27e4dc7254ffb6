"""Whether a body is what an endpoint takes: the published schema first, then the rules that stand between fields."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas" / "requests.json"

Problem = Mapping[str, Any]
"""`loc`, `msg`, `type`, `input`, as fal prints it."""


@cache
def schemas() -> Mapping[str, Draft202012Validator]:
    return {name: Draft202012Validator(each) for name, each in json.loads(SCHEMAS.read_text("utf-8")).items()}


def problem(loc: tuple[Any, ...], msg: str, kind: str, given: Any) -> Problem:
    return {"loc": ["body", *loc], "msg": msg, "type": kind, "ctx": {"error": msg}, "input": given}


def misfits(endpoint: str, body: Any) -> list[Problem]:
    """Where the body breaks the schema of its endpoint."""
    found: list[Problem] = []
    for error in schemas()[endpoint].iter_errors(body):
        found += [_worded(each) for each in _leaves(error)]
    return found


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    if error.validator == "allOf" and error.context:
        for each in error.context:
            yield from _leaves(each)
    else:
        yield error


_TYPES = {
    "type": "type_error",
    "enum": "literal_error",
    "required": "missing",
    "maxItems": "too_long",
    "minItems": "too_short",
    "minLength": "string_too_short",
    "additionalProperties": "extra_forbidden",
}


_EITHER = "Either frontal_image_url and reference_image_urls or video_url must be provided."


def _worded(error: ValidationError) -> Problem:
    place = tuple(error.absolute_path)
    if error.validator == "maxLength" and "multi_prompt" in place:
        return problem(place, "Value error, Prompt must not exceed 512 characters.", "value_error", error.instance)
    if error.validator == "anyOf" and "elements" in place:
        return problem(place, f"Value error, {_EITHER}", "value_error", error.instance)
    if error.validator == "oneOf":
        return problem(
            (), "Value error, Provide either prompt or multi_prompt, not both.", "value_error", error.instance
        )
    return problem(place, error.message[:200], _TYPES.get(str(error.validator), "value_error"), error.instance)


def fal_rules(body: Mapping[str, Any], is_known_voice: Callable[[str], bool]) -> list[Problem]:
    """The rules of Kling at fal that no schema says."""
    found = []
    shots = body.get("multi_prompt") or []
    if shots:
        total = sum(int(shot.get("duration", "5")) for shot in shots)
        if total != int(body.get("duration", "5")):
            found.append(problem(("multi_prompt",), "Value error, Sum of shot durations must equal duration.",
                                 "value_error", shots))  # fmt: skip
        if "end_image_url" in body:
            found.append(
                problem((), "Value error, multi_prompt is not supported with end_image_url.", "value_error", body)
            )
    return found + _element_rules(body, is_known_voice)


def _element_rules(body: Mapping[str, Any], is_known_voice: Callable[[str], bool]) -> list[Problem]:
    found = []
    elements = body.get("elements") or []
    for place, element in enumerate(elements):
        loc: tuple[Any, ...] = ("elements", place)
        if not (element.get("video_url") or (element.get("frontal_image_url") and element.get("reference_image_urls"))):
            found.append(problem(loc, f"Value error, {_EITHER}", "value_error", element))
        voice = element.get("voice_id")
        if voice and not element.get("video_url"):
            found.append(problem(loc, "Value error, Voice binding is only supported for video elements.", "value_error",
                                 element))  # fmt: skip
        if voice and not is_known_voice(voice):
            found.append(problem((*loc, "voice_id"), "Value error, Voice not found.", "value_error", voice))
    if sum(bool(element.get("video_url")) for element in elements) > 1:
        found.append(
            problem(("elements",), "Value error, Only one video element is supported.", "value_error", elements)
        )
    if len(elements) + len(body.get("image_urls") or []) > 7:
        limit = "The number of images and elements exceeds the limit, max number is 7"
        found.append(problem(("elements",), limit, "value_error", elements))
    return found


def seconds_of(body: Mapping[str, Any], default: int = 5) -> int:
    """What a body asks for, in any spelling."""
    return int(float(body.get("duration", body.get("seconds", default))))


def replicate_failure(body: Mapping[str, Any]) -> str | None:
    """The error of a prediction whose input fits its schema and still cannot run; None for one that can."""
    text = body.get("multi_prompt")
    if text:
        try:
            shots = json.loads(text)
            lengths = [shot["duration"] for shot in shots]
            too_long = any(len(shot["prompt"]) > 512 for shot in shots)
        except (ValueError, TypeError, KeyError):
            return "E006: multi_prompt must be a JSON array of objects with prompt and duration (invalid input)"
        if not 1 <= len(shots) <= 6 or any(type(each) is not int or each < 1 for each in lengths) or too_long:
            return (
                "E006: multi_prompt takes 1 to 6 shots of at least 1 second and at most 512 characters (invalid input)"
            )
        if sum(lengths) != body.get("duration", 5):
            return (
                f"E006: the shot durations sum to {sum(lengths)}, duration is {body.get('duration', 5)} (invalid input)"
            )
    if body.get("reference_video") and body.get("generate_audio"):
        return "E006: audio cannot be generated with a reference video (invalid input)"
    pictures = len(body.get("reference_images") or []) + sum(
        bool(body.get(key)) for key in ("start_image", "end_image")
    )
    if pictures > (4 if body.get("reference_video") else 7):
        return "code 1201: The number of images and elements exceeds the limit"
    return None
