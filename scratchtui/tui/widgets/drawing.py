"""What the widgets of plain-data views share: rows that are compared, and only new ones sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.widget import Widget

from scratchtui.tui.ink import Runs, strip, text_of

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip


class Drawing(Widget):
    """A widget made of rows of text. Subclasses say in `picture` what they are."""

    DEFAULT_CSS = """
    Drawing { width: 1fr; height: 1fr; }
    """

    _rows: tuple[Runs, ...] = ()

    def on_mount(self) -> None:
        """Begin empty."""
        self.redraw()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the picture to the new size."""
        del event
        self.redraw()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Draw with or without a cursor."""
        super().watch_has_focus(has_focus)
        self.redraw()

    def picture(self, width: int, height: int) -> list[Runs]:
        """Return the rows of a widget of this size, both above 0."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Make the picture anew, and have Textual draw the rows that differ."""
        width, height = self.content_size
        before = self._rows
        self._rows = tuple(self.picture(width, height)) if width and height else ()
        if len(before) != len(self._rows):
            self.refresh()
            return
        changed = [y for y, row in enumerate(self._rows) if row != before[y]]
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def render_line(self, y: int) -> Strip:
        """Return a line of the picture."""
        return strip(self, self._rows[y] if y < len(self._rows) else [])

    def text(self) -> str:
        """Return what is drawn, without colours."""
        return "\n".join(text_of(row).rstrip() for row in self._rows)
