"""Multilayer perceptrons: dense layers with an activation between any two, one output."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.nn import Dense, Layer, LeakyReLU, Penalized, ReLU, Sigmoid, Tanh, he, uniform, xavier

if TYPE_CHECKING:
    from collections.abc import Callable

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
        raise ValueError(f"hidden is none, or units by layer such as 4 or 8,8, not {text!r:.40}")
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


class Mirror:
    """A second network of the same parameters: to look at, so that no look disturbs the buffers of a step."""

    def __init__(self, shape: Perceptron) -> None:
        self.network = shape.build(np.random.default_rng(0))
        self._squash = Sigmoid()

    def logits(self, vector: Array, x: Array) -> Array:
        """Return the output (N, 1) of the network with these parameters (P,) for x (N, D)."""
        self.network.load(vector)
        return self.network.forward(x)

    def says(self, vector: Array, x: Array) -> Array:
        """Return what the network with these parameters (P,) says to x (N, D): (N,), in 0..1."""
        if not len(x):
            return np.empty(0)
        with np.errstate(over="ignore", invalid="ignore"):
            return self._squash.forward(self.logits(vector, x))[:, 0].copy()

    def layers(self, vector: Array, x: Array) -> list[Array]:
        """Return the activations of each hidden layer (N, M), and last what is said (N, 1), for x (N, D)."""
        self.network.load(vector)
        outputs, y = [], x
        with np.errstate(over="ignore", invalid="ignore"):
            for layer in self.network.layers:
                y = layer.forward(y)
                if not isinstance(layer, Dense):
                    outputs.append(y.copy())
            return [*outputs, self._squash.forward(y).copy()]
