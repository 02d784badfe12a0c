"""The worker as a process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.course import SPEEDS
from scratchtui.training.messages import UNLIMITED
from scratchtui.training.session import Session
from scratchtui.training.trainer import Trainer
from scratchtui.training.until import Until
from tests.training.stand_ins import PATIENCE, wait_until


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session(Binary)
    session.course.speed_index = SPEEDS.index(UNLIMITED)
    yield session
    session.close()


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")


def ended(pid: int) -> bool:
    """Whether the process is gone, or only waits for its parent to notice."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


def wait_for_the_end_of(pid: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ended(pid):
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_the_goal_is_reached_on_the_step_that_was_foretold(session: Session) -> None:
    session.toggle()
    wait_until(session, lambda: session.state == "reached")
    assert session.experiment.steps == session.forecast.step == 175
    direct = Trainer(default_recipe(Binary))
    direct.step(1000, Until("max_weight_error", "<", 1e-6))
    assert same_state(session.experiment.snapshot(), direct.experiment.snapshot())
    session.toggle()
    wait_until(session, lambda: session.experiment.steps > 1000)
    assert session.state == "running"


def test_reset_gives_the_same_losses_again(session: Session) -> None:
    runs = []
    for _ in range(2):
        session.toggle()
        wait_until(session, lambda: session.state == "reached")
        runs.append(session.run)
        session.reset()
    assert runs[0].losses.total.tobytes() == runs[1].losses.total.tobytes()
    assert len(runs[0].losses) == 175


def test_steps_and_live_changes_are_those_of_the_trainer(session: Session) -> None:
    direct = Trainer(default_recipe(Binary))
    for _ in range(5):
        session.step()
    session.set_value("optimizer", "adam")
    session.set_value("batch_size", 7)
    for _ in range(5):
        session.step()
    wait_until(session, lambda: session.experiment.steps == 10)
    direct.step(5)
    direct.experiment.change("optimizer", "adam")
    direct.experiment.change("batch_size", 7)
    direct.step(5)
    assert same_state(session.experiment.snapshot(), direct.experiment.snapshot())
    assert session.state == "paused"


def test_a_killed_worker_is_told_in_words_and_space_goes_on(session: Session) -> None:
    session.set_value("learning_rate", 1e-4)
    session.toggle()
    wait_until(session, lambda: session.experiment.steps > 50)
    pid, fileno = session.worker.pid, session.worker.fileno
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(session, lambda: session.state == "failed")
    assert session.link.failure == "the training process was killed (SIGKILL)"
    steps = session.experiment.steps
    assert steps > 50
    assert session.worker.pid is None
    session.toggle()
    wait_until(session, lambda: session.experiment.steps > steps + 50)
    assert session.worker.pid != pid
    assert session.worker.fileno == fileno
    assert len(session.run.losses) == session.experiment.steps
    direct = Trainer(session.run.recipe)
    direct.step(session.experiment.steps)
    assert same_state(session.experiment.snapshot(), direct.experiment.snapshot())


def test_the_worker_ignores_interrupts(session: Session) -> None:
    session.set_value("learning_rate", 1e-4)
    session.toggle()
    wait_until(session, lambda: session.experiment.steps > 10)
    assert session.worker.pid is not None
    os.kill(session.worker.pid, signal.SIGINT)
    steps = session.experiment.steps
    wait_until(session, lambda: session.experiment.steps > steps + 100)
    assert session.state == "running"


@needs_proc
def test_closing_ends_the_worker_and_may_be_done_twice(session: Session) -> None:
    session.step()
    pid = session.worker.pid
    assert pid is not None
    session.close()
    session.close()
    assert ended(pid)
    assert session.worker.pid is None
    assert session.worker.fileno is None


APP = """
import sys
from scratchtui.experiments.binary import Binary
from scratchtui.training.session import Session
if __name__ == "__main__":
    session = Session(Binary)
    session.toggle()
    while session.experiment.steps < 3:
        session.ask()
        session.receive()
    print(session.worker.pid, flush=True)
    sys.stdin.read()
"""


@needs_proc
def test_the_worker_ends_with_its_app_and_prints_nothing(tmp_path: Path) -> None:
    script = tmp_path / "app.py"
    script.write_text(APP, encoding="utf-8")
    app = subprocess.Popen(
        [sys.executable, script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert app.stdout is not None
    pid = int(app.stdout.readline())
    assert not ended(pid)
    app.kill()
    output, errors = app.communicate(timeout=PATIENCE)
    wait_for_the_end_of(pid)
    assert output == b""
    assert errors == b""
