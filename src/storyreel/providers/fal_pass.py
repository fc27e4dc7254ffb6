"""The pass that fal's CDN lets files in with: it ages, and stands for the key, which never goes there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storyreel.providers.address import origin_of
from storyreel.providers.fields import epoch_in, text_in
from storyreel.providers.http import Api
from storyreel.providers.spec import Failed, Unreachable

_EARLY_S = 60.0
_MEDIA = ".fal.media"


class Pass:
    """Fetched when it is first needed and kept while it holds. `url` is the storage's, without a slash at its end."""

    def __init__(self, api: Api, url: str) -> None:
        self._api = api
        self._url = url
        self._token: Mapping[str, Any] = {}

    @property
    def base(self) -> str:
        """Where the CDN takes files, without a slash at its end; of a pass that is there."""
        return str(self._token["base_url"]).rstrip("/")

    @property
    def headers(self) -> Mapping[str, str]:
        """Of a pass that is there."""
        return {"Authorization": f"{self._token['token_type']} {self._token['token']}"}

    async def refusal(self) -> Failed | Unreachable | bool:
        """What stands in the way of a pass: False where nothing does, True where there is no CDN at all."""
        until = epoch_in(self._token.get("expires_at"))
        if until is not None and until - _EARLY_S > self._api.now():
            return False
        answer = await self._api.read("POST", f"{self._url}/storage/auth/token?storage_type=fal-cdn-v3", json={})
        if isinstance(answer, Unreachable):
            return answer
        if answer.status in (404, 405):
            return True
        if not answer.is_ok:
            return self._api.refused(answer)
        if not all(text_in(answer.data, name) for name in ("token", "token_type", "base_url")):
            return self._api.unreachable(answer)
        self._token = answer.fields
        return False

    def drop(self) -> None:
        """It ran out or was taken back, or the place that it names is a wrong one: the next try asks for another."""
        self._token = {}

    def opens(self, url: str) -> bool:
        """Whether an address that was named to us is the CDN's, so that the pass may be shown there."""
        origin = origin_of(url)
        return origin is not None and (
            origin == origin_of(self.base) or (origin.scheme == "https" and origin.host.endswith(_MEDIA))
        )
