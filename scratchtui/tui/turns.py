"""When each panel is drawn: numbers at once, what takes long in turns, so that keys are answered between."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer
    from textual.widget import Widget

    from scratchtui.experiments.panel import Panel

CHARTS = frozenset({"curves"})  # take long to draw
PICTURES = frozenset({"gallery", "surface"})  # of many cells, any of which may change with every step
BREATH = 0.01  # seconds, in which the numbers are painted and keys answered
_CHART_EVERY, _CROWDED_EVERY = 3, 5  # frames: so often a chart is drawn, and all where pictures take turns
_CHART_DELAY = 0.05
_REST = 0.25  # after a frame, when what was not its turn is drawn too, if no other frame has come


class Turns:
    """Lets `draw` draw the panels that are `shown`; `widget` keeps the time."""

    def __init__(self, widget: Widget, shown: Callable[[], list[Panel]], draw: Callable[[str], None]) -> None:
        self._widget, self._shown, self._draw = widget, shown, draw
        self._frame = 0
        self._charts_due: Timer | None = None
        self._rest_due: Timer | None = None

    def draw(self) -> None:
        """Draw all but charts at once; those, which take long, when the keys have been answered."""
        self._draw_numbers()
        for name in self._of(PICTURES):
            self._draw(name)
        if self._charts_due is None:
            self._charts_due = self._widget.set_timer(_CHART_DELAY, self._draw_charts)

    def draw_frame(self) -> None:
        """Draw numbers and words, and one chart at the most, each in its turn; keys may come between.

        A picture that is alone is drawn with the numbers; more of them take turns with the charts.
        """
        self._draw_numbers()
        charts, pictures = self._of(CHARTS), self._of(PICTURES)
        if len(pictures) == 1:
            self._draw(pictures.pop())
        waiting = charts + pictures
        turn = self._frame % max(_CROWDED_EVERY if pictures else _CHART_EVERY, len(waiting))
        if turn < len(waiting):
            self._widget.set_timer(BREATH, lambda: self._draw(waiting[turn]))
        self._frame += 1
        if self._rest_due is not None:
            self._rest_due.stop()
        self._rest_due = self._widget.set_timer(_REST, self.draw)

    def _draw_numbers(self) -> None:
        for panel in self._shown():
            if panel.kind not in CHARTS | PICTURES:
                self._draw(panel.name)

    def _draw_charts(self) -> None:
        self._charts_due = None
        for name in self._of(CHARTS):
            self._draw(name)

    def _of(self, kinds: frozenset[str]) -> list[str]:
        return [panel.name for panel in self._shown() if panel.kind in kinds]
