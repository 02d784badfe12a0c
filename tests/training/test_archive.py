"""Arrays in files: as numpy reads and writes them, never more of them than a run can be."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scratchtui.training.archive import LARGEST, Archive, ArchiveTooLargeError, write_archive

NOISE = np.random.default_rng(0).normal(size=(500, 300))
ARRAYS: dict[str, Any] = {
    "noise": NOISE,
    "zeros": np.zeros((1000, 100)),
    "one number": np.array(3.5),
    "nothing": np.zeros((0, 4)),
    "whole numbers": np.arange(10_000),
    "a text": np.array('{"loss": \u221a2}'),
    "columns first": np.asfortranarray(NOISE),
    "every other": NOISE[::2, ::3],
}


def written(arrays: dict[str, Any]) -> io.BytesIO:
    file = io.BytesIO()
    write_archive(file, arrays)
    file.seek(0)
    return file


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
def test_an_array_comes_back_and_numpy_reads_it_too(array: Any) -> None:
    file = written({"0.Dense.W": array})
    for read in (Archive(file)["0.Dense.W"], np.load(io.BytesIO(file.getvalue()))["0.Dense.W"]):
        assert (read.dtype, read.shape, read.tolist()) == (array.dtype, array.shape, array.tolist())


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_what_numpy_writes_is_read(save: Callable[..., None]) -> None:
    file = io.BytesIO()
    save(file, **{name: array for name, array in ARRAYS.items() if name != "a text"}, meta=ARRAYS["a text"])
    archive = Archive(file)
    assert str(archive["meta"]) == str(ARRAYS["a text"])
    np.testing.assert_array_equal(archive["columns first"], NOISE)


def test_only_what_compresses_is_compressed() -> None:
    how = {each.filename: each.compress_type for each in zipfile.ZipFile(written(ARRAYS)).infolist()}
    assert how["noise.npy"] == zipfile.ZIP_STORED
    assert how["zeros.npy"] == how["whole numbers.npy"] == zipfile.ZIP_DEFLATED


def test_objects_are_not_written() -> None:
    with pytest.raises(TypeError):
        written({"x": np.array([{}], dtype=object)})


def npy(descr: str, shape: str, body: bytes = b"", *, version: int = 1) -> bytes:
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}\n".encode()
    return b"\x93NUMPY" + bytes([version, 0]) + len(header).to_bytes(2, "little") + header + body


BAD: dict[str, bytes] = {
    "a shape of exabytes": npy("'<f8'", "(1152921504606846976,)", bytes(8)),
    "a shape beyond any number": npy("'<f8'", "(10, 10**99)", bytes(8)),
    "a longer shape": npy("'<f8'", "(3,)", bytes(16)),
    "a shorter shape": npy("'<f8'", "(1,)", bytes(16)),
    "a negative shape": npy("'<f8'", "(-1, -2)", bytes(16)),
    "objects": npy("'|O'", "(1,)", bytes(8)),
    "texts of no length": npy("'<U0'", "(5,)"),
    "a header that is code": npy("__import__('os').abort()", "()", bytes(8)),
    "no header": b"hello",
    "a version that there is not": npy("'<f8'", "(1,)", bytes(8), version=9),
    "nothing": b"",
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_what_is_no_array_is_refused(content: bytes) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x.npy", content)
    with pytest.raises((ValueError, KeyError, EOFError)):
        Archive(file)["x"]


def test_an_archive_of_more_than_a_run_can_be_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    file = written({"zeros": np.zeros(1000)})
    whole = file.getvalue()
    said = (8128).to_bytes(4, "little")
    assert whole.count(said) >= 1
    bomb = whole.replace(said, (2**32 - 2).to_bytes(4, "little"))
    monkeypatch.setattr(zlib, "decompressobj", pytest.fail)
    with pytest.raises(ArchiveTooLargeError, match=f"{LARGEST >> 20} MiB"):
        Archive(io.BytesIO(bomb))


def test_what_could_not_be_read_again_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scratchtui.training.archive.LARGEST", 10_000)
    file = io.BytesIO()
    with pytest.raises(ArchiveTooLargeError):
        write_archive(file, {"x": np.zeros(2000)})
    assert file.getvalue() == b""


def zipped(names: int, how: int = zipfile.ZIP_STORED, comment: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for number in range(names):
            archive.writestr(f"{number}.npy", npy("'<f8'", "()", bytes(8)))
        archive.comment = comment
    return file.getvalue()


@pytest.mark.parametrize("comment", [b"", b"?" * 70, b"?" * 65_535], ids=["none", "short", "longest"])
def test_an_archive_with_a_comment_is_read(comment: bytes) -> None:
    assert Archive(io.BytesIO(zipped(1, comment=comment)))["0"] == 0.0


FOREIGN: dict[str, bytes] = {
    "of thousands of arrays": zipped(2000),
    "of more arrays than can be counted in two bytes": zipped(70_000),
    "with thousands of arrays in a record of Zip64": zipped(70_000).replace(
        b"PK\x05\x06" + b"\0" * 4 + b"\xff" * 4, b"PK\x05\x06" + b"\0" * 4 + b"\1\0" * 2
    ),
    "packed in a way that takes memory": zipped(1, zipfile.ZIP_LZMA),
    "with an end within its end": zipped(1, comment=b"PK\x05\x06"),
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
def test_an_archive_as_no_run_is_one_is_refused_at_first_sight(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(np.lib.format, "read_magic", pytest.fail)
    with pytest.raises((ValueError, struct.error)):
        Archive(io.BytesIO(content))
