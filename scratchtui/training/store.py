"""Snapshots outside the memory of the process: in nameless files, which end with it however that ends."""

from __future__ import annotations

import errno
import json
import os
import struct
import tempfile
import threading
import zlib
from collections import deque
from dataclasses import fields
from typing import IO, TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

import numpy as np

from scratchtui.experiments.snapshot import Snapshot
from scratchtui.logs import log
from scratchtui.training.lost_snapshot import LostSnapshotError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scratchtui.nn import Array

_ON_DISK: Final = "/var/tmp"  # noqa: S108 - a folder, in which the file has no name; /tmp may be memory
_HEADER: Final = struct.Struct("<QQ")
_MANY: Final = 512  # numbers, of fewer there is little to gain


class Slots:
    """A nameless file of slots of one size, each for one snapshot; it goes with the last of them.

    Any thread, and the garbage collector amid anything else, may append to `free`.
    """

    def __init__(self, size: int) -> None:
        """Open the file; OSError where there can be none."""
        self.free: deque[int] = deque()
        self.size, self._count = size, 0
        self._file = _nameless_file()

    def write(self, content: bytes) -> int:
        """Write into a free slot, and return which; OSError. One at a time."""
        slot = self.free.pop() if self.free else self._count
        self._count = max(self._count, slot + 1)
        if os.pwrite(self._file.fileno(), content, slot * self.size) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return slot

    def read(self, slot: int) -> bytes:
        """Return what a slot holds, in any thread; OSError."""
        return os.pread(self._file.fileno(), self.size, slot * self.size)

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()


class Stored(Snapshot):
    """A snapshot of which the arrays and the place of the batch are read each time they are asked for.

    LostSnapshotError, then, where they cannot be.
    """

    __slots__ = ("_sizes", "_slot", "_slots")
    _sizes: tuple[int, int]  # of the parameters and the optimizer's memory
    _slot: int
    _slots: Slots

    def __init__(self, snapshot: Snapshot, slots: Slots, slot: int, sizes: tuple[int, int]) -> None:
        for name in ("step", "settings", "loss", "changes"):
            object.__setattr__(self, name, getattr(snapshot, name))
        object.__setattr__(self, "_sizes", sizes)
        object.__setattr__(self, "_slot", slot)
        object.__setattr__(self, "_slots", slots)

    def _read(self) -> tuple[Array, bytes]:
        try:
            numbers, text = unpacked(self._slots.read(self._slot), sum(self._sizes))
        except (OSError, ValueError, zlib.error) as error:
            raise LostSnapshotError from error
        if not text:  # a hole in the file is read as zeros
            raise LostSnapshotError
        return numbers, text

    @property
    def is_lost(self) -> bool:
        """Whether it cannot be read back."""
        try:
            _ = self.batches
        except LostSnapshotError:
            return True
        return False

    def whole(self) -> Snapshot:
        """Return it with all its arrays in memory, not to be written to; read once."""
        numbers, text = self._read()
        try:
            memory, place = json.loads(text)
        except ValueError as error:
            raise LostSnapshotError from error
        weights, memories = np.split(numbers, self._sizes[:1])
        return Snapshot(self.step, self.settings, weights, memories, (memory, place), self.loss, self.changes)

    @property
    def parameters(self) -> Array:
        """The weights (P,), not to be written to."""
        return self._read()[0][: self._sizes[0]]

    @property
    def optimizer(self) -> Array:
        """What the optimizer remembers, not to be written to."""
        return self._read()[0][self._sizes[0] :]

    @property
    def batches(self) -> tuple[Mapping[str, Any], int]:
        """Where training was in the data."""
        return self.whole().batches

    @property
    def nbytes(self) -> int:
        """How many bytes the arrays take when they are read."""
        return 8 * sum(self._sizes)

    @property
    def taken(self) -> int:
        """How many bytes are taken for them until then."""
        return min(self.nbytes, self._slots.size)

    def __reduce__(self) -> tuple[type[Snapshot], tuple[Any, ...]]:
        """Have a process that it is sent to hold it whole."""
        held = self.whole()
        return Snapshot, tuple(getattr(held, field.name) for field in fields(held))

    def __del__(self) -> None:
        self._slots.free.append(self._slot)


