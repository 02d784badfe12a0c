"""Activations: functions of one number, applied to each element. Shapes: x (...), y (...) alike.

Without them any number of layers is one linear map. NaN stays NaN and infinity goes to the limit.
"""

import math

import numpy as np

from scratchtui.nn.arrays import Array, Shape, constant
from scratchtui.nn.layers import Layer

ZERO, HALF, ONE = constant(0.0), constant(0.5), constant(1.0)


class Elementwise(Layer):
    """A function of each number by itself."""

    order = "K"


class ReLU(Elementwise):
    """Rectifier y = max(x, 0), with dy/dx = 1 where x > 0 and 0 elsewhere, x = 0 included."""

    def forward(self, x: Array) -> Array:
        """Return max(x, 0)."""
        return np.maximum(self._receive(x), ZERO, out=self._y)  # fmax would turn NaN into 0

    def backward(self, dy: Array) -> Array:
        """Return dL/dx = dy where x > 0, else 0."""
        dy = self._receive_gradient(dy)
        np.sign(self._y, out=self._dx)  # y >= 0, so its sign is 1 exactly where x > 0
        return np.multiply(self._dx, dy, out=self._dx)


class LeakyReLU(Elementwise):
    """Rectifier that never goes quite flat: y = x where x > 0, slope * x elsewhere."""

    def __init__(self, slope: float = 0.01) -> None:
        """Take the slope for x <= 0, any finite number."""
        super().__init__()
        if not math.isfinite(slope):
            raise ValueError(f"slope must be finite, not {slope}")
        self.slope = slope

    def forward(self, x: Array) -> Array:
        """Return x where x > 0, slope * x elsewhere."""
        x = self._receive(x)
        np.greater(x, ZERO, out=self._positive)
        np.multiply(x, self.slope, out=self._y)
        np.copyto(self._y, x, where=self._positive)
        return self._y

    def backward(self, dy: Array) -> Array:
        """Return dL/dx = dy where x > 0, slope * dy elsewhere."""
        dy = self._receive_gradient(dy)
        np.multiply(dy, self.slope, out=self._dx)
        np.copyto(self._dx, dy, where=self._positive)
        return self._dx

    def __repr__(self) -> str:
        return f"LeakyReLU({self.slope})"

    def _allocate(self, x_shape: Shape, y_shape: Shape) -> None:
        super()._allocate(x_shape, y_shape)
        self._positive = np.empty_like(self._y, bool)


class Sigmoid(Elementwise):
    """Logistic function y = 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2, with dy/dx = y (1 - y)."""

    def forward(self, x: Array) -> Array:
        """Return 1 / (1 + exp(-x))."""
        return sigmoid(self._receive(x), out=self._y)

    def backward(self, dy: Array) -> Array:
        """Return dL/dx = dy y (1 - y)."""
        dy = self._receive_gradient(dy)
        np.subtract(ONE, self._y, out=self._dx)
        np.multiply(self._dx, self._y, out=self._dx)
        return np.multiply(self._dx, dy, out=self._dx)


class Tanh(Elementwise):
    """Hyperbolic tangent y = tanh(x), with dy/dx = 1 - y^2."""

    def forward(self, x: Array) -> Array:
        """Return tanh(x)."""
        return np.tanh(self._receive(x), out=self._y)

    def backward(self, dy: Array) -> Array:
        """Return dL/dx = dy (1 - y^2)."""
        dy = self._receive_gradient(dy)
        np.multiply(self._y, self._y, out=self._dx)
        np.subtract(ONE, self._dx, out=self._dx)
        return np.multiply(self._dx, dy, out=self._dx)


def sigmoid(x: Array, out: Array) -> Array:
    """Fill `out` with 1 / (1 + exp(-x)) by way of tanh, which cannot overflow.

    It is right to within 1e-16, so that below x = -37 it is 0.
    """
    np.multiply(x, HALF, out=out)
    np.tanh(out, out=out)
    np.multiply(out, HALF, out=out)
    return np.add(out, HALF, out=out)


def softmax(z: Array) -> Array:
    """Return exp(z) / sum of exp(z) over the last axis of logits (..., V), less their largest."""
    with np.errstate(over="ignore"):  # a difference of -inf is a probability of 0
        powers = np.exp(z - np.maximum.reduce(z, axis=-1, keepdims=True))
    return np.asarray(powers / np.add.reduce(powers, axis=-1, keepdims=True))
