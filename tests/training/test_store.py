"""Snapshots outside the memory of the process: what is read is what was put, bit for bit."""

from __future__ import annotations

import errno
import gc
import os
import pickle
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.snapshot import Snapshot, same_state
from scratchtui.training import store as module
from scratchtui.training.past import Past
from scratchtui.training.run import Run
from scratchtui.training.session import Session
from scratchtui.training.store import STORE, Store, Stored
from scratchtui.training.timeline import Timeline
from scratchtui.training.trainer import Trainer
from tests.training.stand_ins import LocalWorker, recipe
from tests.training.test_time_travel import take

SIZES = st.integers(0, 3000)
NUMBERS = (-0.0, 5e-324, np.inf, -np.inf, np.nan, np.pi)


def snapshot(step: int = 1, parameters: int = 8, optimizer: int = 16, memory: Any = None) -> Snapshot:
    rng = np.random.default_rng(step)
    values = rng.integers(0, 2**64, parameters + optimizer, np.uint64).view(np.float64)  # any bits
    values[: len(NUMBERS)] = NUMBERS[: len(values)]
    memory = {"state": {"inc": 2**127 + step}} if memory is None else memory
    return Snapshot(
        step, {"rate": 0.1}, values[:parameters], values[parameters:], (memory, 3 * step), step / 7, step % 5
    )


def same(a: Snapshot, b: Snapshot) -> bool:
    return bits(a) == bits(b) and a.settings is b.settings and a.nbytes == b.nbytes


def bits(each: Snapshot) -> tuple[Any, ...]:
    numbers = each.parameters.tobytes(), each.optimizer.tobytes()
    return each.step, *numbers, each.batches, each.loss, each.changes


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_what_is_read_is_what_was_put_whatever_was_put_and_dropped_in_between(data: st.DataObject) -> None:
    store, held = Store(), list[tuple[Snapshot, Snapshot]]()
    for step in range(data.draw(st.integers(1, 25))):
        if held and data.draw(st.booleans(), label="drop"):
            del held[data.draw(st.integers(0, len(held) - 1))]
        given_ = snapshot(step, data.draw(SIZES), data.draw(SIZES), data.draw(st.sampled_from((None, {}))))
        kept = store.put(given_)
        assert isinstance(kept, Stored)
        held.append((given_, kept))
        for one, other in data.draw(st.permutations(held)):
            assert same(one, other)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 12), st.sampled_from(("full", "short", "none")))
def test_a_disk_that_refuses_costs_nothing_that_was_put_and_is_told_once(room: int, how: str) -> None:
    store, written, write = Store(), list[int](), os.pwrite

    def pwrite(file: int, content: bytes, place: int) -> int:
        if len(written) == room and how == "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if len(written) == room and how == "short":
            return write(file, content[:5], place)
        written.append(place)
        return write(file, content, place)

    def nameless_file() -> Any:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.os, "pwrite", pwrite)
        if how == "none":
            patch.setattr(module, "_nameless_file", nameless_file)
            room = 0
        given_ = [snapshot(step) for step in range(room + 5)]
        kept = [store.put(each) for each in given_]
    assert [isinstance(each, Stored) for each in kept] == [True] * room + [False] * 5
    assert all(map(same, given_, kept))
    words = store.news()
    assert words.startswith("Snapshots are held in memory from here on")
    assert words.endswith("Read-only file system." if how == "none" else "No space left on device.")
    assert store.put(given_[0]) is given_[0]
    assert store.news() == ""


def test_the_file_has_no_name_takes_up_what_was_dropped_and_goes_with_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    store = Store()
    kept = [store.put(snapshot(step)) for step in range(20)]
    slots = kept[0]._slots  # type: ignore[attr-defined]
    file = slots._file.fileno()
    assert not any(tmp_path.iterdir())
    assert Path(f"/proc/self/fd/{file}").readlink().parent == tmp_path
    size = os.fstat(file).st_size
    for step in range(200):
        kept[step % 20] = store.put(snapshot(step))
    assert os.fstat(file).st_size <= size + 2 * slots.size
    del kept, slots
    gc.collect()
    assert not store._files


