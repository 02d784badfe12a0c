"""Being told, without polling, that a file descriptor has something to read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Listener:
    """Calls `heard` once when the descriptor listened to becomes readable; `listen` again for the next time.

    The descriptor must stay open while it is listened to: another of the same number would not be heard.
    `heard` should only post a message: an exception in it would be seen by nobody.
    """

    def __init__(self, heard: Callable[[], object]) -> None:
        self._heard = heard
        self._fileno: int | None = None

    def listen(self, fileno: int | None) -> None:
        """Listen to this descriptor, and to none that was listened to before."""
        if fileno == self._fileno:
            return
        loop = asyncio.get_running_loop()
        if self._fileno is not None:
            loop.remove_reader(self._fileno)
        if fileno is not None:
            loop.add_reader(fileno, self._readable)
        self._fileno = fileno

    def _readable(self) -> None:
        self.listen(None)
        self._heard()
