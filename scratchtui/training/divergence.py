"""Where a run ceases to be finite: the first array that does, found by doing the step once more."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.nn import Array, Layer


def first_fault(experiment: Experiment) -> str:
    """Return which array the next step makes infinite or NaN first; nothing if there is none.

    In the order in which a step computes them: the output of each layer, the loss, the gradients from the
    last layer to the first, the optimizer's memory, the weights. The experiment is left as it was.
    """
    before = experiment.snapshot()
    with np.errstate(all="ignore"):
        fault = _fault_of_gradient(experiment)
        experiment.restore(before)
        if not fault:
            experiment.step()
            fault = _fault_of_update(experiment)
            experiment.restore(before)
    return fault


def weights_overflowed(experiment: Experiment) -> bool:
    """Whether the last update has left a weight that is no finite number."""
    return not _finite(experiment.network.vector)


def overflowed(experiment: Experiment) -> bool:
    """Whether a weight is no finite number, or something in the optimizer's memory.

    Adam and RMSProp never again move a weight of which the gradient's square has overflowed.
    """
    return weights_overflowed(experiment) or not _finite(experiment.optimizer.state)


def _finite(vector: Array) -> bool:
    """Whether all is finite: by one dot product, unless that overflows."""
    return math.isfinite(np.dot(vector, vector)) or bool(np.isfinite(vector).all())


def _fault_of_gradient(experiment: Experiment) -> str:
    network, forward, backward = experiment.network, list[str](), list[str]()
    with _watched(network.layers, forward, backward):
        loss = experiment.gradient()
    in_loss = [] if math.isfinite(loss) else [f"loss {loss}"]
    in_gradient = _among(network.gradients, "gradient of ")  # what was added to it after the layers
    return next(iter([*forward, *in_loss, *backward, *in_gradient]), "")


def _fault_of_update(experiment: Experiment) -> str:
    network, optimizer = experiment.network, experiment.optimizer
    size = network.vector.size
    for vector in optimizer.state[: optimizer.vectors * size].reshape(-1, size):
        if not (finite := np.isfinite(vector)).all():
            tensor = experiment.elements.name(int(np.argmin(finite))).partition("[")[0]
            return f"{type(optimizer).__name__}'s memory of {tensor} {_first(vector)}"
    return next((f"{fault} after the update" for fault in _among(network.parameters, "")), "")


def _among(arrays: Mapping[str, Array], what: str) -> list[str]:
    return [f"{what}{name} {_first(array)}" for name, array in arrays.items() if not np.isfinite(array).all()]


def _first(array: Array) -> str:
    return str(array[~np.isfinite(array)].item(0))


def _in_batch(name: str, array: Array) -> list[str]:
    """Say in which sample an array (N, ...) is not finite first, or of one sample (1, T, M) at which time."""
    if np.isfinite(array).all():
        return []
    what, rows = "in sample", array
    if len(array) == 1 and array.ndim == 3:  # (1, T, M)
        what, rows = "at time step", array[0]
    finite = np.isfinite(rows.reshape(len(rows), -1)).all(axis=1)
    where = f" {what} {int(np.argmin(finite)) + 1}" if len(rows) > 1 else ""
    return [f"{name} {_first(array)}{where}"]


@contextmanager
def _watched(layers: tuple[Layer, ...], forward: list[str], backward: list[str]) -> Iterator[None]:
    """Note what layers make that is not finite, while they are none the wiser."""
    for place, layer in enumerate(layers):
        name = f"{place}.{type(layer).__name__}"
        vars(layer).update(
            forward=_noting_output(layer, name, forward),
            backward=_noting_gradients(layer, layer.backward, name, backward),
            backward_to_parameters=_noting_gradients(layer, layer.backward_to_parameters, name, backward),
        )
    try:
        yield
    finally:
        for layer in layers:
            for method in ("forward", "backward", "backward_to_parameters"):
                del vars(layer)[method]


def _noting_output(layer: Layer, name: str, faults: list[str]) -> Callable[[Array], Array]:
    forward = layer.forward

    def noting(x: Array) -> Array:
        y = forward(x)
        faults.extend(_in_batch(f"{name} output", y))
        return y

    return noting


def _noting_gradients(
    layer: Layer, backward: Callable[[Array], Array | None], name: str, faults: list[str]
) -> Callable[[Array], Array | None]:
    def noting(dy: Array) -> Array | None:
        dx = backward(dy)
        faults.extend(
            _among({f"{name}.{key}": array for key, array in layer.gradients.items()}, "gradient of ")
        )
        if dx is not None:
            faults.extend(_in_batch(f"gradient of {name} input", dx))
        return dx

    return noting
