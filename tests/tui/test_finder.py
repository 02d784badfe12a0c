"""What is done while a moment of the past is being looked for is done at that moment, and there alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual.widgets import Input

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.recipe import default_recipe
from scratchtui.training.history import LossHistory
from scratchtui.training.run import Run
from scratchtui.training.trainer import Trainer
from scratchtui.tui.export_menu import ExportMenu
from scratchtui.tui.widgets.table import TableView
from tests.tui.stage import Stage, stage

THEN, CHANGED, LAST = 10, 50, 100


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be found before the test says so."""
    monkeypatch.setattr("scratchtui.training.session.AT_ONCE", -1.0)
    monkeypatch.setattr("scratchtui.tui.live_pane.A_MOMENT", -1.0)
    monkeypatch.setattr("scratchtui.tui.finder._BREATH", 3600.0)


@cache
def trained() -> Run:
    """Return a run to which a row was added on the way, with no snapshot between its ends."""
    trainer, run = Trainer(default_recipe(Binary)), Run(default_recipe(Binary))
    run.begin()
    losses = trainer.step(CHANGED).losses
    run.journal.append(trainer.change("data", "all +5=6"))
    run.losses = LossHistory.of(1, np.append(losses, trainer.step(LAST - CHANGED).losses))
    run.timeline.append(trainer.experiment.snapshot())
    return run


def look(s: Stage, step: int = THEN) -> None:
    """Begin to look for a step of the run, whatever went on before."""
    s.app.pane.take_up(trained().copied())
    s.app.pane._seek(step)
    assert s.session.sought == step


async def find(s: Stage) -> None:
    while s.session.sought is not None:
        s.app.pane._finder._look()
    await s.settle()


def data(s: Stage) -> Any:
    return s.session.settings["data"]


def rate(s: Stage) -> Any:
    return s.session.settings["learning_rate"]


Done = tuple[str, Callable[[Stage], Any], Any]  # keys, what is looked at then, and what that should be
ACTIONS: dict[str, tuple[Done, ...]] = {
    "settings": (
        ("space", lambda s: (s.session.running, s.session.run.latest.step), (True, THEN)),
        ("r", lambda s: (data(s), s.session.experiment.steps), ("all", 0)),
        ("R", lambda s: (data(s), s.session.experiment.steps), ("all", 0)),
        ("C", lambda s: s.session.marks._marks[-1].snapshot.step, THEN),
        ("u", lambda s: s.session.seen.step if s.session.seen else None, THEN),
        ("right", lambda s: (rate(s), data(s)), (0.25, "all")),
        ("right right", lambda s: (rate(s), data(s)), (0.3, "all")),
        ("enter 0 . 1 enter", lambda s: (rate(s), data(s)), (0.1, "all")),
        ("enter enter", lambda s: (rate(s), s.app.focused.id), (0.2, "settings")),
        ("e", lambda s: isinstance(s.app.screen, ExportMenu), True),
    ),
    "rows": (
        ("a 7 = 8 enter", data, "all +7=8"),
        ("a 7 = 8 enter , x", data, "all +7=8"),
        ("a 7 = 9 enter backspace 8 enter", data, "all +7=8"),
        ("up d", data, "all -255"),
        ("d", lambda s: (data(s), s.session.run.origin), ("all", None)),  # 5=6 was no row then
    ),
    "weights": (
        ("f", lambda s: (s.session.run.latest.step, data(s)), (THEN, "all")),
        ("w 3 . 5 enter", lambda s: (s.session.experiment.weight("0.Dense.W[0,0]"), data(s)), (3.5, "all")),
        ("s", lambda s: "save as" in s.text, True),
    ),
}


@pytest.mark.parametrize(("panel", "done"), ACTIONS.items(), ids=ACTIONS)
async def test_every_action_waits_for_the_moment_that_was_asked_for(
    panel: str, done: tuple[Done, ...]
) -> None:
    async with stage() as s:
        for keys, what, expected in done:
            look(s)
            s.app.pane.panels.go_to(panel)
            s.app.pane.query_one("#rows", TableView).cursor = 256
            if panel == "settings":
                s.at("learning_rate")
            run = s.session.run
            await s.press(*keys.split())
            assert (s.session.run, s.session.sought, s.session.running) == (run, THEN, False), keys
            assert data(s) == "all +5=6"
            await find(s)
            await s.until(lambda what=what, expected=expected: what(s) == expected, keys)


async def test_what_waits_for_a_moment_is_not_done_at_another_nor_in_another_run() -> None:
    async with stage() as s:
        look(s)
        await s.press("space")
        s.app.pane._seek(THEN + 1)
        await find(s)
        assert (s.session.running, s.session.experiment.steps) == (False, THEN + 1)
        look(s)
        await s.press("space")
        look(s)
        await find(s)
        assert not s.session.running


async def test_an_answer_that_is_left_is_not_asked_for_again() -> None:
    async with stage() as s:
        look(s)
        await s.press("slash", "7", "escape")
        await find(s)
        assert not s.app.query_one(Input).has_focus
        await s.press("slash")
        assert s.app.query_one(Input).value == ""


async def test_what_is_asked_is_filled_in_for_the_moment_once_that_has_been_found() -> None:
    async with stage() as s:
        s.app.pane.panels.go_to("settings")
        look(s)
        s.at("data")
        await s.press("enter")
        assert s.app.query_one(Input).value == ""
        await s.shows("step 10 is still being looked for")
        await find(s)
        assert s.app.query_one(Input).value == "all"
        assert s.app.query_one(Input).selected_text == "all"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a history keep no more than eight buckets, so that one is cut wherever a run is."""
    monkeypatch.setattr("scratchtui.training.history.CAPACITY", 8)
    trained.cache_clear()
    yield
    trained.cache_clear()


@pytest.mark.usefixtures("few")
async def test_to_go_on_from_a_moment_its_losses_are_looked_for_while_keys_are_heard() -> None:
    async with stage() as s:
        look(s)
        await find(s)
        assert s.session.run.losses.width == 16
        run = s.session.run
        await s.press("space")
        assert (s.session.state, s.session.run, s.session.seen.step) == ("finding", run, THEN)
        await s.press("comma")
        await find(s)
        assert (s.session.run, s.session.experiment.steps) == (run, THEN - 1)
        s.app.pane.panels.go_to("settings")
        s.at("learning_rate")
        await s.press("right", "right")
        await s.press("enter")
        await s.answer("0.1")
        assert s.session.run is run
        assert s.app.query_one(Input).has_focus
        await s.shows("step 9 is still being looked for; then it is taken")
        await find(s)
        assert (s.session.run.origin, rate(s)) == (("run 1", 9), 0.1)
        assert not s.app.query_one(Input).has_focus


@pytest.mark.usefixtures("few")
async def test_only_the_losses_are_looked_for_to_be_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with stage() as s:
        look(s)
        await find(s)
        for key, waits in (("c", False), ("w", False), ("p", False), ("t", False), ("l", True)):
            files = len(list(tmp_path.iterdir()))
            await s.press("e", key)
            assert (s.session.sought is not None) == waits
            assert len(list(tmp_path.iterdir())) == files + (not waits and key != "c"), key
        await find(s)
        assert len(list(tmp_path.iterdir())) == 4
        assert s.session.seen is not None
