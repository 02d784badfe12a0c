"""plotext gets few points, all of them inside, and draws what is there."""

import numpy as np
import pytest

from scratchtui.tui import plot
from scratchtui.tui.axis import Limits

LIMITS = Limits(0.0, 999.0), Limits(-1.0, 1.0)
SIZE = 40, 10


def text(strokes: list[plot.Dots]) -> list[str]:
    picture = plot.draw([(dots, 0) for dots in strokes], SIZE)
    return ["".join(part for part, _ in row) for row in picture]


@pytest.mark.parametrize("points", [1, 2, 50, 10_000, 1_000_000])
def test_at_most_two_points_a_column_are_drawn(points: int) -> None:
    x = np.linspace(0.0, 999.0, points)
    y = np.random.default_rng(0).uniform(-1, 1, points)
    (piece,) = plot.strokes(x, y, LIMITS, SIZE)
    assert len(piece[0]) <= 2 * SIZE[0]


def test_a_spike_among_many_points_stays_in_sight() -> None:
    y = np.zeros(100_000)
    y[51_234] = 1.0
    rows = text(plot.strokes(np.linspace(0.0, 999.0, y.size), y, LIMITS, SIZE))
    assert rows[0].strip(" \u2800")


def test_what_is_not_finite_or_outside_is_left_out() -> None:
    x = np.array([0.0, 100.0, 200.0, np.inf, 2000.0, 900.0, np.nan])
    y = np.array([0.0, np.nan, 1e300, 0.0, 0.0, 0.5, 0.0])
    pieces = plot.strokes(x, y, LIMITS, SIZE)
    assert sum(len(across) for across, _ in pieces) == 2
    for across, up in pieces:
        assert ((across >= 0) & (across < 80) & (up >= 0) & (up < 40)).all()


def test_a_gap_breaks_the_curve() -> None:
    x = np.linspace(0.0, 999.0, 100)
    y = np.where((x > 300) & (x < 600), np.nan, 0.0)
    pieces = plot.strokes(x, y, LIMITS, SIZE)
    assert len(pieces) == 2
    row = "".join(text(pieces)).replace("\u2800", " ")
    assert "          " in row.strip()


def test_nothing_finite_is_nothing_to_draw() -> None:
    nothing = np.full(5, np.nan)
    assert plot.strokes(np.arange(5.0), nothing, LIMITS, SIZE) == []
    assert plot.band(np.arange(5.0), nothing, nothing, LIMITS, SIZE) == [" " * 40] * 10
    assert text([]) == [" " * 40] * 10


def test_a_straight_line_needs_its_ends_only() -> None:
    x = np.linspace(0.0, 999.0, 500)
    ((across, _),) = plot.strokes(x, np.zeros(500), LIMITS, SIZE)
    assert across.tolist() == [0, 79]


def test_a_line_goes_from_corner_to_corner() -> None:
    rows = text(plot.strokes(np.array([0.0, 999.0]), np.array([-1.0, 1.0]), LIMITS, SIZE))
    assert [len(row) for row in rows] == [40] * 10
    assert rows[0][-1] not in " \u2800"
    assert rows[-1][0] not in " \u2800"


def test_the_picture_does_not_depend_on_what_was_drawn_before() -> None:
    x = np.linspace(0.0, 999.0, 200)
    strokes = plot.strokes(x, np.sin(x / 100.0), LIMITS, SIZE)
    first = text(strokes)
    text(plot.strokes(x, np.cos(x / 50.0), LIMITS, SIZE))
    assert text(strokes) == first


def test_a_band_fills_what_lies_between_its_edges() -> None:
    x = np.linspace(0.0, 999.0, 40)
    rows = plot.band(x, np.full(40, -0.5), np.full(40, 2.0), LIMITS, SIZE)
    assert set(rows[0]) == {"⡇"}
    assert set(rows[-1]) == {" "}


def test_a_sparse_band_leaves_out_every_second_dot_but_neither_end() -> None:
    x = np.array([0.0])
    rows = plot.band(x, np.array([-1.0]), np.array([1.0]), LIMITS, SIZE, sparse=True)
    assert [row[0] for row in rows] == ["⡃", *["⡂"] * 9]
    (alone,) = {row[0] for row in plot.band(x, x, x, LIMITS, SIZE, sparse=True)} - {" "}
    assert alone in "⠁⠂⠄⡀"


def test_a_point_that_stands_for_many_steps_fills_their_columns_and_no_column_twice() -> None:
    x, first = np.array([250.0, 500.0, 999.0]), np.array([1.0, 251.0, 501.0])
    columns, points = plot.spread(x, first, LIMITS[0], 40)
    assert columns.tolist() == [*range(1, 40)]
    assert np.all(np.diff(points) >= 0)
    steps = np.arange(1.0, 41.0)
    columns, points = plot.spread(steps, steps, LIMITS[0], 40)
    assert points.tolist() == [*range(40)]
