"""A chart of curves over steps, drawn in braille, whose axes stand still while data arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from scratchtui.tui.drawn import COLOURS, drawn
from scratchtui.tui.widgets.drawing import Drawing

if TYPE_CHECKING:
    from scratchtui.experiments.view import Curve, Curves
    from scratchtui.tui.frame import Frame
    from scratchtui.tui.ink import Runs


class Chart(Drawing):
    """Draws `Curves`. The owner calls `show`; the chart has no clock of its own."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "chart--axis",
        "chart--label",
        "chart--empty",
        "chart--mark",
        "chart--pointer",
        "chart--band",
        "chart--dim",
        *(f"chart--curve-{number}" for number in range(COLOURS)),
    }
    DEFAULT_CSS = """
    Chart {
        & > .chart--axis { color: $foreground 45%; }
        & > .chart--label { color: $foreground 75%; }
        & > .chart--empty { color: $foreground 75%; }
        & > .chart--mark { color: $foreground 45%; }
        & > .chart--pointer { color: $accent; text-style: bold; }
        & > .chart--dim { color: $foreground 40%; }
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
        if self._curves is None:
            return [[] for _ in range(height)]
        rows, self._frame = drawn(self._curves, (width, height), self._mark, self._frame)
        return rows


def same(one: Curves, other: Curves) -> bool:
    """Tell whether two charts look alike."""
    if one is other:
        return True
    settings = [(each.logarithmic, each.ticks, each.empty, each.x_name) for each in (one, other)]
    if settings[0] != settings[1] or len(one.curves) != len(other.curves):
        return False
    return all(_same_curve(*pair) for pair in zip(one.curves, other.curves, strict=True))


def _same_curve(one: Curve, other: Curve) -> bool:
    """Tell whether two curves have one name, one look, and equal numbers."""
    if (one.name, one.dim) != (other.name, other.dim):
        return False
    for name in ("x", "y", "low", "high"):
        a, b = getattr(one, name), getattr(other, name)
        if a is not b and (a is None or b is None or not np.array_equal(a, b, equal_nan=True)):
            return False
    return True
