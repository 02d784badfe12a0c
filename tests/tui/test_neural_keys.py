"""What the keys of the rows panel do to a truth table and to points, and what is seen of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from scratchtui.experiments.hyperparameter import Value
from scratchtui.tui.widgets.surface import SurfaceView
from scratchtui.tui.widgets.table import TableView
from tests.tui.stage import Stage, stage


@asynccontextmanager
async def rows(data: str = "xor", size: tuple[int, int] = (80, 24)) -> AsyncIterator[Stage]:
    """Open the tab with this data, and go to its rows."""
    async with stage(size, tab="nn") as s:
        s.session.set_value("data", data)
        s.session.reset()
        s.app.pane.redraw()
        s.app.pane.query_one("#rows", TableView).focus()
        await s.settle()
        yield s


def data_of(s: Stage) -> Value:
    return s.session.value("data")


async def test_enter_flips_the_cell_that_the_arrows_chose_and_u_takes_it_back() -> None:
    async with rows() as s:
        await s.shows("enter flip it", "a add a row", "d delete it", "surface")
        await s.press("down", "right", "right", "enter")
        assert data_of(s) == "xor 2=0"
        await s.press("left", "enter")
        assert data_of(s) == "xor 2:00=0"
        await s.press("u", "u")
        assert data_of(s) == "xor"
        await s.press("U")
        assert data_of(s) == "xor 2=0"


async def test_rows_that_contradict_are_marked_and_said_at_once() -> None:
    async with rows() as s:
        await s.press("right", "enter")  # 00 becomes 01
        await s.shows("!1", "!2", "rows 1, 2 contradict: one input is said to be both 0 and 1")
        await s.press("enter")
        await s.hides("contradict")


async def test_a_row_is_added_by_typing_and_deleted_and_training_goes_on() -> None:
    async with rows() as s:
        await s.press("space")
        s.worker.train(20)
        await s.shows("running · step 20")
        await s.press("a")
        await s.answer("11=1")
        assert data_of(s) == "xor +11=1"
        await s.shows("of 5 right")
        table = s.app.pane.query_one("#rows", TableView)
        table.focus()
        assert table.place == (5, 1)
        await s.press("d")
        assert data_of(s) == "xor"
        s.worker.train(10)
        await s.shows("running · step 30")


@pytest.mark.parametrize(
    ("typed", "refusal"), [("111=1", "2 digits"), ("11", "is missing"), ("11=3", "is neither")]
)
async def test_a_row_that_is_none_is_refused_where_it_is_typed(typed: str, refusal: str) -> None:
    async with rows() as s:
        await s.press("a")
        await s.answer(typed)
        await s.shows(refusal)
        assert data_of(s) == "xor"


async def test_a_point_is_relabelled_added_and_deleted() -> None:
    async with rows("circle") as s:
        await s.press("enter", "down", "d")
        assert data_of(s) == "circle 1=1 -2"
        await s.press("a")
        await s.answer("0.5,-1=1")
        assert data_of(s) == "circle 1=1 -2 +0.5,-1=1"


@pytest.mark.parametrize(("data", "shown"), [("circle", True), ("xor", False)])
async def test_where_points_are_unseen_the_chart_names_their_loss_beside_that_of_training(
    data: str, shown: bool
) -> None:
    async with rows(data) as s:
        await s.press("space")
        s.worker.train(20)
        await s.shows("running · step 20")
        await s.charts_drawn()
        chart = "".join(row.split("││")[0] for row in s.rows[2:9])
        names = {name for name in ("train", "unseen") if name in chart}
        assert names == ({"train", "unseen"} if shown else set())


async def test_activations_follow_the_cursor_of_the_rows_and_what_is_typed() -> None:
    async with rows(size=(120, 60)) as s:
        s.app.pane.panels.go_to("activations")
        s.app.pane.query_one("#rows", TableView).focus()
        await s.press("down")
        await s.shows("to row 2, whose target is 1")
        await s.press("/")
        await s.answer("0.5,0.5")
        await s.shows("to the input 0.5,0.5", "0.5,0.5 →")


@pytest.mark.parametrize(("data", "shown"), [("xor", True), ("original", False), ("spirals", True)])
async def test_the_surface_is_there_where_there_are_two_inputs(data: str, shown: bool) -> None:
    async with rows(data) as s:
        await s.until(lambda: s.app.pane.query_one(SurfaceView).display == shown, "the right panels")


@pytest.mark.parametrize(
    ("data", "size"),
    [("xor", (60, 20)), ("parity:8", (80, 24)), ("spirals", (120, 40)), ("original", (200, 50))],
    ids=str,
)
async def test_every_panel_can_be_gone_to_at_every_size(data: str, size: tuple[int, int]) -> None:
    async with rows(data, size) as s:
        present = [panel.name for panel in s.app.pane.panels._layout.present]
        seen = set()
        for _ in present:
            await s.press("tab")
            seen.add(s.app.pane.panels.focused)
        assert seen == set(present)


async def test_charts_and_pictures_take_turns_in_frames_and_all_are_drawn_when_no_frame_follows() -> None:
    async with rows(size=(120, 40)) as s:
        await s.charts_drawn()
        assert s.app.pane.panels._turns._frame == 0
        drawn: list[str] = []
        for name in ("loss", "surface", "units"):
            widget = s.app.pane.query_one(f"#{name}")
            widget.show = lambda _, mark=None, name=name: drawn.append(name)  # type: ignore[attr-defined]
        for frame in range(5):
            s.app.pane.panels.draw_frame()
            await s.until(lambda most=frame + 1: len(drawn) == min(most, 3), "one of them")  # type: ignore[misc]
        assert drawn == ["loss", "surface", "units"]
        drawn.clear()
        s.app.pane.panels.draw_frame()
        await s.until(lambda: set(drawn) == {"loss", "surface", "units"}, "whole picture")
