"""A pipe to a process that may stand still: neither sending nor hearing ever waits for it.

A pipe takes some hundred kilobytes, and what has come of a message may be its first half: two threads wait
instead.
"""

from __future__ import annotations

import contextlib
import pickle
from collections import deque
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scratchtui.training.bell import Bell
    from scratchtui.training.processes import Connection

Sent = TypeVar("Sent")
Received = TypeVar("Received")
_END: Any = object()


class Mailbox(Generic[Sent, Received]):
    """One end of a pipe. `bell` rings when something has come, or nothing more will; it is not closed."""

    def __init__(self, pipe: Connection[Sent, Received], bell: Bell) -> None:
        self._pipe, self._bell = pipe, bell
        self._to_send: SimpleQueue[bytes] = SimpleQueue()
        self._came: deque[Received] = deque()
        self._why = ""
        self._threads = [Thread(target=each, daemon=True) for each in (self._send, self._receive)]
        for thread in self._threads:
            thread.start()

    def send(self, message: Sent) -> None:
        """Send a message, as it is now, after those before."""
        self._to_send.put(pickle.dumps(message))

    def received(self) -> Iterator[Received]:
        """Yield what has come; EOFError where nothing more will.

        It has no words where the other process has ended, and says why where what came cannot be read.
        """
        self._bell.hush()
        while self._came:
            if (message := self._came.popleft()) is _END:
                raise EOFError(self._why)
            yield message

    def close(self) -> None:
        """Close the pipe; to be called once the other process has ended, which lets both threads end."""
        self._to_send.put(_END)
        for thread in self._threads:
            thread.join()
        self._pipe.close()

    def _send(self) -> None:
        with contextlib.suppress(OSError):  # that it has ended is heard in `received`
            while (message := self._to_send.get()) is not _END:
                self._pipe.send_bytes(message)

    def _receive(self) -> None:
        try:
            while True:
                self._put(self._pipe.recv())
        except (EOFError, OSError):
            pass
        except Exception as error:  # noqa: BLE001 - too large, or no message: told, or it would end the app
            self._why = f"{type(error).__name__}: {error}".removesuffix(": ")
        finally:
            self._put(_END)

    def _put(self, message: Received) -> None:
        self._came.append(message)
        self._bell.ring()
