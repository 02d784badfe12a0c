"""Runs on disk: one `.npz` without pickle, written whole or not at all (what is in it: entries.py)."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.training.archive import LARGEST, Archive, ArchiveTooLargeError, write_archive
from scratchtui.training.entries import OF_EVERY_RUN, NewerRunError, entries_of, run_of
from scratchtui.training.opening import NoFileError, opened
from scratchtui.training.whole import write_whole

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from scratchtui.training.run import Run

_ARCHIVE_BEGINS = b"PK\x03\x04"
_OF_THE_DISK = {errno.EIO, errno.ENXIO, errno.ESTALE, errno.ETIMEDOUT, errno.ENOTCONN, errno.EREMOTEIO}


class RunFileError(ValueError):
    """A file that is no run, or one that this version cannot read; says so in one sentence."""


@dataclass(frozen=True)
class Saved:
    """A file that a run was saved to, at which step, and by which it is known to be that very file still."""

    path: Path
    step: int
    size: int
    _mark: tuple[int, ...]

    @classmethod
    def at(cls, path: Path, step: int) -> Saved:
        """Return what is known of a file that was just written; OSError."""
        return cls(path, step, path.lstat().st_size, _mark(path))

    @property
    def is_there(self) -> bool:
        """Whether it is where it was written."""
        return self.is_at(self.path)

    def is_at(self, path: Path) -> bool:
        """Whether this file is what `path` names, as it was written."""
        try:
            return _mark(path) == self._mark
        except OSError:
            return False


def _mark(path: Path) -> tuple[int, ...]:
    known = path.lstat()
    return known.st_dev, known.st_ino, known.st_size, known.st_mtime_ns


def save_run(run: Run, path: Path, earlier: Saved | None = None) -> Saved:
    """Write `run` to `path`, whole or not at all; FileExistsError if `path` exists, OSError, MemoryError.

    Only a file that the same run was saved to `earlier`, and that nobody has touched since, is replaced.
    EFBIG, before anything is written, for a run that could not be opened again.
    """

    def may_replace(path: Path) -> bool:
        return earlier is not None and earlier.is_at(path)

    write_whole(path, lambda file: write_run(run, file), may_replace)
    return Saved.at(path, run.latest.step)


def write_run(run: Run, file: BinaryIO) -> None:
    """Write `run` to an open file, but for snapshots that cannot be read back; OSError, MemoryError."""
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # a run may be about to diverge
            write_archive(file, run.reading(lambda: entries_of(run, run.experiment())))
    except ArchiveTooLargeError as error:
        reason = f"a run of {error} could not be opened again"
        raise OSError(errno.EFBIG, reason) from None


def load_run(path: Path) -> Run:
    """Return the run saved at `path`; RunFileError, or OSError where it cannot be opened."""
    refuse_unreadable(path)
    try:
        with opened(path) as file:
            run = read_run(file, path)
    except NoFileError as error:  # since it was looked at
        raise RunFileError(str(error)) from error
    run.filed = run.latest.step, run.latest.changes
    return run


def refuse_unreadable(path: Path) -> None:
    """Raise RunFileError or OSError where at first sight there is no run at `path`."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise RunFileError(f"there is no file {path}") from None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):  # a pipe would be waited for
        raise RunFileError(f"{path} is a pipe or a device, and a run is read from a file")
    if found.st_size > LARGEST:
        raise RunFileError(f"{path} holds more than {LARGEST >> 20} MiB, which no run does")


def read_run(file: BinaryIO, path: Path) -> Run:
    """Return the run in an open file, which is at `path`; RunFileError, OSError of the disk."""
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            return run_of(Archive(file))
    except NewerRunError as error:
        raise RunFileError(f"{path} {error}") from None
    except ArchiveTooLargeError as error:
        raise RunFileError(f"{path} holds {error}, which no run does") from None
    except MemoryError as error:
        raise RunFileError(f"there is not memory enough to read {path}") from error
    except Exception as error:  # numpy, zipfile, zlib and json raise what they like
        if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
            error.filename = str(path)
            raise
        raise RunFileError(f"{path} {_fault(file)}") from error


def _fault(file: BinaryIO) -> str:
    """Return what is wrong with a file that no run could be read from, as far as that can be told."""
    is_archive = True
    try:
        file.seek(0)
        is_archive = file.read(len(_ARCHIVE_BEGINS)) == _ARCHIVE_BEGINS
        names = Archive(file).names
    except Exception:  # noqa: BLE001 - as above
        return "is damaged, or no run that scratchtui saved" if is_archive else "is no .npz file, as runs are"
    if names >= OF_EVERY_RUN:
        return "is a run that scratchtui saved, but damaged"
    return "is an .npz file, but no run that scratchtui saved"
