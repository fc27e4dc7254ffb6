"""Digests of bytes and of values."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def digest_of(data: bytes) -> str:
    """SHA-256 of bytes, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def canonical_json(value: Any) -> str:
    """One spelling for equal values: sorted keys, no spaces, no NaN; raises TypeError on what JSON cannot say."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest_of_value(value: Any) -> str:
    """SHA-256 of a value's canonical JSON, 64 hex digits."""
    return digest_of(canonical_json(value).encode())
