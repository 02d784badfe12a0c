"""Whole frames compared with what the terminal shows: only cells that differ are written.

This hangs on a private hook of Textual, `App._display`, and on the two updates that its compositor
hands to it. Where they are not what they were, Textual draws as it always does.
"""

import inspect
import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, compress
from operator import is_not, ne, or_
from typing import TYPE_CHECKING, Any, cast

from rich.cells import cell_len
from rich.control import Control
from textual import events, on
from textual.app import App
from textual.geometry import Offset, Region, Size

from scratchtui.tui.layers import NO_SKILLS, Line, Skills, written
from scratchtui.tui.pens import PLAIN, UNKNOWN, Pen, Pens, on_blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console, RenderableType
    from rich.segment import Segment
    from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
    from textual.screen import Screen
    from textual.strip import Strip
else:
    try:
        from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
    except ImportError:
        ChopsUpdate = CompositorUpdate = LayoutUpdate = object

MARKS = "\x1b[?2026h", "\x1b[?2026l"
UNMARKED = 1024  # characters, which a terminal reads at once

one_cell_each = re.compile("[ -~¡-¬®-ÿ─-▟\u2800-⣿]*").fullmatch


def hook_is_known() -> bool:
    """Tell whether Textual's drawing is still what this module was written for."""
    signatures = (
        (getattr(App, "_display", None), ["self", "screen", "renderable"]),
        (getattr(CompositorUpdate, "render_segments", None), ["self", "console"]),
        (LayoutUpdate.__init__, ["self", "strips", "region"]),
        (ChopsUpdate.__init__, ["self", "chops", "spans", "chop_ends"]),
    )
    for function, names in signatures:
        if function is None or list(inspect.signature(function).parameters) != names:
            return False
    updates: list[tuple[object, set[str]]] = [
        (LayoutUpdate([], Region()), {"strips", "region"}),
        (ChopsUpdate([], [], []), {"chops", "spans", "chop_ends"}),
    ]
    return all(
        isinstance(update, CompositorUpdate) and set(vars(update)) == names for update, names in updates
    )


@dataclass(slots=True)
class Row:
    """A line of cells: a text and a pen each; the second half of a wide character has no text."""

    texts: list[str]
    pens: list[Pen]
    source: "list[tuple[int, Strip]]" = field(default_factory=list)

    def lay(self, x: int, texts: list[str], pens: list[Pen]) -> None:
        """Put cells at x, cut at the line's end; what is left of a split character is blank."""
        end = min(x + len(texts), len(self.texts))
        if x >= end:
            return
        if end - x < len(texts):
            _part(texts, pens, end - x)
        _part(self.texts, self.pens, x)
        _part(self.texts, self.pens, end)
        self.texts[x:end] = texts[: end - x]
        self.pens[x:end] = pens[: end - x]

    def differences(self, new: "Row") -> list[int]:
        """Return the columns that have to be written to turn this line into the new one."""
        if self.texts == new.texts and self.pens == new.pens:
            return []
        differ = map(or_, map(ne, self.texts, new.texts), map(is_not, self.pens, new.pens))
        columns = list(compress(range(len(new.texts)), differ))
        for x in columns:
            if len(self.texts[x]) > 1 or len(new.texts[x]) > 1:
                # the terminal may see several characters here and so have shifted all to the right
                rest = [c for c in range(x, len(new.texts)) if new.texts[c] != UNKNOWN]
                return [c for c in columns if c < x] + rest
        return columns


def _part(texts: list[str], pens: list[Pen], x: int) -> None:
    """Turn a wide character that reaches over x into blanks."""
    if x >= len(texts) or texts[x]:
        return
    while not texts[x]:
        x -= 1
    blank = on_blank(pens[x])
    while True:
        texts[x], pens[x] = " ", blank
        x += 1
        if x >= len(texts) or texts[x]:
            return


@lru_cache(maxsize=1 << 12)
def clusters(text: str) -> tuple[str, ...]:
    """Return a text for each cell: combined characters share it, a wide one empties the next."""
    found: list[str] = []
    for character in text:
        if not (character.isprintable() or character == "\u200d"):  # it would draw, or turn, something else
            found += ["\ufffd"] * cell_len(character)
            continue
        if found and (found[-1].endswith("\u200d") or not cell_len(character)):
            found[-1] += character
        elif cell_len(character):
            found.append(character)
    return tuple(cell for each in found for cell in (each, *[""] * (cell_len(each) - 1)))


def expand(segments: "Iterable[Segment]", pens: Pens) -> tuple[list[str], list[Pen]]:
    """Return the text and the pen of each cell that the segments fill."""
    shown = [segment for segment in segments if segment[0] and not segment[2]]
    parts = [segment[0] for segment in shown]
    line = "".join(parts)
    if len(line) == len(parts) and one_cell_each(line):  # as in a heatmap, where speed is needed
        colors = pens.of_each([segment[1] for segment in shown])
        if " " in line:
            colors = [on_blank(p) if c == " " else p for c, p in zip(line, colors, strict=True)]
        return parts, colors
    texts: list[str] = []
    colors = []
    for text, style, _ in shown:
        pen = pens(style)
        cells = text if one_cell_each(text) else clusters(text)
        texts += cells
        if " " in cells:
            blank = on_blank(pen)
            colors += [blank if cell == " " else pen for cell in cells]
        else:
            colors += [pen] * len(cells)
    return texts, colors


