"""Pixels that are on or off, as rows of text, with a cursor that is seen on either."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from scratchtui.tui.easel import Easel
    from scratchtui.tui.ink import Pen, Runs

FRAME, ON, OFF, CURSOR_ON, CURSOR_OFF = (
    "canvas--frame",
    "canvas--on",
    "canvas--off",
    "canvas--cursor-on",
    "canvas--cursor-off",
)


@dataclass(frozen=True)
class Pixels:
    """What is drawn: the pixels (R, C), in which sizes, from which one on."""

    cells: NDArray[np.bool_]
    easel: Easel
    first: tuple[int, int]
    cursor: tuple[int, int] | None
    signs: bool

    def rows(self) -> list[Runs]:
        """Return the pixels that are seen, and the frame around them."""
        easel, (first, _) = self.easel, self.first
        lines = [
            self._line(row, line) for row in range(first, first + easel.rows) for line in range(easel.tall)
        ]
        if not easel.framed:
            return lines
        rule = "─" * (easel.columns * easel.wide)
        side = ("│", FRAME)
        return [[(f"╭{rule}╮", FRAME)], *([side, *line, side] for line in lines), [(f"╰{rule}╯", FRAME)]]

    def _line(self, row: int, line: int) -> Runs:
        """Return a line of the pixels of a row."""
        return [
            self._pixel(line, on=bool(self.cells[row, column]), here=self.cursor == (row, column))
            for column in range(self.first[1], self.first[1] + self.easel.columns)
        ]

    def _pixel(self, line: int, *, on: bool, here: bool) -> tuple[str, Pen]:
        """Return a line of a pixel."""
        wide, tall = self.easel.wide, self.easel.tall
        if on:
            text = " " * wide if not self.signs else "#" * wide if tall > 1 else "#".rjust(wide)
        else:
            text = "·".rjust(wide // 2 + 1).ljust(wide) if line == tall // 2 else " " * wide
        if not here:
            return text[:wide], ON if on else OFF
        if wide > 1:
            left, right = self._brackets(line)
            text = left + text[1:-1] + (right or text[-1])
        return text[:wide], CURSOR_ON if on else CURSOR_OFF

    def _brackets(self, line: int) -> tuple[str, str]:
        """Return what marks the cursor at the left and the right end of a line of a pixel."""
        if self.signs:
            return ("[", "]") if self.easel.wide > 2 else (">", "")
        if self.easel.tall == 1:
            return "[", "]"
        return {0: ("┌", "┐"), self.easel.tall - 1: ("└", "┘")}.get(line, (" ", " "))
