"""Views: plain data to draw. Experiments make them, widgets draw them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Matrix:
    """Numbers in rows and columns, drawn as a heatmap.

    `values` is (R, C); NaN is an empty cell. `limit` is the magnitude that gets the strongest
    colour (None: the largest in `values`). `logarithmic` colours by the logarithm of the magnitude,
    so that 1 and 128 can both be seen. `marks` are characters written on cells, by (row, column),
    behind the number where there is one; `empty` is the character in empty ones. `places` (R, C), where
    cells are weights, tells which element of the network's parameters each is, -1 for none. `roles` are words
    before the label of the row and that of the column where one cell is told: is smile, says frown.
    """

    values: NDArray[np.float64]
    row_labels: tuple[str, ...] = ()
    column_labels: tuple[str, ...] = ()
    limit: float | None = None
    logarithmic: bool = False
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)
    places: NDArray[np.intp] | None = None
    empty: str = "·"
    roles: tuple[str, str] = ("", "")

    @property
    def whole(self) -> bool:
        """Whether every finite number is whole, as counts are: then it is written without decimals."""
        finite = self.values[np.isfinite(self.values)]
        return bool((finite == np.rint(finite)).all())

    def weights_at(self, row: int, column: int) -> tuple[int, ...]:
        """Return which element of the parameters a cell is, -1 for none, and then those in its row."""
        if self.places is None or not self.places.size:
            return (-1,)
        return int(self.places[row, column]), *map(int, self.places[row])


@dataclass(frozen=True)
class Curve:
    """One line of a chart: `x` and `y` are (P,), x ascending; NaN is a gap.

    `low` and `high`, where given, are the extremes that each point stands for: a spike is seen.
    `first`, where given, tells from which step on each point stands for all up to x; its y is their mean.
    Without, a point is one moment. A `dim` one stays behind the others. `closer` is the same curve step by
    step, of a part of it.
    """

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None
    dim: bool = False
    first: NDArray[np.float64] | None = None
    closer: Curve | None = None


@dataclass(frozen=True)
class Curves:
    """A chart. `logarithmic` draws log10(y) with ticks at powers of ten.

    `ticks` are (y, label) pairs for the axis where the numbers themselves do not say enough.
    `empty` is the sentence shown instead of a chart without points, `x_name` what x counts. Where y is
    itself a logarithm of the numbers that are meant, `base` is that of the logarithm.
    """

    curves: tuple[Curve, ...]
    logarithmic: bool = False
    ticks: tuple[tuple[float, str], ...] = ()
    empty: str = ""
    x_name: str = "step"
    base: float | None = None


@dataclass(frozen=True)
class Table:
    """Rows of words and numbers, already formatted; columns are right-aligned but for the first.

    `heat` colours a cell beside each row, in -1..1 (None: no cell). `marked` rows need attention.
    `ids` tell what each row stands for, and `selected` which of them the user points at, where rows
    stand for something, such as rows of the dataset. `note` is a sentence below the rows. Where `choose`
    names columns, the cursor is on a cell of one of them. `places`, where rows are weights, tells which
    element of the network's parameters each is. Where not all columns fit, the one at `cut` becomes narrower
    before any goes. `details` tell in a sentence more of each row, and stand instead of the note while the
    cursor is on it.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    heat: tuple[float | None, ...] = ()
    marked: frozenset[int] = field(default_factory=frozenset)
    note: str = ""
    ids: tuple[int, ...] = ()
    selected: int | None = None
    choose: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    cut: int | None = None
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tile:
    """One matrix of a gallery, with a title above it and perhaps words below, in lines.

    `marked` needs attention. `id` is what it stands for, where it stands for something, such as a row
    of the dataset. Tiles of one `layer` share a scale of colours; without, each has its own.
    """

    title: str
    matrix: Matrix
    caption: str = ""
    marked: bool = False
    id: int | None = None
    layer: str = ""


@dataclass(frozen=True)
class Gallery:
    """Small matrices side by side, all in one scale of colours where `limit` is given.

    `numbers` asks for the figures themselves where there is room, rather than for larger cells. `note`
    is a sentence below them, `empty` the sentence shown where there are none.
    """

    tiles: tuple[Tile, ...]
    limit: float | None = None
    numbers: bool = False
    note: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Surface:
    """A function of the plane, in colours, with points on it.

    `values` is (R, C): the function at R x C places evenly spread over `extent` (left, right, bottom,
    top), the top row first; `limit` gets the strongest colour. `points` is (P, 2), and `classes`, (P,),
    tells 0 from 1; points that were not trained on are `held_out`, (P,).
    """

    values: NDArray[np.float64]
    extent: tuple[float, float, float, float]
    points: NDArray[np.float64]
    classes: NDArray[np.bool_]
    held_out: NDArray[np.bool_]
    limit: float = 1.0
    note: str = ""  # beside the legend

    def cells(self, rows: int, columns: int) -> NDArray[np.intp]:
        """Return row and column, (P, 2), of each point where the plane is drawn in so many cells."""
        left, right, bottom, top = self.extent
        across = (self.points[:, 0] - left) / (right - left) * columns
        down = (top - self.points[:, 1]) / (top - bottom) * rows
        places = np.column_stack((np.clip(down, 0, rows - 1), np.clip(across, 0, columns - 1)))
        return places.astype(np.intp)


@dataclass(frozen=True)
class Bar:
    """A probability as a horizontal bar, its name before it; the answer is `marked`."""

    label: str
    probability: float
    marked: bool = False


@dataclass(frozen=True)
class Canvas:
    """A picture whose pixels, on or off, the user draws, and what is made of it with every pixel.

    `cells` is (R, C). `title` says what the picture is, `bars` stand beside or below it, and `note` is a
    sentence below them.
    """

    cells: NDArray[np.bool_]
    bars: tuple[Bar, ...] = ()
    title: str = ""
    note: str = ""


Mood = Literal["", "dim", "good", "bad", "strong"]


@dataclass(frozen=True)
class Prose:
    """Words as paragraphs, wrapped; each span of a paragraph has a mood."""

    paragraphs: tuple[tuple[tuple[str, Mood], ...], ...]


View = Matrix | Curves | Table | Gallery | Surface | Canvas | Prose
