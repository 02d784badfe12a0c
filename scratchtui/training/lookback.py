"""Which moment of a run is looked at: its newest, or one of its past, which may take a while to find."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from scratchtui.training.past import Past

if TYPE_CHECKING:
    from collections.abc import Generator

    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.training.run import Run

LEAPS = 10  # from the beginning of a run to its end


class Lookback:
    """Looks back in one run; `seen` is the moment of the past that is looked at, None the newest."""

    def __init__(self, run: Run) -> None:
        self.seen: Snapshot | None = None
        self._run, self._past = run, Past(run)
        self._search: tuple[int, Generator[int, None, Snapshot]] | None = None
        self._began = self._come_to = 0

    @property
    def sought(self) -> int | None:
        """The step that is being looked for, where that takes long."""
        return None if self._search is None else self._search[0]

    @property
    def share(self) -> float:
        """How much of the way to the moment that is being looked for has been gone."""
        way = self.step - self._began
        return (self._come_to - self._began) / way if way else 0.0

    @property
    def step(self) -> int:
        """The step that is looked at, or will be."""
        if self._search is not None:
            return self._search[0]
        return self._run.latest.step if self.seen is None else self.seen.step

    @property
    def away(self) -> bool:
        """Whether it is not the newest moment that is looked at, or will be."""
        return self.seen is not None or self._search is not None

    @property
    def leap(self) -> int:
        """How many steps a tenth of the run is."""
        return max(1, round(self._run.latest.step / LEAPS))

    def to(self, step: int) -> None:
        """Begin to look for the moment after `step` steps, or for the nearest there is."""
        last = self._run.latest.step
        step = min(max(step, 0), last)
        goes_on = self._search is not None and self._come_to <= step
        if self._search is not None:
            self._search[1].close()  # so that the next one goes on from where it was left
        self._search = None if step == last else (step, self._past.search(step))
        if not goes_on:
            self._began = self._come_to = step
        if self._search is None:
            self.seen = None

    def search(self, seconds: float) -> bool:
        """Go on for so long to look for the moment; whether nothing is left to look for."""
        deadline = time.monotonic() + seconds
        while self._search is not None:
            try:
                self._come_to = next(self._search[1])
            except StopIteration as found:
                self._search = None
                self.seen = found.value
            else:
                self._began = min(self._began, self._come_to)
                if time.monotonic() > deadline:
                    return False
        return True

    def forked(self) -> Run | None:
        """Return a run of its own that has come to the moment looked at; None if that is the newest."""
        self.search(math.inf)
        return None if self.seen is None else self._past.until(self.seen.step)
