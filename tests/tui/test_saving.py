"""Runs are saved and opened from the app, and nothing is lost when that cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.snapshot import same_moment
from scratchtui.training.files import load_run, save_run
from scratchtui.training.run import Run
from scratchtui.training.trainer import Trainer
from tests.tui.stage import Stage, stage


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def saved(name: str, path: Path, steps: int = 5) -> Run:
    run = Run(default_recipe(EXPERIMENTS[name], seed=3))
    trainer = Trainer(run.recipe)
    for _ in range(steps + 1):
        run.timeline.append(trainer.experiment.snapshot())
        trainer.step(1)
    save_run(run, path)
    return run


async def train(s: Stage, steps: int) -> None:
    await s.press("space")
    s.worker.train(steps)
    await s.press("space")
    await s.shows(f"paused · step {steps}")


async def test_a_run_is_saved_under_the_name_that_is_proposed_with_all_that_was_changed(folder: Path) -> None:
    async with stage() as s:
        await train(s, 20)
        await s.edit("learning_rate", "0.1")
        await s.press("s")
        await s.shows("save as", "binary-seed0-step20.npz")
        await s.press("enter")
        await s.shows("saved to", "KiB")
        run = load_run(folder / "binary-seed0-step20.npz")
        assert [(entry.step, entry.value) for entry in run.journal] == [(20, 0.1)]
        assert same_moment(run.latest, s.session.experiment.snapshot())
        assert run.name == "run 1"


async def test_a_run_is_opened_in_its_tab_and_taken_back(folder: Path) -> None:
    run = saved("nn", folder / "mine.npz")
    async with stage() as s:
        await s.press("o")
        await s.shows("tab completes: mine.npz")
        await s.press("m", "tab", "enter")
        await s.shows("Neural net", "paused · step 5", "seed 3")
        assert same_moment(s.session.run.latest, run.latest)
        await s.press("comma", "comma")
        await s.shows("looking back at step 3 of 5")
        await s.press("u")
        await s.shows("ready", "seed 0")
        await s.press("U")
        await s.shows("paused · step 5", "seed 3")


@pytest.mark.parametrize(
    ("key", "name", "words"),
    [
        ("s", "there.npz", "there.npz exists already; choose another name"),
        ("s", "nowhere/run.npz", "needs the folder nowhere, and there is none"),
        ("s", " ", "the name of a file is needed"),
        ("o", "nothing.npz", "there is no file nothing.npz"),
        ("o", "there.npz", "there.npz is damaged, or no run that scratchtui saved"),
        ("o", ".", "is a directory"),
    ],
)
async def test_what_cannot_be_saved_or_opened_is_refused_and_the_run_is_untouched(
    key: str, name: str, words: str, folder: Path
) -> None:
    (folder / "there.npz").write_bytes(b"something else")
    async with stage() as s:
        await train(s, 20)
        before = s.session.experiment.snapshot()
        await s.press(key)
        await s.answer(name)
        await s.shows(words)
        assert same_moment(s.session.experiment.snapshot(), before)
        assert (folder / "there.npz").read_bytes() == b"something else"
        assert [path.name for path in folder.iterdir()] == ["there.npz"]


async def test_a_full_disk_is_told_and_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "run.npz")

    async with stage() as s:
        await train(s, 20)
        monkeypatch.setattr(np, "savez_compressed", full)
        await s.press("s")
        await s.answer("run.npz")
        await s.shows("Not saved", "no space left")
        await s.press("space")
        s.worker.train(5)
        await s.shows("running · step 25")
        assert list(folder.iterdir()) == []
