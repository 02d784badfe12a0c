"""What a chart's cursor reads: the steps that its column stands for, and the numbers of each curve there."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.tui import plot
from scratchtui.tui.window import closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from scratchtui.experiments.view import Curve, Curves
    from scratchtui.tui.frame import Frame

DIGITS = (17, 9, 6, 4, 3)
BETWEEN = " · "
_NONE = np.empty(0)


@dataclass(frozen=True)
class Reading:
    """The lowest, mean and highest number of a curve in the steps from `first` to `last`; one in one step."""

    name: str
    first: int
    last: int
    low: float
    mean: float
    high: float
    digits: int = DIGITS[0]  # that are right

    @property
    def steps(self) -> str:
        """The steps as they are written for people."""
        return f"{self.first:,}" if self.first == self.last else f"{self.first:,}–{self.last:,}"

    def words(self, digits: int, beside: Reading) -> str:
        """Return name and numbers, and the steps where they are not those of the reading `beside`."""
        name = f"{self.name}:" if self.name[-1:].isdigit() else self.name  # else two numbers would meet
        elsewhere = "" if self.steps == beside.steps else f" at {self.steps}"
        return f"{name} {self.numbers(digits)}{elsewhere}"

    def numbers(self, digits: int) -> str:
        """Return lowest ≤ mean ≤ highest, or the one number."""
        every = (self.mean,) if self.first == self.last else (self.low, self.mean, self.high)
        return " ≤ ".join(_figure(each, min(digits, self.digits)) for each in every)


def _figure(value: float, digits: int) -> str:
    """Return a number in at most so many digits, and in no more than say it exactly."""
    if math.isnan(value):
        return "none"
    return repr(value) if digits >= DIGITS[0] else min(f"{value:.{digits}g}", repr(value), key=len)


def readings(curves: Curves, frame: Frame, step: float, lead: int = 0) -> list[Reading]:
    """Return what each curve says where `step` is, the one of number `lead` first.

    A curve of single moments says its nearest; one that does not reach so far says nothing.
    """
    column = frame.column(step)
    if column is None:
        return []
    found = []
    for curve in [*curves.curves[lead : lead + 1], *curves.curves[:lead], *curves.curves[lead + 1 :]]:
        near = closest(curve, frame.x)
        if len(near.x) and _reaches(near, frame, step, column):
            read = _moment(near, step) if near.first is None else _steps(near, near.first, frame, column)
            found.append(_powers(read, curves.base) if curves.base else read)
    return found


def _reaches(curve: Curve, frame: Frame, step: float, column: int) -> bool:
    """Whether a curve is where a step is, or in its column."""
    begins, ends = float(curve.x[0] if curve.first is None else curve.first[0]), float(curve.x[-1])
    return begins <= step <= ends or column in {frame.column(begins), frame.column(ends)}


def _moment(curve: Curve, step: float) -> Reading:
    """Return the moment that is nearest to a step."""
    at = int(np.argmin(np.abs(curve.x - step)))
    moment, value = round(float(curve.x[at])), float(curve.y[at])
    return Reading(curve.name, moment, moment, value, value, value)


def _steps(curve: Curve, first: NDArray[np.float64], frame: Frame, column: int) -> Reading:
    """Return what the steps of a column come to, or of the nearest that has any."""
    seen = np.flatnonzero((curve.x >= frame.x.low) & (first <= frame.x.high))
    if not seen.size:
        seen = np.arange(len(curve.x))
    x = np.minimum(curve.x[seen], frame.x.high)
    places, points = plot.spread(np.maximum(x, frame.x.low), first[seen], frame.x, frame.canvas[0])
    nearest = places[np.argmin(np.abs(places - column))]
    here = seen[points[places == nearest]]
    counts = curve.x[here] - first[here] + 1.0
    y = curve.y[here]
    low, high = (y if each is None else each[here] for each in (curve.low, curve.high))
    mean = float(np.average(y / (scale := max(1.0, np.abs(y).max())), weights=counts) * scale)
    begins, ends = int(first[here[0]]), int(curve.x[here[-1]])
    return Reading(curve.name, begins, ends, float(low.min()), mean, float(high.max()))


def _powers(read: Reading, base: float) -> Reading:
    low, mean, high = power(base, np.array([read.low, read.mean, read.high])).tolist()
    return replace(read, low=low, mean=mean, high=high, digits=DIGITS[1])


def power(base: float, y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the numbers whose logarithms to a base are y."""
    with np.errstate(over="ignore"):
        return np.asarray(base**y)


def line(found: Sequence[Reading], width: int) -> str:
    """Return what was read in a line of at most `width` cells, the first reading first.

    Of several curves as many as fit with four digits, or with three where each has three numbers; what is
    left out an ellipsis stands for.
    """
    return next((words for words in _lines(found) if len(words) <= width), "") if found else ""


def _lines(found: Sequence[Reading]) -> Iterator[str]:
    """Yield lines, the best first."""
    lead = found[0]
    for count in range(len(found), 0, -1):
        for digits in DIGITS if count == 1 or lead.first < lead.last else DIGITS[:-1]:
            words = [each.words(digits, lead) for each in found[:count]]
            more = BETWEEN + "…" if count < len(found) else ""
            unit = "step" if lead.first == lead.last else "steps"
            yield f"{unit} {lead.steps}{BETWEEN}{BETWEEN.join(words)}{more}"
    yield f"{lead.steps}{BETWEEN}{lead.words(DIGITS[-1], lead)}"
    yield f"{lead.steps}{BETWEEN}{lead.numbers(DIGITS[-1])}"
    ends = f"{lead.low:.2g}…{lead.high:.2g}" if lead.first < lead.last else lead.numbers(DIGITS[-1])
    yield f"{lead.steps}: {ends}"
    yield ends


def stops(curves: Curves, frame: Frame) -> NDArray[np.float64]:
    """Return the last step of the curves in each column; those of dim ones only where no other one is."""
    near = [(curve.dim, closest(curve, frame.x).x) for curve in curves.curves]
    x, others = (
        np.unique(np.concatenate([*(x for d, x in near if d == dim), _NONE])) for dim in (False, True)
    )
    x = np.union1d(x, others[(others < x[0]) | (others > x[-1])]) if x.size else others
    x = x[(x >= frame.x.low) & (x <= frame.x.high)]
    columns = frame.x.places(x, frame.canvas[0] * plot.WIDE) // plot.WIDE
    return np.asarray(x[np.flatnonzero(np.diff(columns, append=-1))])


def moved(curves: Curves, frame: Frame, step: float, columns: int) -> float:
    """Return the step that the cursor goes to, by so many columns or to the next that has a number."""
    every = stops(curves, frame)
    if not every.size:
        return step
    here = frame.column(min(max(step, frame.x.low), frame.x.high)) or 0
    at = frame.x.places(every, frame.canvas[0] * plot.WIDE) // plot.WIDE
    if columns > 0:
        beyond = np.flatnonzero(at >= here + columns)
        return float(every[beyond[0] if beyond.size else -1])
    beyond = np.flatnonzero(at <= here + columns)
    return float(every[beyond[-1] if beyond.size else 0])
