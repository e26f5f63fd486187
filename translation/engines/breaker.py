"""A switch that opens when a server fails again and again, so that nobody waits for one that is dead."""

from __future__ import annotations

import time
from collections.abc import Callable

FAILURES = 3
FIRST_REST, LONGEST_REST = 15.0, 600.0
"""Seconds. Each rest in a row is twice as long as the one before."""


class Breaker:
    """Open after `FAILURES` failures in a row; then one call is let through after each rest."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._until = 0.0

    @property
    def open(self) -> bool:
        """Whether no call may be made now."""
        return self._clock() < self._until

    @property
    def rest(self) -> float:
        """Seconds until the next call may be made."""
        return max(0.0, self._until - self._clock())

    def succeeded(self) -> None:
        self._failures, self._until = 0, 0.0

    def failed(self, rest: float | None = None) -> None:
        """Count a failure; `rest`: what the server itself asks for (Retry-After), at once."""
        self._failures += 1
        if rest is not None:
            self._until = self._clock() + min(max(rest, 0.0), LONGEST_REST)
        elif self._failures >= FAILURES:
            doubled = FIRST_REST * 2.0 ** min(self._failures - FAILURES, 10)
            self._until = self._clock() + min(doubled, LONGEST_REST)
