"""Files to fal: its CDN, and where there is none, an address that is signed for one file."""

from __future__ import annotations

import json
from pathlib import Path

from storyreel.providers.answer import Answer
from storyreel.providers.attach import data_uri, kind_of, name_of, pieces, size_of
from storyreel.providers.fal_parts import LARGE, PART, Parts
from storyreel.providers.fal_pass import Pass
from storyreel.providers.fields import text_in
from storyreel.providers.http import Api
from storyreel.providers.spec import Failed, Unreachable, Uploaded

LIFE_S = 30 * 24 * 3600
"""How long results and files are asked to be kept."""
_SURE_S = 6 * 24 * 3600
"""How long they are relied on: without that wish they live seven days."""
_SMALL = 16 * 1024
_LIFE = json.dumps({"expiration_duration_seconds": LIFE_S})


class FalStorage:
    """`url` without a slash at its end. Files of more than `large` bytes go in parts of `part` bytes."""

    def __init__(self, api: Api, url: str, *, large: int = LARGE, part: int = PART) -> None:
        self._api = api
        self._url = url
        self._pass = Pass(api, url)
        self._large = large
        self._part = part

    async def put(self, file: Path, digest: str) -> Uploaded | Failed | Unreachable:
        """Files up to 16 KiB go along inside their address."""
        if size_of(file) <= _SMALL:
            return Uploaded(data_uri(file))
        if (missing := self._api.without_key()) is not None:
            return missing
        stands = await self._pass.refusal()
        if isinstance(stands, Failed | Unreachable):
            return stands
        return await (self._initiated(file, digest) if stands else self._sent(file, digest))

    async def _sent(self, file: Path, digest: str) -> Uploaded | Failed | Unreachable:
        kind = kind_of(file)
        headers = {"Content-Type": kind, "X-Fal-File-Name": name_of(digest, kind), "X-Fal-Object-Lifecycle": _LIFE}
        if size_of(file) > self._large:
            url = await Parts(self._api, self._pass, file, self._part).put(headers)
            return self._known(url) if isinstance(url, str) else url
        headers |= {**self._pass.headers, "Content-Length": str(size_of(file))}
        url = f"{self._pass.base}/files/upload"
        answer = await self._api.read("POST", url, headers=headers, has_key=False, content=pieces(file))
        if isinstance(answer, Unreachable):
            # The place that the pass names may be a wrong one.
            self._pass.drop()
        elif answer.status in (401, 403):
            self._pass.drop()
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
        return self._api.unreachable(answer) if url is None else self._known(url)

    def _known(self, url: str) -> Uploaded:
        return Uploaded(url, self._api.now() + _SURE_S)
