"""A heatmap shows every cell of a matrix, numbers where there is room, and the exact one on asking."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
from rich.cells import cell_len
from textual import constants
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from scratchtui.experiments.elements import located
from scratchtui.experiments.view import Matrix
from scratchtui.tui import grid, ramp
from scratchtui.tui.widgets.heatmap import Heatmap


class Stage(App[None]):
    """A heatmap and nothing else."""

    AUTO_FOCUS = None

    def compose(self) -> ComposeResult:
        yield Heatmap()


@asynccontextmanager
async def heatmap(size: tuple[int, int]) -> AsyncIterator[tuple[Heatmap, Pilot[None]]]:
    app = Stage()
    async with app.run_test(size=size) as pilot:
        yield app.query_one(Heatmap), pilot


def names(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{number}" for number in range(count))


def matrix(rows: int, columns: int) -> Matrix:
    values = np.random.default_rng(0).uniform(-1, 1, (rows, columns))
    return Matrix(values, names("r", rows), names("c", columns))


def weights() -> Matrix:
    bits = tuple(str(bit) for bit in reversed(range(8)))
    values = np.array([[128.0, 64.0, 32.0, 16.0, 8.0, 4.0, 2.0, 1.0]])
    return Matrix(values, ("weight",), bits, 128.0, logarithmic=True)


def lines(shown: Heatmap) -> list[str]:
    return shown.text().split("\n")


def last(shown: Heatmap) -> str:
    return shown.text().rstrip().split("\n")[-1]


async def test_a_row_of_weights_has_its_numbers_inside() -> None:
    async with heatmap((60, 6)) as (shown, _):
        shown.show(weights())
        assert lines(shown)[0].split() == ["7", "6", "5", "4", "3", "2", "1", "0"]
        (row,) = [line for line in lines(shown) if line.startswith("weight")]
        assert row.split()[1:] == ["128", "64", "32", "16", "8", "4", "2", "1"]
        assert last(shown).split() == ["0", "128", "log"]


async def test_numbers_have_decimals_unless_all_are_whole() -> None:
    async with heatmap((60, 6)) as (shown, _):
        for values, expected in (([203.0, np.nan, 4.0], ["203", "·", "4"]), ([203.0, 0.5], ["203.0", "0.5"])):
            shown.show(Matrix(np.array([values]), ("smile",)))
            (row,) = [line for line in lines(shown) if line.startswith("smile")]
            assert row.split()[1:] == expected


SHAPES = [  # rows, columns, width, height, columns of a cell, rows of a cell (0: half a row)
    (1, 8, 60, 6, 7, 3),
    (16, 4, 44, 20, 8, 1),
    (16, 4, 44, 19, 8, 1),
    (16, 4, 44, 18, 8, 1),
    (16, 4, 44, 12, 3, 0),
    (8, 8, 20, 12, 2, 1),
    (8, 8, 24, 20, 2, 1),
    (64, 64, 80, 40, 1, 0),
    (64, 64, 140, 70, 2, 1),
    (120, 120, 130, 64, 1, 0),
    (120, 120, 60, 20, 1, 0),
]


@pytest.mark.parametrize(("rows", "columns", "width", "height", "wide", "tall"), SHAPES)
def test_cells_are_as_large_as_the_matrix_lets_them(
    rows: int, columns: int, width: int, height: int, wide: int, tall: int
) -> None:
    cells = grid.choose((rows, columns), (3, 2), (width, height), (1.0, True))
    assert (cells.wide, cells.tall) == (wide, tall)


SIZES = [(4, 1), (6, 3), (20, 8), (44, 9), (80, 24), (130, 64)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", [(1, 8), (16, 4), (64, 64), (120, 120), (3, 1), (1, 1)])
async def test_every_row_fits_the_widget(size: tuple[int, int], shape: tuple[int, int]) -> None:
    async with heatmap(size) as (shown, pilot):
        shown.show(matrix(*shape))
        for signs in (False, True):
            shown.signs = signs
            await pilot.pause()
            assert len(lines(shown)) == size[1]
            assert max(map(len, lines(shown))) <= size[0]


async def test_half_blocks_hold_two_rows_in_exact_palette_colours() -> None:
    async with heatmap((130, 64)) as (shown, _):
        shown.show(matrix(120, 120))
        cells = lines(shown)[1:61]
        assert all(set(line[5:]) <= {"▀", " "} for line in cells)
        cube = {0, 95, 135, 175, 215, 255}
        for segment in shown.render_line(20):
            if "▀" in segment.text and segment.style and segment.style.color:
                triplet = segment.style.color.get_truecolor()
                assert set(triplet) <= cube or len(set(triplet)) == 1


async def test_where_there_are_sixteen_colours_it_is_drawn_in_those(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "COLOR_SYSTEM", "standard")
    async with heatmap((130, 64)) as (shown, _):
        shown.show(matrix(120, 120))
        known = {ramp.rgb(entry) for entry in (*ramp.DARK_16.negative, 0, *ramp.DARK_16.positive)}
        colours = {s.style.color.get_truecolor() for s in shown.render_line(20) if "▀" in s.text}
        assert len(colours) > 3
        assert colours <= known


async def test_values_that_hardly_change_change_no_cell() -> None:
    async with heatmap((130, 64)) as (shown, _):
        first = matrix(120, 120)
        shown.show(first)
        before = [list(shown.render_line(y)) for y in range(61)]
        noise = np.random.default_rng(1).uniform(-0.005, 0.005, (120, 120))
        moved = np.clip(first.values + noise, -1.0, 1.0)
        shown.show(Matrix(moved, first.row_labels, first.column_labels))
        assert [list(shown.render_line(y)) for y in range(61)] == before


async def test_the_cell_under_the_cursor_tells_its_labels_and_its_exact_value() -> None:
    async with heatmap((60, 6)) as (shown, pilot):
        shown.show(Matrix(np.array([[64.25, 31.9871]]), ("bit",), ("6", "5")))
        assert "bit, 6" not in shown.text()
        await pilot.press("tab")
        assert last(shown).startswith("bit, 6: 64.2500")
        assert "[" in shown.text()
        await pilot.press("right")
        assert last(shown).startswith("bit, 5: 31.9871")


@pytest.mark.parametrize(
    ("keys", "cell"),
    [
        (["down", "right"], (1, 1)),
        (["j", "l", "l", "h"], (1, 1)),
        (["up", "left"], (0, 0)),
        (["down", "down", "k"], (1, 0)),
        (["j"] * 20 + ["l"] * 20, (15, 3)),
    ],
)
async def test_arrows_and_hjkl_move_the_cursor_within_the_matrix(
    keys: list[str], cell: tuple[int, int]
) -> None:
    async with heatmap((60, 20)) as (shown, pilot):
        shown.show(matrix(16, 4))
        await pilot.press("tab", *keys)
        assert shown.cursor == cell


@pytest.mark.parametrize("cell", [(119, 119), (118, 0), (61, 61), (60, 119), (0, 0), (1, 1)])
async def test_a_matrix_larger_than_the_widget_scrolls_to_its_cursor(cell: tuple[int, int]) -> None:
    async with heatmap((60, 20)) as (shown, pilot):
        shown.show(matrix(120, 120))
        assert "of 120×120" in last(shown)
        await pilot.press("tab")
        for cursor in (cell, (59, 59), cell):
            shown.cursor = cursor
            await pilot.pause()
            glyph = "▀" if cursor[0] % 2 == 0 else "▄"
            row = next(line for line in lines(shown)[1:] if line.startswith(f"r{cursor[0]} "))
            assert glyph in row
        assert last(shown).startswith(f"r{cell[0]}, c{cell[1]}: ")


async def test_a_click_puts_the_cursor_there() -> None:
    async with heatmap((60, 20)) as (shown, pilot):
        shown.show(matrix(16, 4))
        await pilot.click(Heatmap, offset=(4 + 8, 1 + 3))
        assert shown.cursor == (3, 1)


async def test_an_empty_cell_is_a_dot() -> None:
    async with heatmap((40, 6)) as (shown, pilot):
        shown.show(Matrix(np.array([[1.0, np.nan, -1.0]])))
        assert lines(shown)[1].split() == ["1", "·", "-1"]
        await pilot.press("tab", "right")
        assert last(shown).startswith("row 1, column 2: empty")


async def test_signs_can_be_read_without_colour() -> None:
    async with heatmap((12, 6)) as (shown, pilot):
        shown.show(Matrix(np.array([[1.0, -0.5, 0.0, np.nan]])))
        shown.signs = True
        await pilot.pause()
        assert " ".join(lines(shown)).split()[:3] == ["+8", "-4", "·"]


async def test_nothing_to_show_is_no_error() -> None:
    async with heatmap((40, 6)) as (shown, pilot):
        await pilot.press("tab", "down", "right")
        shown.show(Matrix(np.zeros((0, 0))))
        assert not shown.text().strip()


async def test_zero_is_close_to_the_background_in_dark_and_in_light() -> None:
    async with heatmap((40, 6)) as (shown, pilot):
        shown.show(Matrix(np.zeros((1, 3)), limit=1.0))
        for theme in ("textual-dark", "textual-light"):
            pilot.app.theme = theme
            await pilot.pause()
            own = shown.background_colors[1].brightness
            (cell, *_) = [s for s in shown.render_line(1) if "0" in s.text and s.style]
            assert cell.style
            assert cell.style.bgcolor
            red = cell.style.bgcolor.get_truecolor().red
            assert abs(red / 255 - own) < 0.12


async def test_a_mark_stands_behind_the_number_and_alone_where_there_is_none() -> None:
    values = np.array([[0.25, 0.75], [0.5, np.nan]])
    marked = Matrix(values, ("a", "b"), ("c", "d"), 1.0, marks={(0, 0): "*", (1, 1): "!"})
    async with heatmap((40, 6)) as (shown, _):
        shown.show(marked)
        assert "0.25*" in shown.text()
        assert "0.75*" not in shown.text()
        assert "!" in shown.text()


async def test_of_two_rows_in_one_the_mark_tells_which_is_frozen() -> None:
    places = np.arange(24 * 3).reshape(24, 3)
    frozen = np.array([places[0, 0], places[1, 1], places[0, 2], places[1, 2]])
    async with heatmap((24, 13)) as (shown, _):
        shown.show(located(Matrix(np.ones((24, 3))), places.astype(float), frozen))
        assert lines(shown)[0].split() == ["¯_="]


async def test_a_label_as_wide_as_its_cell_is_seen_where_it_touches_no_other_and_roles_are_told() -> None:
    labels = ("smile", "neutral", "frown")
    counts = Matrix(np.array([[203.0, 0, 3], [1, 999, 2], [0, 0, 7]]), labels, labels, roles=("is", "says"))
    async with heatmap((30, 8)) as (shown, pilot):
        shown.show(counts)
        assert lines(shown)[0].split() == list(labels)
        shown.focus()
        shown.cursor = (0, 2)
        await pilot.pause()
        assert last(shown).startswith("is smile, says frown: 3")


async def test_below_a_narrow_picture_frozen_is_said_whole() -> None:
    places = np.arange(144.0).reshape(12, 12)
    async with heatmap((24, 8)) as (shown, pilot):
        shown.focus()
        await pilot.pause()
        shown.show(located(Matrix(np.full((12, 12), -0.5)), places, np.arange(144)))
        shown.cursor = (11, 11)
        assert last(shown).startswith("r12, c12: -0.5000 frozen")


async def test_wide_characters_keep_the_columns_straight() -> None:
    plain = Matrix(np.ones((2, 3)), ("ab", "cd"), ("1", "2", "3"))
    wide = Matrix(np.ones((2, 3)), ("本", "日"), ("日", "本", "の"))
    async with heatmap((40, 6)) as (shown, _):
        shown.show(plain)
        expected = [cell_len(line) for line in lines(shown)[1:3]]
        shown.show(wide)
        assert [cell_len(line) for line in lines(shown)[1:3]] == expected
        assert all(label in lines(shown)[0] for label in "日本の")


async def test_half_a_character_stays_empty_where_a_number_lacks() -> None:
    values = np.array([[1.0, np.nan, np.nan], [np.nan, 1.0, np.nan]] * 6)
    async with heatmap((24, 8)) as (shown, _):
        shown.show(Matrix(values, empty=" "))
        assert lines(shown)[0].rstrip().replace("▀▀", "▀").replace("▄▄", "▄") in {"▀▄", "▀▀▄▄"}


SCALES = [
    (Matrix(np.array([[0.4, -0.1]] * 2)), (9, 4), "8 is 0.4, 4 is 0.2"),
    (Matrix(np.full((30, 30), 0.5)), (40, 32), "+ up to 0.5"),
    (Matrix(np.linspace(-1.0, 1.0, 900).reshape(30, 30)), (40, 32), "+ up to 1, - down to -1"),
    (Matrix(np.array([[0.4, -0.1]])), (40, 5), ""),
    (Matrix(np.full((12, 12), 100.0), logarithmic=True), (40, 14), "8 is 100, 4 is 3.2"),
]


@pytest.mark.parametrize(("drawn", "size", "expected"), SCALES, ids=range(len(SCALES)))
async def test_without_colours_the_scale_is_told_in_words(
    drawn: Matrix, size: tuple[int, int], expected: str
) -> None:
    async with heatmap(size) as (shown, _):
        shown.signs = True
        shown.show(drawn)
        words = lines(shown)[-1].strip()
        assert words == (expected if len(expected) <= size[0] else "")
