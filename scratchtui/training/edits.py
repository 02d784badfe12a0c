"""What the user changed, and can take back."""

from __future__ import annotations

from collections import deque
from itertools import chain
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
DEPTH = 1000


class Edits(Generic[T]):
    """The states before each edit, and after each that was taken back; the oldest are forgotten first."""

    def __init__(self, join: Callable[[T, T], T] = lambda first, _: first) -> None:
        self._join = join
        self._before: deque[T] = deque(maxlen=DEPTH)
        self._after: deque[T] = deque(maxlen=DEPTH)
        self._open = False  # whether a stroke that goes on has begun

    def note(self, before: T, after: T, *, stroke: bool = False) -> None:
        """Remember the state before an edit, if it changed anything.

        One that goes on a `stroke` is taken back with what the stroke has changed so far: `join` makes
        one state of those before both.
        """
        if not stroke:
            self._open = False
        if before == after:
            return
        if self._open:
            self._before[-1] = self._join(self._before[-1], before)
        else:
            self._before.append(before)
        self._open = True
        self._after.clear()

    def drop(self) -> bool:
        """Let go of the oldest state, or else of the one furthest on; whether there was any."""
        states = self._before or self._after
        if not states:
            return False
        states.popleft()
        self._open = self._open and bool(self._before)
        return True

    def __iter__(self) -> Iterator[T]:
        return chain(self._before, self._after)

    def back(self, present: Callable[[T], T]) -> T | None:
        """Return the state before the last edit; None where there is none.

        `present` returns the present state, to come back to from the one that it is given.
        """
        return self._move(self._before, self._after, present)

    def forth(self, present: Callable[[T], T]) -> T | None:
        """Return the state after the edit that was last taken back; None where there is none."""
        return self._move(self._after, self._before, present)

    def _move(self, source: deque[T], target: deque[T], present: Callable[[T], T]) -> T | None:
        self._open = False
        if not source:
            return None
        state = source.pop()
        target.append(present(state))
        return state
