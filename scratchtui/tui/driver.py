"""The terminal as Textual drives it, and what is different here: it may go away, or not be ours just now."""

from __future__ import annotations

import contextlib
import os
from typing import IO, TYPE_CHECKING, Any, cast

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scratchtui.tui.lifetime import Lifetime


class TerminalDriver(LinuxDriver):
    """Tells the app, a `Lifetime`, when it takes the terminal, has given it back, and has lost it."""

    def __init__(self, app: Lifetime, **options: Any) -> None:
        super().__init__(app, **options)
        self._lifetime = app
        self._file = cast("Any", Outlet(cast("IO[str]", self._file), app.terminal_lost))
        self._taken = False

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
        """Wait until all is written: the terminal has been given back."""
        if self._taken:
            super().close()
            self._taken = False
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


class Outlet:
    """The stream to the terminal; one that has gone away takes what is still written, and says so once."""

    def __init__(self, stream: IO[str], lost: Callable[[], None]) -> None:
        self._stream, self._lost = stream, lost

    def write(self, text: str) -> None:
        """Write text."""
        with self._outlasting():
            self._stream.write(text)

    def flush(self) -> None:
        """Write all that waits."""
        with self._outlasting():
            self._stream.flush()

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._stream.fileno()

    @contextlib.contextmanager
    def _outlasting(self) -> Iterator[None]:
        try:
            yield
        except BlockingIOError:  # another program has set the terminal so; what was not written waits still
            os.set_blocking(self.fileno(), True)
            self._stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            self._lost()
