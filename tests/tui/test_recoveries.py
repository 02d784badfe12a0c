"""What is in no file is offered at the next start, once; what cannot be kept is said, and the app goes on."""

from __future__ import annotations

import os
import shutil
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.history import LossHistory
from scratchtui.training.recovery_writer import RecoveryWriter
from scratchtui.training.run import Run
from scratchtui.training.session import Session
from scratchtui.training.trainer import Trainer
from scratchtui.tui import recoveries
from scratchtui.tui.recoveries import Recoveries
from scratchtui.tui.restore_dialog import RestoreDialog
from scratchtui.tui.sayings import Sayings
from tests.training.stand_ins import ScriptedWorker
from tests.tui.stage import Stage, fresh_run, stage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scratchtui.tui.autosave import Autosave

SOON, NEVER = 0.1, 3600.0


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setattr(recoveries, "OUTLIVED", 0.01)
    return tmp_path / "state"


def recoveries_of(s: Stage) -> Recoveries:
    assert s.app._recoveries is not None
    return s.app._recoveries


def autosave_of(s: Stage) -> Autosave:
    return recoveries_of(s).autosave


async def train(s: Stage, steps: int) -> None:
    await s.press("space")
    s.worker.train(steps)
    await s.press("space")
    await s.shows(f"step {steps}")


@asynccontextmanager
async def opened(interval: float = NEVER, **options: Any) -> AsyncIterator[Stage]:
    """Open the app, which ends as by kill -9 where it does not by `q`."""
    async with stage(autosave=interval, **options) as s:
        await s.until(lambda: s.app._recoveries, "autosave")
        yield s
        if (folder := autosave_of(s)._writer.folder) is not None:
            folder.close()


def leave_unsaved(name: str = "binary", *, quits: bool = False) -> None:
    """Leave what an app leaves that was killed, or quit, after 20 steps."""
    run = Run(default_recipe(EXPERIMENTS[name]))
    run.begin()
    trainer = Trainer(run.recipe)
    run.losses = LossHistory.of(1, trainer.step(20).losses)
    run.timeline.append(trainer.experiment.snapshot())
    writer = RecoveryWriter()
    writing = writer.gathered([Session(EXPERIMENTS[name], run, ScriptedWorker())], name, quits=quits)
    assert writing is not None
    writer.write(writing)
    writer.forget()


def manifest(state: Path) -> bytes:
    return b"".join(path.read_bytes() for path in state.glob("*/*/manifest.json"))


def folders(state: Path) -> list[Path]:
    return list(state.glob("*/*"))


async def test_what_a_killed_app_had_is_asked_for_and_restored_by_a_key(state: Path) -> None:
    async with opened(SOON) as s:
        await train(s, 20)
        await s.edit("learning_rate", "0.1")
        await s.press("2")
        await s.edit("hidden", "3,3")
        await s.press("1")
        before = s.session.experiment.snapshot()
        words = b'"current": "binary"', b'"nn"'
        await s.until(lambda: all(each in manifest(state) for each in words), "autosave")
    async with opened() as s:
        await s.shows("restore?", "not by quitting", "Binary  run 1, step 20", "Neural net  run 1, step 0")
        (folder,) = folders(state)
        await s.press("enter")
        await s.shows("paused · step 20")
        assert same_state(s.session.experiment.snapshot(), before)
        await s.until(lambda: folder not in folders(state), "end of what was restored")
        assert b'"step": 20' in manifest(state)
        await s.press("2")
        assert s.session.settings["hidden"] == "3,3"


async def test_what_was_quit_is_offered_in_a_sentence_and_by_f4(state: Path) -> None:
    leave_unsaved(quits=True)
    async with opened() as s:
        await s.shows("1 run that was in no file: F4")
        assert not isinstance(s.app.screen, RestoreDialog)
        await s.press("f4")
        await s.shows("When you quit", "Binary  run 1, step 20", "enter restores all")
        await s.press("escape", "f4", "enter")
        await s.shows("paused · step 20")


async def test_what_a_signal_ended_is_saved_first_and_asked_for(state: Path) -> None:
    async with opened() as s:
        await train(s, 20)
        assert b'"step": 20' not in manifest(state)
        s.app.exit(return_code=143)
    assert b'"step": 20' in manifest(state)
    async with opened() as s:
        await s.shows("restore?", "not by quitting")


async def test_what_is_saved_leaves_nothing_behind(state: Path) -> None:
    async with opened(SOON) as s:
        await train(s, 20)
        await s.until(lambda: b'"step": 20' in manifest(state), "autosave")
        await s.press("s", "enter")
        await s.shows("saved to")
        await s.press("q")
    assert folders(state) == []
    assert len(list(Path.cwd().glob("*.npz"))) == 1


