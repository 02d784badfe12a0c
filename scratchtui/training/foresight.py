"""What was foretold of a run, from where its settings were last changed, beside which the outcome is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.experiments import build

if TYPE_CHECKING:
    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.forecast import Forecast
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.training.run import Run


class Foresight:
    """The forecast of one run."""

    forecast: Forecast

    def __init__(self, run: Run) -> None:
        """Foretell from the first snapshot after all that was changed."""
        self._experiment = build(run.recipe)
        changes = run.latest.changes
        self._awaited: int | None = None
        run.reading(
            lambda: self._foretell(next(each for each in run.timeline.snapshots if each.changes == changes))
        )

    def changed(self, experiment: Experiment) -> None:
        """Foretell from the experiment as it was changed here, until the worker's step is known."""
        self.forecast = experiment.forecast()
        self._awaited = experiment.changes

    def heard(self, snapshots: tuple[Snapshot, ...]) -> None:
        """Foretell from the very step on which the worker took the last change up, if it is among these."""
        if self._awaited is None:
            return
        for snapshot in snapshots:
            if snapshot.changes >= self._awaited:
                self._awaited = None
                self._foretell(snapshot)
                return

    def _foretell(self, snapshot: Snapshot) -> None:
        self._experiment.restore(snapshot)
        self.forecast = self._experiment.forecast()
