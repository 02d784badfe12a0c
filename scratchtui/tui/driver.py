"""The terminal as Textual drives it, and what is different here: it may go away, or not be ours just now."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TextIO, cast

from textual.drivers.linux_driver import LinuxDriver
from textual.messages import TerminalSupportsSynchronizedOutput

from scratchtui.tui.outlet import Outlet

if TYPE_CHECKING:
    from textual.message import Message

    from scratchtui.tui.lifetime import Lifetime


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
        self._taken = False

    def write(self, data: str) -> None:
        """Write, without waiting for the terminal."""
        self.outlet.put(data)

    def process_message(self, message: Message) -> None:
        """Tell the app when the terminal has come so far as to answer."""
        if isinstance(message, TerminalSupportsSynchronizedOutput):
            self._lifetime.terminal_caught_up(seen=True)
        super().process_message(message)

    def start_application_mode(self) -> None:
        """Take the terminal."""
        self._taken = True
        self._lifetime.terminal_taken(self.fileno)
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def disable_input(self) -> None:
        """Hear no more keys; a terminal that is not ours is left alone, or it would stop this process."""
        if self._taken:
            super().disable_input()

    def stop_application_mode(self) -> None:
        """Begin to give the terminal back."""
        if self._taken:
            super().stop_application_mode()

    def close(self) -> None:
        """Wait until all is written: then the terminal has been given back, else the guard does it."""
        if self._taken:
            super().close()
            self._taken = False
            if self.outlet.drain(_PATIENCE):
                self._lifetime.terminal_returned()

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
