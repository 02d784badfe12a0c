"""What is seen of a multilayer perceptron: its rows, the plane, every unit, every weight."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments import figures
from scratchtui.experiments.samples.tables import bit_names
from scratchtui.experiments.view import Gallery, Matrix, Surface, Table, Tile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from scratchtui.experiments.samples.dataset import Extent
    from scratchtui.experiments.samples.examples import Examples
    from scratchtui.nn import Array

MOST_ROWS_SHOWN = 256
_LABELLED_BITS = 3  # with room for x1 above a digit
_FINE, _COARSE = (48, 80), (24, 40)  # rows and columns of the plane
_MANY_UNITS = 64  # for which the fine plane would take too long
_SMALL = 10  # rows and columns of the plane of a unit
ONE, ZERO = "●", "○"  # as on the surface


def table_rows(examples: Examples, says: Array, selected: int) -> Table:
    """Return a truth table beside what the network says, (N,); its bits and targets can be chosen."""
    shown = _shown(says - examples.targets, selected, examples.contradictory)
    bits = examples.inputs.shape[1]
    names = bit_names(bits) if bits <= _LABELLED_BITS else tuple(map(str, range(1, bits + 1)))
    rows = tuple(
        (
            str(number),
            *(f"{bit:.0f}" for bit in inputs),
            f"{target:.0f}",
            f"{said:.2f}",
            figures.error(said - target),
        )
        for number, inputs, target, said in _listed(examples, says, shown)
    )
    return _table(("row", *names, "target", "says", "error"), rows, examples, says, shown, selected,
                  tuple(range(1, bits + 2)))  # fmt: skip


def point_rows(examples: Examples, says: Array, selected: int) -> Table:
    """Return points, their classes and what the network says, (N,)."""
    shown = _shown(says - examples.targets, selected, examples.contradictory)
    which = np.where(examples.held_out[shown], "unseen", "train").tolist()
    rows = tuple(
        (str(number), f"{x:.2f}", f"{y:.2f}", f"{target:.0f}", f"{said:.2f}", learnt)
        for (number, (x, y), target, said), learnt in zip(_listed(examples, says, shown), which, strict=True)
    )
    return _table(("row", "x", "y", "class", "says", "set"), rows, examples, says, shown, selected, ())


def _listed(
    examples: Examples, says: Array, shown: NDArray[np.intp]
) -> list[tuple[int, list[float], float, float]]:
    """Return number, inputs, target and answer of the rows shown."""
    columns = (examples.numbers, examples.inputs, examples.targets, says)
    return list(zip(*(column[shown].tolist() for column in columns), strict=True))


def _table(
    columns: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    examples: Examples,
    says: Array,
    shown: NDArray[np.intp],
    selected: int,
    choose: tuple[int, ...],
) -> Table:
    marked = np.flatnonzero(examples.contradictory[shown]).tolist()
    total = len(examples.targets)
    note = "" if len(shown) == total else f"{len(shown)} of {total}: the worst, and yours"
    heat = tuple((2.0 * says[shown] - 1.0).tolist())
    ids = tuple(examples.numbers[shown].tolist())
    return Table(columns, rows, heat, frozenset(marked), note, ids, int(examples.numbers[selected]), choose)


def _shown(errors: Array, selected: int, marked: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the indices of the rows shown, ascending: all, or the worst, the last and the marked."""
    if len(errors) <= MOST_ROWS_SHOWN:
        return np.arange(len(errors))
    worth = np.abs(np.nan_to_num(errors, nan=1.0)) + 2.0 * marked
    worth[-8:] += 4.0  # where rows are added
    worth[selected] = 8.0
    return np.sort(np.argpartition(-worth, MOST_ROWS_SHOWN)[:MOST_ROWS_SHOWN])


def plane(extent: Extent, rows: int, columns: int) -> Array:
    """Return rows x columns places evenly spread over the extent, (R * C, 2), the top row first."""
    left, right, bottom, top = extent
    x, y = np.meshgrid(np.linspace(left, right, columns), np.linspace(top, bottom, rows))
    return np.column_stack((x.ravel(), y.ravel()))


