"""Providers as the settings describe them: those that need no settings but a key, changed and added to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from storyreel.base.nearest import nearest
from storyreel.plan.catalog import ANIMATIC, catalog
from storyreel.plan.forms import forms
from storyreel.plan.route import KINDS, Kind, SecondPrice, Seller, known_sellers
from storyreel.providers.address import media_problem
from storyreel.settings import FILE, ProviderSettings, Settings

_OF_OTHERS: Mapping[Kind, tuple[str, ...]] = {
    "fal": ("base_url", "dialect", "idempotency"),
    "replicate": ("queue_url", "storage_url", "platform_url", "dialect", "idempotency"),
    "openai-videos": ("queue_url", "storage_url", "platform_url"),
}


class UnknownProvider(Exception):
    """No provider has this name, or its settings do not say enough; `str()` says what is known."""


def seller_of(name: str, settings: Settings) -> Seller | None:
    """Who `name` is; None for the animatic. Raises UnknownProvider."""
    if name == ANIMATIC:
        return None
    own, known = settings.providers.get(name), known_sellers().get(name)
    if own is None and known is None:
        names = [ANIMATIC, *dict.fromkeys([*known_sellers(), *settings.providers])]
        close = nearest(name, names)
        meant = f"; did you mean {close}?" if close else ""
        raise UnknownProvider(f"no provider is called {name}{meant} (known: {', '.join(names)})")
    if own is None:
        return known
    return _configured(name, own, known)


def sellers_of(provider: str | None, settings: Settings) -> tuple[Seller, ...]:
    """Who may make takes, in the order of preference: a name, or several with commas, else what the settings say.

    Empty where that is the animatic first of all. Raises UnknownProvider.
    """
    named = [name.strip() for name in provider.split(",")] if provider else list(settings.render.provider)
    if named[:1] == [ANIMATIC]:
        return ()
    found = [seller_of(name, settings) for name in dict.fromkeys(named)]
    return tuple(seller for seller in found if seller is not None)


def paid_provider(settings: Settings) -> str:
    """The providers of the settings that make takes for money, as `--provider` would name them, else fal."""
    return ",".join(name for name in settings.render.provider if name != ANIMATIC) or "fal"


def _configured(name: str, own: ProviderSettings, known: Seller | None) -> Seller:
    kind = _kind(name, own, known)
    _refuse_idle(name, own, kind)
    seller = known if known is not None and known.kind == kind else _of_kind(name, kind)
    url = (own.queue_url if kind == "fal" else own.base_url) or seller.url
    if not url:
        raise UnknownProvider(f"{FILE}: `providers.{name}` needs a `base_url`")
    if own.dialect is not None and own.dialect not in _dialects():
        known_names = ", ".join(sorted(_dialects()))
        raise UnknownProvider(f"{FILE}: `providers.{name}.dialect`: {own.dialect} is none of {known_names}")
    prices = {tier: SecondPrice(p.silent, p.audio, p.voice) for tier, p in own.price_per_second.items()}
    for named in (own.queue_url, own.base_url, own.storage_url, own.platform_url):
        problem = None if named is None else media_problem(named, allow_private=True)
        if problem is not None:
            raise UnknownProvider(f"{FILE}: `providers.{name}` has an address {problem}: {named}")
    return replace(
        seller,
        url=url.rstrip("/"),
        key_env=own.key_env or seller.key_env,
        dialect=own.dialect or seller.dialect,
        prices=prices,
        storage_url=(own.storage_url or seller.storage_url).rstrip("/"),
        platform_url=(own.platform_url or seller.platform_url).rstrip("/"),
        allow_private=own.allow_private,
        idempotency=own.idempotency if "idempotency" in own.model_fields_set else seller.idempotency,
    )


def _refuse_idle(name: str, own: ProviderSettings, kind: Kind) -> None:
    """What is set and would do nothing: an address that nobody asks leaves the money with the real provider."""
    idle = next((setting for setting in _OF_OTHERS[kind] if setting in own.model_fields_set), None)
    if idle is not None:
        instead = "; its address is `queue_url`" if idle == "base_url" else ""
        raise UnknownProvider(f"{FILE}: `providers.{name}.{idle}` does nothing for {kind}{instead}")
    tiers = {tier for profile in catalog().profiles.values() for tier in profile.tiers}
    odd = next((tier for tier in own.price_per_second if tier not in tiers), None)
    if odd is not None:
        known = ", ".join(sorted(tiers))
        raise UnknownProvider(f"{FILE}: `providers.{name}.price_per_second.{odd}` is no tier (known: {known})")


def _kind(name: str, own: ProviderSettings, known: Seller | None) -> Kind:
    if own.kind is None and known is not None:
        return known.kind
    kind = next((kind for kind in KINDS if kind == own.kind), None)
    if kind is None:
        said = f"`kind`: {own.kind} is none of" if own.kind else "needs a `kind`, one of"
        raise UnknownProvider(f"{FILE}: `providers.{name}` {said} {', '.join(KINDS)}")
    return kind


def _of_kind(name: str, kind: Kind) -> Seller:
    """A seller with a name of its own: fal and Replicate as they are known, other servers by their address."""
    key_env = f"{re.sub(r'[^A-Z0-9]|^(?=[0-9])', '_', name.upper())}_KEY"
    alike = known_sellers().get(kind)
    if alike is not None:
        return replace(alike, name=name, key_env=key_env)
    return Seller(name, kind, "", key_env, dialect="openai")


def _dialects() -> frozenset[str]:
    """Forms that a server may be said to speak, and gateways whose endpoints are known."""
    gateways = [name for name, seller in known_sellers().items() if seller.kind == "openai-videos"]
    return frozenset([*(name for name, form in forms().items() if form.is_dialect), *gateways])
