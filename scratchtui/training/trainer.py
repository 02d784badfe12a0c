"""The step loop: no clock, no process, no print. Whoever calls it decides when to stop."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from scratchtui.experiments import build
from scratchtui.training.divergence import first_fault, overflowed
from scratchtui.training.journal import Entry
from scratchtui.training.until import Until, Watch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.experiments.hyperparameter import Value
    from scratchtui.experiments.recipe import Recipe
    from scratchtui.experiments.snapshot import Snapshot


@dataclass(frozen=True)
class Halt:
    """Why training stopped on a step: the goal or another condition was met, or a number is not finite."""

    kind: Literal["until", "stop", "diverged"]
    step: int
    reason: str


@dataclass(frozen=True)
class Stretch:
    """Consecutive steps: the loss of each, (S,), and why they ended early, if they did."""

    losses: NDArray[np.float64]
    halt: Halt | None


class Trainer:
    """One recipe being carried out; the same recipe gives the same losses, bit for bit."""

    def __init__(self, recipe: Recipe, snapshot: Snapshot | None = None) -> None:
        self.experiment = build(recipe)
        if snapshot is not None:
            self.experiment.restore(snapshot)

    def step(self, count: int, until: Watch | Until | None = None) -> Stretch:
        """Take `count` steps, fewer if `until` is met after one or something is no longer finite."""
        experiment, losses, halt = self.experiment, np.empty(count), None
        taken, began = 0, experiment.snapshot()
        watch = Watch.of(until, experiment) if isinstance(until, Until) else until
        with np.errstate(over="ignore", invalid="ignore"):
            while taken < count:
                loss = experiment.step()
                if not math.isfinite(loss):
                    halt = self._diverged(loss)
                    break
                if overflowed(experiment):
                    self._return_to(began, taken)
                    halt = self._diverged(loss)
                    break
                losses[taken] = loss
                taken += 1
                if watch is not None and watch.met():
                    words = f"{' and '.join(map(str, watch.reached))} at step {experiment.steps:,}"
                    halt = Halt("until" if watch.at_goal else "stop", experiment.steps, words)
                    break
        return Stretch(losses[:taken], halt)

    def change(self, key: str, value: Value) -> Entry:
        """Change a live hyperparameter, and return what is to stand in the journal; ValueError."""
        self.experiment.change(key, value)
        return Entry(self.experiment.steps, key, value)

    def _return_to(self, began: Snapshot, steps: int) -> None:
        """Go back to where as many steps had been taken: an update cannot be taken back."""
        self.experiment.restore(began)
        for _ in range(steps):
            self.experiment.step()

    def _diverged(self, loss: float) -> Halt:
        step = self.experiment.steps + 1
        fault = first_fault(self.experiment) or f"loss {loss}"
        advice = self.experiment.divergence_advice()
        return Halt("diverged", step, f"diverged at step {step:,}: {fault}; {advice}")
