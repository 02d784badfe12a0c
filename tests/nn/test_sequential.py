"""The flat vector and its views, and what a network refuses."""

import copy
import pickle
import re
from typing import cast

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from scratchtui.nn import Adam, Array, Dense, Layer, ReLU, Sequential, Sigmoid, mean_squared_error


def build(seed: int = 0) -> Sequential:
    rng = np.random.default_rng(seed)
    return Sequential(Dense(3, 4, rng), Sigmoid(), Dense(4, 2, rng, bias=False))


def test_names_say_place_and_kind() -> None:
    network = build()
    assert list(network.parameters) == ["0.Dense.W", "0.Dense.b", "2.Dense.W"]
    assert list(network.gradients) == list(network.parameters)
    assert repr(network) == "Sequential(Dense(3, 4), Sigmoid(), Dense(4, 2))"


def test_every_array_is_a_view_into_the_flat_vector_and_they_cover_it() -> None:
    network = build()
    assert network.vector.shape == network.gradient.shape == (3 * 4 + 4 + 4 * 2,)
    network.vector[:] = np.arange(24)
    network.gradient[:] = -np.arange(24)
    first, _, last = network.layers
    for views, inside, sign in (
        (network.parameters, [first.parameters, last.parameters], 1),
        (network.gradients, [first.gradients, last.gradients], -1),
    ):
        flat = np.concatenate([view.ravel() for view in views.values()])
        assert_array_equal(flat, sign * np.arange(24.0))
        assert [id(view) for view in views.values()] == [
            id(view) for arrays in inside for view in arrays.values()
        ]
    network.parameters["2.Dense.W"][3, 1] = 99
    assert network.vector[-1] == 99
    assert network.parameters["0.Dense.W"].shape == (3, 4)


def test_moving_into_the_vector_keeps_the_drawn_weights() -> None:
    layer = Dense(3, 4, np.random.default_rng(5))
    drawn = layer.parameters["W"].copy()
    assert_array_equal(Sequential(layer).parameters["0.Dense.W"], drawn)


def test_forward_and_backward_use_and_fill_the_views() -> None:
    network, x = build(), np.random.default_rng(1).normal(size=(5, 3))
    network.load(np.zeros(24))
    assert_array_equal(network.forward(x), np.zeros((5, 2)))
    network.backward(np.ones((5, 2)))
    assert_array_equal(network.gradients["2.Dense.W"], np.full((4, 2), 2.5))
    assert_array_equal(network.gradient[-8:], np.full(8, 2.5))


def test_load_copies() -> None:
    network, snapshot = build(0), build(1).vector
    network.load(snapshot)
    assert_array_equal(network.vector, snapshot)
    network.vector[0] += 1
    assert network.vector[0] != snapshot[0]


@pytest.mark.parametrize("shape", [(), (1,), (23,), (25,), (1, 24), (24, 1)])
def test_load_refuses_another_shape_and_names_both(shape: tuple[int, ...]) -> None:
    network = build()
    before = network.vector.copy()
    with pytest.raises(ValueError, match=re.escape(f"vector {shape} must have the shape (24,)")):
        network.load(np.zeros(shape))
    assert_array_equal(network.vector, before)


@pytest.mark.parametrize(("value", "word"), [(np.nan, "NaN"), (np.inf, "inf"), (-np.inf, "-inf")])
@pytest.mark.parametrize("first", [True, False], ids=["first layer hides it", "dense first"])
def test_data_that_is_not_finite_is_refused_and_located(value: float, word: str, first: bool) -> None:
    network = Sequential(Sigmoid()) if first else build()
    x = np.ones((5, 3))
    x[2, 1] = value
    with pytest.raises(ValueError, match=rf"x \(5, 3\) holds {word} at \[2, 1\]"):
        network.forward(x)


def test_data_full_of_infinities_is_refused_before_any_arithmetic() -> None:
    x = np.full((2, 3), np.inf)
    x[:, 1] = -np.inf
    with pytest.raises(ValueError, match=r"holds inf at \[0, 0\]"):
        build().forward(x)


