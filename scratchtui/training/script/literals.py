"""Arrays as they stand in a script: to be read where they are small, packed where they are not."""

from __future__ import annotations

import base64
import textwrap
import zlib
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.escapes import printable

if TYPE_CHECKING:
    from scratchtui.nn import Array

WIDTH = 100
MOST_NUMBERS = 4000  # that are written as numbers
MOST_DIGITS = 20_000  # that are written as digits 0 and 1
PACKED = "unpacked("

UNPACKED = '''
def unpacked(text, kind, shape):
    """Return the array that was packed into a text."""
    return np.frombuffer(zlib.decompress(base64.b85decode(text)), kind).reshape(shape).astype(float)
'''


def numbers(array: Array) -> str:
    """Return an expression for an array (N,) or (N, D), exact to the last bit."""
    if array.size > MOST_NUMBERS:
        return _packed(array, "<f8")
    written = ", ".join(_number(value) for value in array.ravel().tolist())
    lines = textwrap.wrap(written, WIDTH - 4, break_long_words=False, break_on_hyphens=False)
    body = f"[{written}]" if len(lines) <= 1 else "[\n" + textwrap.indent("\n".join(lines), "    ") + "\n]"
    shape = f".reshape(-1, {array.shape[1]})" if array.ndim == 2 else ""
    return f"np.array({body}, float){shape}"


def digits(rows: Array) -> str:
    """Return an expression for rows (N, D) of 0 and 1; one that is not packed calls `rows_of`."""
    if rows.size > MOST_DIGITS:
        return _packed(rows, "u1")
    words = ["".join(str(int(digit)) for digit in row) for row in rows.tolist()]
    return f"rows_of({block(words)})"


ROWS_OF = '''
def rows_of(text):
    """Return rows (N, D) that are written as digits, with blanks between."""
    return np.array([[float(digit) for digit in row] for row in text.split()])
'''


def block(words: list[str]) -> str:
    """Return a text of words, quoted, in lines where it is long."""
    lines = textwrap.wrap(" ".join(words), WIDTH, break_long_words=False, break_on_hyphens=False)
    return f'"{lines[0]}"' if len(lines) == 1 else '"""\n' + "\n".join(lines) + '\n"""'


def text(characters: str) -> str:
    """Return an expression for a text of any characters, in lines where it is long."""
    step = WIDTH - 20
    parts = [printable(repr(characters[k : k + step])) for k in range(0, len(characters), step)]
    return parts[0] if len(parts) == 1 else "(\n" + textwrap.indent("\n".join(parts), "    ") + "\n)"


def _number(value: float) -> str:
    return (
        str(int(value)) if value.is_integer() and abs(value) < 1e15 and str(value) != "-0.0" else repr(value)
    )


def _packed(array: Array, kind: str) -> str:
    coded = base64.b85encode(zlib.compress(np.ascontiguousarray(array).astype(kind).tobytes(), 9)).decode()
    lines = "\n".join(f'    "{coded[k : k + WIDTH]}"' for k in range(0, len(coded), WIDTH))
    return f'{PACKED}\n{lines},\n    "{kind}", {array.shape})'
