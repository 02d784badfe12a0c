"""How long a run with a full timeline takes to be saved and read, and how long keys wait meanwhile."""

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
from scratchtui.training.run import Run
from scratchtui.training.timeline import BYTE_BUDGET, Timeline, size_of
from scratchtui.training.trainer import Trainer

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
    waits, before = [], began
    while saving.is_alive():
        time.sleep(KEYS_EVERY)
        now = time.perf_counter()
        waits.append(now - before)
        before = now
    saved = time.perf_counter()
    load_run(path)
    read = time.perf_counter()
    size = f"{len(run.timeline.snapshots):,} snapshots, {path.stat().st_size / MIB:.0f} MiB"
    record(f"{name}: a full run saved", 1000 * (saved - began), "ms", 1000, remark=size)
    record(f"{name}: longest that a key waits meanwhile", 1000 * max(waits), "ms", 50)
    record(f"{name}: a full run read", 1000 * (read - saved), "ms", 1000)