def packed(numbers: Array, text: bytes) -> bytes:
    """Return numbers (N,) and a text as bytes, without loss.

    Of a float64 the last byte, its sign and most of its exponent, is alike in many: of many numbers the last
    bytes are compressed, and lie behind all first bytes, all second ones, and so on.
    """
    first, last = numbers.tobytes(), b""
    if len(numbers) >= _MANY:
        planes = numbers.view(np.uint8).reshape(-1, 8).T
        first, last = planes[:7].tobytes(), zlib.compress(planes[7].tobytes(), 1)
    return b"".join((_HEADER.pack(len(last), len(text)), first, last, text))


def unpacked(content: bytes, count: int) -> tuple[Array, bytes]:
    """Return the `count` numbers, not to be written to, and the text; OSError where something is missing."""
    if len(content) < _HEADER.size:
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    last_size, text_size = _HEADER.unpack_from(content)
    behind = _HEADER.size + (7 if last_size else 8) * count
    end = behind + last_size + text_size
    if len(content) < end:
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    text = content[end - text_size : end]
    if not last_size:
        return np.frombuffer(content, np.float64, count, _HEADER.size), text
    planes = np.empty((count, 8), np.uint8)
    planes[:, :7] = np.frombuffer(content, np.uint8, 7 * count, _HEADER.size).reshape(7, count).T
    planes[:, 7] = np.frombuffer(zlib.decompress(content[behind : behind + last_size]), np.uint8)
    return planes.reshape(-1).view(np.float64), text


class Store:
    """Has the snapshots of this process on the disk, or in memory from where that has refused."""

    def __init__(self) -> None:
        self._files: WeakValueDictionary[int, Slots] = WeakValueDictionary()
        self._sizes: dict[tuple[int, int], tuple[int, int]] = {}
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
            self._refuse(f"cannot be written to a temporary file: {error.strerror or error}")
            return snapshot

    def distrust(self) -> None:
        """Hold all snapshots in memory from here on, as some could not be read back."""
        self._refuse("cannot be read back from a temporary file; those that are lost are worked out again")

    def _refuse(self, why: str) -> None:
        if not self._refused:
            self._refused = True
            log.warning("no snapshots on the disk: they %s", why)
            self._news = f"Snapshots are held in memory from here on, up to 70 MiB a tab, as they {why}."

    def news(self) -> str:
        """Return in words that the disk refused, once."""
        words, self._news = self._news, ""
        return words

    def _stored(self, snapshot: Snapshot) -> Stored:
        memory, place = snapshot.batches
        numbers = np.concatenate((snapshot.parameters, snapshot.optimizer))
        content = packed(numbers, json.dumps([dict(memory), place]).encode())
        sizes = snapshot.parameters.size, snapshot.optimizer.size
        sizes = self._sizes.setdefault(sizes, sizes)  # one for thousands of snapshots
        size = _slot_size(len(content))
        if (slots := self._files.get(size)) is None:
            slots = self._files[size] = Slots(size)
        return Stored(snapshot, slots, slots.write(content), sizes)


def _slot_size(nbytes: int) -> int:
    """Return the size of the slots for so many bytes: few sizes, each a little too large."""
    unit = max(64, 1 << max(0, nbytes.bit_length() - 7))
    return -(-nbytes // unit) * unit


def _nameless_file() -> IO[bytes]:
    """Return a temporary file that has no name; OSError where there can be none."""
    if folder := os.environ.get("TMPDIR"):
        try:
            return tempfile.TemporaryFile(dir=folder, buffering=0)
        except OSError as error:
            log.warning("no snapshots in TMPDIR: %s", error)
    return tempfile.TemporaryFile(dir=_ON_DISK, buffering=0)


STORE = Store()
