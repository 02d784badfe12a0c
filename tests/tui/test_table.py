"""A table keeps its numbers whole and aligned, and its cursor in sight."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from scratchtui.experiments.panel import EditKey
from scratchtui.experiments.view import Table
from scratchtui.tui import columns
from scratchtui.tui.columns import Layout
from scratchtui.tui.requests import EditAsked
from scratchtui.tui.widgets.table import TableView


class Stage(App[None]):
    """A table and nothing else; keeps what it is told."""

    AUTO_FOCUS = None

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, tuple[int, ...]]] = []

    def compose(self) -> ComposeResult:
        rows = TableView(id="rows")
        rows.edits = (EditKey("enter", "enter", "flip", "flip it"),)
        yield rows

    def on_edit_asked(self, event: EditAsked) -> None:
        self.asked.append((event.edit.action, event.edit.place))


@asynccontextmanager
async def table(size: tuple[int, int] = (30, 9)) -> AsyncIterator[tuple[TableView, Pilot[None]]]:
    app = Stage()
    async with app.run_test(size=size) as pilot:
        yield app.query_one(TableView), pilot


def weights(error: str = "+0.01", note: str = "", marked: frozenset[int] = frozenset()) -> Table:
    rows = tuple((str(b), f"{2.0**b:.2f}", str(2**b), error) for b in reversed(range(8)))
    heat = tuple(b / 7 for b in reversed(range(8)))
    return Table(("bit", "weight", "target", "error"), rows, heat, marked, note)


def many(rows: int) -> Table:
    return Table(("number", "says"), tuple((str(row), f"{row}.00") for row in range(rows)))


def lines(shown: TableView) -> list[str]:
    return shown.text().split("\n")


async def test_eight_weights_stand_whole_at_the_design_size() -> None:
    async with table() as (shown, _):
        shown.show(weights())
        whole = weights()
        words = [line.split() for line in lines(shown)]
        assert words == [list(whole.columns), *map(list, whole.rows)]


ALIGNED = [
    (["127.98", "64", "1.5"], ["127.98", "64   ", "1.5 "]),
    (["-0.02", "+0.01", "tied"], ["-0.02", "+0.01", "tied"]),
    (["1e-07", "0.5"], ["1e-07", "0.5"]),
    (["1", "20"], ["1", "20"]),
    ([], []),
]


@pytest.mark.parametrize(("cells", "aligned"), ALIGNED)
def test_decimal_points_meet(cells: list[str], aligned: list[str]) -> None:
    assert columns.aligned(cells) == aligned


LAYOUTS = [  # widths needed, width given, layout
    ((3, 6, 6, 5), 40, Layout((3, 6, 6, 5), 4)),
    ((3, 6, 6, 5), 26, Layout((3, 6, 6, 5), 2)),
    ((3, 6, 6, 5), 23, Layout((3, 6, 6, 5), 1)),
    ((3, 6, 6, 5), 22, Layout((3, 6, 6), 3)),
    ((3, 6, 6, 5), 4, Layout((3,), 4)),
    ((3, 6, 6, 5), 2, Layout((2,), 1)),
    ((), 10, Layout((), 1)),
]


@pytest.mark.parametrize(("needed", "width", "layout"), LAYOUTS)
def test_gaps_narrow_first_and_then_the_last_column_goes(
    needed: tuple[int, ...], width: int, layout: Layout
) -> None:
    assert columns.arrange(needed, width) == layout


NARROW = [  # columns, rows, whether there are a swatch and a scrollbar
    (31, 9, True, False),
    (29, 9, True, False),
    (28, 9, False, False),
    (26, 9, False, False),
    (31, 6, True, True),
    (30, 6, False, True),
    (28, 6, False, True),
    (27, 6, False, False),
    (26, 6, False, False),
]


@pytest.mark.parametrize(("width", "height", "swatch", "bar"), NARROW)
async def test_the_swatch_goes_before_the_scrollbar_and_that_before_a_column(
    width: int, height: int, swatch: bool, bar: bool
) -> None:
    async with table((width, height)) as (shown, _):
        shown.show(weights("-0.0318"))
        own = shown.rich_style.bgcolor
        header, first, *_ = lines(shown)
        assert header.removeprefix("▼").split() == ["bit", "weight", "target", "error"]
        assert first.removesuffix("┃").split() == ["7", "128.00", "128", "-0.0318"]
        assert first.endswith("┃") is bar
        assert header.startswith("▼") is (height < 9 and not bar)
        assert any(s.style and s.style.bgcolor != own for s in shown.render_line(1)) is swatch


async def test_without_a_scrollbar_a_sign_tells_where_more_rows_are() -> None:
    async with table((27, 6)) as (shown, pilot):
        shown.show(weights("-0.0318"))
        await pilot.press("tab")
        seen = []
        for keys in (["pageup"] * 20, ["pagedown", "down"], ["pagedown"] * 20):
            await pilot.press(*keys)
            seen.append(lines(shown)[0][0])
        assert seen == ["▼", "▼", "▲"]


async def test_a_swatch_that_was_given_up_does_not_come_and_go_with_a_digit() -> None:
    async with table((29, 9)) as (shown, pilot):
        shown.show(weights("-0.03180"))
        own = shown.rich_style.bgcolor
        before = lines(shown)[0]
        for error, swatch in (("-0.0318", False), ("-0.03180", False), ("-0.03", True), ("-0.031", True)):
            shown.show(weights(error))
            await pilot.pause()
            assert any(s.style and s.style.bgcolor != own for s in shown.render_line(1)) is swatch
            assert (lines(shown)[0] == before) is not swatch


async def test_a_value_that_gets_a_digit_shorter_does_not_move_the_columns() -> None:
    async with table() as (shown, _):
        shown.show(weights("+10.01"))
        before = lines(shown)[0]
        shown.show(weights("+9.01"))
        assert lines(shown)[0] == before


async def test_the_cursor_shows_with_the_focus_and_stays_in_sight() -> None:
    async with table((30, 6)) as (shown, pilot):
        shown.show(many(50))
        await pilot.press("tab")
        assert "›" in lines(shown)[1]
        for key, row in (("pageup", 0), ("pagedown", 4), ("down", 5), ("pagedown", 9), ("pageup", 5)):
            await pilot.press(key)
            assert shown.cursor == row
            (here,) = [line for line in lines(shown) if "›" in line]
            assert f"{row}.00" in here
        shown.blur()
        await pilot.pause()
        assert "›" not in shown.text()


async def test_the_cursor_stops_at_the_ends_and_moves_up_when_rows_go() -> None:
    async with table() as (shown, pilot):
        shown.show(many(3))
        await pilot.press("tab", "up")
        assert shown.cursor == 0
        await pilot.press("down", "down", "down", "down")
        assert shown.cursor == 2
        shown.show(many(1))
        assert shown.cursor == 0
        shown.show(many(0))
        assert shown.cursor == 0


async def test_a_scrollbar_tells_where_one_is_among_rows_that_do_not_fit() -> None:
    async with table((30, 6)) as (shown, pilot):
        shown.show(many(5))
        assert not set("│┃") & set(shown.text())
        shown.show(many(50))
        assert [line[-1] for line in lines(shown)[1:]] == list("┃││││")
        await pilot.press("tab", *["pagedown"] * 20)
        assert [line[-1] for line in lines(shown)[1:]] == list("││││┃")


async def test_a_cell_is_chosen_where_columns_can_be_and_its_place_is_told() -> None:
    async with table() as (shown, pilot):
        rows = (("0 0", "1", "0.2"), ("0 1", "0", "0.7"))
        shown.show(Table(("in", "target", "says"), rows, ids=(4, 7), choose=(0, 1)))
        await pilot.press("tab", "down", "right", "enter", "right", "left", "enter")
        await pilot.pause()
        assert isinstance(pilot.app, Stage)
        assert pilot.app.asked == [("flip", (7, 1)), ("flip", (7, 0))]
        under_cursor = [text.strip() for text, pen in shown._rows[2] if pen == "table--cursor"]
        assert under_cursor == ["›", "0 1"]


async def test_a_key_edits_the_row_under_the_cursor_and_an_empty_table_has_none() -> None:
    async with table() as (shown, pilot):
        await pilot.press("tab", "enter")
        shown.show(many(3))
        await pilot.press("down", "enter")
        await pilot.pause()
        assert isinstance(pilot.app, Stage)
        assert pilot.app.asked == [("flip", (1,))]


async def test_a_click_puts_the_cursor_there() -> None:
    async with table() as (shown, pilot):
        shown.show(many(5))
        await pilot.click(TableView, offset=(3, 3))
        assert shown.cursor == 2


async def test_marked_rows_have_a_glyph_and_the_note_stands_below() -> None:
    async with table((40, 14)) as (shown, _):
        note = "bit 5 is never set by the data, so it keeps its random weight"
        shown.show(weights(note=note, marked=frozenset({2})))
        marks = [line.split()[1] for line in lines(shown) if line.startswith("!")]
        assert marks == ["5"]
        below = lines(shown)[10:]
        assert " ".join(" ".join(below).split()) == note
        assert lines(shown)[9] == ""


async def test_rows_go_before_a_long_note() -> None:
    async with table((40, 10)) as (shown, _):
        shown.show(weights(note="a sentence that is much too long for the one line that is left it"))
        assert lines(shown)[8].split()[0] == "0"
        assert lines(shown)[9].endswith("…")


CUTS = [  # width, what is left of columns that take 5, 30, 12 and 8
    (61, (5, 30, 12, 8)),
    (50, (5, 19, 12, 8)),
    (46, (5, 25, 12)),
    (30, (5, 23)),
    (8, (5, 1)),
]


@pytest.mark.parametrize(("width", "left"), CUTS)
def test_a_column_of_words_is_cut_before_others_go_as_long_as_it_can_be_read(
    width: int, left: tuple[int, ...]
) -> None:
    assert columns.cut((5, 30, 12, 8), width, 1) == left


async def test_what_is_cut_ends_in_an_ellipsis_and_the_row_under_the_cursor_is_told_whole() -> None:
    long = "learning_rate=0.1, optimizer=adam"
    rows = (("a", long, "99 of 99 right"), ("b", "nothing", "1 of 99 right"))
    details = (f"a: {long}", "b: nothing, but that is told at some length too")
    async with table((30, 9)) as (shown, pilot):
        shown.show(Table(("run", "differs by", "came to"), rows, note="one more", cut=1, details=details))
        assert lines(shown)[1].endswith("learning_rate=0.1, opt…")
        assert "one more" in shown.text()
        shown.focus()
        await pilot.pause()
        assert "a: learning_rate=0.1, optimizer=adam · one more" in " ".join(shown.text().split())
        await pilot.press("down")
        assert "b: nothing, but that is told at some length too" in " ".join(shown.text().split())


async def test_each_row_has_a_swatch_of_two_columns() -> None:
    async with table() as (shown, _):
        shown.show(weights())
        own = shown.rich_style.bgcolor
        colours = []
        for y in range(1, 9):
            swatches = [s for s in shown.render_line(y) if s.style and s.style.bgcolor != own]
            assert [segment.text for segment in swatches] == (["  "] if y < 9 else [])
            colours += [segment.style.bgcolor for segment in swatches if segment.style]
        assert len(set(colours)) >= 7


SIZES = [(1, 1), (2, 2), (5, 3), (12, 4), (30, 9), (80, 40)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_row_fits_the_widget(size: tuple[int, int]) -> None:
    async with table(size) as (shown, _):
        shown.show(weights(note="a note of some length that wraps"))
        assert len(lines(shown)) == size[1]
        assert max(map(len, lines(shown))) <= size[0]
