"""How a text is written so that YAML reads it whole."""

from __future__ import annotations


def in_quotes(text: str) -> str:
    """The text as a YAML scalar in quotes, the kind that needs the fewest changes to it."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    if "'" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
