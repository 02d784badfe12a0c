"""The top line, with the tabs and the pace."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.text import Text
from textual.message import Message

from scratchtui.tui import status
from scratchtui.tui.widgets.words import Words

if TYPE_CHECKING:
    from textual import events

    from scratchtui.training.session import Session

NAME = " scratchtui "  # left out where the rest needs its room
_GLYPHS = {"running": "▶", "diverged": "✗", "failed": "✗", "reached": "✓", "past": "◂"}


class Tab(NamedTuple):
    """One tab of the header."""

    key: str
    title: str
    current: bool
    running: bool


class Header(Words):
    """Which experiments there are, the seed, the pace, and whether it runs."""

    DEFAULT_CSS = """
    Header { height: 1; background: $surface; color: $foreground; }
    """

    _tabs: tuple[Tab, ...] = ()
    _session: Session | None = None
    _begin = 0  # of the first tab
    _ends: list[int]  # of the tabs

    @dataclass
    class Chosen(Message):
        """The tab at `index` was clicked."""

        index: int

    def on_click(self, event: events.Click) -> None:
        """Tell which tab was clicked."""
        index = bisect_right(self._ends, event.x)
        if event.x >= self._begin and index < len(self._ends):
            self.post_message(self.Chosen(index))

    def show(self, tabs: tuple[Tab, ...], session: Session | None) -> None:
        """Draw the tabs, and what there is to tell of the session of the present one."""
        self._tabs, self._session = tabs, session
        right = ""
        if session is not None:
            glyph = _GLYPHS.get(session.state, "‖")
            right = f"seed {session.recipe.seed}   {status.pace(session.course.speed)} {glyph} "
        needed = sum(cell_len(f"{tab.key} {tab.title} ") + bool(tab.key) for tab in tabs) + cell_len(right)
        left = Text(NAME if len(NAME) + needed < self.size.width else "", "bold")
        self._begin = left.cell_len
        self._ends = []
        for tab in tabs:
            mark = "▶" if tab.running and not tab.current else " "
            left.append(
                f"{' ' * bool(tab.key)}{tab.key} {tab.title}{mark}",
                f"{'bold reverse' if tab.current else ''}",
            )
            self._ends.append(left.cell_len)
        left.append(" " * max(1, self.size.width - left.cell_len - len(right)) + right)
        self.say(left)

    def on_resize(self) -> None:
        """Fit the new width."""
        self.show(self._tabs, self._session)
