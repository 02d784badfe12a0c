"""What lies over the app is left once."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import Screen, ScreenResultType


class Dialog(Screen[ScreenResultType]):
    """A screen that does nothing more when it has been left.

    Keys that came quickly may still reach it then, and would take the screen below away.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Leave it, with what has come of it."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
