"""First weights: their spread, and that only the generator decides them."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from scratchtui.nn import Array, Dense, Initializer, he, uniform, xavier

SPREADS: dict[str, tuple[Initializer, float]] = {
    "uniform": (uniform(), 3**-0.5),
    "uniform, scaled": (uniform(0.1), 0.1 * 3**-0.5),
    "xavier": (xavier(), (2 / (200 + 300)) ** 0.5),
    "xavier, scaled": (xavier(2.0), 2 * (2 / (200 + 300)) ** 0.5),
    "he": (he(), (2 / 200) ** 0.5),
    "he, scaled": (he(0.5), 0.5 * (2 / 200) ** 0.5),
}


@pytest.mark.parametrize(("initializer", "deviation"), SPREADS.values(), ids=SPREADS)
def test_weights_have_the_stated_deviation_around_zero(initializer: Initializer, deviation: float) -> None:
    W = initializer(np.random.default_rng(0), (200, 300), 200, 300)
    assert W.shape == (200, 300)
    assert W.dtype == np.float64
    assert W.std() == pytest.approx(deviation, rel=0.02)
    assert abs(W.mean()) < 5 * deviation / 60_000**0.5


@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_uniform_fills_its_interval_and_stays_inside(scale: float) -> None:
    W = uniform(scale)(np.random.default_rng(0), (100, 100), 100, 100)
    assert np.abs(W).max() < scale
    assert np.abs(W).max() > 0.99 * scale


@pytest.mark.parametrize("make", [uniform, xavier, he])
def test_the_generator_alone_decides(make: Callable[..., Initializer]) -> None:
    first, second = (make()(np.random.default_rng(3), (4, 5), 4, 5) for _ in range(2))
    assert_array_equal(first, second)
    assert_array_equal(make(0.0)(np.random.default_rng(3), (4, 5), 4, 5), np.zeros((4, 5)))


@pytest.mark.parametrize("make", [uniform, xavier, he])
@pytest.mark.parametrize("scale", [-1.0, float("nan"), float("inf")])
def test_a_scale_that_is_no_size_is_refused(make: Callable[..., Initializer], scale: float) -> None:
    with pytest.raises(ValueError, match="scale must be finite and >= 0"):
        make(scale)


def test_dense_draws_with_its_fans() -> None:
    calls = []

    def spy(rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
        calls.append((shape, fan_in, fan_out))
        return np.zeros(shape)

    Dense(3, 2, np.random.default_rng(0), initializer=spy)
    assert calls == [((3, 2), 3, 2)]


def test_variance_survives_a_deep_stack() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 100))
    for _ in range(20):
        x = np.maximum(Dense(100, 100, rng, bias=False, initializer=he()).forward(x), 0)
    assert 0.1 < np.mean(x**2) < 10
