"""What is no ordinary file, wherever a file can be named: one sentence, exit code 2, and nobody waits."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from scratchtui.training.opening import NoFileError, contents, opened
from scratchtui.tui import remembered
from tests.cli.conftest import Command


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as each:
        each.bind(str(path))


def a_huge_hole(path: Path) -> None:
    path.touch()
    os.truncate(path, 2**40)


FILES: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a socket": a_socket,
    "a link to itself": lambda path: path.symlink_to(path),
    "a link to an endless device": lambda path: path.symlink_to("/dev/zero"),
    "a link to a device that waits": lambda path: path.symlink_to("/dev/tty"),
    "a link to a file that waits": lambda path: path.symlink_to("/proc/kmsg"),
    "a link to memory": lambda path: path.symlink_to("/proc/self/mem"),
    "a huge hole": a_huge_hole,
    "nothing": lambda path: None,
}
READERS = {
    "open": ("--open", "{}"),
    "show": ("show", "{}"),
    "predict": ("predict", "{}", "1010"),
    "export": ("export", "{}", "--script"),
    "train on": ("train", "binary", "--steps", "1", "--from", "{}"),
    "a text": ("train", "rnn", "--steps", "1", "--set", "text=@{}"),
    "data": ("train", "binary", "--steps", "1", "--set", "data=@{}"),
    "a change": ("train", "nn", "--steps", "1", "--then", "0 data=@{}"),
    "faces": ("predict", "{cnn}", "{}"),
}


@pytest.fixture(scope="module")
def cnn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from scratchtui.cli.program import run

    path = tmp_path_factory.mktemp("runs") / "cnn.npz"
    assert run(["train", "cnn", "--set", "data=nine", "--steps", "1", "--quiet", "--out", str(path)]) == 0
    return path


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize("what", FILES)
@pytest.mark.parametrize("reader", READERS)
def test_it_is_refused_in_a_sentence(
    scratchtui_: Command, folder: Path, cnn: Path, reader: str, what: str
) -> None:
    FILES[what](folder / "strange")
    result = scratchtui_(*(word.format("strange", cnn=cnn) for word in READERS[reader]))
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("scratchtui: ")
    assert result.err.count("\n") == 1
    assert "strange" in result.err


@pytest.mark.parametrize("what", [each for each in FILES if each != "nothing"])
def test_as_a_configuration_or_a_remembered_theme_too(
    scratchtui_: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setenv("SCRATCHTUI_CONFIG_DIR", str(folder))
    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", str(folder))
    FILES[what](folder / "theme")
    assert remembered.theme().strip("\0") == ""
    FILES[what](folder / "config.toml")
    result = scratchtui_("config", "check")
    assert (result.code, result.out) == (2, "")
    assert result.err.count("\n") == 1


def test_what_becomes_a_pipe_while_it_is_looked_at_is_refused_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary = tmp_path.joinpath("ordinary")
    ordinary.touch()
    os.mkfifo(tmp_path / "pipe")
    known = ordinary.stat()
    monkeypatch.setattr(Path, "stat", lambda _: known)
    with pytest.raises(NoFileError, match="is no file"):
        opened(tmp_path / "pipe")


def test_where_nothing_has_come_yet_nobody_waits(tmp_path: Path) -> None:
    ends = os.pipe()
    os.set_blocking(ends[0], False)
    with os.fdopen(ends[0], "rb") as file, pytest.raises(BlockingIOError) as refusal:
        contents(file, 10, "the name")
    os.close(ends[1])
    assert refusal.value.filename == "the name"
