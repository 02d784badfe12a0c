"""A list of hyperparameters shows all that is to be known of each, and only tells what is wanted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from scratchtui.tui.widgets.hyperparameters import HyperparameterList, Line

LINES = (
    Line("learning_rate", "learning rate", "0.5", live=True, remark="diverges from 0.444 on", warning=True),
    Line("optimizer", "optimizer", "sgd", live=True),
    Line("bits", "bits", "8", live=False, pending="7"),
    Line("encoding", "encoding", "unsigned", live=False),
    Line("seed", "seed", "0", live=False),
)


class Stage(App[None]):
    """A list and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[object] = []

    def compose(self) -> ComposeResult:
        yield HyperparameterList()

    @on(HyperparameterList.Nudged)
    @on(HyperparameterList.Chosen)
    @on(HyperparameterList.Dropped)
    def note(self, event: object) -> None:
        match event:
            case HyperparameterList.Nudged(key=key, direction=direction):
                self.told.append((key, direction))
            case HyperparameterList.Chosen(key=key):
                self.told.append(key)
            case HyperparameterList.Dropped():
                self.told.append("dropped")


Shown = tuple[HyperparameterList, Pilot[None], list[object]]


@asynccontextmanager
async def opened(size: tuple[int, int] = (32, 8), lines: tuple[Line, ...] = LINES) -> AsyncIterator[Shown]:
    app = Stage()
    async with app.run_test(size=size) as pilot:
        shown = app.query_one(HyperparameterList)
        shown.show(lines)
        shown.focus()
        await pilot.pause()
        yield shown, pilot, app.told


def rows(shown: HyperparameterList) -> list[str]:
    return [shown.render_line(y).text for y in range(shown.size.height)]


async def test_each_line_has_label_value_and_what_a_change_costs_and_a_remark_stands_below() -> None:
    async with opened() as (shown, _, _):
        assert [row.split() for row in rows(shown)] == [
            ["›learning", "rate", "0.5", "live"],
            ["diverges", "from", "0.444", "on"],
            ["optimizer", "sgd", "live"],
            ["bits", "8", "→", "7", "reset"],
            ["encoding", "unsigned", "reset"],
            ["seed", "0", "reset"],
            [],
            [],
        ]
        assert shown.wanted_rows == 6


async def test_a_warning_is_seen_by_its_style_beside_its_words() -> None:
    async with opened() as (shown, _, _):
        remark = [segment for segment in shown.render_line(1) if "diverges" in segment.text]
        plain = [segment for segment in shown.render_line(2) if "optimizer" in segment.text]
        assert remark[0].style is not None
        assert plain[0].style is not None
        assert remark[0].style.bold
        assert remark[0].style.color != plain[0].style.color


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (["right"], [("learning_rate", 1)]),
        (["left"], [("learning_rate", -1)]),
        (["down", "down", "left"], [("bits", -1)]),
        (["pagedown", "enter"], ["seed"]),
        (["pagedown", "up", "enter"], ["encoding"]),
        (["pagedown", "pageup", "enter"], ["learning_rate"]),
        (["up", "enter"], ["learning_rate"]),
        (["pagedown", "down", "enter"], ["seed"]),
        (["escape"], ["dropped"]),
    ],
    ids=lambda value: "-".join(map(str, value)),
)
async def test_keys_tell_what_is_wanted_of_the_line_at_the_cursor(
    keys: list[str], told: list[object]
) -> None:
    async with opened() as (_, pilot, heard):
        await pilot.press(*keys)
        assert heard == told


async def test_a_click_goes_to_the_line_of_a_remark_too_and_beside_all_lines_to_none() -> None:
    async with opened() as (shown, pilot, _):
        for y, cursor in ((3, 2), (1, 0), (4, 3), (7, 3)):
            await pilot.click(HyperparameterList, offset=(2, y))
            assert shown.cursor == cursor


async def test_where_rows_are_few_it_scrolls_and_says_that_there_is_more() -> None:
    async with opened((32, 3)) as (shown, pilot, _):
        assert [row[-1] for row in rows(shown)] == [" ", " ", "▼"]
        await pilot.press("down", "down", "down")
        assert [row[-1] for row in rows(shown)] == ["▲", " ", "▼"]
        assert rows(shown)[2].startswith("›encoding")
        await pilot.press("pagedown")
        assert [row[-1] for row in rows(shown)] == ["▲", " ", " "]
        await pilot.press("pageup")
        assert rows(shown)[0].startswith("›learning rate")


REMARKED = tuple(Line(f"h{k}", f"h{k}", "1", live=True, remark=f"of h{k}" * (k % 2)) for k in range(8))


@pytest.mark.parametrize("height", [2, 3, 4, 5, 11])
async def test_a_remark_is_never_seen_without_its_line_nor_the_line_at_the_cursor_without_its_remark(
    height: int,
) -> None:
    async with opened((32, height), REMARKED) as (shown, pilot, _):
        for key in ["down"] * 7 + ["up"] * 7:
            await pilot.press(key)
            seen = [row.strip("› ▲▼").split("  ")[0] for row in rows(shown)]
            for above, row in pairwise(["", *seen]):
                assert not row.startswith("of ") or above == row.removeprefix("of ")
            line = REMARKED[shown.cursor]
            assert line.label in seen
            assert not line.remark or line.remark in seen


async def test_the_cursor_stays_on_a_line_when_lines_go() -> None:
    async with opened() as (shown, pilot, heard):
        await pilot.press("pagedown")
        shown.show(LINES[:2])
        await pilot.press("enter")
        assert heard == ["optimizer"]


async def test_the_cursor_is_seen_only_with_the_focus() -> None:
    async with opened() as (shown, pilot, _):
        shown.blur()
        await pilot.pause()
        assert not [row for row in rows(shown) if "›" in row]


async def test_lines_that_are_shown_already_are_not_drawn_again() -> None:
    async with opened() as (shown, _, _):
        drawn: list[int] = []
        shown.refresh = lambda *_, **__: drawn.append(1)  # type: ignore[assignment,method-assign]
        shown.show(tuple(Line(**vars(line)) for line in LINES))
        assert drawn == []
        shown.show(LINES[1:])
        assert drawn


async def test_wide_characters_are_counted_by_the_cells_they_take() -> None:
    for value in ("日本日語", "日本" * 20):
        async with opened((32, 4), (Line("text", "text", value, live=False), *LINES[2:])) as (shown, _, _):
            assert rows(shown)[0].rstrip().endswith(" reset")


LONG = Line("data", "data", "original " + "+5=6 " * 20, live=True)


@pytest.mark.parametrize("width", [10, 22, 32, 60])
async def test_any_value_fits_and_a_long_one_ends_in_an_ellipsis(width: int) -> None:
    async with opened((width, 4), (LONG, *LINES[2:])) as (shown, _, _):
        for row in rows(shown):
            assert len(row) == width
        if width >= 22:
            assert rows(shown)[0].rstrip().endswith("live")
            assert "…" in rows(shown)[0]
            assert "8 → 7" in rows(shown)[1]
