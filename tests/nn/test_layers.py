"""What layers compute, what they refuse, and what they do with numbers at the edge of float64."""

import copy
import re
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from scratchtui.nn import (
    RNN,
    Array,
    Conv2D,
    Dense,
    Flatten,
    Layer,
    LeakyReLU,
    MaxPool2D,
    ReLU,
    Sigmoid,
    Tanh,
    softmax,
)

FORMULAS: dict[str, tuple[Callable[[], Layer], Callable[[Array], Array]]] = {
    "ReLU": (ReLU, lambda x: np.where(x > 0, x, 0)),
    "LeakyReLU": (LeakyReLU, lambda x: np.where(x > 0, x, 0.01 * x)),
    "Sigmoid": (Sigmoid, lambda x: 1 / (1 + np.exp(-x))),
    "Tanh": (Tanh, lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))),
}
LAYERS: dict[str, tuple[Callable[[], Layer], tuple[int, ...]]] = {
    # name: (a layer, the shape of a batch that it takes)
    "Dense": (lambda: Dense(3, 2, np.random.default_rng(0)), (4, 3)),
    "Conv2D": (lambda: Conv2D(2, 3, 3, np.random.default_rng(0)), (4, 2, 5, 6)),
    "Conv2D, padded strides": (lambda: Conv2D(2, 3, 2, np.random.default_rng(0), 2, 1), (4, 2, 5, 6)),
    "MaxPool2D": (lambda: MaxPool2D(2), (4, 2, 5, 6)),
    "MaxPool2D, overlapping": (lambda: MaxPool2D(3, stride=1), (4, 2, 5, 6)),
    "Flatten": (Flatten, (4, 2, 3)),
    "RNN": (lambda: RNN(3, 2, np.random.default_rng(0)), (4, 5, 3)),
    **{name: (build, (4, 3)) for name, (build, _) in FORMULAS.items()},
}
every_layer = pytest.mark.parametrize(("build", "shape"), LAYERS.values(), ids=LAYERS)


