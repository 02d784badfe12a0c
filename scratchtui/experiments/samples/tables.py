"""Truth tables: bits in, 0 or 1 out.

`original` (1111 is 0, 1001 is 1: what this experiment began with), `and`, `or`, `xor`, `parity:N` (1 for
an odd number of ones among N bits), and `table:N`, which has no row, to begin with one's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.data_text import base_of
from scratchtui.experiments.hyperparameter import quoted
from scratchtui.experiments.samples.dataset import Dataset, Extent
from scratchtui.experiments.samples.examples import Examples

if TYPE_CHECKING:
    from scratchtui.nn import Array

TABLES = ("original", "and", "or", "xor", "parity:N", "table:N")
MOST_BITS = 8
_OF_TWO_BITS = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "xor": (0, 1, 1, 0)}


def bits_of(name: str) -> int | None:
    """Return how many bits a table has; None where there is no such table, ValueError for a wrong N."""
    if name == "original":
        return 4
    if name in _OF_TWO_BITS:
        return 2
    kind, colon, rest = name.partition(":")
    if not colon or kind not in {"parity", "table"}:
        return None
    fewest = 2 if kind == "parity" else 1
    if not re.fullmatch("[0-9]{1,6}", rest) or not fewest <= int(rest) <= MOST_BITS:
        nearest = MOST_BITS if re.fullmatch("[0-9]+", rest) and int(rest[-7:]) > MOST_BITS else fewest
        raise ValueError(
            f"{name:.40} must be of {fewest} to {MOST_BITS} bits; the nearest is {kind}:{nearest}"
        )
    return int(rest)


def base_table(name: str) -> Examples:
    """Return the rows of a table as it comes, without edits."""
    bits = bits_of(name) or 0
    if name == "original":
        return Examples.of(np.array([[1.0, 1, 1, 1], [1, 0, 0, 1]]), np.array([0.0, 1]))
    if name.startswith("table:"):
        return Examples.of(np.empty((0, bits)), np.empty(0))
    rows = (np.arange(2**bits)[:, None] >> np.arange(bits)[::-1] & 1).astype(np.float64)
    parity = rows.sum(axis=1) % 2
    return Examples.of(rows, np.array(_OF_TWO_BITS[name], float) if name in _OF_TWO_BITS else parity)


class TruthTable(Dataset):
    """A table and its edits, such as `xor 4:11=1`: row 4 says that 11 is 1."""

    def __init__(self, data: str) -> None:
        super().__init__(data, base_table(base_of(data)))

    @property
    def example(self) -> str:
        """The first row, as numbers with commas between."""
        return ",".join(self.written_row(self.examples.inputs[0]))

    @property
    def names(self) -> tuple[str, ...]:
        """x1, x2, ..., the first bit first."""
        return bit_names(self.base.inputs.shape[1])

    @property
    def extent(self) -> Extent | None:
        """The unit square and a border, for two bits."""
        return (-0.5, 1.5, -0.5, 1.5) if self.base.inputs.shape[1] == 2 else None

    def read_row(self, text: str) -> Array:
        """Return the row (D,) that is written as so many digits 0 and 1, such as 101; or ValueError."""
        bits = self.base.inputs.shape[1]
        plain = re.sub(r"[\s,_]", "", text)
        if len(plain) != bits or not set(plain) <= {"0", "1"}:
            raise ValueError(
                f"{quoted(text)} is not a row of {bits} digits 0 and 1, such as {'10' * bits:.{bits}}"
            )
        return np.array([float(digit) for digit in plain])

    def written_row(self, row: Array) -> str:
        """Return a row (D,) as digits."""
        return "".join(str(int(bit)) for bit in row)

    def encoded(self, rows: Array) -> Array:
        """Return the bits themselves."""
        return rows

    def read(self, text: str) -> Array:
        """Return the row (D,) that was typed: numbers with commas between, or digits; or ValueError."""
        return self.read_row(text) if re.fullmatch("[01]{2,}", text.strip()) else super().read(text)

    def flipped(self, number: int, column: int) -> str:
        """Return `data` with a bit of a row turned over, or in the column after the bits its target."""
        place = self.examples.place(number)
        row = self.examples.inputs[place].copy()
        if column >= len(row):
            return self.changed(number, target=1.0 - self.examples.targets[place])
        row[column] = 1.0 - row[column]
        return self.changed(number, row=row)


def bit_names(bits: int) -> tuple[str, ...]:
    """Return the names of the inputs of a truth table."""
    return tuple(f"x{place}" for place in range(1, bits + 1))
