"""The proof of claims: each is tried with many seeds, and what comes out is counted."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments import find_experiment
from scratchtui.experiments.recipe import Recipe, default_recipe, find_hyperparameter
from scratchtui.training.trainer import Halt, Trainer
from scratchtui.training.until import Until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scratchtui.experiments.claim import Claim
    from scratchtui.experiments.experiment import Experiment


@dataclass(frozen=True)
class Trial:
    """One seed of a claim, as plain data: `steps` to take (None: to the goal), and what is to hold then."""

    recipe: Recipe
    steps: int | None
    holds: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What came out of a trial: what each condition measured, and whether all of them held.

    `words` say why training ended early where it went wrong.
    """

    held: bool
    measured: tuple[float, ...]
    steps: int
    seconds: float
    words: str = ""


def try_out(trial: Trial) -> Outcome:
    """Train as the trial says, and measure."""
    began = perf_counter()
    trainer = Trainer(trial.recipe)
    experiment = trainer.experiment
    conditions = [Until.of(text) for text in trial.holds]
    with np.errstate(over="ignore", invalid="ignore"):
        halt = _trained(trainer, trial.steps)
        diverged = halt is not None and halt.kind == "diverged"
        return Outcome(
            held=not diverged and all(condition.met(experiment) for condition in conditions),
            measured=tuple(float(experiment.measure(condition.metric)) for condition in conditions),
            steps=experiment.steps,
            seconds=perf_counter() - began,
            words=halt.reason if halt is not None and diverged else "",
        )


def _trained(trainer: Trainer, steps: int | None) -> Halt | None:
    if steps is not None:
        return trainer.step(steps).halt
    goal = Until.goal_of(trainer.experiment)
    if goal.met(trainer.experiment):
        return None
    return trainer.step(trainer.experiment.step_budget(), goal).halt


@dataclass(frozen=True)
class Verdict:
    """A claim that has been tried with seeds 0, 1, ...: `outcomes` has one for each."""

    experiment: str
    claim: Claim
    trials: tuple[Trial, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def held(self) -> int:
        """With how many seeds it held."""
        return sum(outcome.held for outcome in self.outcomes)

    @property
    def passed(self) -> bool:
        """Whether it held with the share of the seeds that it speaks of."""
        return self.held >= math.ceil(self.claim.share * len(self.outcomes) - 1e-9)

    @property
    def failed(self) -> list[tuple[Trial, Outcome]]:
        """The trials that it did not hold in."""
        return [pair for pair in zip(self.trials, self.outcomes, strict=True) if not pair[1].held]

    @property
    def worst(self) -> dict[str, float]:
        """By condition, what was measured furthest on the wrong side; nan where it could not be measured."""
        columns = zip(*(outcome.measured for outcome in self.outcomes), strict=True)
        return {
            condition: _worst(column, Until.of(condition).sign)
            for condition, column in zip(self.claim.holds, columns, strict=True)
        }

    @property
    def median_steps(self) -> float:
        """How many steps were taken: the median over the seeds."""
        return statistics.median(outcome.steps for outcome in self.outcomes)

    @property
    def seconds(self) -> float:
        """How long the trials took, one after the other."""
        return sum(outcome.seconds for outcome in self.outcomes)


def _worst(measured: Sequence[float], sign: str) -> float:
    if any(math.isnan(value) for value in measured):
        return math.nan
    return max(measured) if sign == "<" else min(measured)


class Proof:
    """Every trial of the claims of some experiments, and the verdicts as outcomes are taken in.

    Verdicts come in the order of the claims, whatever the order of the outcomes. `claims` has each claim
    with the name of its experiment; `trials` begin with one of each, so that `share` soon knows what
    each costs.
    """

    def __init__(self, names: Sequence[str], seeds: int) -> None:
        kinds = [find_experiment(name) for name in names]
        self.claims = [(kind.name, claim) for kind in kinds for claim in kind.claims]
        by_claim = [trials_of(kind, claim, seeds) for kind in kinds for claim in kind.claims]
        places = [(place, seed) for place, trials in enumerate(by_claim) for seed in range(len(trials))]
        self._places = sorted(places, key=lambda place: place[1] > 0)
        self._by_claim = by_claim
        self._outcomes: list[dict[int, Outcome]] = [{} for _ in by_claim]
        self._told = 0
        self.trials = [by_claim[place][seed] for place, seed in self._places]

    def take(self, place: int, outcome: Outcome) -> None:
        """Take in the outcome of a trial, by its place in `trials`."""
        claim, seed = self._places[place]
        self._outcomes[claim][seed] = outcome

    def verdicts(self) -> Iterator[Verdict]:
        """Yield the verdicts that can be given and have not been."""
        while self._told < len(self.claims):
            trials, outcomes = self._by_claim[self._told], self._outcomes[self._told]
            if len(outcomes) < len(trials):
                return
            in_order = tuple(outcomes[seed] for seed in range(len(trials)))
            yield Verdict(*self.claims[self._told], tuple(trials), in_order)
            self._told += 1

    @property
    def share(self) -> float:
        """How much of the work is done, 0 to 1: in seconds, a claim not yet tried costing what others do."""
        known = [outcome.seconds for outcomes in self._outcomes for outcome in outcomes.values()]
        spent, expected = sum(known), 0.0
        for trials, outcomes in zip(self._by_claim, self._outcomes, strict=True):
            seconds = [outcome.seconds for outcome in outcomes.values()] or known or [1.0]
            expected += sum(seconds) / len(seconds) * len(trials)
        return spent / expected if expected else 1.0


def trials_of(kind: type[Experiment], claim: Claim, seeds: int) -> list[Trial]:
    """Return a trial for each of so many seeds, within what the claim speaks of; one a recipe at least."""
    count = max(min(seeds, claim.most_seeds), len(claim.recipes))
    return [Trial(_recipe(kind, claim, seed), claim.steps, claim.holds) for seed in range(count)]


def _recipe(kind: type[Experiment], claim: Claim, seed: int) -> Recipe:
    recipe = default_recipe(kind, seed)
    for key, text in claim.recipes[seed % len(claim.recipes)].items():
        recipe = recipe.with_value(key, find_hyperparameter(kind, key).parse(text))
    return recipe
