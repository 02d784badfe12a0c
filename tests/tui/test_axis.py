"""Axes stand still, end at round numbers, and label what they can."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchtui.tui import axis
from scratchtui.tui.axis import Limits

DATA = [(0.0, 1.0), (-3.2, 7.9), (1e-9, 3e-9), (5.0, 5.0), (0.0, 0.0), (-1e6, 1e6), (99.0, 101.0)]


@pytest.mark.parametrize(("low", "high"), DATA)
def test_limits_hold_the_data_without_wasting_most_of_the_axis(low: float, high: float) -> None:
    limits = axis.value_limits(low, high, 4, None)
    assert limits.holds(low, high)
    assert limits.span > 0
    if high > low:
        assert limits.span <= axis.TOO_LARGE * (high - low)


@pytest.mark.parametrize(("low", "high"), DATA)
def test_limits_stay_for_data_that_hardly_moves(low: float, high: float) -> None:
    limits = axis.value_limits(low, high, 4, None)
    reach = 0.01 * (high - low)
    assert axis.value_limits(low + reach, high - reach, 4, limits) is limits


def test_limits_grow_at_once_and_shrink_only_when_much_too_large() -> None:
    held = axis.value_limits(0.0, 0.9, 4, None)
    assert axis.value_limits(0.0, held.high * 1.01, 4, held).high > held.high
    assert axis.value_limits(0.0, held.high * 0.5, 4, held) is held
    assert axis.value_limits(0.0, held.high * 0.3, 4, held).high < held.high


def test_a_loss_that_falls_sixteen_decades_moves_its_axis_ten_times() -> None:
    held: Limits | None = None
    moves = 0
    for power in np.linspace(4.0, -12.0, 1000):
        limits = axis.decade_limits(float(power), 4.0, 3, held)
        assert limits.holds(float(power), 4.0)
        moves += limits != held
        held = limits
    assert moves <= 10


def test_two_hundred_steps_move_the_axis_of_steps_five_times() -> None:
    held: Limits | None = None
    seen = []
    for step in range(201):
        limits = axis.progress_limits(0.0, float(step), held)
        if limits != held:
            seen.append(limits.high)
        held = limits
    assert seen == [20, 30, 50, 100, 200]


EIGHT = [float(power) for power in range(8)]
GIVEN = [  # ticks, the least and the most of the data, limits
    (EIGHT, 0.0, 7.0, Limits(-0.5, 7.5)),
    (EIGHT, 3.0, 4.0, Limits(-0.5, 7.5)),
    (EIGHT, -0.5, 7.5, Limits(-0.5, 7.5)),
    (EIGHT, -0.6, 9.0, Limits(-1.5, 9.5)),
    (EIGHT, -1e308, 1e308, Limits(-4.5, 11.5)),
    ([8.0, 0.0, 4.0], 0.0, 11.0, Limits(-2.0, 14.0)),
    ([0.0], -3.0, 0.0, Limits(-1.5, 0.5)),
]


@pytest.mark.parametrize(("ticks", "low", "high", "limits"), GIVEN)
def test_given_ticks_have_half_a_tick_around_them_and_whole_ones_for_data_outside(
    ticks: list[float], low: float, high: float, limits: Limits
) -> None:
    assert axis.given_limits(ticks, low, high, None) == limits


def test_an_axis_of_given_ticks_stays_while_it_is_at_most_a_tick_too_long() -> None:
    held = axis.given_limits(EIGHT, 0.0, 9.0, None)
    assert axis.given_limits(EIGHT, 0.0, 8.0, held) is held
    assert axis.given_limits(EIGHT, -1.0, 8.0, held) == Limits(-1.5, 8.5)
    assert axis.given_limits(EIGHT, 0.0, 7.0, held) == Limits(-0.5, 7.5)


def test_the_axis_of_steps_begins_anew_after_a_reset_and_stays_for_a_step_back() -> None:
    held = Limits(0.0, 200.0)
    assert axis.progress_limits(0.0, 190.0, held) is held
    assert axis.progress_limits(0.0, 0.0, held) == Limits(0.0, 20.0)


def test_the_axis_of_a_late_run_does_not_begin_at_zero() -> None:
    limits = axis.progress_limits(1_000_000.0, 1_000_400.0, None)
    assert limits.low >= 999_000


LABELS = [
    ([0.0, 50.0, 100.0], "0 50 100"),
    ([0.0, 500.0, 1000.0, 1500.0], "0 500 1000 1500"),
    ([0.0, 50_000.0, 100_000.0], "0 50k 100k"),
    ([0.0, 500_000.0, 1_000_000.0], "0 0.5M 1.0M"),
    ([-0.5, 0.0, 0.5], "-0.5 0 0.5"),
    ([0.0, 0.05, 0.1], "0 0.05 0.10"),
    ([0.0, 2e-6, 4e-6], "0 2e-6 4e-6"),
    ([0.0], "0"),
    ([], ""),
]


@pytest.mark.parametrize(("ticks", "words"), LABELS)
def test_labels_are_short_and_alike(ticks: list[float], words: str) -> None:
    assert " ".join(axis.labels_for(ticks)) == words


ROWS = [  # wanted, placed, of eight rows
    ([0, 3, 7], [0, 3, 7]),
    ([3, 3], [2, 3]),
    ([3, 3, 3], [2, 3, 4]),
    ([3, 3, 3, 3], [2, 3, 4, None]),
    ([0, 0], [0, 1]),
    ([7, 7], [6, 7]),
    ([6, 7, 7], [6, 7, None]),
    ([], []),
]


@pytest.mark.parametrize(("wanted", "placed"), ROWS)
def test_labels_never_meet_and_are_at_most_one_row_off(wanted: list[int], placed: list[int | None]) -> None:
    assert axis.label_rows(wanted, 8) == placed


@given(st.integers(-300, 300), st.integers(1, 300), st.integers(2, 10))
def test_a_logarithmic_axis_has_at_least_two_labels_and_not_many_more_than_fit(
    low: int, span: int, most: int
) -> None:
    ticks = axis.decades_between(axis.Limits(low, low + span), most)
    assert 2 <= len(ticks) <= most + 1
