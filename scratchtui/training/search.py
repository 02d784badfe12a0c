"""A search that takes long, made a little at a time, so that whoever waits for it can do other things."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator

T = TypeVar("T")
A_LITTLE = 0.02  # seconds, in which no key is heard


class Search(Generic[T]):
    """Looks for what lies at the step `goal`: `way` yields each step that it comes to, and returns it.

    `come_to` is the step that it has come to. It may go on from where an earlier one was left, which is
    closed.
    """

    found: T  # once `go_on` has said so

    def __init__(self, way: Generator[int, None, T], goal: int, earlier: Search[T] | None = None) -> None:
        self.goal = self.come_to = self._began = goal
        self._way = way
        if earlier is not None:
            earlier.close()
            if earlier.come_to <= goal:
                self.come_to, self._began = earlier.come_to, earlier._began

    @property
    def share(self) -> float:
        """How much of the way has been gone."""
        whole = self.goal - self._began
        return (self.come_to - self._began) / whole if whole else 0.0

    def go_on(self, seconds: float = math.inf) -> bool:
        """Look on for so long; whether it has come to its end."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.come_to = next(self._way)
            except StopIteration as end:
                self.found = end.value
                return True
            self._began = min(self._began, self.come_to)
            if time.monotonic() > deadline:
                return False

    def close(self) -> None:
        """Give up where it is."""
        self._way.close()
