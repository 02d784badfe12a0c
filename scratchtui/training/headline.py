"""How far a run has come, in a few words."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scratchtui.experiments.experiment import Experiment
    from scratchtui.training.run import Run

EVERY = 0.4  # seconds while it runs: a headline may take longer than all else that is drawn


class Headline:
    """The headline of one run; while it runs that of one of the last few moments."""

    def __init__(self) -> None:
        self._words, self._due = "", 0.0
        self._end, self._words_of_end = (-1, 0), ""

    def of(self, experiment: Experiment, *, running: bool) -> str:
        """Return the words."""
        now = time.monotonic()
        if not running or now >= self._due:
            self._words, self._due = experiment.headline(), now + EVERY
        return self._words

    def of_end(self, run: Run) -> str:
        """Return the words of the newest moment of the run, while a moment of its past is seen."""
        end = run.latest.step, run.latest.changes
        if end != self._end:
            self._end, self._words_of_end = end, run.experiment().headline()
        return self._words_of_end

    def expire(self) -> None:
        """Have the next one be of its moment: something was changed."""
        self._due = 0.0
