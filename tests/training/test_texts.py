"""Text files of the user."""

import io
import os
import stat
from pathlib import Path

import pytest

from scratchtui.training.texts import LARGEST, path_of, read_stream, read_text, told, write_text


def test_what_is_written_is_read_and_only_by_its_owner(tmp_path: Path) -> None:
    write_text(tmp_path / "face", "·#\n")
    assert read_text(tmp_path / "face") == "·#\n"
    assert stat.S_IMODE((tmp_path / "face").stat().st_mode) == 0o600


def test_a_file_that_exists_is_not_overwritten_nor_a_link_followed(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("kept")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("old", "link"):
        with pytest.raises(ValueError, match=f"{name} exists already; choose another name"):
            told(lambda name=name: write_text(tmp_path / name, "lost"))  # type: ignore[misc]
    assert (tmp_path / "old").read_text() == "kept"
    assert not (tmp_path / "elsewhere").exists()


def test_what_is_no_text_file_of_reasonable_size_is_refused(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * (LARGEST + 1))
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    os.mkfifo(tmp_path / "pipe")
    for name, words in (
        ("large", "larger than"),
        ("bytes", "no text"),
        ("pipe", "no file"),
        (".", "no file"),
    ):
        with pytest.raises(ValueError, match=words):
            read_text(tmp_path / name)
    with pytest.raises(ValueError, match=r"cannot use .*none: no such file"):
        told(lambda: read_text(tmp_path / "none"))


def test_a_stream_is_read_within_the_same_bounds() -> None:
    assert read_stream(io.BytesIO(b"\xef\xbb\xbf\xc2\xb7#"), "it") == "·#"
    with pytest.raises(ValueError, match="it is larger than"):
        read_stream(io.BytesIO(b"x" * (LARGEST + 1)), "it")
    with pytest.raises(ValueError, match="it is no text"):
        read_stream(io.BytesIO(b"\xff"), "it")


def test_a_path_may_begin_with_a_tilde_and_must_be_there() -> None:
    assert path_of(" ~/face ") == Path.home() / "face"
    with pytest.raises(ValueError, match="name of a file"):
        path_of("  ")
