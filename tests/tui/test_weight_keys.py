"""Weights are set by hand and frozen by keys, wherever they are seen."""

from __future__ import annotations

import pytest

from tests.tui.stage import Stage, stage


async def focus(s: Stage, panel: str) -> None:
    s.app.pane.panels.go_to(panel)
    await s.settle()


async def test_a_weight_is_typed_frozen_and_taken_back() -> None:
    async with stage() as s:
        await focus(s, "weights")
        await s.shows("set it", "freeze")
        await s.press("w")
        await s.answer("12.5")
        await s.shows("12.50")
        await s.press("f")
        await s.shows("7 =")
        await s.press("full_stop", "full_stop")
        await s.shows("step 2", "12.50")
        await s.press("u")
        assert s.session.value("frozen") == "none"
        await s.press("u")
        assert "12.50" not in s.text


@pytest.mark.parametrize(
    ("tab", "panel", "row"),
    [
        ("nn", "weights", "0.Dense.W[:,0] 0.Dense.b[0]"),  # a unit
        ("cnn", "filters", "0.Conv2D.W[0,0,0]"),
        ("cnn", "weights", "0.Conv2D.W[0]"),
        ("rnn", "weights", "0.RNN.Wh[0]"),
    ],
)
async def test_in_every_tab_the_weight_under_the_cursor_is_set_and_its_row_and_layer_frozen(
    tab: str, panel: str, row: str
) -> None:
    async with stage((120, 40), tab=tab) as s:
        await focus(s, panel)
        await s.press("right", "w")
        await s.answer("-1.5")
        await s.shows("-1.5000")
        await s.press("F")
        assert s.session.value("frozen") == row
        await s.shows("-1.5000 frozen")
        await s.press("F")
        assert s.session.value("frozen") == "none"
        await s.press("L")
        await s.shows("-1.5000 frozen")
        assert s.session.value("frozen").endswith(("Dense", "Conv2D", "RNN"))


async def test_what_is_no_number_is_refused_and_the_editor_stays_open() -> None:
    async with stage() as s:
        await focus(s, "weights")
        await s.press("w")
        await s.answer("much")
        await s.shows("a weight is a finite number, such as 0.5, not 'much'")


async def test_a_cell_that_is_no_weight_says_so() -> None:
    async with stage() as s:
        await focus(s, "heatmap")
        await s.press("down", "f")
        await s.shows("there is no weight under the cursor")
