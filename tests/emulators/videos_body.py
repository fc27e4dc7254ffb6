"""The body of a new video, as JSON or as a form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

if TYPE_CHECKING:
    from tests.emulators.dialects import Dialect


@dataclass(frozen=True, slots=True)
class Sent:
    body: Mapping[str, Any]
    """Of a form, its fields as text; a file stands as `{"file": name, "sha256": ..., "size": ...}`."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    status: int
    message: str


async def read(request: Request, dialect: Dialect) -> Sent | Unreadable:
    """The body in the way that this server takes it."""
    kind = request.headers.get("content-type", "").split(";")[0].strip()
    if kind == "multipart/form-data":
        return await _form(request) if dialect.takes_forms else Unreadable(415, "Unsupported media type: send JSON")
    if not dialect.takes_json:
        return Unreadable(422, "Field required: prompt (form)")
    try:
        body = json.loads(await request.body())
    except ValueError:
        return Unreadable(400, "We could not parse the JSON body of your request.")
    return Sent(body) if isinstance(body, dict) else Unreadable(400, "The body must be an object")


async def _form(request: Request) -> Sent | Unreadable:
    found: dict[str, Any] = {}
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                data = await value.read()
                entry = {"file": value.filename, "sha256": sha256(data).hexdigest(), "size": len(data)}
                found[name] = entry
            else:
                found[name] = value
    if "input_reference[image_url]" in found:
        found["input_reference"] = {"image_url": found.pop("input_reference[image_url]")}
    return Sent(found)
