"""A run that diverges says which array was the first to be no finite number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.binary import Binary
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.panel import Edit
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.experiments.snapshot import same_state
from scratchtui.nn import Dense
from scratchtui.nn.arrays import Array
from scratchtui.training.course import SPEEDS
from scratchtui.training.divergence import first_fault
from scratchtui.training.files import load_run, save_run
from scratchtui.training.run import Run
from scratchtui.training.session import RUNS, Session
from scratchtui.training.trainer import Trainer
from tests.training.stand_ins import LocalWorker

NAMES = list(EXPERIMENTS)


def recipe(name: str, **settings: float | str) -> Recipe:
    made = default_recipe(EXPERIMENTS[name])
    for key, value in settings.items():
        made = made.with_value(key, value)
    return made


@pytest.mark.parametrize("name", NAMES)
def test_a_finite_step_has_no_fault_and_looking_for_one_changes_nothing(name: str) -> None:
    trainer = Trainer(recipe(name))
    trainer.step(5)
    before = trainer.experiment.snapshot()
    assert first_fault(trainer.experiment) == ""
    assert same_state(trainer.experiment.snapshot(), before)
    straight = Trainer(recipe(name))
    straight.step(8)
    trainer.step(3)
    assert same_state(trainer.experiment.snapshot(), straight.experiment.snapshot())


@pytest.mark.parametrize("name", NAMES)
def test_the_first_layer_whose_output_overflows_is_named(name: str) -> None:
    trainer = Trainer(recipe(name))
    trainer.step(2)
    tensors = list(trainer.experiment.network.parameters)
    layer = tensors[-1].rpartition(".")[0]
    trainer.experiment.network.parameters[tensors[-1]][:] = np.inf
    halt = trainer.step(5).halt
    assert halt is not None
    assert halt.kind == "diverged"
    assert f": {layer} output " in halt.reason


def straight_fault(experiment: Experiment) -> str:
    """Walk the next step by hand; return the first array that is not finite, nothing where none is."""
    network, seen = experiment.network, list[Array]()
    forward, backward = network.forward, network.backward_to_parameters
    vars(network)["forward"] = lambda x: (seen.append(x.copy()), forward(x))[1]
    vars(network)["backward_to_parameters"] = lambda dy: (seen.append(dy.copy()), backward(dy))[1]
    loss = experiment.gradient()
    del vars(network)["forward"], vars(network)["backward_to_parameters"]
    y, dy = seen
    for place, layer in enumerate(network.layers):
        y = layer.forward(y)
        if not np.isfinite(y).all():
            return f"{place}.{type(layer).__name__} output"
    if not np.isfinite(loss):
        return "loss"
    for place, layer in reversed(list(enumerate(network.layers))):
        dy = layer.backward(dy)
        for key, gradient in layer.gradients.items():
            if not np.isfinite(gradient).all():
                return f"gradient of {place}.{type(layer).__name__}.{key}"
    return ""


SGD = {"optimizer": "sgd"}
FAULTS = {
    "binary, a huge rate": ("binary", {"learning_rate": 100.0}, 1.0, "loss"),
    "binary, huge weights": ("binary", SGD, 1e200, "loss"),
    "nn, huge weights": ("nn", {"activation": "relu"}, 1e160, "2.Dense output"),
    "nn, deep": ("nn", {"activation": "relu", "hidden": "8,8,8,8"}, 1e70, "8.Dense output"),
    "cnn, first overflow late": ("cnn", SGD, 1e120, "7.Dense output"),
    "cnn, first overflow early": ("cnn", SGD, 1e160, "3.Conv2D output"),
    "rnn, huge weights": ("rnn", SGD, 1.5e308, "1.Dense output"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_the_array_that_is_named_is_the_first_on_a_walk_by_hand(case: str) -> None:
    name, settings, scale, expected = FAULTS[case]
    trainer = Trainer(recipe(name, **settings))
    trainer.step(2)
    trainer.experiment.network.vector[:] *= scale
    halt = trainer.step(2000).halt
    assert halt is not None
    assert f": {expected} " in halt.reason
    again = Trainer(recipe(name, **settings), trainer.experiment.snapshot())
    with np.errstate(all="ignore"):
        assert straight_fault(again.experiment) == expected


@pytest.mark.parametrize(("name", "last"), [("nn", "2.Dense"), ("cnn", "9.Dense"), ("rnn", "1.Dense")])
def test_of_gradients_that_overflow_the_one_computed_first_is_named(
    name: str, last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    backward = Dense.backward

    def overflow(layer: Dense, dy: Array) -> Array:
        dx = backward(layer, dy)
        layer.gradients["W"][-1] = np.inf
        return dx

    trainer = Trainer(recipe(name, optimizer="sgd"))
    trainer.step(2)
    monkeypatch.setattr(Dense, "backward", overflow)
    halt = trainer.step(1).halt
    assert halt is not None
    assert f"at step 3: gradient of {last}.W inf; " in halt.reason


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
def test_a_gradient_whose_square_overflows_is_found_on_its_step(optimizer: str) -> None:
    trainer = Trainer(recipe("nn", optimizer=optimizer))
    straight = Trainer(recipe("nn", optimizer=optimizer))
    straight.step(3)
    gradient = trainer.experiment.gradient

    def large() -> float:
        loss = gradient()
        if trainer.experiment.steps >= 3:
            trainer.experiment.network.gradient[0] = 1e170
        return loss

    trainer.experiment.gradient = large  # type: ignore[method-assign]
    halt = trainer.step(10).halt
    assert halt is not None
    assert halt.step == 4
    assert f"{type(trainer.experiment.optimizer).__name__}'s memory of 0.Dense.W inf" in halt.reason
    assert same_state(trainer.experiment.snapshot(), straight.experiment.snapshot())


def test_weights_that_a_penalty_drives_beyond_all_numbers_are_named() -> None:
    trainer = Trainer(recipe("nn", optimizer="sgd", learning_rate=100.0, l2=1.0))
    halt = trainer.step(1000).halt
    assert halt is not None
    assert ": 0.Dense.W -inf after the update; lower the learning rate" in halt.reason
    assert trainer.experiment.steps == halt.step - 1


def test_the_sample_or_the_time_step_is_told() -> None:
    trainer = Trainer(recipe("rnn"))
    trainer.experiment.network.parameters["1.Dense.b"][0] = np.inf
    assert "1.Dense output inf at time step 1;" in str(trainer.step(1).halt)
    trainer = Trainer(recipe("binary", data="none +1 +2 +3 +4"))
    trainer.experiment.network.vector[:] = 1.7e308  # which only 3 adds up
    assert "0.Dense output inf in sample 3;" in str(trainer.step(1).halt)


def test_a_loss_that_overflows_alone_is_named() -> None:
    trainer = Trainer(recipe("binary"))
    trainer.experiment.network.vector[:] = 1e200
    halt = trainer.step(1).halt
    assert halt is not None
    assert "at step 1: loss inf" in halt.reason


@pytest.mark.parametrize("name", NAMES)
def test_an_update_that_overflows_is_found_on_its_step_and_the_last_finite_one_is_kept(name: str) -> None:
    settings = {"optimizer": "sgd", "learning_rate": 1e-3}
    straight, trainer = Trainer(recipe(name, **settings)), Trainer(recipe(name, **settings))
    straight.step(3)
    step, optimizer = 0, trainer.experiment.optimizer
    update = optimizer.step

    def overflow(gradient: np.ndarray) -> None:  # type: ignore[type-arg]
        nonlocal step
        step += 1
        update(gradient)
        if trainer.experiment.steps >= 3:
            trainer.experiment.network.vector[0] = np.inf

    optimizer.step = overflow  # type: ignore[method-assign]
    stretch = trainer.step(10)
    assert stretch.halt is not None
    assert stretch.halt.step == 4
    assert f"{next(iter(trainer.experiment.network.parameters))} inf" in stretch.halt.reason
    assert len(stretch.losses) == 3
    assert same_state(trainer.experiment.snapshot(), straight.experiment.snapshot())


def test_a_run_that_diverged_is_left_at_its_last_finite_step() -> None:
    trainer = Trainer(recipe("binary", learning_rate=1.0))
    halt = trainer.step(10_000).halt
    assert halt is not None
    assert trainer.experiment.steps == halt.step - 1
    assert np.isfinite(trainer.experiment.network.vector).all()
    assert first_fault(build(recipe("binary"))) == ""


def diverged() -> Session:
    """Return a session whose run was given too high a learning rate at step 3, and trained until it broke."""
    session = Session(Binary, worker=LocalWorker())
    take(session, 3)
    session.set_value("learning_rate", 50.0)
    session.toggle()
    session.course.speed_index = len(SPEEDS) - 1
    session.change_speed(0)
    while session.running:
        turn(session)
    assert session.state == "diverged"
    return session


def take(session: Session, steps: int) -> None:
    for _ in range(steps):
        session.step()
        turn(session)


def turn(session: Session) -> None:
    worker = session.worker
    assert isinstance(worker, LocalWorker)
    session.ask()
    worker.turns(2)
    session.receive()


def look_back_and_on(session: Session) -> None:
    session.seek(5)
    session.seek(session.run.latest.step)


def fork_and_undo(session: Session) -> None:
    session.seek(5)
    session.set_value("learning_rate", 0.1)
    assert (session.state, session.run.halt) == ("paused", None)
    session.undo()
    session.seek(session.run.latest.step)


def reset_and_undo(session: Session) -> None:
    session.reset()
    assert session.state == "ready"
    session.undo()


def return_by_the_list(session: Session) -> None:
    session.reset(new_seed=True)
    session.edit(RUNS, Edit("return", (0,)))


def mark_and_open_another(session: Session) -> None:
    run = Run(recipe("binary"))
    run.begin()
    session.open(run)
    session.undo()


AWAY = [look_back_and_on, fork_and_undo, reset_and_undo, return_by_the_list, mark_and_open_another]


@pytest.mark.parametrize("go", AWAY, ids=lambda go: go.__name__)
def test_why_a_run_diverged_is_said_again_wherever_one_comes_back_from(go: Callable[[Session], None]) -> None:
    session = diverged()
    halt = session.course.halt
    go(session)
    assert (session.state, session.course.halt) == ("diverged", halt)


def test_why_a_run_diverged_is_in_its_file(tmp_path: Path) -> None:
    session = diverged()
    save_run(session.whole_run(), tmp_path / "run.npz")
    other = Session(Binary, worker=LocalWorker())
    other.open(load_run(tmp_path / "run.npz"))
    assert (other.state, other.course.halt) == ("diverged", session.course.halt)
    other.set_value("learning_rate", 0.01)
    assert (other.state, other.whole_run().halt) == ("paused", None)


def test_a_run_that_goes_on_has_not_stopped() -> None:
    session = Session(Binary, worker=LocalWorker())
    session.stop_when("step=5")
    session.toggle()
    session.course.speed_index = len(SPEEDS) - 1
    session.change_speed(0)
    while session.running:
        turn(session)
    assert session.state == "stopped"
    take(session, 1)
    assert session.whole_run().halt is None
    session.reset()
    session.undo()
    assert session.state == "paused"
