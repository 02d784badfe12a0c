"""A process of a few lines that gives the terminal back where the app could not: killed, or aborted.

It is forked before anything large is imported, and waits in a session of its own, so that neither ctrl+c,
ctrl+z nor a hang-up reaches it and no shell counts it among the processes of the job. It holds the
terminal and one end of a pipe, and ends when the pipe does.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import termios
import time
from itertools import pairwise
from typing import Any

_TAKEN, _RETURNED = b"+", b"-"
_PATIENCE = 0.5  # seconds, in which a terminal that does not read may still come round
_DEAF_TO = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP, signal.SIGTTOU)
_LFLAG = 3  # place of the local modes among the attributes
_OURS = termios.ISIG | termios.ICANON | termios.ECHO | termios.IEXTEN  # all off only while the app has it
RESTORES = (
    b"\x1b[?2026l"  # end of a synchronized update
    b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1016l\x1b[?1006l"  # mouse
    b"\x1b[?1004l\x1b[?2004l\x1b[?2048l"  # focus, bracketed paste, resize reports
    b"\x1b[?7h\x1b[<u"  # lines wrap; kitty's keyboard
    b"\x1b[0m\x1b[?1049l\x1b[0m\x1b[?25h"  # plain, the other screen, the cursor
)


class Guard:
    """The app's end of the pipe to the process that guards the terminal on `descriptor`."""

    def __init__(self, descriptor: int = 2) -> None:
        modes = termios.tcgetattr(descriptor)
        theirs, self._pipe = os.pipe()
        held = signal.pthread_sigmask(signal.SIG_BLOCK, _DEAF_TO)
        self.pid = os.fork()
        if not self.pid:
            _guard(theirs, descriptor, modes)
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
        os.close(theirs)

    def take(self) -> None:
        """Be told that the app has the terminal from here on."""
        self._tell(_TAKEN)

    def give_back(self) -> None:
        """Be told that the app has given the terminal back."""
        self._tell(_RETURNED)

    def close(self) -> None:
        """Let the process end, and wait for it; a terminal that was not given back it restores."""
        os.close(self._pipe)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)

    def _tell(self, word: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):  # the guard was killed
            os.write(self._pipe, word)


def _guard(pipe: int, descriptor: int, modes: list[Any]) -> None:
    """Wait for the end of the pipe in the forked process, which never returns from here."""
    try:
        os.setsid()
        for number in _DEAF_TO:
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        terminal = _own_terminal(descriptor)
        os.chdir("/")  # or it would keep a disk from being unmounted
        for low, high in pairwise(sorted((2, pipe, terminal, os.sysconf("SC_OPEN_MAX")))):
            os.closerange(low + 1, high)
        _stand_by(pipe, terminal, modes)
    finally:
        os._exit(0)


def _own_terminal(descriptor: int) -> int:
    """Open the terminal once more, so that it can be written to without waiting, and let all streams go."""
    try:
        terminal = os.open(os.ttyname(descriptor), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:  # it is another user's, or has no name here
        terminal = os.dup(descriptor)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    return terminal


def _stand_by(pipe: int, terminal: int, modes: list[Any]) -> None:
    taken = False
    while words := os.read(pipe, 64):
        taken = words.endswith(_TAKEN)
    if taken:
        _restore(terminal, modes)


def _restore(terminal: int, modes: list[Any]) -> None:
    """Undo what the app has told the terminal, as far as no shell has been quicker."""
    with contextlib.suppress(termios.error):
        if not termios.tcgetattr(terminal)[_LFLAG] & _OURS:
            termios.tcsetattr(terminal, termios.TCSANOW, modes)
    left, end = RESTORES, time.monotonic() + _PATIENCE
    with contextlib.suppress(OSError):
        while left and (seconds := end - time.monotonic()) > 0:
            if select.select((), (terminal,), (), seconds)[1]:
                left = left[os.write(terminal, left) :]
