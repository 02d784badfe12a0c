"""Steps a second in the worker while the app draws, against a Trainer without a screen.

What would be unfair is kept out: both run after the goal, so that the arithmetic is the same; both
in a process of their own, as polite as the worker and with one BLAS thread as it has; they take
turns, one stopped while the other runs, so that either has a processor to itself as far as the
machine has two; and what reads the app's bytes does no more with them than keep them, as a
terminal on another machine would. What remains is the price of obeying, telling and being drawn.

On a machine that others use as well, a polite process gets what they leave. So steps for each
second of processor time are recorded besides: they tell what the worker does besides training.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest

from tests.benchmarks.watch import SIZES, Watch

ROUNDS = 5
SECONDS = 2.0
HEADLESS = """
import os, sys, time
os.nice(10)
from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.recipe import default_recipe
from scratchtui.training.trainer import Trainer
trainer = Trainer(default_recipe(EXPERIMENTS["binary"]))
trainer.step(2000)
for line in sys.stdin:
    begun, busy, first = time.perf_counter(), time.process_time(), trainer.experiment.steps
    while (spent := time.perf_counter() - begun) < float(line):
        trainer.step(2000)
    steps = trainer.experiment.steps - first
    print(steps / spent, steps / (time.process_time() - busy), flush=True)
"""
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")


class Pace(NamedTuple):
    """Steps a second by the clock, and a second of processor time."""

    wall: float
    busy: float


class Headless:
    """A Trainer in a process of its own."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HEADLESS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **ONE_THREAD},
        )

    def __enter__(self) -> Headless:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()

    def pace(self) -> Pace:
        """Train for a while; return the steps a second."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{SECONDS}\n")
        self.process.stdin.flush()
        return Pace(*map(float, self.process.stdout.readline().split()))


def pace_in_app(watch: Watch) -> Pace:
    """Train for a while in the app; return the steps a second by when their number was written."""
    worker = watch.worker()
    seen: list[tuple[float, int]] = []
    watch.press("space")
    watch.wait_for("running")
    first, busy = step_shown(watch), busy_seconds(worker)
    for at, data in watch.gather(SECONDS):
        watch.feed(data)
        if not seen or step_shown(watch) > seen[-1][1]:
            seen.append((at, step_shown(watch)))
    watch.press("space")
    watch.wait_for("paused")
    watch.settle()
    busy = busy_seconds(worker) - busy
    settled = seen[len(seen) // 4 :]  # until then it finds its pace
    wall = (settled[-1][1] - settled[0][1]) / (settled[-1][0] - settled[0][0])
    return Pace(wall, (step_shown(watch) - first) / busy)


def step_shown(watch: Watch) -> int:
    found = re.search(r"step ([\d,]+) ·", watch.screen.display[-3])
    return int(found[1].replace(",", "")) if found else 0


def busy_seconds(pid: int) -> float:
    """Return the processor time that a process has had."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_steps_a_second_while_the_app_draws(size: str, record: Callable[..., None]) -> None:
    columns, rows = SIZES[size]
    with Watch(columns=columns, rows=rows) as watch, Headless() as headless:
        watch.train_on_at_full_speed()
        watch.press("space")
        watch.wait_for("paused")
        watch.settle()
        rounds = [(headless.pace(), pace_in_app(watch)) for _ in range(ROUNDS)]
    for name, paces in zip(("headless", "with the app"), zip(*rounds, strict=True), strict=True):
        wall, busy = (median(each) for each in zip(*paces, strict=True))
        record(f"steps a second {name}, {size}", wall, "/s", remark=f"{busy:,.0f} a second of processor time")
    walls = [app.wall / alone.wall for alone, app in rounds]
    spread = f"{min(walls):.2f} to {max(walls):.2f} in {ROUNDS} rounds"
    record(f"worker against headless, {size}", median(walls), "", 0.9, at_least=True, remark=spread)
    busy = median(app.busy / alone.busy for alone, app in rounds)
    record(f"worker against headless by processor time, {size}", busy, "", 0.9, at_least=True)
