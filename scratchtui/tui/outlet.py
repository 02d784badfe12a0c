"""What is on its way to the terminal: taken at once, and written by a thread as fast as it is read."""

from __future__ import annotations

import os
import select
import threading
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT = 1 << 16  # bytes that may wait; what is put beyond them is let go
_PIECE = 1024  # bytes written at once


class Outlet:
    """The way to the terminal that `stream` is on. `put` never waits.

    `total` counts the bytes that it has taken, `dropped` those that it has let go.

    `drained` is called whenever nothing waits any more, and `lost` once, when the terminal has gone away and
    the rest is written to nowhere: both in the thread that writes.
    """

    def __init__(self, stream: TextIO, lost: Callable[[], object], drained: Callable[[], object]) -> None:
        self.descriptor = stream.fileno()
        self.encoding, self._errors = (stream.encoding or "utf-8").lower(), stream.errors or "replace"
        self._lost, self._drained = lost, drained
        self._waiting = bytearray()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self.total = self.dropped = 0

    def put(self, text: str) -> None:
        """Take text to be written."""
        data = text.encode(self.encoding, self._errors)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="scratchtui-outlet", daemon=True)
            self._thread.start()
        with self._changed:
            if len(self._waiting) >= LIMIT:
                self.dropped += len(data)
            elif data:
                self._waiting += data
                self.total += len(data)
                self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """How many bytes the terminal has not taken yet."""
        return len(self._waiting)

    def drain(self, seconds: float) -> bool:
        """Wait until all is written, for so long at most; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting, seconds)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                piece = bytes(self._waiting[:_PIECE])
            written = self._write(piece)
            with self._changed:
                del self._waiting[:written]
                drained = not self._waiting
                if drained:
                    self._changed.notify_all()
            if drained:
                self._drained()

    def _write(self, piece: bytes) -> int:
        """Write as much as the terminal takes; return how much that was."""
        try:
            return os.write(self.descriptor, piece)
        except BlockingIOError:  # another program has set the terminal so
            poll = select.poll()
            poll.register(self.descriptor, select.POLLOUT)
            poll.poll()
            return 0
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.descriptor)
            os.close(nowhere)
            self._lost()
            return len(piece)
