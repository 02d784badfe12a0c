"""How the cells of a matrix share a widget: as large as they fit, half a character each if need be."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from rich.cells import cell_len

WIDEST = 8  # columns of a cell
TALLEST = 3  # rows of a cell
LONGEST_LABEL = 10


@dataclass(frozen=True)
class Grid:
    """Sizes in characters. `tall` is 0 where a character holds two cells, one above the other.

    `decimals` is None where cells are too small for numbers.
    """

    left: int
    top: int
    below: int
    wide: int
    tall: int
    decimals: int | None
    rows: int
    columns: int

    @property
    def halves(self) -> bool:
        """Tell whether a character holds two cells."""
        return not self.tall

    def line_of(self, row: int, first: int) -> int:
        """Return the line, from the top of the cells, on which a row of the matrix begins."""
        return (row - first) // 2 if self.halves else (row - first) * self.tall


def decimals_for(limit: float) -> int:
    """Return how many decimals tell enough of numbers up to `limit`."""
    return 2 if limit < 10 else 1 if limit < 1000 else 0


def number_width(limit: float, decimals: int, *, negative: bool) -> int:
    """Return the characters that numbers up to `limit` take."""
    return len(f"{limit:.{decimals}f}") + negative


def choose(
    shape: tuple[int, int],
    labels: tuple[int, int],
    size: tuple[int, int],
    number: tuple[float, bool],
    *,
    glyphs: bool = False,
    whole: bool = False,
) -> Grid:
    """Return the largest cells with which the whole matrix is seen, else the smallest there are.

    `labels` is the length of the longest row label and of the longest column label, `size` the
    widget's width and height, `number` the limit of the values and whether some are negative.
    `glyphs` asks for cells that have room for a character each, `whole` for numbers without decimals.
    """
    rows, columns = shape
    width, height = size
    spare = height - rows - (labels[1] > 0)
    blank = spare >= 2 or (height >= 10 and spare != 1)  # a blank line is not worth smaller cells
    below = 1 + blank if height >= 3 else 0
    left = labels[0] + 1 if 0 < labels[0] <= LONGEST_LABEL and width - labels[0] > 8 else 0
    top = int(labels[1] > 0 and height - below >= min(rows, 2) + 1)
    across, down = width - left, height - top - below
    wide, tall = across // columns, down // rows
    decimals = _decimals(number, wide, 0 if whole else decimals_for(number[0]))
    if tall and decimals is not None:
        needed = number_width(number[0], decimals, negative=number[1]) + 2
        wide, tall = min(wide, max(WIDEST, needed)), min(tall, TALLEST)
    elif tall and wide >= 2:
        tall = min(wide // 2, tall, TALLEST)
        wide, decimals = min(wide, 2 * tall + 1), None
    else:
        whole = glyphs or bool(left and tall)  # where two rows share a line, one of their labels is lost
        wide, tall, decimals = max(1, min(wide, labels[1] + 1, 4)), int(whole), None
        down *= 1 if whole else 2
    shown = min(rows, down // max(1, tall)), min(columns, across // wide)
    return Grid(left, top, below, wide, tall, decimals, max(1, shown[0]), max(1, shown[1]))


def _decimals(number: tuple[float, bool], wide: int, best: int) -> int | None:
    """Return with how many decimals a number and a blank fit into a cell, one fewer than best at worst."""
    limit, negative = number
    for decimals in (best, best - 1):
        if decimals >= 0 and number_width(limit, decimals, negative=negative) < wide:
            return decimals
    return None


def spaced(labels: tuple[str, ...], pitch: int, *, numbers: bool) -> dict[int, str]:
    """Return labels by the column that each begins in, a blank between any two: each, every 2nd, 4th ...

    Cells are `pitch` columns apart; a label stands over the middle of its cell, or over the end of `numbers`.
    """
    every = 1
    while True:
        placed = {
            place * pitch + _lead(pitch - cell_len(label), numbers=numbers): label
            for place, label in enumerate(labels)
            if place % every == 0
        }
        if all(start + cell_len(placed[start]) < after for start, after in pairwise(placed)):
            return placed
        every *= 2


def _lead(spare: int, *, numbers: bool) -> int:
    return max(0, spare - 1) if numbers else max(0, spare + 1) // 2
