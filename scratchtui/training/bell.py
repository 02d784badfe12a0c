"""What wakes the one who waits for a descriptor, whoever has something for him."""

from __future__ import annotations

import contextlib
import os


class Bell:
    """A pipe whose bytes mean nothing but that there is something; any thread may ring it.

    `fileno` stays the same, and open, until `close`: a descriptor that is closed and opened again has the
    same number, but whoever listened to it (epoll) is told no more.
    """

    def __init__(self) -> None:
        self.fileno, self._rope = os.pipe()
        for end in (self.fileno, self._rope):
            os.set_blocking(end, False)

    def ring(self) -> None:
        """Make the descriptor readable."""
        with contextlib.suppress(BlockingIOError):  # one that is full has been heard
            os.write(self._rope, b"!")

    def hush(self) -> None:
        """Make the descriptor readable no more, until it rings again; to be done before one looks."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.fileno, 4096)

    def close(self) -> None:
        """Close both ends, once nobody rings it or listens to it."""
        os.close(self.fileno)
        os.close(self._rope)
