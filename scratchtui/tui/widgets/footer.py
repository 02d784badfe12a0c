"""The bottom line, with the keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text
from textual.keys import _character_to_key
from textual.message import Message

from scratchtui.tui.actions import left_by
from scratchtui.tui.widgets.words import Words

if TYPE_CHECKING:
    from textual import events

_KEYS = {"space": "space", "enter": "enter", "tab": "tab", "esc": "escape", "F5": "f5"}


class Footer(Words):
    """The keys that matter now: the focused panel's own first."""

    DEFAULT_CSS = """
    Footer { height: 1; background: $surface; color: $text-muted; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[tuple[str, str], ...] = ()
        self._alone = False
        self._places: list[tuple[int, str]] = []

    @dataclass
    class Pressed(Message):
        """A key was clicked."""

        key: str

    def on_click(self, event: events.Click) -> None:
        """Tell which key was clicked."""
        offset = event.get_content_offset(self)
        shown = next((shown for end, shown in self._places if offset and offset.x < end), "")
        if key := _KEYS.get(shown, _character_to_key(shown) if len(shown) == 1 and shown.isascii() else ""):
            self.post_message(self.Pressed(key))

    def show(self, keys: tuple[tuple[str, str], ...], *, alone: bool = False) -> None:
        """Draw these keys, and unless they are `alone` those that work everywhere.

        What does not fit is left out from the end, but the ways to help and out never are.
        """
        self._keys, self._alone = keys, alone
        everywhere = [(key, action.short) for key, action in left_by(keys) if action.short and not alone]
        last = [pair for pair in everywhere if pair[1] in {"help", "quit"}]
        room = self.size.width - 2 - sum(len(shown) + len(short) + 3 for shown, short in last)
        line = Text()
        self._places = []
        for pair in [*keys, *(pair for pair in everywhere if pair not in last)]:
            if line.cell_len + len(pair[0]) + len(pair[1]) + 1 > room:
                break
            self._append_key(line, pair)
        for pair in last:
            self._append_key(line, pair)
        line.rstrip()
        self.say(line)

    def on_resize(self) -> None:
        """Fit the new width."""
        self.show(self._keys, alone=self._alone)

    def _append_key(self, line: Text, pair: tuple[str, str]) -> None:
        shown, short = pair
        line.append(shown, "bold")
        line.append(f" {short}  ")
        self._places.append((line.cell_len, shown))