@pytest.mark.parametrize(("build", "formula"), FORMULAS.values(), ids=FORMULAS)
@settings(max_examples=30, deadline=None)
@given(values=st.lists(st.floats(-30, 30), min_size=1, max_size=8))
def test_an_activation_is_its_formula(
    build: Callable[[], Layer], formula: Callable[[Array], Array], values: list[float]
) -> None:
    x = np.array(values)
    assert_allclose(build().forward(x), formula(x), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("shape", [(3,), (5, 3), (2, 4, 3), (2, 1, 4, 3)])
def test_dense_is_an_affine_map_of_the_last_axis(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    layer = Dense(3, 2, rng)
    layer.parameters["b"][:] = rng.normal(size=2)
    x = rng.normal(size=shape)
    expected = np.einsum("...d,dm->...m", x, layer.parameters["W"]) + layer.parameters["b"]
    y = layer.forward(x)
    assert y.shape == layer.output_shape(shape) == (*shape[:-1], 2)
    assert_allclose(y, expected, rtol=1e-13)


def test_dense_without_bias_has_none() -> None:
    layer = Dense(3, 2, np.random.default_rng(0), bias=False)
    assert list(layer.parameters) == list(layer.gradients) == ["W"]
    assert_array_equal(layer.forward(np.zeros((4, 3))), np.zeros((4, 2)))


def test_the_same_generator_gives_the_same_weights_and_no_other_state_is_used() -> None:
    first, second, other = (Dense(5, 4, np.random.default_rng(seed)) for seed in (7, 7, 8))
    assert_array_equal(first.parameters["W"], second.parameters["W"])
    assert not np.array_equal(first.parameters["W"], other.parameters["W"])
    assert_array_equal(first.parameters["b"], np.zeros(4))


@pytest.mark.parametrize(("inputs", "outputs"), [(0, 1), (1, 0), (-3, 2)])
def test_dense_refuses_to_be_empty(inputs: int, outputs: int) -> None:
    with pytest.raises(ValueError, match=f"not {inputs} and {outputs}"):
        Dense(inputs, outputs, np.random.default_rng(0))


@pytest.mark.parametrize("slope", [np.nan, np.inf])
def test_leaky_relu_refuses_a_slope_that_is_not_finite(slope: float) -> None:
    with pytest.raises(ValueError, match="slope must be finite"):
        LeakyReLU(slope)


@pytest.mark.parametrize(
    ("layer", "x", "named"),
    [
        ("Dense", np.zeros((4, 2)), r"Dense\(3, 2\) takes x \(\.\.\., 3\).* \(4, 2\)"),
        ("Dense", np.zeros(4), r"\(\.\.\., 3\).* \(4,\)"),
        ("Dense", np.zeros((0, 3)), r"not empty.* \(0, 3\)"),
        ("Dense", np.zeros((2, 0, 3)), r"not empty.* \(2, 0, 3\)"),
        ("Dense", np.float64(1), r"\(\.\.\., 3\).* \(\)"),
        ("ReLU", np.float64(1), r"ReLU\(\) takes x \(N, \.\.\.\).* \(\)"),
        ("LeakyReLU", np.float64(1), r"LeakyReLU\(0\.01\) takes x .* \(\)"),
        ("Sigmoid", np.zeros((0,)), r"Sigmoid\(\) takes x .* \(0,\)"),
        ("Tanh", np.zeros((4, 0)), r"Tanh\(\) takes x .* \(4, 0\)"),
    ],
)
def test_forward_refuses_a_wrong_shape_and_names_both(layer: str, x: Array, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        LAYERS[layer][0]().forward(x)


@every_layer
def test_backward_refuses_a_gradient_that_would_broadcast(
    build: Callable[[], Layer], shape: tuple[int, ...]
) -> None:
    layer = build()
    y = layer.forward(np.ones(shape))
    for wrong in [y.shape[:1], (*y.shape[:-1], 1), (1, *y.shape[1:]), (3, *y.shape[1:]), ()]:
        named = re.escape(f"got dL/dy {wrong} for its output y {y.shape}")
        with pytest.raises(ValueError, match=named):
            layer.backward(np.ones(wrong))


@every_layer
def test_backward_needs_a_forward_first(build: Callable[[], Layer], shape: tuple[int, ...]) -> None:
    for backward in (build().backward, build().backward_to_parameters):
        with pytest.raises(ValueError, match="before any forward"):
            backward(np.ones(shape))


@every_layer
@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint8, np.bool_, np.float32])
def test_numbers_of_any_type_give_what_the_same_floats_give(
    build: Callable[[], Layer], shape: tuple[int, ...], dtype: type
) -> None:
    layer, twin = build(), build()
    x = np.random.default_rng(0).integers(0, 2, shape).astype(dtype)
    y = layer.forward(x)
    assert y.dtype == np.float64
    assert_array_equal(y, twin.forward(x.astype(np.float64)))
    dy = np.arange(y.size).reshape(y.shape)
    assert_array_equal(layer.backward(dy), twin.backward(dy.astype(np.float64)))


@every_layer
def test_transposed_and_strided_input_gives_what_a_copy_gives(
    build: Callable[[], Layer], shape: tuple[int, ...]
) -> None:
    layer, twin = build(), build()
    rng = np.random.default_rng(0)
    strided = rng.normal(size=[2 * side for side in shape])[tuple(slice(None, None, -2) for _ in shape)]
    transposed = rng.normal(size=shape[::-1]).T
    for x in (strided, transposed, np.asfortranarray(strided)):
        y = layer.forward(x)
        assert_array_equal(y, twin.forward(x.copy(order="C")))
        dy = np.asfortranarray(y)
        assert_array_equal(layer.backward(dy), twin.backward(dy.copy(order="C")))


@every_layer
def test_buffers_follow_a_batch_that_grows_and_shrinks(
    build: Callable[[], Layer], shape: tuple[int, ...]
) -> None:
    layer = build()
    rng = np.random.default_rng(0)
    for rows in (4, 1, 7, 4):
        x = rng.normal(size=(rows, *shape[1:]))
        y = layer.forward(x)
        fresh = build()
        assert_array_equal(y, fresh.forward(x))
        dy = rng.normal(size=y.shape)
        assert_array_equal(layer.backward(dy), fresh.backward(dy))


@every_layer
def test_buffers_are_reused_while_the_shape_stays(build: Callable[[], Layer], shape: tuple[int, ...]) -> None:
    layer = build()
    y = layer.forward(np.ones(shape))
    dx = layer.backward(np.ones(y.shape))
    assert layer.forward(np.zeros(shape)) is y
    assert layer.backward(np.ones(y.shape)) is dx


@every_layer
def test_no_step_after_the_first_allocates_arrays(build: Callable[[], Layer], shape: tuple[int, ...]) -> None:
    layer, x = build(), np.ones((8000, *shape[1:]))
    dy = np.ones(layer.forward(x).shape)
    layer.backward(dy)
    tracemalloc.start()
    try:
        layer.forward(x)
        layer.backward(dy)
        layer.backward_to_parameters(dy)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < dy.nbytes  # 64 KiB come and go where numpy broadcasts a bias


@every_layer
def test_a_step_leaves_nothing_behind_for_the_next(
    build: Callable[[], Layer], shape: tuple[int, ...]
) -> None:
    layer, fresh = build(), build()
    rng = np.random.default_rng(0)
    layer.backward(rng.normal(size=layer.forward(rng.normal(size=shape)).shape))
    x = rng.normal(size=shape)
    dy = rng.normal(size=layer.output_shape(shape))
    assert_array_equal(layer.forward(x), fresh.forward(x))
    assert_array_equal(layer.backward(dy), fresh.backward(dy))
    for name, gradient in layer.gradients.items():
        assert_array_equal(gradient, fresh.gradients[name])


@every_layer
def test_the_data_and_the_gradient_given_are_left_as_they_were(
    build: Callable[[], Layer], shape: tuple[int, ...]
) -> None:
    layer, rng = build(), np.random.default_rng(0)
    x = rng.normal(size=shape)
    kept_x = x.copy()
    dy = rng.normal(size=layer.forward(x).shape)
    kept_dy = dy.copy()
    dx = layer.backward(dy)
    assert_array_equal(x, kept_x)
    assert_array_equal(dy, kept_dy)
    assert not np.shares_memory(dx, dy)


@every_layer
def test_nan_from_inside_passes_through(build: Callable[[], Layer], shape: tuple[int, ...]) -> None:
    x = np.ones(shape)
    x[0] = np.nan
    y = build().forward(x)
    assert np.isnan(y[0]).all()
    assert np.isfinite(y[1:]).all()


@pytest.mark.parametrize(
    ("build", "limits"),
    [
        (ReLU, (0, np.inf)),
        (LeakyReLU, (-np.inf, np.inf)),
        (Sigmoid, (0, 1)),
        (Tanh, (-1, 1)),
    ],
)
def test_infinity_goes_to_the_limit(build: Callable[[], Layer], limits: tuple[float, float]) -> None:
    assert_array_equal(build().forward(np.array([-np.inf, np.inf])), limits)


@pytest.mark.parametrize("build", [Sigmoid, Tanh])
def test_saturated_units_neither_overflow_nor_learn(build: Callable[[], Layer]) -> None:
    layer = build()
    y = layer.forward(np.array([-1000.0, -800.0, 800.0, 1000.0]))
    low, high = (0, 1) if build is Sigmoid else (-1, 1)
    assert_array_equal(y, [low, low, high, high])
    assert_array_equal(layer.backward(np.ones(4)), np.zeros(4))


@pytest.mark.parametrize(("build", "slope"), [(ReLU, 0.0), (LeakyReLU, 0.01)])
def test_the_derivative_at_the_kink_is_that_of_the_left(build: Callable[[], Layer], slope: float) -> None:
    layer = build()
    layer.forward(np.array([0.0]))
    assert layer.backward(np.array([2.0]))[0] == 2.0 * slope


@every_layer
def test_a_layer_refuses_to_be_copied(build: Callable[[], Layer], shape: tuple[int, ...]) -> None:
    with pytest.raises(TypeError, match="cannot be copied"):
        copy.deepcopy(build())


@given(st.lists(st.floats(-800.0, 800.0), min_size=1, max_size=6))
def test_softmax_gives_probabilities_in_the_order_of_the_logits(logits: list[float]) -> None:
    z = np.array(logits)
    p = softmax(z)
    assert p.sum() == pytest.approx(1.0)
    assert (p >= 0.0).all()
    assert p[z.argmax()] == p.max()
    np.testing.assert_allclose(softmax(np.stack((z, z + 3.0))), np.stack((p, p)), rtol=1e-9)


def test_softmax_of_the_largest_numbers_there_are_is_sure() -> None:
    most = np.finfo(np.float64).max
    np.testing.assert_array_equal(softmax(np.array([most, -most, 0.0])), [1.0, 0.0, 0.0])
