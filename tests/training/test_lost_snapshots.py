"""Snapshots that cannot be read back cost time, and nothing else."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import pytest

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.neural import NeuralNet
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.files import load_run, save_run
from scratchtui.training.lost_snapshot import FILE, LostSnapshotError
from scratchtui.training.past import Past
from scratchtui.training.recovery_folder import RecoveryFolder
from scratchtui.training.recovery_writer import RecoveryWriter
from scratchtui.training.session import Session
from scratchtui.training.store import STORE, Stored
from scratchtui.training.texts import told
from scratchtui.training.trainer import Trainer
from tests.training.stand_ins import LocalWorker
from tests.training.test_time_travel import take

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.training.run import Run


@pytest.fixture(params=[Binary, NeuralNet])
def session(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(STORE, "_refused", False)  # so that all is as before in the end
    monkeypatch.setattr(STORE, "_news", "")
    monkeypatch.setattr(STORE, "_files", type(STORE._files)())  # files of its own, to be spoilt
    session = Session(request.param, worker=LocalWorker())
    for _ in range(3):
        take(session, 10)
        session.set_value("learning_rate", session.settings["learning_rate"] / 2)
    take(session, 10)
    yield session
    session.close()


def lose(run: Run) -> list[int]:
    """Cut the files of a run's snapshots to nothing; return the steps of these."""
    lost = [each for each in run.timeline.snapshots if isinstance(each, Stored)]
    for each in lost:
        os.ftruncate(each._slots._file.fileno(), 0)
    return [each.step for each in lost]


def view_of(session: Session, name: str) -> object:
    return session.experiment.view(name, session.run.timeline.snapshots, Probe())


def straight_to(run: Run, step: int) -> Snapshot:
    trainer = Trainer(run.recipe)
    for entry in run.journal:
        if entry.step <= step:
            trainer.step(entry.step - trainer.experiment.steps)
            trainer.experiment.change(entry.key, entry.value)
    trainer.step(step - trainer.experiment.steps)
    return trainer.experiment.snapshot()


@pytest.mark.parametrize("step", [0, 9, 10, 15, 39])
def test_any_moment_is_found_exactly_without_them_and_that_is_said_once(session: Session, step: int) -> None:
    assert lose(session.run)[0] == 0
    session.seek(step)
    assert same_state(session.experiment.snapshot(), straight_to(session.run, step))
    assert "cannot be read back from a temporary file" in session.news()
    assert session.news() == ""
    assert not any(isinstance(each, Stored) for each in session.run.timeline.snapshots)


def test_one_goes_on_from_a_moment_of_the_past_and_comes_back(session: Session) -> None:
    run, end = session.run, session.experiment.snapshot()
    session.seek(10)  # where there is a snapshot
    lose(run)
    session.fork()
    take(session, 3)
    assert same_state(session.experiment.snapshot(), straight_to(session.run, 13))
    session.undo()
    assert session.run is run
    session.looking.come_back()
    assert same_state(session.experiment.snapshot(), end)


def test_the_losses_and_all_panels_are_there(session: Session) -> None:
    lose(session.run)
    run = session.run
    assert run.reading(session.losses).curves
    for panel in session.experiment.panels:
        view = partial(view_of, session, panel.name)
        assert type(run.reading(view)) is type(view())


def test_the_run_is_saved_whole_but_for_them_and_not_touched(session: Session, tmp_path: Path) -> None:
    before = session.run.timeline.snapshots
    lose(session.run)
    save_run(session.whole_run(), tmp_path / "run.npz")
    assert session.run.timeline.snapshots is before
    loaded = load_run(tmp_path / "run.npz")
    assert same_state(loaded.latest, session.run.latest)
    assert same_state(Past(loaded).at(25), straight_to(session.run, 25))


def test_the_autosave_writes_what_is_left(session: Session) -> None:
    lose(session.run)
    writer = RecoveryWriter()
    writing = writer.gathered([session], "binary")
    assert writing is not None
    writer.write(writing)
    assert writer.folder is not None
    written = load_run(writer.folder.path / next(iter(writing.files.values())))
    assert same_state(written.latest, session.run.latest)
    writer.leave_nothing()


def test_a_save_and_an_autosave_that_fail_by_them_all_the_same_say_so(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LostSnapshotError

    monkeypatch.setattr("scratchtui.training.files.entries_of", fail)
    with pytest.raises(ValueError, match=f"cannot use {FILE}: input/output error"):
        told(lambda: save_run(session.whole_run(), tmp_path / "run.npz"))
    assert not any(tmp_path.iterdir())
    folder = RecoveryFolder.own()
    with pytest.raises(LostSnapshotError) as caught:
        folder.write("run.npz", fail)
    assert caught.value.filename == FILE
    folder.close()
