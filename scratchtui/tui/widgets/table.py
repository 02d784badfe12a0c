"""A table of words and numbers, with a swatch of colour beside each row."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.reactive import reactive

from scratchtui.tui import ramp
from scratchtui.tui.columns import Layout, aligned, cut, indented, scrollbar, window
from scratchtui.tui.ink import Pen, Runs, clipped, padded, text_of
from scratchtui.tui.widgets.drawing import Drawing

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from textual import events

    from scratchtui.experiments.view import Table

NARROW = 8  # below this there is neither swatch nor scrollbar
SWATCH, BAR = 3, 2  # cells, a blank before each
SLACK = 2  # cells that a column stays wider than it need be, rather than move the others


class TableView(Drawing, can_focus=True):
    """Draws a `Table`; with the focus it has a cursor, and enter tells which row it is on."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--header",
        "table--note",
        "table--mark",
        "table--cursor",
        "table--bar",
    }
    DEFAULT_CSS = """
    TableView {
        & > .table--header { color: $foreground 65%; }
        & > .table--note { color: $foreground 65%; }
        & > .table--mark { color: $text-warning; text-style: bold; }
        & > .table--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
        }
        & > .table--bar { color: $foreground 45%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "row above", show=False),
        Binding("down,j", "move(1)", "row below", show=False),
        Binding("pageup", "page(-1)", "page above", show=False),
        Binding("pagedown", "page(1)", "page below", show=False),
        Binding("left,h", "across(-1)", "column to the left", show=False),
        Binding("right,l", "across(1)", "column to the right", show=False),
    ]

    cursor: reactive[int] = reactive(0)

    column: reactive[int] = reactive(0)  # of those that can be chosen

    _table: Table | None = None
    _cells: tuple[list[str], ...] = ()
    _needed: tuple[int, ...] = ()
    _least: tuple[int, ...] = ()
    _levels: NDArray[np.int8] | None = None
    _first = 0
    _visible = 1
    _given_up = 0  # of swatch and scrollbar, so that the columns fit

    def show(self, table: Table) -> None:
        """Draw this table; nothing if it is shown already."""
        if table == self._table:
            return
        before, self._table = self._table, table
        same_columns = before is not None and before.columns == table.columns
        self._cells = _columns(table)
        needed = least = tuple(max(map(cell_len, column)) for column in self._cells)
        if same_columns:
            held = zip(self._needed, needed, strict=True)
            needed = tuple(old if new <= old <= new + SLACK else new for old, new in held)
        else:
            self._given_up = 0
        self._needed, self._least = needed, least
        heat = np.array([np.nan if value is None else value for value in table.heat])
        self._levels = ramp.quantise(heat, self._levels) if heat.size else None
        self._place_cursor(before, table)
        self.redraw()

    def _place_cursor(self, before: Table | None, table: Table) -> None:
        """Put the cursor on the row that was selected since, or keep it on the row that it was on."""
        place = self.cursor
        if table.selected in table.ids and (before is None or before.selected != table.selected):
            place = table.ids.index(table.selected)
        elif before is not None and before.ids and before.ids[place] in table.ids:
            place = table.ids.index(before.ids[place])
        self.set_reactive(TableView.cursor, self._clamped(place))
        self.set_reactive(TableView.column, self.validate_column(self.column))

    @property
    def place(self) -> tuple[int, ...] | None:
        """What the row under the cursor stands for (its number, where for nothing), and the column chosen."""
        table = self._table
        if table is None or not table.rows:
            return None
        row = table.ids[self.cursor] if table.ids else self.cursor
        return (row, table.choose[self.column]) if table.choose else (row,)

    @property
    def subject(self) -> object:
        """What the row under the cursor stands for, and what it is called."""
        return self.place, self._table.rows[self.cursor][:1] if self._table and self._table.rows else ()

    @property
    def weights(self) -> tuple[int, ...]:
        """Which element of the parameters the row under the cursor is; -1 for none."""
        places = self._table.places if self._table is not None else ()
        return (places[self.cursor] if places else -1,)

    def _clamped(self, row: int) -> int:
        count = len(self._table.rows) if self._table else 0
        return max(0, min(row, count - 1))

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return self._clamped(cursor)

    def validate_column(self, column: int) -> int:
        """Keep the cursor on a column that can be chosen."""
        return max(0, min(column, len(self._table.choose) - 1 if self._table else 0))

    def watch_cursor(self) -> None:
        """Draw the cursor where it is now."""
        self.redraw()
        self.point()

    def watch_column(self) -> None:
        """Draw the cursor where it is now."""
        self.watch_cursor()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row that was clicked."""
        offset = event.get_content_offset(self)
        if offset is not None and 1 <= offset.y <= self._visible:
            self.cursor = self._first + offset.y - 1

    def action_move(self, rows: int) -> None:
        """Move the cursor by rows."""
        self.cursor += rows

    def action_page(self, pages: int) -> None:
        """Move the cursor by what is seen at once."""
        self.cursor += pages * max(1, self._visible - 1)

    def action_across(self, columns: int) -> None:
        """Move the cursor to another of the columns that can be chosen."""
        self.column += columns

    def picture(self, width: int, height: int) -> list[Runs]:
        """Return header, the rows that fit, and the note."""
        table = self._table
        if table is None:
            return [[] for _ in range(height)]
        total = len(table.rows)
        note = self._words(table, width - 2, height)
        room = height - 1 - len(note)
        self._visible = max(1, min(room, total))
        self._first = window(self.cursor, self._first, self._visible, total)
        layout, swatch, bar = self._layout(width, scrolls=total > self._visible)
        hint = "" if bar or total <= self._visible else "▼" if self._first + self._visible < total else "▲"
        rows: list[Runs] = [[(hint.ljust(layout.lead) + self._line(0, layout), "table--header")]]
        rows += [
            self._row(place, layout, marked=place in table.marked, swatch=swatch)
            for place in range(self._first, min(total, self._first + self._visible))
        ]
        if bar:
            thumb = scrollbar(self._first, self._visible, total)
            for row, here in zip(rows[1:], thumb, strict=True):
                blank = " " * (width - 1 - len(text_of(row)))
                row += [(blank, ""), ("┃" if here else "│", "table--bar")]
        spare = height - len(rows) - len(note)
        rows += [[] for _ in range(min(1, spare))]
        rows += [[(" " * layout.lead + line, "table--note")] for line in note]
        return (rows + [[] for _ in range(height)])[:height]

    def _words(self, table: Table, width: int, height: int) -> list[str]:
        """Return the lines below the rows: what there is to tell of the one under the cursor, or the note."""
        spare = height - 1 - len(table.rows)
        if height <= 2:
            return []
        if not (self.has_focus and table.details):
            return _note(table.note, width, max(1, spare))
        words = f"{table.details[self.cursor]} · {table.note}" if table.note else table.details[self.cursor]
        return _note(words, width, max(1, spare - 1, (height - 1) // 2))

    def _layout(self, width: int, *, scrolls: bool) -> tuple[Layout, bool, bool]:
        """Return how the columns stand, and whether swatch and scrollbar do.

        The swatch goes before the scrollbar, and that before a column.
        """
        swatch, bar = self._levels is not None and width >= NARROW, scrolls and width >= NARROW
        offers = []
        needed, least = self._needed, self._least
        if self._table is not None and self._table.cut is not None:
            needed = least = cut(needed, width - 2 - BAR * bar, self._table.cut)
        spare = tuple(min(pair) for pair in zip(needed, (each + 1 for each in least), strict=True))
        for place, (with_swatch, with_bar) in enumerate(((swatch, bar), (False, bar), (False, False))):
            room = width - SWATCH * with_swatch - BAR * with_bar
            # what was given up comes back only where columns have a cell to spare, lest it come and go
            fewest = spare if place < self._given_up else least
            offers.append((indented(needed, room, fewest), with_swatch, with_bar))
        self._given_up = max(range(len(offers)), key=lambda place: len(offers[place][0].widths))
        return offers[self._given_up]

    def _line(self, row: int, layout: Layout) -> str:
        """Return a row, 0 being the header, in the columns that are shown."""
        first, *others = zip(self._cells, layout.widths, strict=False)
        texts = [padded(clipped(first[0][row], first[1]), first[1])]
        texts += [padded(clipped(cells[row], width), width, right=True) for cells, width in others]
        return (" " * layout.gap).join(texts)

    def _cells_of(self, place: int, layout: Layout, pen: Pen) -> Runs:
        """Return the row under the cursor; where columns are chosen, only the cell of the one is under it."""
        line = self._line(place + 1, layout)
        choose = self._table.choose if self._table else ()
        column = choose[self.column] if choose else len(layout.widths)
        if column >= len(layout.widths):
            return [(line, pen)]
        start = sum(layout.widths[:column]) + layout.gap * column
        end = start + layout.widths[column]
        return [(line[:start], ""), (line[start:end], pen), (line[end:], "")]

    def _row(self, place: int, layout: Layout, *, marked: bool, swatch: bool) -> Runs:
        """Return one row with its mark, cursor and swatch."""
        here = self.has_focus and place == self.cursor
        pen: Pen = "table--cursor" if here else ""
        glyph = ("!" if marked else "›" if here else " ").ljust(layout.lead)
        row: Runs = [(glyph, "table--mark" if marked and not here else pen)]
        row += self._cells_of(place, layout, pen) if here else [(self._line(place + 1, layout), pen)]
        if swatch and self._levels is not None:
            level = int(self._levels[place]) if place < len(self._levels) else ramp.EMPTY
            row += [(" ", pen), ("  ", (level, None) if level != ramp.EMPTY else "")]
        return row


def _columns(table: Table) -> tuple[list[str], ...]:
    """Return the cells by column, the header first, numbers aligned; short rows get blanks."""
    columns = []
    for place, header in enumerate(table.columns):
        cells = [row[place] if place < len(row) else "" for row in table.rows]
        columns.append([header, *(aligned(cells) if place else cells)])
    return tuple(columns)


def _note(text: str, width: int, lines: int) -> list[str]:
    """Return the note in at most so many lines, the last with an ellipsis if there is more."""
    wrapped = wrap(text, max(1, width))
    if len(wrapped) <= lines:
        return wrapped
    return [*wrapped[: lines - 1], clipped(" ".join(wrapped[lines - 1 :]), width)] if lines else []
