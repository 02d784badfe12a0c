"""A run that diverges says which array was the first to be no finite number."""

from __future__ import annotations

import numpy as np
import pytest

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.experiments.snapshot import same_moment
from scratchtui.training.divergence import first_fault
from scratchtui.training.trainer import Trainer

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
    assert same_moment(trainer.experiment.snapshot(), before)
    straight = Trainer(recipe(name))
    straight.step(8)
    trainer.step(3)
    assert same_moment(trainer.experiment.snapshot(), straight.experiment.snapshot())


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
    assert f"of {layer} " in halt.reason
    assert "output" in halt.reason


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
    assert same_moment(trainer.experiment.snapshot(), straight.experiment.snapshot())


def test_a_run_that_diverged_is_left_at_its_last_finite_step() -> None:
    trainer = Trainer(recipe("binary", learning_rate=1.0))
    halt = trainer.step(10_000).halt
    assert halt is not None
    assert trainer.experiment.steps == halt.step - 1
    assert np.isfinite(trainer.experiment.network.vector).all()
    assert first_fault(build(recipe("binary"))) == ""
