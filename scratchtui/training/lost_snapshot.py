"""What is said where a snapshot was written outside memory and cannot be read back."""

from __future__ import annotations

import errno
import os
from typing import Final

FILE: Final = "the temporary file of snapshots"


class LostSnapshotError(OSError):
    """A snapshot cannot be read back; it names no path, as its file has none."""

    def __init__(self) -> None:
        super().__init__(errno.EIO, os.strerror(errno.EIO), FILE)
