"""A curve of more points than columns: in each column their mean, and the band of their extremes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.tui import plot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.tui.frame import Frame, Line


def condensed(line: Line, frame: Frame, *, logarithmic: bool) -> Line:
    """Return the line with a point for each column, or as it is where it has few.

    One that has no extremes stays, too, for its own are worth seeing, unless it is dim. The mean is that of
    the numbers themselves, also where `line` has their logarithms.
    """
    within = line.seen & (line.x >= frame.x.low) & (line.x <= frame.x.high)
    plain = line.low is None or line.high is None
    if (plain and not line.dim) or np.count_nonzero(within) <= frame.canvas[0]:
        return line
    x, y = line.x[within], line.y[within]
    columns = frame.x.places(x, frame.canvas[0] * plot.WIDE) // plot.WIDE
    starts = np.flatnonzero(np.diff(columns, prepend=-1))
    counts = np.diff(starts, append=len(columns))
    means = _means(y, starts, counts, logarithmic=logarithmic)
    low = None if line.low is None else np.fmin.reduceat(line.low[within], starts)
    high = None if line.high is None else np.fmax.reduceat(line.high[within], starts)
    first = None if line.first is None else line.first[within][starts]
    return replace(line, x=x[starts + counts - 1], y=means, low=low, high=high, first=first)


def _means(
    y: NDArray[np.float64], starts: NDArray[np.intp], counts: NDArray[np.intp], *, logarithmic: bool
) -> NDArray[np.float64]:
    """Return the mean of each stretch, from its largest down, so that no power of ten overflows."""
    if not logarithmic:
        return np.asarray(np.add.reduceat(y, starts) / counts)
    largest = np.maximum.reduceat(y, starts)
    parts = 10.0 ** (y - np.repeat(largest, counts))
    return np.asarray(largest + np.log10(np.add.reduceat(parts, starts) / counts))
