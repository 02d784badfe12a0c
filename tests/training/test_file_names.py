"""Names of run files: free ones, and those that what is typed may become."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.recipe import default_recipe
from scratchtui.training.file_names import (
    candidates,
    completed,
    foretold,
    free_name,
    listed,
    proposed,
    target,
)
from scratchtui.training.files import save_run
from scratchtui.training.run import Run


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fill(folder: Path, *names: str) -> None:
    """Make files, each younger than the one before."""
    for age, name in enumerate(names):
        (folder / name).touch()
        os.utime(folder / name, (age, age))


def fresh() -> Run:
    run = Run(default_recipe(EXPERIMENTS["binary"], seed=7))
    run.timeline.append(build(run.recipe).snapshot())
    return run


def test_a_free_name_tells_experiment_seed_and_step_and_is_no_files(folder: Path) -> None:
    run = fresh()
    assert free_name(run) == "binary-seed7-step0.npz"
    fill(folder, "binary-seed7-step0.npz")
    (folder / "binary-seed7-step0-2.npz").symlink_to("nowhere")
    assert free_name(run) == "binary-seed7-step0-3.npz"


def test_what_a_run_was_saved_to_is_proposed_while_it_is_as_it_was_written(folder: Path) -> None:
    run = fresh()
    run.saved = save_run(run, folder / "mine.npz")
    assert proposed(run) == str(folder / "mine.npz")
    assert foretold("mine", run.saved) == "replaces your own save of step 0"
    (folder / "mine.npz").write_text("something else")
    assert proposed(run) == "binary-seed7-step0.npz"
    assert foretold("mine", run.saved) == "mine.npz exists already; choose another name"


@pytest.mark.parametrize(
    ("typed", "path", "words"),
    [
        ("new.npz", "new.npz", "a new file"),
        (" new ", "new.npz", "a new file, new.npz"),
        ("v1.2", "v1.2.npz", "a new file, v1.2.npz"),
        ("there", "there.npz", "there.npz exists already; choose another name"),
        ("kept/new.npz", "kept/new.npz", "a new file"),
        ("~/new.npz", "home/new.npz", "a new file"),
    ],
)
def test_what_saving_would_do_is_foretold(
    typed: str, path: str, words: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "home")
    fill(folder, "there.npz")
    assert (str(target(typed)), foretold(typed, None)) == (path, words)


@pytest.mark.parametrize(
    "typed", ["", " ", ".", "..", "/", "kept", "kept/", "none/", "x" * 252, "~whoever/x"]
)
def test_what_names_no_file_to_save_to_is_refused(typed: str, folder: Path) -> None:
    (folder / "kept").mkdir()
    with pytest.raises(ValueError, match=r"folder|name|home"):
        target(typed)


def test_what_cannot_be_typed_or_found_is_not_offered(folder: Path) -> None:
    fill(folder, "new\nline.npz", "\x1b[2J.npz", "fine.npz")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.npz")).touch()
    (folder / "loop.npz").symlink_to("loop.npz")
    assert candidates("") == ["fine.npz"]
    assert candidates("~whoever/") == candidates("x" * 300 + "/") == candidates("\0/") == []


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
