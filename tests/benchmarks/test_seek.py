"""Walking back: how long any step of a long run takes to be seen, and what its past takes of memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.training.past import Past
from scratchtui.training.room import Room
from scratchtui.training.run import Run
from scratchtui.training.timeline import Timeline
from scratchtui.training.trainer import Trainer

MIB = 2**20
LENGTHS = (10**4, 10**6, 10**8)
STRETCH = 0.005  # seconds, after each of which a worker takes a snapshot
MOST_APPENDED = 300_000
SHORT = 500
LOOKS = 25
STEPS_BACK = 200
LARGE: dict[str, dict[str, Value]] = {
    "binary": {"bits": 16, "data": "sample:256"},
    "nn": {"hidden": "32,32,32,32"},
    "cnn": {"filters": 16, "hidden": 64},
    "rnn": {"hidden": 256},
}


@cache
def stepped(recipe_of: tuple[str, bool]) -> tuple[Trainer, float]:
    """Return a trainer after some steps, and the seconds that one takes."""
    name, large = recipe_of
    recipe = default_recipe(EXPERIMENTS[name])
    recipe = Recipe(name, {**recipe.settings, **(LARGE[name] if large else {})})
    trainer = Trainer(recipe)
    trainer.step(20)
    began, taken = time.perf_counter(), 0
    while time.perf_counter() - began < 0.5:
        trainer.step(20)
        taken += 20
    return trainer, (time.perf_counter() - began) / taken


def run_of(trainer: Trainer, length: int, each: float) -> Run:
    """Return a run of so many steps with the snapshots that its timeline would have kept.

    Their numbers are those of a short run: what a step costs does not depend on how many came before.
    """
    stride = max(1, round(STRETCH / each), length // MOST_APPENDED)
    snapshot = trainer.experiment.snapshot()
    timeline = Timeline()
    for step in range(0, length, stride):
        timeline.append(replace(snapshot, step=step))
    timeline.append(replace(snapshot, step=length))
    return Run(trainer.experiment.recipe, timeline=timeline)


def seconds_to_find(past: Past, steps: list[int]) -> list[float]:
    taken = []
    for step in steps:
        began = time.perf_counter()
        past.at(step)
        taken.append(time.perf_counter() - began)
    return taken


@pytest.mark.parametrize("large", [False, True], ids=["default", "large"])
@pytest.mark.parametrize("name", list(EXPERIMENTS))
@pytest.mark.parametrize("length", LENGTHS)
def test_any_step_of_a_long_run(name: str, large: bool, length: int, record: Callable[..., None]) -> None:
    trainer, each = stepped((name, large))
    run = run_of(trainer, length, each)
    snapshots = run.timeline.snapshots
    gaps = np.diff([snapshot.step for snapshot in snapshots])
    if gaps.max() * each > 5.0:  # what would be measured for minutes is told by its parts
        taken = (np.random.default_rng(0).uniform(size=LOOKS) * gaps.max() * each).tolist()
        taken[-1] = gaps.max() * each
        how = "from the time of a step"
    else:
        steps = np.random.default_rng(0).integers(0, length, LOOKS).tolist()
        steps[-1] = snapshots[int(gaps.argmax()) + 1].step - 1  # the worst there is
        taken = [seconds_to_find(Past(run), [step])[0] for step in steps]
        how = "measured"
    held = run.timeline.nbytes  # of which test_memory tells the truth
    kept = f"{len(snapshots):,} snapshots, {held / MIB:.0f} MiB, up to {gaps.max():,} steps apart"
    budget = 300 if length == 10**6 and not large else None
    median, most = 1000 * np.percentile(taken, [50, 95])
    record(
        f"{name}{' large' * large}: any step of {length:.0e}, worst",
        1000 * max(taken),
        "ms",
        budget,
        remark=f"median {median:,.0f}, p95 {most:,.0f}, {how}; {kept}",
    )


@pytest.mark.parametrize("name", list(EXPERIMENTS))
def test_any_step_of_a_run_returned_to(name: str, record: Callable[..., None]) -> None:
    """After a short run it is as it was; after another as long, in as much room as that left."""
    trainer, each = stepped((name, False))
    for length, budget in ((SHORT, 300), (10**6, None)):
        run = run_of(trainer, 10**6, each)
        before = len(run.timeline.snapshots)
        assert Room().make(run_of(trainer, length, each), [run], [])
        run.begin()
        steps = [snapshot.step for snapshot in run.timeline.snapshots]
        gap = int(np.diff(steps).max())
        record(
            f"{name}: any step of 1e+06, {length:.0e} later, worst",
            1000 * gap * each,
            "ms",
            budget,
            remark=f"from the time of a step; {len(steps):,} of {before:,} snapshots, up to {gap:,} apart",
        )


@pytest.mark.parametrize("large", [False, True], ids=["default", "large"])
@pytest.mark.parametrize("name", list(EXPERIMENTS))
def test_walking_back_step_by_step(name: str, large: bool, record: Callable[..., None]) -> None:
    trainer, each = stepped((name, large))
    snapshot = trainer.experiment.snapshot()
    ends = [replace(snapshot, step=0), replace(snapshot, step=max(STEPS_BACK + 2, round(2.0 / each)))]
    past, last = Past(Run(trainer.experiment.recipe, timeline=Timeline(ends))), ends[-1].step
    first, *taken = seconds_to_find(past, list(range(last - 1, last - STEPS_BACK, -1)))
    median, most = 1000 * np.percentile(taken, [50, 95])
    record(
        f"{name}{' large' * large}: {STEPS_BACK} steps back, one by one, mean",
        1000 * float(np.mean(taken)),
        "ms",
        remark=f"median {median:.1f}, p95 {most:.1f}, worst {1000 * max(taken):.0f}; the first {first:.1f} s",
    )
