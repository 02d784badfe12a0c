"""A training process that is lost, of each experiment: nothing but the steps since the last snapshot is.

`LIVES=50` loses each so often, at random moments.
"""

from __future__ import annotations

import os
import random
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.binary import Binary
from scratchtui.experiments.snapshot import same_state
from scratchtui.logs import log
from scratchtui.training.course import SPEEDS
from scratchtui.training.session import Session
from scratchtui.training.silence import Silence
from scratchtui.training.trainer import Trainer
from tests.training.stand_ins import LocalWorker, no_memory, wait_until

LIVES = int(os.environ.get("LIVES", "1"))
chance = random.Random(50)


# each experiment, and each moment; all of both where there is time
LOST = [(name, paused) for name in EXPERIMENTS for paused in (False, True)]
FEW = [("binary", False), ("nn", True), ("cnn", False), ("rnn", True)]


@pytest.fixture
def session(name: str) -> Iterator[Session]:
    session = Session(EXPERIMENTS[name])
    session.course.speed_index = SPEEDS.index(200.0)
    session.set_value("learning_rate", 1e-5)  # or it might reach its goal meanwhile
    yield session
    session.close()


def is_as_if_nothing_had_been(session: Session) -> bool:
    """Whether the run is, bit for bit, what it would be without interruption."""
    direct = Trainer(session.run.recipe)
    losses = direct.step(session.experiment.steps).losses
    same_losses = session.run.losses.mean.tobytes() == losses.tobytes()
    return same_losses and same_state(session.experiment.snapshot(), direct.experiment.snapshot())


@pytest.mark.parametrize("turn", range(LIVES))
@pytest.mark.parametrize(("name", "paused"), LOST if LIVES > 1 else FEW)
def test_a_killed_worker_is_told_and_one_key_goes_on_as_if_nothing_had_been(
    session: Session, paused: bool, turn: int
) -> None:
    moment = chance.randrange(1, 30)
    session.toggle()
    wait_until(session, lambda: session.experiment.steps >= moment)
    if paused:
        session.pause()
        wait_until(session, lambda: not session.link._asked)
    seen = session.experiment.steps
    assert session.worker.pid is not None
    os.kill(session.worker.pid, signal.SIGKILL)
    wait_until(session, lambda: session.state == "failed")
    assert session.link.failure == "the training process was killed (SIGKILL)"
    assert session.experiment.steps == seen if paused else session.experiment.steps >= seen
    session.toggle()
    wait_until(session, lambda: session.experiment.steps > seen + 5)
    session.pause()
    wait_until(session, lambda: not session.link._asked)
    assert is_as_if_nothing_had_been(session)


@pytest.mark.parametrize("turn", range(LIVES))
@pytest.mark.parametrize(("name", "paused"), LOST if LIVES > 1 else FEW[:2])
def test_a_worker_that_hangs_is_told_and_one_key_goes_on_as_if_nothing_had_been(
    session: Session, paused: bool, turn: int
) -> None:
    now = 0.0
    session.link.silence = Silence(lambda: now)
    moment = chance.randrange(1, 30)
    session.toggle()
    wait_until(session, lambda: session.experiment.steps >= moment)
    hung = session.worker.pid
    assert hung is not None
    os.kill(hung, signal.SIGSTOP)  # amid a message, too
    for _ in range(20):
        session.receive()
    if paused:
        session.pause()
    session.ask()
    session.set_value("learning_rate", 0.001)
    for now in range(1, 8):  # noqa: B007 - the clock reads it
        session.link.listen()
        session.receive()
    assert session.state == "silent"
    seen = session.experiment.steps
    session.toggle()
    assert session.worker.pid != hung
    wait_until(session, lambda: session.experiment.steps > seen + 5)
    session.pause()
    wait_until(session, lambda: not session.link._asked)
    direct = Trainer(session.run.recipe)
    (change,) = session.run.journal
    direct.step(change.step)
    direct.change(change.key, change.value)
    direct.step(session.experiment.steps - change.step)
    assert same_state(session.experiment.snapshot(), direct.experiment.snapshot())
    assert len(session.run.losses) == session.experiment.steps


def test_a_worker_without_memory_says_so_and_goes_on_when_there_is_some_again() -> None:
    session = Session(EXPERIMENTS["rnn"])
    session.step()
    wait_until(session, lambda: session.experiment.steps == 1)
    pid = session.worker.pid
    assert pid is not None
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[0])
    scarce = (pages * resource.getpagesize() + 2**24, resource.RLIM_INFINITY)
    before = resource.prlimit(pid, resource.RLIMIT_AS, scarce)
    session.set_value("hidden", 256)
    session.set_value("text", "abcdefghij" * 400)
    session.set_value("window", 4000)
    session.reset()
    session.step()
    wait_until(session, lambda: session.state == "failed")
    assert "MemoryError" in session.link.failure
    assert session.worker.pid == pid
    resource.prlimit(pid, resource.RLIMIT_AS, before)
    session.step()
    wait_until(session, lambda: session.experiment.steps == 1)
    session.close()


def test_what_a_worker_tells_that_cannot_be_read_stops_its_run_and_one_key_goes_on() -> None:
    session = Session(Binary)
    session.toggle()
    wait_until(session, lambda: session.experiment.steps > 0)
    lost = session.worker.pid
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session.worker._mailbox._pipe, "recv", no_memory)  # type: ignore[union-attr]
        wait_until(session, lambda: session.state == "failed")
    assert session.link.failure == "what the training process told cannot be read (MemoryError)"
    seen = session.experiment.steps
    session.toggle()
    wait_until(session, lambda: session.experiment.steps > seen)
    assert session.worker.pid != lost
    session.close()


def test_what_numpy_warns_of_in_the_worker_is_logged_here(caplog: pytest.LogCaptureFixture) -> None:
    worker = LocalWorker()
    session = Session(Binary, worker=worker)
    worker.loop.warned("divide by zero encountered in log", RuntimeWarning, "losses.py", 7)
    session.step()
    worker.turns()
    log.addHandler(caplog.handler)
    session.receive()
    log.removeHandler(caplog.handler)
    words = "training process: RuntimeWarning: divide by zero encountered in log (losses.py, line 7)"
    assert caplog.messages == [words]
    assert not worker.loop._notes
