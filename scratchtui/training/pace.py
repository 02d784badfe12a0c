"""How many steps to take at once: few enough that commands and signals are heeded soon."""

from __future__ import annotations

_SINGLY = 64  # steps in which each is taken, and so seen, by itself


class Pace:
    """The length of the next stretch, fitted to how long stretches take: about `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.restart()

    def restart(self) -> None:
        """Forget how long a step takes."""
        self._most = 1

    def due(self, step: int) -> int:
        """Return how many steps to take from `step` on: never more than a small part of all so far."""
        return min(self._most, 1 + step // _SINGLY)

    def note(self, count: int, seconds: float) -> None:
        """Learn that `count` steps took so many seconds; only a full stretch tells that more would do."""
        if count == self._most and seconds < self._seconds / 2:
            self._most *= 2
        elif seconds > 2 * self._seconds:
            self._most = max(1, self._most // 2)
