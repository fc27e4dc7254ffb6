"""Requests as a JavaScript program for Node 18 or later, with its own fetch."""

from __future__ import annotations

import json
from collections.abc import Sequence

from storyreel.plan.wire.comments import comments
from storyreel.plan.wire.rows import Row

_SEND = """\
async function send(method, url, scheme, key, body, isForm) {
  if (!process.env[key]) throw new Error(`${key} is not set`);
  const headers = { Authorization: `${scheme} ${process.env[key]}` };
  if (!isForm) headers["Content-Type"] = "application/json";
  const form = new FormData();
  if (isForm) for (const [name, value] of Object.entries(body)) form.append(name, value);
  const answer = await fetch(url, { method, headers, body: isForm ? form : JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  console.log(await answer.text());
}
"""
_RUN = """\
main().catch((failed) => {
  console.error(failed);
  process.exit(1);
});"""


def js_script(found: Sequence[Row]) -> str:
    """JSON is JavaScript, so bodies stand in it as they are."""
    calls = "".join(_call(row) for row in found)
    return f"{_SEND}\nasync function main() {{{calls}}}\n\n{_RUN}"


def _call(row: Row) -> str:
    sent, seller = row.lowered, row.seller
    said = "".join(f"\n  // {line}" for line in comments(row))
    words = [sent.method, sent.url, seller.scheme, seller.key_env]
    is_form = sent.encoding == "multipart"
    literals = [json.dumps(word, ensure_ascii=False) for word in words]
    body = json.dumps(sent.body, ensure_ascii=False, indent=2).replace("\n", "\n    ")
    return f"{said}\n  await send(\n    {', '.join(literals)},\n    {body},\n    {json.dumps(is_form)},\n  );\n"
