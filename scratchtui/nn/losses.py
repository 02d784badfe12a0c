"""Losses: how wrong a batch of predictions is, and dL/dprediction.

Each is a function (prediction, target) -> (loss, gradient). The loss is a float, and a mean, so that
a learning rate means the same for every batch size. The gradient has the shape of the prediction; it
is a new array, or `out` where that is given: float64, neither the prediction nor the target.

The cross-entropies take logits, not probabilities: log(p) is then a difference that float64 can
hold for any logit, and no epsilon has to hide a log(0). So does the squared error of a sigmoid, to
stand in for one of them.
"""

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from scratchtui.nn.activations import ONE, ZERO, sigmoid
from scratchtui.nn.arrays import Array, all_finite, indices, refuse_nonfinite

Loss: TypeAlias = Callable[[Array, Array], tuple[float, Array]]


def mean_squared_error(prediction: Array, target: Array, *, out: Array | None = None) -> tuple[float, Array]:
    """Return the mean of (prediction - target)^2 over all elements, and its gradient.

    Shapes: prediction, target, gradient alike, of any number of axes but none.
    Gradient: 2 (prediction - target) / size.
    """
    prediction, target, error = _receive(prediction, target, out)
    np.subtract(prediction, target, out=error)
    flat = error.ravel()
    loss = float(np.dot(flat, flat)) / error.size
    if not math.isfinite(loss):
        refuse_nonfinite("target", target)
    return loss, np.multiply(error, 2.0 / error.size, out=error)


def binary_cross_entropy(logits: Array, target: Array, *, out: Array | None = None) -> tuple[float, Array]:
    """Return the mean over all elements of -t log p - (1 - t) log(1 - p), p = sigmoid(logits).

    Shapes: logits z, target t, gradient alike, of any number of axes but none.
    ValueError unless every t is in 0..1.
    Written as max(z, 0) - z t + log(1 + exp(-|z|)), which neither overflows nor takes log(0).
    Gradient: (p - t) / size.
    """
    z, t, gradient = _receive(logits, target, out)
    _require_fractions(t)
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


def sigmoid_squared_error(logits: Array, target: Array, *, out: Array | None = None) -> tuple[float, Array]:
    """Return the mean over all elements of (p - t)^2, p = sigmoid(logits), and its gradient.

    Shapes: logits z, target t, gradient alike, of any number of axes but none.
    Gradient: 2 (p - t) p (1 - p) / size, which vanishes where p is sure, and be it of the wrong answer.
    The loss is NaN for a logit that is infinite, though p is not, so that a run that diverges shows it.
    """
    z, t, gradient = _receive(logits, target, out)
    p = sigmoid(z, out=np.empty(z.shape))
    loss, gradient = mean_squared_error(p, t, out=gradient)
    if not all_finite(z):
        loss = math.nan
    np.multiply(gradient, p, out=gradient)
    np.subtract(ONE, p, out=p)
    return loss, np.multiply(gradient, p, out=gradient)


def softmax_cross_entropy(logits: Array, target: Array, *, out: Array | None = None) -> tuple[float, Array]:
    """Return the mean over the batch of -(sum of t log p), p = softmax(logits), and its gradient.

    Shapes: logits z, target t, gradient alike, (..., V). The sum is over the V classes of the last
    axis, the mean over all the others. ValueError unless t holds probabilities, which sum to 1 there.
    Written as log(sum of exp(z - m)) - (sum of t (z - m)), with m = max z, so exp cannot overflow.
    Gradient: (p - t) / (number of rows).
    """
    z, t, p = _receive(logits, target, out)
    rows = z.size // z.shape[-1]
    _require_fractions(t)
    _require_total_of_one(t)
    np.subtract(z, np.maximum.reduce(z, axis=-1, keepdims=True), out=p)
    score = float(np.dot(p.ravel(), t.ravel()))
    np.exp(p, out=p)
    total = np.add.reduce(p, axis=-1, keepdims=True)
    np.divide(p, total, out=p)
    loss = (float(np.add.reduce(np.log(total), axis=None)) - score) / rows
    np.subtract(p, t, out=p)
    return loss, np.divide(p, rows, out=p)


def _require_fractions(t: Array) -> None:
    """Raise a ValueError that says where the target is outside 0..1, if it is."""
    least, most = int(t.argmin()), int(t.argmax())  # the first NaN, where there is one
    if t.item(least) >= 0.0 and t.item(most) <= 1.0:
        return
    refuse_nonfinite("target", t)
    flat = least if t.item(least) < 0.0 else most
    raise ValueError(
        f"target {t.shape} holds {t.item(flat)} at [{indices(flat, t.shape)}]; every number must be in 0..1"
    )


def _require_total_of_one(t: Array) -> None:
    """Raise a ValueError that says which row of (..., V) does not sum to 1, if one does not."""
    totals = np.asarray(np.add.reduce(t, axis=-1))
    for flat in (int(totals.argmin()), int(totals.argmax())):
        if abs(totals.item(flat) - 1.0) > 1e-6:
            row = ", ".join(filter(None, (indices(flat, totals.shape), ":")))
            raise ValueError(
                f"target {t.shape} must sum to 1 over its last axis, the classes, "
                f"and [{row}] sums to {totals.item(flat):g}"
            )


def _receive(prediction: Array, target: Array, out: Array | None) -> tuple[Array, Array, Array]:
    """Return both as float64 and `out`; ValueError if any would broadcast, or is empty or 0-d."""
    prediction = np.asarray(prediction, np.float64)
    target = np.asarray(target, np.float64)
    shape = prediction.shape
    if target.shape != shape:
        raise ValueError(f"prediction {shape} and target {target.shape} must have the same shape")
    if not shape or not prediction.size:
        raise ValueError(f"prediction and target {shape} must have an axis and not be empty")
    if out is None:
        out = np.empty(shape)
    elif out.shape != shape:
        raise ValueError(f"out {out.shape} must have the shape of the prediction {shape}")
    return prediction, target, out
