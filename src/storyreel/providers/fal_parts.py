"""A large file to fal's CDN: begun, put there part by part, and declared whole."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from storyreel.providers.answer import Answer
from storyreel.providers.attach import pieces, size_of
from storyreel.providers.fal_pass import Pass
from storyreel.providers.fields import text_in
from storyreel.providers.http import Api
from storyreel.providers.spec import Failed, Unreachable

LARGE = 100 * 1024 * 1024
"""Bytes above which a file goes in parts."""
PART = 10 * 1024 * 1024
AT_ONCE = 3
_TRIES = 4
_PASSING = frozenset({401, 403, 404, 408, 409, 425, 429})
"""Of a part: a pass ran out, or the place was not ready. The rest of 4xx is final."""


class Parts:
    """One file on its way. A part that fails is sent again alone; no more than `AT_ONCE` are open side by side."""

    def __init__(self, api: Api, admission: Pass, file: Path, part: int = PART) -> None:
        self._api = api
        self._pass = admission
        self._file = file
        self._size = size_of(file)
        self._part = part
        self._open = asyncio.Semaphore(AT_ONCE)

    async def put(self, headers: Mapping[str, str]) -> str | Failed | Unreachable:
        """Where it can be read, once it is whole there. `headers` say what it is."""
        begun = await self._asked("POST", f"{self._pass.base}/files/upload/multipart", headers)
        if not isinstance(begun, Answer):
            return begun
        url, name = text_in(begun.data, "access_url"), text_in(begun.data, "uploadId")
        if url is None or name is None:
            return self._api.unreachable(begun)
        if not self._pass.opens(url):
            return Unreachable(f"{self._api.name} names an address for a file that is not its own")
        at, count = f"{url}/multipart/{name}", -(-self._size // self._part)
        sending = [asyncio.create_task(self._sent(at, number, headers)) for number in range(1, count + 1)]
        try:
            sent = []
            for each in sending:
                sent.append(await each)
                if not isinstance(sent[-1], str):
                    return sent[-1]
        finally:
            for each in sending:
                each.cancel()
            await asyncio.gather(*sending, return_exceptions=True)
        parts = [{"partNumber": number, "etag": tag} for number, tag in enumerate(sent, 1)]
        ended = await self._asked("POST", f"{at}/complete", {}, json={"parts": parts})
        return url if isinstance(ended, Answer) else ended

    async def _sent(self, at: str, number: int, headers: Mapping[str, str]) -> str | Failed | Unreachable:
        """What the CDN calls the part."""
        start = (number - 1) * self._part
        length = min(self._part, self._size - start)
        said = {"Content-Type": headers["Content-Type"], "Content-Length": str(length)}
        async with self._open:
            answer = await self._asked("PUT", f"{at}/{number}", said, (start, length))
        if not isinstance(answer, Answer):
            return answer
        return answer.headers.get("etag") or self._api.unreachable(answer)

    async def _asked(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        span: tuple[int, int] | None = None,
        json: Any = None,
    ) -> Answer | Failed | Unreachable:
        """A good answer, asked for a few times; `span` is where in the file the body begins, and its length."""
        failed: Failed | Unreachable = Unreachable(f"{self._api.name} does not take the file")
        for tried in range(_TRIES):
            if tried:
                await asyncio.sleep(self._api.times.doubt * 2**tried)
            stands = await self._pass.refusal()
            if isinstance(stands, Failed):
                return stands
            if isinstance(stands, Unreachable) or stands:
                failed = stands if isinstance(stands, Unreachable) else failed
                continue
            body = {"content": pieces(self._file, *span)} if span else {"json": json} if json is not None else {}
            with_pass = {**headers, **self._pass.headers}
            answer = await self._api.read(method, url, headers=with_pass, has_key=False, **body)
            if isinstance(answer, Answer) and answer.is_ok:
                return answer
            if isinstance(answer, Answer) and answer.status in (401, 403):
                self._pass.drop()
            found = answer if isinstance(answer, Unreachable) else self._refused(answer)
            if isinstance(found, Failed):
                return found
            failed = found
        return failed

    def _refused(self, answer: Answer) -> Failed | Unreachable:
        return self._api.unreachable(answer) if answer.status in _PASSING else self._api.refused(answer)
