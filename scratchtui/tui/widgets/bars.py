"""The top line, with the tabs and the pace, and the bottom line, with the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text
from textual.message import Message
from textual.widgets import Static

from scratchtui.tui import status
from scratchtui.tui.actions import ACTIONS

if TYPE_CHECKING:
    from scratchtui.training.session import Session

_GLYPHS = {"running": "▶", "diverged": "✗", "failed": "✗", "reached": "✓"}


class Tab(NamedTuple):
    """One tab of the header."""

    title: str
    current: bool
    running: bool


class Header(Static):
    """Which experiments there are, the seed, the pace, and whether it runs."""

    DEFAULT_CSS = """
    Header { height: 1; background: $surface; color: $foreground; }
    """

    def on_resize(self) -> None:
        """Ask for what is to be shown, now that the width is known."""
        self.post_message(self.Resized())

    class Resized(Message):
        """The width is another."""

    def show(self, tabs: tuple[Tab, ...], session: Session | None) -> None:
        """Draw the tabs, and what there is to tell of the session of the present one."""
        left = Text(" scratchtui ", "bold")
        for number, tab in enumerate(tabs, 1):
            mark = "▶" if tab.running and not tab.current else " "
            left.append(f" {number} {tab.title}{mark}", f"{'bold reverse' if tab.current else ''}")
        right = ""
        if session is not None:
            glyph = _GLYPHS.get(session.state, "‖")
            right = f"seed {session.recipe.seed}   {status.pace(session.speed)} {glyph} "
        left.append(" " * max(1, self.size.width - left.cell_len - len(right)) + right)
        self.update(left, layout=False)


class Footer(Static):
    """The keys that matter now: the focused panel's own first."""

    DEFAULT_CSS = """
    Footer { height: 1; background: $surface; color: $text-muted; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[tuple[str, str], ...] = ()
        self._alone = False

    def show(self, keys: tuple[tuple[str, str], ...], *, alone: bool = False) -> None:
        """Draw these keys, and unless they are `alone` those that work everywhere.

        What does not fit is left out from the end, but the ways to help and out never are.
        """
        self._keys, self._alone = keys, alone
        everywhere = [] if alone else [(action.shown, action.short) for action in ACTIONS if action.short]
        last = [pair for pair in everywhere if pair[1] in {"help", "quit"}]
        room = self.size.width - 2 - sum(len(shown) + len(short) + 3 for shown, short in last)
        line = Text()
        for pair in [*keys, *(pair for pair in everywhere if pair not in last)]:
            if line.cell_len + len(pair[0]) + len(pair[1]) + 1 > room:
                break
            _append_key(line, pair)
        for pair in last:
            _append_key(line, pair)
        line.rstrip()
        self.update(line, layout=False)

    def on_resize(self) -> None:
        """Fit the new width."""
        self.show(self._keys, alone=self._alone)


def _append_key(line: Text, pair: tuple[str, str]) -> None:
    shown, short = pair
    line.append(shown, "bold")
    line.append(f" {short}  ")
