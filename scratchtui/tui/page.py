"""A page of text over the app, which training goes on behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.screen import ModalScreen, ScreenResultType
from textual.widgets import Static

from scratchtui.tui.dialog import Dialog

if TYPE_CHECKING:
    from rich.text import Text
    from textual.app import ComposeResult


class Page(ModalScreen[ScreenResultType], Dialog[ScreenResultType]):
    """A frame with a title, what can be done below, and text that scrolls where it does not fit."""

    DEFAULT_CSS = """
    Page {
        align: center middle;
        & > VerticalScroll {
            max-width: 100%; height: auto; max-height: 100%;
            border: round $accent; background: $background; padding: 0 1;
            border-title-color: $accent; border-subtitle-color: $text-muted;
        }
        & Static { height: auto; }
    }
    """
    AUTO_FOCUS = "VerticalScroll"  # the app's own is none, and what has no focus does not scroll

    def __init__(self, title: str, can: str) -> None:
        super().__init__()
        self._title, self._can = title, can

    def compose(self) -> ComposeResult:
        """One scrolling page."""
        page = VerticalScroll(Static(self.text()))
        page.border_title = self._title
        page.border_subtitle = self._can
        yield page

    def text(self) -> Text:
        """Return what stands on the page."""
        raise NotImplementedError
