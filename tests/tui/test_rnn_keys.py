"""What the keys of the RNN tab do: another text, held units, a prompt, a chosen time step."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from scratchtui.tui.widgets.table import TableView
from tests.tui.stage import Stage, stage

LEARNT = 51  # the step at which hello is


@asynccontextmanager
async def tab(*, trained: bool = True, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Stage]:
    """Open the tab, and train until hello is learnt."""
    async with stage(size, tab="rnn") as s:
        if trained:
            await s.press("space")
            s.worker.train(2 * LEARNT)
            await s.shows(f"reached · step {LEARNT}")
        yield s


async def focus(s: Stage, panel: str) -> None:
    s.app.pane.query_one(f"#{panel}").focus()
    await s.settle()


async def test_everything_is_seen_at_80_by_24() -> None:
    async with tab(size=(80, 24)) as s:
        await s.shows("hell", "writes hello", "4 of 4 right", "twins │ units │ weights", "continue ›")
        await s.shows("word │ softmax │ writes │ reach │ memory")


async def test_another_word_is_learnt_from_the_beginning() -> None:
    async with tab(trained=False) as s:
        await s.edit("text", "banana")
        await s.press("space")
        s.worker.train(200)
        await s.shows("writes banana", "5 of 5 right")


async def test_a_text_of_the_same_letters_is_taken_up_at_once_and_any_other_waits_for_a_reset() -> None:
    async with tab() as s:
        await s.edit("text", "olleh")
        await s.shows(f"step {LEARNT}", "olle")
        await s.edit("text", "help")
        await s.shows("text → help needs a new network")
        await s.press("enter")
        await s.shows("ready", "hel ")
        assert s.session.value("text") == "help"


async def test_a_text_comes_from_a_file_and_becomes_part_of_the_recipe(tmp_path: Path) -> None:
    (tmp_path / "poem.txt").write_text("roses\nare red\x1b\n")
    async with tab(trained=False) as s:
        await s.edit("text", f"@{tmp_path / 'poem.txt'}")
        assert s.session.recipe.settings["text"] == r"roses\nare red\x1b"
        await s.shows(r"roses\nare red\x1b")
        assert "\x1b" not in s.text


async def test_a_text_that_cannot_be_learnt_is_refused_where_it_is_typed() -> None:
    async with tab(trained=False) as s:
        await s.edit("text", "a")
        await s.shows("two characters or more")
        assert s.session.value("text") == "hello"


async def test_a_unit_is_silenced_held_and_let_go_and_the_screen_says_so() -> None:
    async with tab() as s:
        await focus(s, "units")
        await s.shows("0 silence", "enter hold at")
        await s.press("0")
        await s.shows("held: unit 1 at 0")
        await s.press("down", "enter")
        await s.answer("-1")
        await s.shows("held: unit 1 at 0, unit 2 at -1")
        assert s.session.probe.held == {0: 0.0, 1: -1.0}
        await s.press("backspace")
        assert s.session.probe.held == {0: 0.0}
        await s.press("u", "u", "u")
        assert s.session.probe.held == {}
        await s.hides("held:")


async def test_silencing_what_tells_the_twins_apart_changes_the_word() -> None:
    async with tab() as s:
        await focus(s, "twins")
        twins = s.app.pane.query_one("#twins", TableView)
        for _ in range(16):
            twins.cursor = 0
            await s.press("0")  # what is held tells nothing apart, and goes to the end
        await s.shows("writes helll · 16 units are held")
        await s.press("x")
        await s.hides("helll", "units are held")


async def test_the_cursor_stays_on_the_unit_that_was_silenced_wherever_it_is_listed_then() -> None:
    async with tab() as s:
        await focus(s, "twins")
        twins = s.app.pane.query_one("#twins", TableView)
        twins.cursor = 0
        (unit,) = twins.place or ()
        await s.press("0")
        assert twins.cursor > 0
        assert twins.place == (unit,)
        await s.press("backspace")
        assert (twins.cursor, twins.place) == (0, (unit,))


async def test_a_prompt_is_continued_with_the_units_held() -> None:
    async with tab() as s:
        await s.press("/")
        await s.answer("he")
        await s.shows("continue › he → llo  (l ")
        before = next(row for row in s.rows if "continue ›" in row)
        await focus(s, "units")
        await s.press("0")
        assert next(row for row in s.rows if "continue ›" in row) != before


@pytest.mark.parametrize("prompt", ["help", "H"])
async def test_a_strange_prompt_is_told_which_characters_there_are(prompt: str) -> None:
    async with tab(trained=False) as s:
        await s.press("/")
        await s.answer(prompt)
        await s.shows("it knows e h l o")


async def test_the_units_are_those_of_the_time_step_chosen_in_the_word() -> None:
    async with tab() as s:
        await s.shows("after h ")
        await focus(s, "word")
        await s.press("down", "down")
        await s.shows("after hel")
