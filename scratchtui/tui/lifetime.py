"""How the app ends and sleeps: told by a signal or by an error of its own, it gives the terminal back."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from scratchtui.faults import INTERNAL_ERROR, fault

if TYPE_CHECKING:
    from rich.segment import Segments

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
PATIENCE = 2.0  # seconds, in which a terminal that has gone away may hold up the way out


class Lifetime(App[None]):
    """An app that signals end in order, with 128 plus their number, and errors with 70 and a sentence."""

    def heed_signals(self) -> None:
        """Begin to heed them; between two callbacks of the loop, so that none comes amid a write."""
        loop = asyncio.get_running_loop()
        for number in ENDING:
            loop.add_signal_handler(number, self._leave, number)
        if isinstance(driver := self._driver, LinuxDriver):
            loop.add_signal_handler(signal.SIGTSTP, driver._sigtstp_application)
            loop.add_signal_handler(signal.SIGCONT, driver._sigcont_application)

    def _leave(self, number: int) -> None:
        code = 128 + number
        last_resort = threading.Timer(PATIENCE, os._exit, (code,))
        last_resort.daemon = True
        last_resort.start()
        self.exit(return_code=code)

    def _fatal_error(self) -> None:
        """Leave with a sentence where Textual would print a traceback and every local variable."""
        self._return_code = INTERNAL_ERROR
        error = self._exception or RuntimeError("unknown")
        with contextlib.suppress(Exception):
            self._exit_renderables.append(self._rendered(f"scratchtui: {fault(error)}"))
        self._close_messages_no_wait()

    def _rendered(self, words: str) -> Segments:
        from rich.segment import Segments

        return Segments(self.console.render(Text(words), self.console.options))
