"""Shares as horizontal bars, finer than a character."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from scratchtui.tui.ink import clipped
from scratchtui.tui.widgets.drawing import Drawing

if TYPE_CHECKING:
    from scratchtui.experiments.view import Bar, Bars
    from scratchtui.tui.ink import Runs

EIGHTHS = " ▏▎▍▌▋▊▉"
PERCENT = 6  # columns


class BarsView(Drawing, can_focus=True):
    """Draws `Bars`, a line each; the answer stands out by an arrow and its weight as well as its colour."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"bars--bar", "bars--answer", "bars--words", "bars--name"}
    DEFAULT_CSS = """
    BarsView {
        & > .bars--bar { color: $foreground 45%; }
        & > .bars--answer { color: $accent; }
        & > .bars--words { color: $foreground 65%; }
        & > .bars--name { text-style: bold; }
    }
    """

    _bars: Bars | None = None

    def show(self, bars: Bars) -> None:
        """Draw these bars."""
        if bars != self._bars:
            self._bars = bars
            self.redraw()

    def picture(self, width: int, height: int) -> list[Runs]:
        """Return the bars that fit, and the note."""
        bars = self._bars
        if bars is None:
            return [[] for _ in range(height)]
        rows = bar_rows(bars, width)
        rows += [[(line, "bars--words")] for line in wrap(bars.note, max(1, width))]
        return (rows + [[] for _ in range(height)])[:height]


def bar_rows(bars: Bars, width: int) -> list[Runs]:
    """Return a row for each bar: name, bar, percent, words; too narrow for that, name and percent."""
    name = max((len(bar.label) for bar in bars.bars), default=0)
    words = max((len(bar.words) for bar in bars.bars), default=0)
    words = words + 2 if words and width - name - PERCENT - words >= 12 else 0
    room = width - name - 4 - PERCENT - words
    return [_row(bar, name, room, width) if room > 0 else _tight_row(bar, width) for bar in bars.bars]


def _tight_row(bar: Bar, width: int) -> Runs:
    label = f"{'›' if bar.marked else ' '}{bar.label}"
    left = max(0, width - PERCENT + 1)
    text = f"{clipped(label, left).ljust(left)}{100 * bar.share:4.0f}%"
    return [(text[:width], "bars--name" if bar.marked else "")]


def _row(bar: Bar, name: int, room: int, width: int) -> Runs:
    filled = round(8 * room * max(0.0, min(bar.share, 1.0)))
    body = "█" * (filled // 8) + EIGHTHS[filled % 8].strip()
    percent = f"{100 * bar.share:.1f}%"
    marked = bar.marked
    row: Runs = [
        (f"{'›' if marked else ' '} {bar.label.ljust(name)} ", "bars--name" if marked else ""),
        (body.ljust(room), "bars--answer" if marked else "bars--bar"),
        (percent.rjust(PERCENT + 1), "bars--name" if marked else ""),
    ]
    left = width - name - 4 - room - PERCENT - 2
    return [*row, ("  " + clipped(bar.words, left), "bars--words")] if bar.words and left > 2 else row
