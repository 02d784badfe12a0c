"""A key that was to pause, and came just after training had stopped by itself: it must not begin it again."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOMENT = 0.7  # seconds, in which what is seen has not been understood yet


class LateKey:
    """Knows when training last stopped by itself; `clock` tells seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stopped_at = -math.inf

    def stopped(self) -> None:
        """Training has stopped by itself."""
        self._stopped_at = self._clock()

    def was_to_pause(self) -> bool:
        """Whether a key that is pressed now was to pause what had stopped; the next one is not."""
        late = self._clock() - self._stopped_at < MOMENT
        self.acted()
        return late

    def acted(self) -> None:
        """Note that something else was done: what follows is meant as it is."""
        self._stopped_at = -math.inf
