"""Which part of its curves a chart shows: all, the last part, or a range; and the lines of that part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from scratchtui.tui.axis import Limits, value_limits
from scratchtui.tui.frame import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from scratchtui.experiments.view import Curve, Curves

    Array = NDArray[np.float64]

LAST = 10  # the last part is a tenth
ZOOM = 4.0  # by which a window becomes wider or narrower
NARROWEST = 20.0  # steps
PIECES = 4  # of an axis that follows


@dataclass(frozen=True)
class Window:
    """All of the curves, the last tenth of them, or the range from `low` to `high`."""

    kind: Literal["all", "last", "range"] = "all"
    low: float = 0.0
    high: float = 0.0

    def limits(self, extent: Limits, held: Limits | None) -> Limits | None:
        """Return the x axis for curves of this extent, `held` as long as it serves; None for all of them."""
        match self.kind:
            case "last":
                return value_limits(extent.high - extent.span / LAST, extent.high, PIECES, held)
            case "range":
                return Limits(self.low, self.high)
        return None

    @property
    def words(self) -> str:
        """What is seen, in words; nothing for all."""
        return {"all": "", "last": "last tenth", "range": f"{self.low:,.0f}–{self.high:,.0f}"}[self.kind]

    @property
    def middle(self) -> float:
        """The step in the middle of a range."""
        return (self.low + self.high) / 2

    def next(self, extent: Limits, around: float) -> Window:
        """Return the window that the key goes to: all, the last tenth, a tenth around a step, all."""
        if self.kind == "all":
            return Window("last")
        return _range(extent, around, extent.span / LAST) if self.kind == "last" else Window()

    def scaled(self, factor: float, extent: Limits, around: float) -> Window:
        """Return the window of `factor` times this width, around a step; all where that is no less."""
        span = {"all": extent.span, "last": extent.span / LAST, "range": self.high - self.low}[self.kind]
        return _range(extent, around, factor * span)


def _range(extent: Limits, around: float, span: float) -> Window:
    """Return a window of whole steps within the extent, around a step as far as it can be."""
    span = round(max(span, NARROWEST))
    if span >= extent.span:
        return Window()
    low = min(max(extent.low, np.floor(around - span / 2)), extent.high - span)
    return Window("range", float(low), float(low + span))


def extent_of(curves: Curves) -> Limits | None:
    """Return how far the curves reach; None where there is no point."""
    return _extent(curves.curves)


def own_extent(curves: Curves) -> Limits | None:
    """Return how far those that are not dim reach, or all where all are."""
    return _extent(curve for curve in curves.curves if not curve.dim) or extent_of(curves)


def _extent(curves: Iterable[Curve]) -> Limits | None:
    every = [curve for curve in curves if len(curve.x)]
    if not every:
        return None
    begins = (float((curve.x if curve.first is None else curve.first)[0]) for curve in every)
    return Limits(min(begins), max(float(curve.x[-1]) for curve in every))


def closest(curve: Curve, limits: Limits) -> Curve:
    """Return the curve step by step, if it is known so between the limits."""
    closer = curve.closer
    if closer is None or not len(closer.x):
        return curve
    low, high = max(limits.low, 1.0), min(limits.high, curve.x[-1])
    if not closer.x[0] <= low <= high <= closer.x[-1]:
        return curve
    return replace(curve, x=closer.x, y=closer.y, low=closer.low, high=closer.high, first=closer.first)


def part(line: Line, limits: Limits) -> Line:
    """Return what of a line lies between the limits, cut off at them.

    A point that stands for steps on both sides of a limit is kept whole there, so that its extremes are.
    """
    begins = line.x if line.first is None else line.first
    inside = (begins <= limits.high) & (line.x >= limits.low)
    kept = _each(line, lambda values: values[inside])
    if kept.first is None:
        return _with_edges(kept, line, limits)
    first, x = np.maximum(kept.first, limits.low), np.minimum(kept.x, limits.high)
    return replace(kept, x=x, first=first)


def _with_edges(kept: Line, line: Line, limits: Limits) -> Line:
    """Return a line of single moments with what leads to the moments outside, as far as the limits."""
    edges = [end for end in (limits.low, limits.high) if len(line.x) and line.x[0] < end < line.x[-1]]
    x = np.union1d(kept.x, edges)
    return _each(line, lambda values: np.interp(x, line.x, values)) if len(x) > len(kept.x) else kept


def _each(line: Line, made_of: Callable[[Array], Array]) -> Line:
    """Return the line with each of its arrays made anew."""
    low, high, first = (None if a is None else made_of(a) for a in (line.low, line.high, line.first))
    return Line(line.name, made_of(line.x), made_of(line.y), low, high, first, line.dim)
