"""The program ended from outside: the terminal is given back, and nothing stays behind.

`LIVES=20` tries each end so often, at random moments, and reports what it took.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal.terminal import Terminal

LIVES = int(os.environ.get("LIVES", "1"))
IN_TIME = 2.0  # seconds
LITTLE = 1.0  # seconds of processor time from the end of the terminal on
ON_OFF = {
    "other screen": (b"\x1b[?1049h", b"\x1b[?1049l"),
    "cursor": (b"\x1b[?25l", b"\x1b[?25h"),
    "mouse": (b"\x1b[?1000h", b"\x1b[?1000l"),
    "all motion": (b"\x1b[?1003h", b"\x1b[?1003l"),
    "mouse by SGR": (b"\x1b[?1006h", b"\x1b[?1006l"),
    "focus": (b"\x1b[?1004h", b"\x1b[?1004l"),
    "paste": (b"\x1b[?2004h", b"\x1b[?2004l"),
    "no wrap": (b"\x1b[?7l", b"\x1b[?7h"),
    "kitty": (b"\x1b[>25u", b"\x1b[<u"),
}
chance = random.Random(20)


def still_on(output: bytes) -> list[str]:
    """Return what was switched on last and not off."""
    return [name for name, (on, off) in ON_OFF.items() if output.rfind(on) > output.rfind(off)]


def begun(terminal: Terminal, *, running: bool = True) -> None:
    """Wait for the first picture, and let it train for a moment."""
    terminal.wait_for("ready")
    terminal.press("space" if running else ".")
    terminal.wait_for("running" if running else "step 1")
    if LIVES > 1:
        terminal.read(chance.uniform(0.0, 0.5))


def processor_seconds(pid: int) -> float:
    """Return what a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_in_time(terminal: Terminal, condition: Callable[[], bool], what: str) -> float:
    """Wait until the condition holds, which must be within two seconds; return how long it took."""
    since = time.monotonic()
    while not condition():
        assert time.monotonic() - since < IN_TIME, f"not in time: {what}\n{terminal.text}"
        if terminal.child.child_fd >= 0:
            terminal.read(0.01)
        else:
            time.sleep(0.01)
    return time.monotonic() - since


def ended(terminal: Terminal) -> tuple[int, float]:
    """Return the exit code, or minus the signal, of what ends in time, and its processor seconds."""
    used_before = children_seconds()
    wait_in_time(terminal, lambda: not terminal.child.isalive(), "its end")
    child = terminal.child
    code = child.exitstatus if child.exitstatus is not None else -child.signalstatus
    return code, children_seconds() - used_before


def children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def read_all(terminal: Terminal) -> bytes:
    while terminal.read(0.05):
        pass
    return bytes(terminal.output)


@pytest.mark.parametrize("turn", range(LIVES))
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_ends_it_in_time_and_is_told_by_the_exit_code(number: signal.Signals, turn: int) -> None:
    with Terminal() as terminal:
        begun(terminal)
        os.kill(terminal.child.pid, number)
        code, _ = ended(terminal)
        assert code == 128 + number
        assert still_on(read_all(terminal)) == []
        assert terminal.modes() == terminal.modes_before
        wait_in_time(terminal, lambda: not terminal.processes(), "the end of all processes")


@pytest.mark.parametrize("turn", range(LIVES))
@pytest.mark.parametrize("ignored", [False, True], ids=["heard", "SIGHUP ignored"])
def test_a_closed_terminal_ends_it_in_time_and_burns_nothing(ignored: bool, turn: int) -> None:
    with Terminal(
        prepare=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)
    ) as terminal:
        begun(terminal)
        before = processor_seconds(terminal.child.pid)
        terminal.hang_up()
        code, used = ended(terminal)
        assert code == 128 + signal.SIGHUP
        assert used - before < LITTLE
        wait_in_time(terminal, lambda: not terminal.processes(), "the end of all processes")


@pytest.mark.parametrize("turn", range(LIVES))
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT])
def test_where_the_app_cannot_give_the_terminal_back_the_guard_does(
    number: signal.Signals, turn: int
) -> None:
    with Terminal() as terminal:
        begun(terminal)
        assert terminal.modes() != terminal.modes_before
        os.kill(terminal.child.pid, number)
        code, _ = ended(terminal)
        assert code == -number
        wait_in_time(terminal, lambda: not terminal.processes(), "the end of all processes")
        assert still_on(read_all(terminal)) == []
        assert terminal.modes() == terminal.modes_before
