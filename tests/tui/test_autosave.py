"""The clock of the autosave waits for no disk, and is told of by what came of it."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from scratchtui.experiments.binary import Binary
from scratchtui.training.recovery_writer import RecoveryWriter, Writing
from scratchtui.training.session import Session
from scratchtui.tui import autosave as module
from scratchtui.tui.autosave import Autosave
from tests.training.stand_ins import PATIENCE, ScriptedWorker


class Kept:
    """An autosave of one session, what it has told, and what it was given to write."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, interval: float = 3600.0) -> None:
        self.session = Session(Binary, worker=ScriptedWorker())
        self.told: list[str] = []
        self.written: list[Writing] = []
        self.disk, self.began = Event(), Event()
        self.disk.set()
        monkeypatch.setattr(RecoveryWriter, "write", lambda _, writing: self.write(writing))
        self.autosave = Autosave(lambda: [self.session], lambda: "binary", self.tell, interval)

    def write(self, writing: Writing) -> None:
        self.began.set()
        assert self.disk.wait(PATIENCE)
        self.written.append(writing)

    def tell(self) -> None:
        self.told.append(self.autosave.trouble)

    def finish(self) -> None:
        """Wait until nothing is being written."""
        with self.autosave._busy:
            pass


def test_it_writes_when_it_is_time_and_as_soon_as_a_run_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(monkeypatch)
    kept.autosave.tick()
    kept.finish()
    assert kept.written == []
    kept.session.set_value("bits", 4)
    kept.autosave.tick()
    kept.finish()
    kept.session.pending = {"bits": 3}
    kept.autosave.tick()
    kept.finish()
    assert len(kept.written) == 1
    kept.autosave._due = 0.0
    kept.autosave.tick()
    kept.finish()
    assert len(kept.written) == 2
    assert kept.told == []


def test_a_disk_that_hangs_holds_up_neither_the_clock_nor_the_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = Kept(monkeypatch, 1e-9)
    monkeypatch.setattr(module, "_PATIENCE", 0.01)
    kept.session.set_value("bits", 4)
    kept.disk.clear()
    kept.autosave.tick()
    assert kept.began.wait(PATIENCE)
    kept.autosave.tick()
    kept.autosave.save_now()
    assert kept.written == []
    kept.disk.set()
    kept.finish()
    assert len(kept.written) == 1
    kept.disk.clear()
    kept.autosave.save_now()
    assert len(kept.written) == 1
    kept.disk.set()
    kept.finish()
    assert len(kept.written) == 2


def test_nothing_is_written_while_what_was_restored_may_end_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(monkeypatch, 1e-9)
    kept.session.set_value("bits", 4)
    kept.autosave.waits = True
    kept.autosave.tick()
    kept.autosave.save_now()
    kept.finish()
    assert kept.written == []
    done: list[int] = []
    kept.autosave.write_and(lambda: done.append(len(kept.written)))
    kept.autosave.tick()
    kept.finish()
    assert done == [1]


@pytest.mark.parametrize("where", ["gathered", "write"])
def test_a_fault_of_its_own_is_told_and_the_app_goes_on(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(monkeypatch, 1e-9)
    kept.session.set_value("bits", 4)
    with monkeypatch.context() as patch:
        patch.setattr(RecoveryWriter, where, lambda *_, **__: 1 // 0)
        for _ in range(2):
            kept.autosave.tick()
            kept.finish()
    assert [trouble[:14] for trouble in kept.told] == ["internal error"]
    assert "ZeroDivisionError" in kept.told[0]
    kept.autosave.tick()
    kept.finish()
    assert kept.told[1:] == [""]


def test_a_full_disk_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(monkeypatch, 1e-9)
    kept.session.set_value("bits", 4)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(Path("/a/folder")))

    monkeypatch.setattr(RecoveryWriter, "write", full)
    kept.autosave.tick()
    kept.finish()
    assert kept.told == ["/a/folder: no space left on device"]