def pieces(
    update: "LayoutUpdate | ChopsUpdate",
) -> "Iterator[tuple[int, list[tuple[int, Strip]]]]":
    """Yield the y of each line that the update draws, and its strips, each with its column."""
    if isinstance(update, LayoutUpdate):
        for y, chops in enumerate(update.strips, update.region.y):
            strips = list(chops)
            ends = accumulate((strip.cell_length for strip in strips), initial=update.region.x)
            yield y, list(zip(ends, strips, strict=False))
        return
    lines: dict[int, list[tuple[int, Strip]]] = {}
    for y, start, stop in update.spans:
        line = lines.setdefault(y, [])
        for end, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if chop is not None and x < stop and end > start:
                whole = x >= start and end <= stop
                line.append((x, chop if whole else chop.crop(0, min(end, stop) - x)))
    yield from lines.items()


class Cells:
    """What a terminal of this size shows, as far as it is known."""

    def __init__(self, size: Size, console: "Console") -> None:
        self.size = size
        self.pens = Pens(console)
        self.rows = [Row([UNKNOWN] * size.width, [PLAIN] * size.width) for _ in range(size.height)]

    def suits(self, size: Size, console: "Console") -> bool:
        """Tell whether the terminal and its colours are still the same."""
        return self.size == size and self.pens.suits(console)

    def compare(self, update: "LayoutUpdate | ChopsUpdate") -> dict[int, tuple[Row, list[int]]]:
        """Return the lines that the update changes by their y: as they will be, and the columns."""
        changes = {}
        for y, source in pieces(update):
            if not 0 <= y < len(self.rows) or self.rows[y].source == source:
                continue
            old = self.rows[y]
            new = Row(old.texts.copy(), old.pens.copy(), source)
            for x, strip in source:
                new.lay(x, *expand(strip, self.pens))
            columns = old.differences(new)
            if columns:
                changes[y] = new, columns
            else:
                old.source = source
        return changes


class DifferingCells(CompositorUpdate):
    """An update that writes only the cells that differ, and then takes them as shown."""

    def __init__(
        self,
        shown: Cells,
        changes: dict[int, tuple[Row, list[int]]],
        skills: Skills = NO_SKILLS,
        *,
        marked: bool = False,
    ) -> None:
        self.shown = shown
        self.changes = changes
        self.skills = skills
        self.marked = marked  # so that a terminal that can does not show the half of it
        self.bytes: int | None = None  # None until drawn

    def render_segments(self, console: "Console") -> str:
        """Return what is to be written; Textual calls this only if it does write it."""
        del console  # its colours are in the pens
        lines = {y: Line(row.texts, row.pens, columns) for y, (row, columns) in sorted(self.changes.items())}
        for y, (row, _) in self.changes.items():
            self.shown.rows[y] = row
        text = written(lines, self.skills)
        if self.marked and len(text) > UNMARKED:
            text = MARKS[0] + text + MARKS[1]
        self.bytes = len(text.encode())
        return text


class DifferentialDisplay(App[None]):
    """An app that writes a cell only when the terminal shows something else there.

    `bytes_written` counts what drawing this way has handed to the driver.
    """

    bytes_written: int = 0
    _marks_itself = False
    _shown: Cells | None = None
    _cursor_shown: Offset | None = None

    @property
    def skills(self) -> Skills:
        """What the terminal can do."""
        return NO_SKILLS

    def forget_display(self) -> None:
        """Write every cell anew when it is next drawn, whatever the terminal shows."""
        self._shown = None
        self._cursor_shown = None

    @on(events.Resize)
    def _forget_what_may_be_gone(self, event: events.Resize) -> None:
        """Forget after a resize; a driver that resumes sends one to the size that it had."""
        was_drawn = self._shown is not None
        self.forget_display()
        if was_drawn and event.size == self.size and event.pixel_size is None:
            self.refresh(layout=True)  # Textual takes it for no resize and would draw nothing

    if hook_is_known():

        def _display(self, screen: "Screen[Any]", renderable: "RenderableType | None") -> None:
            """Draw what differs, or nothing; what the compositor did not make as Textual does."""
            if not isinstance(renderable, (LayoutUpdate, ChopsUpdate)) or self.is_headless:
                if renderable is not None:
                    self.forget_display()
                super()._display(screen, renderable)
                return
            if self._shown is None or not self._shown.suits(self.size, self.console):
                self.forget_display()
                self._shown = Cells(self.size, self.console)
            changes = self._shown.compare(renderable)
            update = DifferingCells(self._shown, changes, self.skills, marked=self._sync_available)
            cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
            if not update.changes and cursor == self._cursor_shown:
                self.post_display_hook()
                return
            self._marks_itself = True
            super()._display(screen, cast("RenderableType", update))
            self._marks_itself = False
            if update.bytes is not None:
                self._cursor_shown = cursor
                self.bytes_written += update.bytes + len(Control.move_to(*cursor).segment.text)

        def _begin_update(self) -> None:
            if not self._marks_itself:
                super()._begin_update()

        def _end_update(self) -> None:
            if not self._marks_itself:
                super()._end_update()
