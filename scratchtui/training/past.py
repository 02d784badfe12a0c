"""Any moment of a run, exactly: the nearest snapshot before it, and from there the steps again."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.training.run import Run
from scratchtui.training.timeline import Timeline
from scratchtui.training.trainer import Trainer

if TYPE_CHECKING:
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.nn import Array


class Past:
    """The past of `run`, which may go on meanwhile."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._trainer = Trainer(run.recipe)

    def at(self, step: int) -> Snapshot:
        """Return the state after `step` steps and all that was changed then; ValueError beyond the run."""
        if not 0 <= step <= self._run.latest.step:
            raise ValueError(f"step {step:,} is not within 0 to {self._run.latest.step:,}")
        moments = self._run.timeline.moments
        nearest = moments[bisect_right(moments, step, key=lambda moment: moment.step) - 1]
        if nearest.step == step and nearest.changes == self._changes_until(step):
            return nearest
        self._trainer.experiment.restore(nearest)
        self._replay(step)
        return self._trainer.experiment.snapshot()

    def losses(self, first: int, last: int) -> Array:
        """Return the loss of each step from `first` to `last`, (last - first + 1,)."""
        self._trainer.experiment.restore(self.at(first - 1))
        return self._replay(last)

    def until(self, step: int) -> Run:
        """Return a run of its own that has come to `step` as this one had; ValueError beyond the run."""
        moment, run = self.at(step), self._run
        kept = [each for each in run.timeline.moments if each.step < step]
        journal = [entry for entry in run.journal if entry.step <= step]
        losses = run.losses.until(step, self.losses)
        return Run(run.recipe, losses, Timeline([*kept, moment]), journal, origin=(run.name, step))

    def _changes_until(self, step: int) -> int:
        return bisect_right(self._run.journal, step, key=lambda entry: entry.step)

    def _replay(self, step: int) -> Array:
        """Take the steps up to `step`, and what was changed on the way, again; return their losses."""
        experiment = self._trainer.experiment
        stretches = [np.empty(0)]
        for entry in self._run.journal[experiment.changes : self._changes_until(step)]:
            stretches.append(self._trainer.step(entry.step - experiment.steps).losses)
            experiment.change(entry.key, entry.value)
        stretches.append(self._trainer.step(step - experiment.steps).losses)
        return np.concatenate(stretches)
