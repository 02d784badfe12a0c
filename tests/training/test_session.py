"""A run in the user's hands, without a process."""

from typing import Any

import numpy as np
import pytest

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.neural import NeuralNet
from scratchtui.experiments.panel import Edit, Probe
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.experiments.snapshot import same_state
from scratchtui.experiments.view import Table
from scratchtui.training.course import SPEEDS
from scratchtui.training.headline import EVERY
from scratchtui.training.history import LossHistory
from scratchtui.training.messages import (
    UNLIMITED,
    Advance,
    Ask,
    Begin,
    Change,
    Failed,
    Pause,
    Progress,
    Train,
)
from scratchtui.training.run import Run
from scratchtui.training.session import Session
from scratchtui.training.trainer import Halt, Trainer
from tests.training.stand_ins import LocalWorker, ScriptedWorker


def recipe(**settings: Value) -> Recipe:
    default = default_recipe(Binary)
    return Recipe("binary", {**default.settings, **settings}, 0)


def told(
    run: int, steps: int, *, running: bool = True, halt: Halt | None = None, **settings: Any
) -> Progress:
    """Return what a worker tells after so many steps from the start."""
    trainer = Trainer(recipe(**settings))
    losses = LossHistory.of(1, trainer.step(steps).losses)
    return Progress(run, losses, (trainer.experiment.snapshot(),), running, halt)


@pytest.fixture
def worker() -> ScriptedWorker:
    return ScriptedWorker()


@pytest.fixture
def session(worker: ScriptedWorker) -> Session:
    return Session(Binary, worker=worker)


def heard(session: Session, worker: ScriptedWorker, *events: Progress | Failed | EOFError) -> None:
    worker.to_tell = list(events)
    session.receive()


def sent(worker: ScriptedWorker, kind: type[Any]) -> list[Any]:
    return [command for command in worker.sent if isinstance(command, kind)]


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
    assert worker.sent[3:] == [Pause()]
    heard(session, worker, told(1, 5, running=False))
    assert session.state == "paused"


def test_a_step_pauses_first(session: Session, worker: ScriptedWorker) -> None:
    session.step()
    assert Advance(1) in worker.sent
    session.toggle()
    session.step()
    assert session.state != "running"
    assert worker.sent.count(Advance(1)) == 1
    assert worker.sent[-1] == Pause()


