"""Views as plain text."""

from __future__ import annotations

import numpy as np
import pytest

from scratchtui.experiments.view import (
    Bar,
    Canvas,
    Curve,
    Curves,
    Gallery,
    Matrix,
    Prose,
    Surface,
    Table,
    Tile,
)
from scratchtui.training.history import LossHistory
from scratchtui.tui.shades import legend
from scratchtui.tui.text import (
    MOST_ROWS,
    MOST_TILES,
    WIDTH,
    bars_text,
    columns_text,
    curves_text,
    shortened,
    view_text,
)


def test_columns_are_aligned_and_end_without_blanks() -> None:
    assert columns_text([("a", "1", ""), ("bcd", "22")]) == "a    1\nbcd  22"
    assert columns_text([("a", "1"), ("bcd", "22")], right=True) == "a     1\nbcd  22"
    assert columns_text([]) == ""


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("abcdef", 6, "abcdef"), ("abcdefg", 6, "abc…fg"), ("abcdefgh", 5, "ab…gh"), ("本本本本", 5, "本…本"),
     ("abc", 1, "…"), ("", 1, "")],
)  # fmt: skip
def test_of_a_long_text_the_two_ends_are_left(text: str, width: int, shown: str) -> None:
    assert shortened(text, width) == shown


def test_a_long_table_says_how_many_rows_it_leaves_out() -> None:
    table = Table(("n",), tuple((str(k),) for k in range(MOST_ROWS + 1000)), note="the rest is elsewhere")
    *rows, left_out, note = view_text(table).splitlines()
    assert len(rows) == 1 + MOST_ROWS
    assert (left_out, note) == ("(1,000 rows more)", "the rest is elsewhere")


def test_a_wide_matrix_is_cut_into_blocks_that_fit_and_keeps_every_figure() -> None:
    values = np.arange(40.0).reshape(1, 40) * 1000.5
    text = view_text(Matrix(values, ("row",), tuple(map(str, range(40)))))
    assert max(map(len, text.splitlines())) <= WIDTH
    figures = [figure for line in text.splitlines() if line.startswith("row") for figure in line.split()[1:]]
    assert figures == [f"{value:.4g}" for value in values[0]]


def test_an_empty_cell_of_a_matrix_stays_empty() -> None:
    assert view_text(Matrix(np.array([[1.0, np.nan]]), ("a",), ("x", "y"))) == "   x  y\na  1"


def test_a_chart_fits_its_width_and_has_no_colours() -> None:
    steps = np.arange(1.0, 5000.0)
    lines = curves_text(Curves((Curve("c", steps, np.sin(steps / 100)),)), width=60, height=12).splitlines()
    assert len(lines) == 12
    assert max(map(len, lines)) <= 60
    assert "\x1b" not in "".join(lines)


def test_a_run_without_a_step_says_so_instead_of_a_chart() -> None:
    assert curves_text(LossHistory().view()).strip() == "no step yet"


def test_losses_of_any_size_make_a_chart() -> None:
    losses = np.array([1e300, 0.0, 1e-300, 5.0])
    assert "1e" in curves_text(LossHistory.of(1, losses).view())


def test_losses_that_are_all_zero_make_a_chart_too() -> None:
    text = curves_text(LossHistory.of(1, np.zeros(5)).view())
    assert "no step yet" not in text
    assert text.splitlines()[-1].split()[:2] == ["step", "0"]


def test_a_gallery_is_its_tiles_side_by_side_or_the_reason_why_there_are_none() -> None:
    tile = Tile("filter 1", Matrix(np.array([[0.5]])), "a bar\n+1 -1")
    assert view_text(Gallery((tile, tile), note="two")).splitlines() == [
        "filter 1  filter 1",
        "  0.5       0.5",
        "a bar     a bar",
        "+1 -1     +1 -1",
        "",
        "two",
    ]
    assert view_text(Gallery((), empty="nothing to see")) == "nothing to see"


