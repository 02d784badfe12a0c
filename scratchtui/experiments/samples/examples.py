"""Examples: what a network learns from, row by row, and the edits that a user makes of them as text.

The edits (`data_text.py`) name rows by a number that each keeps: those of the dataset are 1, 2, ..., those
added have the numbers after.
`+ROW=TARGET` adds a row, `-NUMBER` takes one away; `NUMBER:ROW` and `NUMBER=TARGET` say what a row is to
be instead, `NUMBER:ROW=TARGET` both. A target is 0 or 1; how a ROW is written is up to the dataset.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.data_text import Grammar, base_of, written

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.nn import Array

_NUMBER, _ROW = r"[1-9][0-9]{0,5}", r"[^\s:=]{1,100}"
_EDIT = re.compile(rf"\+(?P<added>{_ROW})=(?P<said>[01])|-(?P<removed>{_NUMBER})|"
                   rf"(?P<number>{_NUMBER})(?=[:=])(?::(?P<row>{_ROW}))?(?:=(?P<target>[01]))?")  # fmt: skip
MOST_LISTED = 6  # rows in a sentence

ReadRow = Callable[[str], "Array"]


@dataclass(frozen=True)
class Examples:
    """Inputs (N, D), targets (N,) of 0 and 1, the number (N,) of each row, and which are held out (N,)."""

    inputs: Array
    targets: Array
    numbers: NDArray[np.intp]
    held_out: NDArray[np.bool_]

    @classmethod
    def of(cls, inputs: Array, targets: Array, held_out: NDArray[np.bool_] | None = None) -> Examples:
        """Return rows numbered from 1 on, none of them held out unless told."""
        count = len(inputs)
        kept_back = np.zeros(count, dtype=bool) if held_out is None else held_out
        return cls(inputs, targets, np.arange(1, count + 1), kept_back)

    def place(self, number: int) -> int:
        """Return the index of the row of that number, or of the next there is; -1 means the last."""
        last = len(self.numbers) - 1
        return last if number == -1 else min(int(np.searchsorted(self.numbers, number)), last)

    @property
    def contradictory(self) -> NDArray[np.bool_]:
        """Which rows (N,) have the inputs of another one, and not its target."""
        said: dict[bytes, set[float]] = {}
        keys = [row.tobytes() for row in self.inputs + 0.0]  # -0 is 0
        for key, target in zip(keys, self.targets.tolist(), strict=True):
            said.setdefault(key, set()).add(target)
        return np.array([len(said[key]) > 1 for key in keys])

    def contradiction(self) -> str:
        """Return a sentence that names the rows which contradict one another, nothing if there are none."""
        rows = [str(number) for number in self.numbers[self.contradictory].tolist()]
        listed = ", ".join(rows[:MOST_LISTED]) + ", ..." * (len(rows) > MOST_LISTED)
        return f"rows {listed} contradict: one input is said to be both 0 and 1" if rows else ""


@dataclass(frozen=True)
class RowEdit:
    """One edit: of the row `number`, or 0 for a new one; without `row` or `target` these stay."""

    number: int
    row: str = ""
    target: int | None = None
    removes: bool = False

    @classmethod
    def of(cls, match: re.Match[str]) -> RowEdit:
        """Return the edit that was written."""
        if match["removed"]:
            return cls(int(match["removed"]), removes=True)
        if match["added"]:
            return cls(0, match["added"], int(match["said"]))
        target = int(match["target"]) if match["target"] else None
        return cls(int(match["number"]), match["row"] or "", target)

    def __str__(self) -> str:
        if self.removes:
            return f"-{self.number}"
        target = "" if self.target is None else f"={self.target}"
        if not self.number:
            return f"+{self.row}{target}"
        return f"{self.number}{':' * bool(self.row)}{self.row}{target}"


GRAMMAR = Grammar(("+ROW=TARGET", "-NUMBER", "NUMBER:ROW", "NUMBER=TARGET"), _EDIT, RowEdit.of)


def edited(base: Examples, edits: list[RowEdit], read_row: ReadRow) -> Examples:
    """Return `base` after the edits; rows added are trained on. ValueError for a row that there is not."""
    inputs, targets = list(base.inputs), base.targets.tolist()
    held_out, kept = base.held_out.tolist(), [True] * len(inputs)
    for edit in edits:
        if not edit.number:
            inputs.append(read_row(edit.row))
            targets.append(float(edit.target or 0))
            held_out.append(False)
            kept.append(True)
            continue
        place = edit.number - 1
        if place >= len(inputs):
            raise ValueError(f"{edit}: there is no row {edit.number}; the last is {len(inputs)}")
        if not kept[place]:
            raise ValueError(f"{edit}: row {edit.number} has been taken away by -{edit.number} before it")
        kept[place] = not edit.removes
        if edit.row:
            inputs[place] = read_row(edit.row)
        if edit.target is not None:
            targets[place] = float(edit.target)
    which = np.flatnonzero(kept)
    rows = np.array(inputs).reshape(len(inputs), base.inputs.shape[1])
    examples = Examples(rows[which], np.array(targets)[which], which + 1, np.array(held_out, bool)[which])
    if examples.held_out.all():  # of none, all are
        why = "; a smaller test_share holds fewer out" if len(which) else ""
        raise ValueError(f"no row is left to learn from; add one with +ROW=TARGET{why}")
    return examples


def with_added(data: str, row: str, target: int) -> str:
    """Return `data` with one more row."""
    return f"{data} {RowEdit(0, row, target)}"


def without(data: str, number: int, base_rows: int) -> str:
    """Return `data`, whose dataset has so many rows, without the row of that number."""
    name, edits = base_of(data), [edit for edit in GRAMMAR.edits(data) if edit.number != number]
    if number <= base_rows:
        return written(name, [*edits, RowEdit(number, removes=True)])
    edits.pop(_addition(edits, number - base_rows))
    return written(name, [replace(e, number=e.number - 1) if e.number > number else e for e in edits])


def with_change(
    data: str, number: int, base: Examples, was: str, *, row: str = "", target: int | None = None
) -> str:
    """Return `data` with another row or target, where given, in the place of the row of that number.

    `base` is the dataset without edits, and `was` how the row is written there. What is as it was there
    needs no edit.
    """
    name, edits = base_of(data), GRAMMAR.edits(data)
    if number > len(base.targets):
        place = _addition(edits, number - len(base.targets))
        old = edits[place]
        edits[place] = RowEdit(0, row or old.row, old.target if target is None else target)
        return written(name, edits)
    for edit in (edit for edit in edits if edit.number == number):
        row, target = row or edit.row, edit.target if target is None else target
    edits = [edit for edit in edits if edit.number != number]
    change = RowEdit(
        number, "" if row == was else row, None if target == base.targets[number - 1] else target
    )
    return written(name, [*edits, change] if change.row or change.target is not None else edits)


def _addition(edits: list[RowEdit], count: int) -> int:
    """Return the place of the edit that adds the `count`-th row; ValueError where there are fewer."""
    places = [place for place, edit in enumerate(edits) if not edit.number]
    if count > len(places):
        raise ValueError("the row is not there any more")
    return places[count - 1]
