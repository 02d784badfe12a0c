"""A thread that hears what the loop may be too busy to hear: signals, and a terminal that hangs up.

It passes them on to the loop, and where the program has not ended in time, ends it.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
HEEDED = (*ENDING, signal.SIGTSTP, signal.SIGCONT)
PATIENCE = 1.5  # seconds, in which a terminal that does not read may hold up the way out
SAVING = 0.7  # of them, in which the loop is to have saved what must not be lost


class Watch:
    """Calls `heard` with the number of a signal, and SIGHUP where the terminal on `descriptor` hangs up.

    It is called in the watch's thread. Where the process is still there `PATIENCE` later, it ends there
    with 128 plus that number; before, `save` is called, lest the loop has not come to it.
    """

    def __init__(self, descriptor: int, heard: Callable[[int], None], save: Callable[[], None]) -> None:
        self._descriptor, self._heard, self._save = descriptor, heard, save
        self._hears, self._bell = os.pipe()
        os.set_blocking(self._bell, False)
        self.ending = 0  # the signal that ends the program, from the moment on at which it comes
        for number in HEEDED:
            if signal.getsignal(number) is not signal.SIG_IGN:  # under nohup, or in the background
                signal.signal(number, self._signalled)
        threading.Thread(target=self._listen, name="scratchtui-watch", daemon=True).start()

    def ring(self, number: int) -> None:
        """Be told of a signal by whatever has noticed it."""
        if number in ENDING and not self.ending:
            self.ending = number
        with contextlib.suppress(OSError):  # a bell that is full has been heard
            os.write(self._bell, bytes((number,)))

    def leave(self, code: int) -> None:
        """Have the process end with that code, even if the terminal holds up the way out."""

        def end() -> None:
            time.sleep(PATIENCE)
            os._exit(code)

        threading.Thread(target=end, name="scratchtui-leaves", daemon=True).start()

    def stop(self, how: signal.Signals) -> None:
        """Stop this process and those of its job, as ctrl+z does elsewhere, until they are to go on.

        Where nobody could let them go on, as over `ssh HOST scratchtui`, the system does not stop them.
        """
        usual = {number: signal.getsignal(number) for number in (how, signal.SIGCONT)}
        for number in usual:
            signal.signal(number, signal.SIG_DFL)
        os.kill(0, how)
        for number, handler in usual.items():
            signal.signal(number, handler)

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        del frame
        self.ring(number)

    def _listen(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, HEEDED)  # they are for the thread that was stopped
        poll = select.poll()
        poll.register(self._hears, select.POLLIN)
        poll.register(self._descriptor, 0)  # whatever is asked for, a hang-up is told
        while True:
            for descriptor, what in poll.poll():
                if descriptor == self._hears:
                    number = os.read(self._hears, 1)[0]
                elif what & select.POLLNVAL:
                    poll.unregister(descriptor)
                    continue
                else:
                    number = self.ending = self.ending or signal.SIGHUP
                self._heard(number)
                if number in ENDING:
                    self._see_off(number)

    def _see_off(self, number: int) -> None:
        time.sleep(SAVING)
        self._save()
        time.sleep(PATIENCE - SAVING)
        os._exit(128 + number)
