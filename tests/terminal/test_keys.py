"""`scratchtui keys`, and a key that was moved, in a real terminal."""

from __future__ import annotations

import os
import signal
import termios
from pathlib import Path

import pytest

from tests.terminal.terminal import Terminal

RESTORED = (b"\x1b[?2004l", b"\x1b[<u", b"\x1b[?1000l", b"\x1b[?1006l")


def test_keys_tells_what_is_sent_and_what_it_would_do_until_one_that_leaves_comes_twice() -> None:
    with Terminal("keys", columns=100) as terminal:
        terminal.wait_for("twice ends")
        terminal.type(" \x1b[A\x1b[21~")
        terminal.wait_for(r"\x20", "run, or pause", r"\x1b[A", "up", r"\x1b[21~", "f10", "quit")
        terminal.type("\x1b[<0;10;5M\x1b[200~hello\x1b[201~\x1b")
        terminal.wait_for("mouse pressed button 1 at column 10, row 5", "paste of 5 characters", "escape")
        terminal.type("qx\x03q")
        terminal.wait_for("asks whether to quit")
        assert terminal.child.isalive()
        terminal.type("q")
        assert terminal.wait_for_exit() == 0
        assert all(bytes(terminal.output).count(mode) == 1 for mode in RESTORED)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda n: n.name)
def test_a_signal_ends_it_and_gives_the_terminal_back(number: signal.Signals) -> None:
    with Terminal("keys") as terminal:
        terminal.wait_for("twice ends")
        assert termios.tcgetattr(terminal.child.child_fd) != terminal.modes_before
        terminal.child.kill(number)
        assert terminal.wait_for_exit() == 128 + number
        assert termios.tcgetattr(terminal.child.child_fd) == terminal.modes_before
        assert all(mode in terminal.output for mode in RESTORED)


def test_without_the_mouse_no_mouse_sequence_is_sent_and_a_terminal_that_goes_away_ends_it() -> None:
    with Terminal("--no-mouse", "keys") as terminal:
        terminal.wait_for("twice ends")
        assert b"\x1b[?100" not in terminal.output
        terminal.child.ptyproc.fileobj.close()
        terminal.child.child_fd = -1
        assert os.waitpid(terminal.child.pid, 0)[1] >> 8 == 128 + signal.SIGHUP
        terminal.child.ptyproc.terminated = terminal.child.closed = True


def test_a_moved_key_runs_and_quits_and_is_the_one_that_the_screen_names(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        'tab = "rnn"\ntheme = "scratch-light"\n[keys]\nrun_or_pause = "ctrl+t"\nquit = "X,f9"\n'
    )
    with Terminal(env={"SCRATCHTUI_CONFIG_DIR": str(tmp_path)}) as terminal:
        terminal.wait_for("ctrl+t runs", "X quit", "hello")
        terminal.type("\x14")
        terminal.wait_for("running")
        terminal.type("X")
        assert terminal.wait_for_exit() == 0


def test_a_faulty_configuration_is_told_before_the_terminal_is_touched(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("\nfsp = 3\n")
    with Terminal(env={"SCRATCHTUI_CONFIG_DIR": str(tmp_path)}, columns=200) as terminal:
        assert terminal.wait_for_exit() == 2
        wanted = f"scratchtui: {file}, line 2: there is no key 'fsp'; did you mean 'fps'?\r\n"
        assert bytes(terminal.output).decode() == wanted
