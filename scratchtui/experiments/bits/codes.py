"""Binary codes: how a row of bits spells a number.

Bits are written most significant first, in arrays (N, B) of 0.0 and 1.0.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.nn import Array

    Integers = NDArray[np.int64]

Code = Literal["unsigned", "twos", "bcd", "negabinary", "gray"]
CODES: tuple[Code, ...] = get_args(Code)


def place_values(code: Code, bits: int) -> Array | None:
    """Return what each bit is worth, (B,); None in Gray code, where the bits above decide it."""
    powers: Array = np.power(2.0, np.arange(bits - 1, -1, -1))
    match code:
        case "unsigned":
            return powers
        case "twos":
            powers[0] = -powers[0]
            return powers
        case "bcd":
            place = np.arange(bits - 1, -1, -1)
            return np.asarray(2.0 ** (place % 4) * 10.0 ** (place // 4))
        case "negabinary":
            return np.asarray((-2.0) ** np.arange(bits - 1, -1, -1))
        case "gray":
            return None


def patterns(bits: int) -> Array:
    """Return all 2^B rows of bits, (2^B, B), in counting order."""
    return spell(np.arange(2**bits), bits)


def spell(integers: Integers, bits: int) -> Array:
    """Return the plain binary digits of `integers` (N,) as (N, B)."""
    return ((integers[:, None] >> np.arange(bits - 1, -1, -1)) & 1).astype(np.float64)


def decode(rows: Array, code: Code) -> Array:
    """Return the numbers (N,) that `rows` (N, B) spell; a BCD digit above 9 counts as 10 to 15."""
    values = place_values(code, rows.shape[1])
    if values is not None:
        return np.asarray(rows @ values)
    # Gray: each plain bit is the parity of the Gray bits down to it
    plain = np.cumsum(rows, axis=1) % 2
    return np.asarray(plain @ 2.0 ** np.arange(rows.shape[1] - 1, -1, -1))


@lru_cache(maxsize=8)
def all_rows(code: Code, bits: int) -> Array:
    """Return every row that is a word of the code, (N, B), numbers ascending; read-only."""
    rows = patterns(bits)
    if code == "bcd":
        place = np.arange(bits - 1, -1, -1)
        digits = [
            rows[:, place // 4 == k] @ 2.0 ** (place[place // 4 == k] % 4) for k in range(-(-bits // 4))
        ]
        rows = rows[np.all(np.array(digits) <= 9, axis=0)]
    rows = np.asarray(rows[np.argsort(decode(rows, code), kind="stable")])
    rows.flags.writeable = False
    return rows


@lru_cache(maxsize=8)
def all_numbers(code: Code, bits: int) -> Array:
    """Return every number that the code can spell, (N,), ascending; read-only."""
    numbers = decode(all_rows(code, bits), code)
    numbers.flags.writeable = False
    return numbers


def bounds(code: Code, bits: int) -> tuple[int, int]:
    """Return the smallest and the largest number that the code can spell."""
    numbers = all_numbers(code, bits)
    return int(numbers[0]), int(numbers[-1])


def encode(number: int, code: Code, bits: int) -> Array:
    """Return the bits (B,) that spell `number`; ValueError names the limits of the code."""
    numbers = all_numbers(code, bits)
    place = int(np.searchsorted(numbers, number))
    if place == len(numbers) or numbers[place] != number:
        low, high = int(numbers[0]), int(numbers[-1])
        raise ValueError(f"{number} is outside {low} to {high}, what {bits} bits of {code} can spell")
    found: Array = all_rows(code, bits)[place]
    return found
