"""A run in the user's hands, without a process."""

import pytest

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.binary import Binary
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.history import LossHistory
from scratchtui.training.messages import Advance, Ask, Begin, Change, Pause, Progress, Train
from scratchtui.training.run import Run
from scratchtui.training.session import Session
from scratchtui.training.trainer import Trainer
from tests.training.stand_ins import LocalWorker, ScriptedWorker, heard, recipe, told


def test_a_session_begins_ready_and_starts_no_process(session: Session, worker: ScriptedWorker) -> None:
    assert session.state == "ready"
    assert session.forecast.step == 175
    session.ask()
    assert not session.receive()
    assert worker.sent == []


def test_space_runs_and_pauses(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    begin, train, ask = worker.sent
    assert isinstance(begin, Begin)
    assert begin.recipe == default_recipe(Binary)
    assert isinstance(train, Train)
    assert train.speed == 10.0
    assert str(train.until) == "max_weight_error < 1e-06"
    assert ask == Ask()
    assert session.running
    session.toggle()
    assert worker.sent[3:] == [Pause(), Ask()]
    heard(session, worker, told(1, 5, running=False))
    assert session.state == "paused"


def test_a_step_pauses_first(session: Session, worker: ScriptedWorker) -> None:
    session.step()
    assert Advance(1) in worker.sent
    session.toggle()
    session.step()
    assert session.state != "running"
    assert worker.sent.count(Advance(1)) == 1
    assert worker.sent[-2:] == [Pause(), Ask()]


def test_where_it_is_paused_is_told_though_an_answer_was_on_its_way_when_it_was() -> None:
    worker = LocalWorker()
    session = Session(Binary, worker=worker)
    session.change_speed(20)
    session.toggle()
    worker.turns(6)
    assert worker.pipe.events
    worker.turns(6)
    session.pause()
    worker.turns(6)
    session.receive()
    paused = session.experiment.steps
    session.step()
    worker.turns(3)
    session.receive()
    assert session.experiment.steps == paused + 1


def test_what_is_told_is_shown(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    progress = told(1, 20)
    heard(session, worker, progress)
    assert same_state(session.experiment.snapshot(), progress.snapshots[-1])
    assert same_state(session.run.latest, progress.snapshots[-1])
    assert len(session.run.losses) == 20


# settings


def test_a_live_change_before_the_first_step_makes_another_recipe(
    session: Session, worker: ScriptedWorker
) -> None:
    session.set_value("learning_rate", 0.1)
    session.set_value("data", "original")
    assert worker.sent == []
    assert session.run.recipe == recipe(learning_rate=0.1, data="original")
    assert session.experiment.steps == 0


def test_a_live_change_of_a_run_is_sent_to_it(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    heard(session, worker, told(1, 20))
    session.set_value("learning_rate", 0.1)
    assert Change("learning_rate", 0.1) in worker.sent
    assert session.value("learning_rate") == 0.1
    assert session.run.recipe == recipe()
    assert session.state == "running"


def test_the_forecast_is_made_again_from_the_step_of_the_change() -> None:
    worker = LocalWorker()
    session = Session(Binary, worker=worker)
    for _ in range(40):
        session.step()
    worker.turns(2)
    session.receive()
    session.set_value("learning_rate", 0.1)
    for _ in range(10):
        session.step()
    worker.turns(3)
    session.receive()
    assert session.experiment.steps == 50
    again = Trainer(recipe())
    again.step(40)
    again.experiment.change("learning_rate", 0.1)
    assert session.forecast == again.experiment.forecast()
    assert session.forecast.step == session.experiment.forecast().step


def test_a_structural_change_waits_for_the_reset(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    heard(session, worker, told(1, 20))
    session.set_value("bits", 4)
    session.set_value("seed", 9)
    assert session.pending == {"bits": 4, "seed": 9}
    assert session.value("bits") == 8
    assert session.experiment.steps == 20
    session.reset()
    assert session.pending == {}
    assert session.value("bits") == 4
    assert session.value("seed") == 9
    assert session.state == "ready"


def test_a_structural_change_taken_back_waits_no_longer(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    heard(session, worker, told(1, 20))
    session.set_value("bits", 4)
    session.set_value("bits", 8)
    assert session.pending == {}


def test_before_the_first_step_a_structural_change_is_made_at_once(session: Session) -> None:
    session.set_value("encoding", "gray")
    assert session.value("encoding") == "gray"
    assert session.pending == {}
    assert "Gray" in session.experiment.notice()


def test_settings_that_clash_are_refused_and_nothing_is_lost(
    session: Session, worker: ScriptedWorker
) -> None:
    session.set_value("data", "original")
    with pytest.raises(ValueError, match="need 8 bits"):
        session.set_value("bits", 4)
    assert session.pending == {}
    assert session.value("bits") == 8
    session.toggle()
    heard(session, worker, told(session.link._number, 20, data="original"))
    session.set_value("bits", 4)
    with pytest.raises(ValueError, match="need 8 bits"):
        session.reset()
    assert session.experiment.steps == 20
    assert session.state == "running"
    assert session.pending == {"bits": 4}
    with pytest.raises(ValueError, match="no row is left"):
        session.set_value("data", "none")
    assert session.value("data") == "original"
    assert not any(isinstance(command, Change) for command in worker.sent)


@pytest.mark.parametrize("key", ["bit", "learning-rate"])
def test_an_unknown_setting_is_refused(session: Session, key: str) -> None:
    with pytest.raises(ValueError, match="did you mean"):
        session.set_value(key, 1)


def test_reset_keeps_live_changes_and_the_seed_unless_another_is_asked_for(
    session: Session, worker: ScriptedWorker
) -> None:
    session.toggle()
    heard(session, worker, told(1, 20))
    session.set_value("learning_rate", 0.1)
    session.reset()
    assert session.run.recipe == recipe(learning_rate=0.1)
    seeds = set()
    for _ in range(5):
        session.reset(new_seed=True)
        seeds.add(session.run.recipe.seed)
    assert len(seeds) > 1


# an opened run


def opened(steps: int = 30) -> Run:
    trainer = Trainer(recipe())
    run = Run(recipe())
    run.timeline.append(trainer.experiment.snapshot())
    run.losses = LossHistory.of(1, trainer.step(steps).losses)
    run.timeline.append(trainer.experiment.snapshot())
    return run


def test_an_opened_run_goes_on_where_it_was(worker: ScriptedWorker) -> None:
    run = opened()
    session = Session(Binary, run, worker)
    assert session.state == "paused"
    session.toggle()
    begin = worker.sent[0]
    assert isinstance(begin, Begin)
    assert begin.snapshot is run.latest


def test_a_live_change_of_an_opened_run_keeps_it(worker: ScriptedWorker) -> None:
    session = Session(Binary, opened(), worker)
    session.set_value("learning_rate", 0.1)
    assert session.experiment.steps == 30
    assert len(session.run.losses) == 30
    assert [type(command) for command in worker.sent] == [Begin, Change, Ask]


def test_a_new_seed_is_new_even_where_another_one_waited(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    heard(session, worker, told(1, 3, running=False))
    session.set_value("seed", 123_456_789)  # beyond those that are drawn
    session.set_value("scale", 2.0)
    session.reset(new_seed=True)
    assert session.run.recipe.seed != 123_456_789
    assert session.run.recipe.settings["scale"] == 2.0


def test_snapshots_hold_once_what_they_have_in_common(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    heard(session, worker, told(1, 3), told(1, 5))
    first, *_, last = session.run.timeline.snapshots
    assert last.settings is first.settings


# the loss on what is not learnt from


@pytest.mark.parametrize(("name", "data"), [("nn", "circle"), ("cnn", "nine")])
def test_the_unseen_loss_of_every_snapshot_is_a_curve_beside_that_of_training(name: str, data: str) -> None:
    trainer = Trainer(default_recipe(EXPERIMENTS[name]).with_value("data", data))
    run = Run(trainer.experiment.recipe)
    run.begin()
    for steps in range(0, 15, 5):
        losses = LossHistory.of(steps + 1, trainer.step(5).losses)
        run.absorb(Progress(1, losses, (trainer.experiment.snapshot(),), running=True))
    curves = {
        curve.name: curve for curve in Session(EXPERIMENTS[name], run, ScriptedWorker()).losses().curves
    }
    assert list(curves) == ["train", "unseen"]
    measured = build(run.recipe)
    expected = {}
    for snapshot in run.timeline.snapshots:
        measured.restore(snapshot)
        expected[float(snapshot.step)] = measured.held_out_loss()
    unseen = curves["unseen"]
    assert dict(zip(unseen.x.tolist(), unseen.y.tolist(), strict=True)) == expected
    assert list(expected) == [0.0, 5.0, 10.0, 15.0]
    assert len(set(expected.values())) == 4


def test_where_nothing_is_unseen_the_only_curve_is_that_of_training() -> None:
    assert len(Session(Binary, opened(), ScriptedWorker()).losses().curves) == 1
