"""Views as plain text, for a log or a pipe: no colour, 80 columns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scratchtui.experiments.view import Curves, Matrix, Table, View

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 80, 16
MOST_ROWS = 24


def view_text(view: View) -> str:
    """Return a view as lines of text."""
    match view:
        case Table():
            return table_text(view)
        case Matrix():
            return matrix_text(view)
        case Curves():
            return curves_text(view)


def table_text(table: Table) -> str:
    """Return a table in columns, right-aligned but for the first; of a long one the first rows."""
    rows = [table.columns, *table.rows[:MOST_ROWS]]
    left_out = len(table.rows) - MOST_ROWS
    notes = [f"({left_out:,} rows more)"] if left_out > 0 else []
    return "\n".join([columns_text(rows, right=True), *notes, *filter(None, [table.note])])


def matrix_text(matrix: Matrix) -> str:
    """Return a matrix as figures, its columns in as many blocks as the width asks for."""
    cells = [
        [("" if math.isnan(value) else f"{value:.4g}") for value in row] for row in matrix.values.tolist()
    ]
    names = list(matrix.row_labels) or [""] * len(cells)
    heads = list(matrix.column_labels) or [""] * matrix.values.shape[1]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    blocks = []
    for start, end in _blocks(widths, WIDTH - max(map(len, names), default=0)):
        rows = [
            ("", *heads[start:end]),
            *((name, *row[start:end]) for name, row in zip(names, cells, strict=True)),
        ]
        blocks.append(columns_text(rows, right=True))
    return "\n\n".join(blocks)


def curves_text(curves: Curves, *, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Return a chart in braille with its axes."""
    from scratchtui.tui.drawn import drawn
    from scratchtui.tui.ink import text_of

    rows, _ = drawn(curves, (width, height))
    return "\n".join(text_of(row).rstrip() for row in rows)


def columns_text(rows: Sequence[Sequence[str]], *, right: bool = False) -> str:
    """Return rows in aligned columns; `right` aligns all but the first to the right."""
    count = max(map(len, rows), default=0)
    padded = [[*row, *[""] * (count - len(row))] for row in rows]
    widths = [max(map(len, column)) for column in zip(*padded, strict=True)]
    lines = (
        "  ".join(
            cell.rjust(width) if right and place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in padded
    )
    return "\n".join(line.rstrip() for line in lines)


def _blocks(widths: list[int], room: int) -> list[tuple[int, int]]:
    """Cut columns of these widths, two blanks before each, into runs that fit."""
    cuts, used = [0], 0
    for place, width in enumerate(widths):
        if used + width + 2 > room and place > cuts[-1]:
            cuts.append(place)
            used = 0
        used += width + 2
    return list(zip(cuts, [*cuts[1:], len(widths)], strict=True))