def test_pictures_are_drawn_in_black_and_white_and_the_first_of_many_are_enough() -> None:
    tile = Tile("smile", Matrix(np.eye(8)), "right 99%")
    lines = view_text(Gallery((tile,) * (MOST_TILES + 588))).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert lines[0].split() == ["smile"] * 7
    assert lines[1].split() == ["#......."] * 7
    assert sum(line.count("smile") for line in lines) == MOST_TILES
    assert lines[-2:] == ["", "(588 more)"]
    grey = view_text(Gallery((tile, Tile("half", Matrix(np.array([[0.5]]))))))
    assert grey.endswith(legend(1.0))


def test_a_surface_is_signs_with_its_points_where_they_lie() -> None:
    surface = Surface(
        np.array([[-1.0, 1.0], [1.0, -1.0]]), (0.0, 1.0, 0.0, 1.0),
        np.array([[0.1, 0.9], [0.9, 0.1]]), np.array([False, True]), np.array([False, False]),
    )  # fmt: skip
    assert view_text(surface).splitlines() == ["0+", "+1", "+ one   - zero   1 and 0 are the data"]


def test_of_a_fine_surface_as_many_places_are_drawn_as_are_read() -> None:
    nothing = np.empty((0, 2))
    surface = Surface(np.ones((48, 80)), (0.0, 1.0, 0.0, 1.0), nothing, np.empty(0, bool), np.empty(0, bool))
    assert view_text(surface).splitlines()[:-1] == 24 * [40 * "+"]


def test_many_numbers_are_shades_of_one_scale_that_is_told_with_the_marks_over_them() -> None:
    wave = np.linspace(-1.0, 1.0, 100).reshape(10, 10)
    gallery = Gallery(
        (
            Tile("1", Matrix(wave, marks={(0, 1): "●"})),
            Tile("2", Matrix(wave / 2)),
            Tile("3", Matrix(wave[:1])),
        ),
        note="● one",
    )
    title, first, *lines = view_text(gallery).splitlines()
    assert title.split() == ["1", "2"]
    assert first.split()[:2] == ["=●========", "----------"]
    assert "##########  ++++++++++" in lines[8]
    assert "-0.9798" in lines[11]
    assert lines[-2:] == ["# above 0.6   + above 0.2   . about 0   - below -0.2   = below -0.6", "● one"]


def test_of_a_very_large_matrix_the_beginning_is_shaded_and_the_rest_counted() -> None:
    values = np.full((30, 90), 0.5)
    values[0, 0] = np.nan
    lines = view_text(Matrix(values)).splitlines()
    assert (lines[0], lines[1]) == (f" {79 * '#'}", 80 * "#")
    assert lines[24:] == ["(6 rows more, 10 columns more)", legend(0.5)]


def test_points_outside_a_surface_are_drawn_on_its_edge() -> None:
    nowhere = np.array([[-9.0, 9.0], [9.0, -9.0]])
    surface = Surface(np.zeros((3, 4)), (0.0, 1.0, 0.0, 1.0), nowhere, np.zeros(2, bool), np.zeros(2, bool))
    assert surface.cells(3, 4).tolist() == [[0, 0], [2, 3]]


def test_bars_tell_probabilities_and_mark_the_answer() -> None:
    smile, frown = bars_text((Bar("smile", 0.75, marked=True), Bar("frown", 0.25))).splitlines()
    assert smile.startswith("→ smile")
    assert (smile.count("█"), frown.count("█")) == (30, 10)
    assert ("75.0%" in smile, "25.0%" in frown) == (True, True)


def test_a_canvas_is_its_pixels_with_words_above_and_below() -> None:
    canvas = Canvas(np.eye(2) > 0, (Bar("smile", 1.0, marked=True),), "your own", "sure")
    title, *pixels, bar, note = view_text(canvas).splitlines()
    assert (title, pixels, note) == ("your own", ["#.", ".#"], "sure")
    assert bar.startswith("→ smile")
    assert view_text(Canvas(np.eye(1) > 0)) == "#"


def test_prose_is_wrapped_between_words() -> None:
    text = view_text(Prose(((("word " * 40, "strong"),), (("end", ""),))))
    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.split() == ["word"] * 40 + ["end"]
