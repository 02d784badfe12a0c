"""A chart of curves over steps, drawn in braille, whose axes stand still while data arrives."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from scratchtui.tui import axis, plot
from scratchtui.tui.frame import Frame, Line, beneath, beside, fit, line_of
from scratchtui.tui.ink import Runs, centred
from scratchtui.tui.widgets.drawing import Drawing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scratchtui.experiments.view import Curve, Curves

COLOURS = 8
BLANKS = " \u2800"


class Chart(Drawing):
    """Draws `Curves`. The owner calls `show`; the chart has no clock of its own."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "chart--axis",
        "chart--label",
        "chart--empty",
        "chart--mark",
        "chart--band",
        *(f"chart--curve-{number}" for number in range(COLOURS)),
    }
    DEFAULT_CSS = """
    Chart {
        & > .chart--axis { color: $foreground 45%; }
        & > .chart--label { color: $foreground 75%; }
        & > .chart--empty { color: $foreground 75%; }
        & > .chart--mark { color: $foreground 45%; }
        & > .chart--band { color: $foreground 35%; }
        & > .chart--curve-0 { color: $primary; }
        & > .chart--curve-1 { color: $accent; }
        & > .chart--curve-2 { color: $success; }
        & > .chart--curve-3 { color: $error; }
        & > .chart--curve-4 { color: $foreground; }
        & > .chart--curve-5 { color: #875fff; }
        & > .chart--curve-6 { color: #d75faf; }
        & > .chart--curve-7 { color: #878700; }
        &:light {
            & > .chart--curve-5 { color: #8700ff; }
            & > .chart--curve-6 { color: #af0087; }
            & > .chart--curve-7 { color: #000087; }
        }
    }
    """

    _curves: Curves | None = None
    _mark: float | None = None
    _frame: Frame | None = None

    def show(self, curves: Curves, *, mark: float | None = None) -> None:
        """Draw these curves, and an upright line at x = `mark`, unless they are shown already."""
        before = self._curves
        if before is not None and self._mark == mark and same(before, curves):
            return
        if before and (before.logarithmic, before.ticks) != (curves.logarithmic, curves.ticks):
            self._frame = None
        self._curves, self._mark = curves, mark
        self.redraw()

    def picture(self, width: int, height: int) -> list[Runs]:
        """Return the rows of the chart, or the sentence that stands for it."""
        curves = self._curves
        if curves is None:
            return [[] for _ in range(height)]
        lines = [line_of(curve, logarithmic=curves.logarithmic) for curve in curves.curves]
        if width < 12 or height < 2 or not any(line.seen.any() for line in lines):
            self._frame = None
            return centred(curves.empty, width, height, "chart--empty")
        frame = self._frame = fit(curves, lines, (width, height), self._frame)
        canvas = [_inked(row) for row in plot.draw(_strokes(lines, frame), frame.canvas)]
        column = None if self._mark is None else frame.column(self._mark)
        for band in _bands(lines, frame):
            pairs = zip(canvas, band, strict=True)
            canvas = [_behind(row, text, "chart--band") for row, text in pairs]
        if column is not None:
            upright = " " * column + "│" + " " * (frame.canvas[0] - column - 1)
            canvas = [_behind(row, upright, "chart--mark") for row in canvas]
        names = _names(lines, frame)
        rows = [[*beside(frame, y), *row, *names[y]] for y, row in enumerate(canvas)]
        above = [_legend(lines, width, frame.left + 1)] if frame.legend else []
        return above + rows + beneath(frame, curves.x_name)


def same(one: Curves, other: Curves) -> bool:
    """Tell whether two charts look alike."""
    if one is other:
        return True
    settings = [(each.logarithmic, each.ticks, each.empty, each.x_name) for each in (one, other)]
    if settings[0] != settings[1] or len(one.curves) != len(other.curves):
        return False
    return all(_same_curve(*pair) for pair in zip(one.curves, other.curves, strict=True))


def _same_curve(one: Curve, other: Curve) -> bool:
    """Tell whether two curves have one name and equal numbers."""
    if one.name != other.name:
        return False
    for name in ("x", "y", "low", "high"):
        a, b = getattr(one, name), getattr(other, name)
        if a is not b and (a is None or b is None or not np.array_equal(a, b, equal_nan=True)):
            return False
    return True


def _strokes(lines: Sequence[Line], frame: Frame) -> list[tuple[plot.Dots, int]]:
    """Return what plotext is to draw."""
    return [
        (dots, number % COLOURS)
        for number, line in enumerate(lines)
        for dots in plot.strokes(line.x, line.y, (frame.x, frame.y), frame.canvas)
    ]


def _bands(lines: Sequence[Line], frame: Frame) -> Iterator[list[str]]:
    """Yield the extremes of each curve that has any, as rows of text."""
    for line in lines:
        if line.low is not None and line.high is not None:
            yield plot.band(line.x, line.low, line.high, (frame.x, frame.y), frame.canvas)


def _parts(text: str, pen: str) -> Runs:
    """Return a text with its blanks apart from what is drawn."""
    parts = re.split(f"([{BLANKS}]+)", text)
    return [(part, pen if part.strip(BLANKS) else "") for part in parts if part]


def _behind(row: Runs, text: str, pen: str) -> Runs:
    """Return the row with `text`, of its length, wherever nothing is drawn."""
    runs: Runs = []
    place = 0
    for front, front_pen in row:
        blank = not front.strip(BLANKS)
        runs += _parts(text[place : place + len(front)], pen) if blank else [(front, front_pen)]
        place += len(front)
    return runs


def _pen(curve: int) -> str:
    """Return the component class of a curve."""
    return f"chart--curve-{curve % COLOURS}"


def _inked(row: list[tuple[str, int | None]]) -> Runs:
    """Return a row of plotext's in our pens."""
    return [part for text, pen in row for part in _parts(text, _pen(pen or 0))]


def _names(lines: Sequence[Line], frame: Frame) -> list[Runs]:
    """Return for each row the name of the curve whose right end is there, or near if no ticks are given."""
    rows: list[Runs] = [[] for _ in range(frame.canvas[1])]
    if not frame.right:
        return rows
    ends = []
    for number, line in enumerate(lines):
        seen = line.y[line.seen & (line.y >= frame.y.low) & (line.y <= frame.y.high)]
        if seen.size:
            ends.append((frame.row(float(seen[-1])), -float(seen[-1]), number))
    ends.sort()
    if frame.every and len(lines) > len(frame.row_labels):
        ends = ends[:: frame.every]
    wanted = [row for row, _, _ in ends]
    placed = _first_of_each(wanted) if frame.every else axis.label_rows(wanted, len(rows))
    for (_, _, number), row in zip(ends, placed, strict=True):
        if row is not None:
            rows[row] = [(lines[number].name.rjust(frame.right), _pen(number))]
    return rows


def _first_of_each(rows: list[int]) -> list[int | None]:
    """Return the ascending rows with None for each that came before."""
    return [row if row != before else None for before, row in pairwise([-1, *rows])]


def _legend(lines: Sequence[Line], width: int, indent: int) -> Runs:
    """Return a line that names the curves, as many as fit."""
    runs: Runs = [(" " * indent, "")]
    used = indent
    for number, line in enumerate(lines):
        text = f"━ {line.name}  "
        if used + len(text.rstrip()) > width:
            break
        runs.append((text, _pen(number)))
        used += len(text)
    return runs
