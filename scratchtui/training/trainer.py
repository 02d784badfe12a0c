"""The step loop: no clock, no process, no print. Whoever calls it decides when to stop."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from scratchtui.experiments import build
from scratchtui.training.divergence import first_fault, overflowed, weights_overflowed
from scratchtui.training.journal import Entry
from scratchtui.training.until import Until, Watch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.experiments.hyperparameter import Value
    from scratchtui.experiments.recipe import Recipe
    from scratchtui.experiments.snapshot import Snapshot


HaltKind = Literal["until", "stop", "diverged"]


@dataclass(frozen=True)
class Halt:
    """Why training stopped on a step: the goal or another condition was met, or a number is not finite."""

    kind: HaltKind
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
        self.experiment = build(recipe, snapshot)

    def step(self, count: int, until: Watch | Until | None = None) -> Stretch:
        """Take `count` steps, fewer if `until` is met after one or something is no longer finite."""
        experiment, losses, halt = self.experiment, np.empty(count), None
        taken, began = 0, experiment.snapshot()
        watch = Watch.of(until, experiment) if isinstance(until, Until) else until
        with np.errstate(over="ignore", invalid="ignore"):
            while taken < count:
                loss = experiment.step()
                if not math.isfinite(loss) or weights_overflowed(experiment):
                    break
                losses[taken] = loss
                taken += 1
                if watch is not None and watch.met():
                    words = f"{' and '.join(map(str, watch.reached))} at step {experiment.steps:,}"
                    halt = Halt("until" if watch.at_goal else "stop", experiment.steps, words)
                    break
            if (taken < count and halt is None) or overflowed(experiment):
                taken = self._return_to_finite(began, taken)
                halt = self._diverged()
        return Stretch(losses[:taken], halt)

    def change(self, key: str, value: Value) -> Entry:
        """Change a live hyperparameter, and return what is to stand in the journal; ValueError."""
        self.experiment.change(key, value)
        return Entry(self.experiment.steps, key, value)

    def _return_to_finite(self, began: Snapshot, steps: int) -> int:
        """Go to the last of `steps` taken that left all finite; return how many that are.

        What the optimizer remembers is not looked at on every step, and no update can be taken back.
        """
        experiment, finite = self.experiment, 0
        experiment.restore(began)
        while finite < steps and math.isfinite(experiment.step()) and not overflowed(experiment):
            finite += 1
        experiment.restore(began)
        for _ in range(finite):
            experiment.step()
        return finite

    def _diverged(self) -> Halt:
        step = self.experiment.steps + 1
        fault, advice = first_fault(self.experiment), self.experiment.divergence_advice()
        return Halt("diverged", step, f"diverged at step {step:,}: {fault}; {advice}")
