"""The top line, with the tabs and the pace."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text
from textual.message import Message

from scratchtui.tui import status
from scratchtui.tui.widgets.words import Words

if TYPE_CHECKING:
    from textual import events

    from scratchtui.training.session import Session

NAME = " scratchtui "
_GLYPHS = {"running": "▶", "diverged": "✗", "failed": "✗", "silent": "?", "reached": "✓", "past": "◂"}


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
    _rate = ""
    _ends: list[int]  # of the tabs
    _begins = 0

    @dataclass
    class Chosen(Message):
        """The tab at `index` was clicked."""

        index: int

    def on_click(self, event: events.Click) -> None:
        """Tell which tab was clicked."""
        index = bisect_right(self._ends, event.x)
        if event.x >= self._begins and index < len(self._ends):
            self.post_message(self.Chosen(index))

    def show(self, tabs: tuple[Tab, ...], session: Session | None, rate: str = "") -> None:
        """Draw the tabs, what there is to tell of the session of the present one, and what is sent."""
        self._tabs, self._session, self._rate = tabs, session, rate
        right = _pace(session) if session is not None else ""
        seed = f"seed {session.recipe.seed}   " if session is not None else ""
        room = self.size.width - sum(map(len, map(_label, tabs))) - 1
        right = seed + right if room >= len(seed) + len(right) else right
        right = f"{rate}   {right}" if rate and room >= len(rate) + 3 + len(right) else right
        name = NAME if room >= len(NAME) + len(right) else ""
        left = Text(name, "bold")
        self._ends, self._begins = [], len(name)
        for tab in tabs:
            left.append(_label(tab), f"{'bold reverse' if tab.current else ''}")
            self._ends.append(left.cell_len)
        left.append(" " * max(1, self.size.width - left.cell_len - len(right)) + right)
        self.say(left)

    def on_resize(self) -> None:
        """Fit the new width."""
        self.show(self._tabs, self._session, self._rate)


def _label(tab: Tab) -> str:
    mark = "▶" if tab.running and not tab.current else " "
    return f"{' ' * bool(tab.key)}{tab.key} {tab.title}{mark}"


def _pace(session: Session) -> str:
    """Return how fast it goes, and whether it does: what is told in any width."""
    return f"{status.pace(session.course.speed)} {_GLYPHS.get(session.state, '‖')} "
