"""How training goes: at which speed, until when, and why it stopped."""

import pytest

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.neural import NeuralNet
from scratchtui.training.course import SPEEDS, Course
from scratchtui.training.history import LossHistory
from scratchtui.training.link import Link
from scratchtui.training.messages import UNLIMITED, Ask, Train
from scratchtui.training.run import Run
from scratchtui.training.session import Session
from scratchtui.training.trainer import Halt, Trainer
from scratchtui.training.until import parse_all
from tests.training.stand_ins import ScriptedWorker, heard, recipe, sent, told


def test_speeds_end_at_unlimited_and_at_one(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    for _ in range(40):
        session.change_speed(+1)
    assert session.course.speed == UNLIMITED
    order = worker.sent[-2]
    assert isinstance(order, Train)
    assert order.speed == UNLIMITED
    for _ in range(40):
        session.change_speed(-1)
    assert session.course.speed == 1.0
    assert list(SPEEDS) == sorted(SPEEDS)


def test_an_experiment_begins_at_its_own_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Session(Binary, worker=ScriptedWorker()).course.speed == 10.0
    monkeypatch.setattr(Binary, "speed", 50.0)
    assert Session(Binary, worker=ScriptedWorker()).course.speed == 50.0


def test_the_goal_once_reached_does_not_stop_the_run_again(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    heard(session, worker, told(1, 175, running=False, halt=Halt("until", 175, "there")))
    assert session.state == "reached"
    session.toggle()
    assert session.running
    assert worker.sent[-2:] == [Train(10.0, None), Ask()]


def test_a_change_makes_the_goal_count_again(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    heard(session, worker, told(1, 175, running=False, halt=Halt("until", 175, "there")))
    session.toggle()
    session.set_value("data", "all +5=100")
    trains = [command for command in worker.sent if isinstance(command, Train)]
    assert trains[-1].until is not None


def test_a_change_that_moves_the_goal_is_trained_to_the_new_one(worker: ScriptedWorker) -> None:
    session = Session(NeuralNet, worker=worker)
    session.set_value("data", "circle")
    session.toggle()
    session.set_value("data", "plane +1,1=1 +-1,-1=0")  # no point is held out
    trains = [command for command in worker.sent if isinstance(command, Train)]
    assert [str(command.until) for command in trains] == ["test_accuracy > 0.95", "accuracy > 0.95"]


def test_a_divergence_is_told_with_its_reason(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    heard(session, worker, told(1, 9, running=False, halt=Halt("diverged", 10, "too fast")))
    assert session.state == "diverged"
    assert session.course.halt is not None
    assert session.course.halt.reason == "too fast"


def test_a_halt_that_was_overtaken_by_space_does_not_stop_the_screen(
    session: Session, worker: ScriptedWorker
) -> None:
    """The worker halts; before that is known here, space is pressed twice."""
    session.toggle()
    session.toggle()
    session.toggle()
    heard(session, worker, told(1, 9, running=False, halt=Halt("until", 9, "there")))
    heard(session, worker, told(1, 12))
    assert session.state == "running"


def test_a_goal_reached_by_single_steps_is_reached(session: Session, worker: ScriptedWorker) -> None:
    session.step()
    heard(session, worker, told(1, 175, running=False))
    assert session.state == "reached"


def test_a_finished_run_that_is_opened_has_reached_its_goal_beside_its_forecast() -> None:
    trainer = Trainer(recipe())
    run = Run(recipe())
    run.timeline.append(trainer.experiment.snapshot())
    run.losses = LossHistory.of(1, trainer.step(175).losses)
    run.timeline.append(trainer.experiment.snapshot())
    session = Session(Binary, run, ScriptedWorker())
    assert session.state == "reached"
    assert session.forecast.step == session.experiment.steps == 175


# alone


@pytest.fixture
def course(worker: ScriptedWorker) -> Course:
    link, run = Link(worker), Run(recipe())
    run.begin()
    link.take_up(run)
    return Course(link, 10.0)


def trained(steps: int) -> Experiment:
    trainer = Trainer(recipe())
    trainer.step(steps)
    return trainer.experiment


def test_while_it_is_paused_speed_and_stops_are_for_later(course: Course, worker: ScriptedWorker) -> None:
    experiment = trained(3)
    course.take_up(experiment)
    course.change_speed(+1, experiment)
    course.watch_for(parse_all("loss<1; step=9", experiment), experiment)
    assert worker.sent == []
    course.run(experiment)
    (train,) = sent(worker, Train)
    assert (train.speed, [stop.text for stop in train.stops]) == (20.0, ["loss<1", "step=9"])


def test_what_cannot_come_true_in_this_network_is_kept_and_not_waited_for(
    course: Course, worker: ScriptedWorker
) -> None:
    experiment = Trainer(recipe(bits=4)).experiment
    course.watch_for(parse_all("weights[7]>1; step=9", trained(0)), experiment)
    course.run(experiment)
    (train,) = sent(worker, Train)
    assert [stop.text for stop in train.stops] == ["step=9"]
    assert len(course.stops) == 2


@pytest.mark.parametrize(("steps", "reached"), [(0, None), (3, None), (175, 175)])
def test_a_goal_that_is_met_is_reached_where_the_run_is_taken_up(
    steps: int, reached: int | None, course: Course
) -> None:
    course.run(trained(1))
    course.take_up(trained(steps))
    assert (course.running, course.reached_at) == (False, reached)
    assert (course.halt is None) == (reached is None)


def test_a_change_that_moves_no_aim_trains_on_without_a_word(course: Course, worker: ScriptedWorker) -> None:
    experiment = trained(3)
    course.run(experiment)
    aims = course.aims(experiment)
    experiment.change("learning_rate", 0.1)
    course.changed(experiment, aims)
    assert len(sent(worker, Train)) == 1
    course.reached_at = 2
    course.changed(experiment, aims)
    assert len(sent(worker, Train)) == 2
    assert course.reached_at is None


def test_why_it_stopped_is_known_until_it_goes_on(course: Course) -> None:
    experiment = trained(3)
    course.run(experiment)
    course.absorb(told(1, 9, running=False, halt=Halt("stop", 9, "there")))
    assert (course.running, course.halt) == (False, Halt("stop", 9, "there"))
    course.run(experiment)
    assert (course.running, course.halt) == (True, None)
