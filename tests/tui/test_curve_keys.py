"""What the keys of a chart do: a cursor that reads, a window that narrows and follows, the other scale."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest

from scratchtui.training.close_up import CloseUp
from scratchtui.tui.widgets.chart import Chart
from tests.tui.stage import Stage, fresh_run, stage

STEPS = 150


@asynccontextmanager
async def tab(
    panel: str = "loss", steps: int = STEPS, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Stage]:
    """Open the binary tab after so many steps, with the focus on a chart."""
    endless = {"noise": 1.0, "batch_size": 4} if steps > STEPS else {}
    async with stage(size, fresh_run(**endless)) as s:
        await s.press("space")
        s.worker.train(steps)
        await s.press("space")
        await s.shows(f"paused · step {steps:,}")
        s.app.pane.panels.go_to(panel)
        await s.charts_drawn()
        yield s


def chart(s: Stage, panel: str = "loss") -> Chart:
    return s.app.pane.query_one(f"#{panel}", Chart)


def read(s: Stage, panel: str = "loss") -> str:
    return str(chart(s, panel).border_subtitle or "")


def title(s: Stage, panel: str = "loss") -> str:
    return str(chart(s, panel).border_title).split(" │ ")[0].split("[")[0]


def loss(s: Stage, step: int) -> float:
    return float(s.session.run.losses.mean[step - 1])


async def test_the_first_arrow_reads_the_newest_steps_and_others_walk_by_columns() -> None:
    async with tab() as s:
        assert read(s) == ""
        await s.press("left")
        assert "–150 · " in read(s)
        await s.press("left")
        assert "–150 · " not in read(s)
        before = read(s)
        await s.press("H", "L")
        assert read(s) == before
        await s.press("l")
        assert "–150 · " in read(s)


async def test_in_a_narrow_window_each_loss_is_read_exactly_and_g_shows_its_moment() -> None:
    async with tab() as s:
        await s.press("left", *["H"] * 2, ")", ")", "right")
        step = int(read(s).split()[1])
        assert read(s) == f"step {step} · loss {loss(s, step)!r}"
        assert title(s) == f"loss, {step - 11}–{step + 9}"
        await s.press("g")
        assert s.session.experiment.steps == step
        await s.shows(f"looking back at step {step} of 150")
        await s.charts_drawn()
        assert read(s) == f"step {step} · loss {loss(s, step)!r}"


async def test_escape_shows_all_and_then_takes_the_cursor_away() -> None:
    async with tab() as s:
        await s.press("left", "right_parenthesis", "escape")
        assert title(s) == "loss"
        assert read(s) != ""
        await s.press("escape")
        assert read(s) == ""


async def test_the_window_goes_around_and_the_last_part_follows_while_it_trains() -> None:
    async with tab() as s:
        await s.press("v")
        assert title(s) == "loss, last tenth"
        assert chart(s)._frame.x.low >= 120  # type: ignore[union-attr]
        await s.press("space")
        s.worker.train(20)
        await s.until(lambda: (frame := chart(s)._frame) and frame.x.high >= 170, "axis that followed")
        await s.press("v")
        assert title(s).startswith("loss, 150–170")
        await s.press("v")
        assert title(s) == "loss"


async def test_the_cursor_stays_on_its_step_while_the_axis_grows() -> None:
    async with tab(steps=20) as s:
        await s.press("left", "left", "left")
        assert read(s).startswith("step 18 · ")
        column = chart(s)._column
        await s.press("space")
        s.worker.train(100)
        await s.until(lambda: chart(s)._column != column, "column that moved")
        first, last = (int(each) for each in read(s).removeprefix("steps ").split(" ")[0].split("–"))
        assert first <= 18 <= last


async def test_y_makes_the_axis_linear_and_logarithmic_again() -> None:
    async with tab() as s:
        assert "1e0" in chart(s).text()
        await s.press("y")
        assert title(s) == "loss, linear"
        assert "1e0" not in chart(s).text()
        await s.press("y")
        assert title(s) == "loss"
        assert "1e0" in chart(s).text()


async def test_paths_are_read_as_weights_the_chosen_one_first() -> None:
    async with tab("paths") as s:
        await s.press("left")
        weights = np.abs(s.session.experiment.network.vector)
        assert read(s, "paths").startswith(f"step 150 · 128: {weights[0]:.4g}")
        await s.press("down", "j")
        assert read(s, "paths").startswith(f"step 150 · 32: {weights[2]:.4g}")
        await s.press("k", "y")
        assert read(s, "paths").startswith(f"step 150 · 64: {weights[1]:.4g}")
        assert title(s, "paths") == "paths, linear"


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
@pytest.mark.parametrize("panel", ["loss", "paths"])
async def test_the_reading_is_seen_whole_and_moves_nothing(panel: str, size: tuple[int, int]) -> None:
    async with tab(panel, size=size) as s:
        place = chart(s, panel).region
        await s.press("left", "left")
        assert read(s, panel)
        assert f" {read(s, panel)} " in s.text
        assert chart(s, panel).region == place


async def test_a_chart_without_the_focus_has_neither_cursor_nor_reading() -> None:
    async with tab() as s:
        plain = chart(s).text()
        await s.press("left")
        assert "┃" in chart(s).text()
        await s.press("tab")
        assert chart(s).text() == plain
        assert read(s) == ""


async def test_keys_before_the_first_step_do_nothing() -> None:
    async with stage() as s:
        s.app.pane.panels.go_to("loss")
        await s.press("left", "H", "g", "v", "right_parenthesis", "down", "y", "escape")
        await s.shows("no step yet")
        assert read(s) == ""


async def test_moving_the_cursor_builds_no_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    async with tab() as s:
        builds: list[None] = []
        monkeypatch.setattr("scratchtui.tui.plot.draw", lambda *_: builds.append(None))
        await s.press("left", "left", "H", "down", "right")
        assert not builds


async def test_a_click_puts_the_cursor_where_it_was() -> None:
    async with tab() as s:
        shown = chart(s)
        x, y = shown.content_region.x + 20, shown.content_region.y + 1
        await s.pilot.click(offset=(x, y))
        await s.settle()
        assert shown._column == x - shown.content_region.x - shown._frame.left - 1  # type: ignore[union-attr]
        assert read(s)


async def test_a_narrow_window_of_a_long_run_is_looked_at_step_by_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with tab(steps=5000) as s:
        assert s.session.run.losses.width > 1
        with monkeypatch.context() as patch:
            patch.setattr(CloseUp, "search_on", lambda _: False)
            await s.press("left", "H", "H", *["right_parenthesis"] * 5)
            assert title(s).endswith(", looking closer")
        await s.until(lambda: "closer" not in title(s), "close-up")
        await s.settle()
        await s.press("left")
        assert read(s).startswith("step ")


async def test_a_cursor_that_a_window_leaves_out_goes_nowhere() -> None:
    async with tab() as s:
        await s.press("left", "H", "H", "v")
        await s.charts_drawn()
        assert read(s) == ""
        await s.press("g")
        assert s.session.seen is None
