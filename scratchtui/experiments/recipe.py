"""Recipes: all that determines a run, and the hyperparameters that every experiment has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scratchtui.experiments.elements import NONE
from scratchtui.experiments.hyperparameter import Hyperparameter, Settings, Value, suggestion

if TYPE_CHECKING:
    from scratchtui.experiments.experiment import Experiment

LEARNING_RATE = Hyperparameter(
    "learning_rate", "learning rate", "float", 0.01, "how far each step goes down the gradient",
    live=True, low=1e-6, high=100.0,
)  # fmt: skip
OPTIMIZER = Hyperparameter(
    "optimizer", "optimizer", "choice", "sgd", "how a gradient becomes an update",
    live=True, choices=("sgd", "momentum", "rmsprop", "adam"),
)  # fmt: skip
MOMENTUM = Hyperparameter(
    "momentum", "momentum", "float", 0.9, "how much of the last update is kept",
    live=True, low=0.0, high=0.99, step=0.05, when={"optimizer": ("momentum",)},
)  # fmt: skip
BATCH_SIZE = Hyperparameter(
    "batch_size", "batch size", "integer", 0, "how many rows each step sees",
    live=True, low=1, high=65536, names={"all": 0},
)  # fmt: skip
FROZEN = Hyperparameter("frozen", "frozen", "text", NONE, "weights that keep their value", live=True)
SEED = Hyperparameter("seed", "seed", "integer", 0, "what all randomness comes from", low=0, high=2**32 - 1)


def frozen_of(tensor: str) -> Hyperparameter:
    """Return FROZEN with examples of a tensor: an element, a row, all of it, its layer."""
    layer = tensor.rpartition(".")[0]
    return replace(FROZEN, choices=(NONE, f"{tensor}[2,0]", f"{tensor}[2]", tensor, layer))


@dataclass(frozen=True)
class Recipe:
    """All that determines a run: experiment, settings (the dataset among them), seed."""

    experiment: str
    settings: Settings
    seed: int = 0

    def with_value(self, key: str, value: Value) -> Recipe:
        """Return this recipe with one setting, or the seed, changed."""
        if key == SEED.key:
            return replace(self, seed=int(value))
        return replace(self, settings={**self.settings, key: value})

    def value(self, key: str) -> Value:
        """Return a setting, or the seed."""
        return self.seed if key == SEED.key else self.settings[key]


def find_hyperparameter(experiment: type[Experiment], key: str) -> Hyperparameter:
    """Return the hyperparameter of that key; ValueError names the nearest there is."""
    known = {h.key: h for h in (*experiment.hyperparameters, SEED)}
    if key not in known:
        raise ValueError(f"{experiment.name} has no hyperparameter {key!r}; {suggestion(key, known)}")
    return known[key]


def default_recipe(experiment: type[Experiment], seed: int = 0) -> Recipe:
    """Return the recipe that an experiment starts with."""
    return Recipe(experiment.name, {h.key: h.default for h in experiment.hyperparameters}, seed)
