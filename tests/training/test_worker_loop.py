"""The worker's own loop, a turn at a time: its pace, and that nothing piles up or is lost."""

import numpy as np
import pytest

from scratchtui.experiments.binary import Binary
from scratchtui.training.course import SPEEDS
from scratchtui.training.history import LossHistory
from scratchtui.training.messages import UNLIMITED, Ask, Begin, Train
from scratchtui.training.run import Run
from scratchtui.training.session import Session
from scratchtui.training.trainer import Trainer
from tests.training.stand_ins import LocalWorker, recipe


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still until it is set."""

    class Time:
        now = [100.0]

        @classmethod
        def monotonic(cls) -> float:
            return cls.now[0]

    monkeypatch.setattr("scratchtui.training.worker.time", Time)
    return Time.now


@pytest.mark.parametrize("speed", [1.0, 10.0, 100.0, 5000.0])
def test_a_run_keeps_its_pace(clock: list[float], speed: float) -> None:
    worker = LocalWorker()
    session = Session(Binary, endless_run(), worker)
    session.course.speed_index = SPEEDS.index(speed)
    session.toggle()
    worker.turns(3)
    for tick in range(1, 201):
        clock[0] = 100.0 + tick / 40.0
        worker.turns(200)
    session.receive()
    session.ask()
    worker.turns(1)
    session.receive()
    assert abs(session.experiment.steps - 5.0 * speed) <= 1


def endless_run() -> Run:
    """Return a run without a goal that it could reach."""
    run = Run(recipe(learning_rate=1e-6))
    run.timeline.append(Trainer(run.recipe).experiment.snapshot())
    return run


def test_what_cannot_be_kept_up_is_let_go(clock: list[float]) -> None:
    worker = LocalWorker()
    session = Session(Binary, endless_run(), worker)
    session.toggle()
    worker.turns(2)
    clock[0] += 3600.0  # the machine slept
    worker.turns(100)
    session.receive()
    session.ask()
    worker.turns(1)
    session.receive()
    assert session.experiment.steps <= 2


def test_a_change_of_data_cannot_make_the_worker_deaf(clock: list[float]) -> None:
    """Steps of many rows are taken one by one again, however many of few rows were taken at once."""
    worker = LocalWorker()
    session = Session(Binary, endless_run(), worker)
    session.course.speed_index = SPEEDS.index(UNLIMITED)
    session.toggle()
    worker.turns(400)
    assert worker.loop._pace._most > 100
    session.set_value("data", "range:0-7")
    before = worker.loop._trainer.experiment.steps  # type: ignore[union-attr]
    worker.turns(1)
    assert worker.loop._trainer.experiment.steps == before + 1  # type: ignore[union-attr]


def test_nothing_is_told_that_was_not_asked_and_nothing_piles_up() -> None:
    worker = LocalWorker()
    session = Session(Binary, endless_run(), worker)
    session.course.speed_index = SPEEDS.index(UNLIMITED)
    session.toggle()
    worker.turns(600)
    assert len(worker.pipe.events) == 1
    assert len(worker.loop._losses._stretches) <= 257
    session.receive()
    session.ask()
    worker.turns(50)
    assert len(worker.pipe.events) == 1
    session.receive()
    assert len(session.run.losses) == session.experiment.steps > 600


def test_all_losses_arrive_whatever_the_rate_of_asking() -> None:
    worker = LocalWorker()
    session = Session(Binary, endless_run(), worker)
    session.course.speed_index = SPEEDS.index(UNLIMITED)
    session.toggle()
    for turns in (1, 7, 300, 2):
        worker.turns(turns)
        session.receive()
        session.ask()
    session.pause()
    worker.turns(2)
    session.receive()
    steps = session.experiment.steps
    assert len(session.run.losses) == steps
    direct = LossHistory.of(1, Trainer(session.run.recipe).step(steps).losses)
    np.testing.assert_array_equal(session.run.losses.low, direct.low)


def test_a_failure_within_the_run_is_an_answer() -> None:
    worker = LocalWorker()
    worker.send(Begin(1, recipe(data="nonsense")))
    with pytest.raises(ValueError, match="did you mean"):
        worker.turns(1)
    worker.loop.forget()
    worker.send(Train(10.0))
    worker.send(Ask())
    worker.turns(1)
    assert not worker.pipe.events
