"""The program behind a real sshd on this machine, whose connection is lost: with tmux, and without.

The test starts the server, on a free port and with keys of its own. `CONNECTIONS=10` loses so many.
"""

from __future__ import annotations

import getpass
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.terminal import PATIENCE, Terminal

CONNECTIONS = int(os.environ.get("CONNECTIONS", "1"))
STEPS_A_SECOND = 5
MOST_LOST = 10 * STEPS_A_SECOND
LOST = ("client", "server") if CONNECTIONS > 1 else ("client",)  # whose process is killed
STEP = re.compile(r"(running|paused) · step ([0-9,]+) ")
CONFIGURATION = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
"""


def found(program: str) -> str:
    """Return where a program is, also one for administrators; nothing where there is none."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or ""


needs_sshd = pytest.mark.skipif(
    not all(map(found, ("sshd", "ssh", "ssh-keygen"))), reason="needs sshd and ssh: openssh-server of Debian"
)
needs_tmux = pytest.mark.skipif(not found("tmux"), reason="needs tmux")


class Server:
    """An sshd that lets in whoever has the key in `folder`; `state` is where the program keeps its files."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.state, self.mark = folder, folder / "state", f"ssh-{time.monotonic_ns()}"
        for key in ("host", "user"):
            make = (found("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(folder / key))
            subprocess.run(make, check=True)
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # which sshd wants where it changes users
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        configuration = folder / "sshd_config"
        configuration.write_text(CONFIGURATION.format(port=self._port, folder=folder), encoding="utf-8")
        self._said = (folder / "sshd.log").open("wb")
        command = (found("sshd"), "-D", "-e", "-f", str(configuration))
        self._process = subprocess.Popen(command, stderr=self._said)
        self._wait_until_it_listens()

    def _wait_until_it_listens(self) -> None:
        end = time.monotonic() + PATIENCE
        while self._process.poll() is None and time.monotonic() < end:
            with socket.socket() as caller:
                if caller.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.01)
        words = (self._folder / "sshd.log").read_text(encoding="utf-8", errors="replace")
        raise AssertionError(f"sshd does not listen: {words}")

    def close(self) -> None:
        """End it, and what goes on behind it."""
        self._process.kill()
        self._process.wait()
        self._said.close()

    def terminal(self, command: str) -> Terminal:
        """Return a terminal in which ssh runs a command there."""
        options = (
            "-F /dev/null -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR "
        )
        options += f"-o IdentitiesOnly=yes -o IdentityAgent=none -i {self._folder / 'user'} -p {self._port}"
        host = f"{getpass.getuser()}@127.0.0.1"
        terminal = Terminal(command=(found("ssh"), "-tt", *options.split(), host, command))
        terminal.mark = self.mark  # of the processes there
        return terminal

    @property
    def program(self) -> str:
        """The command line of the program, as a shell there takes it."""
        environment = {
            "SCRATCHTUI_TEST_MARK": self.mark,
            "SCRATCHTUI_STATE_DIR": self.state,
            "SCRATCHTUI_CONFIG_DIR": os.environ["SCRATCHTUI_CONFIG_DIR"],
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": Path.cwd(),
        }
        words = ["env", *(f"{k}={v}" for k, v in environment.items()), sys.executable, "-m", "scratchtui"]
        return shlex.join(map(str, words))

    def sessions(self) -> list[int]:
        """Return the processes of the server that hold a connection."""
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            name, after = fields.partition("(")[2].rpartition(")")[::2]
            if name.startswith("sshd"):
                children.setdefault(int(after.split()[1]), []).append(int(entry.parent.name))
        below, left = [], [self._process.pid]
        while left:
            left += (its := children.get(left.pop(), []))
            below += its
        return below


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    yield server
    server.close()


def step(terminal: Terminal, state: str = "running") -> int:
    """Return the step it is at while it is in that state, else 0."""
    shown = STEP.search(terminal.text)
    return int(shown[2].replace(",", "")) if shown and shown[1] == state else 0


def train(terminal: Terminal) -> int:
    """Train for some steps, slowly enough for the goal to be far; return the step that is seen."""
    terminal.wait_for("ready", "q quit")
    terminal.press("-", "space")
    terminal.wait_until(lambda: step(terminal) >= 5, "5 steps")
    return step(terminal)


def lose(terminal: Terminal, server: Server, whose: str) -> None:
    """Lose the connection, by the sudden end of a process at one of its ends."""
    for pid in [terminal.child.pid] if whose == "client" else server.sessions():
        os.kill(pid, signal.SIGKILL)
    terminal.wait_for_exit()


@needs_sshd
@pytest.mark.parametrize("turn", range(CONNECTIONS))
@pytest.mark.parametrize("whose", LOST)
def test_after_a_lost_connection_the_run_is_restored(server: Server, whose: str, turn: int) -> None:
    with server.terminal(server.program) as terminal:
        seen = train(terminal)
        lose(terminal, server, whose)
        terminal.wait_for_the_end_of_processes()
    log = (server.state / "scratchtui.log").read_text(encoding="utf-8")
    assert "ends: SIGHUP" in log
    with server.terminal(server.program) as terminal:
        terminal.wait_for("restore?", "enter restores all", "not by quitting")
        terminal.press("enter")
        terminal.wait_until(lambda: step(terminal, "paused"), "run that is restored")
        restored = step(terminal, "paused")
        assert restored >= seen - MOST_LOST
        terminal.press("space")
        terminal.wait_until(lambda: step(terminal) > restored, "training that goes on")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    sys.stdout.write(f"{whose} killed at step {seen}, restored at step {restored}\n")


@needs_sshd
@needs_tmux
@pytest.mark.parametrize("turn", range(CONNECTIONS))
@pytest.mark.parametrize("whose", LOST)
def test_in_tmux_it_goes_on_training_without_a_connection(server: Server, whose: str, turn: int) -> None:
    tmux = shlex.join((found("tmux"), "-u", "-f", "/dev/null", "-S", str(server.state.with_name("tmux"))))
    with server.terminal(f"{tmux} new-session -s lab {shlex.quote(server.program)}") as terminal:
        seen = train(terminal)
        lose(terminal, server, whose)
    with server.terminal(f"{tmux} attach-session -t lab") as terminal:
        terminal.wait_until(lambda: step(terminal) > seen, "training that has gone on")
        terminal.wait_for("1 Binary", "weights", "hyperparameters")
        terminal.press("q")
        terminal.wait_for("[exited]")
        assert terminal.wait_for_exit() == 0
        terminal.wait_for_the_end_of_processes()
