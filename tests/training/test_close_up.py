"""A narrow stretch of a long run is seen step by step, exactly."""

from __future__ import annotations

import numpy as np
import pytest

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.recipe import default_recipe
from scratchtui.training.close_up import MOST_STEPS, CloseUp
from scratchtui.training.history import CAPACITY, LossHistory
from scratchtui.training.run import Run
from scratchtui.training.session import Session
from scratchtui.training.trainer import Trainer
from tests.training.stand_ins import ScriptedWorker

RECIPE = default_recipe(Binary).with_value("bits", 2).with_value("batch_size", 1).with_value("noise", 1.0)
STEPS, CHANGED = 2 * CAPACITY + 100, 4000


@pytest.fixture(scope="module")
def long() -> tuple[Run, np.ndarray]:
    """A run whose history keeps four steps as one, and the loss of each; a setting changed on the way."""
    trainer, run, stretches = Trainer(RECIPE), Run(RECIPE), []
    run.timeline.append(trainer.experiment.snapshot())
    for end in (CHANGED, STEPS):
        first = trainer.experiment.steps + 1
        stretches.append(trainer.step(end - first + 1).losses)
        run.losses = run.losses.merge(LossHistory.of(first, stretches[-1]))
        if end == CHANGED:
            run.journal.append(trainer.change("learning_rate", 0.1))
        run.timeline.append(trainer.experiment.snapshot())
    assert run.losses.width == 4
    return run, np.concatenate(stretches)


def found(close_up: CloseUp, stretch: tuple[int, int]) -> np.ndarray:
    assert close_up.of(stretch) is None
    assert close_up.sought
    while not close_up.search_on():
        assert close_up.sought
    curve = close_up.of(stretch)
    assert curve is not None
    assert curve.first is not None
    assert np.array_equal(curve.first, curve.x)
    assert not close_up.sought
    return curve.y


@pytest.mark.parametrize("stretch", [(1, 20), (CHANGED - 30, CHANGED + 30), (STEPS - 20, STEPS)])
def test_each_loss_of_a_stretch_is_that_of_the_run_bit_for_bit(
    long: tuple[Run, np.ndarray], stretch: tuple[int, int]
) -> None:
    run, losses = long
    assert np.array_equal(found(CloseUp(run), stretch), losses[stretch[0] - 1 : stretch[1]])


def test_a_stretch_that_is_left_is_no_longer_looked_for(long: tuple[Run, np.ndarray]) -> None:
    run, losses = long
    close_up = CloseUp(run)
    close_up.of((5000, 5100))
    close_up.search_on(0.0)
    assert np.array_equal(found(close_up, (10, 30)), losses[9:30])
    close_up.of((5000, 5100))
    assert close_up.of(None) is None
    assert not close_up.sought


NOTHING = [None, (1, MOST_STEPS + 1), (STEPS + 10, STEPS + 20)]


@pytest.mark.parametrize("stretch", NOTHING)
def test_what_is_too_long_or_not_in_the_run_is_not_looked_for(
    long: tuple[Run, np.ndarray], stretch: tuple[int, int] | None
) -> None:
    close_up = CloseUp(long[0])
    assert close_up.of(stretch) is None
    assert not close_up.sought


def test_a_history_that_has_every_step_is_close_enough() -> None:
    run, trainer = Run(RECIPE), Trainer(RECIPE)
    run.timeline.append(trainer.experiment.snapshot())
    run.losses = LossHistory.of(1, trainer.step(50).losses)
    run.timeline.append(trainer.experiment.snapshot())
    close_up = CloseUp(run)
    assert close_up.of((1, 20)) is None
    assert not close_up.sought


def test_a_session_shows_a_stretch_step_by_step_beside_the_whole_run(long: tuple[Run, np.ndarray]) -> None:
    run, losses = long
    session = Session(Binary, run, ScriptedWorker())
    session.losses((100, 200))
    while session.close_up.sought:
        session.close_up.search_on()
    (curve,) = session.losses((100, 200)).curves
    assert curve.x[-1] == STEPS
    assert curve.closer is not None
    assert np.array_equal(curve.closer.y, losses[99:200])
    assert session.losses().curves[0].closer is None


def test_a_spike_of_a_run_that_was_left_stays_in_its_dimmed_curve(long: tuple[Run, np.ndarray]) -> None:
    run, losses = long
    session = Session(Binary, run, ScriptedWorker())
    session.reset()
    (dimmed,) = (curve for curve in session.losses().curves if curve.dim)
    assert dimmed.high is not None
    assert dimmed.high.max() == losses.max()
    assert dimmed.y.max() < losses.max()
