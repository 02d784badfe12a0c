"""Looks for a moment of the past that is far from any snapshot, a little at a time: keys are heard.

What is to be done at that moment waits for it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.widget import Widget

    from scratchtui.training.lookback import Lookback
    from scratchtui.training.session import Session

_BREATH = 0.001  # seconds, in which keys are heard
_TELL_EVERY = 0.1  # seconds: drawing how far it has come takes longer than a breath


class Finder:
    """Looks on for what a session seeks; `widget` keeps the time.

    `tell` is told how far it has come, a few times a second, and of what is found at once.
    """

    def __init__(self, session: Session, widget: Widget, tell: Callable[[], None]) -> None:
        self._session, self._widget, self._tell = session, widget, tell
        self._looks = False
        self._told_at = 0.0
        self._waiting: list[tuple[Lookback, int, Callable[[], object]]] = []

    def begin(self) -> None:
        """Look on, if there is anything to look for and that is not under way."""
        if self._session.sought is not None and not self._looks:
            self._looks = True
            self._widget.set_timer(_BREATH, self._look)

    def put_off(self, act: Callable[[], object]) -> None:
        """Do it when the moment that is being looked for, and no other nor that of another run, is found."""
        self._waiting.append((self._session.looking, self._session.looking.step, act))
        self.begin()

    def _look(self) -> None:
        self._looks = False
        self._session.search_on()
        self.begin()
        found, now = self._session.sought is None, time.monotonic()
        if found or now - self._told_at > _TELL_EVERY:
            self._told_at = now
            self._tell()
        if found:
            waiting, self._waiting = self._waiting, []
            there = self._session.looking, self._session.looking.step
            for act in [act for *where, act in waiting if tuple(where) == there]:
                act()
