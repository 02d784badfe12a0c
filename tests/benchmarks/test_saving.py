"""How long a run takes to be saved, autosaved and read, and how long keys wait meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.recipe import default_recipe
from scratchtui.training.files import load_run, save_run
from scratchtui.training.history import LossHistory
from scratchtui.training.recovery_writer import RecoveryWriter
from scratchtui.training.run import Run
from scratchtui.training.session import Session
from scratchtui.training.timeline import BYTE_BUDGET, Timeline, size_of
from scratchtui.training.trainer import Trainer
from tests.training.stand_ins import ScriptedWorker

MIB = 2**20
KEYS_EVERY = 0.001  # seconds


def full(name: str) -> Run:
    """Return a run whose snapshots, all of other numbers, take all that they may."""
    trainer = Trainer(default_recipe(EXPERIMENTS[name]))
    rng, timeline = np.random.default_rng(0), Timeline()
    snapshot = trainer.experiment.snapshot()
    for step in range(BYTE_BUDGET // size_of(snapshot)):
        numbers = (rng.normal(size=each.shape) for each in (snapshot.parameters, snapshot.optimizer))
        parameters, optimizer = (each**2 for each in numbers)
        timeline.append(replace(snapshot, step=step, parameters=parameters, optimizer=optimizer))
    return Run(trainer.experiment.recipe, timeline=timeline)


@pytest.mark.parametrize("name", list(EXPERIMENTS))
def test_a_full_run_is_saved_and_read(name: str, tmp_path: Path, record: Callable[..., None]) -> None:
    run, path = full(name), tmp_path / "run.npz"
    began = time.perf_counter()
    saving = threading.Thread(target=save_run, args=(run, path))
    saving.start()
    wait = longest_wait(saving)
    saved = time.perf_counter()
    load_run(path)
    read = time.perf_counter()
    size = f"{len(run.timeline.snapshots):,} snapshots, {path.stat().st_size / MIB:.0f} MiB"
    record(f"{name}: a full run saved", 1000 * (saved - began), "ms", 1000, remark=size)
    record(f"{name}: longest that a key waits meanwhile", 1000 * wait, "ms", 50)
    record(f"{name}: a full run read", 1000 * (read - saved), "ms", 1000)


@pytest.mark.parametrize("name", list(EXPERIMENTS))
@pytest.mark.parametrize("length", ["default", "full"])
def test_a_run_is_autosaved(name: str, length: str, record: Callable[..., None]) -> None:
    run = full(name) if length == "full" else short(name)
    session = Session(EXPERIMENTS[name], run, ScriptedWorker())
    writer = RecoveryWriter()
    began = time.perf_counter()
    writing = writer.gathered([session], name)
    gathered = time.perf_counter()
    assert writing is not None
    saving = threading.Thread(target=writer.write, args=(writing,))
    saving.start()
    wait = longest_wait(saving)
    saved = time.perf_counter()
    again = writer.gathered([session], name)
    assert again is None
    size = f"{writer.written / 1024:,.0f} KiB of {len(run.timeline.snapshots):,} snapshots"
    writer.leave_nothing()
    record(f"{name}: a {length} run autosaved", 1000 * (saved - gathered), "ms", 1000, remark=size)
    record(f"{name}: keys wait until it is gathered", 1000 * (gathered - began), "ms", 10)
    record(f"{name}: longest that a key waits while it is written", 1000 * wait, "ms", 50)


def short(name: str, steps: int = 500) -> Run:
    """Return a run as it is after so many steps, its snapshots a step apart."""
    run = Run(default_recipe(EXPERIMENTS[name]))
    trainer = Trainer(run.recipe)
    run.begin()
    for step in range(steps):
        run.losses = run.losses.merge(LossHistory.of(step + 1, trainer.step(1).losses))
        run.timeline.append(trainer.experiment.snapshot())
    return run


def longest_wait(saving: threading.Thread) -> float:
    """Return the longest, in seconds, that this thread could not run while that one did."""
    longest, before = 0.0, time.perf_counter()
    while saving.is_alive():
        time.sleep(KEYS_EVERY)
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
    return longest
