"""The program as a process: signals, pipes, terminals."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scratchtui.cli import headless
from scratchtui.training.files import load_run
from tests.cli.conftest import process

ENDLESS = ("train", "binary", "--set", "learning_rate=1e-6", "--steps", "1000000000")


@pytest.mark.parametrize("times", [1, 4])
@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name
)
def test_a_signal_or_a_burst_of_them_ends_training_in_order(
    tmp_path: Path, number: signal.Signals, times: int
) -> None:
    with process(*ENDLESS, "--json", "--out", tmp_path / "run.npz") as training:
        assert training.stdout is not None
        first = json.loads(training.stdout.readline())
        for _ in range(times):
            training.send_signal(number)
        out, err = training.communicate(timeout=20)
    done = json.loads(out.splitlines()[-1])
    assert (training.returncode, err) == (128 + number, b"")
    assert (done["reason"], done["out"]) == ("interrupted", str(tmp_path / "run.npz"))
    assert load_run(tmp_path / "run.npz").latest.step == done["step"] >= first["step"]


def test_a_signal_that_the_shell_ignores_stays_ignored() -> None:
    with process(*ENDLESS, "--json", shell='trap "" INT; exec "$@"') as training:
        assert training.stdout is not None
        training.stdout.readline()
        training.send_signal(signal.SIGINT)
        assert json.loads(training.stdout.readline())["event"] == "progress"
        training.send_signal(signal.SIGTERM)
        training.communicate(timeout=20)
    assert training.returncode == 143


def test_a_signal_that_comes_later_has_its_usual_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([10.0, 10.5, 11.0])
    monkeypatch.setattr(headless, "monotonic", lambda: next(moments))
    with headless.Signals().caught() as signals:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        assert signals.number == signal.SIGINT
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_a_terminal_that_hangs_up_ends_training_in_order(tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    on_it = f'exec "$@" 0<>{os.ttyname(follower)} 1>&0 2>&0'  # and it is the one that controls it
    out = tmp_path / "run.npz"
    with process(*ENDLESS, "--out", out, shell=on_it, start_new_session=True) as training:
        shown = b""
        while b"steps a second" not in shown:
            shown += os.read(leader, 65536)
        os.close(follower)
        os.close(leader)
        training.communicate(timeout=20)
    assert training.returncode == 128 + signal.SIGHUP
    assert load_run(out).latest.step > 0


def test_a_pipe_that_closes_ends_training_and_keeps_what_was_learnt(tmp_path: Path) -> None:
    with process(*ENDLESS, "--json", "--out", tmp_path / "run.npz") as training:
        assert training.stdout is not None
        assert training.stderr is not None
        training.stdout.readline()
        training.stdout.close()
        err = training.stderr.read()
    assert (training.returncode, err) == (141, b"")
    assert load_run(tmp_path / "run.npz").latest.step > 0


@pytest.mark.parametrize("command", [("list",), ("--help",)], ids=" ".join)
def test_a_closed_pipe_gets_no_traceback(command: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with process(*command, stdout=writer) as program:
        os.close(writer)
        _, err = program.communicate(timeout=20)
    assert (program.returncode, err) == (141, b"")


@pytest.mark.parametrize(
    ("command", "code"), [("list", 0), ("train binary", 0), ("train binary --json", 0), ("nonsense", 2)]
)
def test_a_closed_stderr_changes_nothing_but_what_is_said(command: str, code: int) -> None:
    with process(*command.split(), shell='exec "$@" 2>&-') as program:
        _, err = program.communicate(timeout=20)
    assert (program.returncode, err) == (code, b"")


@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    ("command", "code"), [("list", 1), ("train binary --quiet", 1), ("--version", 1), ("nonsense", 2)]
)
def test_a_result_that_a_closed_stdout_cannot_take_is_a_failure(command: str, code: int, closed: str) -> None:
    with process(*command.split(), shell=f'exec "$@" {closed}') as program:
        _, err = program.communicate(timeout=20)
    said = b"scratchtui: cannot print the result: standard output is closed\n" if code == 1 else err
    assert (program.returncode, err) == (code, said if closed == ">&-" else b"")
    assert b"Traceback" not in err


def test_a_run_is_saved_though_stdout_is_closed(tmp_path: Path) -> None:
    arguments = ("train", "binary", "--steps", 3, "--quiet", "--out", tmp_path / "run.npz")
    with process(*arguments, shell='exec "$@" <&- >&- 2>&-') as program:
        program.communicate(timeout=20)
    assert program.returncode == 1
    assert load_run(tmp_path / "run.npz").latest.step == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_full_device_is_told_in_a_sentence() -> None:
    with Path("/dev/full").open("wb") as full, process("list", stdout=full) as program:
        _, err = program.communicate(timeout=20)
    assert (program.returncode, err) == (1, b"scratchtui: cannot go on: No space left on device\n")


def on_terminal(*arguments: object) -> tuple[bytes, bytes]:
    """Return what a command writes to stdout, a pipe, and to stderr, a terminal."""
    leader, follower = pty.openpty()
    with process(*arguments, stderr=follower) as program:
        os.close(follower)
        out, _ = program.communicate(timeout=20)
    shown = b""
    try:
        while part := os.read(leader, 65536):
            shown += part
    except OSError:  # Linux says so where a terminal has no other end any more
        pass
    os.close(leader)
    return out, shown


def test_progress_is_drawn_on_a_terminal_and_nowhere_else() -> None:
    out, shown = on_terminal("train", "binary")
    assert b"100%" in shown or b"training" in shown
    assert b"max_weight_error < 1e-06 at step" in shown
    assert b"%" not in out
    assert b"\x1b" not in out


def test_json_leaves_the_terminal_alone() -> None:
    out, shown = on_terminal("train", "binary", "--json")
    assert shown == b""
    assert [json.loads(line)["event"] for line in out.splitlines()][-1] == "done"


def test_a_text_that_the_output_cannot_write_does_not_end_it(trained: Path) -> None:
    with process("show", trained, environment={"PYTHONIOENCODING": "latin-1"}) as program:
        out, err = program.communicate(timeout=20)
    assert (program.returncode, err) == (0, b"")
    assert b"?" in out


INTERRUPTED_IMPORT = """
import os, signal, sys

class Finder:
    def find_spec(name, path=None, target=None):
        if name == "numpy":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Finder)
sys.argv = ["scratchtui", "list"]
from scratchtui.cli import main
main()
"""


def test_an_interrupt_while_it_still_imports_ends_it_without_a_word() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_IMPORT], check=False, capture_output=True, timeout=20
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGINT, b"", b"")
