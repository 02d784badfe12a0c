"""Named arrays in an `.npz`, as `numpy.load` reads it, without pickle and within bounds of memory.

Weights in training hardly compress: deflating 64 MB of them takes five seconds and saves a tenth. So what
does not compress is stored as it is, which is decided by samples.
"""

from __future__ import annotations

import math
import os
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

LARGEST = 5 * 2**26  # bytes of all arrays; a run is 70 MiB of snapshots, or five of at most 49 MiB
_LONGEST_DIRECTORY = 2**16  # bytes, which tell of a thousand arrays; a run has two dozen
_DIRECTORY_END = struct.Struct("<4s4H2LH")
_LONGEST_COMMENT = 2**16
_ZIP64_MARK_SIZE = 20
_SAMPLES, _SAMPLE = 8, 2**13  # of so many bytes each
_WORTH = 0.75  # of its size, to which a sample must shrink
_SUFFIX = ".npy"
_LONGEST_HEADER = 1024  # bytes of an array's name, type and shape
_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


class ArchiveTooLargeError(ValueError):
    """More than a run can be; says more of what in a few words: more than 320 MiB."""


def write_archive(file: BinaryIO, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write each array under its name; TypeError for one of Python objects, OSError.

    ArchiveTooLargeError, before anything is written, for what could not be read again.
    """
    if sum(array.nbytes + _LONGEST_HEADER for array in arrays.values()) > LARGEST:
        raise ArchiveTooLargeError(f"more than {LARGEST >> 20} MiB")
    with zipfile.ZipFile(file, "w", compresslevel=1) as archive:
        for name, array in arrays.items():
            archive.compression = zipfile.ZIP_DEFLATED if _compresses(array) else zipfile.ZIP_STORED
            with archive.open(f"{name}{_SUFFIX}", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def _compresses(array: NDArray[Any]) -> bool:
    data = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
    stretch = -(-data.size // _SAMPLES)
    sample = b"".join(
        data[start : start + stretch][-_SAMPLE:].tobytes() for start in range(0, data.size, stretch or 1)
    )
    return len(zlib.compress(sample, 1)) < _WORTH * len(sample)


class Archive:
    """Arrays that are read when they are asked for by name.

    No more than `LARGEST` bytes of arrays are unpacked of a file, whatever it says, and of its directory no
    more is read than tells of a thousand arrays. Anything may be raised for a file that is none: numpy,
    zipfile and zlib raise what they like.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Look at what there is in a file; ArchiveTooLargeError where it is more than may be read."""
        _refuse_long_directory(file)
        self._archive = zipfile.ZipFile(file)
        members = self._archive.infolist()
        if any(each.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for each in members):
            raise ValueError("it is packed as no run is")  # LZMA takes as much memory as the file says
        if sum(member.file_size for member in members) > LARGEST:
            raise ArchiveTooLargeError(f"more than {LARGEST >> 20} MiB")

    @property
    def names(self) -> set[str]:
        """The names of all arrays."""
        return {name.removesuffix(_SUFFIX) for name in self._archive.namelist()}

    def size(self, name: str) -> int:
        """Return how many bytes the array of that name is, its header included; KeyError."""
        return self._archive.getinfo(f"{name}{_SUFFIX}").file_size

    def __getitem__(self, name: str) -> NDArray[Any]:
        member = self._archive.getinfo(f"{name}{_SUFFIX}")
        with self._archive.open(member) as file:
            shape, fortran, dtype = _HEADERS[np.lib.format.read_magic(file)](file)
            if dtype.hasobject or min(shape, default=0) < 0:
                raise ValueError(f"{name} is no array of numbers or text")
            if math.prod(shape) * dtype.itemsize != member.file_size - file.tell():
                raise ValueError(f"{name} is not as long as it says")
            values = np.frombuffer(file.read(), dtype)
        return values.reshape(shape, order="F" if fortran else "C")


def _refuse_long_directory(file: BinaryIO) -> None:
    """Raise ValueError where zipfile would read a longer directory than a run has.

    It stands before a record at the end (APPNOTE.TXT of PKWARE, 4.3.16), or before one of Zip64, which is
    for files of 4 GiB and marked just before that.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _DIRECTORY_END.size - _LONGEST_COMMENT - _ZIP64_MARK_SIZE))
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0:
        raise ValueError("it is no archive")
    *_, length, _, _ = _DIRECTORY_END.unpack_from(tail, place)
    if length > _LONGEST_DIRECTORY or tail[:place][-_ZIP64_MARK_SIZE:].startswith(b"PK\x06\x07"):
        raise ValueError("it has more arrays than a run")
