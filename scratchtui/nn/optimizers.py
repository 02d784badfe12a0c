"""Optimizers: how a gradient g becomes a step of the parameters w, both flat vectors (P,).

An optimizer updates in place the vector that it was given. Its whole memory is the flat `state`: copy
it with the parameters, restore both in place (`optimizer.state[:] = saved`), and training goes on bit
for bit. Hyperparameters are floats that may be set between two steps.
"""

import math
from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from scratchtui.nn.arrays import Array, constant


class Optimizer(ABC):
    """Moves `parameters` against a gradient.

    A subclass says what it remembers: `vectors` arrays like the parameters, and `numbers` more.
    """

    vectors: ClassVar[int] = 0
    numbers: ClassVar[int] = 0

    def __init__(self, parameters: Array, learning_rate: float) -> None:
        """Take the flat vector to update; ValueError if it is not one, or for a bad rate."""
        if not isinstance(parameters, np.ndarray) or parameters.ndim != 1 or parameters.dtype != np.float64:
            raise ValueError("parameters must be a flat float64 array (P,), updated in place")
        self.parameters = parameters
        self.state: Array = np.zeros(self.vectors * parameters.size + self.numbers)
        self.learning_rate = learning_rate
        self._change = np.empty_like(parameters)

    @property
    def learning_rate(self) -> float:
        """The size of a step; ValueError unless finite and above 0."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"learning_rate must be finite and > 0, not {value}")
        self._learning_rate = float(value)
        self._rate = constant(value)

    @abstractmethod
    def step(self, gradient: Array) -> None:
        """Update the parameters in place for dL/dparameters (P,)."""

    def _receive(self, gradient: Array) -> Array:
        if gradient.shape != self.parameters.shape:
            expected = self.parameters.shape
            raise ValueError(f"gradient {gradient.shape} must have the shape {expected}")
        return gradient


class SGD(Optimizer):
    """Gradient descent: w <- w - learning_rate g."""

    def step(self, gradient: Array) -> None:
        """Go straight downhill, the further the steeper."""
        np.multiply(self._receive(gradient), self._rate, out=self._change)
        np.subtract(self.parameters, self._change, out=self.parameters)


class Momentum(Optimizer):
    """Gradient descent with inertia: v <- momentum v - learning_rate g, then w <- w + v.

    `state` is v. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
    """

    vectors = 1

    def __init__(self, parameters: Array, learning_rate: float, momentum: float = 0.9) -> None:
        """Start at rest; `momentum` is in 0..1, 1 excluded."""
        super().__init__(parameters, learning_rate)
        self.momentum = momentum

    @property
    def momentum(self) -> float:
        """The part of the velocity that a step keeps; ValueError unless 0 <= momentum < 1."""
        return self._momentum

    @momentum.setter
    def momentum(self, value: float) -> None:
        self._momentum = _fraction("momentum", value)
        self._kept = constant(value)

    def step(self, gradient: Array) -> None:
        """Let the gradient bend the velocity, then move with it."""
        v = self.state
        np.multiply(self._receive(gradient), self._rate, out=self._change)
        np.multiply(v, self._kept, out=v)
        np.subtract(v, self._change, out=v)
        np.add(self.parameters, v, out=self.parameters)


class RMSProp(Optimizer):
    """Each gradient in units of its own recent size.

    s <- decay s + (1 - decay) g^2, then w <- w - learning_rate g / (sqrt(s) + epsilon).
    `state` is s. Tieleman & Hinton, "Lecture 6.5: rmsprop", Coursera, 2012.
    """

    vectors = 1

    def __init__(
        self,
        parameters: Array,
        learning_rate: float,
        decay: float = 0.9,
        epsilon: float = 1e-8,
    ) -> None:
        """Start with s = 0; 0 <= decay < 1 and epsilon > 0."""
        super().__init__(parameters, learning_rate)
        self.decay = _fraction("decay", decay)
        self.epsilon = _positive("epsilon", epsilon)

    def step(self, gradient: Array) -> None:
        """Move each parameter by its gradient in units of that gradient's recent size."""
        g, s, change = self._receive(gradient), self.state, self._change
        _average(s, np.multiply(g, g, out=change), self.decay)
        np.sqrt(s, out=change)
        np.add(change, self.epsilon, out=change)
        np.divide(g, change, out=change)
        np.multiply(change, self._rate, out=change)
        np.subtract(self.parameters, change, out=self.parameters)


class Adam(Optimizer):
    """Momentum and RMSProp together, both corrected for having started at zero.

    m <- beta1 m + (1 - beta1) g, and v <- beta2 v + (1 - beta2) g^2, then at step t = 1, 2, ...
    w <- w - learning_rate M / (sqrt(V) + epsilon), M = m / (1 - beta1^t), V = v / (1 - beta2^t).
    `state` is m, v and t. Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015.
    """

    vectors = 2
    numbers = 1

    def __init__(
        self,
        parameters: Array,
        learning_rate: float,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        """Start with m = v = 0 at t = 0; 0 <= beta < 1 and epsilon > 0."""
        super().__init__(parameters, learning_rate)
        self.beta1 = _fraction("beta1", beta1)
        self.beta2 = _fraction("beta2", beta2)
        self.epsilon = _positive("epsilon", epsilon)
        size = parameters.size
        self._m, self._v, self._t = np.split(self.state, [size, 2 * size])

    def step(self, gradient: Array) -> None:
        """Move along the mean gradient in units of its root mean square."""
        g, m, v, change = self._receive(gradient), self._m, self._v, self._change
        t = float(self._t[0]) + 1.0
        self._t[0] = t
        np.multiply(g, 1.0 - self.beta1, out=change)
        np.multiply(m, self.beta1, out=m)
        np.add(m, change, out=m)
        _average(v, np.multiply(g, g, out=change), self.beta2)
        np.divide(v, 1.0 - self.beta2**t, out=change)
        np.sqrt(change, out=change)
        np.add(change, self.epsilon, out=change)
        np.divide(m, change, out=change)
        np.multiply(change, self._learning_rate / (1.0 - self.beta1**t), out=change)
        np.subtract(self.parameters, change, out=self.parameters)


def _average(mean: Array, new: Array, decay: float) -> None:
    """Set mean <- decay mean + (1 - decay) new; `new` is used up."""
    np.multiply(mean, decay, out=mean)
    np.multiply(new, 1.0 - decay, out=new)
    np.add(mean, new, out=mean)


def _fraction(name: str, value: float) -> float:
    if not 0 <= value < 1:
        raise ValueError(f"{name} must be in 0..1 and below 1, not {value}")
    return float(value)


def _positive(name: str, value: float) -> float:
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name} must be finite and > 0, not {value}")
    return float(value)
