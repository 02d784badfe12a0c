"""Looks for a moment of the past that is far from any snapshot, a little at a time: keys are heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.widget import Widget

    from scratchtui.training.session import Session

_BREATH = 0.001  # seconds, in which keys are heard


class Finder:
    """Looks on for what a session seeks; `widget` keeps the time, `tell` is told whenever it has looked."""

    def __init__(self, session: Session, widget: Widget, tell: Callable[[], None]) -> None:
        self._session, self._widget, self._tell = session, widget, tell
        self._looks = False
        self._waiting: list[tuple[int, Callable[[], object]]] = []

    def begin(self) -> None:
        """Look on, if there is anything to look for and that is not under way."""
        if self._session.sought is not None and not self._looks:
            self._looks = True
            self._widget.set_timer(_BREATH, self._look)

    def puts_off(self, act: Callable[[], object]) -> bool:
        """Whether a moment is being looked for; `act` is done when that one, and no other, has been found."""
        if (sought := self._session.sought) is not None:
            self._waiting.append((sought, act))
        return sought is not None

    def _look(self) -> None:
        self._looks = False
        self._session.search_on()
        self.begin()
        self._tell()
        if self._session.sought is None:
            waiting, self._waiting = self._waiting, []
            for step, act in waiting:
                if step == self._session.experiment.steps:
                    act()
