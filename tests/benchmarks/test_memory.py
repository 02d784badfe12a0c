"""Memory: of the processes, and of what grows while a run goes on."""

from __future__ import annotations

import pickle
import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.training.history import LossHistory
from scratchtui.training.journal import Entry
from scratchtui.training.messages import Progress
from scratchtui.training.room import BYTES_OF_A_TAB
from scratchtui.training.run import Run
from scratchtui.training.session import Session
from scratchtui.training.timeline import BYTE_BUDGET, Timeline, size_of
from tests.benchmarks.watch import Watch
from tests.training.stand_ins import ScriptedWorker

MIB = 2**20
STEPS, BATCH = 100_000_000, 100_000
MOMENTS, TOLD_TOGETHER = {"binary": 100_000, "nn": 60_000, "cnn": 4_000, "rnn": 2_000}, 4
LEFT, LEFT_AFTER, AT_ONCE, DEEP = 110, 200, 20, 100
CHANGES = 100_000
FILLED_AFTER = 30.0  # seconds


def mib(pids: set[int], kind: str) -> float:
    """Return the memory of processes together; a page that they share counts once in `Pss`."""
    texts = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
    return sum(int(re.findall(rf"^{kind}:\s+(\d+) kB", text, re.MULTILINE)[0]) for text in texts) / 1024


def test_memory_of_app_and_worker(record: Callable[..., None]) -> None:
    with Watch(columns=120, rows=40) as watch:
        watch.train_on_at_full_speed()
        watch.first(watch.gather(10.0), lambda: False)
        pids = watch.processes()
        worker = mib({watch.worker()}, "Pss")
        each = f"{len(pids)} processes, the worker {worker:.0f}; RSS {mib(pids, 'Rss'):.0f}"
        record("memory of app and worker at 120x40, PSS", mib(pids, "Pss"), "MiB", 150, remark=each)


@pytest.mark.parametrize("tabs", [["cnn"], ["cnn", "rnn", "binary", "nn"]], ids=["one", "all"])
def test_memory_of_full_tabs(tabs: list[str], record: Callable[..., None]) -> None:
    """The CNN and the RNN fill their budget within seconds, the others have a snapshot of every stretch."""
    with Watch("--tab", tabs[0], columns=120, rows=40) as watch:
        for tab in tabs:
            watch.press(str(list(EXPERIMENTS).index(tab) + 1))
            watch.train_on_at_full_speed()
        watch.first(watch.gather(FILLED_AFTER), lambda: False)
        pids = watch.processes()
        app = mib(pids - {pid for pid in pids if watch.trains(pid)}, "Pss")
        each = f"{len(pids)} processes, those that train {mib(pids, 'Pss') - app:.0f}"
        budget = 150 if len(tabs) == 1 else None
        record(f"memory of app, {' '.join(tabs)} full, PSS", mib(pids, "Pss"), "MiB", budget, remark=each)


def test_growth_of_the_loss_history(record: Callable[..., None]) -> None:
    losses = np.random.default_rng(0).uniform(size=BATCH)
    tracemalloc.start()
    history, most = LossHistory(), 0
    for first in range(1, STEPS, BATCH):
        history = history.merge(LossHistory.of(first, losses))
        most = max(most, tracemalloc.get_traced_memory()[0])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(history) == STEPS
    remark = f"at most {most / MIB:.2f}, {peak / MIB:.1f} while merging"
    record("loss history after 1e8 steps", most / MIB, "MiB", 10, remark=remark)


@pytest.mark.parametrize("name", list(EXPERIMENTS))
def test_growth_of_the_timeline(name: str, record: Callable[..., None]) -> None:
    experiment = build(default_recipe(EXPERIMENTS[name]))
    moments = MOMENTS[name]
    tracemalloc.start()
    timeline, most = Timeline(), 0
    for _ in range(moments // TOLD_TOGETHER):
        told = []
        for _ in range(TOLD_TOGETHER):
            experiment.steps += 1
            told.append(experiment.snapshot())
        for snapshot in pickle.loads(pickle.dumps(told)):  # as it comes through the pipe
            timeline.append(snapshot)
        most = max(most, tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    remark = f"{len(timeline.snapshots):,} kept"
    record(
        f"{name}: timeline after {moments:,} snapshots", most / MIB, "MiB", BYTE_BUDGET / MIB, remark=remark
    )


@pytest.mark.parametrize("name", list(EXPERIMENTS))
def test_a_full_run_and_what_a_hundred_edits_lead_back_to(name: str, record: Callable[..., None]) -> None:
    """Leave long runs by resets, and fill the last one."""
    tracemalloc.start()
    session, experiment = Session(EXPERIMENTS[name], worker=ScriptedWorker()), build(of(name))
    session.reset()
    without = tracemalloc.get_traced_memory()[0]
    for _ in range(LEFT):
        fill(session.run, experiment, LEFT_AFTER)
        session.reset()
    most = 0
    for _ in range(BYTE_BUDGET // size_of(experiment.snapshot()) // AT_ONCE):
        fill(session.run, experiment, AT_ONCE)
        session._undo.grown()
        most = max(most, tracemalloc.get_traced_memory()[0] - without)
    tracemalloc.stop()
    taken_back = 0
    while session.undo():
        taken_back += 1
    remark = f"{LEFT} runs of {LEFT_AFTER:,} snapshots left, {taken_back} come back to"
    assert taken_back >= DEEP
    record(f"{name}: all runs of a tab", most / MIB, "MiB", BYTES_OF_A_TAB / MIB, remark=remark)


def of(name: str) -> Recipe:
    return default_recipe(EXPERIMENTS[name])


def fill(run: Run, experiment: Experiment, count: int) -> None:
    """Have a run take so many steps, all to the same weights, with a snapshot of each."""
    experiment.restore(run.latest)
    first, told = experiment.steps + 1, []
    for _ in range(count):
        experiment.steps += 1
        told.append(experiment.snapshot())
    run.absorb(Progress(0, LossHistory.of(first, np.ones(count)), tuple(told), running=True))


def test_growth_of_the_journal(record: Callable[..., None]) -> None:
    tracemalloc.start()
    journal: list[Entry] = []
    for step in range(CHANGES):
        journal += pickle.loads(pickle.dumps((Entry(step, "learning_rate", step / CHANGES),)))
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    record(f"journal of {CHANGES:,} changes", held / MIB, "MiB", remark=f"{held / CHANGES:.0f} bytes each")
