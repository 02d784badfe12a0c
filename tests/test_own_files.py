"""Whatever the program writes is for its owner alone, and no link leads it elsewhere."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scratchtui import logs, places
from scratchtui.training.exports import write_free
from scratchtui.training.files import save_run
from scratchtui.training.keeping import keep_run
from scratchtui.training.recovery_folder import RecoveryFolder
from scratchtui.training.texts import write_text
from scratchtui.tui import crash
from scratchtui.tui.remembered import remember_theme, theme
from tests.tui.stage import fresh_run


def write_log() -> None:
    with logs.written():
        logs.log.info("words")


def write_recovery() -> None:
    folder = RecoveryFolder.own()
    folder.write("run.npz", lambda file: file.write(b"words"))
    folder.close()


# the file that each writes, below a folder with the state folder in it, and what writes it
WRITERS: dict[str, tuple[str, Callable[[], object]]] = {
    "log": ("state/scratchtui.log", write_log),
    "crash report": (f"state/crash-now-{os.getpid()}.txt", lambda: crash.write_report(KeyError("words"))),
    "theme": ("state/theme", lambda: remember_theme("words")),
    "run that is kept": ("state/lost.npz", lambda: keep_run(fresh_run(), Path("gone/lost.npz"))),
    "recovery": ("state/recovery", write_recovery),
    "run": ("run.npz", lambda: save_run(fresh_run(), Path("run.npz"))),
    "text": ("face.txt", lambda: write_text(Path("face.txt"), "words")),
    "export": ("script.py", lambda: write_free("script.py", b"words")),
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The present folder, where nobody is kept from writing by the mask of the process."""
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", str(place / "state"))
    monkeypatch.setattr(crash.time, "strftime", lambda *_: "now")
    before = os.umask(0)
    yield place
    os.umask(before)


@pytest.mark.parametrize("what", WRITERS)
def test_files_and_folders_are_the_owners_alone(place: Path, what: str) -> None:
    WRITERS[what][1]()
    written = list(place.rglob("*"))
    assert any(each.is_file() for each in written)
    for each in written:
        assert each.stat().st_mode & 0o777 == (0o700 if each.is_dir() else 0o600), each


def to_a_file(elsewhere: Path) -> Path:
    (elsewhere / "victim").write_bytes(b"victim")
    return elsewhere / "victim"


def to_nothing(elsewhere: Path) -> Path:
    return elsewhere / "victim"


def to_a_folder(elsewhere: Path) -> Path:
    return elsewhere


@pytest.mark.parametrize("target", [to_a_file, to_nothing, to_a_folder], ids=lambda each: each.__name__)
@pytest.mark.parametrize("what", WRITERS)
def test_a_link_in_its_place_is_not_followed(place: Path, what: str, target: Callable[[Path], Path]) -> None:
    name, write = WRITERS[what]
    elsewhere = place.parent / "elsewhere"
    elsewhere.mkdir(0o700)
    (place / "state").mkdir(0o700)
    (place / name).symlink_to(target(elsewhere))
    before = {each: each.read_bytes() for each in elsewhere.iterdir()}
    with contextlib.suppress(OSError):
        write()
    assert {each: each.read_bytes() for each in elsewhere.iterdir()} == before


@pytest.mark.parametrize("what", ["log", "recovery", "crash report", "theme", "run that is kept"])
def test_a_state_folder_of_somebody_else_is_not_written_to(
    place: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "state").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: place.stat().st_uid + 1)
    with contextlib.suppress(PermissionError):
        WRITERS[what][1]()
    assert list((place / "state").iterdir()) == []


def test_a_pipe_in_the_place_of_the_log_holds_nobody_up(place: Path) -> None:
    (place / "state").mkdir()
    os.mkfifo(place / "state" / "scratchtui.log")
    with logs.written() as trouble:
        logs.log.info("words")
    assert trouble.endswith("scratchtui.log: is no file")


def test_a_log_that_others_could_read_is_theirs_no_longer(place: Path) -> None:
    (place / "state").mkdir()
    (place / "state" / "scratchtui.log").touch(0o666)
    write_log()
    assert (place / "state" / "scratchtui.log").stat().st_mode & 0o777 == 0o600


def test_the_tail_is_of_the_file_that_is_written_whatever_has_its_name(place: Path) -> None:
    with logs.written():
        logs.log.info("words")
        (place / "state" / "scratchtui.log").unlink()
        (place / "state" / "scratchtui.log").symlink_to("/dev/zero")
        (line,) = logs.tail()
    assert line.endswith("words")


def test_a_folder_above_is_made_for_the_user_alone_too(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRATCHTUI_DATA_DIR", str(place / "above" / "data"))
    places.made_folder("data")
    assert [each.stat().st_mode & 0o777 for each in place.rglob("*")] == [0o700, 0o700]


def test_a_theme_is_read_through_no_link(place: Path) -> None:
    (place / "state").mkdir()
    (place / "elsewhere").write_text("scratch-light")
    (place / "state" / "theme").symlink_to(place / "elsewhere")
    assert theme() == ""
