"""Files opened to be read without waiting: no pipe and no device, nor what becomes one meanwhile."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path


class NoFileError(ValueError):
    """A folder, a pipe, a device; says so in one sentence."""


def opened(path: Path) -> BinaryIO:
    """Return an open file; NoFileError where there is something else, OSError."""
    _refuse_another_kind(path, path.stat().st_mode)  # before: to be opened means something to a device
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        _refuse_another_kind(path, os.fstat(descriptor).st_mode)
        return open(descriptor, "rb")  # noqa: PTH123 - is of a descriptor
    except BaseException:
        os.close(descriptor)
        raise


def _refuse_another_kind(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise NoFileError(f"{path} is no file")


def contents(file: BinaryIO, most: int, name: str) -> bytes:
    """Return at most so many bytes of an open file; OSError about `name`, which is what it is called."""
    try:
        found = file.read(most)
    except OSError as error:
        error.filename = name
        raise
    if found is None:  # some files of the system keep a reader waiting as pipes do
        raise BlockingIOError(errno.EAGAIN, "there is nothing to read in it yet", name)
    return found
