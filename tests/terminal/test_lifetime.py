"""The program ended from outside: the terminal is given back, and nothing stays behind.

`LIVES=20` tries each end so often, at random moments, and reports what it took.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
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
    number: signal.Signals, turn: int, tmp_path: Path
) -> None:
    with Terminal(env={"SCRATCHTUI_STATE_DIR": str(tmp_path)}) as terminal:
        begun(terminal)
        assert terminal.modes() != terminal.modes_before
        os.kill(terminal.child.pid, number)
        code, _ = ended(terminal)
        assert code == -number
        wait_in_time(terminal, lambda: not terminal.processes(), "the end of all processes")
        assert still_on(read_all(terminal)) == []
        assert terminal.modes() == terminal.modes_before
    log = (tmp_path / "scratchtui.log").read_text(encoding="utf-8")
    assert ("Fatal Python error: Aborted" in log) == (number == signal.SIGABRT)


CRASHES = ["action", "thread", "task", *(["timer", "callback", "work"] if LIVES > 1 else [])]


@pytest.mark.parametrize("how", CRASHES)
def test_a_crash_gives_the_terminal_back_and_leaves_a_report(how: str, tmp_path: Path) -> None:
    left = tmp_path / "left"
    environment = {"CRASH": how, "LEFT": str(left), "SCRATCHTUI_STATE_DIR": str(tmp_path)}
    with Terminal(module="tests.terminal.crashing", env=environment) as terminal:
        terminal.wait_for("ready")
        terminal.press("x")
        code, _ = ended(terminal)
        assert code == 70
        output = read_all(terminal)
        assert still_on(output) == []
        assert terminal.modes() == terminal.modes_before
        wait_in_time(terminal, lambda: not terminal.processes(), "the end of all processes")
    said = output[output.rfind(b"\x1b[?1049l") :].decode()
    (report,) = tmp_path.glob("crash-*.txt")
    assert str(report) in said.replace("\r\n", "")
    assert "KeyError: 'no such panel'" in said
    words = report.read_text(encoding="utf-8")
    for part in ("textual 8", "TERM=xterm-256color", "in broken", "begins: scratchtui", "KeyError"):
        assert part in words
    assert "of the user" not in said + words.replace('secret = "of the user"', "")
    assert report.stat().st_mode & 0o777 == 0o600
    assert left.read_text(encoding="ascii") == "left\n"


def test_a_loop_that_stands_still_is_ended_in_time_and_what_it_knows_is_saved(tmp_path: Path) -> None:
    left = tmp_path / "left"
    environment = {"CRASH": "stuck", "LEFT": str(left)}
    with Terminal(module="tests.terminal.crashing", env=environment) as terminal:
        begun(terminal)
        terminal.press("x")
        terminal.wait_until(lambda: not terminal.read(0.3), "standstill")
        terminal.child.kill(signal.SIGTERM)
        code, _ = ended(terminal)
        assert code == 128 + signal.SIGTERM
        assert left.read_text(encoding="ascii") == "left\n"
        wait_in_time(terminal, lambda: not terminal.processes(), "the end of all processes")
        assert still_on(read_all(terminal)) == []
        assert terminal.modes() == terminal.modes_before


def test_ctrl_c_asks_and_a_second_one_quits() -> None:
    with Terminal() as terminal:
        begun(terminal)
        terminal.type("\x03")
        terminal.wait_for("ctrl+c once more quits")
        terminal.type("\x03")
        assert ended(terminal)[0] == 0


def test_a_signal_while_it_loads_ends_it_without_a_word() -> None:
    with Terminal() as terminal:
        terminal.wait_until(
            lambda: len(terminal.processes()) > 1, "the guard, which is there before the rest"
        )
        terminal.child.kill(signal.SIGTERM)
        code, _ = ended(terminal)
        assert code in {-signal.SIGTERM, 128 + signal.SIGTERM}
        wait_in_time(terminal, lambda: not terminal.processes(), "the end of all processes")
        assert b"Traceback" not in read_all(terminal)
        assert terminal.modes() == terminal.modes_before


# under a shell with job control


SHELL = ("bash", "--norc", "--noprofile", "-i")
PROGRAM = f"{sys.executable} -m scratchtui"


def states(terminal: Terminal) -> dict[str, str]:
    """Return the state of each of our processes by what it is."""
    found = {}
    for pid in terminal.processes():
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        session = os.getsid(pid)
        if pid == terminal.child.pid or b"resource_tracker" in command or b"scratchtui" not in command + b"":
            continue
        name = "guard" if session == pid else "app"
        found[name] = stat.rpartition(")")[2].split()[0]
    return found


def in_a_shell() -> Terminal:
    terminal = Terminal(command=SHELL, env={"PS1": "prompt> "})
    terminal.wait_for("prompt>")
    return terminal


@pytest.mark.parametrize(("how", "kill"), [("{}", "kill -9"), ("sh -c '{}; true'", "kill")])
def test_ctrl_z_gives_the_shell_its_terminal_and_fg_the_whole_picture_back(how: str, kill: str) -> None:
    with in_a_shell() as terminal:
        terminal.type(how.format(PROGRAM) + "\r")
        begun(terminal)
        terminal.type("\x1a")
        terminal.wait_for("Stopped", "prompt> ")
        assert (
            still_on(bytes(terminal.output).replace(b"\x1b[?2004h", b"")) == []
        )  # the shell has that one on
        assert states(terminal) == {"app": "T", "guard": "S"}
        assert not terminal.read(0.3)
        terminal.type("fg\r")
        terminal.wait_for("1 Binary", "running", "weights", "forecast")
        terminal.type("\x1a")
        terminal.wait_for("Stopped", "prompt> ")
        before = len(terminal.output)
        terminal.type("bg\r")  # where it must not take the terminal

        def stopped_again() -> bool:
            terminal.type("\r")  # or the shell would not tell
            return b"Stopped" in terminal.output[before:]

        terminal.wait_until(stopped_again, "standstill")
        before = len(terminal.output)
        terminal.type(f"{kill} %1\r")
        wait_in_time(terminal, lambda: not states(terminal), "the end of all processes")
        read_all(terminal)
        assert b"\x1b[?1049l" not in terminal.output[before:]  # the shell's screen is not touched
        terminal.type("exit\r")
        assert terminal.wait_for_exit() == 0


def test_where_no_shell_waits_ctrl_z_does_no_harm() -> None:
    with Terminal() as terminal:
        begun(terminal)
        terminal.type("\x1a")
        terminal.wait_until(lambda: terminal.output.count(b"\x1b[?1049h") == 2, "the screen again")
        terminal.wait_for("1 Binary", "running", "weights", "forecast")
        terminal.press("q")
        assert ended(terminal)[0] == 0


# the processes that train


def workers(terminal: Terminal) -> list[int]:
    """Return the processes that train, in the order in which they began."""
    found = []
    for pid in sorted(terminal.processes()):
        try:
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
        except OSError:
            continue
    return found


def test_a_killed_worker_stops_its_own_tab_and_one_key_starts_it_again(tmp_path: Path) -> None:
    with Terminal(env={"SCRATCHTUI_STATE_DIR": str(tmp_path)}) as terminal:
        begun(terminal)
        (first,) = workers(terminal)
        terminal.press("2")
        terminal.wait_for("surface", "ready")
        terminal.press("space")
        terminal.wait_for("running · step")
        os.kill(first, signal.SIGKILL)
        terminal.wait_for("Binary has stopped", "(SIGKILL)")
        then = terminal.row_with("running · step")
        terminal.wait_until(lambda: terminal.row_with("running · step") not in {"", then}, "other steps")
        terminal.press("1")
        terminal.wait_for("stopped at step", "killed (SIGKILL)", "space starts it again")
        terminal.press("space")
        terminal.wait_for("running · step")
        terminal.press("q")
        assert ended(terminal)[0] == 0
    log = (tmp_path / "scratchtui.log").read_text(encoding="utf-8")
    for part in ("begins: scratchtui", "the training process was killed (SIGKILL)", "ends with exit code 0"):
        assert part in log


def test_a_state_folder_that_cannot_be_written_is_told_and_all_else_works(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Terminal(env={"SCRATCHTUI_STATE_DIR": str(tmp_path / "file")}) as terminal:
        terminal.wait_for("no log is written", "ready")
        terminal.press("q")
        assert ended(terminal)[0] == 0
