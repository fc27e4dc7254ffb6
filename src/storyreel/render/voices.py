"""Voices that a body names: each is made from its sample once, and bought like a take."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any

from storyreel.render.ask import Turned
from storyreel.render.materials import VOICE, voices_of
from storyreel.render.office import Office
from storyreel.render.order import Order, Way

VOICE_KEY = "voice:"
"""Begins the key of a voice's purchase; the digest of its sample follows."""

Buy = Callable[[Order], Coroutine[Any, Any, bool]]


async def voices(office: Office, order: Order, way: Way, buy: Buy) -> Mapping[str, str] | Turned:
    """Placeholder to the provider's own name of the voice; whoever needs one that is being made waits for it."""
    made = {}
    for placeholder in voices_of(way.body):
        digest = placeholder.removeprefix(VOICE)
        if digest not in way.assets:
            continue  # Words that only look like a placeholder.
        known = _known(office, digest, way.provider)
        if known is None:
            purchase = _order(office, order, way, digest)
            if purchase is None:
                return Turned("away", "invalid", f"{way.provider} makes no voices from samples")
            known = await office.voices.get((way.provider, digest), partial(_made, office, purchase, digest, buy))
        if known is None:
            return Turned("down", "invalid", "the voice that it needs was not made")
        made[placeholder] = known
    return made


def _known(office: Office, digest: str, provider: str) -> str | None:
    return office.journal.uploaded(VOICE_KEY + digest, provider, office.now())


async def _made(office: Office, order: Order, digest: str, buy: Buy) -> str | None:
    await buy(order)
    return _known(office, digest, order.ways[0].provider)


def _order(office: Office, order: Order, way: Way, digest: str) -> Order | None:
    maker = office.materials.supplies.voices.get(way.provider)
    if maker is None:
        return None
    body = {"voice_url": f"asset:sha256:{digest}"}
    assets = {digest: way.assets[digest]}
    only = Way(way.provider, maker.endpoint, maker.url, maker.encoding, body, maker.price, assets)
    return Order(VOICE_KEY + digest, 1, order.scene, 0, (only,))
