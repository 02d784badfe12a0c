"""Where the parts of a chart stand: the canvas, the limits, the labels of both axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.tui import axis, plot
from scratchtui.tui.ink import replaced, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchtui.experiments.view import Curve, Curves
    from scratchtui.tui.axis import Limits
    from scratchtui.tui.ink import Runs

LABEL, RULE, POINTER = "chart--label", "chart--axis", "chart--pointer"
NARROWEST = 16  # columns that the canvas keeps when names stand at its right
LONGEST_NAME = 10


@dataclass(frozen=True)
class Line:
    """A curve as it is drawn: on a logarithmic chart its numbers are powers of ten."""

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    low: NDArray[np.float64] | None
    high: NDArray[np.float64] | None
    first: NDArray[np.float64] | None
    dim: bool

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Return which points are numbers."""
        return np.isfinite(self.x) & np.isfinite(self.y)

    def heights(self) -> NDArray[np.float64]:
        """Return the numbers that the y axis is made for."""
        every = [values for values in (self.y, self.low, self.high) if values is not None]
        together = np.concatenate(every)
        return together[np.isfinite(together)]


def line_of(curve: Curve, *, logarithmic: bool) -> Line:
    """Return the curve on the scale of its chart; where there is no logarithm there is a gap.

    A lowest number without one is left out: the band begins at the mean there.
    """
    y, low, high = curve.y, curve.low, curve.high
    if logarithmic:
        with np.errstate(divide="ignore", invalid="ignore"):
            y, high = np.log10(y), None if high is None else np.log10(high)
            low = None if low is None else np.where(low > 0.0, np.log10(low), y)
    return Line(curve.name, curve.x, y, low, high, curve.first, curve.dim)


@dataclass(frozen=True)
class Frame:
    """Sizes in cells, limits, and labels by row and by column of the canvas.

    Of ticks that were given every `every`-th has a label; 0 where none were given.
    """

    canvas: tuple[int, int]
    left: int
    right: int
    below: int
    legend: bool
    x: Limits
    y: Limits
    every: int
    row_labels: dict[int, str]
    column_labels: dict[int, str]

    def column(self, x: float) -> int | None:
        """Return the column of the canvas that x falls into."""
        if not self.x.holds(x, x):
            return None
        return int(self.x.places(np.array([x]), self.canvas[0] * plot.WIDE)[0]) // plot.WIDE

    def row(self, y: float) -> int:
        """Return the row of the canvas that y, within the limits, falls into."""
        dots = self.y.places(np.array([y]), self.canvas[1] * plot.TALL)
        return self.canvas[1] - 1 - int(dots[0]) // plot.TALL


def fit(
    curves: Curves,
    lines: Sequence[Line],
    size: tuple[int, int],
    held: Frame | None,
    limits: Limits | None = None,
) -> Frame:
    """Return the frame for a widget of `size`; limits and margin stay as in `held` if they can.

    At least one line has a point that is a number. `limits` are those of the x axis, where they are given.
    """
    width, height = size
    below = 2 if height >= 7 else 1 if height >= 4 else 0
    if height - 1 == len(curves.ticks):
        below = min(below, 1)  # the row of the axis is the one that a tick lacks
    longest = max(len(line.name) for line in lines)
    several = len(lines) > 1
    named = several and 0 < longest <= LONGEST_NAME and width - longest - 8 >= NARROWEST
    legend = several and not named and not curves.ticks and height >= 6
    rows = height - below - legend
    x = np.concatenate([line.x[line.seen] for line in lines])
    horizontal = limits or axis.progress_limits(float(x.min()), float(x.max()), held.x if held else None)
    vertical = _vertical(curves, lines, rows, held.y if held else None)
    every, row_labels = _row_labels(curves, vertical, rows)
    left = max((len(label) for label in row_labels.values()), default=0)
    if held and left == held.left - 1:
        left = held.left  # one column is not worth moving the whole picture
    right = longest + 1 if named else 0
    columns = width - left - 1 - right
    labels = _column_labels(horizontal, columns)
    return Frame((columns, rows), left, right, below, legend, horizontal, vertical, every, row_labels, labels)


def _vertical(curves: Curves, lines: Sequence[Line], rows: int, held: Limits | None) -> Limits:
    """Return the y axis, made for the ticks where they are given and else for the numbers."""
    heights = np.concatenate([line.heights() for line in lines])
    low, high = float(heights.min()), float(heights.max())
    if curves.ticks:
        return axis.given_limits([y for y, _ in curves.ticks], low, high, held)
    limits = axis.decade_limits if curves.logarithmic else axis.value_limits
    return limits(low, high, _most_ticks(rows), held)


