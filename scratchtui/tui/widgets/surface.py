"""A function of the plane in half blocks, the data on it, and a cursor that reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from textual.reactive import reactive

from scratchtui.tui import ramp
from scratchtui.tui.ink import clipped, replaced
from scratchtui.tui.mosaic import CURSOR, HERE, LABEL, exact, half_row
from scratchtui.tui.widgets.pointed import Pointed

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from textual import events

    from scratchtui.experiments.view import Surface
    from scratchtui.tui.ink import Runs

POINTS = {(True, False): "●", (False, False): "○", (True, True): "◆", (False, True): "◇"}
LETTERS = {(True, False): "x", (False, False): "o", (True, True): "X", (False, True): "O"}
NAMES = {
    (True, False): "one",
    (False, False): "zero",
    (True, True): "one, unseen",
    (False, True): "zero, unseen",
}


class SurfaceView(Pointed, can_focus=True):
    """Draws a `Surface` in as many cells as there are: a character is two of them, one above the other."""

    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("↑↓←→", "read a place"),)

    cursor: reactive[tuple[float, float]] = reactive((0.5, 0.5))

    _surface: Surface | None = None
    _levels: NDArray[np.int8] | None = None
    _canvas = (1, 1)

    def show(self, surface: Surface) -> None:
        """Draw this surface."""
        self._surface = surface
        self._levels = ramp.quantise(ramp.scaled(surface.values, surface.limit), self._levels)
        self.redraw()

    def validate_cursor(self, cursor: tuple[float, float]) -> tuple[float, float]:
        """Keep the cursor on the plane; it is in parts of its height and width, from the top left."""
        return max(0.0, min(cursor[0], 1.0)), max(0.0, min(cursor[1], 1.0))

    def action_move(self, down: int, right: int) -> None:
        """Move the cursor by a character."""
        across, lines = self._canvas
        self.cursor = self.cursor[0] + down / max(1, lines - 1), self.cursor[1] + right / max(1, across - 1)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where it was clicked."""
        offset = event.get_content_offset(self)
        across, lines = self._canvas
        if offset is not None and offset.y < lines:
            self.cursor = offset.y / max(1, lines - 1), offset.x / max(1, across - 1)

    def picture(self, width: int, height: int) -> list[Runs]:
        """Return the plane, and below it what the cursor reads or what the points are."""
        surface, levels = self._surface, self._levels
        if surface is None or levels is None:
            return [[] for _ in range(height)]
        below = 1 if height > 2 else 0
        lines = height - below
        self._canvas = width, lines
        rows = self._signed(levels, width, lines) if self.signs else _halves(levels, width, lines)
        rows = self._with_points(rows, surface, width, lines)
        if self.has_focus:
            y, x = round(self.cursor[0] * (lines - 1)), round(self.cursor[1] * (width - 1))
            rows[y] = replaced(rows[y], x, ("+", CURSOR))
        return rows + [self._told(surface, width)] * below

    @staticmethod
    def _signed(levels: NDArray[np.int8], width: int, lines: int) -> list[Runs]:
        """Return the plane in signs, blank where the function is near zero."""
        cells = _sampled(levels, lines, width).tolist()
        return [[("".join(map(ramp.sign_glyph, row)), "")] for row in cells]

    @property
    def _glyphs(self) -> dict[tuple[bool, bool], str]:
        return LETTERS if self.signs else POINTS

    def _with_points(self, rows: list[Runs], surface: Surface, width: int, lines: int) -> list[Runs]:
        places = surface.cells(lines, width).tolist()
        kinds = zip(surface.classes.tolist(), surface.held_out.tolist(), strict=True)
        for (line, column), kind in zip(places, kinds, strict=True):
            behind = _pen_at(rows[line], column)
            pen = (behind[0], None) if isinstance(behind, tuple) else ""
            rows[line] = replaced(rows[line], column, (self._glyphs[kind], pen))
        return rows

    def _told(self, surface: Surface, width: int) -> Runs:
        if not self.has_focus:
            kinds = set(zip(surface.classes.tolist(), surface.held_out.tolist(), strict=True))
            legend = "  ".join(
                f"{glyph} {NAMES[kind]}" for kind, glyph in self._glyphs.items() if kind in kinds
            )
            return [(clipped(f"{legend}  {surface.note}".strip(), width), LABEL)]
        left, right, bottom, top = surface.extent
        down, across = self.cursor
        rows, columns = surface.values.shape
        value = float(surface.values[round(down * (rows - 1)), round(across * (columns - 1))])
        x, y = left + across * (right - left), top + down * (bottom - top)
        return [(clipped(f"x {x:.2f}, y {y:.2f}: {exact(value)}  {surface.note}", width), HERE)]


def _sampled(levels: NDArray[np.int8], rows: int, columns: int) -> NDArray[np.int8]:
    """Return the levels at `rows` x `columns` places, evenly spread, the nearest to each."""
    down = np.rint(np.linspace(0, levels.shape[0] - 1, rows)).astype(np.intp)
    across = np.rint(np.linspace(0, levels.shape[1] - 1, columns)).astype(np.intp)
    return np.asarray(levels[np.ix_(down, across)])


def _halves(levels: NDArray[np.int8], width: int, lines: int) -> list[Runs]:
    cells = _sampled(levels, 2 * lines, width)
    return [half_row(cells[2 * line], cells[2 * line + 1], 1) for line in range(lines)]


def _pen_at(runs: Runs, column: int) -> object:
    """Return the pen that writes in a column."""
    start = 0
    for text, pen in runs:
        start += len(text)
        if column < start:
            return pen
    return ""
