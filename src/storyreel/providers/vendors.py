"""A seller as the settings describe it to the adapter that speaks with it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping

from storyreel.plan.catalog import catalog
from storyreel.plan.forms import forms
from storyreel.plan.quotes import QUOTING
from storyreel.plan.route import Seller
from storyreel.providers.fal import Fal
from storyreel.providers.http import Api, Times
from storyreel.providers.key import Key
from storyreel.providers.network import Resolve, resolve
from storyreel.providers.openai_videos import OpenAIVideos
from storyreel.providers.replicate import Replicate
from storyreel.providers.spec import Vendor


def vendor_of(
    seller: Seller,
    *,
    environ: Mapping[str, str] = os.environ,
    times: Times | None = None,
    now: Callable[[], float] = time.time,
    resolve: Resolve = resolve,
    is_mock: bool = False,
) -> Vendor:
    """Connects to nothing yet, and reads no key. `is_mock`: of a gateway that makes films up, to try it for nothing."""
    bases = [url for url in (seller.url, seller.storage_url, seller.platform_url) if url]
    api = Api(
        seller.name,
        bases,
        Key(seller.key_env, seller.scheme, environ),
        allow_private=seller.allow_private,
        times=times,
        now=now,
        resolve=resolve,
    )
    if seller.kind == "fal":
        return Fal(api, seller.url, seller.storage_url, seller.platform_url, unit=catalog().units[seller.listed_as])
    if seller.kind == "replicate":
        return Replicate(api, seller.url)
    form = forms().get(seller.dialect or "openai")
    return OpenAIVideos(
        api,
        seller.url,
        is_keyed=seller.idempotency,
        sends_bytes=form is not None and form.encoding == "multipart" and seller.name not in QUOTING,
        has_dry_run=seller.listed_as in QUOTING,
        is_mock=is_mock,
    )
