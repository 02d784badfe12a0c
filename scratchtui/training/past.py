"""Any moment of a run, exactly: the nearest snapshot before it, and from there the steps again."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.training.run import Run
from scratchtui.training.timeline import Timeline, size_of
from scratchtui.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Generator

    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.nn import Array

SLICE = 16  # steps between two moments at which a search can be left
MOST_NEAR, BYTES_NEAR = 32, 8 * 2**20  # snapshots kept of the way that was last gone


class Past:
    """The past of `run`, which may go on meanwhile.

    Around the step that was looked for last there are more snapshots than the timeline keeps, so that the
    steps before it are found sooner.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._trainer = Trainer(run.recipe)
        self._near: list[Snapshot] = []

    def at(self, step: int) -> Snapshot:
        """Return the state after `step` steps and all that was changed then; ValueError beyond the run."""
        search = self.search(step)
        while True:
            try:
                next(search)
            except StopIteration as found:
                moment: Snapshot = found.value
                return moment

    def search(self, step: int) -> Generator[int, None, Snapshot]:
        """Look for what `at` returns, a few steps at a time; yield the step that has been come to."""
        if not 0 <= step <= self._run.latest.step:
            raise ValueError(f"step {step:,} is not within 0 to {self._run.latest.step:,}")
        nearest = self._nearest(step)
        experiment = self._trainer.experiment
        experiment.restore(nearest)
        if nearest.step == step and nearest.changes == self._changes_until(step):
            return nearest
        kept = max(1, min(MOST_NEAR, BYTES_NEAR // size_of(nearest)))
        stride = max(1, (step - nearest.step) // kept)
        near = [nearest]
        while experiment.steps < step:
            self._replay(min(experiment.steps + SLICE, near[-1].step + stride, step))
            if experiment.steps >= near[-1].step + stride:
                near.append(experiment.snapshot())
            yield experiment.steps
        self._replay(step)
        self._near = near
        return experiment.snapshot()

    def _nearest(self, step: int) -> Snapshot:
        """Return the last snapshot at or before a step, of those kept on the way or in the timeline."""
        candidates = []
        for moments in (self._near, self._run.timeline.moments):
            place = bisect_right(moments, step, key=lambda moment: moment.step)
            candidates += moments[max(0, place - 1) : place]
        return max(candidates, key=lambda moment: (moment.step, moment.changes))

    def losses(self, first: int, last: int) -> Array:
        """Return the loss of each step from `first` to `last`, (last - first + 1,)."""
        self._trainer.experiment.restore(self.at(first - 1))
        return self._replay(last)

    def stretch(self, first: int, last: int) -> Generator[int, None, Array]:
        """Look for what `losses` returns, a few steps at a time; yield the step that has been come to."""
        moment = yield from self.search(first - 1)
        experiment = self._trainer.experiment
        experiment.restore(moment)
        found = []
        while experiment.steps < last:
            before = experiment.steps
            found.append(self._replay(min(before + SLICE, last)))
            if experiment.steps == before:  # it diverges here
                break
            yield experiment.steps
        return np.concatenate(found)

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
