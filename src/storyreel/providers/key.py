"""A provider's key: from the environment alone, and never in anything printed."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from urllib.parse import quote

_CODES = (base64.b64encode, base64.urlsafe_b64encode)


class KeyMissing(Exception):
    """There is no key that could be sent; `str()` is a sentence."""


class Key:
    """Looked up when it is first needed. `NAME_ID` and `NAME_SECRET` together stand for `NAME`, joined by a colon."""

    def __init__(self, env: str, scheme: str, environ: Mapping[str, str]) -> None:
        self._env = env
        self._scheme = scheme
        self._environ = environ

    def __repr__(self) -> str:
        return f"Key({self._env})"

    @property
    def authorization(self) -> str:
        """The header's value; raises KeyMissing."""
        found = self._found()
        if not found:
            raise KeyMissing(f"there is no key: set {self._env} in the environment")
        if not (found.isascii() and found.isprintable()) or " " in found:
            raise KeyMissing(f"{self._env} holds signs that no key has: set it again")
        return f"{self._scheme} {found}"

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything that must not be printed: the key and its secret part, plain, quoted and in base64."""
        found = self._found()
        plain = [part for part in (found, found.partition(":")[2], found.partition(".")[2]) if len(part) >= 8]
        quoted = [quote(part, safe=safe) for part in plain for safe in ("", "/")]
        coded = [code(part.encode()).decode().rstrip("=") for part in plain for code in _CODES]
        return tuple(dict.fromkeys([*plain, *quoted, *coded]))

    def _found(self) -> str:
        found = self._environ.get(self._env, "").strip()
        if found:
            return found
        halves = [self._environ.get(f"{self._env}_{half}", "").strip() for half in ("ID", "SECRET")]
        return ":".join(halves) if all(halves) else ""
