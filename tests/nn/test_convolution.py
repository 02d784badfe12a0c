"""Conv2D, MaxPool2D and Flatten against loops over every pixel, and their edges."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from scratchtui.nn import (
    Array,
    Conv2D,
    Dense,
    Flatten,
    LeakyReLU,
    MaxPool2D,
    Sequential,
    Tanh,
    he,
    softmax_cross_entropy,
)
from tests.nn.differences import assert_backward_is_right, assert_network_passes, quick, random_target, seeds

few = st.integers(1, 3)
paddings = st.integers(0, 3)
sides = st.integers(3, 6)


def convolution_in_loops(x: Array, W: Array, b: Array, stride: int, padding: int) -> Array:
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    size = W.shape[2]
    height, width = ((side - size) // stride + 1 for side in x.shape[2:])
    y = np.empty((len(x), len(W), height, width))
    for n, f, h, w in np.ndindex(y.shape):
        window = x[n, :, stride * h : stride * h + size, stride * w : stride * w + size]
        y[n, f, h, w] = b[f] + (window * W[f]).sum()
    return y


def pooling_in_loops(x: Array, size: int, stride: int) -> Array:
    height, width = ((side - size) // stride + 1 for side in x.shape[2:])
    y = np.empty((*x.shape[:2], height, width))
    for n, c, h, w in np.ndindex(y.shape):
        y[n, c, h, w] = x[n, c, stride * h : stride * h + size, stride * w : stride * w + size].max()
    return y


def distinct(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Return numbers so far apart that a small step changes no order."""
    return rng.permutation(int(np.prod(shape))).reshape(shape) / 10


@quick
@given(
    N=few, C=few, F=few, size=few, stride=few, padding=paddings, height=sides, width=sides, seed=seeds,
    bias=st.booleans(),
)  # fmt: skip
def test_conv2d_and_its_backward_are_those_of_the_formula(
    N: int, C: int, F: int, size: int, stride: int, padding: int, height: int, width: int, seed: int,
    bias: bool,
) -> None:  # fmt: skip
    rng = np.random.default_rng(seed)
    layer = Conv2D(C, F, size, rng, stride, padding, bias=bias)
    b = layer.parameters["b"] if bias else np.zeros(F)
    b[:] = rng.normal(size=F) if bias else 0.0
    x = rng.normal(size=(N, C, height, width))
    y = layer.forward(x)
    assert y.shape == layer.output_shape(x.shape)
    assert_allclose(y, convolution_in_loops(x, layer.parameters["W"], b, stride, padding), atol=1e-12)
    assert_backward_is_right(layer, x, rng)


