"""Files to fal: its CDN, and where there is none, an address that is signed for one file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from storyreel.providers.answer import Answer
from storyreel.providers.attach import data_uri, kind_of, name_of, pieces, size_of
from storyreel.providers.fields import epoch_in, text_in
from storyreel.providers.http import Api
from storyreel.providers.spec import Failed, Unreachable, Uploaded

LIFE_S = 30 * 24 * 3600
"""How long results and files are asked to be kept."""
_SURE_S = 6 * 24 * 3600
"""How long they are relied on: without that wish they live seven days."""
_SMALL = 16 * 1024
_LIFE = json.dumps({"expiration_duration_seconds": LIFE_S})
_EARLY_S = 60.0


class FalStorage:
    """`url` without a slash at its end."""

    def __init__(self, api: Api, url: str) -> None:
        self._api = api
        self._url = url
        self._token: Mapping[str, Any] = {}

    async def put(self, file: Path, digest: str) -> Uploaded | Failed | Unreachable:
        """Files up to 16 KiB go along inside their address."""
        if size_of(file) <= _SMALL:
            return Uploaded(data_uri(file))
        if (missing := self._api.without_key()) is not None:
            return missing
        token = await self._cdn()
        if isinstance(token, Failed | Unreachable):
            return token
        return await (self._initiated(file, digest) if token is None else self._sent(token, file, digest))

    async def _cdn(self) -> Mapping[str, Any] | Failed | Unreachable | None:
        """A pass for the CDN; None where there is none to be had."""
        until = epoch_in(self._token.get("expires_at"))
        if until is not None and until - _EARLY_S > self._api.now():
            return self._token
        answer = await self._api.read("POST", f"{self._url}/storage/auth/token?storage_type=fal-cdn-v3", json={})
        if isinstance(answer, Unreachable):
            return answer
        if answer.status in (404, 405):
            return None
        if not answer.is_ok:
            return self._api.refused(answer)
        if not all(text_in(answer.data, name) for name in ("token", "token_type", "base_url")):
            return self._api.unreachable(answer)
        self._token = answer.fields
        return self._token

    async def _sent(self, token: Mapping[str, Any], file: Path, digest: str) -> Uploaded | Failed | Unreachable:
        kind = kind_of(file)
        headers = {
            "Authorization": f"{token['token_type']} {token['token']}",
            "Content-Type": kind,
            "Content-Length": str(size_of(file)),
            "X-Fal-File-Name": name_of(digest, kind),
            "X-Fal-Object-Lifecycle": _LIFE,
        }
        url = f"{str(token['base_url']).rstrip('/')}/files/upload"
        answer = await self._api.read("POST", url, headers=headers, has_key=False, content=pieces(file))
        if isinstance(answer, Unreachable):
            # The place that the pass names may be a wrong one: the next try asks for another.
            self._token = {}
        elif answer.status in (401, 403):
            # It ran out, or was taken back.
            self._token = {}
            return self._api.unreachable(answer)
        return self._uploaded(answer, "access_url")

    async def _initiated(self, file: Path, digest: str) -> Uploaded | Failed | Unreachable:
        kind = kind_of(file)
        url = f"{self._url}/storage/upload/initiate?storage_type=gcs"
        asked = {"file_name": name_of(digest, kind), "content_type": kind}
        headers = {"X-Fal-Object-Lifecycle-Preference": _LIFE}
        named = await self._api.read("POST", url, headers=headers, json=asked)
        uploaded = self._uploaded(named, "file_url")
        if not isinstance(named, Answer) or not isinstance(uploaded, Uploaded):
            return uploaded
        target = text_in(named.data, "upload_url")
        if target is None:
            return self._api.unreachable(named)
        headers = {"Content-Type": kind, "Content-Length": str(size_of(file))}
        answer = await self._api.read("PUT", target, headers=headers, has_key=False, content=pieces(file))
        if isinstance(answer, Unreachable):
            return answer
        return uploaded if answer.is_ok else self._api.unreachable(answer)

    def _uploaded(self, answer: Answer | Unreachable, name: str) -> Uploaded | Failed | Unreachable:
        if isinstance(answer, Unreachable):
            return answer
        if not answer.is_ok:
            return self._api.refused(answer)
        url = text_in(answer.data, name)
        return self._api.unreachable(answer) if url is None else Uploaded(url, self._api.now() + _SURE_S)
