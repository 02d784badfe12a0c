"""How one linear layer reads bits: its weights beside what they should be, its answers beside the labels.

Everything here is a view of numbers that are given; nothing is learnt.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments import figures
from scratchtui.experiments.bits.codes import Code, decode
from scratchtui.experiments.bits.rows import Rows, row_bits
from scratchtui.experiments.elements import FROZEN_MARK, located
from scratchtui.experiments.view import Curve, Curves, Matrix, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchtui.experiments.bits.quadratic import LeastSquares
    from scratchtui.experiments.panel import Probe
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.nn import Array

MOST_ROWS_SHOWN = 256
MOST_POINTS = 400
LARGEST = 1e300  # error that is told apart
LOWEST_POWER = -0.5
OUT_OF_REACH = 1.5  # times the axis of the targets' powers, which shows no more


@dataclass(frozen=True)
class Reading:
    """Weights (P,) that read rows of `bits` bits of a code; behind those of the bits stands a bias, if any.

    `problem` says what the weights should be, `ever_set` (P,) which inputs the rows set at all.
    """

    code: Code
    bits: int
    rows: Rows
    problem: LeastSquares
    ever_set: NDArray[np.bool_]
    weights: Array

    @property
    def targets(self) -> Array:
        """What the data says each weight should be, (P,); nan where it does not say."""
        return np.where(self.problem.determined, self.problem.solution, np.nan)

    def says(self, bits: Array) -> Array:
        """Return what is read in rows of bits (N, B), as numbers (N,)."""
        with np.errstate(over="ignore", invalid="ignore"):
            said = bits @ self.weights[: self.bits]
            return np.asarray(said + self.weights[self.bits] if len(self.weights) > self.bits else said)

    def name(self, place: int) -> str:
        """Return the name of the weight at a place: the power of its bit, or bias."""
        return "bias" if place == self.bits else str(self.bits - 1 - place)

    def listed(self, which: NDArray[np.bool_]) -> str:
        """Return the subject of a sentence about weights: bits 7-5 are."""
        names = [self.name(place) for place in np.flatnonzero(which).tolist()]
        return f"bits {figures.runs(names)} are" if len(names) > 1 else f"bit {names[0]} is"

    def spelt(self, rows: Array) -> list[str]:
        """Return rows of bits (N, B) as they are written."""
        patterns = (rows @ 2.0 ** np.arange(self.bits - 1, -1, -1)).tolist()
        return [figures.bits(int(pattern), self.bits) for pattern in patterns]

    def weights_table(self, frozen: NDArray[np.intp]) -> Table:
        """Return each weight with its target and its error, weight - target; those `frozen` have a mark."""
        targets = self.targets
        largest = np.log2(1.0 + np.nanmax(np.abs(targets), initial=1.0))
        rows, heat, marked = [], [], set()
        for place, (weight, target) in enumerate(zip(self.weights.tolist(), targets.tolist(), strict=True)):
            known = not math.isnan(target)
            untold = "tied" if self.ever_set[place] else "random"
            error = figures.error(weight - target) if known else untold
            aim = figures.target(target) if known else "none"
            name = f"{self.name(place)} {FROZEN_MARK}" if place in frozen else self.name(place)
            rows.append((name, figures.figure(weight), aim, error))
            heat.append(float(np.sign(weight) * min(1.0, np.log2(1.0 + abs(weight)) / largest)))
            if not known:
                marked.add(place)
        names = "bit", "weight", "target", "error"
        places = tuple(range(len(rows)))
        return Table(names, tuple(rows), tuple(heat), frozenset(marked), places=places)

    def heatmap(self, frozen: NDArray[np.intp]) -> Matrix:
        """Return weights, targets and errors in colours, by the logarithm of their size."""
        targets = self.targets
        values = np.vstack((self.weights, targets, self.weights - targets))
        names = tuple(self.name(place) for place in range(len(targets)))
        limit = float(np.abs(np.where(np.isnan(targets), self.weights, targets)).max(initial=1.0))
        places = np.full(values.shape, np.nan)
        places[0] = np.arange(len(self.weights))
        drawn = Matrix(values, ("weight", "target", "error"), names, limit, logarithmic=True)
        return located(drawn, places, frozen)

    def paths(self, timeline: Sequence[Snapshot]) -> Curves:
        """Return log2 of the size of each bit's weight over the steps, with ticks where targets are."""
        if len(timeline) < 2:
            return Curves((), empty="no step yet")
        chosen = timeline[:: max(1, len(timeline) // MOST_POINTS)]
        if chosen[-1] is not timeline[-1]:
            chosen = (*chosen, timeline[-1])
        steps = np.array([float(snapshot.step) for snapshot in chosen])
        sizes = np.abs(
            np.array([snapshot.parameters[: self.bits] for snapshot in chosen]).reshape(-1, self.bits)
        )
        powers = np.log2(sizes, where=sizes > 0.0, out=np.full_like(sizes, np.nan))
        powers[powers < LOWEST_POWER] = np.nan
        curves = tuple(
            Curve(name, steps, powers[:, place]) for place, name in enumerate(self._names_of_paths())
        )
        top = int(np.ceil(np.log2(np.abs(self.problem.solution[: self.bits]).max(initial=1.0))))
        if np.nanmax(powers, initial=0.0) > OUT_OF_REACH * (top + 1):  # they run away: that is to be seen
            return Curves(curves, base=2.0)
        ticks = tuple((float(power), str(power)) for power in range(top, -1, -1))
        return Curves(curves, ticks=ticks, base=2.0)

    def _names_of_paths(self) -> list[str]:
        targets = self.targets[: self.bits].tolist()
        return [
            f"bit {self.name(place)}" if math.isnan(target) else figures.target(target)
            for place, target in enumerate(targets)
        ]

    def rows_table(self, probe: Probe) -> Table:
        """Return the rows with their labels and what is read in each; error is that less the label."""
        says = self.says(self.rows.bits)
        errors = says - self.rows.labels
        selected = min(probe.row, len(errors) - 1) % len(errors)
        shown = self._shown(errors, selected)
        bits = self.rows.bits[shown]
        rows = tuple(
            (f"{number:.0f}", spelt, figures.target(label), figures.figure(said), figures.error(error))
            for number, spelt, label, said, error in zip(
                decode(bits, self.code).tolist(),
                self.spelt(bits),
                self.rows.labels[shown].tolist(),
                says[shown].tolist(),
                errors[shown].tolist(),
                strict=True,
            )
        )
        marked = frozenset(np.flatnonzero(np.all(bits == self._pointed_at(probe), axis=1)).tolist())
        few = len(shown) < len(errors)
        note = f"{len(shown)} of {len(errors)} rows: the worst, and yours" if few else ""
        columns = ("number", "bits", "label", "says", "error")
        return Table(columns, rows, (), marked, note, tuple(shown.tolist()), selected)

    def _pointed_at(self, probe: Probe) -> Array:
        """Return the bits that the probe spells, (B,); nan, which is no row's, where it spells none."""
        try:
            return row_bits(probe.text, self.code, self.bits)
        except ValueError:
            return np.full(self.bits, np.nan)

    def _shown(self, errors: Array, selected: int) -> NDArray[np.intp]:
        """Return the indices of the rows that are shown, ascending: all, or the worst and the user's own."""
        if len(errors) <= MOST_ROWS_SHOWN:
            return np.arange(len(errors))
        size = np.fmin(np.abs(errors), LARGEST)
        size[self.rows.edits >= 0] = 2 * LARGEST
        size[selected] = 3 * LARGEST
        return np.sort(np.argpartition(-size, MOST_ROWS_SHOWN)[:MOST_ROWS_SHOWN])
