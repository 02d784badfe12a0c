"""Where a run ceases to be finite: the first array that does, found by doing the step once more."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.nn import Array, Layer


def first_fault(experiment: Experiment) -> str:
    """Return which array the next step makes infinite or NaN first; nothing if there is none.

    In order: what each layer makes of the batch, the loss, the gradients, and the weights after the update.
    The experiment is left as it was.
    """
    before = experiment.snapshot()
    faults: list[str] = []
    with np.errstate(all="ignore"), _watched(experiment, faults):
        loss = experiment.gradient()
    network = experiment.network
    if not faults and not np.isfinite(loss):
        faults.append(f"loss {loss}")
    faults += _among(network.gradients, "the gradient of ")
    if not faults:
        experiment.restore(before)
        with np.errstate(all="ignore"):
            experiment.step()
        faults += _among(network.parameters, "")
    experiment.restore(before)
    return faults[0] if faults else ""


def overflowed(experiment: Experiment) -> bool:
    """Whether the last update has left a weight that is no finite number."""
    vector = experiment.network.vector
    return not math.isfinite(np.dot(vector, vector)) and not np.isfinite(vector).all()


def _among(arrays: dict[str, Array], what: str) -> list[str]:
    return [f"{what}{name} {_first(array)}" for name, array in arrays.items() if not np.isfinite(array).all()]


def _first(array: Array) -> str:
    return str(array[~np.isfinite(array)].item(0))


@contextmanager
def _watched(experiment: Experiment, faults: list[str]) -> Iterator[None]:
    """Note what layers make that is not finite, while they are none the wiser."""
    layers = experiment.network.layers
    for place, layer in enumerate(layers):
        vars(layer)["forward"] = _noting(layer, f"{place}.{type(layer).__name__}", faults)
    try:
        yield
    finally:
        for layer in layers:
            del vars(layer)["forward"]


def _noting(layer: Layer, name: str, faults: list[str]) -> Callable[[Array], Array]:
    forward = layer.forward

    def noting(x: Array) -> Array:
        y = forward(x)
        finite = np.isfinite(y.reshape(len(y), -1)).all(axis=1)
        if not finite.all():
            row = f" of row {int(np.argmin(finite)) + 1}" if len(y) > 1 else ""
            faults.append(f"output{row} of {name} {_first(y)}")
        return y

    return noting
