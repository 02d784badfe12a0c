"""Optimizers against their formulas written out, and against themselves restored midway."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from scratchtui.nn import (
    SGD,
    Adam,
    Array,
    Dense,
    Momentum,
    Optimizer,
    RMSProp,
    Sequential,
    Tanh,
    mean_squared_error,
)

OPTIMIZERS: dict[str, tuple[Callable[[Array], Optimizer], int]] = {
    "SGD": (lambda w: SGD(w, 0.1), 0),
    "Momentum": (lambda w: Momentum(w, 0.1), 5),
    "RMSProp": (lambda w: RMSProp(w, 0.1), 5),
    "Adam": (lambda w: Adam(w, 0.1), 11),
}
builders = {name: build for name, (build, _) in OPTIMIZERS.items()}
every_optimizer = pytest.mark.parametrize("build", builders.values(), ids=builders)


def sgd(w: float, gradients: list[float]) -> float:
    for g in gradients:
        w = w - 0.1 * g
    return w


def momentum(w: float, gradients: list[float]) -> float:
    v = 0.0
    for g in gradients:
        v = 0.9 * v - 0.1 * g
        w = w + v
    return w


def rmsprop(w: float, gradients: list[float]) -> float:
    s = 0.0
    for g in gradients:
        s = 0.9 * s + 0.1 * g * g
        w = w - 0.1 * g / (s**0.5 + 1e-8)
    return w


def adam(w: float, gradients: list[float]) -> float:
    m = v = 0.0
    for t, g in enumerate(gradients, start=1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        w = w - 0.1 * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)
    return w


@pytest.mark.parametrize(
    ("name", "formula"),
    [("SGD", sgd), ("Momentum", momentum), ("RMSProp", rmsprop), ("Adam", adam)],
)
def test_steps_are_the_formula_for_each_number(
    name: str, formula: Callable[[float, list[float]], float]
) -> None:
    rng = np.random.default_rng(0)
    w, gradients = rng.normal(size=5), rng.normal(size=(20, 5))
    expected = [formula(float(w[i]), gradients[:, i].tolist()) for i in range(5)]
    optimizer = OPTIMIZERS[name][0](w)
    for gradient in gradients:
        kept = gradient.copy()
        optimizer.step(gradient)
        assert_array_equal(gradient, kept)
    assert_allclose(w, expected, rtol=1e-12)


@pytest.mark.parametrize(("build", "size"), OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_restoring_the_state_midway_continues_bit_for_bit(
    build: Callable[[Array], Optimizer], size: int
) -> None:
    rng = np.random.default_rng(1)
    gradients = rng.normal(size=(30, 5))
    w = rng.normal(size=5)
    optimizer = build(w)
    assert optimizer.state.shape == (size,)
    for gradient in gradients[:10]:
        optimizer.step(gradient)
    saved_w, saved_state = w.copy(), optimizer.state.copy()
    for gradient in gradients[10:]:
        optimizer.step(gradient)
    restored_w = saved_w.copy()
    restored = build(restored_w)
    restored.state[:] = saved_state
    for gradient in gradients[10:]:
        restored.step(gradient)
    assert_array_equal(restored_w, w)
    assert_array_equal(restored.state, optimizer.state)


@every_optimizer
def test_a_network_learns_in_place(build: Callable[[Array], Optimizer]) -> None:
    rng = np.random.default_rng(0)
    network = Sequential(Dense(3, 8, rng), Tanh(), Dense(8, 1, rng))
    x = rng.normal(size=(16, 3))
    y = np.sin(x.sum(axis=1, keepdims=True))
    optimizer = build(network.vector)
    optimizer.learning_rate = 0.02
    first = mean_squared_error(network.forward(x), y)[0]
    for _ in range(500):
        loss, gradient = mean_squared_error(network.forward(x), y)
        network.backward(gradient)
        optimizer.step(network.gradient)
    assert loss < first / 2


@every_optimizer
def test_the_learning_rate_takes_effect_at_the_next_step(
    build: Callable[[Array], Optimizer],
) -> None:
    slow, fast = np.zeros(3), np.zeros(3)
    g = np.array([1.0, -2.0, 3.0])
    build(slow).step(g)
    faster = build(fast)
    faster.learning_rate = 0.3
    faster.step(g)
    assert faster.learning_rate == 0.3
    assert_allclose(fast, 3 * slow)


def test_momentum_takes_effect_at_the_next_step() -> None:
    w = np.zeros(1)
    optimizer = Momentum(w, 1.0, momentum=0.5)
    optimizer.step(np.ones(1))
    optimizer.momentum = 0.0
    optimizer.step(np.ones(1))
    assert optimizer.momentum == 0.0
    assert_array_equal(optimizer.state, [-1.0])
    assert_array_equal(w, [-2.0])


@every_optimizer
@pytest.mark.parametrize("rate", [0.0, -0.1, np.nan, np.inf])
def test_a_bad_learning_rate_is_refused_and_leaves_the_old_one(
    build: Callable[[Array], Optimizer], rate: float
) -> None:
    optimizer = build(np.zeros(2))
    with pytest.raises(ValueError, match=f"learning_rate must be finite and > 0, not {rate}"):
        optimizer.learning_rate = rate
    assert optimizer.learning_rate == 0.1


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda w: SGD(w, -1.0), "learning_rate"),
        (lambda w: SGD(w, float("nan")), "learning_rate"),
        (lambda w: Momentum(w, 0.1, momentum=1.0), "momentum"),
        (lambda w: Momentum(w, 0.1, momentum=float("nan")), "momentum"),
        (lambda w: RMSProp(w, 0.1, decay=-0.1), "decay"),
        (lambda w: RMSProp(w, 0.1, epsilon=0.0), "epsilon"),
        (lambda w: Adam(w, 0.1, beta1=1.0), "beta1"),
        (lambda w: Adam(w, 0.1, beta2=2.0), "beta2"),
        (lambda w: Adam(w, 0.1, epsilon=float("inf")), "epsilon"),
    ],
)
def test_constants_out_of_range_are_refused_by_name(build: Callable[[Array], Optimizer], named: str) -> None:
    with pytest.raises(ValueError, match=f"{named} must be"):
        build(np.zeros(2))


@every_optimizer
@pytest.mark.parametrize(
    "parameters", [[1.0, 2.0], np.zeros((2, 1)), np.zeros(2, dtype=np.float32), np.float64(1)]
)
def test_only_a_flat_float64_array_can_be_updated_in_place(
    build: Callable[[object], Optimizer], parameters: object
) -> None:
    with pytest.raises(ValueError, match="flat float64 array"):
        build(parameters)


@every_optimizer
@pytest.mark.parametrize("shape", [(), (1,), (2, 1), (3,)])
def test_a_gradient_of_another_shape_is_refused(
    build: Callable[[Array], Optimizer], shape: tuple[int, ...]
) -> None:
    w = np.zeros(2)
    with pytest.raises(ValueError, match=r"gradient \(.*\) must have the shape \(2,\)"):
        build(w).step(np.ones(shape))
    assert_array_equal(w, np.zeros(2))
