"""Walking back through a run, and going on from there."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.panel import SET, Edit
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.lookback import StillFindingError
from scratchtui.training.session import Session
from scratchtui.training.trainer import Trainer
from tests.training.stand_ins import LocalWorker


@pytest.fixture
def session() -> Session:
    return Session(Binary, worker=LocalWorker())


def take(session: Session, steps: int) -> None:
    """Let the worker take so many steps, one at a time."""
    worker = session.worker
    assert isinstance(worker, LocalWorker)
    for _ in range(steps):
        session.step()
        worker.turns(2)
        session.receive()


def straight(session: Session, steps: int) -> Trainer:
    trainer = Trainer(session.run.recipe)
    trainer.step(steps)
    return trainer


def test_one_step_back_and_on_shows_what_was_there(session: Session) -> None:
    take(session, 20)
    session.step_back()
    session.step_back()
    assert (session.state, session.experiment.steps) == ("past", 18)
    assert same_state(session.experiment.snapshot(), straight(session, 18).experiment.snapshot())
    session.step()
    assert session.experiment.steps == 19
    session.step()
    assert (session.state, session.experiment.steps) == ("paused", 20)


def test_leaps_are_a_tenth_of_the_run_and_stay_within_it(session: Session) -> None:
    take(session, 40)
    session.leap(-1)
    assert session.experiment.steps == 36
    session.seek(2)
    session.leap(-1)
    assert session.experiment.steps == 0
    session.leap(+1)
    assert session.experiment.steps == 4
    session.seek(10**9)
    assert session.seen is None


def test_a_run_that_goes_on_from_the_past_unchanged_retraces_itself_bit_for_bit(session: Session) -> None:
    take(session, 30)
    before = session.run
    session.seek(12)
    session.toggle()
    session.pause()
    assert session.run is not before
    take(session, 18)
    assert session.experiment.steps == 30
    assert same_state(session.run.latest, before.latest)
    np.testing.assert_array_equal(session.run.losses.mean, before.losses.mean)


def test_a_change_in_the_past_forks_and_leaves_the_old_run_as_it_was(session: Session) -> None:
    take(session, 30)
    before = session.run
    session.seek(12)
    session.set_value("learning_rate", 0.1)
    assert (len(before.losses), before.latest.step) == (30, 30)
    assert session.experiment.steps == 12
    take(session, 5)
    trainer = straight(session, 12)
    trainer.change("learning_rate", 0.1)
    trainer.step(5)
    assert same_state(session.run.latest, trainer.experiment.snapshot())


def test_looking_back_shows_the_settings_of_then(session: Session) -> None:
    take(session, 5)
    session.set_value("learning_rate", 0.1)
    take(session, 5)
    session.seek(3)
    assert session.value("learning_rate") == 0.2
    session.seek(10)
    assert session.value("learning_rate") == 0.1


def test_what_is_told_late_does_not_move_the_moment_that_is_seen(session: Session) -> None:
    worker = session.worker
    assert isinstance(worker, LocalWorker)
    take(session, 10)
    session.toggle()
    session.change_speed(+100)
    worker.turns(3)
    session.seek(4)
    worker.turns(2)
    session.receive()
    assert session.run.latest.step > 10
    assert session.experiment.steps == 4


def test_a_reset_and_a_fork_are_taken_back(session: Session) -> None:
    take(session, 10)
    first = session.run
    session.reset(new_seed=True)
    take(session, 3)
    assert session.undo()
    assert session.run is first
    assert session.experiment.steps == 10
    session.seek(4)
    session.set_value("learning_rate", 0.1)
    assert session.experiment.steps == 4
    assert session.undo()
    assert session.run is first
    assert (session.experiment.steps, session.value("learning_rate")) == (4, 0.2)
    session.seek(10)
    take(session, 1)
    assert same_state(session.run.latest, straight(session, 11).experiment.snapshot())


def test_a_change_in_the_past_is_taken_back_without_a_trace_in_the_run_that_it_was_made_in(
    session: Session,
) -> None:
    take(session, 5)
    session.set_value("learning_rate", 0.1)
    take(session, 5)
    first = session.run
    session.seek(3)
    session.set_value("learning_rate", 0.05)
    assert session.undo()
    assert (session.run, session.state, session.experiment.steps) == (first, "past", 3)
    assert session.value("learning_rate") == 0.2
    session.seek(10)
    assert (session.value("learning_rate"), len(first.journal)) == (0.1, 1)
    assert session.redo()
    assert (session.run.origin, session.value("learning_rate")) == (("run 1", 3), 0.05)


def test_a_diverged_run_is_walked_back_and_goes_on_with_a_lower_rate(session: Session) -> None:
    take(session, 3)
    session.set_value("learning_rate", 2.0)
    session.toggle()
    session.change_speed(+100)
    worker = session.worker
    assert isinstance(worker, LocalWorker)
    while session.state == "running":
        worker.turns(2)
        session.ask()
        session.receive()
    assert session.state == "diverged"
    session.seek(3)
    session.set_value("learning_rate", 0.2)
    take(session, 3)
    assert np.isfinite(session.experiment.loss)
    assert session.experiment.loss < 1e6


def test_a_change_is_taken_back_where_it_was_made_also_while_the_past_is_looked_at(session: Session) -> None:
    take(session, 5)
    session.set_value("learning_rate", 0.1)
    take(session, 5)
    session.seek(3)
    assert session.undo()
    assert (session.experiment.steps, session.value("learning_rate"), session.seen) == (10, 0.2, None)
    take(session, 0)
    session.seek(4)
    assert session.redo()
    assert (session.experiment.steps, session.value("learning_rate")) == (10, 0.1)


def test_a_row_that_was_pointed_at_is_returned_to_without_leaving_the_past(session: Session) -> None:
    take(session, 5)
    session.probe = replace(session.probe, text="1")
    session.stop_when("step=9")
    session.set_value("learning_rate", 0.1)
    take(session, 5)
    session.seek(3)
    session.stop_when("step=8")
    for _ in range(2):
        assert session.undo()
        assert session.redo()
    assert (session.experiment.steps, session.run.journal[1:]) == (3, [])
    session.seek(10)
    assert session.undo()
    assert (str(session.course.stops[0]), session.value("learning_rate")) == ("step = 9", 0.1)


def weight(session: Session) -> float:
    return session.experiment.weight("0.Dense.W[0,0]")


def test_a_weight_set_by_hand_is_trained_on_from_there_and_taken_back(session: Session) -> None:
    take(session, 5)
    before = weight(session)
    session.edit("weights", Edit(SET, (0,), "50"))
    take(session, 0)
    assert weight(session) == 50.0
    take(session, 3)
    trained = weight(session)
    trainer = straight(session, 5)
    trainer.change("0.Dense.W[0,0]", 50.0)
    trainer.step(3)
    assert same_state(session.experiment.snapshot(), trainer.experiment.snapshot())
    session.seek(5)
    assert weight(session) == 50.0
    session.seek(8)
    session.undo()
    assert weight(session) == before
    session.redo()
    assert weight(session) == trained


def test_a_weight_set_before_the_first_step_is_where_training_begins(session: Session) -> None:
    session.edit("weights", Edit(SET, (0,), "50"))
    take(session, 1)
    trainer = Trainer(session.run.recipe)
    trainer.change("0.Dense.W[0,0]", 50.0)
    trainer.step(1)
    assert same_state(session.experiment.snapshot(), trainer.experiment.snapshot())
    assert session.forecast.step != Session(Binary, worker=LocalWorker()).forecast.step


def test_a_weight_set_in_the_past_makes_a_run_of_its_own(session: Session) -> None:
    take(session, 5)
    first = session.run
    session.seek(2)
    session.edit("weights", Edit(SET, (0,), "50"))
    assert session.run is not first
    assert (session.experiment.steps, weight(session)) == (2, 50.0)
    session.undo()
    assert (session.run, session.experiment.steps) == (first, 2)


def test_what_the_worker_has_not_told_yet_is_in_the_run_that_is_left(session: Session) -> None:
    take(session, 4)
    session.set_value("learning_rate", 0.5)
    session.edit("weights", Edit(SET, (0,), "50"))
    left = session.run
    session.reset()
    assert [(entry.step, entry.key) for entry in left.journal] == [
        (4, "learning_rate"),
        (4, "0.Dense.W[0,0]"),
    ]
    assert left.latest.settings["learning_rate"] == 0.5
    assert left.latest.parameters[0] == 50.0
    session.undo()
    take(session, 3)
    trainer = straight(session, 4)
    trainer.change("learning_rate", 0.5)
    trainer.change("0.Dense.W[0,0]", 50.0)
    trainer.step(3)
    assert same_state(session.experiment.snapshot(), trainer.experiment.snapshot())


HANGING: tuple[Callable[[Session], object], ...] = (
    Session.toggle,
    Session.mark,
    Session.reset,
    Session.undo,
    Session.redo,
    Session.so_far,
    lambda session: session.set_value("learning_rate", 0.1),
    lambda session: session.edit("rows", Edit("add", (0,), "5=6")),
    lambda session: session.written("weights", Edit(SET, (0,))),
)


def test_what_hangs_on_a_moment_that_is_looked_for_is_not_done_to_another(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(session, 200)
    del session.run.timeline.snapshots[1:-1]
    monkeypatch.setattr("scratchtui.training.session.AT_ONCE", -1.0)
    session.seek(150)
    session.patience = -1.0
    for act in HANGING:
        with pytest.raises(StillFindingError, match="step 150 is still being looked for"):
            act(session)
        assert (session.sought, session.run.name, session.run.journal) == (150, "run 1", [])
    session.patience = math.inf
    session.set_value("learning_rate", 0.1)
    assert session.run.origin == ("run 1", 150)


def test_a_moment_that_takes_long_to_find_is_looked_for_between_keys(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(session, 200)
    del session.run.timeline.snapshots[1:-1]
    for patience in ("AT_ONCE", "A_LITTLE"):
        monkeypatch.setattr(f"scratchtui.training.session.{patience}", -1.0)
    session.seek(150)
    assert (session.state, session.sought) == ("finding", 150)
    session.step_back()
    assert session.sought == 149
    gone = [session.looking.share]
    while session.sought is not None:
        assert session.experiment.steps == 200
        session.search_on(-1.0)
        gone.append(session.looking.share)
    assert gone == sorted(gone)
    assert (session.state, session.experiment.steps) == ("past", 149)
    session.seek(100)
    session.set_value("learning_rate", 0.1)  # which needs the moment now
    assert (session.run.origin, session.experiment.steps) == (("run 1", 100), 100)
