"""Views as plain text, for a log or a pipe: no colour, 80 columns."""

from __future__ import annotations

import math
from functools import singledispatch
from itertools import compress
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len, set_cell_size

from scratchtui.experiments.escapes import printable
from scratchtui.experiments.view import Bar, Canvas, Curves, Gallery, Matrix, Prose, Surface, Table, View
from scratchtui.tui.shades import MOST_FIGURES, legend, limit_of, shaded

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 80, 16
MOST_ROWS = 24
MOST_TILES = 24
BAR = 40


@singledispatch
def view_text(view: View) -> str:
    """Return a view as lines of text; TypeError for what is no view."""
    raise TypeError(f"{type(view).__name__} is no view")


@view_text.register
def table_text(table: Table) -> str:
    """Return a table in columns, right-aligned but for the first; of a long one the first rows."""
    rows = [table.columns, *table.rows[:MOST_ROWS]]
    left_out = len(table.rows) - MOST_ROWS
    notes = [f"({left_out:,} rows more)"] if left_out > 0 else []
    return "\n".join([columns_text(rows, right=True), *notes, *filter(None, [table.note])])


@view_text.register
def matrix_text(matrix: Matrix) -> str:
    """Return a matrix as figures, its columns in as many blocks as the width asks for, or in shades."""
    if matrix.values.size > MOST_FIGURES and not matrix.whole:
        limit = limit_of((matrix,))
        return f"{shaded(matrix, limit)}\n{legend(limit)}"
    cells = [
        [("" if math.isnan(value) else f"{value:.4g}") for value in row] for row in matrix.values.tolist()
    ]
    names = list(matrix.row_labels) or [""] * len(cells)
    heads = list(matrix.column_labels) or [""] * matrix.values.shape[1]
    widths = [max(map(cell_len, column)) for column in zip(heads, *cells, strict=True)]
    blocks = []
    for start, end in _blocks(widths, WIDTH - max(map(cell_len, names), default=0)):
        rows = [(name, *row[start:end]) for name, row in zip(names, cells, strict=True)]
        if matrix.column_labels:
            rows.insert(0, ("", *heads[start:end]))
        blocks.append(columns_text(rows, right=True))
    return "\n\n".join(blocks)


