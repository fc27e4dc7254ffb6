"""Requests as a Python program that needs nothing but Python."""

from __future__ import annotations

from collections.abc import Sequence
from pprint import pformat

from storyreel.plan.wire.comments import comments
from storyreel.plan.wire.rows import Row

_JSON = """

def send(method, url, scheme, key, body):
    headers = {"Authorization": f"{scheme} {os.environ[key]}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request) as answer:
        print(answer.read().decode())
"""
_MULTIPART = """

def send_form(method, url, scheme, key, fields):
    edge = uuid.uuid4().hex
    parts = [
        f'--{edge}\\r\\nContent-Disposition: form-data; name="{name}"\\r\\n\\r\\n{value}\\r\\n'
        for name, value in fields.items()
    ]
    body = "".join([*parts, f"--{edge}--\\r\\n"]).encode()
    headers = {"Authorization": f"{scheme} {os.environ[key]}", "Content-Type": f"multipart/form-data; boundary={edge}"}
    request = urllib.request.Request(url, body, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        print(answer.read().decode())
"""


def python_script(found: Sequence[Row]) -> str:
    """A program for Python 3.9 or later."""
    encodings = {row.lowered.encoding for row in found}
    imports = ["json"] * ("json" in encodings) + ["os", "urllib.request"] + ["uuid"] * ("multipart" in encodings)
    head = "".join(f"import {name}\n" for name in imports)
    functions = _JSON * ("json" in encodings) + _MULTIPART * ("multipart" in encodings)
    return head + functions + "".join(f"\n\n{_call(row)}" for row in found)


def _call(row: Row) -> str:
    sent, seller = row.lowered, row.seller
    name = "send_form" if sent.encoding == "multipart" else "send"
    said = "".join(f"# {line}\n" for line in comments(row))
    words = ", ".join(repr(word) for word in (sent.method, sent.url, seller.scheme, seller.key_env))
    body = pformat(sent.body, width=110, sort_dicts=False).replace("\n", "\n    ")
    return f"{said}{name}(\n    {words},\n    {body},\n)"
