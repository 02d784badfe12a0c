"""What the widgets of plain-data views share: rows that are compared, and only new ones sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.widget import Widget

from scratchtui.experiments.panel import POINT, Edit, EditKey
from scratchtui.tui.ink import Runs, strip, text_of
from scratchtui.tui.requests import EditAsked

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip


class Drawing(Widget):
    """A widget made of rows of text. Subclasses say in `picture` what they are, and in `place` where one is.

    `edits` are the keys with which the user edits what is drawn, and `follows` asks to tell where the
    cursor is.
    """

    DEFAULT_CSS = """
    Drawing { width: 1fr; height: 1fr; }
    """

    edits: tuple[EditKey, ...] = ()
    follows: bool = False
    _rows: tuple[Runs, ...] = ()

    def on_mount(self) -> None:
        """Begin empty."""
        self.redraw()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the picture to the new size."""
        del event
        self.redraw()

    @property
    def place(self) -> tuple[int, ...] | None:
        """What the cursor is on, as an `Edit` has it; None where it is on nothing."""
        return ()

    @property
    def subject(self) -> object:
        """What the cursor is on, where at another moment something else may be there."""
        return None

    @property
    def weights(self) -> tuple[int, ...]:
        """Which element of the parameters the cursor is on, -1 for none, then those in its row."""
        return (-1,)

    def on_key(self, event: events.Key) -> None:
        """Ask for the edit that a key stands for, before any other meaning of it."""
        for key in self.edits:
            if event.key in key.keys.split(","):
                event.stop()
                self.ask(key.action, key=key)

    def on_paste(self, event: events.Paste) -> None:
        """Ask for what was pasted by the terminal to be taken where that key would."""
        for key in self.edits:
            if key.how == "paste":
                event.stop()
                self.ask(key.action, event.text)

    def ask(self, action: str, text: str = "", *, key: EditKey | None = None, stroke: bool = False) -> None:
        """Ask for an edit where the cursor is."""
        place = self.weights if key is not None and key.on == "weight" else self.place
        if place is not None:
            self.post_message(EditAsked(self.id or "", Edit(action, place, text, stroke), key))

    def point(self) -> None:
        """Tell where the cursor is, if that is asked for."""
        if self.follows:
            self.ask(POINT)

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
