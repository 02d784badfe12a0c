"""Folders of recoveries: one a process, in the state folder; no link leads into or out of any.

A folder is locked by the process that it belongs to, so that one of a process that has ended can be told
from one of a process that goes on; those of other hosts, which may share the home, are never taken.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import stat
import time
from typing import TYPE_CHECKING

from scratchtui.places import folder, own_state_folder
from scratchtui.training.lost_snapshot import LostSnapshotError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

NAME, LOCK = "recovery", "lock"
NEW = ".new"  # what a file is called until it is whole
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}
_FORM = re.compile(r"(?P<host>.+)-(?P<pid>[0-9]{1,10})-(?P<began>[0-9]{1,20})")


class RecoveryFolder:
    """A folder of files for their owner alone; each is written whole, under its name, or not at all."""

    def __init__(self, name: str, *, create: bool = False) -> None:
        """Open, or make and lock, the folder of that name; OSError."""
        self.name, self.path = name, place() / name
        self._lock: int | None = None
        parent = _opened(create=create)
        try:
            if create:
                os.mkdir(name, 0o700, dir_fd=parent)
            self._descriptor = os.open(name, _FOLDER, dir_fd=parent)
        finally:
            os.close(parent)
        if create:
            self.take()

    @classmethod
    def own(cls) -> RecoveryFolder:
        """Return a new folder of this process; OSError."""
        return cls(f"{_host()}-{os.getpid()}-{time.time_ns()}", create=True)

    def take(self) -> bool:
        """Lock the folder until it is closed; whether no other process has. OSError."""
        if self._lock is not None:
            return True
        descriptor = os.open(LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600, dir_fd=self._descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except OSError as error:
            if error.errno not in _NO_LOCKS or _goes_on(self.name):
                os.close(descriptor)
                return False
        self._lock = descriptor
        return True

    def write(self, name: str, fill: Callable[[BinaryIO], object]) -> int:
        """Write a file by `fill`, whole or not at all; return its bytes. OSError."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        new, where = f"{name}{NEW}", self._descriptor
        self.remove(new)
        try:
            with os.fdopen(os.open(new, flags, 0o600, dir_fd=where), "wb") as file:
                fill(file)
                file.flush()
                os.fsync(file.fileno())
                size = file.tell()
            os.replace(new, name, src_dir_fd=where, dst_dir_fd=where)
        except BaseException as error:
            with contextlib.suppress(OSError):
                self.remove(new)
            if isinstance(error, OSError) and not isinstance(error, LostSnapshotError):
                error.filename, error.filename2 = str(self.path), None
            raise
        with contextlib.suppress(OSError):  # not every file system can
            os.fsync(where)
        return size

    def open(self, name: str) -> BinaryIO:
        """Return a file of the folder to be read; OSError, also where it is no file."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe would be waited for
        file = os.fdopen(os.open(name, flags, dir_fd=self._descriptor), "rb")
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise OSError(errno.EINVAL, "is no file", str(self.path / name))
        return file

    def names(self) -> list[str]:
        """Return the names of all files; none where that cannot be told."""
        try:
            return os.listdir(self._descriptor)  # noqa: PTH208 - of a folder that is held
        except OSError:
            return []

    def remove(self, name: str) -> None:
        """Remove a file, if there is one; OSError."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._descriptor)

    def size(self) -> int:
        """Return the bytes of all files."""
        total = 0
        for name in self.names():
            with contextlib.suppress(OSError):
                total += os.stat(name, dir_fd=self._descriptor, follow_symlinks=False).st_size
        return total

    def written_at(self, name: str) -> float:
        """Return when a file was written, in seconds since 1970; 0 where there is none."""
        try:
            return os.stat(name, dir_fd=self._descriptor, follow_symlinks=False).st_mtime
        except OSError:
            return 0.0

    def close(self) -> None:
        """Let the folder go, if that has not been done."""
        held = [each for each in (self._lock, self._descriptor) if each is not None]
        self._lock, self._descriptor = None, -1  # which no file can be opened in
        for descriptor in held:
            if descriptor >= 0:
                os.close(descriptor)

    def destroy(self, first: str) -> None:
        """Remove the folder and what is in it, the file `first` first, and let it go; OSError."""
        try:
            self.remove(first)
            for name in sorted(self.names(), key=lambda name: name == LOCK):
                self.remove(name)
            with contextlib.suppress(FileNotFoundError):
                self.path.rmdir()
        finally:
            self.close()


def place() -> Path:
    """Return where the folders are; OSError where nobody's home is known."""
    try:
        path = folder("state") / NAME
    except RuntimeError:
        path = None
    if path is None or not path.is_absolute():
        raise OSError(errno.ENOENT, "no home is known", "the state folder")
    return path


def names() -> list[str]:
    """Return the names of the folders of this host; OSError where they cannot be looked at."""
    try:
        parent = _opened(create=False)
    except FileNotFoundError:
        return []
    try:
        found = [form for name in os.listdir(parent) if (form := _FORM.fullmatch(name))]  # noqa: PTH208
    finally:
        os.close(parent)
    return [form[0] for form in found if form["host"] == _host()]


def held(name: str) -> Iterator[RecoveryFolder]:
    """Yield the folder of that name, locked, unless it is another process's or is gone."""
    with contextlib.suppress(OSError):
        found = RecoveryFolder(name)
        try:
            if found.take():
                yield found
        finally:
            found.close()


def _opened(*, create: bool) -> int:
    """Return a descriptor of the folder of all recoveries, which is the user's own; OSError."""
    path = place()
    if create:
        own_state_folder()
    state = _folder_at(str(path.parent), None)
    try:
        if create:
            with contextlib.suppress(FileExistsError):
                os.mkdir(NAME, 0o700, dir_fd=state)
        found = _folder_at(NAME, state)
    finally:
        os.close(state)
    known = os.fstat(found)
    if known.st_uid != os.geteuid():
        os.close(found)
        raise OSError(errno.EPERM, "belongs to another user", str(path))
    if create and known.st_mode & 0o077:
        os.fchmod(found, 0o700)
    return found


def _folder_at(name: str, within: int | None) -> int:
    """Open a folder, not by a link; OSError that says in words what is there instead."""
    try:
        return os.open(name, _FOLDER, dir_fd=within)
    except FileNotFoundError:
        raise
    except OSError as error:
        mode = os.stat(name, dir_fd=within, follow_symlinks=False).st_mode
        if stat.S_ISLNK(mode):
            raise OSError(errno.ELOOP, "is a link, and none is followed", str(place().parent)) from error
        if not stat.S_ISDIR(mode):
            raise OSError(errno.ENOTDIR, "is no folder", str(place().parent)) from error
        raise


def _goes_on(name: str) -> bool:
    """Whether there is a process of the number that a folder has: the only sign where nothing locks."""
    form = _FORM.fullmatch(name)
    pid = int(form["pid"]) if form else os.getpid()
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _host() -> str:
    """Return the name of this host, as it can be part of a name."""
    return re.sub(r"[^A-Za-z0-9.]", "_", os.uname().nodename)[:64] or "_"
