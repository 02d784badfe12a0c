"""Datasets of examples: what is the same of truth tables and of points in the plane."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.hyperparameter import quoted
from scratchtui.experiments.samples.examples import (
    GRAMMAR,
    Examples,
    edited,
    with_added,
    with_change,
    without,
)

if TYPE_CHECKING:
    from scratchtui.experiments.panel import Edit, Probe
    from scratchtui.nn import Array

LARGEST_INPUT = 1e6
_CELL = re.compile(r"[^\s,;|=]+")
_NOT_A_RULE = re.compile(r"[^-+:]").search  # as below the heading of a table
_DIGIT = re.compile(r"[-+.]?\d").match
Extent = tuple[float, float, float, float]  # left, right, bottom, top


class Dataset(ABC):
    """Examples as `data` describes them, a name and edits behind it; ValueError where it describes none.

    `base` is what there is without the edits.
    """

    def __init__(self, data: str, base: Examples) -> None:
        self.data = data
        self.base = base
        self.examples = edited(base, GRAMMAR.edits(data), self.read_row)

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """The name of each input of the network."""

    @property
    @abstractmethod
    def example(self) -> str:
        """How an input may be typed."""

    @property
    @abstractmethod
    def extent(self) -> Extent | None:
        """The part of the plane that is worth seeing; None where the data is not in a plane."""

    @abstractmethod
    def read_row(self, text: str) -> Array:
        """Return the row (D,) that is written so in an edit; ValueError where none is."""

    @abstractmethod
    def written_row(self, row: Array) -> str:
        """Return how a row (D,) is written in an edit."""

    @abstractmethod
    def encoded(self, rows: Array) -> Array:
        """Return what the network is given (N, F) for rows (N, D)."""

    @abstractmethod
    def flipped(self, number: int, column: int) -> str:
        """Return `data` with the bit of that column, or the target, of a row turned over."""

    def read(self, text: str) -> Array:
        """Return the row (D,) that was typed as numbers with commas between, any at all; or ValueError."""
        count = self.base.inputs.shape[1]
        parts = [part for part in re.split(r"[,\s]+", text.strip()) if part]
        try:
            row = np.array([float(part) for part in parts])
        except ValueError:
            row = np.empty(0)
        if len(row) != count:
            raise ValueError(
                f"{quoted(text)} is not {count} numbers with commas between, such as {self.example}"
            )
        if np.isnan(row).any():
            raise ValueError(f"{quoted(text)} holds what is no number; write {count}, such as {self.example}")
        if np.abs(row).max() > LARGEST_INPUT:
            raise ValueError(f"{text:.60} is out of reach; the largest number is {LARGEST_INPUT:g}")
        return row

    def added(self, text: str) -> str:
        """Return `data` with the row that was typed, ROW=TARGET; ValueError in one sentence."""
        typed, equals, target = (part.strip() for part in text.partition("="))
        row = self.written_row(self.read_row(typed))
        if not equals:
            raise ValueError(f"the target is 0 or 1, and it is missing: write {row}=1")
        return with_added(self.data, row, _target(target, row))

    def pasted(self, text: str) -> str:
        """Return `data` with a row for each line of a table: its numbers, and last its target, 0 or 1.

        Commas, semicolons, bars, = or blanks stand between; words above them are a heading. ValueError, in
        one sentence, tells the line that is no row, and then none is added.
        """
        data = self.data
        lines = [(number, _CELL.findall(line)) for number, line in enumerate(text.splitlines(), 1)]
        lines = [(number, cells) for number, cells in lines if any(map(_NOT_A_RULE, cells))]
        if lines and not any(map(_DIGIT, lines[0][1])):
            del lines[0]
        for number, cells in lines:
            if len(cells) < 2:
                raise ValueError(f"line {number}: {quoted(cells[0])} is no row: that is numbers and a target")
            try:
                row = self.written_row(self.read_row(",".join(cells[:-1])))
                data = with_added(data, row, _target(cells[-1], row))
            except ValueError as refusal:
                raise ValueError(f"line {number}: {refusal}") from None
        if data == self.data:
            raise ValueError("there is no row in it: a line is numbers and a target, such as 1 0 1")
        return data

    def removed(self, number: int) -> str:
        """Return `data` without the row of that number."""
        return without(self.data, number, len(self.base.targets))

    def changed(self, number: int, *, row: Array | None = None, target: float | None = None) -> str:
        """Return `data` with another row (D,) or target in the place of the row of that number."""
        known = number <= len(self.base.targets)
        return with_change(
            self.data,
            number,
            self.base,
            self.written_row(self.base.inputs[number - 1]) if known else "",
            row="" if row is None else self.written_row(row),
            target=None if target is None else int(target),
        )

    def edited(self, edit: Edit) -> str | None:
        """Return `data` with a row flipped, removed or more of them; None for another edit, or ValueError."""
        match edit.action:
            case "flip":
                return self.flipped(edit.place[0], edit.place[1] - 1 if edit.place[1:] else 0)
            case "add":
                return self.added(edit.text)
            case "paste":
                return self.pasted(edit.text)
            case "remove":
                return self.removed(edit.place[0])
        return None

    def probed(self, probe: Probe) -> tuple[Array, str]:
        """Return the row (D,) that was typed, or else is pointed at, and words for it."""
        try:
            return self.read(probe.text), f"to the input {probe.text}"
        except ValueError:
            place = self.examples.place(probe.row)
            target = self.examples.targets[place]
            words = f"to row {self.examples.numbers[place]}, whose target is {target:.0f}"
            return self.examples.inputs[place], words


def _target(text: str, row: str) -> int:
    """Return the target that is written; ValueError where it is none."""
    if text not in {"0", "1"}:
        raise ValueError(f"the target is 0 or 1, and {quoted(text)} is neither: write {row}=1")
    return int(text)
