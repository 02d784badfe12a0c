"""A matrix as rows of text: its cells, its labels, and the line that explains the colours."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len

from scratchtui.experiments.elements import FROZEN_MARK
from scratchtui.tui import ramp
from scratchtui.tui.grid import Grid, spaced
from scratchtui.tui.ink import Pen, Runs, clipped, padded, replaced

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.experiments.view import Matrix

UPPER_MARK, LOWER_MARK = "¯", "_"  # the strokes of FROZEN_MARK
LABEL, HERE, CURSOR, HALF = (
    "heatmap--label",
    "heatmap--here",
    "heatmap--cursor",
    "heatmap--half-cursor",
)


@dataclass(frozen=True)
class Mosaic:
    """What is drawn: the matrix and its levels (R, C), in which cells, from which one on."""

    matrix: Matrix
    levels: NDArray[np.int8]
    limit: float
    grid: Grid
    first: tuple[int, int]
    cursor: tuple[int, int] | None
    signs: bool

    def rows(self) -> list[Runs]:
        """Return column labels and cells, each row with its label."""
        cells = self._halves() if self.grid.halves else self._wholes()
        return [self._column_labels()] * self.grid.top + cells

    def _seen_columns(self) -> range:
        return range(self.first[1], self.first[1] + self.grid.columns)

    def _seen_rows(self) -> range:
        last = min(self.first[0] + self.grid.rows, self.levels.shape[0])
        return range(self.first[0], last)

    def _column_labels(self) -> Runs:
        """Return the labels above the columns, as many as fit side by side."""
        wide = self.grid.wide
        labels = self.matrix.column_labels[self.first[1] :][: self.grid.columns]
        text, width = "", self.grid.left + len(labels) * wide
        for column, label in spaced(labels, wide, numbers=self.grid.decimals is not None).items():
            start = self.grid.left + column
            if start + cell_len(label) <= width or not text:
                text = padded(text, start) + label
        return [(padded(text, width), LABEL)]

    def _row_label(self, row: int) -> tuple[str, Pen]:
        """Return the label before a row, to the right if it is a number."""
        left = self.grid.left
        label = self.matrix.row_labels[row] if left and row < len(self.matrix.row_labels) else ""
        here = self.cursor is not None and self.cursor[0] == row
        text = f"{label.rjust(left - 1)} " if label.isdigit() else padded(label, left)
        return clipped(text, left), HERE if here else LABEL

    def _halves(self) -> list[Runs]:
        """Return rows of half blocks, two rows of the matrix each."""
        rows: list[Runs] = []
        columns = slice(self.first[1], self.first[1] + self.grid.columns)
        seen, wide = self._seen_rows(), self.grid.wide
        nothing = np.full(self.grid.columns, ramp.EMPTY, dtype=np.int8)
        for row in range(seen.start, seen.stop, 2):
            above = self.levels[row, columns]
            below = self.levels[row + 1, columns] if row + 1 < seen.stop else nothing
            runs = half_row(above, below, wide, self.matrix.empty)
            for (marked, column), mark in self.matrix.marks.items():
                if marked in (row, row + 1) and columns.start <= column < columns.stop:
                    pen = (int(self.levels[marked, column]), None)
                    text = self._half_mark(row, column) if mark == FROZEN_MARK else mark
                    runs = replaced(runs, (column - columns.start) * wide, (text.ljust(wide), pen))
            if self.cursor is not None and self.cursor[0] in (row, row + 1):
                glyph = "▀" if self.cursor[0] == row else "▄"
                at = (self.cursor[1] - self.first[1]) * wide
                runs = replaced(runs, at, (glyph * wide, HALF))
            labelled = self.cursor[0] if self.cursor and self.cursor[0] == row + 1 else row
            rows.append([self._row_label(labelled), *runs])
        return rows

    def _half_mark(self, row: int, column: int) -> str:
        """Return the mark of two rows in one: both strokes, or that of the one which is frozen."""
        upper, lower = (self.matrix.marks.get((each, column)) == FROZEN_MARK for each in (row, row + 1))
        return FROZEN_MARK if upper and lower else UPPER_MARK if upper else LOWER_MARK

    def _wholes(self) -> list[Runs]:
        """Return rows of cells of at least a character, as tall as they are."""
        rows: list[Runs] = []
        for row in self._seen_rows():
            label, pen = self._row_label(row)
            for line in range(self.grid.tall):
                middle = line == (self.grid.tall - 1) // 2
                runs: Runs = [(label if middle else " " * cell_len(label), pen)]
                runs += [self._cell(row, column, middle=middle) for column in self._seen_columns()]
                rows.append(runs)
        return rows

    def _cell(self, row: int, column: int, *, middle: bool) -> tuple[str, Pen]:
        """Return one line of a cell; what it says stands on the middle one."""
        level = int(self.levels[row, column])
        wide = self.grid.wide
        here = self.cursor == (row, column)
        pen: Pen = CURSOR if here else "" if level == ramp.EMPTY else (level, None)
        text = self._words(row, column, level) if middle else ""
        if self.grid.decimals is not None:
            mark = self.matrix.marks.get((row, column), " ") if middle else " "
            body = text.rjust(wide - 1) + mark if level != ramp.EMPTY else text.center(wide)
        else:
            body = text.center(wide)
        if here and middle and wide >= 2 and not body[0].strip() and not body[-1].strip():
            body = f"[{body[1:-1]}]"
        return body, pen

    def _words(self, row: int, column: int, level: int) -> str:
        """Return what is written in a cell."""
        mark = self.matrix.marks.get((row, column))
        if mark and (self.grid.decimals is None or level == ramp.EMPTY):
            return mark
        if level == ramp.EMPTY:
            return self.matrix.empty
        if self.grid.decimals is not None:
            text = f"{self.matrix.values[row, column]:z.{self.grid.decimals}f}"
            return text if len(text) < self.grid.wide else ramp.sign_glyph(level) * (self.grid.wide - 1)
        if not self.signs:
            return ""
        sign = ramp.sign_glyph(level)
        return sign if self.grid.wide == 1 else (sign + ramp.digit_glyph(level)).strip() if level else ""


def half_row(above: NDArray[np.int8], below: NDArray[np.int8], wide: int, empty: str = "·") -> Runs:
    """Return two rows of levels as one row of text; half of a character may be empty, or all of it."""
    starts = np.flatnonzero((np.diff(above) != 0) | (np.diff(below) != 0)) + 1
    upper, lower = above.tolist(), below.tolist()
    runs: Runs = []
    for start, end in pairwise([0, *starts.tolist(), above.size]):
        high, low = upper[start], lower[start]
        if ramp.EMPTY in (high, low) and high != low:
            glyph, level = ("▄", low) if high == ramp.EMPTY else ("▀", high)
            runs.append((glyph * (wide * (end - start)), (None, level)))
        elif high != low:
            runs.append(("▀" * (wide * (end - start)), (low, high)))
        elif high == ramp.EMPTY:
            runs.append((empty.center(wide) * (end - start), ""))
        else:
            runs.append((" " * (wide * (end - start)), (high, None)))
    return runs


def explanation(mosaic: Mosaic, width: int, before: str = "", scale: Runs | None = None) -> Runs:
    """Return the line below: the cell under the cursor, in as many words as fit, and the scale.

    `before` and the scale, that of the mosaic unless told, stand there only where there is room.
    """
    offers = [lead + _told(mosaic, short=short) for lead in (before, "") for short in (False, True)]
    said = next((each for each in offers if cell_len(each) <= width), offers[-1])
    scale = scale_of(mosaic) if scale is None else scale
    room = width - cell_len(said) - 2 * bool(said)
    length = sum(len(text) for text, _ in scale)
    if length > room:
        return [(clipped(said, width), HERE if mosaic.cursor else LABEL)]
    pen = HERE if mosaic.cursor else LABEL
    return [(padded(said, width - length) if said else "", pen), *scale]


def _told(mosaic: Mosaic, *, short: bool = False) -> str:
    """Return the labels, else the numbers from 1 on, and the value of the cell under the cursor."""
    if mosaic.cursor is None:
        shape, seen = mosaic.levels.shape, (mosaic.grid.rows, mosaic.grid.columns)
        return "" if seen == shape else f"{seen[0]}×{seen[1]} of {shape[0]}×{shape[1]}"
    row, column = mosaic.cursor
    matrix = mosaic.matrix
    words = ("r", "c") if short else ("row ", "column ")
    down = matrix.row_labels[row] if row < len(matrix.row_labels) else f"{words[0]}{row + 1}"
    across = matrix.column_labels[column] if column < len(matrix.column_labels) else f"{words[1]}{column + 1}"
    down, across = (
        f"{role} {label}".lstrip() for role, label in zip(matrix.roles, (down, across), strict=True)
    )
    value = float(matrix.values[row, column])
    figure = f"{value:.0f}" if matrix.whole and abs(value) < 1e6 else exact(value)
    frozen = matrix.places is not None and matrix.marks.get(mosaic.cursor) == FROZEN_MARK
    return f"{down}, {across}: {figure}{' frozen' * frozen}"


def exact(value: float) -> str:
    """Return a number to about six figures: 31.9871, 2.41e-07, or that there is none."""
    if np.isnan(value):
        return "empty"
    if value and not 1e-3 <= abs(value) < 1e6:
        return f"{value:.2e}"
    return f"{value:.4f}"


def scale_of(mosaic: Mosaic, *, negative: bool = False) -> Runs:
    """Return the ramp between its ends, from zero where nothing is negative, here or wherever else it is."""
    limit = f"{mosaic.limit:g}"
    negative = negative or bool((mosaic.matrix.values < 0).any())
    levels = range(-ramp.LEVELS if negative else 0, ramp.LEVELS + 1)
    if mosaic.signs:
        return [(_scale_in_words(mosaic, limit, negative=negative), LABEL)]
    cells: Runs = [(" ", (level, None)) for level in levels]
    name = "  log" if mosaic.matrix.logarithmic else ""
    return [(f"-{limit} " if negative else "0 ", LABEL), *cells, (f" {limit}{name}", LABEL)]


def _scale_in_words(mosaic: Mosaic, limit: str, *, negative: bool) -> str:
    """Return what signs and digits stand for; nothing where the numbers themselves are written."""
    if mosaic.grid.decimals is not None:
        return ""
    if mosaic.grid.wide == 1:
        return f"+ up to {limit}" + f", - down to -{limit}" * negative
    half = ramp.unscaled(0.5, mosaic.limit, logarithmic=mosaic.matrix.logarithmic)
    return f"{ramp.LEVELS} is {limit}, {ramp.LEVELS // 2} is {half:.2g}"


def same(one: Matrix, other: Matrix) -> bool:
    """Tell whether two matrices look alike."""
    if one is other:
        return True
    a, b = ((m.row_labels, m.column_labels, m.limit, m.logarithmic, m.marks) for m in (one, other))
    return a == b and np.array_equal(one.values, other.values, equal_nan=True)
