"""A matrix in colours: numbers in the cells where there is room, two cells a character where not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len
from textual.reactive import reactive

from scratchtui.tui import grid, ramp
from scratchtui.tui.columns import window
from scratchtui.tui.mosaic import Mosaic, explanation, same
from scratchtui.tui.widgets.pointed import Pointed

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from textual import events

    from scratchtui.experiments.view import Matrix
    from scratchtui.tui.grid import Grid
    from scratchtui.tui.ink import Runs


class Heatmap(Pointed, can_focus=True):
    """Draws a `Matrix`; with the focus it has a cursor, and tells the exact value under it."""

    cursor: reactive[tuple[int, int]] = reactive((0, 0))

    _matrix: Matrix | None = None
    _levels: NDArray[np.int8] | None = None
    _limit: float | None = None
    _first = (0, 0)
    _grid: Grid | None = None

    def show(self, matrix: Matrix) -> None:
        """Draw this matrix; nothing if it is shown already."""
        before = self._matrix
        if before is not None and same(before, matrix):
            return
        if before is not None and before.values.shape != matrix.values.shape:
            self._limit = None
        self._matrix = matrix
        finite = np.abs(matrix.values[np.isfinite(matrix.values)])
        held = self._limit
        self._limit = matrix.limit or ramp.steady_limit(float(finite.max(initial=0.0)), held)
        parts = ramp.scaled(matrix.values, self._limit, logarithmic=matrix.logarithmic)
        self._levels = ramp.quantise(parts, self._levels if held == self._limit else None)
        self.set_reactive(Heatmap.cursor, self.validate_cursor(self.cursor))
        self.redraw()

    def validate_cursor(self, cursor: tuple[int, int]) -> tuple[int, int]:
        """Keep the cursor on a cell."""
        rows, columns = self._matrix.values.shape if self._matrix else (1, 1)
        return max(0, min(cursor[0], rows - 1)), max(0, min(cursor[1], columns - 1))

    @property
    def place(self) -> tuple[int, ...] | None:
        """Row and column of the cell under the cursor."""
        return self.cursor if self._matrix is not None and self._matrix.values.size else None

    @property
    def weights(self) -> tuple[int, ...]:
        """Which element of the parameters the cursor is on, -1 for none, then those in its row."""
        return (-1,) if self._matrix is None else self._matrix.weights_at(*self.cursor)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the cell that was clicked."""
        offset = event.get_content_offset(self)
        if offset is None or self._grid is None:
            return
        shape = self._grid
        line, column = offset.y - shape.top, (offset.x - shape.left) // shape.wide
        row = line * 2 if shape.halves else line // shape.tall
        if 0 <= row < shape.rows and 0 <= column < shape.columns:
            self.cursor = self._first[0] + row, self._first[1] + column

    def action_move(self, down: int, right: int) -> None:
        """Move the cursor by cells."""
        self.cursor = self.cursor[0] + down, self.cursor[1] + right

    def picture(self, width: int, height: int) -> list[Runs]:
        """Return column labels, cells and the line below them."""
        matrix, levels, limit = self._matrix, self._levels, self._limit
        empty: list[Runs] = [[] for _ in range(height)]
        if matrix is None or levels is None or not limit or not matrix.values.size or width < 4:
            return empty
        longest = [max(map(cell_len, each), default=0) for each in _labels(matrix)]
        number = limit, bool((matrix.values < 0).any())
        cells = self._grid = grid.choose(
            matrix.values.shape,
            (longest[0], longest[1]),
            (width, height),
            number,
            glyphs=self.signs,
            whole=matrix.whole,
        )
        unit = 2 if cells.halves else 1  # rows scroll by lines of text
        lines, total = -(-cells.rows // unit), -(-levels.shape[0] // unit)
        down = window(self.cursor[0] // unit, self._first[0] // unit, lines, total) * unit
        right = window(self.cursor[1], self._first[1], cells.columns, levels.shape[1])
        self._first = down, right
        cursor = self.cursor if self.has_focus else None
        mosaic = Mosaic(matrix, levels, limit, cells, self._first, cursor, self.signs)
        rows = mosaic.rows()[: height - cells.below]
        if cells.below:
            rows += [*empty[1 : cells.below], explanation(mosaic, width)]
        return (rows + empty)[:height]


def _labels(matrix: Matrix) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the labels of the rows and of the columns."""
    return matrix.row_labels, matrix.column_labels
