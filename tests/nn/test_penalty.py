"""What L1 and L2 add to loss and gradient, and to which parameters."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from scratchtui.nn import Array, Dense, Penalized, Sequential, Tanh, gradient_check, mean_squared_error

STRENGTHS = [(0.0, 0.0), (0.3, 0.0), (0.0, 0.2), (0.1, 0.4)]


def network(kind: type[Sequential] = Penalized) -> Sequential:
    rng = np.random.default_rng(0)
    net = kind(Dense(3, 4, rng), Tanh(), Dense(4, 2, rng))
    net.vector += np.random.default_rng(1).normal(0, 0.1, net.vector.size)  # biases that are not 0
    return net


@pytest.mark.parametrize(("l1", "l2"), STRENGTHS)
def test_the_gradient_is_that_of_loss_and_penalty(l1: float, l2: float) -> None:
    net = network()
    assert isinstance(net, Penalized)
    net.penalize(l1=l1, l2=l2)
    rng = np.random.default_rng(2)

    def penalized(prediction: Array, target: Array) -> tuple[float, Array]:
        loss, gradient = mean_squared_error(prediction, target)
        return loss + net.penalty, gradient

    checks = gradient_check(net, penalized, rng.normal(size=(5, 3)), rng.normal(size=(5, 2)))
    assert max(check.relative_error for check in checks) < 1e-6, checks


@pytest.mark.parametrize(("l1", "l2"), STRENGTHS)
def test_the_penalty_is_its_formula_and_leaves_biases_alone(l1: float, l2: float) -> None:
    net, plain = network(), network(Sequential)
    assert isinstance(net, Penalized)
    net.penalize(l1=l1, l2=l2)
    x, dy = np.ones((5, 3)), np.ones((5, 2))
    for each in (net, plain):
        each.forward(x)
        each.backward_to_parameters(dy)
    weights = [net.parameters[name] for name in ("0.Dense.W", "2.Dense.W")]
    expected = sum(l1 * np.abs(w).sum() + 0.5 * l2 * (w**2).sum() for w in weights)
    assert net.penalty == pytest.approx(expected, abs=1e-15)
    for name, w in net.parameters.items():
        added = l1 * np.sign(w) + l2 * w if name.endswith("W") else 0.0 * w
        assert_allclose(net.gradients[name], plain.gradients[name] + added, rtol=1e-14, atol=1e-15)


def test_a_weight_of_exactly_zero_is_not_pushed_by_l1() -> None:
    net = network()
    assert isinstance(net, Penalized)
    net.vector[:] = 0.0
    net.penalize(l1=1.0, l2=0.0)
    net.forward(np.zeros((1, 3)))
    net.backward(np.zeros((1, 2)))
    assert_array_equal(net.gradient, 0.0)


@pytest.mark.parametrize(("l1", "l2"), [(-1.0, 0.0), (0.0, -0.1), (np.nan, 0.0), (0.0, np.inf)])
def test_strengths_that_are_none_are_refused(l1: float, l2: float) -> None:
    net = network()
    assert isinstance(net, Penalized)
    with pytest.raises(ValueError, match="must be finite and >= 0"):
        net.penalize(l1=l1, l2=l2)