def _most_ticks(rows: int) -> int:
    """Return how many pieces an axis of this many rows has at most."""
    return max(2, rows // 2)


def _row_labels(curves: Curves, limits: Limits, rows: int) -> tuple[int, dict[int, str]]:
    """Return `Frame.every`, and the label of each row that has one; where two would meet, the first stays."""
    if curves.ticks:
        return _given_labels(curves.ticks, limits, rows)
    if curves.logarithmic:
        ticks = axis.decades_between(limits, _most_ticks(rows))
        pairs = [(tick, axis.decade_label(tick)) for tick in ticks]
    else:
        ticks = axis.ticks_between(limits, axis.step_for(limits.span, _most_ticks(rows)))
        pairs = list(zip(ticks, axis.labels_for(ticks), strict=True))
    found: dict[int, str] = {}
    places = limits.places(np.array([y for y, _ in pairs]), rows * plot.TALL)
    for place, (_, label) in zip(places.tolist(), pairs, strict=True):
        found.setdefault(rows - 1 - place // plot.TALL, label)
    return 0, found


def _given_labels(
    ticks: Sequence[tuple[float, str]], limits: Limits, rows: int
) -> tuple[int, dict[int, str]]:
    """Return every how many ticks, from the highest down, have a row of their own, and their labels."""
    ticks = sorted(ticks, reverse=True)
    at = rows - 1 - limits.places(np.array([y for y, _ in ticks]), rows * plot.TALL) // plot.TALL
    every = next(n for n in range(1, len(ticks) + 1) if np.all(np.diff(at[::n]) > 0))
    return every, dict(zip(at[::every].tolist(), [label for _, label in ticks[::every]], strict=True))


def _column_labels(limits: Limits, columns: int) -> dict[int, str]:
    """Return the label of each tick of the x axis."""
    ticks = axis.ticks_between(limits, axis.step_for(limits.span, max(1, columns // 9)))
    places = limits.places(np.array(ticks), columns * plot.WIDE) // plot.WIDE
    return dict(zip(places.tolist(), axis.labels_for(ticks), strict=True))


def beside(frame: Frame, row: int) -> Runs:
    """Return the y axis at a row."""
    label = frame.row_labels.get(row)
    return [((label or "").rjust(frame.left), LABEL), ("│" if label is None else "┤", RULE)]


def beneath(frame: Frame, name: str, mark: int | None = None) -> list[Runs]:
    """Return the x axis and its labels, or the labels alone where a row is too much.

    A triangle points at the column `mark`, which curves may hide above.
    """
    columns = frame.canvas[0]
    rule = "".join("┬" if at in frame.column_labels else "─" for at in range(columns))
    words: Runs = [(_words(frame, name), LABEL)]
    line: Runs = [(" " * frame.left, ""), ("└" + rule, RULE)]
    rows = [line, words][2 - frame.below :]
    if mark is not None and rows:
        rows[0] = _pointed(rows[0], frame.left + 1 + mark)
    return rows


def _pointed(row: Runs, at: int) -> Runs:
    """Return the row with a triangle in a column; a digit there stays and is emphasised."""
    text = text_of(row)
    row = [*row, (" " * (at + 1 - len(text)), "")]
    under = text[at : at + 1]
    return replaced(row, at, (under if under.isalnum() else "▲", POINTER))


def _words(frame: Frame, name: str) -> str:
    """Return the labels of the x axis under their ticks, and its name where it disturbs least."""
    width = frame.left + 1 + frame.canvas[0] + frame.right
    starts: dict[int, str] = {}
    free = 0
    for column, label in sorted(frame.column_labels.items()):
        start = min(frame.left + 1 + column - (len(label) - 1) // 2, width - len(label))
        if start >= free:
            starts[start] = label
            free = start + len(label) + 1
    first = min(starts, default=width)
    if first == len(name) and starts[first] == "0":
        starts[first + 1] = starts.pop(first)  # a column to the right, where the name stood too near
        first += 1
    if first > len(name):
        starts[0] = name
    else:
        place = width - len(name)
        starts = {at: label for at, label in starts.items() if at + len(label) < place}
        starts[place] = name
    text = ""
    for at, label in sorted(starts.items()):
        text = text.ljust(at) + label
    return text
