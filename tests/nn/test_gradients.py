"""Every backward against central differences, in random directions over random shapes."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchtui.nn import (
    Array,
    Dense,
    Layer,
    LeakyReLU,
    Loss,
    ReLU,
    Sequential,
    Sigmoid,
    Tanh,
    binary_cross_entropy,
    gradient_check,
    he,
    mean_squared_error,
    sigmoid_squared_error,
    softmax_cross_entropy,
)
from scratchtui.nn.checking import central_differences
from tests.nn.differences import (
    TOLERANCE,
    assert_backward_is_right,
    assert_network_passes,
    quick,
    random_target,
    relative_error,
    seeds,
)

ACTIVATIONS: dict[str, Callable[[], Layer]] = {
    "ReLU": ReLU,
    "LeakyReLU": LeakyReLU,
    "LeakyReLU that grows": lambda: LeakyReLU(1.5),
    "Sigmoid": Sigmoid,
    "Tanh": Tanh,
}
LOSSES: dict[str, Loss] = {
    "mean_squared_error": mean_squared_error,
    "binary_cross_entropy": binary_cross_entropy,
    "sigmoid_squared_error": sigmoid_squared_error,
    "softmax_cross_entropy": softmax_cross_entropy,
}

leading_axes = st.lists(st.integers(1, 4), min_size=0, max_size=3).map(tuple)
widths = st.integers(1, 6)


def away_from_kinks(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return numbers of either sign that a small step does not carry over zero."""
    magnitude: Array = rng.uniform(0.1, 2.0, shape)
    return magnitude * rng.choice([-1.0, 1.0], shape)


