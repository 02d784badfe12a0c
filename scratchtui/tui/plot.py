"""Curves as braille. The one place that knows plotext.

plotext's time grows with the points and an infinity or a point far outside stops or hangs it, so it
is given whole dots inside the canvas only, at most two a column, and none that a straight line
through its neighbours would draw anyway.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchtui.tui.axis import Limits

Dots = tuple["NDArray[np.int64]", "NDArray[np.int64]"]
Picture = list[list[tuple[str, int | None]]]

_SGR = re.compile(r"\x1b\[([0-9;]*)m")
WIDE, TALL = 2, 4  # dots in a braille character
_LEFT_DOTS = np.array([0x01, 0x02, 0x04, 0x40])  # from the top down


def reduce(x: NDArray[np.float64], y: NDArray[np.float64], columns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the indices of the lowest and the highest finite y of each column, in order.

    Shapes: x, y, columns (P,), columns ascending. NaN belongs to no column.
    """
    finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if not finite.size:
        return finite
    values, where = y[finite], columns[finite]
    starts = np.flatnonzero(np.diff(where, prepend=where[0] - 1))
    group = np.repeat(np.arange(starts.size), np.diff(starts, append=where.size))
    lowest = np.flatnonzero(values == np.minimum.reduceat(values, starts)[group])
    highest = np.flatnonzero(values == np.maximum.reduceat(values, starts)[group])
    groups = np.arange(starts.size)
    kept = np.zeros(finite.size, dtype=bool)
    kept[lowest[np.searchsorted(group[lowest], groups)]] = True
    # the last of the highest, so that a level stretch keeps both its ends
    kept[highest[np.searchsorted(group[highest], groups, side="right") - 1]] = True
    return finite[kept]


