"""A canvas is drawn by keys and by mouse: each pixel asked for once, a stroke marked as one, all in sight."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget

from scratchtui.experiments.panel import Edit, EditKey
from scratchtui.experiments.view import Bar, Canvas
from scratchtui.tui.easel import set_up
from scratchtui.tui.ink import text_of
from scratchtui.tui.requests import EditAsked
from scratchtui.tui.widgets.canvas import CanvasView

FACE = ["........", "..#..#..", "..#..#..", "........", ".#....#.", "..#..#..", "...##...", "........"]
BARS = (Bar("smile", 0.75, marked=True), Bar("neutral", 0.2), Bar("frown", 0.05))
STAGE = 44, 11
Asked = tuple[str, tuple[int, ...], str, bool]


def drawn(rows: list[str] = FACE, bars: tuple[Bar, ...] = BARS, **words: str) -> Canvas:
    return Canvas(np.array([[pixel == "#" for pixel in row] for row in rows]), bars, **words)


class Stage(App[None]):
    """A canvas that does as it is asked, and keeps what it was asked."""

    AUTO_FOCUS = None

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []
        self.rows = list(FACE)

    def compose(self) -> ComposeResult:
        face = CanvasView(id="face")
        face.edits = (EditKey("m", "m", "mirror", "mirror it"), EditKey("v", "v", "paste", "", how="paste"))
        yield face

    def on_edit_asked(self, event: EditAsked) -> None:
        edit: Edit = event.edit
        self.asked.append((edit.action, edit.place, edit.text, edit.stroke))
        if edit.action in {"flip", "paint"}:
            row, column = edit.place
            old = self.rows[row]
            new = edit.text or (".#"[old[column] == "."])
            self.rows[row] = old[:column] + new + old[column + 1 :]
            self.query_one(CanvasView).show(drawn(self.rows))


@asynccontextmanager
async def canvas(
    size: tuple[int, int] = STAGE, *, focus: bool = True, signs: bool = False
) -> AsyncIterator[tuple[CanvasView, Stage, Pilot[None]]]:
    app = Stage()
    async with app.run_test(size=size) as pilot:
        shown = app.query_one(CanvasView)
        shown.signs = signs
        shown.show(drawn())
        if focus:
            shown.focus()
            await pilot.pause()
        yield shown, app, pilot


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait for what comes of each: Pilot's own would sleep as well."""
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        for _ in range(4):
            await pilot._wait_for_screen()


async def drag(pilot: Pilot[None], to: tuple[int, int], button: int = 1) -> None:
    """Move the mouse with a button down."""
    await pilot._post_mouse_events([events.MouseMove], CanvasView, to, button=button)


def at(shown: CanvasView, row: int, column: int) -> tuple[int, int]:
    """Return where a pixel is on the screen."""
    easel = shown._easel
    assert easel is not None
    return easel.left + column * easel.wide, easel.top + row * easel.tall


MOVES = [
    (("down", "right"), (1, 1)),
    (("j", "l"), (1, 1)),
    (("j", "j", "k"), (1, 0)),
    (("l", "l", "h"), (0, 1)),
    (("up", "left"), (0, 0)),
    (("down",) * 20, (7, 0)),
    (("right",) * 20, (0, 7)),
]


@pytest.mark.parametrize(("keys", "place"), MOVES)
async def test_arrows_and_hjkl_move_within_the_picture(keys: tuple[str, ...], place: tuple[int, int]) -> None:
    async with canvas() as (shown, app, pilot):
        await press(pilot, *keys)
        assert shown.cursor == shown.place == place
        assert app.asked == []
        assert f"row {place[0] + 1}, column {place[1] + 1}: off" in shown.text()


async def test_space_flips_the_pixel_under_the_cursor() -> None:
    async with canvas() as (shown, app, pilot):
        await press(pilot, "down", "right", "right")
        assert "row 2, column 3: on" in shown.text()
        await press(pilot, "space")
        assert "row 2, column 3: off" in shown.text()
        await press(pilot, "space")
        assert app.asked == [("flip", (1, 2), "", False)] * 2
        assert app.rows == FACE


