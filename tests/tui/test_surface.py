"""A surface is drawn in whatever size there is, with its points where they lie, and can be read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from scratchtui.experiments.view import Surface
from scratchtui.tui.widgets.surface import SurfaceView

CORNERS = np.array([[-1.0, 1.0], [1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])


class Stage(App[None]):
    AUTO_FOCUS = None

    def compose(self) -> ComposeResult:
        yield SurfaceView()


@asynccontextmanager
async def surface(size: tuple[int, int]) -> AsyncIterator[tuple[SurfaceView, Pilot[None]]]:
    app = Stage()
    async with app.run_test(size=size) as pilot:
        yield app.query_one(SurfaceView), pilot


def slope(rows: int = 40, columns: int = 60) -> Surface:
    values = np.tile(np.linspace(-1.0, 1.0, columns), (rows, 1))
    classes, unseen = np.array([False, True, False, True]), np.array([False, False, True, True])
    return Surface(values, (-1.0, 1.0, -1.0, 1.0), CORNERS, classes, unseen)


async def test_points_lie_where_they_are_and_tell_class_and_split_by_their_shape() -> None:
    async with surface((21, 11)) as (shown, _):
        shown.show(slope())
        rows = [row.ljust(21) for row in shown.text().split("\n")]
        assert (rows[0][0], rows[0][20], rows[9][0], rows[9][20]) == ("○", "●", "◇", "◆")
        assert "unseen" in rows[10] or "…" in rows[10]


async def test_the_cursor_reads_place_and_value() -> None:
    async with surface((41, 8)) as (shown, pilot):
        shown.show(slope(6, 10))
        shown.focus()
        await pilot.press(*["right"] * 21, *["up"] * 7)
        assert "x 1.00, y 1.00: 1.0000" in shown.text()
        await pilot.press(*["h"] * 41, *["j"] * 7)
        assert "x -1.00, y -1.00: -1.0000" in shown.text()


async def test_without_colours_the_sign_is_written_and_classes_are_letters() -> None:
    async with surface((21, 6)) as (shown, _):
        shown.signs = True
        shown.show(slope())
        row = shown.text().split("\n")[1]
        assert row[0] == "-"
        assert row[-1] == "+"
        assert set("oxOX") <= set(shown.text())


@pytest.mark.parametrize("size", [(1, 1), (4, 2), (10, 3), (200, 50)])
async def test_any_size_is_drawn(size: tuple[int, int]) -> None:
    async with surface(size) as (shown, pilot):
        shown.show(slope(7, 5))
        shown.focus()
        await pilot.press("down", "left")
        assert len(shown.text().split("\n")) == size[1]
