"""Which moment of a run is looked at: its newest, or one of its past, which may take a while to find."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scratchtui.training.history import LossHistory
from scratchtui.training.past import Past
from scratchtui.training.search import Search

if TYPE_CHECKING:
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.training.link import Link
    from scratchtui.training.run import Run

LEAPS = 10  # from the beginning of a run to its end


class StillFindingError(ValueError):
    """What is to be done hangs on a moment that is still being looked for; it can be tried again later."""

    def __init__(self, step: int) -> None:
        super().__init__(f"step {step:,} is still being looked for")


class Lookback:
    """Looks back in the run that `link` is about; `seen` is the moment that is looked at, None the newest.

    `experiment` is a copy as it was at that moment; at the newest with what was changed since.
    """

    def __init__(self, run: Run, link: Link) -> None:
        self.seen: Snapshot | None = None
        self.experiment = run.experiment()
        self._run, self._link, self._past = run, link, Past(run)
        self._search: Search[Snapshot] | None = None
        self._retracing: Search[LossHistory] | None = None
        self._losses: LossHistory | None = None  # up to the moment that is seen, once they were asked for

    @property
    def sought(self) -> int | None:
        """The step that is being looked for, or up to which the losses are, where that takes long."""
        search = self._search or self._retracing
        return None if search is None else search.goal

    @property
    def share(self) -> float:
        """How much of the way to what is being looked for has been gone."""
        search = self._search or self._retracing
        return 1.0 if search is None else search.share

    @property
    def arrived(self) -> bool:
        """Whether the moment that is looked at has been found."""
        return self._search is None

    @property
    def step(self) -> int:
        """The step that is looked at, or will be."""
        if self._search is not None:
            return self._search.goal
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
        if self._retracing is not None:
            self._retracing.close()
        self._retracing = self._losses = None
        if step < last:
            self._search = Search(self._past.search(step), step, self._search)
            return
        if self._search is not None:
            self._search.close()
        self._search = self.seen = None

    def search(self, seconds: float = math.inf) -> None:
        """Look on for so long; show the moment, if that has been found."""
        if self._retracing is not None:
            if self._retracing.go_on(seconds):
                self._losses, self._retracing = self._retracing.found, None
            return
        if self._search is not None:
            if not self._search.go_on(seconds):
                return
            self.seen, self._search = self._search.found, None
        self.show()

    def arrive(self, seconds: float = math.inf) -> None:
        """Have found the moment that is looked at; StillFindingError where that takes longer."""
        if self._search is not None:
            self.search(seconds)
        if self._search is not None:
            raise StillFindingError(self._search.goal)

    def come_back(self) -> None:
        """Look at the newest moment."""
        self.to(self._run.latest.step)
        self.show()

    def show(self) -> None:
        """Bring the experiment to the moment that is seen, whatever has been heard of the run meanwhile."""
        self.experiment.restore(self.seen or self._run.latest)
        if self.seen is None:
            self._link.catch_up(self.experiment)

    def forked(self, seconds: float = math.inf, *, losses: bool = True) -> Run | None:
        """Return a run of its own that has come to the moment looked at; None if that is the newest.

        StillFindingError where the moment, or the `losses` if they are wanted, are not found so soon.
        """
        self.arrive(seconds)
        if self.seen is None:
            return None
        if not losses:
            return self._past.cut(self.seen, LossHistory())
        if self._losses is None and self._retracing is None:
            self._retracing = Search(self._past.history(self.seen.step), self.seen.step)
        if self._retracing is not None:
            self.search(seconds)
        if self._losses is None:
            raise StillFindingError(self.seen.step)
        return self._past.cut(self.seen, self._losses)
