"""The usual shape of an explanation: what it means, an example that shows it, the mended example."""

from __future__ import annotations

from inspect import cleandoc


def mended(what: str, wrong: str, right: str) -> str:
    """Markdown: a paragraph and two samples."""
    before, after = f"```yaml\n{cleandoc(wrong)}\n```", f"```yaml\n{cleandoc(right)}\n```"
    return f"{cleandoc(what)}\n\nThis is reported:\n\n{before}\n\nThis is right:\n\n{after}\n"
