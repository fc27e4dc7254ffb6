"""One diagnostic code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """`SR` and three digits; SR0xx source text, SR1xx language, SR2xx templates, SR3xx plan, SR4xx media."""

    code: str
    title: str
    """One line, lower case, no full stop: what is wrong."""
    explanation: str
    """Markdown at length: what it means, an example that shows it, the mended example."""
