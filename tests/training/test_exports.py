"""Runs for other programs, and files that replace no other."""

from __future__ import annotations

import csv
import errno
import io
import os
from pathlib import Path

import numpy as np
import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.binary import Binary
from scratchtui.experiments.recipe import default_recipe
from scratchtui.training.command_line import command_line
from scratchtui.training.exports import COLUMNS, EXPORTS, losses_csv, weights_npz, write_free
from scratchtui.training.file_names import stem
from scratchtui.training.journal import Entry
from scratchtui.training.session import Session
from tests.training.stand_ins import LocalWorker
from tests.training.test_files import run_of as binary_run
from tests.training.test_script import run_of


def rows_of(content: bytes) -> list[list[str]]:
    header, *rows = csv.reader(io.StringIO(content.decode()))
    assert tuple(header) == COLUMNS
    return rows


def test_a_loss_of_a_step_is_exact() -> None:
    run, losses = run_of("nn", {}, 40)
    rows = rows_of(losses_csv(run))
    assert [row[:2] for row in rows] == [[str(step)] * 2 for step in range(1, 41)]
    assert all(list(map(float, row[2:])) == [loss] * 3 for row, loss in zip(rows, losses, strict=True))


def test_of_a_long_run_a_row_is_some_steps_with_their_mean_lowest_and_highest() -> None:
    run, _ = binary_run(5001, learning_rate=0.01, bits=2)
    rows = rows_of(losses_csv(run))
    assert run.losses.width == 2
    assert rows[0][:2] == ["1", "2"]
    assert rows[-1][:2] == ["5001", "5001"]
    assert all(float(low) <= float(mean) <= float(high) for _, _, mean, low, high in rows)
    assert float(rows[0][2]) == run.losses.mean[0]


def test_a_run_without_a_step_has_no_losses() -> None:
    assert rows_of(losses_csv(run_of("nn", {}, 0)[0])) == []


@pytest.mark.parametrize("name", ["binary", "nn", "cnn", "rnn"])
def test_weights_are_there_under_their_names_and_without_pickle(name: str) -> None:
    run, _ = run_of(name, {}, 3)
    with np.load(io.BytesIO(weights_npz(run)), allow_pickle=False) as entries:
        parameters = run.experiment().network.parameters
        assert list(entries) == list(parameters)
        assert all(np.array_equal(entries[each], parameters[each]) for each in entries)


def test_no_file_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert [write_free("a-b.csv", bytes([k])).name for k in range(3)] == ["a-b.csv", "a-b-2.csv", "a-b-3.csv"]
    assert (tmp_path / "a-b.csv").read_bytes() == b"\x00"


def test_of_a_file_that_could_not_be_written_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ValueError, match=r"^cannot write a.csv into .*: no space left on device$"):
        write_free("a.csv", b"1")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_takes_no_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object) -> int:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ValueError, match=rf"^cannot write a.csv into {tmp_path}: read-only file system$"):
        write_free("a.csv", b"1")


def test_a_folder_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(ValueError, match="the present folder is gone"):
        write_free("a.csv", b"1")
    monkeypatch.chdir(tmp_path)


def test_a_name_tells_experiment_seed_and_step() -> None:
    assert stem(default_recipe(EXPERIMENTS["nn"], 7), 3) == "nn-seed7-step3"
    assert {each.name.partition(".")[2] for each in EXPORTS.values()} == {"", "csv", "npz", "py"}


@pytest.fixture
def session() -> Session:
    session = Session(Binary, worker=LocalWorker())
    take(session, 3)
    session.set_value("learning_rate", 0.05)
    take(session, 3)
    return session


def take(session: Session, steps: int) -> None:
    worker = session.worker
    assert isinstance(worker, LocalWorker)
    for _ in range(steps):
        session.step()
        worker.turns(3)
        session.receive()


def test_what_is_taken_away_is_the_run_up_to_the_moment_that_is_seen(session: Session) -> None:
    train = "scratchtui train binary --seed 0"
    assert command_line(session.so_far()) == f"{train} --then '3 learning_rate=0.05' --steps 6"
    session.seek(2)
    assert command_line(session.so_far()) == f"{train} --steps 2"
    assert len(session.so_far().losses) == 2
    assert session.run.latest.step == 6


def test_a_change_that_is_seen_is_in_it_though_the_worker_has_not_made_it_yet(session: Session) -> None:
    before = list(session.run.journal)
    session.set_value("learning_rate", 0.07)
    run = session.so_far()
    assert run.journal == [*before, Entry(6, "learning_rate", 0.07)]
    assert run.latest.settings["learning_rate"] == 0.07
    assert session.run.journal == before
