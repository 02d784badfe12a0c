"""Multilayer perceptrons: dense layers with an activation between any two, one output."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.hyperparameter import quoted
from scratchtui.nn import Dense, Layer, LeakyReLU, Penalized, ReLU, Sigmoid, Tanh, he, uniform, xavier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scratchtui.experiments.twin import Twin
    from scratchtui.nn import Array

ACTIVATIONS: dict[str, Callable[[], Layer]] = {
    "sigmoid": Sigmoid,
    "tanh": Tanh,
    "relu": ReLU,
    "leaky_relu": LeakyReLU,
}
BOUNDED = {"sigmoid", "tanh"}  # within -1..1
INITIALIZERS = {"xavier": xavier, "he": he, "uniform": uniform}
MOST_LAYERS, MOST_UNITS = 4, 32


def read_hidden(text: str) -> tuple[int, ...]:
    """Return the units of each hidden layer, written 4 or 8,8; none at all for `none` or 0; or ValueError."""
    plain = re.sub(r"\s", "", text.lower())
    if plain in {"none", "0"}:
        return ()
    if not re.fullmatch(r"[0-9]{1,6}(,[0-9]{1,6})*", plain):
        raise ValueError(f"hidden is none, or units by layer such as 4 or 8,8, not {quoted(text)}")
    sizes = tuple(int(part) for part in plain.split(","))
    if len(sizes) > MOST_LAYERS or not all(1 <= size <= MOST_UNITS for size in sizes):
        nearest = ",".join(str(min(max(size, 1), MOST_UNITS)) for size in sizes[:MOST_LAYERS])
        raise ValueError(
            f"hidden = {text:.40} is not within {MOST_LAYERS} layers of 1 to {MOST_UNITS} units; "
            f"the nearest is {nearest}"
        )
    return sizes


@dataclass(frozen=True)
class Perceptron:
    """How many inputs and hidden units there are, by layer, and the names of activation and initializer."""

    inputs: int
    hidden: tuple[int, ...]
    activation: str
    initializer: str

    def build(self, rng: np.random.Generator) -> Penalized:
        """Return the network, (N, D) to logits (N, 1): their sigmoid is what it says."""
        initializer = INITIALIZERS[self.initializer]()
        layers: list[Layer] = []
        for inputs, outputs in pairwise((self.inputs, *self.hidden)):
            layers += [
                Dense(inputs, outputs, rng, initializer=initializer),
                ACTIVATIONS[self.activation](),
            ]
        last = (self.inputs, *self.hidden)[-1]
        return Penalized(*layers, Dense(last, 1, rng, initializer=initializer))


def dense_of(parameters: Mapping[str, Array]) -> list[tuple[Array, Array]]:
    """Return W (D, M) and b (M,) of each layer."""
    tensors = list(parameters.values())
    return list(zip(tensors[::2], tensors[1::2], strict=True))


def says(logits: Array) -> Array:
    """Return what is said by logits (N, 1): (N,), in 0..1."""
    return Sigmoid().forward(logits)[:, 0].copy() if len(logits) else np.empty(0)


def activations(twin: Twin, x: Array) -> list[Array]:
    """Return the activations of each hidden layer (N, M), and last what is said (N, 1), for x (N, D)."""
    outputs = [(layer, y.copy()) for layer, y in twin.outputs(x)]
    hidden = [y for layer, y in outputs if not isinstance(layer, Dense)]
    return [*hidden, says(outputs[-1][1])[:, None]]
