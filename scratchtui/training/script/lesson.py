"""Lessons: what the script of a run has of its experiment: data, batches, how weights are drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.hyperparameter import Settings, Value


class Lesson(ABC):
    """One experiment's part of a script.

    `experiment` is at the moment that is written about, `past` all settings that the run had, the first
    ones first. `seeds` is into how many the seed is split, `weight_seed` which of them draws the weights.
    """

    seeds: ClassVar[int]
    weight_seed: ClassVar[int]

    def __init__(self, experiment: Experiment, past: Sequence[Settings]) -> None:
        self.experiment = experiment
        self.past = past

    @property
    def settings(self) -> Settings:
        """The settings at the moment that is written about."""
        return self.experiment.settings

    def ever(self, key: str) -> list[Value]:
        """Return the values that a setting had in the course of the run, each once."""
        return list(dict.fromkeys(settings[key] for settings in self.past))

    @property
    @abstractmethod
    def variables(self) -> tuple[str, ...]:
        """The live settings that the script knows by their own names."""

    @property
    def next_batch(self) -> str:
        """How the next batch, inputs and targets, is had."""
        return "next_batch()"

    @abstractmethod
    def loss(self, settings: Settings) -> str:
        """Return the name of the loss, which is one of `LOSSES`."""

    @abstractmethod
    def drawing(self, shape: tuple[int, ...], *, last: bool) -> str:
        """Return how weights of a shape are drawn from `rng`; `last` is the layer that answers."""

    @abstractmethod
    def data(self) -> str:
        """Return the code of the dataset, and of taking batches from it."""

    @abstractmethod
    def renewed(self, key: str) -> str:
        """Return the code that carries a changed setting, which is no variable, into the data; or none."""


def drawn(initializer: str, shape: tuple[int, ...], scale: float = 1.0) -> str:
    """Return how an initializer draws weights of a shape: (inputs, outputs), or (F, C, K, K)."""
    if initializer == "uniform":
        return f"rng.uniform({-scale!r}, {scale!r}, {shape})"
    area = shape[2] * shape[3] if len(shape) == 4 else 1
    fan_in, fan_out = (shape[1] * area, shape[0] * area) if len(shape) == 4 else shape
    variance = f"2 / ({fan_in} + {fan_out})" if initializer == "xavier" else f"2 / {fan_in}"
    return f"rng.normal(0.0, {'' if scale == 1.0 else f'{scale!r} * '}np.sqrt({variance}), {shape})"
