"""What was foretold of a run, from where its settings were last changed, beside which the outcome is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.experiments import build

if TYPE_CHECKING:
    from scratchtui.experiments.experiment import Forecast
    from scratchtui.experiments.hyperparameter import Settings
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.training.run import Run


class Foresight:
    """The forecast of one run."""

    forecast: Forecast

    def __init__(self, run: Run, settings: Settings) -> None:
        """Foretell from the first snapshot that has the last one's settings."""
        self._experiment = build(run.recipe)
        origin = run.latest
        for moment in reversed(run.timeline.moments):
            if dict(moment.settings) != settings:
                break
            origin = moment
        self._early = False
        self._foretell(origin)

    def changed(self, forecast: Forecast) -> None:
        """Take a forecast made as a setting was changed here, until the worker's step is known."""
        self.forecast = forecast
        self._early = True

    def heard(self, moments: tuple[Snapshot, ...], settings: Settings) -> None:
        """Foretell from the very step on which the worker took the change up, if it is among these."""
        if not self._early:
            return
        for moment in moments:
            if dict(moment.settings) == settings:
                self._early = False
                self._foretell(moment)
                return

    def _foretell(self, moment: Snapshot) -> None:
        self._experiment.restore(moment)
        self.forecast = self._experiment.forecast()
