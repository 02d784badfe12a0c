"""Names of run files: free ones, and those that what is typed may become."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.recipe import default_recipe
from scratchtui.training.run import Run
from scratchtui.training.shelf import candidates, completed, free_name, listed


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fill(folder: Path, *names: str) -> None:
    """Make files, each younger than the one before."""
    for age, name in enumerate(names):
        (folder / name).touch()
        os.utime(folder / name, (age, age))


def test_a_free_name_tells_experiment_seed_and_step_and_is_no_files(folder: Path) -> None:
    run = Run(default_recipe(EXPERIMENTS["binary"], seed=7))
    run.timeline.append(build(run.recipe).snapshot())
    assert free_name(run) == "binary-seed7-step0.npz"
    fill(folder, "binary-seed7-step0.npz")
    (folder / "binary-seed7-step0-2.npz").symlink_to("nowhere")
    assert free_name(run) == "binary-seed7-step0-3.npz"


def test_files_are_offered_newest_first_then_folders(folder: Path) -> None:
    fill(folder, "old.npz", "new.npz", "other.txt", ".hidden.npz")
    (folder / "kept").mkdir()
    fill(folder / "kept", "one.npz")
    assert candidates("") == ["new.npz", "old.npz", "kept/"]
    assert candidates("o") == ["old.npz"]
    assert candidates("kept/") == ["kept/one.npz"]
    assert candidates(".h") == [".hidden.npz"]
    assert candidates("nowhere/") == []


def test_what_is_typed_is_completed_as_far_as_there_is_no_choice(folder: Path) -> None:
    fill(folder, "binary-1.npz", "binary-2.npz", "cnn.npz")
    assert completed("b") == "binary-"
    assert completed("c") == "cnn.npz"
    assert completed("x") == "x"
    assert completed(f"{folder}/c") == f"{folder}/cnn.npz"


def test_home_is_spelt_with_a_tilde(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    fill(folder, "cnn.npz")
    assert completed("~/c") == "~/cnn.npz"


def test_a_line_tells_what_there_is(folder: Path) -> None:
    assert listed("") == "no .npz file in this folder; ~ and / lead to others"
    assert listed("q") == "no run file begins so"
    fill(folder, *(f"{n}.npz" for n in range(9)))
    assert listed("").startswith("tab completes: 8.npz  7.npz")
    assert listed("").endswith("…")
