"""Files are there whole or not at all, whatever ends their being written, and replace no other."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO, NoReturn

import pytest

from scratchtui.training.whole import write_whole


def half(file: BinaryIO) -> None:
    file.write(b"half")
    file.flush()


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit, MemoryError, OSError, ValueError])
def test_whatever_ends_the_writing_leaves_nothing(end: type[BaseException], tmp_path: Path) -> None:
    def fill(file: BinaryIO) -> NoReturn:
        half(file)
        raise end

    with pytest.raises(end):
        write_whole(tmp_path / "run", fill)
    assert not list(tmp_path.iterdir())


def test_what_is_being_written_has_no_name_yet_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "run"

    def fill(file: BinaryIO) -> None:
        half(file)
        assert not path.exists()
        assert [each.name[0] for each in tmp_path.iterdir()] == ["."]

    before = os.umask(0)
    try:
        write_whole(path, fill)
    finally:
        os.umask(before)
    assert (path.read_bytes(), path.stat().st_mode & 0o777, path.stat().st_nlink) == (b"half", 0o600, 1)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("leads", ["elsewhere", "nowhere"])
def test_a_link_is_neither_followed_nor_replaced(leads: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("kept")
    (tmp_path / "link").symlink_to(leads)
    with pytest.raises(FileExistsError, match="link exists already; choose another name"):
        write_whole(tmp_path / "link", half)
    assert (tmp_path / "elsewhere").read_text() == "kept"
    assert (tmp_path / "link").is_symlink()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_that_may_be_replaced_is_its_owners_alone_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "run"
    path.write_text("old")
    path.chmod(0o644)
    write_whole(path, half, lambda _: True)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"half", 0o600)


def test_a_folder_that_is_not_there_is_told_by_the_name_that_was_asked_for(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as refusal:
        write_whole(tmp_path / "none" / "run", half)
    assert refusal.value.filename == str(tmp_path / "none" / "run")
