"""The rows of a chart, apart from any widget: curves, bands, mark, and the names of the curves."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from scratchtui.tui import axis, plot
from scratchtui.tui.condensed import condensed
from scratchtui.tui.frame import Frame, Line, beneath, beside, fit, line_of
from scratchtui.tui.ink import centred, replaced, text_of
from scratchtui.tui.window import Window, closest, own_extent, part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scratchtui.experiments.view import Curves
    from scratchtui.tui.axis import Limits
    from scratchtui.tui.ink import Runs

COLOURS = 8
BLANKS = " \u2800"
ALL = Window()
ELSEWHERE = "no step in this window: esc shows all"
BEHIND = {"chart--band", "chart--mark"}


def drawn(
    curves: Curves,
    size: tuple[int, int],
    mark: float | None = None,
    held: Frame | None = None,
    window: Window = ALL,
) -> tuple[list[Runs], Frame | None]:
    """Return the rows of a chart of `size` (columns, rows), and its frame; a sentence has none.

    There is an upright line at x = `mark`, and a triangle on the axis below it. Axes move as little from
    `held`, the frame before, as they can.
    """
    width, height = size
    lines, limits = _lines(curves, window, held)
    if width < 12 or height < 2 or not any(line.seen.any() for line in lines):
        elsewhere = limits is not None and any(len(curve.x) for curve in curves.curves)
        return centred(ELSEWHERE if elsewhere else curves.empty, width, height, "chart--empty"), None
    frame = fit(curves, lines, size, held, limits)
    lines = [condensed(line, frame, logarithmic=curves.logarithmic) for line in lines]
    canvas = [_inked(row) for row in plot.draw(_strokes(lines, frame), frame.canvas)]
    column = None if mark is None else frame.column(mark)
    for band in _bands(lines, frame):
        pairs = zip(canvas, band, strict=True)
        canvas = [_behind(row, text, "chart--band") for row, text in pairs]
    if column is not None:
        upright = " " * column + "│" + " " * (frame.canvas[0] - column - 1)
        canvas = [_behind(row, upright, "chart--mark") for row in canvas]
    names = _names(lines, frame)
    rows = [[*beside(frame, y), *row, *names[y]] for y, row in enumerate(canvas)]
    above = [_legend(lines, width, frame.left + 1)] if frame.legend else []
    return above + rows + beneath(frame, curves.x_name, column), frame


def crossed(rows: list[Runs], frame: Frame, column: int) -> list[Runs]:
    """Return the rows of a chart with its cursor in a column of the canvas; curves there are reversed."""
    at = frame.left + 1 + column
    top = int(frame.legend)
    return [
        _crossed(row, at) if top <= y <= top + frame.canvas[1] - (frame.below < 2) else row
        for y, row in enumerate(rows)
    ]


def _crossed(row: Runs, at: int) -> Runs:
    text = text_of(row)
    row = [*row, (" " * (at + 1 - len(text)), "")]
    start = 0
    for run, pen in row:
        if start <= at < start + len(run):
            under = run[at - start]
            behind = pen in BEHIND or not under.strip(BLANKS)
            return replaced(row, at, ("┃", "chart--cursor") if behind else (under, "chart--crossed"))
        start += len(run)
    return row


def _lines(curves: Curves, window: Window, held: Frame | None) -> tuple[list[Line], Limits | None]:
    """Return what is seen of the curves, and the x axis where it is not made for all of them."""
    extent = own_extent(curves)
    limits = window.limits(extent, held.x if held else None) if extent else None
    if limits is None:
        return [line_of(curve, logarithmic=curves.logarithmic) for curve in curves.curves], None
    near = [closest(curve, limits) for curve in curves.curves]
    return [part(line_of(curve, logarithmic=curves.logarithmic), limits) for curve in near], limits


def _strokes(lines: Sequence[Line], frame: Frame) -> list[tuple[plot.Dots, int]]:
    """Return what plotext is to draw."""
    behind_first = sorted(enumerate(lines), key=lambda pair: not pair[1].dim)
    return [
        (dots, _ink(number, line))
        for number, line in behind_first
        for dots in plot.strokes(line.x, line.y, (frame.x, frame.y), frame.canvas)
    ]


def _bands(lines: Sequence[Line], frame: Frame) -> Iterator[list[str]]:
    """Yield the extremes of each curve that has any, as rows of text; of dim ones last."""
    for line in sorted(lines, key=lambda line: line.dim):
        if line.low is not None and line.high is not None:
            limits = frame.x, frame.y
            yield plot.band(line.x, line.low, line.high, limits, frame.canvas, line.first, sparse=line.dim)


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


def _ink(number: int, line: Line) -> int:
    """Return what plotext draws a curve in: the number of its colour, and for all dim ones the next."""
    return COLOURS if line.dim else number % COLOURS


def _pen(ink: int) -> str:
    """Return the component class of an ink."""
    return "chart--dim" if ink == COLOURS else f"chart--curve-{ink}"


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
            rows[row] = [(lines[number].name.rjust(frame.right), _pen(_ink(number, lines[number])))]
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
        runs.append((text, _pen(_ink(number, line))))
        used += len(text)
    return runs
