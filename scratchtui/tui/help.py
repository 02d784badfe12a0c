"""Help: what the focused panel shows, its keys, and all other keys."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType

from scratchtui.tui.keymap import DEFAULT
from scratchtui.tui.page import Page


class Help(Page[None]):
    """A page of help."""

    DEFAULT_CSS = "Help > VerticalScroll { width: 76; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter", "dismiss", "close", show=False),
        *(
            Binding(",".join(DEFAULT[name].keys), "dismiss", "close", show=False, id=name)
            for name in ("quit", "explain")
        ),
    ]

    def __init__(self, title: str, words: str, *keys: tuple[tuple[str, str], ...]) -> None:
        super().__init__(title, "↑↓ scroll · esc closes")
        self._words, self._keys = words, keys

    def text(self) -> Text:
        """Return the words, and the keys with what they do."""
        page = Text(self._words.strip() + "\n\n")
        for keys in self._keys:
            for shown, what in keys:
                page.append(f"{shown:>10}  ", "bold")
                page.append(f"{what}\n")
            if keys:
                page.append("\n")
        page.rstrip()
        return page
