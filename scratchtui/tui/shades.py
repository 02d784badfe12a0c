"""Pictures of numbers as plain text: a character for each, the darker the larger, by its sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scratchtui.experiments.view import Matrix

MOST_FIGURES = 48  # in a matrix that is written as figures; more say nothing to an eye
MOST_ROWS, MOST_COLUMNS = 24, 80
SHADES = "=-.+#"  # from far below zero to far above
EDGES = (-0.6, -0.2, 0.2, 0.6)  # between them, as a share of the limit


def limit_of(matrices: Iterable[Matrix], given: float | None = None) -> float:
    """Return the magnitude that has the last shade: that given, or the largest in any of the matrices."""
    largest = (each.limit or float(np.nanmax(np.abs(each.values), initial=0.0)) for each in matrices)
    return given or max(largest, default=0.0) or 1.0


def shaded(matrix: Matrix, limit: float) -> str:
    """Return a character for each number, its marks over them; what there is no room for is counted."""
    rows, columns = matrix.values.shape
    seen = matrix.values[:MOST_ROWS, :MOST_COLUMNS]
    levels = np.digitize(np.nan_to_num(seen) / limit, EDGES)
    lines = [[SHADES[level] for level in row] for row in levels.tolist()]
    for row, column in np.argwhere(np.isnan(seen)).tolist():
        lines[row][column] = " "
    for (row, column), mark in matrix.marks.items():
        if row < len(lines) and column < len(lines[row]):
            lines[row][column] = mark
    left_out = [
        f"{count - most:,} {what} more" for count, most, what in _limits(rows, columns) if count > most
    ]
    return "\n".join(
        ["".join(line).rstrip() for line in lines] + [f"({', '.join(left_out)})"] * bool(left_out)
    )


def _limits(rows: int, columns: int) -> tuple[tuple[int, int, str], ...]:
    return (rows, MOST_ROWS, "rows"), (columns, MOST_COLUMNS, "columns")


def legend(limit: float) -> str:
    """Return what the characters mean."""
    edges = [f"{edge * limit:.2g}" for edge in EDGES]
    return f"# above {edges[3]}   + above {edges[2]}   . about 0   - below {edges[1]}   = below {edges[0]}"
