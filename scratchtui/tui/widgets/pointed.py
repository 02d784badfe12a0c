"""What the widgets of many cells share: a cursor moved by arrows, and signs where there are no colours."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.reactive import reactive

from scratchtui.tui.mosaic import CURSOR, HALF, HERE, LABEL
from scratchtui.tui.widgets.drawing import Drawing


class Pointed(Drawing):
    """A drawing with a cursor on it. Subclasses have the reactive `cursor`, keep it valid, and move it.

    `signs` writes glyphs in place of colours.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {LABEL, HERE, CURSOR, HALF}
    DEFAULT_CSS = """
    Pointed {
        & > .heatmap--label { color: $foreground 65%; }
        & > .heatmap--here { text-style: bold; }
        & > .heatmap--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
        }
        & > .heatmap--half-cursor { color: $foreground; background: $background; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1, 0)", "up", show=False),
        Binding("down,j", "move(1, 0)", "down", show=False),
        Binding("left,h", "move(0, -1)", "left", show=False),
        Binding("right,l", "move(0, 1)", "right", show=False),
    ]

    signs: reactive[bool] = reactive(default=False)

    def watch_cursor(self) -> None:
        """Draw the cursor where it is now, and tell of it if that is asked for."""
        self.redraw()
        self.point()

    def watch_signs(self) -> None:
        """Draw with or without glyphs."""
        self.redraw()

    def action_move(self, down: int, right: int) -> None:
        """Move the cursor by so many cells."""
        raise NotImplementedError
