"""Named arrays in an `.npz`, as `numpy.load` reads it, without pickle and within bounds of memory.

Weights in training hardly compress: deflating 64 MB of them takes five seconds and saves a tenth. So what
does not compress is stored as it is, which is decided by samples.
"""

from __future__ import annotations

import math
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

LARGEST = 2**29  # bytes of all arrays; a run is 64 MiB of snapshots, or five that are larger
_SAMPLES, _SAMPLE = 8, 2**13  # of so many bytes each
_WORTH = 0.75  # of its size, to which a sample must shrink
_SUFFIX = ".npy"
_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


class ArchiveTooLargeError(ValueError):
    """More bytes than a run can be."""


def write_archive(file: BinaryIO, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write each array under its name; TypeError for one of Python objects, OSError."""
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

    Anything may be raised for a file that is none: numpy, zipfile and zlib raise what they like.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Look at what there is in a file; ArchiveTooLargeError where it is more than may be read."""
        self._archive = zipfile.ZipFile(file)
        if sum(member.file_size for member in self._archive.infolist()) > LARGEST:
            raise ArchiveTooLargeError(f"more than {LARGEST:,} bytes")

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
