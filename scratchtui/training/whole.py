"""Files that are there whole or not at all, for their owner alone, and in the place of no other."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from scratchtui.training.lost_snapshot import LostSnapshotError

if TYPE_CHECKING:
    from collections.abc import Callable

_NO_LINKS = {errno.EPERM, errno.EACCES, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}


def _nothing(_: Path) -> bool:
    return False


def write_whole(
    path: Path, fill: Callable[[BinaryIO], object], may_replace: Callable[[Path], bool] = _nothing
) -> None:
    """Let `fill` write a file, which is seen as `path` when all of it is on the disk.

    FileExistsError where there is one that it may not replace, a link too, wherever that leads; OSError,
    which names `path`, unless it is of a lost snapshot; or what else `fill` raises. Nothing is left then, nor
    by a signal; a process that is killed may leave a file whose name begins with a dot.
    """
    _refuse_existing(path, may_replace)
    try:
        handle, temporary = tempfile.mkstemp(prefix=".scratchtui-", dir=path.parent)  # 0600
        try:
            with os.fdopen(handle, "wb") as file:
                fill(file)
                file.flush()
                os.fsync(file.fileno())
            _give_name(Path(temporary), path, may_replace)
        finally:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
    except (FileExistsError, LostSnapshotError):
        raise
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # and not the temporary one, or none
        raise


def _give_name(temporary: Path, path: Path, may_replace: Callable[[Path], bool]) -> None:
    """Let `temporary` be seen as `path`; FileExistsError if another has made that file meanwhile."""
    if may_replace(path):
        temporary.replace(path)
        return
    try:
        path.hardlink_to(temporary)  # unlike replace, it never takes the place of a file
    except FileExistsError:
        _refuse_existing(path, _nothing)
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _refuse_existing(path, _nothing)
        temporary.replace(path)


def _refuse_existing(path: Path, may_replace: Callable[[Path], bool]) -> None:
    if os.path.lexists(path) and not may_replace(path):
        raise FileExistsError(f"{path} exists already; choose another name")
