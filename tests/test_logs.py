"""The log: in the state folder, a file for each process, bounded, and readable without harm."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scratchtui import logs
from scratchtui.cli import program
from scratchtui.logs import log


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


def words(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_what_is_logged_is_written_for_its_owner_alone(state: Path) -> None:
    with logs.written() as trouble:
        logs.begin()
    log.error("nobody writes this")
    assert trouble == ""
    (line,) = words(state / "scratchtui.log").splitlines()
    assert "INFO begins: scratchtui" in line
    assert (state / "scratchtui.log").stat().st_mode & 0o777 == 0o600
    assert state.stat().st_mode & 0o777 == 0o700


OTHER = "from scratchtui import logs\nwith logs.written():\n    logs.begin()\n"


def test_two_processes_never_write_one_file(state: Path) -> None:
    with logs.written():
        subprocess.run([sys.executable, "-c", OTHER], check=True)
        log.info("still mine")
    assert "begins" not in words(state / "scratchtui.log")
    assert "begins" in words(state / "scratchtui-2.log")
    subprocess.run([sys.executable, "-c", OTHER], check=True)
    assert "begins" in words(state / "scratchtui.log")


def test_a_full_log_is_put_aside_and_the_tail_is_of_the_new_one(state: Path) -> None:
    with logs.written():
        for number in range(3 * logs.LONGEST // 1000):
            log.info("%05d %s", number, "x" * 1000)
        newest = logs.tail()[-1]
    assert f"{number:05d}" in newest
    assert sorted(path.name for path in state.iterdir()) == ["scratchtui.log", "scratchtui.log.old"]
    assert all(path.stat().st_size < logs.LONGEST + 2000 for path in state.iterdir())


def test_nothing_in_it_commands_the_terminal_of_a_reader(state: Path) -> None:
    with logs.written():
        log.info("a name \x1b]0;evil\x07 of the user's\x9b2J\nand a second line")
    assert r"\x1b]0;evil\x07 of the user's\x9b2J" in words(state / "scratchtui.log")
    assert words(state / "scratchtui.log").count("\n") == 2


def a_file(state: Path) -> None:
    state.touch()


def a_link(state: Path) -> None:
    state.mkdir()
    (state / "scratchtui.log").symlink_to(state.parent / "elsewhere")


@pytest.mark.parametrize("hinder", [a_file, a_link], ids=lambda hinder: hinder.__name__)
def test_where_it_cannot_be_written_that_is_said_and_all_goes_on(
    state: Path, hinder: Callable[[Path], None]
) -> None:
    hinder(state)
    with logs.written() as trouble:
        log.error("lost")
    assert trouble.startswith(f"no log is written: {state}")
    assert not (state.parent / "elsewhere").exists()


def test_an_error_of_a_command_is_logged_with_the_place_it_came_from(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("no such thing")

    monkeypatch.setattr(program.program, "invoke", broken)
    assert program.run(["info"]) == 70
    assert "internal error" in capsys.readouterr().err
    assert "fault" in words(state / "scratchtui.log")
    assert "in broken" in words(state / "scratchtui.log")


def test_info_names_it(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.run(["info"]) == 0
    assert str(state / "scratchtui.log") in capsys.readouterr().out
