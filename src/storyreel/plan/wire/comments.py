"""Lines for people in front of a request."""

from __future__ import annotations

from storyreel.plan.wire.rows import Row


def comments(row: Row) -> list[str]:
    """What is asked, and what has to be put in the place of what is not uploaded yet; each on one line."""
    meant = [f"{name} stands for {what}: put its URL here" for name, what in row.placeholders.items()]
    return [one_line(text) for text in (row.label, *meant)]


def one_line(text: str) -> str:
    """Text without anything that ends a line, or is not seen, in any language."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
