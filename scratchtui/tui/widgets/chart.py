"""A chart of curves over steps, drawn in braille, whose axes stand still while data arrives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from textual.binding import Binding, BindingType
from textual.message import Message

from scratchtui.tui.drawn import COLOURS, crossed, drawn
from scratchtui.tui.glyphs import marked
from scratchtui.tui.reading import line, moved, power, readings
from scratchtui.tui.requests import SeekAsked
from scratchtui.tui.widgets.drawing import Drawing
from scratchtui.tui.window import ZOOM, Window, extent_of, own_extent

if TYPE_CHECKING:
    from textual import events

    from scratchtui.experiments.view import Curve, Curves
    from scratchtui.tui.axis import Limits
    from scratchtui.tui.frame import Frame
    from scratchtui.tui.ink import Runs

CORNERS = 4  # columns of the line below the chart that its border keeps, beyond its own two


class Chart(Drawing):
    """Draws `Curves`. The owner calls `show`; the chart has no clock of its own."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "chart--axis",
        "chart--label",
        "chart--empty",
        "chart--mark",
        "chart--pointer",
        "chart--band",
        "chart--dim",
        "chart--cursor",
        "chart--crossed",
        *(f"chart--curve-{number}" for number in range(COLOURS)),
    }
    DEFAULT_CSS = """
    Chart {
        border-subtitle-align: left;
        border-subtitle-color: $foreground;
        border-subtitle-style: none;
        & > .chart--cursor { color: $accent; text-style: bold; }
        & > .chart--crossed { color: $foreground; text-style: reverse; }
        & > .chart--axis { color: $foreground 45%; }
        & > .chart--label { color: $foreground 75%; }
        & > .chart--empty { color: $foreground 75%; }
        & > .chart--mark { color: $foreground 45%; }
        & > .chart--pointer { color: $accent; text-style: bold; }
        & > .chart--dim { color: $foreground 40%; }
        & > .chart--band { color: $foreground 35%; }
        & > .chart--curve-0 { color: $primary; }
        & > .chart--curve-1 { color: $accent; }
        & > .chart--curve-2 { color: $success; }
        & > .chart--curve-3 { color: $error; }
        & > .chart--curve-4 { color: $foreground; }
        & > .chart--curve-5 { color: #875fff; }
        & > .chart--curve-6 { color: #d75faf; }
        & > .chart--curve-7 { color: #878700; }
        &:light {
            & > .chart--curve-5 { color: #8700ff; }
            & > .chart--curve-6 { color: #af0087; }
            & > .chart--curve-7 { color: #000087; }
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move(-1)", "a column to the left", show=False),
        Binding("right,l", "move(1)", "a column to the right", show=False),
        Binding("shift+left,H", "move(-10)", "ten columns to the left", show=False),
        Binding("shift+right,L", "move(10)", "ten columns to the right", show=False),
        Binding("up,k", "turn(-1)", "the curve before", show=False),
        Binding("down,j", "turn(1)", "the next curve", show=False),
        Binding("g", "go_there", "the moment under the cursor", show=False),
        Binding("y", "scale", "logarithmic or linear", show=False),
        Binding("v", "window", "the next window", show=False),
        Binding("left_parenthesis", "zoom(-1)", "a wider window", show=False),
        Binding("right_parenthesis", "zoom(1)", "a narrower window", show=False),
        Binding("escape", "see_all", "the whole chart", show=False),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("←→", "read"), ("g", "go there"), ("( )", "window"), ("y", "log"),
    )  # fmt: skip
    ALL_KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("←→", "read the curves, a column to the left or right; also h l"),
        ("H L", "ten columns to the left or right; also shift with arrows"),
        ("↑↓", "which curve is read first; also k j"),
        ("g", "see the moment of the step that is read, of many the last"),
        ("y", "logarithmic or linear"),
        ("v", "show the last tenth, a tenth around the cursor, or all"),
        ("( )", "a wider or a narrower window around the cursor"),
        ("esc", "show all; once more: no cursor"),
    )

    @dataclass
    class WindowMoved(Message):
        """Another part of the curves is shown, or on another scale."""

        panel: str

    _given: Curves | None = None  # as they came; `_curves` are on the scale that is seen
    _curves: Curves | None = None
    _mark: float | None = None
    _frame: Frame | None = None
    _window = Window()
    _other_scale = False
    _cursor: float | None = None  # a step
    _lead = 0  # the curve that is read first
    _base: list[Runs] | None = None  # what is drawn, but for the cursor
    _drawn_at = (0, 0)

    def show(self, curves: Curves, *, mark: float | None = None) -> None:
        """Draw these curves, and an upright line at x = `mark`, unless they are shown already."""
        before = self._given
        if before is not None and self._mark == mark and same(before, curves):
            return
        if before and (before.logarithmic, before.ticks) != (curves.logarithmic, curves.ticks):
            self._frame = None
        self._given, self._mark = curves, mark
        self._take_in()

    def _take_in(self) -> None:
        """Draw what was given, on the scale that is wanted."""
        if self._given is not None:
            self._curves = rescaled(self._given) if self._other_scale else self._given
        self._base = None
        self.redraw()

    @property
    def stretch(self) -> tuple[int, int] | None:
        """The first and the last step of the range that is shown; None where it is not a range."""
        return (int(self._window.low), int(self._window.high)) if self._window.kind == "range" else None

    def titled(self, title: str) -> str:
        """Return a title with what is shown, if that is not all, and on which scale, if not as usual."""
        words = [self._window.words] if self._window.words else []
        if self._other_scale and self._curves is not None:
            title = title.partition(", ")[0]
            words = ["log" if self._curves.logarithmic else "linear", *words]
        return ", ".join([title, *words])

    def picture(self, width: int, height: int) -> list[Runs]:
        """Return the rows of the chart, or the sentence that stands for it."""
        if self._curves is None:
            return [[] for _ in range(height)]
        if self._base is None or self._drawn_at != (width, height):
            size = self._drawn_at = width, height
            base, self._frame = drawn(self._curves, size, self._mark, self._frame, self._window)
            self._base = marked(base) if self.app.no_color else base
        column = self._column if self.has_focus else None
        self._read(width)
        if column is None or self._frame is None:
            return self._base
        return crossed(self._base, self._frame, column)

    @property
    def _column(self) -> int | None:
        """The column that the cursor is in, where it is seen."""
        seen = self._frame is not None and self._cursor is not None
        return self._frame.column(self._cursor) if seen and self._frame and self._cursor is not None else None

    def _read(self, width: int) -> None:
        """Write below what the cursor reads."""
        words = ""
        if self.has_focus and self._given and self._frame and self._cursor is not None:
            words = line(readings(self._given, self._frame, self._cursor, self._lead), width - CORNERS)
        if self.border_subtitle != words:
            self.border_subtitle = words

    def action_move(self, columns: int) -> None:
        """Move the cursor by columns; it appears at the moment that is seen."""
        if self._given is None or self._frame is None:
            return
        if self._cursor is None or self._column is None:
            start = self._frame.x.high if self._mark is None else self._mark
            self._cursor = moved(self._given, self._frame, start, 0)
        else:
            self._cursor = moved(self._given, self._frame, self._cursor, columns)
        self.redraw()

    def action_turn(self, by: int) -> None:
        """Read another curve first."""
        if self._given is not None and self._given.curves:
            self._lead = (self._lead + by) % len(self._given.curves)
            self.redraw()

    def action_go_there(self) -> None:
        """Ask for the moment under the cursor, where that is seen."""
        if self._cursor is not None and self._column is not None:
            self.post_message(SeekAsked(round(self._cursor)))

    def action_scale(self) -> None:
        """Draw logarithms, or the numbers themselves."""
        self._other_scale = not self._other_scale
        self._see(self._window)

    def action_window(self) -> None:
        """Show the next part: the last tenth, a tenth around the cursor, all."""
        if extent := self._extent:
            self._see(self._window.next(extent, self._middle(extent)))

    def action_zoom(self, direction: int) -> None:
        """Show a narrower (+1) or a wider (-1) part, around the cursor."""
        if extent := self._extent:
            self._see(self._window.scaled(ZOOM**-direction, extent, self._middle(extent)))

    def action_see_all(self) -> None:
        """Show all; if all is shown, take the cursor away."""
        if self._window.kind == "all":
            self._cursor = None
            self.redraw()
        else:
            self._see(Window())

    @property
    def _extent(self) -> Limits | None:
        return extent_of(self._given) if self._given is not None else None

    def _middle(self, extent: Limits) -> float:
        """Return the step that a window is set around: the cursor's, or the newest."""
        if self._cursor is not None and self._column is not None:
            return self._cursor
        if self._window.kind == "range":
            return self._window.middle
        own = own_extent(self._given) if self._given is not None else None
        return (own or extent).high

    def _see(self, window: Window) -> None:
        """Show a window, on axes of its own."""
        self._window, self._frame = window, None
        self._take_in()
        self.post_message(self.WindowMoved(self.id or ""))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the chart was clicked."""
        offset = event.get_content_offset(self)
        if offset is None or self._given is None or self._frame is None:
            return
        column = offset.x - self._frame.left - 1
        if 0 <= column < self._frame.canvas[0]:
            self._cursor = moved(self._given, self._frame, self._frame.x.low, column)
            self.redraw()


def rescaled(curves: Curves) -> Curves:
    """Return the curves on the other scale: linear, or logarithmic where there is a number above 0."""
    if curves.base is None:
        positive = any(bool((curve.y > 0.0).any()) for curve in curves.curves)
        return replace(curves, logarithmic=positive and not curves.logarithmic)
    numbers = (replace(curve, y=power(curves.base, curve.y)) for curve in curves.curves)  # none has extremes
    return replace(curves, curves=tuple(numbers), ticks=(), base=None)


def same(one: Curves, other: Curves) -> bool:
    """Tell whether two charts look alike."""
    if one is other:
        return True
    settings = [(each.logarithmic, each.ticks, each.empty, each.x_name) for each in (one, other)]
    if settings[0] != settings[1] or len(one.curves) != len(other.curves):
        return False
    return all(_same_curve(*pair) for pair in zip(one.curves, other.curves, strict=True))


def _same_curve(one: Curve, other: Curve) -> bool:
    """Tell whether two curves have one name, one look, and equal numbers."""
    if (one.name, one.dim) != (other.name, other.dim) or one.closer is not other.closer:
        return False
    for name in ("x", "y", "low", "high"):
        a, b = getattr(one, name), getattr(other, name)
        if a is not b and (a is None or b is None or not np.array_equal(a, b, equal_nan=True)):
            return False
    return True
