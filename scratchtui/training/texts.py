"""Files of the user: texts read within bounds, anything written where nothing is overwritten."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from scratchtui.training.opening import contents, opened
from scratchtui.training.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
LARGEST = 1 << 20  # bytes
MOST_NAMES = 1000  # that are tried
LONGEST_NAME = 255  # bytes, in every file system that is common


def read_text(path: Path) -> str:
    """Return the text of a file; OSError where it cannot be read, ValueError where it is no text file."""
    with opened(path) as file:
        return read_stream(file, str(path))


def read_stream(file: BinaryIO, name: str) -> str:
    """Return the text of an open file, named so in refusals; OSError, ValueError where it is no text."""
    data = contents(file, LARGEST + 1, name)
    if len(data) > LARGEST:
        raise ValueError(f"{name} is larger than {LARGEST:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{name} is no text in UTF-8") from None


def write_text(path: Path, text: str) -> None:
    """Write a new file, for its owner alone; FileExistsError where there is one, OSError."""
    write_new(path, text.encode())


def write_new(path: Path, content: bytes) -> None:
    """Write a new file, for its owner alone, whole or not at all; OSError, also where there is one."""
    write_whole(path, lambda file: file.write(content))


def names_like(wanted: str) -> Iterator[str]:
    """Yield the name of a file that is wanted, and others like it for where there is one: name-2.txt, ..."""
    path = Path(wanted)
    yield path.name
    for number in range(2, MOST_NAMES + 1):
        yield f"{path.stem}-{number}{path.suffix}"


def told(act: Callable[[], T]) -> T:
    """Do what may fail in the file system, and make of an OSError a ValueError in one sentence.

    So too where there is not memory enough: a user's own run is the last thing that may be lost by that.
    """
    try:
        return act()
    except MemoryError as error:
        raise ValueError("there is not memory enough for that") from error
    except FileExistsError as error:
        raise ValueError(
            f"{error.filename} exists already; choose another name" if error.filename else str(error)
        ) from error
    except OSError as error:
        raise ValueError(f"cannot use {error.filename}: {(error.strerror or str(error)).lower()}") from error


def path_of(text: str) -> Path:
    """Return the path that was typed, ~ included; ValueError where it can be none."""
    if not text.strip():
        raise ValueError("the name of a file is needed")
    if max(len(os.fsencode(name)) for name in text.strip().split("/")) > LONGEST_NAME:
        raise ValueError(f"a file's name has at most {LONGEST_NAME} bytes")
    try:
        return Path(text.strip()).expanduser()
    except RuntimeError:
        raise ValueError(f"{text.strip()} begins with the home of somebody who is not known here") from None
