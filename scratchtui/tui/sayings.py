"""What the app has to say besides what it shows: one thing at a time, until the next key, or for seconds."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchtui.tui.status import Mood

AT_LEAST = 0.7  # seconds, in which a key was pressed before it could be read
AT_MOST = 6.0  # seconds, of what fits into a line
LINE = 78  # characters, each of which more takes SECONDS_A_LINE more
SECONDS_A_LINE = 2.0


@dataclass(frozen=True)
class Saying:
    """Words, how they should look, and how long they hold at most: as long as they take to read, if None."""

    words: str
    mood: Mood = "quiet"
    holds: float | None = None

    @property
    def seconds(self) -> float:
        """How long it stays where no key comes; what went wrong stays twice as long."""
        if self.holds is not None:
            return self.holds
        seconds = AT_MOST + SECONDS_A_LINE * (len(self.words) // LINE)
        return seconds if self.mood == "quiet" else 2.0 * seconds


class Sayings:
    """What is said now, and what waits; `clock` tells seconds.

    A key ends what could be read. What is said next takes the place of what is said now, unless that went
    wrong: then the next one waits. What went wrong comes before what could not be read yet, which waits.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: deque[Saying] = deque()
        self._since = -math.inf
        self.now: Saying | None = None

    def say(self, saying: Saying) -> None:
        """Say this, or have it wait."""
        before = self.now
        if before is not None and before.mood != "quiet" and saying != before:
            if self._waiting and {self._waiting[-1].mood, saying.mood} == {"quiet"}:
                self._waiting.pop()
            self._waiting.append(saying)
            return
        if before is not None and before.mood != saying.mood and not self._could_be_read:
            self._waiting.appendleft(before)
        self._begin(saying)

    def key(self) -> None:
        """Take note of a key that was pressed."""
        if self._could_be_read:
            self._next()

    def pass_time(self) -> None:
        """End what has been said for long enough."""
        if self.left <= 0.0:
            self._next()

    def clear(self) -> None:
        """Say nothing any longer."""
        self._waiting.clear()
        self._next()

    @property
    def _could_be_read(self) -> bool:
        return self._clock() - self._since >= AT_LEAST

    @property
    def left(self) -> float:
        """For how many seconds more it is said, if no key comes."""
        return math.inf if self.now is None else self._since + self.now.seconds - self._clock()

    def _next(self) -> None:
        self._begin(self._waiting.popleft() if self._waiting else None)

    def _begin(self, saying: Saying | None) -> None:
        self.now, self._since = saying, self._clock()
