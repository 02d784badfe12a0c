"""A recovery's folder is its owner's alone, is held by its process, and is reached by no link."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from scratchtui.training import recovery_folder
from scratchtui.training.recovery_folder import RecoveryFolder, held, names


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


def words(file: BinaryIO) -> None:
    file.write(b"words")


def test_everything_is_for_the_owner_alone(state: Path) -> None:
    before = os.umask(0)
    try:
        folder = RecoveryFolder.own()
        folder.write("a", words)
    finally:
        os.umask(before)
    modes = {path.relative_to(state).name: stat.S_IMODE(path.stat().st_mode) for path in state.rglob("*")}
    assert modes == {"recovery": 0o700, folder.name: 0o700, "lock": 0o600, "a": 0o600}
    (state / "recovery").chmod(0o755)
    RecoveryFolder.own()
    assert stat.S_IMODE((state / "recovery").stat().st_mode) == 0o700


def test_a_file_is_replaced_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = RecoveryFolder.own()
    folder.write("a", words)

    def fails(file: BinaryIO) -> None:
        file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left") as error:
        folder.write("a", fails)
    assert error.value.filename == str(folder.path)
    with pytest.raises(KeyError):
        folder.write("a", lambda _: {}[0])
    assert sorted(folder.names()) == ["a", "lock"]
    with folder.open("a") as file:
        assert file.read() == b"words"


def test_a_folder_is_held_until_its_process_ends(state: Path) -> None:
    script = """
import os, sys
from scratchtui.training.recovery_folder import RecoveryFolder
print(RecoveryFolder.own().name, flush=True)
sys.stdin.read()
os.kill(os.getpid(), 9)
"""
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        name = other.stdout.readline().strip()
        assert names() == [name]
        assert list(held(name)) == []
        other.communicate()
    for folder in held(name):
        assert list(held(name)) == []
        assert folder.take()
    assert len(list(held(name))) == 1
    assert list(held("vm-1-1")) == []


def test_where_nothing_locks_the_number_of_the_process_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = RecoveryFolder.own()
    folder.close()

    def cannot(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(recovery_folder.fcntl, "flock", cannot)
    host = folder.name.partition("-")[0]
    for number, gone in ((os.getppid(), False), (2**22 + 1, True)):
        name = f"{host}-{number}-1"
        (folder.path.parent / name).mkdir()
        assert bool(list(held(name))) == gone


def elsewhere(state: Path) -> Path:
    place = state.parent / "elsewhere"
    (place / "recovery").mkdir(parents=True)
    return place


def the_state_folder_a_link(state: Path) -> None:
    state.symlink_to(elsewhere(state))


def the_recoveries_a_link(state: Path) -> None:
    state.mkdir()
    (state / "recovery").symlink_to(elsewhere(state) / "recovery")


def the_state_folder_a_file(state: Path) -> None:
    state.write_text("words")


def the_folder_above_a_file(state: Path) -> None:
    state.parent.rmdir()
    state.parent.write_text("words")


REFUSED = [
    (the_state_folder_a_link, "is a link"),
    (the_recoveries_a_link, "is a link"),
    (the_state_folder_a_file, "is no folder"),
    (the_folder_above_a_file, "Not a directory|File exists"),
]


@pytest.mark.parametrize(("make", "reason"), REFUSED, ids=[make.__name__ for make, _ in REFUSED])
def test_a_place_that_is_no_folder_of_the_users_is_refused(make, reason, state: Path) -> None:
    make(state)
    with pytest.raises(OSError, match=reason):
        RecoveryFolder.own()
    assert [path for path in state.parent.rglob("*") if path.suffix] == []


def test_links_in_a_folder_are_neither_read_nor_written_through(state: Path, tmp_path: Path) -> None:
    folder = RecoveryFolder.own()
    outside = tmp_path / "outside"
    outside.write_text("mine")
    for name in ("a", "a.new", "lock2"):
        (folder.path / name).symlink_to(outside)
    with pytest.raises(OSError, match=r"symbolic links|Too many"):
        folder.open("a")
    folder.write("a", words)
    assert not (folder.path / "a").is_symlink()
    os.mkfifo(folder.path / "pipe")
    with pytest.raises(OSError, match="is no file"):
        folder.open("pipe")
    folder.destroy("a")
    assert outside.read_text() == "mine"
    assert names() == []
    folder.close()


def test_without_a_home_nothing_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SCRATCHTUI_STATE_DIR", "HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", lambda _: {}[0])
    with pytest.raises(OSError, match="no home is known"):
        RecoveryFolder.own()
    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", "~/state")
    with pytest.raises(OSError, match="no home is known"):
        RecoveryFolder.own()
    assert list(tmp_path.iterdir()) == []
