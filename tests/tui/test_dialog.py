"""What lies over the app is left once, however quickly keys come."""

import pytest
from textual import events

from tests.tui.stage import stage


@pytest.mark.parametrize("key", ["question_mark", "e", "colon"])
@pytest.mark.parametrize("twice", ["enter", "escape"])
async def test_a_key_that_comes_twice_leaves_a_dialog_once(key: str, twice: str) -> None:
    async with stage() as s:
        await s.press(key)
        await s.until(lambda: len(s.app.screen_stack) == 2, "dialog")
        dialog = s.app.screen
        for _ in range(2):
            s.app.post_message(events.Key(twice, None))
        await s.settle()
        dialog.dismiss()
        await s.until(lambda: len(s.app.screen_stack) == 1, "end of the dialog")
        assert s.app._exception is None


async def test_in_a_small_window_a_dialog_gives_way_to_the_message_and_comes_back() -> None:
    async with stage() as s:
        await s.press("question_mark")
        await s.shows("esc closes")
        await s.pilot.resize_terminal(40, 10)
        await s.shows("40x10 is too small")
        await s.hides("esc closes")
        await s.press("escape")
        await s.pilot.resize_terminal(80, 24)
        await s.shows("esc closes")
        await s.press("escape")
        await s.shows("ready")
        await s.press("question_mark")
        await s.pilot.resize_terminal(40, 10)
        await s.press("q")
        assert not s.app.is_running or s.app._exit


async def test_a_palette_that_is_left_at_once_looks_for_nothing_any_more() -> None:
    async with stage() as s:
        for _ in range(3):
            s.app.post_message(events.Key("colon", ":"))
            s.app.post_message(events.Key("a", "a"))
            s.app.post_message(events.Key("escape", None))
        await s.settle()
        await s.press("escape")
        assert s.app._exception is None
