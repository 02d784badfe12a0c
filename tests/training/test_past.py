"""Any moment of a run, exactly."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.binary import Binary
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.history import LossHistory
from scratchtui.training.past import Past
from scratchtui.training.run import Run
from scratchtui.training.search import Search
from scratchtui.training.timeline import Timeline
from scratchtui.training.trainer import Trainer

RECIPE = default_recipe(Binary).with_value("bits", 4).with_value("batch_size", 5)
CHANGES = (
    ("learning_rate", 0.1),
    ("optimizer", "adam"),
    ("optimizer", "momentum"),
    ("data", "all +5=6"),
    ("data", "all"),
    ("batch_size", 3),
    ("noise", 0.5),
)


def straight(changes: dict[int, list[int]], steps: int) -> tuple[Run, list[Any], list[float]]:
    """Return a run with few snapshots, and every state and loss of it."""
    trainer, run = Trainer(RECIPE), Run(RECIPE, timeline=Timeline(byte_budget=8 * 1400))
    run.timeline.append(trainer.experiment.snapshot())
    states, losses = [], []
    for step in range(steps + 1):
        if step:
            losses.append(float(trainer.step(1).losses[0]))
            run.losses = run.losses.merge(LossHistory.of(step, np.array(losses[-1:])))
            run.timeline.append(trainer.experiment.snapshot())
        for number in changes.get(step, []):
            key, value = CHANGES[number]
            run.journal.append(trainer.change(key, value))
            run.timeline.append(trainer.experiment.snapshot())
        states.append(trainer.experiment.snapshot())
    return run, states, losses


journals = st.dictionaries(
    st.integers(0, 60), st.lists(st.integers(0, len(CHANGES) - 1), max_size=3), max_size=5
)


@settings(max_examples=25, deadline=None)
@given(changes=journals, steps=st.integers(1, 60), seed=st.integers(0, 2**32 - 1))
def test_every_step_is_shown_as_it_was_bit_for_bit(
    changes: dict[int, list[int]], steps: int, seed: int
) -> None:
    run, states, losses = straight(changes, steps)
    past = Past(run)
    order = np.random.default_rng(seed).permutation(steps + 1)
    for step in order.tolist():
        assert same_state(past.at(step), states[step])
    first = int(order[0]) % steps + 1
    search = Search(past.stretch(first, steps), steps)
    search.go_on()
    assert search.found.tolist() == losses[first - 1 :]


@settings(max_examples=25, deadline=None)
@given(changes=journals, steps=st.integers(1, 60), share=st.floats(0, 1))
def test_a_run_cut_at_any_step_goes_on_as_the_whole_did(
    changes: dict[int, list[int]], steps: int, share: float
) -> None:
    run, states, losses = straight(changes, steps)
    step = round(share * steps)
    cut = Past(run).until(step)
    assert same_state(cut.latest, states[step])
    assert len(cut.losses) == step
    np.testing.assert_array_equal(cut.losses.mean, np.array(losses[:step]))
    trainer = Trainer(RECIPE, cut.latest)
    after = [each for at in range(step + 1, steps + 1) for each in _one_more(trainer, changes, at)]
    assert after == losses[step:]


def _one_more(trainer: Trainer, changes: dict[int, list[int]], step: int) -> list[float]:
    losses = trainer.step(1).losses.tolist()
    for number in changes.get(step, []):
        trainer.experiment.change(*CHANGES[number])
    return losses


def test_a_cut_keeps_the_buckets_of_a_long_history_and_counts_the_rest_anew() -> None:
    run = Run(RECIPE)
    trainer = Trainer(RECIPE)
    run.timeline.append(trainer.experiment.snapshot())
    losses = trainer.step(10_000).losses
    run.losses = LossHistory.of(1, losses)
    run.timeline.append(trainer.experiment.snapshot())
    assert run.losses.width == 4
    cut = Past(run).until(7_777).losses
    whole = LossHistory.of(1, losses[:7_777])._widen(4)
    assert len(cut) == 7_777
    np.testing.assert_array_equal(cut.low, whole.low)
    np.testing.assert_array_equal(cut.high, whole.high)
    np.testing.assert_allclose(cut.mean, whole.mean, rtol=1e-15)


def test_a_cut_of_few_steps_has_the_loss_of_each_again() -> None:
    run, trainer = Run(RECIPE), Trainer(RECIPE)
    run.begin()
    losses = trainer.step(9_000).losses
    run.losses = LossHistory.of(1, losses)
    run.timeline.append(trainer.experiment.snapshot())
    past = Past(run)
    for step in (2, 300):
        cut = past.until(step).losses
        assert cut.steps.tolist() == list(range(1, step + 1))
        assert cut.mean.tolist() == losses[:step].tolist()


def test_the_losses_of_a_cut_are_looked_for_a_few_at_a_time_from_its_bucket_on(replayed: list[int]) -> None:
    run = long_ago(1000)
    run.losses = LossHistory.of(1, Trainer(RECIPE).step(10_000).losses)._widen(256)
    run.timeline.append(replace(run.latest, step=10_000))  # so that there is room for no more buckets
    replayed.clear()
    search = Search(Past(run).history(5_000), 5_000)
    while not search.go_on(-1.0):
        assert search.share <= 1.0
    assert len(search.found) == 5_000
    assert sum(replayed) == 4_999 - 1000 + 1
    assert max(replayed) < 1 + 5_000 // 64 + 1


def test_beyond_the_run_there_is_no_moment() -> None:
    run = Run(RECIPE)
    run.timeline.append(build(RECIPE).snapshot())
    for step in (-1, 1):
        with pytest.raises(ValueError, match="is not within 0 to 0"):
            Past(run).at(step)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_is_shown_exactly_at_every_step(name: str) -> None:
    trainer = Trainer(default_recipe(EXPERIMENTS[name], seed=3))
    run = Run(trainer.experiment.recipe, timeline=Timeline(byte_budget=1))  # keeps four snapshots
    states = [trainer.experiment.snapshot()]
    run.timeline.append(states[0])
    for _ in range(40):
        trainer.step(1)
        states.append(trainer.experiment.snapshot())
        run.timeline.append(states[-1])
    assert len(run.timeline.snapshots) <= 5
    past = Past(run)
    for step in (39, 7, 40, 0, 23):
        assert same_state(past.at(step), states[step])


def long_ago(steps: int) -> Run:
    """Return a run that keeps no snapshot between its first and its last step."""
    run, trainer = Run(RECIPE), Trainer(RECIPE)
    run.timeline.append(trainer.experiment.snapshot())
    run.losses = LossHistory.of(1, trainer.step(steps).losses)
    run.timeline.append(trainer.experiment.snapshot())
    return run


def test_a_search_can_be_left_at_any_time_and_ends_with_the_moment_asked_for() -> None:
    past, straight_on = Past(long_ago(1000)), Trainer(RECIPE)
    search = past.search(777)
    come_to = [next(search) for _ in range(5)]
    assert come_to == sorted(come_to)
    assert come_to[-1] < 200
    straight_on.step(777)
    assert same_state(past.at(777), straight_on.experiment.snapshot())


@pytest.fixture
def replayed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many steps were taken each time that any were."""
    taken: list[int] = []
    step = Trainer.step

    def counting(trainer: Trainer, count: int, *rest: Any) -> Any:
        taken.append(count)
        return step(trainer, count, *rest)

    monkeypatch.setattr(Trainer, "step", counting)
    return taken


