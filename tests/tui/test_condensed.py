"""Where a column stands for many points it has their mean, and a band that no spike escapes."""

import numpy as np
import pytest

from scratchtui.experiments.view import Curve, Curves
from scratchtui.tui import plot
from scratchtui.tui.condensed import condensed
from scratchtui.tui.frame import Frame, fit, line_of

RNG = np.random.default_rng(5)


def framed(curve: Curve, *, logarithmic: bool) -> tuple[Frame, Curve]:
    curves = Curves((curve,), logarithmic)
    line = line_of(curve, logarithmic=logarithmic)
    frame = fit(curves, [line], (40, 10), None)
    found = condensed(line, frame, logarithmic=logarithmic)
    return frame, Curve("", found.x, found.y, found.low, found.high)


def curve(count: int) -> Curve:
    y = np.exp(RNG.normal(size=count))
    return Curve("loss", np.arange(1.0, count + 1.0), y, y * 0.5, y * 2.0)


@pytest.mark.parametrize("logarithmic", [True, False])
@pytest.mark.parametrize("count", [100, 1000, 4096])
def test_each_column_has_the_mean_and_the_extremes_of_what_falls_into_it(
    count: int, logarithmic: bool
) -> None:
    whole = curve(count)
    frame, drawn = framed(whole, logarithmic=logarithmic)
    columns = frame.x.places(whole.x, frame.canvas[0] * plot.WIDE) // plot.WIDE
    scale = np.log10 if logarithmic else np.asarray
    for place, column in enumerate(np.unique(columns)):
        inside = columns == column
        assert drawn.y[place] == pytest.approx(scale(whole.y[inside].mean()))
        assert whole.low is not None
        assert whole.high is not None
        assert drawn.low is not None
        assert drawn.high is not None
        assert drawn.low[place] == pytest.approx(scale(whole.low[inside].min()))
        assert drawn.high[place] == pytest.approx(scale(whole.high[inside].max()))
    assert len(drawn.y) == len(np.unique(columns)) <= frame.canvas[0]
    assert drawn.x[-1] == whole.x[-1]


@pytest.mark.parametrize("bands", [True, False])
def test_few_points_and_curves_without_extremes_stay_as_they_are(bands: bool) -> None:
    whole = curve(20 if bands else 1000)
    if not bands:
        whole = Curve("path", whole.x, whole.y)
    _, drawn = framed(whole, logarithmic=False)
    assert np.array_equal(drawn.y, whole.y)


def test_numbers_too_large_or_small_for_their_powers_to_be_added_have_a_mean() -> None:
    y = np.tile([1e-300, 1e300], 500)
    _, drawn = framed(Curve("loss", np.arange(1000.0), y, y, y), logarithmic=True)
    assert np.all(np.abs(drawn.y - (300.0 + np.log10(0.5))) < 0.1)


def test_a_gap_is_left_out_and_not_averaged() -> None:
    y = np.ones(1000)
    y[500:] = np.nan
    _, drawn = framed(Curve("loss", np.arange(1000.0), y, y, y), logarithmic=False)
    assert np.array_equal(drawn.y, np.ones(len(drawn.y)))
    assert drawn.x[-1] == 499.0