def test_a_worker_is_asked_once_until_it_has_told(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    for _ in range(10):
        session.ask()
        session.receive()
    assert worker.sent.count(Ask()) == 1
    heard(session, worker, told(1, 3))
    session.ask()
    session.ask()
    assert worker.sent.count(Ask()) == 2


def test_speeds_end_at_unlimited_and_at_one(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    for _ in range(40):
        session.change_speed(+1)
    assert session.course.speed == UNLIMITED
    assert isinstance(worker.sent[-1], Train)
    assert worker.sent[-1].speed == UNLIMITED
    for _ in range(40):
        session.change_speed(-1)
    assert session.course.speed == 1.0
    assert list(SPEEDS) == sorted(SPEEDS)


def test_events_of_an_abandoned_run_are_ignored(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    session.reset()
    session.toggle()
    asks = worker.sent.count(Ask())
    heard(session, worker, told(1, 50), Failed(1, "too late", ""))
    assert session.experiment.steps == 0
    assert session.state == "running"
    assert len(session.run.losses) == 0
    session.ask()
    assert worker.sent.count(Ask()) == asks  # the present run has not answered yet
    heard(session, worker, told(2, 3))
    assert session.experiment.steps == 3


def test_what_is_told_is_shown(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    progress = told(1, 20)
    heard(session, worker, progress)
    assert same_state(session.experiment.snapshot(), progress.snapshots[-1])
    assert same_state(session.run.latest, progress.snapshots[-1])
    assert len(session.run.losses) == 20


def test_while_it_runs_a_headline_may_be_a_little_old_and_never_once_it_stands_still(
    session: Session, worker: ScriptedWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scratchtui.training.headline.time.monotonic", lambda: clock)
    clock = 0.0
    session.toggle()
    old = session.headline()
    heard(session, worker, told(1, 20))
    assert session.headline() == old
    clock = EVERY
    assert session.headline() == session.experiment.headline() != old
    heard(session, worker, told(1, 30, running=False))
    session.pause()
    assert session.headline() == session.experiment.headline()


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


def test_an_experiment_begins_at_its_own_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Session(Binary, worker=ScriptedWorker()).course.speed == 10.0
    monkeypatch.setattr(Binary, "speed", 50.0)
    assert Session(Binary, worker=ScriptedWorker()).course.speed == 50.0


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


# an opened run, a lost worker


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


@pytest.mark.parametrize("end", [EOFError(), Failed(1, "out of memory", "")], ids=str)
def test_space_goes_on_from_the_last_snapshot_of_a_lost_worker(
    session: Session, worker: ScriptedWorker, end: EOFError | Failed
) -> None:
    session.toggle()
    heard(session, worker, told(1, 20))
    session.set_value("learning_rate", 0.1)  # the worker is lost before it tells of this
    heard(session, worker, end)
    assert session.state == "failed"
    assert session.link.failure
    assert session.experiment.steps == 20
    worker.sent.clear()
    session.toggle()
    begin, change, *_ = worker.sent
    assert isinstance(begin, Begin)
    assert begin.snapshot is not None
    assert begin.snapshot.step == 20
    assert change == Change("learning_rate", 0.1)
    assert session.running


def test_a_live_change_after_a_failure_keeps_the_run(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    heard(session, worker, told(1, 20), EOFError())
    worker.sent.clear()
    session.set_value("momentum", 0.5)
    assert session.experiment.steps == 20
    assert [type(command) for command in worker.sent] == [Begin, Change, Ask]


# with the worker's own loop


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


def test_an_edit_is_not_lost_to_what_the_worker_told_before_it(
    session: Session, worker: ScriptedWorker
) -> None:
    session.toggle()
    heard(session, worker, told(1, 3))
    for number in ("3", "4"):
        rows = session.experiment.view("rows", [], Probe())
        assert isinstance(rows, Table)
        index = next(index for index, row in zip(rows.ids, rows.rows, strict=True) if row[0] == number)
        session.edit("rows", Edit("remove", (index,)))
        heard(session, worker, told(1, 5))  # on its way when the row was deleted
    assert session.experiment.settings["data"] == "all -3 -4"
    assert sent(worker, Change) == [Change("data", "all -3"), Change("data", "all -3 -4")]


def test_a_new_seed_is_new_even_where_another_one_waited(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    heard(session, worker, told(1, 3, running=False))
    session.set_value("seed", 123_456_789)  # beyond those that are drawn
    session.set_value("scale", 2.0)
    session.reset(new_seed=True)
    assert session.run.recipe.seed != 123_456_789
    assert session.run.recipe.settings["scale"] == 2.0


def test_a_finished_run_that_is_opened_has_reached_its_goal_beside_its_forecast() -> None:
    trainer = Trainer(recipe())
    run = Run(recipe())
    run.timeline.append(trainer.experiment.snapshot())
    run.losses = LossHistory.of(1, trainer.step(175).losses)
    run.timeline.append(trainer.experiment.snapshot())
    session = Session(Binary, run, ScriptedWorker())
    assert session.state == "reached"
    assert session.forecast.step == session.experiment.steps == 175


def test_a_goal_reached_by_single_steps_is_reached(session: Session, worker: ScriptedWorker) -> None:
    session.step()
    heard(session, worker, told(1, 175, running=False))
    assert session.state == "reached"


def test_snapshots_hold_once_what_they_have_in_common(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    heard(session, worker, told(1, 3), told(1, 5))
    first, *_, last = session.run.timeline.snapshots
    assert last.settings is first.settings


def test_edits_of_the_data_and_of_live_settings_are_taken_back_and_made_again(
    session: Session, worker: ScriptedWorker
) -> None:
    session.edit("rows", Edit("add", text="5=6"))
    session.set_value("learning_rate", 0.1)
    session.edit("rows", Edit("point", (3,)))  # which is no edit
    assert session.undo()
    assert session.value("learning_rate") == 0.2
    assert session.undo()
    assert session.value("data") == "all"
    assert not session.undo()
    assert session.redo()
    assert session.redo()
    assert not session.redo()
    assert (session.value("data"), session.value("learning_rate")) == ("all +5=6", 0.1)


def test_an_edit_taken_back_while_it_trains_is_told_to_the_worker(
    session: Session, worker: ScriptedWorker
) -> None:
    session.toggle()
    heard(session, worker, told(1, 3))
    session.edit("rows", Edit("remove", (0,)))
    assert session.undo()
    assert sent(worker, Change) == [Change("data", "all -0"), Change("data", "all")]


def test_an_edit_that_cannot_be_changes_nothing(session: Session) -> None:
    for panel, edit in (("rows", Edit("add", text="words")), ("weights", Edit("add", text="5"))):
        with pytest.raises(ValueError, match=r"neither|nothing in weights"):
            session.edit(panel, edit)
    assert session.value("data") == "all"
    assert not session.undo()
