"""Any moment of a run, exactly: the nearest snapshot before it, and from there the steps again."""

from __future__ import annotations

import time
from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.training.pace import Pace
from scratchtui.training.run import Run
from scratchtui.training.search import Search
from scratchtui.training.timeline import Timeline
from scratchtui.training.trail import Trail
from scratchtui.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.nn import Array
    from scratchtui.training.history import LossHistory

SLICE = 0.004  # seconds between two moments at which a search can be left
CHANGES = 16  # that are made in a slice


class Past:
    """The past of `run`, which may go on meanwhile.

    Around the step that was looked for last there are more snapshots than the timeline keeps (`Trail`), so
    that the steps before it are found sooner, also where the search was left before it came to an end.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._trainer = Trainer(run.recipe)
        self._trail = Trail()
        self._pace = Pace(SLICE)

    def at(self, step: int) -> Snapshot:
        """Return the state after `step` steps and all that was changed then; ValueError beyond the run.

        A snapshot that cannot be read back is done without.
        """
        search = Search(self.search(step), step)
        search.go_on()
        return search.found

    def search(self, step: int) -> Generator[int, None, Snapshot]:
        """Look for what `at` returns, a few steps at a time; yield the step that has been come to.

        One search goes on at a time: close it before the next.
        """
        if not 0 <= step <= self._run.latest.step:
            raise ValueError(f"step {step:,} is not within 0 to {self._run.latest.step:,}")
        experiment = self._trainer.experiment
        start = self._run.reading(lambda: self._restored(step))
        if self._arrived(step):
            return experiment.snapshot()  # in memory: that of the timeline might not be read a second time
        try:
            for stop in (*self._trail.stops(start, step), step):
                for _ in self._way(stop):
                    yield experiment.steps
                self._trail.add(experiment.snapshot())
        except GeneratorExit:
            self._trail.add(experiment.snapshot())
            raise
        return experiment.snapshot()

    def _restored(self, step: int) -> Snapshot:
        """Return to the last snapshot at or before a step, and return which that is."""
        start = self._trail.last(step, self._kept(step))
        self._trainer.experiment.restore(start)
        return start

    def _kept(self, step: int) -> Snapshot:
        """Return the last snapshot of the timeline at or before a step."""
        snapshots = self._run.timeline.snapshots
        return snapshots[max(0, bisect_right(snapshots, step, key=lambda snapshot: snapshot.step) - 1)]

    def stretch(self, first: int, last: int) -> Generator[int, None, Array]:
        """Look for the loss of each step from `first` to `last`, (last - first + 1,), as `search` does."""
        snapshot = yield from self.search(first - 1)
        self._trainer.experiment.restore(snapshot)
        found = [np.empty(0)]
        for losses in self._way(last):
            found.append(losses)
            yield self._trainer.experiment.steps
        return np.concatenate(found)

    def history(self, step: int) -> Generator[int, None, LossHistory]:
        """Look for the losses of all steps up to `step`, as `search` does."""
        losses, last = self._run.losses, np.empty(0)
        if (first := losses.missing(step)) <= step:
            last = yield from self.stretch(first, step)
        return losses.until(step, last)

    def until(self, step: int) -> Run:
        """Return a run of its own that has come to `step` as this one had; ValueError beyond the run."""
        moment, search = self.at(step), Search(self.history(step), step)
        search.go_on()
        return self.cut(moment, search.found)

    def cut(self, moment: Snapshot, losses: LossHistory) -> Run:
        """Return a run of its own that has come to a moment of this one, with the losses up to it."""
        run, step = self._run, moment.step
        kept = [each for each in run.timeline.snapshots if each.step < step]
        journal = [entry for entry in run.journal if entry.step <= step]
        return Run(run.recipe, losses, Timeline([*kept, moment]), journal, origin=(run.name, step))

    def _changes_until(self, step: int) -> int:
        return bisect_right(self._run.journal, step, key=lambda entry: entry.step)

    def _arrived(self, step: int) -> bool:
        experiment = self._trainer.experiment
        return experiment.steps >= step and experiment.changes >= self._changes_until(step)

    def _way(self, step: int) -> Iterator[Array]:
        """Take the steps up to `step`, and what was changed on the way, again; yield the losses of a few."""
        experiment = self._trainer.experiment
        while not self._arrived(step):
            before = experiment.steps, experiment.changes
            yield self._come_closer(step)
            if (experiment.steps, experiment.changes) == before:  # it diverges here, as on no other processor
                return

    def _come_closer(self, step: int) -> Array:
        """Make the next few changes, or else take the next few steps; return their losses."""
        experiment, journal = self._trainer.experiment, self._run.journal
        first, last = experiment.changes, self._changes_until(experiment.steps)
        for entry in journal[first : min(last, first + CHANGES)]:
            experiment.change(entry.key, entry.value)
        if first < last:
            self._pace.restart()  # a step may take much longer now
            return np.empty(0)
        coming = min([step, *(entry.step for entry in journal[first : first + 1])])
        count, began = min(coming - experiment.steps, self._pace.due(experiment.steps)), time.monotonic()
        losses = self._trainer.step(count).losses
        self._pace.note(count, time.monotonic() - began)
        return losses
