"""The step loop: the same recipe, the same losses."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.trainer import Trainer
from scratchtui.training.until import Until

OPTIMIZERS = ["sgd", "momentum", "rmsprop", "adam"]


def recipe(seed: int = 0, **settings: Value) -> Recipe:
    default = default_recipe(Binary, seed)
    return Recipe(default.experiment, {**default.settings, **settings}, seed)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [0, 1, 7, 256])
def test_the_same_recipe_gives_the_same_losses(optimizer: str, batch_size: int) -> None:
    made = recipe(3, optimizer=optimizer, batch_size=batch_size, learning_rate=0.01, noise=0.5)
    first, second = Trainer(made).step(300).losses, Trainer(made).step(300).losses
    assert first.tobytes() == second.tobytes()
    assert first.tobytes() != Trainer(recipe(4, learning_rate=0.01)).step(300).losses.tobytes()


@pytest.mark.parametrize("batch_size", [0, 7])
def test_how_steps_are_grouped_makes_no_difference(batch_size: int) -> None:
    whole, parts = Trainer(recipe(batch_size=batch_size)), Trainer(recipe(batch_size=batch_size))
    losses = [parts.step(count).losses for count in (1, 0, 5, 94)]
    assert np.concatenate(losses).tobytes() == whole.step(100).losses.tobytes()


EDITS: list[tuple[str, list[Value]]] = [
    ("learning_rate", [0.001, 0.01, 0.05]),
    ("optimizer", [*OPTIMIZERS]),
    ("momentum", [0.0, 0.5, 0.9]),
    ("batch_size", [0, 1, 5, 300]),
    ("data", ["all", "original", "sample:9", "all -3 +5=6"]),
    ("noise", [0.0, 1.5]),
]
EDIT = st.sampled_from(EDITS).flatmap(lambda edit: st.tuples(st.just(edit[0]), st.sampled_from(edit[1])))
ACTIONS = st.lists(st.integers(0, 70) | EDIT, max_size=10)


def carry_out(trainer: Trainer, actions: list[Any]) -> list[float]:
    losses: list[float] = []
    for action in actions:
        if isinstance(action, int):
            losses += trainer.step(action).losses.tolist()
        else:
            trainer.experiment.change(*action)
    return losses


@settings(deadline=None, max_examples=80)
@given(before=ACTIONS, between=ACTIONS, after=ACTIONS)
def test_a_restored_snapshot_goes_on_as_the_uninterrupted_run(
    before: list[Any], between: list[Any], after: list[Any]
) -> None:
    """Restored into a new trainer, and into one that has gone elsewhere meanwhile."""
    made = recipe(learning_rate=0.02)
    trainer = Trainer(made)
    carry_out(trainer, before)
    snapshot = trainer.experiment.snapshot()
    afresh, strayed = Trainer(made, snapshot), trainer
    assert same_state(afresh.experiment.snapshot(), snapshot)
    uninterrupted = Trainer(made)
    carry_out(uninterrupted, before)
    expected = carry_out(uninterrupted, after)
    assert carry_out(afresh, after) == expected
    carry_out(strayed, between)
    strayed.experiment.restore(snapshot)
    assert carry_out(strayed, after) == expected
    ends = [t.experiment.snapshot() for t in (uninterrupted, afresh, strayed)]
    assert same_state(ends[0], ends[1])
    assert same_state(ends[0], ends[2])


def test_a_snapshot_is_not_touched_by_going_on() -> None:
    trainer = Trainer(recipe(optimizer="adam", batch_size=7))
    trainer.step(10)
    snapshot, twin = trainer.experiment.snapshot(), trainer.experiment.snapshot()
    trainer.step(100)
    trainer.experiment.change("learning_rate", 0.1)
    assert same_state(snapshot, twin)
    assert snapshot.step == 10


def test_a_snapshot_of_another_structure_is_refused() -> None:
    snapshot = Trainer(recipe(bits=7)).experiment.snapshot()
    with pytest.raises(ValueError, match="bits needs a new network"):
        Trainer(recipe(), snapshot)


@pytest.mark.parametrize("batch_size", [0, 7])
@pytest.mark.parametrize(("optimizer", "limit"), [("sgd", "0.444"), ("momentum", "0.844")])
def test_divergence_stops_on_the_step_with_the_reason(optimizer: str, limit: str, batch_size: int) -> None:
    trainer = Trainer(recipe(learning_rate=2.0, optimizer=optimizer, batch_size=batch_size))
    stretch = trainer.step(100_000)
    assert stretch.halt is not None
    assert stretch.halt.kind == "diverged"
    assert stretch.halt.step == trainer.experiment.steps + 1 == len(stretch.losses) + 1
    assert limit in stretch.halt.reason
    assert f"{stretch.halt.step:,}" in stretch.halt.reason
    assert np.all(np.isfinite(stretch.losses))
    assert np.all(np.isfinite(trainer.experiment.network.vector))
    assert trainer.experiment.loss == stretch.losses[-1]


@pytest.mark.parametrize("batch_size", [0, 7])
def test_a_diverged_run_stands_where_a_replay_stands(batch_size: int) -> None:
    made = recipe(learning_rate=2.0, batch_size=batch_size)
    diverged, replayed = Trainer(made), Trainer(made)
    diverged.step(100_000)
    diverged.step(3)
    replayed.step(diverged.experiment.steps)
    assert same_state(diverged.experiment.snapshot(), replayed.experiment.snapshot())


CONDITIONS = [
    ("max_weight_error<1e-6", 175),
    ("loss<0.5", None),
    (" loss < 1e-3 ", None),
    ("max_weight_error>0", 1),
]


@pytest.mark.parametrize(("text", "known"), CONDITIONS)
def test_a_condition_stops_training_on_the_very_step(text: str, known: int | None) -> None:
    until = Until.parse(text, Trainer(recipe()).experiment)
    one_by_one = Trainer(recipe())
    while not (one_by_one.experiment.steps and until.met(one_by_one.experiment)):
        one_by_one.step(1)
    trainer = Trainer(recipe())
    halt = trainer.step(10_000, until).halt
    assert halt is not None
    assert halt.kind == "until"
    assert halt.step == trainer.experiment.steps == one_by_one.experiment.steps
    assert halt.step == (known or halt.step)
    assert str(until) in halt.reason


def test_the_goal_is_measured_where_it_is_due_and_any_other_condition_always(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Binary, "goal_due", lambda self: self.steps % 50 == 0)
    goal = Until.goal_of(Trainer(recipe()).experiment)
    assert (goal.metric, goal.sign, goal.value) == ("max_weight_error", "<", 1e-6)
    ends = [Trainer(recipe()).step(1000, until).halt for until in (goal, Until.of("max_weight_error<1e-6"))]
    assert [halt.step for halt in ends if halt is not None] == [200, 175]


def test_steps_end_without_a_halt() -> None:
    stretch = Trainer(recipe()).step(10, Until("max_weight_error", "<", 1e-9))
    assert stretch.halt is None
    assert len(stretch.losses) == 10


BAD_CONDITIONS = [
    ("", "METRIC<VALUE"),
    ("loss", "METRIC<VALUE"),
    ("loss=3", "'=' in 'loss=3' is no sign here; write < or >"),
    ("loss >= 3", "'>=' in"),
    ("loss<<3", "'<<' in"),
    ("loss<", "METRIC<VALUE"),
    ("los<1", "did you mean 'loss'"),
    ("max_weight_eror<1", "did you mean 'max_weight_error'"),
    ("loss<low", "'low'"),
    ("loss<nan", "'nan'"),
    ("loss<1<2", "'1<2'"),
]


@pytest.mark.parametrize(("text", "hint"), BAD_CONDITIONS)
def test_a_bad_condition_is_refused_with_what_was_meant(text: str, hint: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the hint is checked below
        Until.parse(text, Trainer(recipe()).experiment)
    assert hint in str(refusal.value)


def test_a_metric_that_is_not_known_yet_meets_no_condition() -> None:
    experiment = Trainer(recipe(data="none +0")).experiment
    assert math.isnan(experiment.measure("max_weight_error"))
    assert not Until("max_weight_error", "<", 1.0).met(experiment)