@pytest.mark.parametrize("asked", [None, "", "/nowhere", "/proc"])
def test_without_a_usable_tmpdir_the_file_is_in_var_tmp_or_else_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str | None
) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    if asked is not None:
        monkeypatch.setenv("TMPDIR", asked)
    assert module._ON_DISK == "/var/tmp"
    monkeypatch.setattr(module, "_ON_DISK", str(tmp_path))
    with module._nameless_file() as file:
        assert Path(f"/proc/self/fd/{file.fileno()}").readlink().parent == tmp_path
    monkeypatch.setattr(module, "_ON_DISK", str(tmp_path / "missing"))  # the folder of memory is no resort
    given_, store = snapshot(), Store()
    assert store.put(given_) is given_
    assert store.news().endswith("No such file or directory.")


def test_threads_read_while_others_are_put_and_dropped() -> None:
    store, given_ = Store(), [snapshot(step, 500) for step in range(50)]
    kept, wrong = [store.put(each) for each in given_], list[int]()

    def read() -> None:
        for _ in range(5):
            wrong.extend(a.step for a, b in zip(given_, kept, strict=True) if not same(a, b))

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for step in range(300):
        store.put(snapshot(step, 500))
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_process_that_it_is_sent_to_holds_it_whole() -> None:
    given_ = snapshot()
    sent = pickle.loads(pickle.dumps(Store().put(given_)))
    assert type(sent) is Snapshot
    assert bits(sent) == bits(given_)


def cut_to(size: int, kept: Stored) -> None:
    os.ftruncate(kept._slots._file.fileno(), size)


def leave_a_hole(kept: Stored) -> None:
    cut_to(0, kept)
    os.ftruncate(kept._slots._file.fileno(), 100_000)


def spoil(kept: Stored) -> None:
    size = kept._slots.size
    os.pwrite(kept._slots._file.fileno(), b"\xff" * (size - 16), kept._slot * size + 16)


DAMAGES: dict[str, Callable[[Stored], object]] = {
    "gone": partial(cut_to, 0),
    "cut in the head": partial(cut_to, 10),
    "cut in the numbers": partial(cut_to, 100),
    "a hole": leave_a_hole,
    "other bytes": spoil,
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("parameters", [8, 1000])
def test_a_snapshot_that_cannot_be_read_back_is_an_error_that_names_the_temporary_file(
    damage: str, parameters: int
) -> None:
    kept = Store().put(snapshot(parameters=parameters))
    assert isinstance(kept, Stored)
    assert not kept.is_lost
    DAMAGES[damage](kept)
    with pytest.raises(OSError, match="Input/output error: 'the temporary file of snapshots'"):
        _ = kept.batches
    assert kept.is_lost


def test_all_but_the_newest_snapshot_of_a_run_is_outside_memory_and_goes_on_as_it_did() -> None:
    trainer, run = Trainer(recipe()), Run(recipe())
    run.begin()
    moments = []
    for _ in range(30):
        trainer.step(1)
        moments.append(trainer.experiment.snapshot())
        run.timeline.append(moments[-1])
    kept = run.timeline.snapshots
    assert [isinstance(each, Stored) for each in kept] == [True] * 30 + [False]
    again = Trainer(recipe())
    for moment, held in zip(moments, kept[1:], strict=True):
        assert same_state(moment, held)
        again.experiment.restore(held)
        assert same_state(again.experiment.snapshot(), moment)
    assert same_state(Past(run).at(17), moments[16])


def test_to_return_to_a_snapshot_it_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(recipe())
    run.begin()
    experiment, stored = run.experiment(), Store().put(run.latest)
    read, slots = module.Slots.read, list[int]()
    monkeypatch.setattr(module.Slots, "read", lambda file, slot: slots.append(slot) or read(file, slot))
    experiment.restore(stored)
    assert len(slots) == 1
    assert same_state(experiment.snapshot(), run.latest)


def test_a_worker_holds_what_it_is_about_to_send() -> None:
    kept = Timeline(map(snapshot, range(5)), store=None).snapshots
    assert {type(each) for each in kept} == {Snapshot}


def test_a_session_goes_on_in_memory_and_says_so_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    session = Session(Binary, worker=LocalWorker())
    take(session, 5)
    monkeypatch.setattr(STORE, "_refused", STORE._refused)  # so that both are as before in the end
    monkeypatch.setattr(STORE, "_news", "")
    monkeypatch.setattr(module.os, "pwrite", refuse)
    take(session, 20)
    kept = [type(each) for each in session.run.timeline.snapshots]
    assert kept == [Stored] * 5 + [Snapshot] * 21
    assert session.news().endswith("temporary file: No space left on device.")
    assert session.news() == ""
    session.seek(11)
    straight_on = Trainer(session.run.recipe)
    straight_on.step(11)
    assert same_state(session.experiment.snapshot(), straight_on.experiment.snapshot())
