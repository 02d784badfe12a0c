"""The clock of the autosave: when what was made is written, in a thread, and why it is not if it cannot."""

from __future__ import annotations

import time
from threading import Lock, Thread
from typing import TYPE_CHECKING

from scratchtui.faults import fault
from scratchtui.logs import log
from scratchtui.training.recovery_writer import RecoveryWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from scratchtui.training.recovery_writer import Writing
    from scratchtui.training.run import Run
    from scratchtui.training.session import Session

_SHARE = 0.8  # of the interval, after which is written: that takes a while as well
_TICKS, _TICK = 16, 0.5  # at least so many in it, and so many seconds at most from one to the next
_PATIENCE = 1.5  # seconds to wait for the disk on the way out


class Autosave:
    """Has the recovery of this process written every `interval` seconds, and as soon as a run begins.

    `trouble` is why it is not, while that is so; `tell` is called when that has changed, in any thread.
    While it `waits` nothing is written.
    """

    def __init__(
        self,
        sessions: Callable[[], Iterable[Session]],
        current: Callable[[], str],
        tell: Callable[[], object],
        interval: float,
    ) -> None:
        self.interval = interval
        self.tick_every = min(interval / _TICKS, _TICK)
        self.trouble = ""
        self.waits = False
        self._sessions, self._current, self._tell = sessions, current, tell
        self._writer = RecoveryWriter()
        self._busy = Lock()
        self._due = 0.0
        self._runs: set[Run] = set()  # that were present when it was last looked at
        self._then: Callable[[], object] | None = None

    @property
    def folder(self) -> Path | None:
        """Where what was made is, if there is anything."""
        return None if self._writer.folder is None else self._writer.folder.path

    @property
    def written(self) -> int:
        """The bytes that were written the last time."""
        return self._writer.written

    def tick(self) -> None:
        """Write if it is time to, or if there is a new run; never wait for the disk."""
        runs = {session.run for session in self._sessions()}
        if self.waits or not (time.monotonic() >= self._due or runs - self._runs):
            return
        if self._busy.acquire(blocking=False):
            self._runs, self._due = runs, time.monotonic() + self.interval * _SHARE
            self._begin_writing()

    def write_and(self, then: Callable[[], object]) -> None:
        """Write soon, and once all is written do something more, in the thread that has."""
        self._then, self.waits, self._due = then, False, 0.0

    def save_now(self, *, quits: bool = False) -> None:
        """Write what has changed before the app ends; what is all in files of the user's leaves nothing.

        A disk that has not done so within a second or two is not waited for.
        """
        if self.waits:
            return
        end = time.monotonic() + _PATIENCE
        if self._busy.acquire(timeout=_PATIENCE) and (writing := self._begin_writing(quits=quits)):
            writing.join(max(0.0, end - time.monotonic()))

    def _begin_writing(self, *, quits: bool = False) -> Thread | None:
        """Return the thread that writes what has changed, and then lets others; None where nothing has."""
        then, self._then = self._then, None
        try:
            writing = self._writer.gathered(self._sessions(), self._current(), quits=quits)
        except Exception as error:  # noqa: BLE001 - told, and the app goes on
            self._busy.release()
            self._note(fault(error))
            return None
        if writing is None and then is None:
            self._busy.release()
            return None
        thread = Thread(target=self._write, args=(writing, then), name="autosave", daemon=True)
        thread.start()
        return thread

    def _write(self, writing: Writing | None, then: Callable[[], object] | None) -> None:
        try:
            self._note(self._trouble_in(writing, then))
        finally:
            self._busy.release()

    def _trouble_in(self, writing: Writing | None, then: Callable[[], object] | None) -> str:
        """Write, and do what is to be done then; return why it could not be done, or nothing."""
        try:
            if writing is not None:
                self._writer.write(writing)
            if then is not None:
                then()
        except OSError as error:
            self._then = then
            return f"{error.filename or 'the disk'}: {(error.strerror or str(error)).lower()}"
        except MemoryError:
            return "there is not memory enough"
        except Exception as error:  # noqa: BLE001 - told, and the app goes on
            return fault(error)
        return ""

    def _note(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            log.warning("autosave: %s", trouble or "goes on")
            self._tell()
