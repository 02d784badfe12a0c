"""The optimizer that settings ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.nn import SGD, Adam, Momentum, Optimizer, RMSProp

if TYPE_CHECKING:
    from scratchtui.experiments.hyperparameter import Settings
    from scratchtui.nn import Array


def make_optimizer(parameters: Array, settings: Settings) -> Optimizer:
    """Return what is to update `parameters`, (P,), in place, at rest."""
    rate = float(settings["learning_rate"])
    match settings["optimizer"]:
        case "momentum":
            return Momentum(parameters, rate, float(settings["momentum"]))
        case "rmsprop":
            return RMSProp(parameters, rate)
        case "adam":
            return Adam(parameters, rate)
        case _:
            return SGD(parameters, rate)


def tune(optimizer: Optimizer, settings: Settings) -> None:
    """Carry the learning rate and the momentum into an optimizer, which remembers what it did."""
    optimizer.learning_rate = float(settings["learning_rate"])
    if isinstance(optimizer, Momentum):
        optimizer.momentum = float(settings["momentum"])
