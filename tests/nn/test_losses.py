"""What the losses average, what they refuse, and that no logit is too large for them."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from scratchtui.nn import (
    Array,
    Loss,
    binary_cross_entropy,
    mean_squared_error,
    sigmoid_squared_error,
    softmax_cross_entropy,
)

LOSSES: dict[str, Loss] = {
    "mean_squared_error": mean_squared_error,
    "binary_cross_entropy": binary_cross_entropy,
    "sigmoid_squared_error": sigmoid_squared_error,
    "softmax_cross_entropy": softmax_cross_entropy,
}
every_loss = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
logits = st.lists(st.lists(st.floats(-20, 20), min_size=3, max_size=3), min_size=1, max_size=4)


@settings(max_examples=30, deadline=None)
@given(rows=logits, seed=st.integers(0, 1000))
def test_losses_are_their_formulas(rows: list[list[float]], seed: int) -> None:
    z = np.array(rows)
    t = np.random.default_rng(seed).dirichlet([1, 1, 1], len(z))
    s = 1 / (1 + np.exp(-z))
    softmax = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    assert_allclose(mean_squared_error(z, t)[0], np.mean((z - t) ** 2), rtol=1e-12)
    assert_allclose(sigmoid_squared_error(z, t)[0], np.mean((s - t) ** 2), rtol=1e-9, atol=1e-15)
    binary = np.mean(-t * np.log(s) - (1 - t) * np.log1p(-s))
    assert_allclose(binary_cross_entropy(z, t)[0], binary, rtol=1e-6, atol=1e-12)
    several = np.mean(-np.sum(t * np.log(softmax), axis=1))
    assert_allclose(softmax_cross_entropy(z, t)[0], several, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("loss", "prediction", "target", "expected"),
    [
        (mean_squared_error, [[1, 2], [3, 6]], [[1, 2], [3, 4]], 4 / 4),
        (binary_cross_entropy, [[0], [0]], [[0], [1]], np.log(2)),
        (softmax_cross_entropy, [[0, 0, 0, 0]], [[0, 1, 0, 0]], np.log(4)),
        (softmax_cross_entropy, [[0, 0], [0, 0]], [[0, 1], [0.5, 0.5]], np.log(2)),
        (softmax_cross_entropy, [[[0, 0]] * 3] * 2, [[[0, 1]] * 3] * 2, np.log(2)),
        (softmax_cross_entropy, [7, 7], [0, 1], np.log(2)),
    ],
)
def test_losses_that_can_be_done_by_hand(
    loss: Loss, prediction: list[object], target: list[object], expected: float
) -> None:
    assert loss(np.array(prediction), np.array(target))[0] == pytest.approx(expected, rel=1e-15)


@every_loss
def test_a_batch_twice_over_has_the_same_loss_and_half_the_gradient_for_each_row(
    loss: Loss,
) -> None:
    rng = np.random.default_rng(0)
    z, t = rng.normal(size=(4, 3)), rng.dirichlet([1, 1, 1], 4)
    once, gradient = loss(z, t)
    twice, halves = loss(np.vstack([z, z]), np.vstack([t, t]))
    assert twice == pytest.approx(once)
    assert_allclose(halves, np.vstack([gradient, gradient]) / 2)


@pytest.mark.parametrize(
    ("loss", "z", "t", "expected", "gradient"),
    [
        (binary_cross_entropy, [[1000.0]], [[1]], 0, [[0]]),
        (binary_cross_entropy, [[-1000.0]], [[0]], 0, [[0]]),
        (binary_cross_entropy, [[1000.0]], [[0]], 1000, [[1]]),
        (binary_cross_entropy, [[-1000.0]], [[1]], 1000, [[-1]]),
        (softmax_cross_entropy, [[1000.0, -1000.0]], [[1, 0]], 0, [[0, 0]]),
        (softmax_cross_entropy, [[1000.0, -1000.0]], [[0, 1]], 2000, [[1, -1]]),
        (softmax_cross_entropy, [[1e300, -1e300]], [[1, 0]], 0, [[0, 0]]),
        (softmax_cross_entropy, [[-1000.0, -1000.0]], [[1, 0]], np.log(2), [[-0.5, 0.5]]),
    ],
)
def test_extreme_logits_give_exact_losses(
    loss: Loss, z: list[list[float]], t: list[list[int]], expected: float, gradient: object
) -> None:
    value, found = loss(np.array(z), np.array(t))
    assert value == pytest.approx(expected, rel=1e-15)
    assert_array_equal(found, gradient)


def test_a_confident_right_answer_keeps_its_tiny_loss() -> None:
    tiny = binary_cross_entropy(np.array([40.0]), np.array([1.0]))[0]
    assert tiny == pytest.approx(np.exp(-40.0), rel=1e-12)


@every_loss
@pytest.mark.parametrize(
    ("prediction", "target"),
    [((4,), (4, 1)), ((4, 1), (4,)), ((4, 3), (4, 1)), ((4, 3), (3,)), ((1, 4), (4, 4))],
)
def test_shapes_that_would_broadcast_are_refused(
    loss: Loss, prediction: tuple[int, ...], target: tuple[int, ...]
) -> None:
    named = re.escape(f"prediction {prediction} and target {target}")
    with pytest.raises(ValueError, match=named):
        loss(np.ones(prediction), np.ones(target))


@every_loss
@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (3, 0)])
def test_empty_and_0d_predictions_are_refused(loss: Loss, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{shape} must have an axis and not be empty")):
        loss(np.ones(shape), np.ones(shape))


@every_loss
@pytest.mark.parametrize(("value", "word"), [(np.nan, "NaN"), (np.inf, "inf"), (-np.inf, "-inf")])
def test_targets_that_are_not_finite_are_refused_and_located(loss: Loss, value: float, word: str) -> None:
    target = np.full((2, 3), 1 / 3)
    target[1, 2] = value
    with pytest.raises(ValueError, match=rf"target \(2, 3\) holds {word} at \[1, 2\]"):
        loss(np.zeros((2, 3)), target)


WRONG_TARGETS: list[tuple[Loss, list[object], str]] = [
    (binary_cross_entropy, [[0.5, 1.5]], "(1, 2) holds 1.5 at [0, 1]; every number must be in 0..1"),
    (binary_cross_entropy, [[1, 0], [-1, 0]], "(2, 2) holds -1.0 at [1, 0]; every number must be in 0..1"),
    (binary_cross_entropy, [-1e-9, 2], "(2,) holds -1e-09 at [0]; every number must be in 0..1"),
    (softmax_cross_entropy, [[1.5, -0.5]], "(1, 2) holds -0.5 at [0, 1]; every number must be in 0..1"),
    (softmax_cross_entropy, [[2, 0], [0, 0]], "(2, 2) holds 2.0 at [0, 0]; every number must be in 0..1"),
    (softmax_cross_entropy, [[1e308, 1e308]], "(1, 2) holds 1e+308 at [0, 0]; every number must be in 0..1"),
    (softmax_cross_entropy, [[1, 1, 0]], "(1, 3) must sum to 1 .* and [0, :] sums to 2"),
    (softmax_cross_entropy, [[0, 1], [0, 0]], "(2, 2) must sum to 1 .* and [1, :] sums to 0"),
    (softmax_cross_entropy, [[1, 1, 0], [0, 0, 0]], "(2, 3) must sum to 1 .* and [1, :] sums to 0"),
    (softmax_cross_entropy, [[[0, 1], [0.6, 0.5]]], "(1, 2, 2) must sum to 1 .* and [0, 1, :] sums to 1.1"),
    (softmax_cross_entropy, [0.3, 0.3], "(2,) must sum to 1 .* and [:] sums to 0.6"),
]


@pytest.mark.parametrize(("loss", "target", "words"), WRONG_TARGETS, ids=[w for _, _, w in WRONG_TARGETS])
def test_targets_that_are_no_probabilities_are_refused_and_located(
    loss: Loss, target: list[object], words: str
) -> None:
    t = np.array(target)
    with pytest.raises(ValueError, match=re.escape(f"target {words}").replace(r"\.\*", ".*") + "$"):
        loss(np.zeros(t.shape), t)


@every_loss
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_prediction_that_is_not_finite_gives_a_loss_that_is_not(loss: Loss, value: float) -> None:
    z = np.zeros((2, 3))
    z[0, 0] = value
    with np.errstate(invalid="ignore"):
        assert not np.isfinite(loss(z, np.full((2, 3), 1 / 3))[0])


@every_loss
def test_integers_give_what_the_same_floats_give(loss: Loss) -> None:
    z, t = np.array([[3, -2, 0], [1, 1, 5]]), np.array([[1, 0, 0], [0, 0, 1]], dtype=np.uint8)
    value, gradient = loss(z, t)
    expected, floats = loss(z.astype(float), t.astype(float))
    assert value == expected
    assert_array_equal(gradient, floats)
    assert isinstance(value, float)


@every_loss
def test_out_is_filled_and_inputs_are_left_alone(
    loss: Callable[..., tuple[float, Array]],
) -> None:
    rng = np.random.default_rng(0)
    z, t = rng.normal(size=(4, 3)), rng.dirichlet([1, 1, 1], 4)
    kept_z, kept_t, out = z.copy(), t.copy(), np.full((4, 3), np.nan)
    value, gradient = loss(z, t, out=out)
    assert gradient is out
    expected, fresh = loss(z, t)
    assert value == expected
    assert_array_equal(out, fresh)
    assert_array_equal(z, kept_z)
    assert_array_equal(t, kept_t)
    with pytest.raises(ValueError, match=r"out \(2, 4, 3\) must have the shape .* \(4, 3\)"):
        loss(z, t, out=np.empty((2, 4, 3)))


@every_loss
def test_transposed_predictions_give_what_copies_give(loss: Loss) -> None:
    rng = np.random.default_rng(0)
    z: Array = rng.normal(size=(3, 4)).T
    t: Array = np.asfortranarray(rng.dirichlet([1, 1, 1], 4))
    value, gradient = loss(z, t)
    expected, fresh = loss(z.copy(order="C"), t.copy(order="C"))
    assert value == pytest.approx(expected, rel=1e-15)
    assert_array_equal(gradient, fresh)
