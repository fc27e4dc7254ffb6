"""Who may ask: this machine's browser, with the token of this run, from this page. Everyone else hears nothing."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN = "/page/"
"""Below it lie the page's own files, which hold no secret; all else needs the token."""

_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Guard:
    """Stands before the application. `token` goes once through the address; the cookie holds `session`."""

    def __init__(self, app: ASGIApp, port: int, locked: str) -> None:
        self._app = app
        self._locked = locked
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
        self._cookie = f"storyreel-{port}"  # Cookies do not tell ports apart, so that its name must.
        self._session = secrets.token_urlsafe(32)
        self.token = secrets.token_urlsafe(32)
        """Stands in the address that people open."""
        self.action = secrets.token_urlsafe(32)
        """Goes along with every action, in the header `X-Storyreel`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
                if is_entering:
                    headers.append("set-cookie", f"{self._cookie}={self._session}; Path=/; HttpOnly; SameSite=Strict")
            await send(message)

        is_entering = False
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is None and not scope["path"].startswith(OPEN):
            # The page itself answers here, not a redirect: a cookie set on the way would not be sent with the next
            # request, where the address was opened from another site.
            is_entering = scope["path"] == "/" and scope["method"] == "GET" and self._has_token(scope)
            if not is_entering and not self._has_cookie(headers):
                refusal = HTMLResponse(self._locked, 401)
        await (refusal or self._app)(scope, receive, guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return _no(403, "This address is not served here.")
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return _no(405, "Only GET and POST.")
        site = headers.get("sec-fetch-site", "none")
        is_visit = scope["path"] == "/" and headers.get("sec-fetch-dest", "document") == "document"
        if site not in ("same-origin", "none") and not (is_visit and scope["method"] == "GET"):
            return _no(403, "Not from another site.")
        if scope["method"] == "POST":
            if headers.getlist("origin") != [f"http://{hosts[0]}"]:
                return _no(403, "Not from another site.")
            if not _equal(headers.getlist("x-storyreel"), self.action):
                return _no(403, "The token is missing.")
        return None

    def _has_token(self, scope: Scope) -> bool:
        asked = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=8) if scope["query_string"] else {}
        return _equal(asked.get("token", []), self.token)

    def _has_cookie(self, headers: Headers) -> bool:
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return found is not None and _equal([found.value], self._session)


def _equal(given: Iterable[str], wanted: str) -> bool:
    values = list(given)
    return len(values) == 1 and secrets.compare_digest(values[0].encode(), wanted.encode())


def _no(status: int, words: str) -> Response:
    return PlainTextResponse(words, status)
