"""Backward beside central differences: how near they must be, and what is differentiated."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from scratchtui.nn import (
    Array,
    Layer,
    Loss,
    Sequential,
    gradient_check,
    mean_squared_error,
    softmax_cross_entropy,
)
from scratchtui.nn.checking import central_differences

TOLERANCE = 1e-6

seeds = st.integers(0, 2**32 - 1)
quick = settings(max_examples=40, deadline=None)


def relative_error(analytic: Array, numeric: Array) -> float:
    scale = max(float(np.linalg.norm(analytic)), float(np.linalg.norm(numeric)), 1e-12)
    return float(np.linalg.norm(analytic - numeric)) / scale


def assert_backward_is_right(layer: Layer, x: Array, rng: np.random.Generator) -> None:
    dy = rng.normal(size=layer.forward(x).shape)  # not ones: some wrong derivatives sum to zero

    def value() -> float:
        return float(np.vdot(layer.forward(x), dy))

    dx = layer.backward(dy).copy()
    analytic = {name: gradient.copy() for name, gradient in layer.gradients.items()}
    assert relative_error(dx, central_differences(value, x)) < TOLERANCE
    for name, parameter in layer.parameters.items():
        numeric = central_differences(value, parameter)
        assert relative_error(analytic[name], numeric) < TOLERANCE, name


def random_target(loss: Loss, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    if loss is mean_squared_error:
        return rng.normal(size=shape)
    t = rng.uniform(size=shape)
    return t / t.sum(axis=-1, keepdims=True) if loss is softmax_cross_entropy else t


def assert_network_passes(network: Sequential, loss: Loss, x: Array, y: Array) -> None:
    before = network.vector.copy()
    checks = gradient_check(network, loss, x, y)
    np.testing.assert_array_equal(network.vector, before)
    assert [check.name for check in checks] == [*network.parameters, "x"]
    value, gradient = loss(network.forward(x), y)
    dx = network.backward(gradient)
    rounding = 1e-10 * max(1.0, value)  # of a difference of losses, over twice epsilon
    norms = [float(np.linalg.norm(g)) for g in [*network.gradients.values(), dx]]
    for check, norm in zip(checks, norms, strict=True):
        assert check.relative_error * norm < TOLERANCE * norm + rounding, check
        assert norm < 1e-3 or check.cosine > 1 - TOLERANCE, check
