"""Options become settings of the app before Textual reads them."""

import gc
import os
from pathlib import Path
from typing import Any

import pytest

from scratchtui.training.files import RunFileError, save_run
from scratchtui.tui.app import ScratchApp
from scratchtui.tui.start import run_app
from tests.tui.stage import fresh_run

OPTIONS: dict[str, Any] = {"tab": None, "open_path": None, "fps": 10.0, "color": "auto", "ascii_only": False}


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[ScratchApp, bool]]:
    """The apps that were run, and whether with a mouse."""
    monkeypatch.delenv("TEXTUAL_COLOR_SYSTEM", raising=False)
    monkeypatch.setenv("TEXTUAL_FPS", "60")
    apps: list[tuple[ScratchApp, bool]] = []
    monkeypatch.setattr(ScratchApp, "run", lambda app, mouse: apps.append((app, mouse)))
    return apps


@pytest.mark.parametrize(
    ("color", "system"),
    [("auto", None), ("none", None), ("truecolor", "truecolor"), ("256", "256"), ("16", "standard")],
)
def test_colours_are_those_asked_for(
    color: str, system: str | None, started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_app(**{**OPTIONS, "color": color}, mouse=True) == 0
    assert os.environ.get("TEXTUAL_COLOR_SYSTEM") == system
    assert os.environ["TEXTUAL_FPS"] == "60"
    monkeypatch.delenv("TEXTUAL_COLOR_SYSTEM", raising=False)


@pytest.mark.parametrize("mouse", [True, False])
def test_the_mouse_is_passed_on_and_garbage_collected_again(started: list[Any], mouse: bool) -> None:
    run_app(**OPTIONS, mouse=mouse)
    assert started[0][1] is mouse
    assert gc.isenabled()


def test_a_run_is_opened_in_its_own_tab(started: list[Any], tmp_path: Path) -> None:
    save_run(fresh_run(seed=7, bits=5), tmp_path / "run.npz")
    run_app(**{**OPTIONS, "open_path": tmp_path / "run.npz"}, mouse=True)
    assert started[0][0].pane.session.recipe.seed == 7
    assert started[0][0].pane.session.value("bits") == 5


def test_a_file_that_is_no_run_is_refused_before_the_screen_is_touched(
    started: list[Any], tmp_path: Path
) -> None:
    (tmp_path / "run.npz").write_bytes(b"no run")
    with pytest.raises(RunFileError):
        run_app(**{**OPTIONS, "open_path": tmp_path / "run.npz"}, mouse=True)
    assert started == []
    assert gc.isenabled()