async def test_the_pen_paints_from_where_it_was_put_down_to_where_it_is_lifted_as_one_stroke() -> None:
    async with canvas() as (shown, app, pilot):
        assert "pen up" in shown.text()
        await press(pilot, "p")
        assert "pen draws" in shown.text()
        assert app.asked == []
        await press(pilot, "right", "down", "escape", "down")
        assert "pen up" in shown.text()
        assert app.asked == [
            ("paint", (0, 0), "#", False),
            ("paint", (0, 1), "#", True),
            ("paint", (1, 1), "#", True),
        ]
        assert shown.cursor == (2, 1)


async def test_the_pen_key_goes_from_drawing_to_erasing_and_up_again() -> None:
    async with canvas() as (shown, app, pilot):
        states = []
        for _ in range(3):
            await press(pilot, "p")
            states.append(next(line for line in shown.text().split("\n") if "pen" in line).split("   ")[-1])
        assert states == ["pen draws · esc lifts", "pen erases · esc lifts", "pen up"]
        await press(pilot, "p", "p", "l")
        assert app.asked == [("paint", (0, 0), ".", False), ("paint", (0, 1), ".", True)]


@pytest.mark.parametrize("between", [("space",), ("m",), ("p", "p", "p"), ("escape", "p")])
async def test_whatever_else_is_done_begins_another_stroke(between: tuple[str, ...]) -> None:
    async with canvas() as (_, app, pilot):
        await press(pilot, "p", "l", *between, "l")
        strokes = [stroke for action, _, _, stroke in app.asked if action == "paint"]
        assert strokes == [False, True, False, True]


async def test_at_the_edge_the_pen_paints_nothing() -> None:
    async with canvas() as (_, app, pilot):
        await press(pilot, "p", "up", "left")
        assert app.asked == []


async def test_the_pen_is_lifted_when_the_focus_goes() -> None:
    async with canvas() as (shown, _, pilot):
        await press(pilot, "p")
        shown.blur()
        await pilot.pause()
        assert shown.pen == ""
        assert "pen" not in shown.text()


async def test_following_the_cursor_does_not_break_a_stroke() -> None:
    async with canvas() as (shown, app, pilot):
        shown.follows = True
        await press(pilot, "p", "l", "l")
        assert [(action, stroke) for action, _, _, stroke in app.asked] == [
            ("paint", False), ("point", False), ("paint", True), ("point", False), ("paint", True),
        ]  # fmt: skip


async def test_a_key_of_the_panel_asks_for_its_edit_and_pasted_text_for_that_of_pasting() -> None:
    async with canvas() as (shown, app, pilot):
        await press(pilot, "down", "m")
        shown.post_message(events.Paste("#"))
        await pilot.pause()
        assert app.asked == [("mirror", (1, 0), "", False), ("paste", (1, 0), "#", False)]


async def test_a_click_flips_and_puts_the_cursor_there() -> None:
    async with canvas() as (shown, app, pilot):
        for row, column in ((1, 2), (7, 7)):
            await pilot.click(CanvasView, offset=at(shown, row, column))
            assert shown.cursor == (row, column)
        assert app.asked == [("flip", (1, 2), "", False), ("flip", (7, 7), "", False)]
        await press(pilot, "p", "up")
        assert app.asked[-2:] == [("paint", (7, 7), "#", False), ("paint", (6, 7), "#", True)]


async def test_a_click_that_brings_the_focus_draws_nothing() -> None:
    async with canvas(focus=False) as (shown, app, pilot):
        await pilot.click(CanvasView, offset=at(shown, 1, 2))
        assert shown.has_focus
        assert app.asked == []
        await pilot.click(CanvasView, offset=at(shown, 1, 2))
        assert app.asked == [("flip", (1, 2), "", False)]


async def test_clicks_beside_the_picture_and_of_other_buttons_do_nothing() -> None:
    async with canvas() as (shown, app, pilot):
        x, y = at(shown, 0, 0)
        for offset in ((x - 1, y), (x, y - 1), (x + 16, y), (x, y + 8), (43, 10)):
            await pilot.click(CanvasView, offset=offset)
        await pilot.click(CanvasView, offset=(x, y), button=3)
        assert app.asked == []


