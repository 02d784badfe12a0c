"""The terminal as Textual drives it, and what is different here: it may go away, or not be ours just now."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TextIO, cast

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.messages import TerminalSupportsSynchronizedOutput

from scratchtui.tui.abilities import erases_with_background
from scratchtui.tui.layers import Skills
from scratchtui.tui.outlet import Outlet

if TYPE_CHECKING:
    from textual.message import Message

    from scratchtui.tui.lifetime import Lifetime


_CAN_REPEAT = "\x1b[H─\x1b[2b\x1b[6n"  # draw, repeat twice, and where is the cursor?
_REPEATED = 3  # its column then, from 0
_PATIENCE = 0.4  # seconds, in which a terminal that does not read may hold up the way out


class TerminalDriver(LinuxDriver):
    """Tells the app, a `Lifetime`, when it takes the terminal, has given it back, and has lost it.

    Textual's own thread for writing, which would let the app wait, gets nothing to write.
    """

    def __init__(self, app: Lifetime, **options: Any) -> None:
        super().__init__(app, **options)
        self._lifetime = app
        self.outlet = Outlet(
            cast("TextIO", self._file),
            lost=app.terminal_lost,
            drained=lambda: app.terminal_caught_up(seen=False),
        )
        self.skills = Skills(erases=erases_with_background())
        self._taken = False
        self._dropped_before: int | None = None  # by the outlet, when it began to give the terminal back

    def write(self, data: str) -> None:
        """Write, without waiting for the terminal."""
        self.outlet.put(data)

    def process_message(self, message: Message) -> None:
        """Keep what the terminal says of itself, and tell the app when it has come so far as to answer."""
        if isinstance(message, events.CursorPosition):
            self.skills = replace(self.skills, repeats=message.x == _REPEATED)
            return
        if isinstance(message, TerminalSupportsSynchronizedOutput):
            self._lifetime.terminal_caught_up(seen=True)
        super().process_message(message)

    def start_application_mode(self) -> None:
        """Take the terminal."""
        self._taken, self._dropped_before = True, None
        self._lifetime.terminal_taken(self.fileno)
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self.outlet.encoding == "utf-8":
            self.write(_CAN_REPEAT)

    def disable_input(self) -> None:
        """Hear no more keys; a terminal that is not ours is left alone, or it would stop this process."""
        if self._taken:
            self._begin_to_return()
            super().disable_input()

    def stop_application_mode(self) -> None:
        """Begin to give the terminal back."""
        if self._taken:
            self._begin_to_return()
            super().stop_application_mode()

    def close(self) -> None:
        """Wait until all is written: then the terminal has been given back, else the guard does it."""
        if self._taken:
            super().close()
            self._taken = False
            if self.outlet.drain(_PATIENCE) and self.outlet.dropped == self._dropped_before:
                self._lifetime.terminal_returned()

    def _begin_to_return(self) -> None:
        if self._dropped_before is None:
            self._dropped_before = self.outlet.dropped

    def resume(self) -> None:
        """Take the terminal again after a suspension, and let the app draw everything anew."""
        self._must_signal_resume = True
        self.start_application_mode()

    def in_front(self) -> bool:
        """Whether the terminal is ours to take, or gone: not where a shell has us in the background."""
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:
            return True

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except OSError:
            self._lifetime.terminal_lost()
