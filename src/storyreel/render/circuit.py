"""A provider that keeps failing is left alone for a while, and one that refuses us for the whole run."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from storyreel.providers.spec import Reason
from storyreel.render.clock import Clock

FAILURES, WITHIN_S, REST_S = 5, 60.0, 30.0
MOST_RESTS = 4
"""So many rests without a success between them, and it is left alone for good."""


@dataclass(frozen=True, slots=True)
class Shut:
    """Not asked again in this run, and why."""

    reason: Reason
    message: str


class Circuit:
    """Five failures within a minute give it half a minute's rest; then one may try, and its success ends the rest."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._rests_until: float | None = None
        self._is_tried = False
        self._rests = 0
        self.shut: Shut | None = None

    @property
    def is_resting(self) -> bool:
        return self._rests_until is not None and self._clock.now() < self._rests_until

    def rest(self) -> float:
        """Seconds until somebody may try; 0 lets the caller try, and after a rest nobody beside it."""
        if self._rests_until is None:
            return 0.0
        now = self._clock.now()
        if now < self._rests_until:
            return self._rests_until - now
        self._rests_until, self._is_tried = now + REST_S, True
        return 0.0

    def succeeded(self) -> None:
        self._failures.clear()
        self._rests_until, self._is_tried, self._rests = None, False, 0

    def failed(self, message: str) -> bool:
        """Count a failure; True where it shut the provider for the run."""
        now = self._clock.now()
        self._failures.append(now)
        is_many = len(self._failures) == FAILURES and now - self._failures[0] <= WITHIN_S
        if self._rests_until is None and not is_many:
            return False
        if self._rests_until is not None and not self._is_tried:
            return False  # It left before the rest began.
        self._rests_until, self._is_tried = now + REST_S, False
        self._rests += 1
        self._failures.clear()
        return self._rests >= MOST_RESTS and self.close("transient", message)

    def close(self, reason: Reason, message: str) -> bool:
        """Leave it alone for the run; False where that was so already."""
        if self.shut is not None:
            return False
        self.shut = Shut(reason, message)
        return True