def surface(answer: Callable[[Array], Array], examples: Examples, extent: Extent, units: int) -> Surface:
    """Return what the network answers, (N,) in 0..1 for places (N, 2), all over the plane, as -1..1.

    `units` is how many hidden units it takes to find out: of very many, fewer places are asked for.
    """
    rows, columns = _FINE if units <= _MANY_UNITS else _COARSE
    values = 2.0 * answer(plane(extent, rows, columns)).reshape(rows, columns) - 1.0
    classes = examples.targets > 0.5
    return Surface(values, extent, examples.inputs, classes, examples.held_out)


def units(
    layers: Callable[[Array], Sequence[Array]], examples: Examples, extent: Extent, limit: float | None
) -> Gallery:
    """Return the activation of each hidden unit all over the plane, a tile each, and the data on it.

    `layers` gives those of each hidden layer, (N, M), and last the output.
    """
    outputs = layers(plane(extent, _SMALL, _SMALL))[:-1]
    marks = class_marks(examples, extent, _SMALL, _SMALL)
    tiles = tuple(
        Tile(f"{place}.{unit}", Matrix(values.reshape(_SMALL, _SMALL), limit=limit, marks=marks))
        for place, output in enumerate(outputs, start=1)
        for unit, values in zip(count(1), output.T)
    )
    note = f"{len(tiles)} units, layer.number   {ONE} one  {ZERO} zero"
    return Gallery(tiles, note=note)


def class_marks(examples: Examples, extent: Extent, rows: int, columns: int) -> dict[tuple[int, int], str]:
    """Return the class that most of the examples have at each place of `plane`, where there are any.

    Of as many of one as of the other it is that of the last.
    """
    left, right, bottom, top = extent
    x, y = examples.inputs.T
    down = np.rint((top - y) / (top - bottom) * (rows - 1)).astype(np.intp)
    across = np.rint((x - left) / (right - left) * (columns - 1)).astype(np.intp)
    said = np.where(examples.targets > 0.5, 1, -1).tolist()
    votes: dict[tuple[int, int], int] = {}
    marks: dict[tuple[int, int], str] = {}
    for place, vote in zip(zip(down.tolist(), across.tolist(), strict=True), said, strict=True):
        votes[place] = votes.get(place, 0) + vote
        if votes[place] * vote >= 0:
            marks[place] = ONE if vote > 0 else ZERO
    return marks


def weights(parameters: Sequence[tuple[Array, Array]], names: tuple[str, ...]) -> Gallery:
    """Return W (D, M) and b (M,) of each layer, a row for each unit, the bias last in it."""
    tiles = []
    for place, (w, b) in enumerate(parameters, start=1):
        last = place == len(parameters)
        of = names if place == 1 else tuple(f"{place - 1}.{unit}" for unit in range(1, len(w) + 1))
        to = ("out",) if last else tuple(f"{place}.{unit}" for unit in range(1, len(b) + 1))
        matrix = Matrix(np.vstack((w, b)).T.copy(), to, (*of, "bias"))
        tiles.append(Tile("output" if last else f"hidden {place}", matrix))
    return Gallery(tuple(tiles), numbers=True)


def activations(
    names: tuple[str, ...], x: Array, layers: Sequence[Array], limit: float | None, note: str
) -> Gallery:
    """Return the inputs (1, D) and what each layer makes of them, (1, M) each, the output last."""
    tiles = [Tile("inputs", Matrix(x, column_labels=names, limit=max(1.0, float(np.abs(x).max()))))]
    for place, output in enumerate(layers[:-1], start=1):
        labels = tuple(map(str, range(1, output.shape[1] + 1)))
        tiles.append(Tile(f"hidden {place}", Matrix(output, column_labels=labels, limit=limit)))
    tiles.append(Tile("says", Matrix(layers[-1], column_labels=("",), limit=1.0)))
    return Gallery(tuple(tiles), numbers=True, note=note)
