"""The log: what happened to the program, in the state folder and never on the screen.

A file belongs to one process at a time, by a lock: a second app that is open writes `scratchtui-2.log`,
and so on. The training processes write none; they send what they have to say through their pipes.
"""

from __future__ import annotations

import contextlib
import errno
import faulthandler
import fcntl
import logging
import os
import stat
import sys
from typing import TYPE_CHECKING

from scratchtui import __version__
from scratchtui.experiments.escapes import readable
from scratchtui.places import folder, own_state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST = 256 * 1024  # bytes, after which a file is put aside as .old, in place of the one before
TAIL = 40  # lines of it in the report of a crash
_MOST_AT_ONCE = 8  # programs that write logs beside one another

log = logging.getLogger("scratchtui")
log.addHandler(logging.NullHandler())  # or what nobody logs would be printed on the screen
log.propagate = False


def path(number: int = 1) -> Path:
    """Return the file that the first program, or the one with that number beside it, writes."""
    return folder("state") / f"scratchtui{'' if number == 1 else f'-{number}'}.log"


@contextlib.contextmanager
def written() -> Iterator[str]:
    """Let what is logged within be written, and where an abort came from.

    Yields a sentence where it cannot be, or nothing.
    """
    try:
        handler = LockedFile()
    except OSError as error:
        yield f"no log is written: {error.filename or folder('state')}: {error.strerror or error}"
        return
    handler.setFormatter(_Readable("%(asctime)s %(process)d %(levelname)s %(message)s"))
    loggers = log, logging.getLogger("asyncio"), logging.getLogger("py.warnings")
    for each in loggers:
        each.addHandler(handler)
    log.setLevel(logging.INFO)
    logging.captureWarnings(True)  # noqa: FBT003 - has no names
    traced = not faulthandler.is_enabled()
    if traced:
        faulthandler.enable(handler.descriptor, all_threads=False)  # the others run on, unsafe to read
    try:
        yield ""
    finally:
        if traced:
            faulthandler.disable()
        logging.captureWarnings(False)  # noqa: FBT003
        for each in loggers:
            each.removeHandler(handler)
        handler.close()


def begin() -> None:
    """Log that the program begins, and where."""
    python, terminal = ".".join(map(str, sys.version_info[:3])), os.environ.get("TERM", "unknown")
    log.info("begins: scratchtui %s, python %s, %s, TERM=%s", __version__, python, sys.platform, terminal)


def tail() -> list[str]:
    """Return the last lines that this process has written."""
    for handler in log.handlers:
        if isinstance(handler, LockedFile):
            return handler.tail()
    return []


class LockedFile(logging.Handler):
    """Writes to the first of the files that no other process holds; OSError where none can be written.

    `descriptor` is that of the file.
    """

    descriptor: int

    def __init__(self) -> None:
        super().__init__()
        own_state_folder()
        for number in range(1, _MOST_AT_ONCE + 1):
            self._path = path(number)
            try:
                self.descriptor = self._opened()
            except BlockingIOError:
                continue
            return
        raise OSError(0, f"{_MOST_AT_ONCE} are written already", str(path()))

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; what the disk does not take is not told, since there is nowhere to tell it."""
        with contextlib.suppress(OSError):
            os.write(self.descriptor, (self.format(record) + "\n").encode(errors="replace"))
            if os.fstat(self.descriptor).st_size > LONGEST:
                self._begin_anew()

    def tail(self) -> list[str]:
        """Return the last lines of the file."""
        with contextlib.suppress(OSError):
            start = max(0, os.fstat(self.descriptor).st_size - LONGEST)
            return os.pread(self.descriptor, LONGEST, start).decode(errors="replace").splitlines()[-TAIL:]
        return []

    def close(self) -> None:
        """Let the file go."""
        super().close()
        with contextlib.suppress(OSError):
            os.close(self.descriptor)

    def _begin_anew(self) -> None:
        self._path.replace(self._path.with_suffix(".log.old"))
        fresh = self._opened()
        os.dup2(fresh, self.descriptor, inheritable=False)  # so that it stays the same number
        os.close(fresh)

    def _opened(self) -> int:
        """Open the file and lock it; BlockingIOError where another process has."""
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NOCTTY
        descriptor = os.open(self._path, flags, 0o600)
        try:
            self._claim(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        return descriptor

    def _claim(self, descriptor: int) -> None:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "is no file", str(self._path))
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.fchmod(descriptor, 0o600)


class _Readable(logging.Formatter):
    """Records as lines in which nothing can command the terminal of a reader, or pass for another record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as it is written, all but its first line indented."""
        return readable(super().format(record)).replace("\n", "\n  ")
