"""Points in the plane, each of class 0 or 1.

`gaussians` (two clouds), `circle` (a disc within a ring), `quadrants` (XOR of the signs of x and y),
`spirals` (two arms, one within the other), and `plane`, which has no point, to begin with one's own.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.hyperparameter import quoted, suggestion
from scratchtui.experiments.samples.dataset import Dataset, Extent
from scratchtui.experiments.samples.examples import Examples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.nn import Array

PLANES = ("gaussians", "circle", "quadrants", "spirals", "plane")
REACH = 3.0  # of what is generated, from the origin, about
FARTHEST = 100.0
_LEAST_EXTENT = 3.5
FEATURES = ("x", "y", "x^2", "y^2", "xy", "sin x", "sin y")
_TURNS = 1.5  # of each spiral


def base_points(
    name: str, count: int, noise: float, test_share: float, seed: np.random.SeedSequence
) -> Examples:
    """Return `count` points of a dataset without edits, each moved by normal noise.

    `noise` is its standard deviation in x and in y; a `test_share` of the points is held out. Neither
    changes where the points were before, nor which are held out.
    """
    shape_rng, noise_rng, split_rng = (np.random.default_rng(each) for each in seed.spawn(3))
    count = 0 if name == "plane" else count
    classes = np.arange(count) % 2
    points = _shape(name, classes, shape_rng) + noise * noise_rng.standard_normal((count, 2))
    held_out = np.zeros(count, dtype=bool)
    held_out[split_rng.permutation(count)[: round(test_share * count)]] = True
    return Examples.of(points, classes.astype(np.float64), held_out)


def _shape(name: str, classes: NDArray[np.intp], rng: np.random.Generator) -> Array:
    """Return points (N, 2), without noise, for classes (N,)."""
    count = len(classes)
    a, b = rng.uniform(size=(2, count))
    match name:
        case "gaussians":
            return (2.0 * classes - 1.0)[:, None] * 1.3 + 0.6 * rng.standard_normal((count, 2))
        case "circle":
            radius = np.where(classes == 1, 1.3 * np.sqrt(a), 2.0 + (REACH - 2.0) * a)
            return _polar(radius, 2.0 * math.pi * b)
        case "quadrants":
            x, y = 0.25 + (REACH - 0.25) * a, 0.25 + (REACH - 0.25) * b
            sign = np.where(rng.uniform(size=count) < 0.5, 1.0, -1.0)
            return np.column_stack((sign * x, sign * np.where(classes == 1, -y, y)))
        case "spirals":
            along = 0.1 + 0.9 * np.sqrt(a)  # as many points to the length of an arm everywhere
            return _polar(REACH * along, 2.0 * math.pi * (_TURNS * along + 0.5 * classes))
    return np.empty((count, 2))


def _polar(radius: Array, angle: Array) -> Array:
    return np.column_stack((radius * np.cos(angle), radius * np.sin(angle)))


class Plane(Dataset):
    """Points and their edits, such as `circle 17=0 +0.5,-1=1`; `inputs` names what is told of each."""

    def __init__(self, data: str, base: Examples, inputs: tuple[str, ...]) -> None:
        super().__init__(data, base)
        self._inputs = inputs

    @property
    def example(self) -> str:
        """Some point, as numbers with a comma between."""
        return "0.5,-1"

    @property
    def names(self) -> tuple[str, ...]:
        """Which functions of x and y are told."""
        return self._inputs

    @property
    def extent(self) -> Extent | None:
        """A square about the origin in which all points are."""
        most = float(np.abs(self.examples.inputs).max())
        side = max(_LEAST_EXTENT, math.ceil(most * 1.05))
        return (-side, side, -side, side)

    def read_row(self, text: str) -> Array:
        """Return the point (2,) that is written x,y, such as 0.5,-1; or ValueError."""
        parts = text.split(",") if "," in text else text.split()
        try:
            x, y = (float(part) for part in parts)
        except ValueError:
            raise ValueError(f"{quoted(text)} is no point x,y, such as 0.5,-1") from None
        if math.isnan(x) or math.isnan(y):
            raise ValueError(f"{quoted(text)} is no point x,y, such as 0.5,-1")
        if max(abs(x), abs(y)) > FARTHEST:
            raise ValueError(f"{text:.60} is out of the plane; the farthest is {FARTHEST:g}")
        return np.array([x, y])

    def written_row(self, row: Array) -> str:
        """Return a point (2,) as x,y."""
        return ",".join(f"{value:.6g}" for value in row.tolist())

    def encoded(self, rows: Array) -> Array:
        """Return the functions of points (N, 2) that are told: (N, F)."""
        return features(rows, self._inputs)

    def flipped(self, number: int, column: int) -> str:
        """Return `data` with the class of a point turned over."""
        del column
        return self.changed(number, target=1.0 - self.examples.targets[self.examples.place(number)])


def read_features(text: str) -> tuple[str, ...]:
    """Return which of `FEATURES` are listed, with commas between, in their own order; or ValueError."""
    known = {_plain(name): name for name in FEATURES}
    listed = [_plain(part) for part in text.split(",")]
    for word in listed:
        if word not in known:
            raise ValueError(
                f"inputs has no choice {quoted(word)}; {suggestion(word[:40], FEATURES, listing=True)}"
            )
    return tuple(name for plain, name in known.items() if plain in listed)


def _plain(name: str) -> str:
    """Return a name without blanks and parentheses, x² as x^2."""
    return re.sub(r"[\s()]", "", name.lower()).replace("²", "^2")


def features(points: Array, names: tuple[str, ...]) -> Array:
    """Return the named functions of points (N, 2): (N, F)."""
    x, y = points.T
    values = (x, y, x * x, y * y, x * y, np.sin(x), np.sin(y))
    return np.column_stack([values[FEATURES.index(name)] for name in names])
