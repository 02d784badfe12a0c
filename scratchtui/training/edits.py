"""What the user changed, and can take back."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")
DEPTH = 1000


class Edits(Generic[T]):
    """The states before each edit, and after each that was taken back; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._before: deque[T] = deque(maxlen=DEPTH)
        self._after: deque[T] = deque(maxlen=DEPTH)

    def note(self, before: T, *, stroke: bool = False) -> None:
        """Remember the state before an edit; one that goes on a stroke is taken back with its beginning."""
        if not (stroke and self._before):
            self._before.append(before)
        self._after.clear()

    def back(self, present: T) -> T | None:
        """Return the state before the last edit; None where there is none."""
        return self._move(self._before, self._after, present)

    def forth(self, present: T) -> T | None:
        """Return the state after the edit that was last taken back; None where there is none."""
        return self._move(self._after, self._before, present)

    @staticmethod
    def _move(source: deque[T], target: deque[T], present: T) -> T | None:
        if not source:
            return None
        target.append(present)
        return source.pop()
