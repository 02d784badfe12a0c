"""RNN against a loop over every time step, its gradient through time, and how it goes on."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from scratchtui.nn import RNN, Adam, Array, Dense, Sequential, clip_by_norm, softmax_cross_entropy
from tests.nn.differences import (
    assert_backward_is_right,
    assert_network_passes,
    quick,
    random_target,
    seeds,
)

few = st.integers(1, 4)
starts = st.sampled_from(["zero", "shared", "own"])


def states_in_loops(x: Array, parameters: dict[str, Array], initial: Array) -> Array:
    y = np.empty((*x.shape[:2], parameters["b"].size))
    for n in range(len(x)):
        h = initial[n]
        for t in range(x.shape[1]):
            h = np.tanh(x[n, t] @ parameters["Wx"] + h @ parameters["Wh"] + parameters["b"])
            y[n, t] = h
    return y


def build(inputs: int, hidden: int, rng: np.random.Generator) -> RNN:
    layer = RNN(inputs, hidden, rng)
    layer.parameters["b"][:] = rng.normal(size=hidden)
    return layer


@quick
@given(N=few, T=st.integers(1, 6), D=few, H=few, start=starts, seed=seeds)
def test_rnn_and_its_backward_through_time_are_those_of_the_formula(
    N: int, T: int, D: int, H: int, start: str, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    layer, x = build(D, H, rng), rng.normal(size=(N, T, D))
    initial = {"zero": np.zeros((N, H)), "shared": rng.normal(size=H), "own": rng.normal(size=(N, H))}[start]
    layer.initial = None if start == "zero" else initial
    y = layer.forward(x)
    assert y.shape == layer.output_shape(x.shape)
    expected = states_in_loops(x, layer.parameters, np.broadcast_to(initial, (N, H)))
    assert_allclose(y, expected, atol=1e-13)
    assert_backward_is_right(layer, x, rng)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("initial", [False, True])
def test_a_whole_recurrent_network_passes_the_check(seed: int, initial: bool) -> None:
    rng = np.random.default_rng(seed)
    rnn = build(4, 5, rng)
    rnn.initial = rng.normal(size=5) if initial else None
    network = Sequential(rnn, Dense(5, 4, rng))
    x, y = np.eye(4)[rng.integers(0, 4, (2, 6))], random_target(softmax_cross_entropy, (2, 6, 4), rng)
    assert_network_passes(network, softmax_cross_entropy, x, y)


def test_two_recurrent_layers_pass_the_check() -> None:
    rng = np.random.default_rng(0)
    network = Sequential(build(3, 4, rng), build(4, 5, rng), Dense(5, 3, rng))
    y = random_target(softmax_cross_entropy, (2, 4, 3), rng)
    assert_network_passes(network, softmax_cross_entropy, rng.normal(size=(2, 4, 3)), y)


def test_a_sequence_read_in_pieces_gives_what_it_gives_in_one() -> None:
    rng = np.random.default_rng(0)
    layer, x = build(3, 4, rng), rng.normal(size=(2, 7, 3))
    whole = layer.forward(x).copy()
    pieces = []
    for piece in (x[:, :3], x[:, 3:4], x[:, 4:]):
        pieces.append(layer.forward(piece).copy())
        layer.initial = layer.state
    assert_allclose(np.concatenate(pieces, axis=1), whole, rtol=1e-12)
    assert_array_equal(layer.state, pieces[-1][:, -1])
    layer.initial = None
    assert_array_equal(layer.forward(x), whole)


def test_the_state_stays_when_the_layer_goes_on_and_the_initial_one_when_its_array_changes() -> None:
    rng = np.random.default_rng(0)
    layer, x, h0 = build(3, 4, rng), rng.normal(size=(2, 5, 3)), rng.normal(size=4)
    layer.initial = h0
    y, state = layer.forward(x).copy(), layer.state
    kept = state.copy()
    h0[:] = 0
    assert_array_equal(layer.forward(x), y)
    layer.forward(-x)
    assert_array_equal(state, kept)


@pytest.mark.parametrize("shape", [(), (3,), (5,), (2, 3), (0, 4), (1, 2, 4)])
def test_an_initial_state_of_another_width_is_refused(shape: tuple[int, ...]) -> None:
    layer = build(3, 4, np.random.default_rng(0))
    named = re.escape(f"RNN(3, 4) takes an initial state (4,) or (N, 4), not {shape}")
    with pytest.raises(ValueError, match=named):
        layer.initial = np.zeros(shape)
    assert layer.initial is None


@pytest.mark.parametrize("rows", [1, 3])
def test_an_initial_state_for_another_batch_would_broadcast_and_is_refused(rows: int) -> None:
    layer = build(3, 4, np.random.default_rng(0))
    layer.initial = np.zeros((rows, 4))
    with pytest.raises(ValueError, match=re.escape(f"got 2 sequences for the initial state ({rows}, 4)")):
        layer.forward(np.zeros((2, 5, 3)))


def test_there_is_no_state_to_read_before_any_forward() -> None:
    layer = build(3, 4, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"RNN\(3, 4\) has no state before any forward"):
        _ = layer.state


@pytest.mark.parametrize(
    ("shape", "named"),
    [
        ((5, 3), r"RNN\(3, 4\) takes x \(N, T, 3\).* got \(5, 3\)"),
        ((2, 5, 4), r"\(N, T, 3\).* \(2, 5, 4\)"),
        ((2, 0, 3), r"not empty.* \(2, 0, 3\)"),
        ((0, 5, 3), r"not empty.* \(0, 5, 3\)"),
        ((), r"\(N, T, 3\).* \(\)"),
    ],
)
def test_rnn_refuses_what_it_cannot_take(shape: tuple[int, ...], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        build(3, 4, np.random.default_rng(0)).forward(np.zeros(shape))


@pytest.mark.parametrize(("inputs", "hidden"), [(0, 1), (1, 0), (-3, 2)])
def test_rnn_refuses_to_be_empty(inputs: int, hidden: int) -> None:
    with pytest.raises(ValueError, match=f"not {inputs} and {hidden}"):
        RNN(inputs, hidden, np.random.default_rng(0))


def test_rnn_draws_both_matrices_with_their_fans() -> None:
    calls = []

    def spy(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
        calls.append((shape, fan_in, fan_out))
        return np.zeros(shape)

    layer = RNN(3, 4, np.random.default_rng(0), initializer=spy)
    assert calls == [((3, 4), 3, 4), ((4, 4), 4, 4)]
    assert list(layer.parameters) == ["Wx", "Wh", "b"]


def test_nan_reaches_all_later_states_and_no_earlier_one() -> None:
    layer, x = build(3, 4, np.random.default_rng(0)), np.ones((1, 5, 3))
    x[0, 2, 1] = np.nan
    y = layer.forward(x)
    assert np.isfinite(y[:, :2]).all()
    assert np.isnan(y[:, 2:]).all()


def test_a_network_restored_from_its_vector_gives_the_same_bits() -> None:
    rng, other = np.random.default_rng(0), np.random.default_rng(9)
    network = Sequential(build(4, 5, rng), Dense(5, 4, rng))
    twin = Sequential(build(4, 5, other), Dense(5, 4, other))
    x, dy = rng.normal(size=(2, 6, 4)), rng.normal(size=(2, 6, 4))
    twin.forward(x)
    twin.load(network.vector)
    assert_array_equal(twin.forward(x), network.forward(x))
    assert_array_equal(twin.backward(dy), network.backward(dy))
    assert_array_equal(twin.gradient, network.gradient)
    network.gradient[:] = np.nan
    network.backward_to_parameters(dy)
    assert_array_equal(twin.gradient, network.gradient)


@pytest.mark.parametrize("seed", range(5))
def test_it_learns_to_spell_a_word_whose_letters_alone_do_not_tell_the_next(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = Sequential(RNN(4, 8, rng), Dense(8, 4, rng))
    optimizer = Adam(network.vector, learning_rate=0.05)
    letters = np.eye(4)[[[0, 1, 2, 2, 3]]]  # h, e, l, l, o
    x, y = letters[:, :-1], letters[:, 1:]
    for _ in range(200):
        _, gradient = softmax_cross_entropy(network.forward(x), y)
        network.backward_to_parameters(gradient)
        clip_by_norm(network.gradient, 1.0)
        optimizer.step(network.gradient)
    assert_array_equal(network.forward(x).argmax(axis=-1), y.argmax(axis=-1))
