"""Who is asked and where: a seller as the settings describe it, and the endpoint that a request goes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from storyreel.base.money import Usd
from storyreel.plan.catalog import catalog
from storyreel.plan.forms import Endpoint, forms, read
from storyreel.plan.prompt import is_pictured
from storyreel.plan.quotes import Quote, question
from storyreel.plan.request import Request

Kind = Literal["fal", "replicate", "openai-videos"]
KINDS: tuple[Kind, ...] = ("fal", "replicate", "openai-videos")


@dataclass(frozen=True, slots=True)
class SecondPrice:
    """US dollars a bought second as the settings have it; `voice` is with a bound voice, None where not known."""

    silent: Decimal
    audio: Decimal
    voice: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Seller:
    """A provider of takes, as plain values."""

    name: str
    kind: Kind
    url: str
    """Requests are posted below it; no slash at its end."""
    key_env: str
    """The environment variable that holds the key."""
    scheme: str = "Bearer"
    """The word before the key in `Authorization`."""
    dialect: str | None = None
    """Name of a form, for `openai-videos`; None is OpenAI's own where the catalog does not know the seller."""
    prices: Mapping[str, SecondPrice] = field(default_factory=dict)
    """By tier; they win over the dated table."""
    storage_url: str = ""
    """Where files are put, where that is a place of its own."""
    platform_url: str = ""
    """Where jobs are listed, where that is a place of its own."""
    allow_private: bool = False
    """Plain http and private addresses, for this seller's API and media alone."""
    idempotency: bool = False
    """It takes a key with a request, and answers the same key with the same job."""
    quotes: Mapping[str, Quote] = field(default_factory=dict)
    """What it said that requests cost, by `question`; they win over the dated table."""

    @property
    def listed_as(self) -> str:
        """The name under which the catalog has its endpoints and prices."""
        if self.kind != "openai-videos":
            return self.kind
        return self.name if self.dialect is None else self.dialect


@dataclass(frozen=True, slots=True)
class Record:
    """How a seller did lately, measured here."""

    p50_s: float | None = None
    """Seconds from the request to the take, median."""
    p95_s: float | None = None
    success: float | None = None
    """0 to 1, of what was accepted or refused."""


@dataclass(frozen=True, slots=True)
class Route:
    """One request's way."""

    seller: Seller
    endpoint: Endpoint

    @property
    def url(self) -> str:
        """Where the body goes."""
        if self.seller.kind == "fal":
            return f"{self.seller.url}/{self.endpoint.name}"
        if self.seller.kind == "replicate":
            return f"{self.seller.url}/models/{self.endpoint.name}/predictions"
        return f"{self.seller.url}/videos"


@cache
def known_sellers() -> Mapping[str, Seller]:
    """Sellers that need no settings but a key."""
    return {entry["name"]: Seller(**entry) for entry in read("sellers")["sellers"]}


def route_of(request: Request, seller: Seller) -> Route | None:
    """The endpoint that sells what is asked; None where the seller does not have it."""
    has_pictured = any(is_pictured(element) for element in request.elements)
    listed = catalog().endpoint(
        seller.listed_as, request.model, request.tier, has_start=bool(request.start), has_pictured=has_pictured
    )
    if listed is not None:
        return Route(seller, listed)
    if seller.kind != "openai-videos" or seller.listed_as in catalog().sellers:
        return None
    return Route(seller, Endpoint(request.model, forms()[seller.dialect or "openai"]))


def quote_of(route: Route, request: Request, body: Mapping[str, Any]) -> Quote | None:
    """What the seller said that this very body costs; None where it was not asked, or the settings have a price."""
    if not route.seller.quotes or request.tier in route.seller.prices:
        return None
    return route.seller.quotes.get(question(route.url, body))


def second_price(seller: Seller, request: Request, *, audio: bool, voice: bool) -> Usd | None:
    """US dollars a bought second: the settings' own, else the dated table; None where neither knows."""
    own = seller.prices.get(request.tier)
    if own is not None:
        return own.voice if voice else own.audio if audio else own.silent
    return catalog().cost(seller.listed_as, request.model, request.tier, 1, audio=audio, voice=voice)
