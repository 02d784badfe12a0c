"""What the program loads, and when it opens the app."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import ANY

import pytest

import scratchtui
import scratchtui.cli.app
import scratchtui.tui.guard
import scratchtui.tui.start
from scratchtui.cli.options import OPTIONS
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.files import load_run
from scratchtui.tui.keymap import DEFAULT
from tests.cli.conftest import PROJECT, Command, Unguarded

HEAVY = {"numpy", "textual", "rich", "plotext", "multiprocessing"}
LIGHT = [
    ("--help",),
    ("-h",),
    ("--version",),
    ("train", "--help"),
    ("predict", "--help"),
    ("show", "--help"),
    ("export", "--help"),
    ("list", "--help"),
    ("verify", "--help"),
    ("gradcheck", "--help"),
    ("info", "--help"),
    ("config", "--help"),
    ("config", "show"),
    ("keys", "--help"),
    ("train",),
]
SNIPPET = """
import sys
from scratchtui.cli.program import run
run(sys.argv[1:])
print(*sys.modules, file=sys.stderr)
"""


def loaded(*arguments: str) -> set[str]:
    """Return the packages that a process has loaded after the command."""
    ended = subprocess.run(
        [sys.executable, "-c", SNIPPET, *arguments],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in ended.stderr.splitlines()[-1].split()}


@pytest.mark.parametrize("arguments", LIGHT, ids=" ".join)
def test_help_loads_neither_numpy_nor_textual(arguments: tuple[str, ...]) -> None:
    assert not loaded(*arguments) & HEAVY


@pytest.mark.parametrize(
    "arguments", [(), ("list",), ("train", "binary", "--steps", "1"), ("gradcheck", "binary")], ids=" ".join
)
def test_without_a_screen_textual_is_not_loaded(arguments: tuple[str, ...]) -> None:
    assert "textual" not in loaded(*arguments)


def test_version_is_the_packages(scratchtui_: Command) -> None:
    result = scratchtui_("--version")
    assert (result.code, result.out) == (0, f"scratchtui {scratchtui.__version__}\n")


@pytest.mark.parametrize(
    "command", ["train", "predict", "show", "export", "list", "verify", "gradcheck", "info", "config", "keys"]
)
def test_help_names_every_command(scratchtui_: Command, command: str) -> None:
    assert f"\n  {command} " in scratchtui_("--help").out
    assert scratchtui_(command, "--help").out.startswith(f"Usage: scratchtui {command} ")


class Stream(io.StringIO):
    """A stream that says of itself whether it is a terminal."""

    def __init__(self, *, terminal: bool = True) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the app was opened with; its exit code is 5."""
    calls: list[dict[str, Any]] = []

    def run_app(**settings: Any) -> int:
        calls.append(settings)
        return 5

    monkeypatch.setattr(scratchtui.tui.start, "run_app", run_app)
    monkeypatch.setattr(scratchtui.tui.guard, "Guard", Unguarded)
    monkeypatch.setattr(scratchtui.cli.app, "sys", SimpleNamespace(stdin=Stream(), stderr=Stream()))
    monkeypatch.setenv("TERM", "xterm-256color")
    return calls


def test_no_command_opens_the_app_and_passes_its_exit_code_on(
    scratchtui_: Command, opened: list[dict[str, Any]]
) -> None:
    assert scratchtui_().code == 5
    defaults = {option.key: option.default for option in OPTIONS}
    assert opened == [{"run": None, "options": defaults, "keymap": DEFAULT, "guard": ANY}]


def test_options_reach_the_app(scratchtui_: Command, opened: list[dict[str, Any]], trained: Path) -> None:
    options = ("--tab", "binary", "--open", trained, "--fps", "4", "--color", "16", "--ascii", "--no-mouse")
    scratchtui_(*options)
    said = {"tab": "binary", "fps": 4.0, "color": "16", "ascii": True, "mouse": False}
    wanted = {option.key: ANY for option in OPTIONS} | said
    assert opened == [{"run": ANY, "options": wanted, "keymap": DEFAULT, "guard": ANY}]
    assert same_state(opened[0]["run"].latest, load_run(trained).latest)


@pytest.mark.parametrize("lacking", ["standard input", "standard error", "TERM"])
def test_without_a_terminal_the_app_stays_closed(
    scratchtui_: Command, opened: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    streams = {name: Stream(terminal=name != lacking) for name in ("standard input", "standard error")}
    stdin, stderr = streams.values()
    monkeypatch.setattr(scratchtui.cli.app, "sys", SimpleNamespace(stdin=stdin, stderr=stderr))
    monkeypatch.setenv("TERM", "dumb" if lacking == "TERM" else "xterm")
    result = scratchtui_()
    assert (result.code, result.out, opened) == (2, "", [])
    assert result.err.startswith("scratchtui: the app needs a terminal")
    assert lacking in result.err
