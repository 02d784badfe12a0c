"""The bottom line, with the keys."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text
from textual.message import Message

from scratchtui.tui import key_names
from scratchtui.tui.widgets.words import Words

if TYPE_CHECKING:
    from textual import events

    from scratchtui.tui.keys import Keys


class Footer(Words):
    """The keys that matter now: the focused panel's own first."""

    DEFAULT_CSS = """
    Footer { height: 1; background: $surface; color: $text-muted; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: Keys = ()
        self._everywhere: Keys = ()
        self._places: list[tuple[int, str]] = []

    @dataclass
    class Pressed(Message):
        """A key was clicked."""

        key: str

    def on_click(self, event: events.Click) -> None:
        """Tell which key was clicked."""
        offset = event.get_content_offset(self)
        shown = next((shown for end, shown in self._places if offset and offset.x < end), "")
        with contextlib.suppress(ValueError):  # several keys, or none
            self.post_message(self.Pressed(key_names.read(shown)))

    def show(self, keys: Keys, everywhere: Keys) -> None:
        """Draw these keys, and those that work everywhere.

        What does not fit is left out from the end, but the ways to help and out never are.
        """
        self._keys, self._everywhere = keys, everywhere
        named = {key for key, _ in keys}
        everywhere = tuple(pair for pair in everywhere if pair[0] not in named)
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
        self.show(self._keys, self._everywhere)

    def _append_key(self, line: Text, pair: tuple[str, str]) -> None:
        shown, short = pair
        line.append(shown, "bold")
        line.append(f" {short}  ")
        self._places.append((line.cell_len, shown))