@pytest.mark.parametrize("build", ACTIVATIONS.values(), ids=ACTIVATIONS)
@quick
@given(leading=leading_axes, width=widths, seed=seeds)
def test_backward_of_an_activation_agrees_with_central_differences(
    build: Callable[[], Layer], leading: tuple[int, ...], width: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    assert_backward_is_right(build(), away_from_kinks(rng, (*leading, width)), rng)


@quick
@given(leading=leading_axes, inputs=widths, outputs=widths, bias=st.booleans(), seed=seeds)
def test_backward_of_dense_agrees_with_central_differences(
    leading: tuple[int, ...], inputs: int, outputs: int, bias: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    layer = Dense(inputs, outputs, rng, bias=bias)
    assert_backward_is_right(layer, rng.normal(size=(*leading, inputs)), rng)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@quick
@given(leading=leading_axes, classes=st.integers(2, 6), scale=st.floats(0.1, 5.0), seed=seeds)
def test_gradient_of_a_loss_agrees_with_central_differences(
    loss: Loss, leading: tuple[int, ...], classes: int, scale: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    prediction = scale * rng.normal(size=(*leading, classes))
    target = random_target(loss, prediction.shape, rng)
    _, gradient = loss(prediction, target)
    numeric = central_differences(lambda: loss(prediction, target)[0], prediction)
    assert relative_error(gradient, numeric) < TOLERANCE


def deep_network(activation: str, sizes: list[int], rng: np.random.Generator) -> Sequential:
    layers: list[Layer] = []
    for inputs, outputs in pairwise(sizes):
        layers += [Dense(inputs, outputs, rng, initializer=he()), ACTIVATIONS[activation]()]
    return Sequential(*layers[:-1])


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("activation", ["Sigmoid", "Tanh"])
@quick
@given(sizes=st.lists(widths, min_size=3, max_size=4), rows=st.integers(1, 5), seed=seeds)
def test_smooth_networks_pass_the_check_and_keep_their_parameters(
    activation: str, loss: Loss, sizes: list[int], rows: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    network = deep_network(activation, sizes, rng)
    y = random_target(loss, (rows, sizes[-1]), rng)
    assert_network_passes(network, loss, rng.normal(size=(rows, sizes[0])), y)


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("activation", ["ReLU", "LeakyReLU"])
@pytest.mark.parametrize("seed", range(5))
def test_rectifier_networks_pass_the_check_where_no_unit_is_at_its_kink(
    activation: str, loss: Loss, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    network = deep_network(activation, [3, 6, 5, 2], rng)
    network.vector += rng.normal(0.0, 0.1, network.vector.shape)  # zero biases may sit on a kink
    assert_network_passes(network, loss, rng.normal(size=(4, 3)), random_target(loss, (4, 2), rng))


class Forgetful(Tanh):
    """Its backward leaves out the derivative of tanh."""

    def backward(self, dy: Array) -> Array:
        return super().backward(dy) * 0 + dy


class Transposed(Dense):
    """Its backward multiplies by W where W' belongs; the shapes agree for a square W."""

    def backward(self, dy: Array) -> Array:
        super().backward(dy)
        return dy @ self.parameters["W"]


class Summing(Dense):
    """Its backward averages dL/db over the rows instead of adding up."""

    def backward(self, dy: Array) -> Array:
        dx = super().backward(dy)
        self.gradients["b"] /= len(dy)
        return dx


def wrong_network(kind: str, rng: np.random.Generator) -> Sequential:
    hidden = {"derivative": Forgetful(), "transpose": Transposed(3, 3, rng), "mean": Tanh()}[kind]
    last = Summing(3, 2, rng) if kind == "mean" else Dense(3, 2, rng)
    return Sequential(Dense(3, 3, rng), hidden, last)


@pytest.mark.parametrize(
    ("kind", "caught"),
    [("derivative", "0.Dense.W"), ("transpose", "0.Dense.W"), ("mean", "2.Summing.b")],
)
@quick
@given(seed=seeds)
def test_a_wrong_backward_is_caught(kind: str, caught: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = wrong_network(kind, rng)
    x, y = rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
    errors = {c.name: c.relative_error for c in gradient_check(network, mean_squared_error, x, y)}
    assert errors[caught] > 1e-4
    assert errors["2.Dense.W" if kind != "mean" else "0.Dense.W"] < TOLERANCE


def test_a_gradient_of_the_wrong_sign_has_cosine_minus_one() -> None:
    rng = np.random.default_rng(0)

    def ascending(prediction: Array, target: Array) -> tuple[float, Array]:
        loss, gradient = mean_squared_error(prediction, target)
        return loss, -gradient

    network = Sequential(Dense(3, 2, rng))
    for check in gradient_check(network, ascending, rng.normal(size=(4, 3)), np.zeros((4, 2))):
        assert check.cosine == pytest.approx(-1)
        assert check.relative_error == pytest.approx(2)


def test_tensors_without_any_gradient_agree() -> None:
    network = Sequential(Dense(2, 1, np.random.default_rng(0)), ReLU())
    network.vector[:] = [1, 1, -9]  # the unit is dead for every row
    for check in gradient_check(network, mean_squared_error, np.eye(2), np.ones((2, 1))):
        assert (check.relative_error, check.cosine) == (0.0, 1.0)


@pytest.mark.parametrize("epsilon", [0.0, -1e-5, float("nan")])
def test_the_check_refuses_a_step_that_is_not_positive(epsilon: float) -> None:
    network = Sequential(Dense(2, 1, np.random.default_rng(0)))
    with pytest.raises(ValueError, match="epsilon must be > 0"):
        gradient_check(network, mean_squared_error, np.eye(2), np.ones((2, 1)), epsilon)


def test_the_check_leaves_parameters_alone_when_the_loss_raises() -> None:
    network = Sequential(Dense(2, 1, np.random.default_rng(0)))
    before, calls = network.vector.copy(), []

    def failing(prediction: Array, target: Array) -> tuple[float, Array]:
        calls.append(prediction)
        if len(calls) == 4:
            raise RuntimeError("stop")
        return mean_squared_error(prediction, target)

    with pytest.raises(RuntimeError, match="stop"):
        gradient_check(network, failing, np.eye(2), np.ones((2, 1)))
    np.testing.assert_array_equal(network.vector, before)


@quick
@given(rows=st.integers(1, 5), seed=seeds)
def test_backward_to_parameters_leaves_the_same_gradients(rows: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = Sequential(Dense(3, 4, rng), Sigmoid(), Dense(4, 2, rng), Tanh())
    dy = rng.normal(size=network.forward(rng.normal(size=(rows, 3))).shape)
    network.backward(dy)
    expected = network.gradient.copy()
    network.gradient[:] = np.nan
    network.backward_to_parameters(dy)
    np.testing.assert_array_equal(network.gradient, expected)


def test_backward_overwrites_gradients_and_updates_nothing() -> None:
    rng = np.random.default_rng(0)
    network = Sequential(Dense(3, 4, rng), Tanh(), Dense(4, 2, rng))
    before = network.vector.copy()
    dy = rng.normal(size=network.forward(rng.normal(size=(5, 3))).shape)
    network.backward(dy)
    once = network.gradient.copy()
    network.backward(dy)
    np.testing.assert_array_equal(network.gradient, once)
    np.testing.assert_array_equal(network.vector, before)


@pytest.mark.parametrize(("at", "step"), [(0.0, 1e-3), (-0.5, 1e-3), (4.0, 4e-3), (-1e9, 1e6)])
def test_the_step_of_a_difference_grows_with_what_is_moved_and_is_never_nothing(
    at: float, step: float
) -> None:
    w, moved = np.array([at]), []

    def square() -> float:
        moved.append(w[0])
        return float(w[0] ** 2)  # for which any step is right but for rounding

    np.testing.assert_allclose(central_differences(square, w, 1e-3), 2.0 * at, rtol=1e-9, atol=1e-12)
    assert moved == pytest.approx([at + step, at - step], rel=1e-12)
    np.testing.assert_allclose(central_differences(square, w), 2.0 * at, rtol=1e-7, atol=1e-12)
