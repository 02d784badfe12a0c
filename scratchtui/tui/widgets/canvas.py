"""A picture that is drawn pixel by pixel, with what is made of it beside it."""

from __future__ import annotations

from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from textual.binding import Binding, BindingType
from textual.reactive import reactive

from scratchtui.experiments.panel import POINT
from scratchtui.tui.bars import ANSWER, BAR, NAME, bar_rows
from scratchtui.tui.columns import window
from scratchtui.tui.easel import set_up
from scratchtui.tui.ink import clipped, text_of
from scratchtui.tui.pixels import CURSOR_OFF, CURSOR_ON, FRAME, OFF, ON, Pixels
from scratchtui.tui.widgets.pointed import Pointed

if TYPE_CHECKING:
    from textual import events

    from scratchtui.experiments.panel import EditKey
    from scratchtui.experiments.view import Canvas
    from scratchtui.tui.easel import Easel
    from scratchtui.tui.ink import Runs

FLIP, PAINT = "flip", "paint"  # actions: at a pixel, and to what the edit's text is
DRAW, ERASE = "#", "."  # what the text of painting is
PENS = {"": "pen up", DRAW: "pen draws", ERASE: "pen erases"}
TITLE, WORDS, HERE = "canvas--title", "canvas--words", "canvas--here"


