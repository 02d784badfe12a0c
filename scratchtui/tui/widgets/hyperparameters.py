"""The hyperparameters of an experiment: a list with a cursor; left and right change the value under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from scratchtui.tui.ink import clipped

if TYPE_CHECKING:
    from textual import events


_LEAST_VALUE = 4


@dataclass(frozen=True)
class Line:
    """One hyperparameter as it is to be seen: `pending` is a value that waits for a reset."""

    key: str
    label: str
    value: str
    live: bool
    pending: str = ""
    remark: str = ""
    warning: bool = False


class HyperparameterList(Widget, can_focus=True):
    """Tells its parent what the user wants; knows no experiment."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "hyperparameters--label",
        "hyperparameters--value",
        "hyperparameters--tag",
        "hyperparameters--pending",
        "hyperparameters--remark",
        "hyperparameters--warning",
        "hyperparameters--cursor",
    }
    DEFAULT_CSS = """
    HyperparameterList {
        & .hyperparameters--value { text-style: bold; }
        & .hyperparameters--tag { color: $text-muted; }
        & .hyperparameters--pending { color: $warning; text-style: bold; }
        & .hyperparameters--remark { color: $text-muted; }
        & .hyperparameters--warning { color: $error; text-style: bold; }
        & .hyperparameters--cursor { background: $panel; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "up", show=False),
        Binding("down", "move(1)", "down", show=False),
        Binding("pageup", "move(-99)", "first", show=False),
        Binding("pagedown", "move(99)", "last", show=False),
        Binding("left", "nudge(-1)", "less", show=False),
        Binding("right", "nudge(1)", "more", show=False),
        Binding("enter", "choose", "edit", show=False),
        Binding("escape", "drop", "keep", show=False),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("↑↓", "choose"),
        ("←→", "change"),
        ("enter", "type a value"),
    )

    WAITING_KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("enter", "reset with these"),
        ("esc", "keep this network"),
        ("←→", "change"),
    )

    cursor = reactive(0)

    @dataclass
    class Nudged(Message):
        """The user asked for the next value up (+1) or down (-1)."""

        key: str
        direction: int

    @dataclass
    class Chosen(Message):
        """The user pressed enter on a hyperparameter."""

        key: str

    class Dropped(Message):
        """The user wants none of the values that wait for a reset."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: tuple[Line, ...] = ()
        self._rows: list[tuple[int, bool]] = []
        self._top = 0

    def show(self, lines: tuple[Line, ...]) -> None:
        """Draw these lines."""
        if lines == self._lines:
            return
        self._lines = lines
        self._rows = [
            (k, remark)
            for k, line in enumerate(lines)
            for remark in ((False, True) if line.remark else (False,))
        ]
        self.cursor = min(self.cursor, len(lines) - 1)
        self._keep_cursor_in_view()
        self.refresh()

    @property
    def wanted_rows(self) -> int:
        """How many rows show everything."""
        return len(self._rows)

    def watch_cursor(self) -> None:
        """Follow the cursor."""
        self._keep_cursor_in_view()
        self.refresh()

    def on_resize(self) -> None:
        """Follow the cursor."""
        self._keep_cursor_in_view()
        self.refresh()

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Go to the line clicked."""
        offset = event.get_content_offset(self)
        if offset is not None and 0 <= self._top + offset.y < len(self._rows):
            self.cursor = self._rows[self._top + offset.y][0]

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.cursor = min(max(self.cursor + by, 0), len(self._lines) - 1)

    def action_nudge(self, direction: int) -> None:
        """Ask for the next value."""
        self.post_message(self.Nudged(self._lines[self.cursor].key, direction))

    def action_choose(self) -> None:
        """Ask for an editor."""
        self.post_message(self.Chosen(self._lines[self.cursor].key))

    def action_drop(self) -> None:
        """Drop what waits."""
        self.post_message(self.Dropped())

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width = self.size.width
        place = self._top + y
        if place >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        index, is_remark = self._rows[place]
        line = self._lines[index]
        at_cursor = self.has_focus and index == self.cursor and not is_remark
        strip = (
            self._remark_strip(line)
            if is_remark
            else self._line_strip(line, width, "›" if at_cursor else " ")
        )
        strip = self._with_hint(strip, y, width).adjust_cell_length(width, self.rich_style)
        if at_cursor:
            background = Style(bgcolor=self._style("cursor").bgcolor)
            strip = Strip(Segment.apply_style(strip, post_style=background), width)
        return strip

    def _with_hint(self, strip: Strip, y: int, width: int) -> Strip:
        """Mark in the last column that there is more above or below."""
        more_above = y == 0 and self._top > 0
        more_below = y == self.size.height - 1 and self._top + y < len(self._rows) - 1
        if not (more_above or more_below):
            return strip
        hint = Segment("▲" if more_above else "▼", self._style("tag"))
        return Strip([*strip.adjust_cell_length(width - 1, self.rich_style), hint])

    def _line_strip(self, line: Line, width: int, pointer: str) -> Strip:
        value = f"{line.value} → {line.pending}" if line.pending else line.value
        tag = "  live " if line.live else " reset "
        room = width - len(pointer + line.label) - 1
        wide = cell_len(value)
        if wide < room < wide + len(tag) or room < len(tag) + _LEAST_VALUE:
            tag = " "  # a value is worth more than whether it is live
        value = clipped(value, max(1, room - len(tag)))
        gap = 1 + max(0, room - cell_len(value) - len(tag))
        value_style = self._style("pending" if line.pending else "warning" if line.warning else "value")
        return Strip(
            [
                Segment(pointer + line.label, self._style("label")),
                Segment(" " * gap, self.rich_style),
                Segment(value, value_style),
                Segment(tag, self._style("tag")),
            ]
        )

    def _remark_strip(self, line: Line) -> Strip:
        return Strip([Segment(f"   {line.remark}", self._style("warning" if line.warning else "remark"))])

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"hyperparameters--{part}")

    def _keep_cursor_in_view(self) -> None:
        height = max(1, self.size.height)
        rows = [k for k, (index, _) in enumerate(self._rows) if index == self.cursor] or [0]
        self._top = max(self._top, rows[-1] - height + 1)  # its remark too
        self._top = max(0, min(self._top, len(self._rows) - height, rows[0]))
        if self._rows and self._rows[self._top][1]:
            self._top += 1  # a remark without its line would seem to be of the line above
