"""What is agreed with one provider, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Resubmit = Literal["never", "absent"]


@dataclass(frozen=True, slots=True)
class Terms:
    concurrency: int = 4
    """Jobs under way there at once, 1 or more."""
    list_delay: float = 900.0
    """Seconds after which a job that its list does not show counts as absent."""
    resubmit: Resubmit = "never"
    """`absent`: one more POST for a job that counts as absent; `never`: a person decides."""
    rate: float | None = None
    """Starts a second at most; None: as many as are asked for."""
    deadline: float = 3600.0
    """Seconds that one run waits for an accepted job. It is never bought again for being slow."""
