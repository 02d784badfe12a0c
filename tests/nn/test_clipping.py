"""Clipping keeps the direction, and lets nothing that is not finite vanish."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from scratchtui.nn import Array, clip_by_norm
from tests.nn.differences import quick, seeds


@quick
@given(size=st.integers(1, 20), scale=st.floats(1e-3, 1e3), limit=st.floats(1e-2, 1e2), seed=seeds)
def test_a_clipped_gradient_points_where_it_did_and_is_no_longer_than_the_limit(
    size: int, scale: float, limit: float, seed: int
) -> None:
    g = np.random.default_rng(seed).normal(0.0, scale, size)
    clipped = g.copy()
    norm = clip_by_norm(clipped, limit)
    assert norm == pytest.approx(np.linalg.norm(g), rel=1e-12)
    assert_allclose(clipped, g * min(1.0, limit / norm), rtol=1e-12)
    assert np.linalg.norm(clipped) <= limit * (1 + 1e-12)


@pytest.mark.parametrize("g", [[0.0, 0.0], [3.0, 4.0], [], [[1.0], [2.0]]])
def test_a_gradient_within_the_limit_is_left_bit_for_bit(g: list[float]) -> None:
    clipped = np.array(g, np.float64)
    clip_by_norm(clipped, 5.0)
    assert_array_equal(clipped, np.array(g))


def test_every_element_of_a_strided_gradient_is_scaled() -> None:
    whole = np.ones((4, 6))
    assert clip_by_norm(whole[::2, ::3], 1.0) == 2.0
    assert_array_equal(whole[::2, ::3], np.full((2, 2), 0.5))
    assert_array_equal(whole[1::2], np.ones((2, 6)))


def test_a_gradient_whose_squares_overflow_is_clipped_all_the_same() -> None:
    g = np.array([3e200, -4e200])
    assert clip_by_norm(g, 10.0) == pytest.approx(5e200)
    assert_allclose(g, [6.0, -8.0])


@pytest.mark.parametrize("g", [[1.0, np.nan], [np.inf, 1.0], [-np.inf, np.nan]])
def test_what_is_not_finite_stays_to_be_seen(g: list[float]) -> None:
    clipped = np.array(g)
    assert not np.isfinite(clip_by_norm(clipped, 1.0))
    assert_array_equal(clipped, g)


@pytest.mark.parametrize("limit", [0.0, -1.0, np.nan, np.inf])
def test_a_limit_that_is_no_length_is_refused(limit: float) -> None:
    with pytest.raises(ValueError, match="limit must be finite and > 0"):
        clip_by_norm(np.ones(3), limit)


@pytest.mark.parametrize("g", [[1.0, 2.0], np.ones(3, np.int64), np.ones(3, np.float32)])
def test_only_a_float64_array_can_be_scaled_in_place(g: Array) -> None:
    with pytest.raises(ValueError, match="gradient must be a float64 array"):
        clip_by_norm(g, 1.0)
