"""The program, run within this process, and a run that it has saved."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import scratchtui
import scratchtui.cli.app
import scratchtui.tui.guard
from scratchtui.cli.program import run

PROJECT = Path(scratchtui.__file__).parent.parent


@dataclass(frozen=True)
class Result:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """The JSON objects on stdout, refused where JSON refuses them."""
        return [json.loads(line, parse_constant=pytest.fail) for line in self.out.splitlines()]

    @property
    def done(self) -> dict[str, Any]:
        """The last of them."""
        return self.events[-1]


Command = Callable[..., Result]


@pytest.fixture
def scratchtui_(capsys: pytest.CaptureFixture[str]) -> Command:
    """Return what runs a command in this process."""

    def command(*arguments: object) -> Result:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Result(code, printed.out, printed.err)

    return command


class Unguarded:
    """Stands in for the guard, since the process of the tests is not to be forked."""

    def close(self) -> None:
        pass


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The app is not refused for want of a terminal."""
    monkeypatch.setattr(scratchtui.cli.app, "require_terminal", lambda *_: None)
    monkeypatch.setattr(scratchtui.tui.guard, "Guard", Unguarded)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and the present one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of binary that has reached its goal."""
    path = tmp_path_factory.mktemp("runs") / "trained.npz"
    assert run(["train", "binary", "--seed", "7", "--quiet", "--out", str(path)]) == 0
    return path


def process(
    *arguments: object, shell: str = "", environment: Mapping[str, str] | None = None, **streams: Any
) -> subprocess.Popen[bytes]:
    """Start the program as a process of its own; `shell` is a line that starts it, as `"$@"`."""
    command = [sys.executable, "-W", "error", "-m", "scratchtui", *map(str, arguments)]
    if shell:
        command = ["sh", "-c", shell, "sh", *command]
    whole = {**os.environ, "PYTHONPATH": str(PROJECT), **(environment or {})}
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=whole, **{**pipes, **streams})
