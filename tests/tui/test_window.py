"""A window shows a part of the curves, and no spike in it is ever lost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchtui.experiments.view import Curve, Curves
from scratchtui.training.history import CAPACITY, LossHistory
from scratchtui.tui.axis import Limits
from scratchtui.tui.drawn import BLANKS, ELSEWHERE, drawn
from scratchtui.tui.frame import line_of
from scratchtui.tui.ink import text_of
from scratchtui.tui.window import Window, closest, extent_of, own_extent, part

LONG = Limits(1.0, 1_000_000.0)
MIDDLE = 500_000.0


def history(steps: int, spike: int, *, height: float = 1e3) -> LossHistory:
    """Return the history of `steps` steps of loss 1 but for one spike, told in several stretches."""
    losses = np.ones(steps)
    losses[spike - 1] = height
    found = LossHistory()
    for begin in range(0, steps, 3000):
        found = found.merge(LossHistory.of(begin + 1, losses[begin : begin + 3000]))
    return found


def test_a_window_goes_from_all_to_the_last_tenth_to_a_range_and_back() -> None:
    last = Window().next(LONG, MIDDLE)
    around = last.next(LONG, MIDDLE)
    assert last.limits(LONG, None) == Limits(900_000.0, 1_000_000.0)
    assert around.limits(LONG, None) == Limits(450_000.0, 550_000.0)
    assert around.next(LONG, MIDDLE) == Window()
    assert [each.words for each in (Window(), last, around)] == ["", "last tenth", "450,000–550,000"]


NARROWED = [  # presses of the key that narrows, the step around which, from, to
    (1, MIDDLE, 375_000, 625_000),
    (3, MIDDLE, 492_187, 507_812),
    (1, 1.0, 1, 250_001),
    (1, 1e6, 750_000, 1_000_000),
    (12, 1e6, 999_980, 1_000_000),
]


@pytest.mark.parametrize(("presses", "around", "low", "high"), NARROWED)
def test_a_window_is_narrowed_around_a_step_and_never_leaves_the_run(
    presses: int, around: float, low: int, high: int
) -> None:
    window = Window()
    for _ in range(presses):
        window = window.scaled(0.25, LONG, around)
    assert (window.low, window.high) == (low, high)
    for _ in range(presses):
        window = window.scaled(4.0, LONG, around)
    assert window == Window()


def test_the_last_part_follows_in_jumps_so_that_its_axis_mostly_stands_still() -> None:
    held, axes = None, set()
    for newest in range(1000, 2001):
        held = Window("last").limits(Limits(1.0, newest), held)
        assert held is not None
        assert held.holds(newest - newest / 10, newest)
        axes.add(held)
    assert len(axes) < 50


def test_other_runs_have_no_say_in_what_the_last_part_is() -> None:
    x = np.arange(1.0, 101.0)
    curves = Curves((Curve("run 2", x[:20], x[:20]), Curve("run 1", x, x, dim=True)))
    assert own_extent(curves) == Limits(1.0, 20.0)
    assert extent_of(curves) == Limits(1.0, 100.0)
    assert extent_of(Curves(())) is None


def test_a_bucket_across_the_edge_of_a_window_is_in_it_with_its_extremes() -> None:
    (curve,) = history(4 * CAPACITY, spike=103).view().curves
    line = part(line_of(curve, logarithmic=False), Limits(98.0, 102.0))
    assert line.high is not None
    assert (line.x[-1], line.high.max()) == (102.0, 1e3)


def test_a_curve_of_single_moments_is_drawn_through_a_window_without_any() -> None:
    line = line_of(Curve("unseen", np.array([0.0, 100.0]), np.array([10.0, 0.0])), logarithmic=False)
    seen = part(line, Limits(40.0, 60.0))
    assert list(zip(seen.x, seen.y, strict=True)) == [(40.0, 6.0), (60.0, 4.0)]


def test_of_a_stretch_known_step_by_step_those_are_shown_and_elsewhere_the_buckets() -> None:
    near = LossHistory.of(100, np.arange(100.0)).view().curves[0]
    x = np.arange(64.0, 1025.0, 64.0)
    curve = Curve("loss", x, x, first=x - 63.0, closer=near)
    assert np.array_equal(closest(curve, Limits(100.0, 199.0)).x, np.arange(100.0, 200.0))
    assert closest(curve, Limits(100.0, 200.0)) is curve


def test_a_window_in_which_there_is_nothing_says_how_to_leave_it() -> None:
    x = np.arange(1.0, 101.0)
    rows, frame = drawn(Curves((Curve("loss", x, x),)), (60, 5), window=Window("range", 200.0, 300.0))
    assert frame is None
    assert ELSEWHERE in "".join(map(text_of, rows))


@st.composite
def spiky(draw: st.DrawFn) -> tuple[int, int, Window]:
    """Return a number of steps, the one with the spike, and a window that it is in."""
    steps = draw(st.integers(30, 6 * CAPACITY))
    spike = draw(st.integers(1, steps))
    extent = Limits(1.0, float(steps))
    last = spike >= steps - (steps - 1) / 10
    window = draw(st.sampled_from([Window(), *[Window("last")] * last, None]))
    if window is None:
        window = Window()
        for _ in range(draw(st.integers(1, 6))):
            window = window.scaled(0.25, extent, spike)
    return steps, spike, window


@settings(deadline=None, max_examples=60)
@given(spiky(), st.booleans(), st.booleans(), st.sampled_from([(44, 5), (44, 9), (120, 30)]))
def test_no_spike_is_lost(
    found: tuple[int, int, Window], logarithmic: bool, dim: bool, size: tuple[int, int]
) -> None:
    steps, spike, window = found
    (curve,) = history(steps, spike).view().curves
    assert curve.first is not None
    curves = Curves((Curve("", curve.x, curve.y, curve.low, curve.high, dim, curve.first),), logarithmic)
    rows, frame = drawn(curves, size, window=window)
    assert frame is not None
    row = frame.row(3.0 if logarithmic else 1e3)
    bucket = int(np.searchsorted(curve.x, spike))
    columns = {frame.column(min(float(curve.x[bucket]), frame.x.high)), frame.column(float(spike))}
    canvas = text_of(rows[row])[frame.left + 1 :]
    assert any(column is not None and canvas[column] not in BLANKS for column in columns), canvas