@view_text.register
def curves_text(curves: Curves, *, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Return a chart in braille with its axes."""
    from scratchtui.tui.drawn import drawn
    from scratchtui.tui.ink import text_of

    rows, _ = drawn(curves, (width, height))
    return "\n".join(text_of(row).rstrip() for row in rows)


@view_text.register
def gallery_text(gallery: Gallery) -> str:
    """Return the first tiles side by side, each with its title and caption; pictures in # and . ."""
    shown = gallery.tiles[:MOST_TILES]
    drawn, explained = _drawn([tile.matrix for tile in shown], gallery.limit)
    tiles = [
        [line for part in (tile.title, text, tile.caption) for line in part.splitlines()]
        for tile, text in zip(shown, drawn, strict=True)
    ]
    widths = [max(map(cell_len, tile), default=0) for tile in tiles]
    shelves = [_side_by_side(tiles[start:end]) for start, end in _blocks(widths, WIDTH + 2) if end]
    left_out = len(gallery.tiles) - MOST_TILES
    more = f"({left_out:,} more)" if left_out > 0 else ""
    notes = "\n".join(filter(None, [explained, *wrap(gallery.note, WIDTH)]))
    return "\n\n".join(filter(None, [*shelves, more, notes])) or gallery.empty


def _drawn(matrices: Sequence[Matrix], limit: float | None) -> tuple[list[str], str]:
    """Return each matrix of a gallery: a picture in # and . , else figures, or shades if there are many.

    And what the shades mean, which are one scale for all.
    """
    if all(map(_black_and_white, matrices)):
        return [_pixels(matrix) for matrix in matrices], ""
    large = [matrix.values.size > MOST_FIGURES for matrix in matrices]
    limit = limit_of(compress(matrices, large), limit)
    texts = [
        shaded(matrix, limit) if shades else matrix_text(matrix)
        for matrix, shades in zip(matrices, large, strict=True)
    ]
    return texts, legend(limit) if any(large) else ""


def _black_and_white(matrix: Matrix) -> bool:
    """Whether a matrix is a picture: pixels that are on or off, without names."""
    return not (matrix.row_labels or matrix.column_labels) and bool(np.isin(matrix.values, (0.0, 1.0)).all())


def _pixels(matrix: Matrix) -> str:
    return "\n".join("".join("#" if on else "." for on in row) for row in matrix.values.tolist())


def _side_by_side(tiles: Sequence[Sequence[str]]) -> str:
    """Return the lines of several tiles, two blanks between."""
    lines = [""] * max(map(len, tiles))
    for tile in tiles:
        start = max(map(cell_len, lines)) + 2 * any(lines)
        for place, line in enumerate(tile):
            lines[place] += " " * (start - cell_len(lines[place])) + line
    return "\n".join(line.rstrip() for line in lines)


@view_text.register
def surface_text(surface: Surface) -> str:
    """Return the sign of a function of the plane, + or -, at as many places as are read, and its points."""
    every = -(-len(surface.values) // MOST_ROWS)
    values = surface.values[::every, ::every]
    rows, columns = values.shape
    lines = [["+" if value > 0 else "-" for value in row] for row in values.tolist()]
    for (row, column), one in zip(
        surface.cells(rows, columns).tolist(), surface.classes.tolist(), strict=True
    ):
        lines[row][column] = "1" if one else "0"
    notes = ["+ one   - zero   1 and 0 are the data", surface.note]
    return "\n".join(["".join(line) for line in lines] + list(filter(None, notes)))


def bars_text(bars: tuple[Bar, ...]) -> str:
    """Return a line for each bar, the answer marked with an arrow."""
    rows = [
        (
            f"{'→' if bar.marked else ' '} {bar.label}",
            "█" * round(BAR * bar.probability),
            f"{bar.probability:.1%}",
        )
        for bar in bars
    ]
    return columns_text(rows)


@view_text.register
def canvas_text(canvas: Canvas) -> str:
    """Return a picture in # and ., its title above it, its bars and its note below."""
    lines = ["".join("#" if on else "." for on in row) for row in canvas.cells.tolist()]
    return "\n".join(filter(None, [canvas.title, *lines, bars_text(canvas.bars), canvas.note]))


@view_text.register
def prose_text(prose: Prose) -> str:
    """Return the paragraphs, wrapped."""
    paragraphs = ("".join(text for text, _ in spans) for spans in prose.paragraphs)
    return "\n".join("\n".join(wrap(paragraph, WIDTH)) for paragraph in paragraphs)


def columns_text(rows: Sequence[Sequence[str]], *, right: bool = False) -> str:
    """Return rows in aligned columns; `right` aligns all but the first to the right."""
    count = max(map(len, rows), default=0)
    padded = [[*map(printable, row), *[""] * (count - len(row))] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*padded, strict=True)]
    lines = []
    for row in padded:
        blanks = [" " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        cells = enumerate(zip(row, blanks, strict=True))
        lines.append("  ".join(blank + cell if right and k else cell + blank for k, (cell, blank) in cells))
    return "\n".join(line.rstrip() for line in lines)


def shortened(text: str, width: int) -> str:
    """Return `text` if it fits into so many cells, else its two ends, with an ellipsis between."""
    if cell_len(text) <= width:
        return text
    end = (width - 1) // 2
    return f"{set_cell_size(text, width - 1 - end)}…{set_cell_size(text[::-1], end)[::-1]}"


def _blocks(widths: list[int], room: int) -> list[tuple[int, int]]:
    """Cut columns of these widths, two blanks before each, into runs that fit."""
    cuts, used = [0], 0
    for place, width in enumerate(widths):
        if used + width + 2 > room and place > cuts[-1]:
            cuts.append(place)
            used = 0
        used += width + 2
    return list(zip(cuts, [*cuts[1:], len(widths)], strict=True))
