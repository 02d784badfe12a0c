"""Views: plain data to draw. Experiments make them, widgets draw them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Matrix:
    """Numbers in rows and columns, drawn as a heatmap.

    `values` is (R, C); NaN is an empty cell. `limit` is the magnitude that gets the strongest
    colour (None: the largest in `values`). `logarithmic` colours by the logarithm of the magnitude,
    so that 1 and 128 can both be seen.
    """

    values: NDArray[np.float64]
    row_labels: tuple[str, ...] = ()
    column_labels: tuple[str, ...] = ()
    limit: float | None = None
    logarithmic: bool = False


@dataclass(frozen=True)
class Curve:
    """One line of a chart: `x` and `y` are (P,), x ascending; NaN is a gap.

    `low` and `high`, where given, are the extremes that each point stands for: a spike is seen.
    """

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Curves:
    """A chart. `logarithmic` draws log10(y) with ticks at powers of ten.

    `ticks` are (y, label) pairs for the axis where the numbers themselves do not say enough.
    `empty` is the sentence shown instead of a chart without points, `x_name` what x counts.
    """

    curves: tuple[Curve, ...]
    logarithmic: bool = False
    ticks: tuple[tuple[float, str], ...] = ()
    empty: str = ""
    x_name: str = "step"


@dataclass(frozen=True)
class Table:
    """Rows of words and numbers, already formatted; columns are right-aligned but for the first.

    `heat` colours a cell beside each row, in -1..1 (None: no cell). `marked` rows need attention.
    `note` is a sentence below the rows.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    heat: tuple[float | None, ...] = ()
    marked: frozenset[int] = field(default_factory=frozenset)
    note: str = ""


View = Matrix | Curves | Table