async def test_a_drag_paints_every_pixel_on_its_way_as_the_first_became_in_one_stroke() -> None:
    async with canvas() as (shown, app, pilot):
        await pilot.mouse_down(CanvasView, offset=at(shown, 0, 0))
        await drag(pilot, at(shown, 0, 3))
        await drag(pilot, at(shown, 0, 3))
        await pilot.mouse_up(CanvasView, offset=at(shown, 0, 3))
        await drag(pilot, at(shown, 5, 5))
        assert app.asked == [
            ("flip", (0, 0), "", False), *(("paint", (0, column), "#", True) for column in (1, 2, 3))
        ]  # fmt: skip
        app.asked.clear()
        await pilot.mouse_down(CanvasView, offset=at(shown, 1, 2))
        await drag(pilot, at(shown, 2, 2))
        await pilot.mouse_up(CanvasView, offset=at(shown, 2, 2))
        assert app.asked == [("flip", (1, 2), "", False), ("paint", (2, 2), ".", True)]


async def test_a_drag_that_leaves_the_picture_goes_on_where_it_comes_back() -> None:
    async with canvas() as (shown, app, pilot):
        await pilot.mouse_down(CanvasView, offset=at(shown, 0, 7))
        await drag(pilot, (40, 5))
        await drag(pilot, at(shown, 4, 7))
        await pilot.mouse_up(CanvasView, offset=(40, 5))
        assert app.asked == [("flip", (0, 7), "", False), ("paint", (4, 7), "#", True)]
        assert app.mouse_captured is None


async def test_a_button_that_was_let_go_unseen_paints_no_further() -> None:
    async with canvas() as (shown, app, pilot):
        await pilot.mouse_down(CanvasView, offset=at(shown, 0, 0))
        await drag(pilot, at(shown, 0, 5), button=0)
        await drag(pilot, at(shown, 0, 6))
        assert app.asked == [("flip", (0, 0), "", False)]
        assert app.mouse_captured is None


def picture_of(shown: CanvasView) -> list[str]:
    """Return the characters of the pixels."""
    easel = shown._easel
    assert easel is not None
    rows = shown.text().split("\n")[easel.top :: easel.tall][: easel.rows]
    return [row.ljust(80)[easel.left :][: easel.columns * easel.wide] for row in rows]


async def test_on_and_off_differ_without_colours_and_so_does_the_cursor_on_either() -> None:
    async with canvas(signs=True) as (shown, _, pilot):
        await press(pilot, "down")
        rows = picture_of(shown)
        assert rows[1] == ">· · # · · # · ·"
        assert [row.replace(" ", "").replace("·", ".") for row in rows[2:]] == FACE[2:]
        await press(pilot, "right", "right")
        assert picture_of(shown)[1] == " · ·># · · # · ·"
    async with canvas((74, 22), signs=True) as (shown, _, pilot):
        assert picture_of(shown)[1].split("####") == ["        ", "        ", "        "]
        await press(pilot, "down", "right", "right")
        assert "[##]" in picture_of(shown)[1]


async def test_the_cursor_is_seen_on_either_pixel_in_colours_too_and_only_with_the_focus() -> None:
    async with canvas(focus=False) as (shown, _, pilot):
        before = shown._rows
        assert "[" not in shown.text()
        shown.focus()
        await press(pilot, "down")
        off = shown._rows[2]
        await press(pilot, "right", "right")
        on = shown._rows[2]
        assert ("[]", "canvas--cursor-off") in off
        assert ("[]", "canvas--cursor-on") in on
        assert before[2] not in (on, off)


async def test_every_off_pixel_has_its_dot() -> None:
    for size in (STAGE, (74, 22), (110, 40)):
        async with canvas(size, focus=False) as (shown, *_):
            dots = [row.count("·") for row in shown.text().split("\n") if "·" in row]
            assert dots == [row.count(".") for row in FACE]