async def test_discarding_is_asked_twice_and_for_later_is_for_later(state: Path) -> None:
    leave_unsaved()
    async with opened() as s:
        await s.shows("restore?")
        await s.press("d")
        await s.shows("d again discards it for good")
        await s.press("escape")
        await s.shows("enter restores all")
        await s.press("escape")
        await s.hides("restore?")
        await s.until(lambda: list(state.glob("*/*/later")), "mark")
    async with opened() as s:
        await s.shows("1 run that was in no file: F4")
        assert not isinstance(s.app.screen, RestoreDialog)
        await s.press("f4", "d", "d")
        await s.until(lambda: not folders(state), "end of it")
        await s.press("f4")
        await s.shows("There is nothing to restore", "autosaved every")


async def test_a_recovery_that_ends_the_app_is_not_offered_twice(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_unsaved()

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    async def crashes() -> None:
        async with opened() as s:
            await s.shows("restore?")
            patch.setattr(Session, "open", fails)
            await s.press("enter")
            try:
                await s.until(lambda: not s.app.is_running, "crash")
            finally:
                attempt = recoveries_of(s)._attempt
                assert attempt is not None
                attempt._folder.close()

    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        await crashes()
    async with opened() as s:
        await s.until(lambda: recoveries_of(s)._offers, "look")
        await s.settle()
        assert not isinstance(s.app.screen, RestoreDialog)
        assert "in no file" not in s.text
        await s.press("f4")
        await s.shows("Binary  run 1, step 20", "When it was restored before, scratchtui ended too")


async def test_the_tab_and_the_run_that_were_asked_for_stay(state: Path) -> None:
    leave_unsaved()
    async with opened(tab="nn") as s:
        await s.shows("restore?")
        await s.press("enter")
        await s.until(lambda: len(s.app.sessions()) == 2, "tab")
        assert s.session.kind.name == "nn"
        await s.press("1")
        await s.shows("paused · step 20")
    shutil.rmtree(state)
    leave_unsaved()
    run = fresh_run(seed=5)
    run.filed = 0, 0
    async with opened(run=run) as s:
        await s.shows("restore?")
        await s.press("enter")
        await s.shows("Binary: see its list of runs")
        assert s.session.run is run
        assert [each.latest.step for each in s.session.runs] == [20, 0]


async def test_who_has_something_of_his_own_already_is_not_interrupted() -> None:
    leave_unsaved()
    async with opened(run=fresh_run(learning_rate=0.1)) as s:
        await s.shows("1 run that was in no file: F4")
        assert not isinstance(s.app.screen, RestoreDialog)


async def test_what_cannot_be_read_is_said_and_left_where_it_is(state: Path) -> None:
    leave_unsaved()
    (path,) = state.glob("*/*/manifest.json")
    path.write_bytes(path.read_bytes()[:-9])
    leave_unsaved("nn")
    (run,) = state.glob("*/*/nn-1.npz")
    run.write_bytes(b"words")
    async with opened() as s:
        await s.shows("restore?")
        assert s.app.sayings.now is not None
        assert "Not restored: " in (words := s.app.sayings.now.words)
        assert "damaged, or of another version" in words
        s.app.clear_notifications()
        await s.press("enter")
        await s.shows("run 1 of nn")
        await s.until(lambda: recoveries_of(s)._attempt is None, "end")
        recoveries_of(s)._look()
        await s.press("f4")
        await s.shows("nothing to restore")
    assert path.exists()
    assert run.exists()


async def test_what_cannot_be_kept_is_said_once_and_tried_again(state: Path) -> None:
    state.write_text("a file")
    async with opened(SOON) as s:
        s.app.sayings = Sayings(lambda: 0.0)  # nothing passes before it is looked for
        await train(s, 20)
        await s.shows("What you do is not autosaved", "F4 tells")
        assert "is no folder" in autosave_of(s).trouble
        s.app.clear_notifications()
        await s.hides("What you do")
        tried = autosave_of(s)._due
        await s.until(lambda: autosave_of(s)._due > tried, "next time")
        assert "not autosaved" not in s.text
        await s.press("f4")
        await s.shows("What you do is not autosaved: ")
        await s.press("escape")
        state.unlink()
        await s.shows("what you do is autosaved again")
        assert b'"step": 20' in manifest(state)


async def test_a_full_disk_leaves_what_was_there_and_a_lost_folder_is_made_again(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(SOON) as s:
        await train(s, 20)
        await s.until(lambda: b'"step": 20' in manifest(state), "autosave")
        before = manifest(state)

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            await s.press("full_stop")
            await s.shows("What you do is not autosaved")
            assert s.session.experiment.steps == 21
            assert "no space left" in autosave_of(s).trouble
            assert manifest(state) == before
            assert not list(state.glob("*/*/*.new"))
        s.app.clear_notifications()
        await s.shows("autosaved again")
        assert b'"step": 21' in manifest(state)
        shutil.rmtree(state)
        await s.press("full_stop")
        await s.until(lambda: b'"step": 22' in manifest(state), "autosave")
