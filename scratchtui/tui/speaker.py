"""An app that says what it has to say in one quiet line, where others let boxes lie over what is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import App

from scratchtui.experiments.escapes import printable
from scratchtui.tui.sayings import Saying, Sayings
from scratchtui.tui.widgets.message_line import MessageLine

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel
    from textual.timer import Timer

    from scratchtui.tui.status import Mood

MOODS: dict[str, Mood] = {"information": "quiet", "warning": "attention", "error": "bad"}


class Speaker(App[None]):
    """Whatever in it calls `notify` is heard in that line, on the screen that is in front."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.sayings = Sayings()
        self._silent_when: Timer | None = None

    async def on_event(self, event: events.Event) -> None:
        """Let a key end what is said, before it is answered."""
        if isinstance(event, events.Key) and not event.is_forwarded:  # which may have bubbled up again
            self.sayings.key()
            self._speak()
        await super().on_event(event)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Say this, for `timeout` seconds at most; `markup`, and what commands a terminal, is shown."""
        del markup
        words = printable(f"{title}: {message}" if title else message)
        self.sayings.say(Saying(words, MOODS[severity], timeout))
        self._speak()

    def clear_notifications(self) -> None:
        """Say nothing any longer."""
        self.sayings.clear()
        self._speak()

    def _speak(self) -> None:
        """Show what is to be said now, in front and on what comes to the front when a dialog is closed."""
        now = self.sayings.now
        for screen in {self.screen_stack[0], self.screen}:
            lines = screen.query(MessageLine)
            if not lines and now is not None:
                screen.mount(MessageLine(now))
            for line in lines:
                line.show(now)
        if self._silent_when is not None:
            self._silent_when.stop()
            self._silent_when = None
        if now is not None:
            self._silent_when = self.set_timer(max(0.0, self.sayings.left), self._pass_time)

    def _pass_time(self) -> None:
        self.sayings.pass_time()
        self._speak()
