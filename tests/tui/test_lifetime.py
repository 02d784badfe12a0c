"""How the app asks before it ends, and what it saves; what comes from outside is in tests/terminal."""

from typing import Any

import pytest

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.view import View
from scratchtui.tui import lifetime
from scratchtui.tui.app import ScratchApp
from tests.tui.stage import stage

PLACES = {"the app": "", "an editor": "s", "help": "question_mark", "the palette": "colon"}


@pytest.mark.parametrize("place", PLACES)
async def test_ctrl_c_asks_wherever_one_is_and_a_second_one_quits_unless_it_is_late(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(lifetime, "monotonic", lambda: now[0])
    async with stage() as s:
        if PLACES[place]:
            await s.press(PLACES[place])
        await s.press("ctrl+c")
        await s.shows("ctrl+c once more")
        now[0] += lifetime.TWICE
        await s.press("ctrl+c")
        assert not s.app._exit
        now[0] += lifetime.TWICE - 0.1
        await s.press("ctrl+c")
        await s.until(lambda: s.app._exit, "end")
        assert s.app.return_code == 0


async def test_what_must_not_be_lost_is_saved_once_and_a_failure_to_do_so_does_not_hold_up_the_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    saved = []

    def save(app: ScratchApp) -> None:
        saved.append(app.pane.session.recipe)
        raise OSError("disk full")

    monkeypatch.setattr(ScratchApp, "before_leaving", save)
    async with stage() as s:
        s.app.exit(return_code=143)
        s.app.exit(return_code=129)
        await s.until(lambda: not s.app.is_running, "end")
    assert len(saved) == 1


async def test_a_lost_worker_of_another_tab_is_told_by_a_notice() -> None:
    async with stage() as s:
        await s.press("space")
        lost = s.worker
        await s.press("2")
        await s.shows("surface")
        lost.tell(EOFError("the training process was killed (SIGKILL)"))
        await s.shows("Binary has stopped")
        s.app.clear_notifications()
        await s.press("1")
        await s.shows("stopped at step 0", "was killed", "space starts it again from there")


@pytest.mark.broken_panels
async def test_a_panel_that_cannot_be_drawn_says_so_once_and_all_else_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view = Binary.view

    def broken(binary: Binary, name: str, *rest: Any) -> View:
        if name == "weights":
            raise ZeroDivisionError("of the experiment")
        return view(binary, name, *rest)

    monkeypatch.setattr(Binary, "view", broken)
    async with stage() as s:
        await s.shows("weights cannot be drawn", "ZeroDivisionError")
        s.app.clear_notifications()
        await s.press("full_stop")
        await s.shows("paused · step 1")
        await s.press("2")
        await s.shows("surface")
        assert "cannot be drawn" not in s.text