def strokes(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    limits: tuple[Limits, Limits],
    size: tuple[int, int],
) -> list[Dots]:
    """Return the unbroken pieces of a curve, as dots of a canvas of `size` (columns, rows).

    A NaN, an infinity or a value outside the limits breaks the curve.
    """
    horizontal, vertical = limits
    width, height = size[0] * WIDE, size[1] * TALL
    seen = np.isfinite(x) & np.isfinite(y) & (x >= horizontal.low) & (x <= horizontal.high)
    seen &= (y >= vertical.low) & (y <= vertical.high)
    if not seen.any():
        return []
    y = np.where(seen, y, np.nan)
    dots = horizontal.places(np.where(seen, x, horizontal.low), width)
    kept = reduce(x, y, np.maximum.accumulate(dots // WIDE))
    across, up = dots[kept], vertical.places(y[kept], height)
    broken = np.cumsum(~seen)[kept]
    # a gap narrower than a character is no gap to the eye
    cuts = np.flatnonzero((np.diff(broken) > 0) & (np.diff(across) > WIDE)) + 1
    pieces = zip(np.split(across, cuts), np.split(up, cuts), strict=True)
    return [_bends(*piece) for piece in pieces]


def _bends(across: NDArray[np.int64], up: NDArray[np.int64]) -> Dots:
    """Leave out the dots that lie on the straight line between their neighbours."""
    if across.size < 3:
        return across, up
    dx, dy = np.diff(across), np.diff(up)
    bent = dx[1:] * dy[:-1] != dx[:-1] * dy[1:]
    turned = np.sign(dy[1:]) != np.sign(dy[:-1])
    kept = np.concatenate(([True], bent | turned, [True]))
    return across[kept], up[kept]


def spread(
    x: NDArray[np.float64], first: NDArray[np.float64] | None, limits: Limits, columns: int
) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Return columns, ascending, and which of the points fills each; both (F,).

    A point fills the column of its x, and those before it as far as the steps that it stands for go.
    """
    places = limits.places(x, columns * WIDE) // WIDE
    points = np.arange(len(x))
    if first is None:
        return places, points
    begins = np.maximum(limits.places(np.maximum(first - 1.0, limits.low), columns * WIDE) // WIDE + 1, 0)
    begins = np.minimum(begins, places)
    begins[first <= limits.low] = 0
    widths = places - begins + 1
    points = np.repeat(points, widths)
    within = np.arange(len(points)) - np.repeat(np.cumsum(widths) - widths, widths)
    return begins[points] + within, points


def band(
    x: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    limits: tuple[Limits, Limits],
    size: tuple[int, int],
    first: NDArray[np.float64] | None = None,
    *,
    sparse: bool = False,
) -> list[str]:
    """Return the area between two curves as rows of text, an upright stroke in each column.

    These are too many dots for plotext. A point that stands for steps from `first` on fills the columns of
    them all. A sparse stroke leaves out every second dot but its two ends.
    """
    horizontal, vertical = limits
    columns, rows = size
    seen = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
    seen &= (x >= horizontal.low) & (x <= horizontal.high)
    seen &= (high >= vertical.low) & (low <= vertical.high)
    if not seen.any():
        return [" " * columns] * rows
    where, points = spread(x[seen], None if first is None else first[seen], horizontal, columns)
    starts = np.flatnonzero(np.diff(where, prepend=where[0] - 1))
    bottom, top = (
        np.minimum.reduceat(low[seen][points], starts),
        np.maximum.reduceat(high[seen][points], starts),
    )
    ends = [
        vertical.places(np.clip(each, vertical.low, vertical.high), rows * TALL) for each in (bottom, top)
    ]
    dots = np.arange(rows * TALL)[::-1, None]
    drawn = (dots >= ends[0]) & (dots <= ends[1])
    if sparse:
        drawn &= (dots % 2 == 0) | (dots == ends[0]) | (dots == ends[1])
    stroke = np.zeros((rows * TALL, columns), dtype=np.int64)
    stroke[:, where[starts]] = drawn
    codes = np.einsum("rdc,d->rc", stroke.reshape(rows, TALL, columns), _LEFT_DOTS)
    return ["".join(chr(0x2800 + code) if code else " " for code in row) for row in codes.tolist()]


def draw(strokes_and_pens: Sequence[tuple[Dots, int]], size: tuple[int, int]) -> Picture:
    """Return a row of (text, pen) runs for each row of the canvas; the pen of a blank is None.

    A later stroke is drawn over an earlier one. Pens are 0 to 255.
    """
    columns, rows = size
    if not strokes_and_pens:
        return [[(" " * columns, None)] for _ in range(rows)]
    figure = _new_figure(columns, rows)
    for (across, up), pen in strokes_and_pens:
        figure.plot(across.tolist(), up.tolist(), marker="braille", color=pen)
    lines = figure.build().split("\n")
    return [_runs(line) for line in lines[:rows]]


def _new_figure(columns: int, rows: int) -> Any:
    """Return an empty figure of its own, nothing but canvas, a unit for each braille dot.

    plotext gives its users one global figure, which keeps state from one build to the next; only
    this private class makes another.
    """
    from plotext._figure import _figure_class

    figure = _figure_class()
    figure._limit_size(width=False, height=False)  # else cut to the terminal's size
    figure.plot_size(columns, rows)
    figure.theme("clear")
    figure.xaxes(lower=False, upper=False)
    figure.yaxes(left=False, right=False)
    figure.xticks([])
    figure.yticks([])
    figure.xlim(0, columns * WIDE - 1)
    figure.ylim(0, rows * TALL - 1)
    return figure


def _runs(line: str) -> list[tuple[str, int | None]]:
    """Split what plotext wrote into runs of one colour."""
    runs: list[tuple[str, int | None]] = []
    pen: int | None = None
    for place, part in enumerate(_SGR.split(line)):
        if place % 2:
            found = re.search(r"38;5;(\d+)", part)
            pen = int(found[1]) if found else None
        elif part:
            runs.append((part, pen))
    return runs