def test_nan_put_into_data_that_was_found_finite_before_is_refused_too() -> None:
    network, x = build(), np.ones((5, 3))
    network.forward(x)
    x[4, 0] = np.nan
    with pytest.raises(ValueError, match=r"holds NaN at \[4, 0\]"):
        network.forward(x)


def test_nan_in_the_parameters_shows_in_the_output_and_is_no_error() -> None:
    rng = np.random.default_rng(0)
    network = Sequential(Dense(3, 4, rng), ReLU(), Dense(4, 2, rng))
    network.parameters["0.Dense.W"][0, 0] = np.nan
    y = network.forward(np.ones((5, 3)))
    assert np.isnan(y).all()
    loss, _ = mean_squared_error(y, np.ones((5, 2)))
    assert np.isnan(loss)


def test_a_diverging_run_ends_in_a_loss_that_is_not_finite() -> None:
    rng = np.random.default_rng(0)
    network, x, y = Sequential(Dense(3, 4, rng), ReLU(), Dense(4, 2, rng)), np.eye(3), -np.ones((3, 2))
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(1000):
            loss, gradient = mean_squared_error(network.forward(x), y)
            if not np.isfinite(loss):
                break
            network.backward(gradient)
            network.vector += network.gradient
    assert not np.isfinite(loss)


@pytest.mark.parametrize(
    ("x", "named"),
    [
        (np.float64(1), r"\(\.\.\., 3\).* \(\)"),
        (np.float64(np.nan), r"NaN"),
        (np.zeros((0, 3)), r"not empty.* \(0, 3\)"),
        (np.zeros((5, 2)), r"\(\.\.\., 3\).* \(5, 2\)"),
        (np.zeros(4), r"\(\.\.\., 3\).* \(4,\)"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(x: Array, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        build().forward(x)


def test_integers_and_lists_give_what_the_same_floats_give() -> None:
    rows = [[0, 1, 1], [2, -3, 4]]
    expected = build().forward(np.array(rows, dtype=np.float64))
    assert_array_equal(build().forward(np.array(rows)), expected)
    assert_array_equal(build().forward(cast("Array", rows)), expected)


def test_integer_data_may_change_in_place_between_steps() -> None:
    network, x = build(), np.ones((2, 3), dtype=np.int64)
    network.forward(x)
    x[:] = 5
    assert_array_equal(network.forward(x), build().forward(np.full((2, 3), 5.0)))


def test_huge_but_finite_data_is_not_called_infinite() -> None:
    network = Sequential(Dense(1, 1, np.random.default_rng(0)))
    network.vector[:] = [1e-200, 0]
    with np.errstate(over="ignore"):
        assert network.forward(np.array([[1e200]]))[0, 0] == pytest.approx(1.0)


def test_a_network_needs_layers_of_its_own() -> None:
    layer = Dense(2, 2, np.random.default_rng(0))
    with pytest.raises(ValueError, match="at least one layer"):
        Sequential()
    with pytest.raises(ValueError, match=r"1\.Dense\(2, 2\) is in a network already"):
        Sequential(layer, layer)
    with pytest.raises(TypeError, match="0 is a Sequential"):
        Sequential(cast("Layer", build()))


def test_a_network_of_activations_only_has_an_empty_vector() -> None:
    network = Sequential(ReLU())
    assert network.vector.shape == network.gradient.shape == (0,)
    assert_array_equal(network.forward(np.array([[-1.0, 2.0]])), [[0.0, 2.0]])


def test_a_network_refuses_to_be_copied() -> None:
    with pytest.raises(TypeError, match="cannot be copied"):
        copy.deepcopy(build())
    with pytest.raises(TypeError, match="cannot be copied"):
        pickle.dumps(build())


def test_two_layers_learn_exclusive_or() -> None:
    rng = np.random.default_rng(0)
    network = Sequential(Dense(2, 8, rng), Sigmoid(), Dense(8, 1, rng), Sigmoid())
    optimizer = Adam(network.vector, learning_rate=0.05)
    x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0], [1], [1], [0]])
    for _ in range(1500):
        loss, gradient = mean_squared_error(network.forward(x), y)
        network.backward_to_parameters(gradient)
        optimizer.step(network.gradient)
    assert loss < 1e-3
