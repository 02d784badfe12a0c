"""Options become settings of the app before Textual reads them."""

import gc
import os
from pathlib import Path
from typing import Any, NoReturn

import pytest

from scratchtui.cli.options import OPTIONS
from scratchtui.training.run import Run
from scratchtui.tui import keymap, remembered
from scratchtui.tui.app import ScratchApp
from scratchtui.tui.filters import Colourless
from scratchtui.tui.keymap import DEFAULT, Keymap
from scratchtui.tui.start import run_app
from tests.tui.stage import fresh_run

DEFAULTS = {option.key: option.default for option in OPTIONS}


def start(run: Run | None = None, found: Keymap = DEFAULT, **options: Any) -> int:
    return run_app(run=run, options=DEFAULTS | options, keymap=found)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[ScratchApp, bool]]:
    """The apps that were run, and whether with a mouse."""
    monkeypatch.delenv("TEXTUAL_COLOR_SYSTEM", raising=False)
    monkeypatch.setenv("TEXTUAL_FPS", "60")
    apps: list[tuple[ScratchApp, bool]] = []
    monkeypatch.setattr(ScratchApp, "run", lambda app, mouse: apps.append((app, mouse)))
    return apps


@pytest.mark.parametrize("no_color", [None, "", "1"])
@pytest.mark.parametrize(
    ("color", "system"),
    [("auto", "truecolor"), ("none", "256"), ("truecolor", "truecolor"), ("256", "256"), ("16", "standard")],
)
def test_colours_are_those_asked_for_and_else_those_of_the_terminal(
    color: str, system: str, no_color: str | None, started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color is not None:
        monkeypatch.setenv("NO_COLOR", no_color)
    assert start(color=color) == 0
    colourless = color == "none" or (color == "auto" and no_color == "1")
    assert os.environ["TEXTUAL_COLOR_SYSTEM"] == ("256" if colourless else system)
    assert [isinstance(each, Colourless) for each in started[0][0]._filters_for_terminal] == [
        True
    ] * colourless
    assert started[0][0]._signs is colourless
    assert os.environ["TEXTUAL_FPS"] == "60"
    monkeypatch.delenv("TEXTUAL_COLOR_SYSTEM", raising=False)


@pytest.mark.parametrize("mouse", [True, False])
def test_the_mouse_is_passed_on_and_garbage_collected_again(started: list[Any], mouse: bool) -> None:
    start(mouse=mouse)
    assert started[0][1] is mouse
    assert gc.isenabled()


async def test_a_run_is_opened_in_its_own_tab(started: list[Any]) -> None:
    start(fresh_run(seed=7, bits=5), tab="rnn")
    async with started[0][0].run_test() as pilot:
        await pilot.pause()
        assert started[0][0].pane.session.recipe.seed == 7
        assert started[0][0].pane.session.value("bits") == 5


def test_garbage_is_collected_again_after_an_app_that_cannot_be_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_: ScratchApp, **__: object) -> NoReturn:
        raise RuntimeError("out of order")

    monkeypatch.setattr(ScratchApp, "__init__", broken)
    with pytest.raises(RuntimeError, match="out of order"):
        start()
    assert gc.isenabled()


async def test_keys_and_theme_are_passed_on_and_the_theme_chosen_is_remembered(
    started: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", str(tmp_path))
    found, _ = keymap.read({"next_theme": "Z"})
    start(found=found, theme="scratch-light")
    app = started[0][0]
    async with app.run_test() as pilot:
        assert app.theme == "scratch-light"
        await pilot.press("Z")
        assert app.theme == remembered.theme() == "scratch-contrast"
        (tmp_path / "theme").unlink()
        (tmp_path / "theme").mkdir()
        await pilot.press("Z")
        assert app.theme == "scratch-dark"
        assert app.sayings.now.words == "scratch-dark for now only: Is a directory"
        assert {path.name for path in tmp_path.iterdir()} == {"theme", "scratchtui.log"}


def test_the_seconds_of_the_autosave_are_passed_on(started: list[Any]) -> None:
    start(autosave_seconds=2.5)
    assert started[0][0]._autosave == 2.5
