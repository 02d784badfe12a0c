"""Runs are saved and opened from the app, and nothing is lost when that cannot be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.snapshot import same_state
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
        assert same_state(run.latest, s.session.experiment.snapshot())
        assert run.name == "run 1"


async def test_the_name_that_is_proposed_while_it_trains_is_that_of_the_step_that_is_saved(
    folder: Path,
) -> None:
    async with stage() as s:
        await s.press("space")
        s.worker.train(6)
        await s.shows("running · step 6")
        await s.press("s")
        await s.shows("binary-seed0-step6.npz", "a new file, of the step then")
        s.worker.train(13)
        await s.until(lambda: s.session.experiment.steps == 19, "step 19")
        await s.press("enter")
        await s.shows("saved to")
        assert [path.name for path in folder.glob("*.npz")] == ["binary-seed0-step19.npz"]
        assert load_run(folder / "binary-seed0-step19.npz").latest.step == 19


async def test_a_second_save_proposes_the_same_file_and_says_that_it_replaces_it(folder: Path) -> None:
    path = folder / "binary-seed0-step20.npz"
    async with stage() as s:
        await train(s, 20)
        await s.press("s", "enter")
        await s.shows("saved to")
        await s.press("full_stop")
        await s.shows("step 21")
        await s.press("s")
        await s.shows("binary-seed0-step20.npz", "replaces your own save of step 20")
        await s.press("enter")
        await s.until(lambda: s.session.run.saved and s.session.run.saved.step == 21, "second save")
        assert load_run(path).latest.step == 21
        path.unlink()
        saved("binary", path)
        await s.press("s")
        await s.shows("binary-seed0-step21.npz", "a new file")
        await s.answer(path.name)
        await s.shows("exists already; choose another name")
    assert load_run(path).recipe.seed == 3
    assert list(folder.iterdir()) == [path]


async def test_another_run_does_not_replace_what_this_session_saved(folder: Path) -> None:
    async with stage() as s:
        await s.press("s")
        await s.answer("mine")
        await s.shows("saved to", "mine.npz")
        await s.press("R", "s")
        await s.answer("mine")
        await s.shows("mine.npz exists already; choose another name")
    assert load_run(folder / "mine.npz").recipe.seed == 0


async def test_where_training_was_to_stop_is_saved_and_taken_up_again(folder: Path) -> None:
    async with stage() as s:
        await s.press("b")
        await s.answer("loss<100; sign 0.Dense.W[2,0]")
        await s.press("s")
        await s.answer("mine")
        await s.shows("saved to")
        await s.press("b")
        await s.answer("")
        await s.press("o")
        await s.answer("mine.npz")
        await s.until(lambda: s.session.course.stops, "conditions")
        assert [stop.text for stop in s.session.course.stops] == ["loss<100", "sign 0.Dense.W[2,0]"]
        await s.press("u")
        assert s.session.course.stops == ()


async def test_where_the_present_folder_takes_nothing_the_data_folder_is_proposed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRATCHTUI_DATA_DIR", str(folder / "data"))
    monkeypatch.setattr(os, "access", lambda *_: False)
    async with stage() as s:
        await s.press("s", "enter")
        await s.shows("saved to")
    assert load_run(folder / "data" / "binary-seed0-step0.npz").latest.step == 0


async def test_a_run_is_opened_in_its_tab_and_taken_back(folder: Path) -> None:
    run = saved("nn", folder / "mine.npz")
    async with stage() as s:
        await s.press("o")
        await s.shows("mine.npz", "Neural net", "step 5", "seed 3")
        await s.press("m", "tab", "enter")
        await s.shows("Neural net", "paused · step 5", "seed 3")
        assert same_state(s.session.run.latest, run.latest)
        await s.press("comma", "comma")
        await s.shows("looking back at step 3 of 5")
        await s.press("u")
        await s.shows("ready", "seed 0")
        await s.press("U")
        await s.shows("looking back at step 3 of 5", "seed 3")


async def test_the_saved_runs_of_the_folder_are_a_list_to_move_in_that_typing_filters(folder: Path) -> None:
    for age, (name, steps) in enumerate({"new.npz": 3, "mid.npz": 4, "old.npz": 5}.items()):
        saved("binary", folder / name, steps)
        os.utime(folder / name, (10**9 - age, 10**9 - age))
    (folder / "other.npz").write_bytes(b"something else")
    async with stage() as s:
        await s.press("o")
        await s.shows("open", "new.npz", "mid.npz", "old.npz", "09 Sep")
        listed = [row.split()[1] for row in s.rows if ".npz" in row]
        assert listed == ["new.npz", "mid.npz", "old.npz"]
        await s.press("down", "down", "down", "up", "enter")
        await s.shows("paused · step 4")
        await s.press("o", "o", "enter")
        await s.shows("paused · step 5")


LONG = "x" * 300
REFUSED: list[tuple[str, str, list[str]]] = [
    ("s", "there.npz", ["there.npz exists already; choose another name"]),
    ("s", "there", ["there.npz exists already; choose another name"]),
    ("s", "nowhere/run.npz", ["needs the folder nowhere, and there is none"]),
    ("s", "there.npz/run.npz", ["needs the folder there.npz, and there is none"]),
    ("s", LONG, ["a file's name has at most 255 bytes"]),
    ("s", "~whoever/run", ["~whoever/run begins with the home of somebody who is not known here"]),
    ("s", ".", ["is a folder; the name of a file in it is needed"]),
    ("s", "link", ["link.npz exists already; choose another name"]),
    ("s", " ", ["the name of a file is needed"]),
    ("o", "nothing.npz", ["there is no file nothing.npz"]),
    ("o", "there.npz", ["Not opened", "there.npz is no .npz file"]),
    ("o", "~whoever/run", ["begins with the home of somebody who is not known here"]),
    ("o", LONG, ["a file's name has at most 255 bytes"]),
    ("o", ".", ["is a directory"]),
    ("o", " ", ["the name of a file is needed"]),
]


async def test_what_cannot_be_saved_or_opened_is_refused_and_the_run_is_untouched(folder: Path) -> None:
    (folder / "there.npz").write_bytes(b"something else")
    (folder / "link.npz").symlink_to("nowhere")
    async with stage() as s:
        await train(s, 20)
        before = s.session.experiment.snapshot()
        for key, name, words in REFUSED:
            await s.press(key)
            await s.answer(name)
            await s.shows(*words)
            await s.press("escape")
        assert same_state(s.session.experiment.snapshot(), before)
        assert (folder / "there.npz").read_bytes() == b"something else"
        assert {path.name for path in folder.iterdir()} == {"there.npz", "link.npz"}


async def test_a_full_disk_is_told_and_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "run.npz")

    async with stage() as s:
        await train(s, 20)
        monkeypatch.setattr(os, "fsync", full)
        await s.press("s")
        await s.answer("run.npz")
        await s.shows("Not saved", "no space left")
        await s.press("space")
        s.worker.train(5)
        await s.shows("running · step 25")
        assert list(folder.iterdir()) == []


async def test_a_run_that_was_left_while_its_file_was_asked_for_replaces_nothing(folder: Path) -> None:
    path = folder / "binary-seed0-step20.npz"
    async with stage() as s:
        await train(s, 20)
        await s.press("s", "enter")
        await s.shows("saved to")
        await s.press("s")
        await s.shows("replaces your own save of step 20")
        s.session.reset(new_seed=True)
        await s.press("enter")
        await s.shows("run 1 was left meanwhile")
    assert load_run(path).latest.step == 20


async def test_saving_waits_for_the_moment_that_is_looked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage() as s:
        await train(s, 20)
        del s.session.run.timeline.snapshots[1:-1]
        monkeypatch.setattr("scratchtui.training.session.AT_ONCE", -1.0)
        s.session.patience = -1.0
        s.app.pane.action_leap_back()
        s.app.pane.action_run_or_pause()
        s.app.pane.action_save()
        assert s.session.sought == 18
        assert "save as" not in s.text
        await s.shows("save as", "binary-seed0-step18.npz", "a new file")
    assert not list(folder.iterdir())


@pytest.mark.parametrize("function", ["entries_of", "write_archive"])
async def test_that_there_is_not_memory_enough_is_told_and_the_run_goes_on(
    function: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError("Unable to allocate 64.0 MiB")

    async with stage() as s:
        await train(s, 20)
        monkeypatch.setattr(f"scratchtui.training.files.{function}", fail)
        await s.press("s")
        await s.answer("mine")
        await s.shows("Not saved", "there is not memory enough")
        await s.press("space")
        s.worker.train(5)
        await s.shows("running · step 25")
    assert list(folder.iterdir()) == []