SEEN = [  # size, pixel, frame, words beside it
    ((44, 11), (2, 1), True, True),
    ((44, 8), (2, 1), False, True),
    ((30, 14), (2, 1), True, False),
    ((24, 12), (2, 1), False, False),
    ((28, 8), (2, 1), False, True),
    ((70, 20), (4, 2), True, True),
    ((40, 30), (4, 2), True, False),
    ((88, 29), (6, 3), True, True),
    ((60, 40), (6, 3), True, False),
    ((110, 45), (8, 4), True, True),
]


@pytest.mark.parametrize(("size", "pixel", "framed", "beside"), SEEN)
async def test_pixels_are_as_large_as_fit_and_bars_stand_where_there_is_room(
    size: tuple[int, int], pixel: tuple[int, int], framed: bool, beside: bool
) -> None:
    async with canvas(size) as (shown, *_):
        easel = shown._easel
        assert easel is not None
        assert ((easel.wide, easel.tall), easel.framed, easel.beside) == (pixel, framed, beside)
        rows = shown.text().split("\n")
        (line,) = [y for y, row in enumerate(rows) if "smile" in row]
        assert (line < easel.top + 8 * easel.tall) is beside
        assert "pen up" in shown.text()
        assert all("%" in rows[line + k] for k in range(3))


async def test_title_and_note_stand_about_the_bars_and_give_way_to_them() -> None:
    face = drawn(title="your own", note="nothing to see here")
    async with canvas() as (shown, *_):
        shown.show(face)
        words = [row[21:].strip() for row in shown.text().split("\n")]
        assert [word.split("   ")[0] for word in words if word] == [
            "your own", "› smile", "neutral █▎", "frown", "nothing to see here",
            "row 1, column 1: off", "pen up",
        ]  # fmt: skip
    async with canvas((28, 5)) as (shown, *_):
        shown.show(face)
        assert "smile" in shown.text()
        assert "your own" not in shown.text()


async def test_a_picture_that_does_not_fit_scrolls_with_the_cursor() -> None:
    async with canvas((9, 5), signs=True) as (shown, app, pilot):
        assert len(picture_of(shown)) == 5
        await press(pilot, *["down"] * 6, *["right"] * 4)
        assert ">#" in picture_of(shown)[-1]
        x, y = at(shown, 4, 3)
        await pilot.click(CanvasView, offset=(x, y))
        assert app.asked == [("flip", (6, 4), "", False)]


async def test_another_picture_keeps_the_cursor_on_it() -> None:
    async with canvas() as (shown, _, pilot):
        await press(pilot, *["down"] * 7, *["right"] * 7)
        shown.show(drawn(["..", ".."]))
        assert shown.cursor == (1, 1)
        shown.show(Canvas(np.zeros((0, 0), bool)))
        await press(pilot, "down")
        assert shown.place is None


PICTURES = st.tuples(st.integers(1, 30), st.integers(1, 30), st.integers(0, 5), st.booleans())


@settings(deadline=None)
@given(st.integers(1, 120), st.integers(1, 50), PICTURES, st.text("ab ", max_size=60), st.booleans())
def test_at_any_size_it_keeps_to_its_width_and_height(
    width: int, height: int, picture: tuple[int, int, int, bool], words: str, focus: bool
) -> None:
    rows, columns, bars, signs = picture
    shown = CanvasView()
    shown.set_reactive(CanvasView.signs, signs)
    shown.set_reactive(Widget.has_focus, focus)
    shown._canvas = Canvas(np.eye(rows, columns) > 0, BARS[:bars], words, words)
    shown.set_reactive(CanvasView.cursor, (rows - 1, columns - 1))
    lines = shown.picture(width, height)
    assert len(lines) == height
    assert all(len(text_of(line)) <= width for line in lines)


@settings(deadline=None)
@given(st.integers(1, 120), st.integers(1, 50), st.integers(1, 20), st.integers(0, 6))
def test_where_the_whole_picture_fits_it_is_seen_whole(
    width: int, height: int, side: int, words: int
) -> None:
    easel = set_up((side, side), words, (width, height))
    if width >= 2 * side and height >= side:
        assert (easel.rows, easel.columns) == (side, side)
    assert easel.pixel(easel.left, easel.top) == (0, 0)
    assert easel.pixel(easel.left - 1, easel.top) is None
    assert easel.pixel(easel.left, easel.top + easel.rows * easel.tall) is None
