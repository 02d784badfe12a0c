"""A process that owes an answer and gives none: it hangs, or what it does takes long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = 5.0  # seconds, after which it is worth a word
_GAP = 1.0  # seconds that count at most from one look to the next: the app may have been stopped, too


class Silence:
    """How long an answer has been owed, as far as was looked; `clock` tells seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._looked_at = clock()
        self._lasts = 0.0

    @property
    def seconds(self) -> int:
        """For how many whole seconds, where that is long; else 0."""
        return int(self._lasts) if self._lasts >= LONG else 0

    def look(self, *, owed: bool) -> bool:
        """Look whether an answer is still owed; whether `seconds` are others than before."""
        before, now = self.seconds, self._clock()
        self._lasts = self._lasts + min(now - self._looked_at, _GAP) if owed else 0.0
        self._looked_at = now
        return self.seconds != before

    def broken(self) -> None:
        """Begin anew: there was an answer."""
        self._lasts = 0.0
