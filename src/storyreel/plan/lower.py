"""A request and a route to the exact request on the wire, with a note on what became of every parameter. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from storyreel.base.money import Usd
from storyreel.plan.lowering.cast import cast_of
from storyreel.plan.lowering.filling import Filling, Note, Problem
from storyreel.plan.lowering.frames import fill_cast, fill_frames
from storyreel.plan.lowering.settings import fill_extra, fill_prompts, fill_settings
from storyreel.plan.lowering.words import manner_of
from storyreel.plan.request import Request
from storyreel.plan.route import Route, quote_of, second_price

__all__ = ["Lowered", "Note", "Problem", "Written", "lower"]


@dataclass(frozen=True, slots=True)
class Written:
    """What an author wrote that is no part of a request: it decided the shape and the number of takes."""

    size: str | None = None
    resolution: str | None = None
    takes: int = 1


@dataclass(frozen=True, slots=True)
class Lowered:
    """One request as it goes out."""

    endpoint: str
    method: str
    url: str
    body: Mapping[str, Any]
    """Plain JSON. A file that is not uploaded yet is `asset:sha256:DIGEST` (with `#t=SECONDS` where one frame of a
    film is meant), another scene's last frame `frame:KEY:TAKE`, a voice that is not made yet `voice:sha256:DIGEST`
    of its sample. In a multipart body every value is text.
    """
    encoding: str
    """`json` or `multipart`."""
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]
    seconds: int
    """Bought."""
    cost_usd: Usd | None
    """Of one take; None where no price is known."""
    assets: Mapping[str, str] = field(default_factory=dict)
    """Digest to project path of every file that the body names."""
    called: Mapping[str, str] = field(default_factory=dict)
    """Elements that go along as files, by what stands for them in prompts."""
    quoted_on: str | None = None
    """The day on which the seller named the price, where it was asked; None for one of the table or the settings."""


def lower(request: Request, route: Route, written: Written | None = None) -> Lowered:
    """The request on the wire. Never fails: what cannot be honoured is in `problems`, what is lost among the notes."""
    form = route.endpoint.form
    cast, manner = cast_of(request, form), manner_of(request, form)
    filling = Filling(form, route.endpoint.name)
    fill_settings(filling, request)
    fill_prompts(filling, request, manner)
    fill_frames(filling, request)
    fill_cast(filling, request, cast)
    fill_extra(filling, request, manner)
    _note_written(filling, request, written or Written())
    body = {"input": filling.body} if route.seller.kind == "replicate" else filling.sent()
    price = second_price(route.seller, request, audio=request.generate_audio, voice=cast.bound is not None)
    listed = None if price is None else price * request.seconds
    quote = quote_of(route, request, body)
    return Lowered(
        route.endpoint.name,
        "POST",
        route.url,
        body,
        form.encoding,
        tuple(filling.notes),
        tuple(filling.problems),
        request.seconds,
        listed if quote is None else quote.usd,
        filling.assets,
        cast.called,
        None if quote is None else quote.day,
    )


def _note_written(filling: Filling, request: Request, written: Written) -> None:
    shape = f"bought as {request.shape}" if request.shape else "the start picture decides the shape"
    if written.size:
        filling.note("size", "converted", shape)
    if written.resolution:
        filling.note("resolution", "converted", f"bought at what tier {request.tier} has")
    if written.takes > 1:
        filling.note("takes", "emulated", f"{written.takes} requests, one for each")
