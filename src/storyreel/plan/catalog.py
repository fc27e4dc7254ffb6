"""What is on sale, as dated data: what each model accepts, where it is asked for, what a second costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from storyreel.base.money import Usd
from storyreel.plan.forms import Endpoint, forms, read

ANIMATIC = "animatic"
ANIMATIC_ENDPOINT = "animatic/panels"


@dataclass(frozen=True, slots=True)
class Profile:
    """What one model accepts. Ranges include both ends; seconds are whole."""

    model: str
    most_shots: int
    shot_characters: int
    """Of each prompt of a request with several shots, after lowering."""
    prompt_characters: int
    """Of the prompt of a request with one."""
    least_seconds: int
    most_seconds: int
    shot_seconds: int
    """The least that a shot is bought for."""
    shapes: tuple[str, ...]
    tiers: Mapping[str, Mapping[str, tuple[int, int]]]
    """Pixels by tier and shape."""

    def pixels(self, tier: str, shape: str) -> tuple[int, int]:
        return self.tiers[tier][shape]


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars a bought second, of one model and tier at one provider; None where it is not sold or not known."""

    silent: Usd | None
    audio: Usd | None
    voice: Usd | None
    """With a bound voice."""
    as_of: str
    source: str


@dataclass(frozen=True, slots=True)
class VoiceOffer:
    """Where a voice is made of a sample, and what one costs."""

    endpoint: str
    price: Usd


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything on sale. `endpoints` is by provider, model, tier and `text`, `image` or `reference`."""

    profiles: Mapping[str, Profile]
    endpoints: Mapping[tuple[str, str, str, str], Endpoint]
    prices: Mapping[tuple[str, str, str], Price]
    prices_as_of: date
    voices: Mapping[str, VoiceOffer]
    """By provider."""
    units: Mapping[str, Usd]
    """US dollars of one unit that a provider bills in, by provider."""

    def endpoint(
        self, provider: str, model: str, tier: str, *, has_start: bool, has_pictured: bool = False
    ) -> Endpoint | None:
        """Where `provider` sells it; None where it does not. Pictured elements go where they are taken along."""
        begins = (*(["reference"] if has_pictured else []), "image" if has_start else "text")
        found = (self.endpoints.get((provider, model, tier, begin)) for begin in begins)
        return next((endpoint for endpoint in found if endpoint is not None), None)

    @property
    def sellers(self) -> frozenset[str]:
        """Providers whose endpoints are all known."""
        return frozenset(provider for provider, _, _, _ in self.endpoints)

    def cost(self, provider: str, model: str, tier: str, seconds: int, *, audio: bool, voice: bool) -> Usd | None:
        """Of one take; None where the table has no price."""
        if provider == ANIMATIC:
            return Usd(0)
        price = self.prices.get((provider, model, tier))
        if price is None:
            return None
        second = price.voice if voice else price.audio if audio else price.silent
        return None if second is None else second * seconds


@cache
def catalog() -> Catalog:
    """The catalog that this version ships."""
    profiles = {name: _profile(name, entry) for name, entry in read("models")["models"].items()}
    priced = read("prices")
    return Catalog(
        profiles,
        dict(_routes(read("endpoints")["endpoints"], profiles)),
        {(p["provider"], p["model"], p["tier"]): _price(p) for p in priced["prices"]},
        date.fromisoformat(priced["prices_as_of"]),
        {v["provider"]: VoiceOffer(v["endpoint"], Decimal(v["price"])) for v in priced["voices"]},
        {u["provider"]: Decimal(u["price"]) for u in priced["units"]},
    )


def _profile(name: str, entry: Mapping[str, Any]) -> Profile:
    return Profile(
        name,
        entry["shots"][1],
        entry["shot_characters"],
        entry["prompt_characters"],
        entry["seconds"][0],
        entry["seconds"][1],
        entry["shot_seconds"],
        tuple(entry["shapes"]),
        {tier: {shape: (w, h) for shape, (w, h) in sizes.items()} for tier, sizes in entry["tiers"].items()},
    )


def _routes(
    entries: list[Mapping[str, Any]], profiles: Mapping[str, Profile]
) -> list[tuple[tuple[str, str, str, str], Endpoint]]:
    """Rows by every tier and start that they are for; null means any."""
    return [
        ((entry["provider"], entry["model"], tier, begin), Endpoint(entry["endpoint"], forms()[entry["form"]]))
        for entry in entries
        for tier in ([entry["tier"]] if entry["tier"] else profiles[entry["model"]].tiers)
        for begin in ([entry["from"]] if entry["from"] else ("text", "image"))
    ]


def _price(entry: Mapping[str, Any]) -> Price:
    silent, audio, voice = (None if entry[k] is None else Decimal(entry[k]) for k in ("silent", "audio", "voice"))
    return Price(silent, audio, voice, entry["as_of"], entry["source"])