@quick
@given(N=few, C=few, size=few, stride=few, height=sides, width=sides, seed=seeds)
def test_max_pool_and_its_backward_are_those_of_the_formula(
    N: int, C: int, size: int, stride: int, height: int, width: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    layer, x = MaxPool2D(size, stride), distinct(rng, (N, C, height, width))
    y = layer.forward(x)
    assert y.shape == layer.output_shape(x.shape)
    assert_array_equal(y, pooling_in_loops(x, size, stride))
    assert_backward_is_right(layer, x, rng)


@quick
@given(shape=st.lists(few, min_size=1, max_size=5).map(tuple), seed=seeds)
def test_flatten_keeps_the_order_of_an_example(shape: tuple[int, ...], seed: int) -> None:
    rng = np.random.default_rng(seed)
    layer, x = Flatten(), rng.normal(size=shape)
    y = layer.forward(x)
    assert y.shape == layer.output_shape(shape) == (shape[0], x[0].size)
    assert_array_equal(y.ravel(), x.ravel())
    assert_array_equal(layer.backward(y), x)
    assert_backward_is_right(layer, x, rng)


def face_network(rng: np.random.Generator, *, smooth: bool = False, padding: int = 0) -> Sequential:
    side = 2 if padding == 0 else 4
    return Sequential(
        Conv2D(1, 2, 3, rng, padding=padding, initializer=he()),
        Tanh() if smooth else LeakyReLU(),
        Conv2D(2, 3, 3, rng, padding=padding, initializer=he()),
        Tanh() if smooth else LeakyReLU(),
        MaxPool2D(2),
        Flatten(),
        Dense(3 * side**2, 3, rng),
    )


@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("smooth", [True, False], ids=["tanh", "leaky"])
@pytest.mark.parametrize("seed", range(3))
def test_a_whole_convolutional_network_passes_the_check(padding: int, smooth: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = face_network(rng, smooth=smooth, padding=padding)
    network.vector += rng.normal(0.0, 0.1, network.vector.shape)  # zero biases may sit on a kink
    y = random_target(softmax_cross_entropy, (3, 3), rng)
    assert_network_passes(network, softmax_cross_entropy, rng.normal(size=(3, 1, 8, 8)), y)


def test_a_filter_answers_most_where_its_own_pattern_stands() -> None:
    layer = Conv2D(1, 1, 3, np.random.default_rng(0))
    layer.parameters["W"][0, 0] = [[1, -1, 1], [-1, 1, -1], [-1, -1, -1]]
    x = np.zeros((1, 1, 8, 8))
    x[0, 0, 4:7, 1:4] = [[1, 0, 1], [0, 1, 0], [0, 0, 0]]
    assert np.unravel_index(layer.forward(x).argmax(), (6, 6)) == (4, 1)


def test_tied_maxima_send_the_gradient_to_the_first_in_reading_order() -> None:
    layer = MaxPool2D(2)
    layer.forward(np.array([[[[0, 7, 5, 5], [7, 7, 5, 5]]]]))
    assert_array_equal(layer.backward(np.array([[[[3, 4]]]])), [[[[0, 3, 4, 0], [0, 0, 0, 0]]]])


def test_overlapping_windows_add_up_their_gradients() -> None:
    layer, x = MaxPool2D(2, stride=1), np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 9
    assert_array_equal(layer.forward(x), np.full((1, 1, 2, 2), 9))
    assert_array_equal(
        layer.backward(np.array([[[[1, 2], [3, 4]]]]))[0, 0], [[0, 0, 0], [0, 10, 0], [0, 0, 0]]
    )


@pytest.mark.parametrize("place", list(product(range(2), range(2))))
def test_nan_is_the_maximum_of_its_window_wherever_it_stands(place: tuple[int, int]) -> None:
    layer, x = MaxPool2D(2), np.full((1, 1, 2, 2), np.inf)
    x[0, 0][place] = np.nan
    assert np.isnan(layer.forward(x)).all()
    assert layer.backward(np.ones((1, 1, 1, 1)))[0, 0][place] == 1


@pytest.mark.parametrize(("size", "stride", "padding"), [(1, 1, 0), (3, 1, 1), (2, 2, 1)])
def test_nan_reaches_no_further_than_the_windows_that_hold_it(size: int, stride: int, padding: int) -> None:
    rng = np.random.default_rng(0)
    layer, x = Conv2D(2, 3, size, rng, stride, padding), rng.normal(size=(2, 2, 6, 6))
    finite = layer.forward(x).copy()
    x[1, 0, 2, 3] = np.nan
    seen = np.isnan(layer.forward(x))
    assert seen[1].any(axis=(1, 2)).all()
    assert not seen[0].any()
    assert_array_equal(layer.forward(x)[~seen], finite[~seen])


@pytest.mark.parametrize(
    ("shape", "named"),
    [
        ((2, 8, 8), r"Conv2D\(2, 4, 3, stride=1, padding=0\) takes x \(N, 2, H, W\).* got \(2, 8, 8\)"),
        ((5, 3, 8, 8), r"\(N, 2, H, W\).* \(5, 3, 8, 8\)"),
        ((0, 2, 8, 8), r"not empty.* \(0, 2, 8, 8\)"),
        ((5, 2, 0, 8), r"not empty.* \(5, 2, 0, 8\)"),
        ((), r"\(N, 2, H, W\).* \(\)"),
        ((5, 2, 2, 8), r"at least 3 x 3 with its padding, but got \(5, 2, 2, 8\), which is 2 x 8"),
        ((5, 2, 8, 1), r"at least 3 x 3 .* which is 8 x 1"),
    ],
)
def test_conv2d_refuses_what_it_cannot_take(shape: tuple[int, ...], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Conv2D(2, 4, 3, np.random.default_rng(0)).forward(np.zeros(shape))


def test_padding_makes_room_for_a_kernel_larger_than_the_image() -> None:
    layer = Conv2D(1, 1, 5, np.random.default_rng(0), padding=2)
    assert layer.forward(np.ones((1, 1, 1, 2))).shape == (1, 1, 1, 2)
    with pytest.raises(ValueError, match=r"at least 6 x 6 .* got \(1, 1, 1, 2\), which is 5 x 6"):
        Conv2D(1, 1, 6, np.random.default_rng(0), padding=2).forward(np.ones((1, 1, 1, 2)))


@pytest.mark.parametrize(
    ("shape", "named"),
    [
        ((2, 8, 8), r"MaxPool2D\(3, stride=3\) takes x \(N, C, H, W\).* got \(2, 8, 8\)"),
        ((0, 2, 8, 8), r"\(0, 2, 8, 8\)"),
        ((5, 0, 8, 8), r"\(5, 0, 8, 8\)"),
        ((), r"got \(\)"),
        ((5, 2, 2, 8), r"at least 3 x 3, but got \(5, 2, 2, 8\)"),
    ],
)
def test_max_pool_refuses_what_it_cannot_take(shape: tuple[int, ...], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        MaxPool2D(3).forward(np.zeros(shape))


@pytest.mark.parametrize("shape", [(), (0, 3), (3, 0, 2)])
def test_flatten_refuses_emptiness(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"Flatten\(\) takes x \(N, \.\.\.\)"):
        Flatten().forward(np.zeros(shape))


@pytest.mark.parametrize(
    "sizes", [(0, 1, 1, 1, 0), (1, 0, 1, 1, 0), (1, 1, 0, 1, 0), (1, 1, 1, 0, 0), (1, 1, 1, 1, -1)]
)
def test_conv2d_refuses_sizes_that_are_none(sizes: tuple[int, int, int, int, int]) -> None:
    channels, filters, size, stride, padding = sizes
    with pytest.raises(ValueError, match=f"not {channels}, {filters}, {size}, {stride} and {padding}"):
        Conv2D(channels, filters, size, np.random.default_rng(0), stride, padding)


@pytest.mark.parametrize(("size", "stride"), [(0, 1), (1, 0), (-2, 2)])
def test_max_pool_refuses_sizes_that_are_none(size: int, stride: int) -> None:
    with pytest.raises(ValueError, match=f"not {size} and {stride}"):
        MaxPool2D(size, stride)


def test_windows_of_max_pool_stand_side_by_side_unless_told() -> None:
    assert MaxPool2D(3).stride == 3
    assert MaxPool2D(3).output_shape((1, 1, 8, 8)) == (1, 1, 2, 2)
    assert MaxPool2D(3, stride=1).output_shape((1, 1, 8, 8)) == (1, 1, 6, 6)


def test_conv2d_draws_with_its_fans_and_has_a_bias_unless_told() -> None:
    calls = []

    def spy(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
        calls.append((shape, fan_in, fan_out))
        return np.zeros(shape)

    layer = Conv2D(2, 5, 3, np.random.default_rng(0), initializer=spy)
    assert calls == [((5, 2, 3, 3), 2 * 9, 5 * 9)]
    assert_array_equal(layer.parameters["b"], np.zeros(5))
    assert list(Conv2D(2, 5, 3, np.random.default_rng(0), bias=False).parameters) == ["W"]


def test_a_network_restored_from_its_vector_gives_the_same_bits() -> None:
    rng = np.random.default_rng(0)
    network, twin = face_network(rng), face_network(np.random.default_rng(9))
    x, dy = rng.normal(size=(4, 1, 8, 8)), rng.normal(size=(4, 3))
    twin.forward(x)
    twin.load(network.vector)
    assert_array_equal(twin.forward(x), network.forward(x))
    assert_array_equal(twin.backward(dy), network.backward(dy))
    assert_array_equal(twin.gradient, network.gradient)
    network.gradient[:] = np.nan
    network.backward_to_parameters(dy)
    assert_array_equal(twin.gradient, network.gradient)
