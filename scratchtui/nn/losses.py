"""Losses: how wrong a batch of predictions is, and dL/dprediction.

Each is a function (prediction, target) -> (loss, gradient), the loss a float, the gradient of the shape of
the prediction. The gradient is a new array, or `out` if given (float64, of that shape), which may not be
the prediction or the target itself. All divide by a count, so that a learning rate means the same for
every batch size.
"""

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from scratchtui.nn.activations import ZERO, sigmoid
from scratchtui.nn.arrays import Array, all_finite, refuse_nonfinite

Loss: TypeAlias = Callable[[Array, Array], tuple[float, Array]]


def mean_squared_error(
    prediction: Array, target: Array, *, out: Array | None = None
) -> tuple[float, Array]:
    """Return the mean of (prediction - target)^2 over all elements, and its gradient.

    Shapes: prediction, target, gradient alike, of any number of axes but none.
    Gradient: 2 (prediction - target) / size.
    """
    prediction, target = _pair(prediction, target)
    error = np.subtract(prediction, target, out=out)
    flat = error.ravel()
    loss = float(np.dot(flat, flat)) / error.size
    if not math.isfinite(loss):
        refuse_nonfinite("target", target)
    return loss, np.multiply(error, 2.0 / error.size, out=error)


def binary_cross_entropy(
    logits: Array, target: Array, *, out: Array | None = None
) -> tuple[float, Array]:
    """Return the mean over all elements of -t log p - (1 - t) log(1 - p), where p = sigmoid(logits).

    Shapes: logits z, target t, gradient alike, of any number of axes but none; t is in 0..1.
    Written as max(z, 0) - z t + log(1 + exp(-|z|)), which neither overflows nor takes log(0).
    Gradient: (p - t) / size.
    """
    z, t = _pair(logits, target)
    if not all_finite(t):
        refuse_nonfinite("target", t)
    gradient = np.empty_like(z) if out is None else out
    softplus = np.abs(z)  # log(1 + exp(z)) when done
    np.negative(softplus, out=softplus)
    np.exp(softplus, out=softplus)
    np.log1p(softplus, out=softplus)
    np.add(softplus, np.maximum(z, ZERO, out=gradient), out=softplus)
    np.subtract(softplus, np.multiply(z, t, out=gradient), out=softplus)
    loss = float(softplus.sum()) / z.size
    sigmoid(z, out=gradient)
    np.subtract(gradient, t, out=gradient)
    return loss, np.divide(gradient, z.size, out=gradient)


def softmax_cross_entropy(
    logits: Array, target: Array, *, out: Array | None = None
) -> tuple[float, Array]:
    """Return the mean of -sum over classes of t log p, where p = softmax(logits) over the last axis.

    Shapes: logits z, target t, gradient alike, (..., V) with the V classes last; t holds the
    probabilities of the classes, one-hot or not, that sum to 1. The mean is over all axes but the last.
    Written as log(sum of exp(z - m)) - sum of t (z - m), m the largest z, so exp cannot overflow.
    Gradient: (p - t) / number of rows.
    """
    z, t = _pair(logits, target)
    rows = z.size // z.shape[-1]
    if not abs(float(np.add.reduce(t, axis=None)) - rows) <= 1e-6 * rows:  # true for NaN as well
        refuse_nonfinite("target", t)
        raise ValueError(f"target {t.shape} must sum to 1 over its last axis, the classes")
    shifted = np.subtract(z, np.maximum.reduce(z, axis=-1, keepdims=True), out=out)
    score = float(np.dot(shifted.ravel(), t.ravel()))
    p = np.exp(shifted, out=shifted)
    total = np.add.reduce(p, axis=-1, keepdims=True)
    np.divide(p, total, out=p)
    loss = (float(np.add.reduce(np.log(total), axis=None)) - score) / rows
    np.subtract(p, t, out=p)
    return loss, np.divide(p, rows, out=p)


def _pair(prediction: Array, target: Array) -> tuple[Array, Array]:
    """Return both as float64; ValueError if they would broadcast, are empty or 0-d."""
    prediction = np.asarray(prediction, np.float64)
    target = np.asarray(target, np.float64)
    if prediction.shape != target.shape:
        raise ValueError(f"prediction {prediction.shape} and target {target.shape} differ in shape")
    if not prediction.size or not prediction.shape:
        raise ValueError(
            f"prediction {prediction.shape} and target {target.shape} must have elements and an axis"
        )
    return prediction, target
