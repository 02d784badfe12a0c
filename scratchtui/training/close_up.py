"""A stretch of a run seen step by step, also where its history keeps many steps as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.training.history import LossHistory
from scratchtui.training.past import Past
from scratchtui.training.search import A_LITTLE, Search

if TYPE_CHECKING:
    from scratchtui.experiments.view import Curve
    from scratchtui.nn import Array
    from scratchtui.training.run import Run

MOST_STEPS = 4096  # that are replayed: a few seconds of the slowest network


class CloseUp:
    """Replays one stretch of `run` at a time, a little at a time, and keeps it until another is asked for."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._past: Past | None = None
        self._stretch: tuple[int, int] | None = None
        self._search: Search[Array] | None = None
        self._found: Curve | None = None

    @property
    def sought(self) -> bool:
        """Whether there is a stretch to look on for."""
        return self._search is not None

    def of(self, stretch: tuple[int, int] | None) -> Curve | None:
        """Return the loss of each step from the first to the last of a stretch, once it has been found.

        None until then, and where there is nothing to look for: the history has each step, or the stretch
        is too long.
        """
        if stretch is not None:
            stretch = max(1, stretch[0]), min(stretch[1], self._run.latest.step)
        if stretch != self._stretch:
            self._stretch, self._search, self._found = stretch, None, None
            if stretch is not None and self._is_to_be_replayed(*stretch):
                self._past = self._past or Past(self._run)
                self._search = Search(self._past.stretch(*stretch), stretch[1])
        return self._found

    def _is_to_be_replayed(self, first: int, last: int) -> bool:
        return self._run.losses.width > 1 and first <= last < first + MOST_STEPS

    def search_on(self, seconds: float = A_LITTLE) -> bool:
        """Go on looking for so long; whether the stretch has just been found."""
        if self._search is None or self._stretch is None or not self._search.go_on(seconds):
            return False
        (self._found,) = LossHistory.of(self._stretch[0], self._search.found).view().curves
        self._search = None
        return True
