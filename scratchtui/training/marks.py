"""Two moments that the user marked, of one run or of two, and what became different between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.panel import Panel
from scratchtui.experiments.tensors import matrix_of
from scratchtui.experiments.view import Gallery, Matrix, Table, Tile
from scratchtui.training.difference import differences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.experiments.view import View
    from scratchtui.nn import Array
    from scratchtui.training.run import Run

DIFFERENCE = Panel(
    "difference", "difference", "loss", "gallery",
    "What each weight is at the second moment marked by {mark}, less what it was at the first. All have\n"
    "one scale of colours; below each stands how much of it changed.",
)  # fmt: skip
ANSWERS = Panel(
    "answers", "changed answers", "loss", "table",
    "The inputs of the dataset that are answered otherwise at the second moment marked by {mark} than\n"
    "at the first.",
)  # fmt: skip
PANELS = {panel.name: panel for panel in (DIFFERENCE, ANSWERS)}
MOST_ROWS = 500  # of changed answers


@dataclass(frozen=True)
class Mark:
    """A moment of a run, as its snapshot."""

    run: Run
    snapshot: Snapshot

    @property
    def words(self) -> str:
        """The moment as it is written for people."""
        return f"{self.run.name}, step {self.snapshot.step:,}"

    @property
    def words_after_changes(self) -> str:
        """The moment, of one step at which something was changed."""
        changes = self.snapshot.changes
        return f"{self.words} after {changes:,} change{'s' * (changes != 1)}"

    def experiment(self) -> Experiment:
        """Return a copy of the experiment at that moment."""
        return build(self.run.recipe, self.snapshot)


class Comparison:
    """The moment `after`, seen from the moment `before`."""

    def __init__(self, before: Mark, after: Mark) -> None:
        self.before, self.after = before, after

    def view(self, panel: str) -> View:
        """Return what one of `PANELS` shows."""
        return self._weights if panel == DIFFERENCE.name else self._answers

    @property
    def words(self) -> str:
        """Which moments they are, and in which settings they differ."""
        settings = differences(
            EXPERIMENTS[self.after.run.recipe.experiment],
            self.after.snapshot.settings,
            self.before.snapshot.settings,
        )
        before, after = self.sides
        return f"{after} less {before}" + (f"; {settings}" if settings else "")

    @property
    def sides(self) -> tuple[str, str]:
        """Both moments in words, told apart by what was changed where they are of one step."""
        before, after = self.before.words, self.after.words
        if before == after and self.before.snapshot.changes != self.after.snapshot.changes:
            return self.before.words_after_changes, self.after.words_after_changes
        return before, after

    @cached_property
    def _experiments(self) -> tuple[Experiment, Experiment]:
        return self.before.experiment(), self.after.experiment()

    @cached_property
    def _weights(self) -> Gallery:
        before, after = (each.network.parameters for each in self._experiments)
        tiles = tuple(
            _tile(name, before.get(name), after.get(name)) for name in dict.fromkeys((*before, *after))
        )
        limit = max(float(np.nanmax(np.abs(t.matrix.values), initial=0.0)) for t in tiles)
        return Gallery(tiles, limit=limit or 1.0, numbers=True, note=self.words)

    @cached_property
    def _answers(self) -> Table:
        before, after = (each.answers() for each in self._experiments)
        rows = changed_answers(before, after)
        both = len(before.keys() & after.keys())
        note = f"{len(rows):,} of {both:,} answers differ"
        if alone := len(before.keys() ^ after.keys()):
            note += f"; in one dataset only: {alone:,}"
        if len(rows) > MOST_ROWS:
            note += f"; the first {MOST_ROWS}"
        return Table(("input", *self.sides), rows[:MOST_ROWS], note=note)


def changed_answers(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Return input, answer before and answer after of what both answer, but not alike."""
    return tuple(
        (text, answer, after[text])
        for text, answer in before.items()
        if text in after and after[text] != answer
    )


def _tile(name: str, before: Array | None, after: Array | None) -> Tile:
    """Return what became of a tensor: as many rows as its first axis is long, a bias as one row."""
    if before is None or after is None:
        return Tile(name, Matrix(np.full((1, 1), np.nan)), f"only {'before' if after is None else 'after'}")
    if before.shape != after.shape:
        return Tile(name, Matrix(np.full((1, 1), np.nan)), f"{before.shape} became {after.shape}")
    difference = after - before
    most = np.abs(difference).max()
    caption = f"most {most:.2g}, {_share(difference, before)}" if most else "unchanged"
    return Tile(name, Matrix(matrix_of(difference)), caption)


def _share(difference: Array, before: Array) -> str:
    """Return the norm of a difference as a share of what there was before, ||d|| / ||before||."""
    norm = float(np.linalg.norm(before))
    if not norm:
        return "from 0"
    share = float(np.linalg.norm(difference)) / norm
    if share < 0.005:
        return "by less than 1%"
    return f"by {share:.0%}" if share < 1.0 else f"{share:.1f} times its size"


class Marks:
    """The last two moments marked."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []
        self.comparison: Comparison | None = None

    def add(self, run: Run, snapshot: Snapshot) -> str:
        """Mark a moment; return a sentence of what can be seen by it."""
        mark = Mark(run, snapshot)
        self._marks = [*self._marks[-1:], mark]
        if len(self._marks) < 2:
            return f"marked: {mark.words}; mark another moment to compare them"
        self.comparison = Comparison(*self._marks)
        return self.comparison.words
