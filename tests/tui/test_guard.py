"""The guard of the terminal: restores where nobody else has, and is in nobody's way."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from scratchtui.tui.guard import RESTORES
from tests.training.stand_ins import PATIENCE
from tests.training.test_worker import needs_proc, wait_for_the_end_of

SCRIPT = """
import os, signal, sys, termios
from scratchtui.tui.guard import Guard
guard = Guard()
modes = termios.tcgetattr(2)
modes[3] &= ~(termios.ISIG | termios.ICANON | termios.ECHO | termios.IEXTEN)
while os.getsid(guard.pid) != guard.pid:
    pass
print(guard.pid, flush=True)
guard.take()
termios.tcsetattr(2, termios.TCSANOW, modes)
{then}
os.kill(os.getpid(), signal.SIGKILL)
"""
A_SHELL_WAS_QUICKER = "modes[3] |= termios.ISIG; termios.tcsetattr(2, termios.TCSANOW, modes)"
IT_WAS_TOLD_TO_GO = (
    "[os.kill(guard.pid, getattr(signal, 'SIG' + n)) for n in ('INT', 'TERM', 'HUP', 'QUIT', 'TSTP')]"
)


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    ends = os.openpty()
    yield ends
    for end in ends:
        os.close(end)


def after(then: str, terminal: tuple[int, int]) -> tuple[bytes, bool]:
    """Let a process take a terminal, do something, die; return what was written, and if modes are back."""
    ours, theirs = terminal
    before = termios.tcgetattr(theirs)
    script = SCRIPT.format(then=then)
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, env=environment
    ) as program:
        said, _ = program.communicate(timeout=PATIENCE)  # ends only when nobody holds the pipe any longer
    wait_for_the_end_of(int(said))
    written = os.read(ours, 4096) if select.select((ours,), (), (), 0)[0] else b""
    return written, termios.tcgetattr(theirs) == before


@needs_proc
@pytest.mark.parametrize("then", ["pass", IT_WAS_TOLD_TO_GO], ids=["", "whatever signal it got"])
def test_a_terminal_whose_app_was_killed_is_restored(then: str, terminal: tuple[int, int]) -> None:
    assert after(then, terminal) == (RESTORES, True)


@needs_proc
def test_the_modes_that_a_quicker_shell_has_set_are_left(terminal: tuple[int, int]) -> None:
    assert after(A_SHELL_WAS_QUICKER, terminal) == (RESTORES, False)


@needs_proc
@pytest.mark.parametrize("then", ["guard.give_back()", "guard.take(); guard.give_back(); guard.close()"])
def test_a_terminal_that_was_given_back_is_left_alone(then: str, terminal: tuple[int, int]) -> None:
    assert after(then, terminal) == (b"", False)


@needs_proc
def test_one_that_ends_without_giving_it_back_waits_until_it_is_restored(terminal: tuple[int, int]) -> None:
    assert after("guard.close(); assert termios.tcgetattr(2)[3] & termios.ECHO", terminal) == (RESTORES, True)