@pytest.mark.parametrize(("room", "steps_each"), [(32, 4), (5, 12)])
def test_walking_back_takes_a_handful_of_steps_again_however_far_the_last_snapshot_is(
    room: int, steps_each: int, replayed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scratchtui.training.trail.MOST", room)
    past = Past(long_ago(3200))
    past.at(3199)
    replayed.clear()
    for back in range(1, 200):
        past.at(3199 - back)
        assert len(past._trail) <= room
    assert sum(replayed) / 199 < steps_each


def test_a_search_that_is_left_goes_on_in_the_next_one(replayed: list[int]) -> None:
    past, straight_on = Past(long_ago(1000)), Trainer(RECIPE)
    straight_on.step(900)
    replayed.clear()
    for step in range(909, 900, -1):
        search = past.search(step)
        deque(islice(search, 30))
        search.close()
    assert same_state(past.at(900), straight_on.experiment.snapshot())
    assert sum(replayed) < 1000


def test_many_changes_after_one_step_are_made_a_few_at_a_time() -> None:
    run, trainer = Run(RECIPE), Trainer(RECIPE)
    run.timeline.append(trainer.experiment.snapshot())
    trainer.step(3)
    run.journal += [trainer.change("learning_rate", 0.1 + number / 1e4) for number in range(500)]
    then = trainer.experiment.snapshot()
    trainer.step(1)
    run.timeline.append(trainer.experiment.snapshot())
    past = Past(run)
    assert len(list(past.search(3))) > 20
    assert same_state(past.at(3), then)
