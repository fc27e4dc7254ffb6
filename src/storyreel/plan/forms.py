"""Forms that requests are filled into, as data: which parameter goes into which field, and how it is spelled there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Spelling = Literal["text", "number"]


@dataclass(frozen=True, slots=True)
class Form:
    """What one endpoint, or one dialect of a server, has fields for."""

    name: str
    fields: Mapping[str, str]
    """Parameter of a request to field of the body. What is not among them cannot be said there."""
    seconds: Spelling = "number"
    """How the whole length is written: `"8"` or 8."""
    shot_seconds: Spelling = "number"
    shots: Literal["list", "text"] = "list"
    """Several shots as an array, or as text that holds the array."""
    beside: bool = False
    """A prompt is demanded beside several shots; otherwise it is forbidden."""
    shots_with_end: bool = True
    """Whether several shots may arrive at an end picture."""
    start: Literal["url", "object", "objects"] = "url"
    """A start picture as a URL, as an object with `image_url`, or as an array of such where there are several."""
    encoding: Literal["json", "multipart"] = "json"
    most_elements: int = 0
    is_dialect: bool = False
    """Of any OpenAI-shaped server that is said to speak it, not of one endpoint."""
    reserved: frozenset[str] = field(default_factory=frozenset)
    """Fields that `extra` may not name though a body has none of them: they are ours."""

    def has(self, parameter: str) -> bool:
        return parameter in self.fields


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A place that sells a model: fal's endpoint id, Replicate's owner/name, a gateway's slug."""

    name: str
    form: Form


@cache
def forms() -> Mapping[str, Form]:
    """Every form by its name; dialects of OpenAI-shaped servers are among them."""
    return {name: _form(name, entry) for name, entry in read("forms")["forms"].items()}


def _form(name: str, entry: Mapping[str, Any]) -> Form:
    rest = {key: value for key, value in entry.items() if key != "reserved"}
    return Form(name, **rest, reserved=frozenset(entry.get("reserved", ())))


def read(name: str) -> Any:
    """A table of `plan/data`."""
    return json.loads(files("storyreel.plan").joinpath("data", f"{name}.json").read_text("utf-8"))
