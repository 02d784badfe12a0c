"""The gradient check: backward against the definition of the derivative."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scratchtui.nn.arrays import Array
from scratchtui.nn.losses import Loss
from scratchtui.nn.sequential import Sequential


@dataclass(frozen=True)
class TensorCheck:
    """How the gradient of one tensor compares with central differences.

    `relative_error` is |a - n| / max(|a|, |n|) and `cosine` is a.n / (|a| |n|), for the analytic
    gradient a, the numeric n and the Euclidean norm; 0 and 1 if both are zero.
    """

    name: str
    relative_error: float
    cosine: float


def gradient_check(
    network: Sequential, loss: Loss, x: Array, y: Array, epsilon: float = 1e-5
) -> tuple[TensorCheck, ...]:
    """Check dL/dw for each parameter tensor, and dL/dx last under the name "x".

    Shapes: x and y are a batch as `network.forward` and `loss` take them. The numeric derivative is
    (L(w + e) - L(w - e)) / 2e with e = epsilon * max(1, |w|), an element at a time. A right
    backward agrees to about 1e-8, except where e steps over a kink, such as ReLU at 0.
    Where a gradient is below a millionth of the loss, rounding is all that can be seen.
    Leaves `network.vector` as it was, bit for bit, and the analytic gradient in its `gradient`.
    """
    if not epsilon > 0:
        raise ValueError(f"epsilon must be > 0, not {epsilon}")
    x = np.array(x, np.float64)
    dx = network.backward(loss(network.forward(x), y)[1]).copy()

    def value() -> float:
        return loss(network.forward(x), y)[0]

    checks = [
        _compare(name, network.gradients[name], central_differences(value, parameter, epsilon))
        for name, parameter in network.parameters.items()
    ]
    checks.append(_compare("x", dx, central_differences(value, x, epsilon)))
    return tuple(checks)


def central_differences(value: Callable[[], float], w: Array, epsilon: float = 1e-5) -> Array:
    """Return d value() / dw, of the shape of w; w is moved an element at a time and put back."""
    slopes = np.empty_like(w)
    for index in np.ndindex(w.shape):
        kept = float(w[index])
        e = epsilon * max(1.0, abs(kept))
        above, below = kept + e, kept - e
        try:
            w[index] = above
            high = value()
            w[index] = below
            low = value()
        finally:
            w[index] = kept
        slopes[index] = (high - low) / (above - below)
    return slopes


def _compare(name: str, analytic: Array, numeric: Array) -> TensorCheck:
    a, n = float(np.linalg.norm(analytic)), float(np.linalg.norm(numeric))
    if a == 0.0 and n == 0.0:
        return TensorCheck(name, relative_error=0.0, cosine=1.0)
    error = float(np.linalg.norm(analytic - numeric)) / max(a, n)
    cosine = float(np.vdot(analytic, numeric)) / (a * n) if a and n else 0.0
    return TensorCheck(name, error, cosine)
