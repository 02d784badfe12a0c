"""Conditions: what can be waited for in each experiment, and that training stops on the very step."""

from __future__ import annotations

import pytest

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.escapes import unescaped
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
    ("binary", " step = 40 "),
    ("binary", "0.Dense.W[0, 0] > 90"),
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


@pytest.mark.parametrize(("name", "text"), [case for case in CONDITIONS if case[0] != "cnn"])
def test_a_run_that_is_resumed_stops_where_it_would_have(name: str, text: str) -> None:
    recipe, until = default_recipe(EXPERIMENTS[name], seed=1), Until.parse(text, untrained(name))
    expected = Trainer(recipe).step(MOST, until).halt
    assert expected is not None
    first = Trainer(recipe)
    assert first.step(expected.step // 2, until).halt is None
    assert Trainer(recipe, first.experiment.snapshot()).step(MOST, until).halt == expected


@pytest.mark.parametrize(
    "text", ["hello", "a;b;", "ab ", " ab", r"a\\n", "@ab", "x=y<", "é\\u200dé", "a\\nb"]
)
def test_any_text_can_be_waited_for_among_other_conditions(text: str) -> None:
    experiment = build(default_recipe(EXPERIMENTS["rnn"]).with_value("text", text))
    stops = (Until("text", "=", unescaped(text)), Until("step", "=", 5.0))
    assert stops[0].possible(experiment)
    for written in ("; ".join(stop.text for stop in stops), ";".join(stop.text for stop in stops)):
        assert parse_all(written, experiment) == stops


def test_what_is_written_is_compared_as_the_metric_is() -> None:
    experiment = untrained("rnn")
    hello = experiment.saying("text", "hello")
    said = []
    for _ in range(300):
        experiment.step()
        said.append(hello())
        assert said[-1] == (experiment.metrics()["text"] == "hello")
    assert any(said)


def test_zero_has_no_sign() -> None:
    signs = Watch(None, parse_all("sign 0.Dense.b[0]", untrained("nn")), (experiment := untrained("nn")))
    bias = experiment.network.parameters["0.Dense.b"]
    turned = []
    for value in (0.0, 1.0, 0.0, 2.0, -1.0, 0.0, -2.0, 3.0):
        bias[0] = value
        turned.append(signs.met())
    assert turned == [False, False, False, False, True, False, False, True]


def test_all_conditions_that_come_true_on_one_step_are_named() -> None:
    trainer = Trainer(default_recipe(EXPERIMENTS["binary"]))
    watch = Watch(None, parse_all("loss>0; step=9; step=1", trainer.experiment), trainer.experiment)
    halt = trainer.step(50, watch).halt
    assert halt is not None
    assert halt.reason == "loss > 0 and step = 1 at step 1"


BAD = [
    ("rnn", "text=hell", "begins with h and has 5 characters, so it cannot become 'hell'"),
    ("rnn", "text=olleh", "begins with h"),
    ("rnn", "text=", "begins with h"),
    ("rnn", "text=hallo", "'a' is not in the text; it knows e h l o"),
    ("rnn", "text<3", "text is compared by ="),
    ("rnn", "txt=hello", "'=' in"),
    ("binary", "step<3", "step is compared by =, such as step=1000"),
    ("binary", "step=many", "a step is a whole number"),
    ("binary", "weights[9]>0", "weights has 8 numbers; the last is weights[7]"),
    ("binary", "weights>0", "there is no metric 'weights'; did you mean 'weights[0]'?"),
    ("binary", "nonfinite", "training always stops where a number is not finite"),
    ("nn", "non-finite=1", "training always stops where a number is not finite"),
    ("binary", "0.Dense.W[9,0]<0", "'9' in '0.Dense.W[9,0]' is no index of 0 to 7"),
    ("binary", "sign 0.Dense.W", "is not one weight"),
    ("binary", "sign", "sign needs the name of a weight, such as sign 0.Dense.W[0,0]"),
    ("binary", "sign ", "sign needs the name of a weight"),
    ("binary", ";".join(f"step={k}" for k in range(1, 23)), "22 conditions are too many; 20 can be"),
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
    assert watch.reached == (below,)


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
    assert session.course.halt is not None
    assert session.course.halt.reason.endswith(f"at step {first}")
    run_on(session, worker)
    assert session.experiment.steps > first
    session.reset()
    assert len(session.course.stops) == 2
    run_on(session, worker)
    assert session.experiment.steps == first
    session.stop_when("")
    run_on(session, worker)
    assert session.state == "reached"


def step_on(session: Session, worker: LocalWorker) -> None:
    session.step()
    worker.turns(2)
    session.receive()


@pytest.mark.parametrize("text", ["step=5", "0.Dense.W[7,0]>1.4", "sign 0.Dense.W[1,0]"])
def test_single_steps_stop_where_a_run_would_and_the_next_one_goes_on(text: str) -> None:
    session, worker = session_with(text)
    session.set_value("learning_rate", 0.4)
    run_on(session, worker)
    assert session.state == "stopped"
    first, why = session.experiment.steps, session.course.halt
    session, worker = session_with(text)
    session.set_value("learning_rate", 0.4)
    while session.state in {"ready", "paused"}:
        step_on(session, worker)
    assert (session.state, session.experiment.steps, session.course.halt) == ("stopped", first, why)
    step_on(session, worker)
    assert (session.state, session.experiment.steps) == ("paused", first + 1)


def test_steps_that_were_taken_before_it_was_told_leave_no_stop_behind() -> None:
    session, worker = session_with("step=2")
    for _ in range(3):
        session.step()
    worker.turns(2)
    session.receive()
    assert (session.state, session.experiment.steps) == ("paused", 3)


def test_conditions_are_taken_back_and_made_again() -> None:
    session, _ = session_with("step=20")
    session.stop_when("step=30")
    session.undo()
    assert [str(stop) for stop in session.course.stops] == ["step = 20"]
    session.redo()
    assert [str(stop) for stop in session.course.stops] == ["step = 30"]


def test_a_condition_on_what_is_no_longer_there_waits_until_it_is_again() -> None:
    session, worker = session_with("0.Dense.W[7,0]>1e9; step=5")
    session.set_value("bits", 4)
    session.reset()
    assert [stop.possible(session.experiment) for stop in session.course.stops] == [False, True]
    run_on(session, worker)
    assert (session.state, session.experiment.steps) == ("stopped", 5)


def test_a_condition_on_a_text_waits_while_another_is_learnt_and_is_heard_when_it_is_again() -> None:
    worker = LocalWorker()
    session = Session(EXPERIMENTS["rnn"], worker=worker)
    session.stop_when("text=hello")
    session.set_value("text", "hollow")
    session.reset()
    assert not session.course.stops[0].possible(session.experiment)
    session.undo()
    session.undo()
    assert session.course.stops[0].possible(session.experiment)


def test_what_is_seen_of_the_past_leaves_conditions_alone_and_a_fork_keeps_them() -> None:
    session, worker = session_with("step=20")
    run_on(session, worker)
    stops = session.course.stops
    session.seek(12)
    assert (session.state, session.experiment.steps, session.course.stops) == ("past", 12, stops)
    run_on(session, worker)
    assert len(session.runs) == 2
    assert (session.state, session.experiment.steps, session.course.stops) == ("stopped", 20, stops)


def test_after_a_divergence_the_last_finite_step_is_shown_and_reached_from_the_past() -> None:
    session, worker = session_with("step=5")
    session.set_value("learning_rate", 10.0)
    run_on(session, worker)
    run_on(session, worker)
    assert session.state == "diverged"
    assert session.course.halt is not None
    last = session.experiment.steps
    assert last == session.course.halt.step - 1
    session.seek(3)
    assert session.state == "past"
    session.seek(session.run.latest.step)
    assert (session.state, session.experiment.steps) == ("diverged", last)