class CanvasView(Pointed, can_focus=True):
    """Draws a `Canvas`, and asks for the edits FLIP and PAINT; all that is painted in one go is one stroke.

    A stroke of the pen begins where the pen was put down and goes on until it is lifted, or anything
    else is edited.
    """

    ALLOW_SELECT = False
    FOCUS_ON_CLICK = False  # the click that brings the focus draws nothing
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        FRAME, ON, OFF, CURSOR_ON, CURSOR_OFF, TITLE, WORDS, HERE, BAR, ANSWER, NAME,
    }  # fmt: skip
    DEFAULT_CSS = """
    CanvasView {
        & > .canvas--frame { color: $foreground 30%; background: $surface; }
        & > .canvas--on { background: $foreground; color: $background; }
        & > .canvas--off { color: $foreground 50%; background: $surface; }
        & > .canvas--cursor-on { background: $accent; color: $background; text-style: bold; }
        & > .canvas--cursor-off { color: $accent; background: $surface; text-style: bold; }
        & > .canvas--title { text-style: bold; }
        & > .canvas--words { color: $foreground 65%; }
        & > .canvas--here { color: $accent; }
        & > .bars--bar { color: $foreground 45%; }
        & > .bars--answer { color: $accent; }
        & > .bars--name { text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "flip", "flip the pixel", show=False),
        Binding("p", "pen", "pen", show=False),
        Binding("escape", "lift", "lift the pen", show=False),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("space", "flip"), ("p", "pen"), ("{undo}", "undo"))
    ALL_KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("↑↓←→ hjkl", "move; with the pen down, paint"),
        ("space", "turn the pixel on or off"),
        ("p", "put the pen down; again: take the eraser; again: lift it"),
        ("esc", "lift the pen"),
        ("mouse", "a click flips, a drag paints"),
    )

    cursor: reactive[tuple[int, int]] = reactive((0, 0))
    pen: reactive[str] = reactive("")  # what it paints, nothing while it is up

    _canvas: Canvas | None = None
    _easel: Easel | None = None
    _first = (0, 0)  # pixel that is seen
    _stroking = False
    _brush = ""  # what the mouse paints while its button is down
    _touched: tuple[int, int] | None = None  # pixel that the mouse was on last

    def show(self, canvas: Canvas) -> None:
        """Draw this canvas; nothing if it is shown already."""
        before = self._canvas
        if before is not None and _same(before, canvas):
            return
        self._canvas = canvas
        self.set_reactive(CanvasView.cursor, self.validate_cursor(self.cursor))
        self.redraw()

    def validate_cursor(self, cursor: tuple[int, int]) -> tuple[int, int]:
        """Keep the cursor on a pixel."""
        rows, columns = self._canvas.cells.shape if self._canvas else (1, 1)
        return max(0, min(cursor[0], rows - 1)), max(0, min(cursor[1], columns - 1))

    @property
    def place(self) -> tuple[int, ...] | None:
        """Row and column of the pixel under the cursor."""
        return self.cursor if self._canvas is not None and self._canvas.cells.size else None

    def watch_pen(self) -> None:
        """Say whether the pen is down; what it paints next is another stroke."""
        self._stroking = False
        self.redraw()

    def on_blur(self) -> None:
        """Lift the pen when the focus goes."""
        self.pen = self._brush = ""

    def ask(self, action: str, text: str = "", *, key: EditKey | None = None, stroke: bool = False) -> None:
        """Ask for an edit where the cursor is; any but painting ends a stroke."""
        self._stroking = self._stroking and action in {POINT, PAINT}
        super().ask(action, text, key=key, stroke=stroke)

    def action_flip(self) -> None:
        """Turn the pixel under the cursor on or off."""
        self.ask(FLIP)

    def action_pen(self) -> None:
        """Put the pen down to draw, then to erase, then lift it."""
        self.pen = {"": DRAW, DRAW: ERASE, ERASE: ""}[self.pen]

    def action_lift(self) -> None:
        """Lift the pen."""
        self.pen = ""

    def action_move(self, down: int, right: int) -> None:
        """Move the cursor by pixels, and paint where it goes if the pen is down."""
        to = self.validate_cursor((self.cursor[0] + down, self.cursor[1] + right))
        if to == self.cursor:
            return
        if self.pen and not self._stroking:
            self._paint(self.pen)  # where the pen was put down
        self.cursor = to
        if self.pen:
            self._paint(self.pen)

    def _paint(self, text: str) -> None:
        self.ask(PAINT, text, stroke=self._stroking)
        self._stroking = True

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Flip the pixel that was pressed, and paint as it is now while the button is down."""
        pixel = self._pixel_at(event)
        if not self.has_focus:
            self.screen.set_focus(self, scroll_visible=False)
        elif event.button == 1 and pixel is not None and self._canvas is not None:
            self.cursor = self._touched = pixel
            self._brush = ERASE if self._canvas.cells[pixel] else DRAW
            self.action_flip()
            self._stroking = True
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Paint every pixel from the last to this one; outside the picture nothing."""
        if self._brush and not event.button:
            self.on_mouse_up()  # it was let go where no one told
        if not self._brush:
            return
        pixel = self._pixel_at(event)
        if pixel is not None and pixel != self._touched:
            for each in _line(self._touched or pixel, pixel):
                self.cursor = each
                self._paint(self._brush)
        self._touched = pixel

    def on_mouse_up(self) -> None:
        """End what the mouse paints."""
        self.release_mouse()
        self._brush = ""
        self._stroking = False

    def _pixel_at(self, event: events.MouseEvent) -> tuple[int, int] | None:
        """Return the pixel under the mouse."""
        offset = event.get_content_offset(self)
        pixel = self._easel.pixel(*offset) if self._easel and offset else None
        return None if pixel is None else (self._first[0] + pixel[0], self._first[1] + pixel[1])

    def picture(self, width: int, height: int) -> list[Runs]:
        """Return the picture, and the words beside or below it."""
        canvas = self._canvas
        if canvas is None or not canvas.cells.size:
            return [[] for _ in range(height)]
        shape = canvas.cells.shape
        easel = self._easel = set_up((shape[0], shape[1]), len(canvas.bars) + 1, (width, height))
        self._first = (
            window(self.cursor[0], self._first[0], easel.rows, shape[0]),
            window(self.cursor[1], self._first[1], easel.columns, shape[1]),
        )
        cursor = self.cursor if self.has_focus else None
        pixels = Pixels(canvas.cells, easel, self._first, cursor, self.signs)
        rows: list[Runs] = [[] for _ in range(height)]
        frame = int(easel.framed)
        for y, runs in enumerate(pixels.rows(), easel.top - frame):
            rows[y] = [(" " * (easel.left - frame), ""), *runs]
        x, top, across, down = easel.words
        for y, runs in enumerate(self._words(canvas, across, down, beside=easel.beside), top):
            rows[y] = [*rows[y], (" " * (x - len(text_of(rows[y]))), ""), *runs]
        return rows

    def _words(self, canvas: Canvas, width: int, height: int, *, beside: bool) -> list[Runs]:
        """Return title, bars, note, and where the cursor is, as much of them as there is room for."""
        bars = bar_rows(canvas.bars, width)[:height]
        told = self._told(canvas, width, lines=2 if beside else 1)[: height - len(bars)]
        room = height - len(bars) - len(told)
        title = wrap(canvas.title, max(1, width))[: min(room, 2)]
        note = wrap(canvas.note, max(1, width))[: room - len(title)]
        room -= len(title) + len(note)
        parts: list[list[Runs]] = [
            [[(line, TITLE)] for line in title],
            bars,
            [[(line, WORDS)] for line in note],
            [[(line, HERE)] for line in told],
        ]
        parts = [part for part in parts if part]
        rows: list[Runs] = []
        for place, part in enumerate(parts):
            last = place == len(parts) - 1
            blank = 0 if not place else room if last and beside else min(1, room)
            room -= blank
            rows += [*([] for _ in range(blank)), *part]
        return rows

    def _told(self, canvas: Canvas, width: int, *, lines: int) -> list[str]:
        """Return where the cursor is and what the pen does, in so many lines."""
        if not self.has_focus:
            return [""] * lines
        (row, column), pen = self.cursor, PENS[self.pen]
        state = "on" if canvas.cells[row, column] else "off"
        place = f"row {row + 1}, column {column + 1}: {state}"
        short = f"{row + 1}, {column + 1}: {state}"
        if lines == 1:
            return [_first_that_fits((f"{place} · {pen}", f"{short} · {pen}", pen), width)]
        lifting = f"{pen} · esc lifts" if self.pen else pen
        return [_first_that_fits((place, short), width), _first_that_fits((lifting, pen), width)]


def _first_that_fits(texts: tuple[str, ...], width: int) -> str:
    return next((text for text in texts if len(text) <= width), clipped(texts[-1], width))


def _same(one: Canvas, other: Canvas) -> bool:
    """Tell whether two canvases look alike."""
    return np.array_equal(one.cells, other.cells) and replace(one, cells=other.cells) == other


def _line(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the pixels on the way from one, which is left out, to another, which is not."""
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
    return [
        (round(start[0] + (end[0] - start[0]) * k / steps), round(start[1] + (end[1] - start[1]) * k / steps))
        for k in range(1, steps + 1)
    ]
