"""Requests as a shell script of curl commands. The key comes from the environment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from shlex import quote

from storyreel.plan.wire.comments import comments
from storyreel.plan.wire.rows import Row


def curl_script(found: Sequence[Row]) -> str:
    """A POSIX shell script; each word of a body stands in single quotes, where the shell reads nothing.

    It ends at the first request that fails, and before any where the key is not set, as the other programs do.
    """
    return "\n".join(["#!/bin/sh", "set -eu", *(_command(row) for row in found)])


def _command(row: Row) -> str:
    sent = row.lowered
    lines = [
        f"curl -sS --fail-with-body -X {sent.method} {quote(sent.url)}",
        f'-H "Authorization: {row.seller.scheme} ${row.seller.key_env}"',
    ]
    if sent.encoding == "multipart":
        lines += [f"--form-string {quote(f'{name}={value}')}" for name, value in sent.body.items()]
    else:
        body = json.dumps(sent.body, ensure_ascii=False, indent=2)
        lines += ["-H 'Content-Type: application/json'", f"--data-raw {quote(body)}"]
    said = "".join(f"\n# {line}" for line in comments(row))
    return f"{said}\n" + " \\\n  ".join(lines)
