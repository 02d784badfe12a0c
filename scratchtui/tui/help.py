"""Help: what the focused panel shows, its keys, and all other keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from scratchtui.tui.keymap import DEFAULT

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Help(ModalScreen[None]):
    """A page of help over the app; training goes on behind it."""

    DEFAULT_CSS = """
    Help {
        align: center middle;
        & > VerticalScroll {
            width: 76; max-width: 100%; height: auto; max-height: 100%;
            border: round $accent; background: $background; padding: 0 1;
            border-title-color: $accent; border-subtitle-color: $text-muted;
        }
        & Static { height: auto; }
    }
    """
    AUTO_FOCUS = "VerticalScroll"  # the app's own is none, and what has no focus does not scroll
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "dismiss", "close", show=False),
        *(
            Binding(",".join(DEFAULT[name].keys), "dismiss", "close", show=False, id=name)
            for name in ("quit", "explain")
        ),
    ]

    def __init__(self, title: str, words: str, *keys: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self._title, self._words, self._keys = title, words, keys

    def compose(self) -> ComposeResult:
        """One scrolling page."""
        page = VerticalScroll(Static(self._page()))
        page.border_title = self._title
        page.border_subtitle = "↑↓ scroll · esc closes"
        yield page

    def _page(self) -> Text:
        page = Text(self._words.strip() + "\n\n")
        for keys in self._keys:
            for shown, what in keys:
                page.append(f"{shown:>10}  ", "bold")
                page.append(f"{what}\n")
            if keys:
                page.append("\n")
        page.rstrip()
        return page
