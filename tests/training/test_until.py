"""Conditions: what can be waited for in each experiment, and that training stops on the very step."""

from __future__ import annotations

import pytest

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.recipe import default_recipe
from scratchtui.training.session import Session
from scratchtui.training.trainer import Trainer
from scratchtui.training.until import CHANGES, Until, Watch, examples, parse_all
from tests.training.stand_ins import LocalWorker

CONDITIONS = [
    ("binary", "loss<100"),
    ("binary", "max_weight_error<50"),
    ("binary", "weights[0]>100"),
    ("binary", "0.Dense.W[0,0]>100"),
    ("binary", "step=17"),
    ("binary", "step=1,000"),
    ("binary", "sign 0.Dense.W[3,0]"),
    ("nn", "accuracy>0.9"),
    ("nn", "predictions[1]>0.9"),
    ("nn", "sign 0.Dense.W[0,5]"),
    ("cnn", "train_accuracy>0.6"),
    ("cnn", "loss<0.9"),
    ("rnn", "text=hello"),
    ("rnn", "accuracy>0.9"),
    ("rnn", "sign 0.RNN.Wh[1,9]"),
]
MOST = 1500


def untrained(name: str) -> Experiment:
    return build(default_recipe(EXPERIMENTS[name], seed=1))


def first_step(name: str, until: Until) -> int | None:
    """Return the first step after which the condition holds, or a sign is another one, or None."""
    experiment = untrained(name)
    before = until.met(experiment)
    for _ in range(MOST):
        experiment.step()
        if until.met(experiment) != before if until.sign == CHANGES else until.met(experiment):
            return experiment.steps
    return None


@pytest.mark.parametrize(("name", "text"), CONDITIONS)
def test_training_stops_on_the_very_step_however_it_is_cut_into_stretches(name: str, text: str) -> None:
    until = Until.parse(text, untrained(name))
    assert Until.parse(until.text, untrained(name)) == until
    expected = first_step(name, until)
    for stretches in ([MOST], [7] * (MOST // 7 + 1)):
        trainer, halt = Trainer(default_recipe(EXPERIMENTS[name], seed=1)), None
        for count in stretches:
            halt = trainer.step(count, until).halt
            if halt is not None:
                break
        assert (halt.step if halt else None) == expected
    assert expected is not None


BAD = [
    ("rnn", "text=hell", "text has 5 characters"),
    ("rnn", "text<3", "text is compared by ="),
    ("rnn", "txt=hello", "'=' in"),
    ("binary", "step<3", "step is compared by =, such as step=1000"),
    ("binary", "step=many", "a step is a whole number"),
    ("binary", "weights[9]>0", "weights has 8 numbers; the last is weights[7]"),
    ("binary", "weights>0", "there is no metric 'weights'"),
    ("binary", "0.Dense.W[9,0]<0", "'9' in '0.Dense.W[9,0]' is no index of 0 to 7"),
    ("binary", "sign 0.Dense.W", "is not one weight"),
    ("binary", "sign loss", "there are no weights 'loss'"),
    ("cnn", "test_predictions[0]>1", "there is no metric"),
    ("nn", "loss<0.1; acuracy>1", "did you mean 'accuracy'"),
]


@pytest.mark.parametrize(("name", "text", "words"), BAD)
def test_what_cannot_be_waited_for_is_refused_with_what_can(name: str, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=r".") as refusal:
        parse_all(text, untrained(name))
    assert words in str(refusal.value)


@pytest.mark.parametrize("name", list(EXPERIMENTS))
def test_every_example_that_is_offered_is_a_condition(name: str) -> None:
    experiment = untrained(name)
    assert len(parse_all(examples(experiment), experiment)) >= 5


def test_a_condition_that_holds_already_waits_until_it_has_been_false() -> None:
    trainer = Trainer(default_recipe(EXPERIMENTS["binary"]))
    below = Until.parse("loss<5", trainer.experiment)
    trainer.step(200)
    watch = Watch(None, (below,), trainer.experiment)
    assert trainer.step(20, watch).halt is None
    trainer.change("0.Dense.W[0,0]", 500.0)
    halt = trainer.step(2000, watch).halt
    assert halt is not None
    assert halt.kind == "stop"
    assert watch.reached == below


def test_a_goal_is_told_from_a_condition_that_the_user_set() -> None:
    trainer = Trainer(default_recipe(EXPERIMENTS["binary"]))
    goal = Until.goal_of(trainer.experiment)
    halt = trainer.step(1000, Watch(goal, parse_all("step=20", trainer.experiment), trainer.experiment)).halt
    assert halt is not None
    assert (halt.kind, halt.step) == ("stop", 20)
    halt = trainer.step(1000, Watch(goal, (), trainer.experiment)).halt
    assert halt is not None
    assert (halt.kind, halt.step) == ("until", 175)


def session_with(text: str) -> tuple[Session, LocalWorker]:
    worker = LocalWorker()
    session = Session(EXPERIMENTS["binary"], worker=worker)
    session.stop_when(text)
    for _ in range(20):
        session.change_speed(+1)
    return session, worker


def run_on(session: Session, worker: LocalWorker) -> None:
    """Run until it stops by itself."""
    session.toggle()
    while session.running:
        session.ask()
        worker.turns()
        session.receive()


def test_a_session_stops_where_a_condition_comes_true_and_goes_on_beyond_it() -> None:
    session, worker = session_with("step=20; 0.Dense.W[7,0]>1.4")
    run_on(session, worker)
    first = session.experiment.steps
    assert session.state == "stopped"
    assert session.halt is not None
    assert session.halt.reason.endswith(f"at step {first}")
    run_on(session, worker)
    assert session.experiment.steps > first
    session.reset()
    assert len(session.stops) == 2
    run_on(session, worker)
    assert session.experiment.steps == first
    session.stop_when("")
    run_on(session, worker)
    assert session.state == "reached"


def test_conditions_are_taken_back_and_made_again() -> None:
    session, _ = session_with("step=20")
    session.stop_when("step=30")
    session.undo()
    assert [str(stop) for stop in session.stops] == ["step = 20"]
    session.redo()
    assert [str(stop) for stop in session.stops] == ["step = 30"]


def test_a_condition_on_what_is_no_longer_there_waits_until_it_is_again() -> None:
    session, worker = session_with("0.Dense.W[7,0]>1e9; step=5")
    session.set_value("bits", 4)
    session.reset()
    assert [stop.possible(session.experiment) for stop in session.stops] == [False, True]
    run_on(session, worker)
    assert (session.state, session.experiment.steps) == ("stopped", 5)
