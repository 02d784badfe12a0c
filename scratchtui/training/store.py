"""Snapshots outside the memory of the process: in nameless files, which end with it however that ends."""

from __future__ import annotations

import errno
import json
import os
import tempfile
import threading
from collections import deque
from typing import IO, TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

import numpy as np

from scratchtui.experiments.snapshot import Snapshot
from scratchtui.logs import log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scratchtui.nn import Array

_ON_DISK: Final = "/var/tmp"  # noqa: S108 - a folder, in which the file has no name; /tmp may be memory


class Slots:
    """A nameless file of slots of one size, each for one snapshot; it goes with the last of them.

    Any thread, and the garbage collector amid anything else, may append to `free`.
    """

    def __init__(self, size: int) -> None:
        """Open the file; OSError where there can be none."""
        self.free: deque[int] = deque()
        self._size, self._count = size, 0
        self._file = _nameless_file()

    def write(self, *parts: bytes | memoryview) -> int:
        """Write parts one after the other into a free slot, and return which; OSError. One at a time."""
        slot = self.free.pop() if self.free else self._count
        self._count = max(self._count, slot + 1)
        if os.pwritev(self._file.fileno(), parts, slot * self._size) < sum(map(len, parts)):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return slot

    def read(self, slot: int, start: int, count: int) -> bytes:
        """Return so many bytes of a slot, in any thread; OSError where they cannot be had."""
        content = os.pread(self._file.fileno(), count, slot * self._size + start)
        if len(content) < count:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return content

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()


class Stored(Snapshot):
    """A snapshot whose arrays, and the place of its batch, are read from a file each time they are asked for.

    `layout` is how many bytes the parameters, the optimizer's memory and the place of the batch take there.
    """

    __slots__ = ("_layout", "_slot", "_slots")
    _layout: tuple[int, int, int]
    _slot: int
    _slots: Slots

    def __init__(self, snapshot: Snapshot, slots: Slots, slot: int, layout: tuple[int, int, int]) -> None:
        for name in ("step", "settings", "loss", "changes"):
            object.__setattr__(self, name, getattr(snapshot, name))
        object.__setattr__(self, "_layout", layout)
        object.__setattr__(self, "_slot", slot)
        object.__setattr__(self, "_slots", slots)

    @property
    def parameters(self) -> Array:
        """The weights (P,), not to be written to."""
        return np.frombuffer(self._slots.read(self._slot, 0, self._layout[0]))

    @property
    def optimizer(self) -> Array:
        """What the optimizer remembers, not to be written to."""
        return np.frombuffer(self._slots.read(self._slot, *self._layout[:2]))

    @property
    def batches(self) -> tuple[Mapping[str, Any], int]:
        """Where training was in the data."""
        memory, place = json.loads(self._slots.read(self._slot, sum(self._layout[:2]), self._layout[2]))
        return memory, place

    @property
    def nbytes(self) -> int:
        """How many bytes the arrays take."""
        return sum(self._layout[:2])

    def __reduce__(self) -> tuple[type[Snapshot], tuple[Any, ...]]:
        """Have a process that it is sent to hold it whole."""
        return Snapshot, (
            self.step,
            self.settings,
            self.parameters,
            self.optimizer,
            self.batches,
            self.loss,
            self.changes,
        )

    def __del__(self) -> None:
        self._slots.free.append(self._slot)


class Store:
    """Has the snapshots of this process on the disk, or in memory from where that has refused."""

    def __init__(self) -> None:
        self._files: WeakValueDictionary[int, Slots] = WeakValueDictionary()
        self._layouts: dict[tuple[int, int, int], tuple[int, int, int]] = {}
        self._lock = threading.Lock()
        self._refused = False
        self._news = ""

    def put(self, snapshot: Snapshot) -> Snapshot:
        """Return a snapshot as it is to be held: outside memory, unless the disk refuses."""
        if self._refused or isinstance(snapshot, Stored):
            return snapshot
        try:
            with self._lock:
                return self._stored(snapshot)
        except OSError as error:
            self._refused = True
            log.warning("no snapshots on the disk: %s", error)
            self._news = (
                "Snapshots are held in memory from here on, up to 70 MiB a tab, as they cannot be written "
                f"to a temporary file: {error.strerror or error}."
            )
            return snapshot

    def news(self) -> str:
        """Return in words that the disk refused, once."""
        words, self._news = self._news, ""
        return words

    def _stored(self, snapshot: Snapshot) -> Stored:
        memory, place = snapshot.batches
        where = json.dumps([dict(memory), place]).encode()
        parts = (snapshot.parameters.data, snapshot.optimizer.data, where)
        layout = (snapshot.parameters.nbytes, snapshot.optimizer.nbytes, len(where))
        layout = self._layouts.setdefault(layout, layout)  # one for thousands of snapshots
        size = _slot_size(sum(layout))
        if (slots := self._files.get(size)) is None:
            slots = self._files[size] = Slots(size)
        return Stored(snapshot, slots, slots.write(*(_as_bytes(part) for part in parts)), layout)


def _as_bytes(part: bytes | memoryview) -> bytes | memoryview:
    """Return numbers as bytes; a memoryview of none cannot be cast."""
    return part.cast("B") if isinstance(part, memoryview) and part.nbytes else bytes(part)


def _slot_size(nbytes: int) -> int:
    """Return the size of the slots for so many bytes: few sizes, each by a sixteenth too large at most."""
    unit = max(64, 1 << max(0, nbytes.bit_length() - 5))
    return -(-nbytes // unit) * unit


def _nameless_file() -> IO[bytes]:
    """Return a temporary file that has no name; OSError where there can be none."""
    if "TMPDIR" not in os.environ:
        try:
            return tempfile.TemporaryFile(dir=_ON_DISK, buffering=0)
        except OSError:
            pass
    return tempfile.TemporaryFile(buffering=0)


STORE = Store()
