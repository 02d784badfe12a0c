"""One budget of memory for all runs of a tab, and what is done where it is short."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.snapshot import same_state
from scratchtui.training import room as module
from scratchtui.training.history import LossHistory
from scratchtui.training.journal import Entry
from scratchtui.training.past import Past
from scratchtui.training.room import Room
from scratchtui.training.run import FEWEST_BUCKETS, Run
from scratchtui.training.session import Session
from scratchtui.training.trainer import Trainer
from tests.training.stand_ins import LocalWorker, recipe
from tests.training.test_time_travel import take

KIB = 2**10


def trained(steps: int = 600) -> Run:
    """Return a run with a snapshot of every step, one setting of which was changed halfway."""
    trainer, run = Trainer(recipe()), Run(recipe())
    run.begin()
    for step in range(steps):
        if step == steps // 2:
            run.journal.append(trainer.change("learning_rate", 0.1))
            run.timeline.append(trainer.experiment.snapshot())
        run.losses = run.losses.merge(LossHistory.of(step + 1, trainer.step(1).losses))
        run.timeline.append(trainer.experiment.snapshot())
    return run


def test_a_run_that_shrinks_to_the_last_is_exact_and_begins_where_it_was() -> None:
    run, whole = trained(), trained()
    while run.shrink():
        pass
    steps = [(snapshot.step, snapshot.changes) for snapshot in run.timeline.snapshots]
    assert steps == [(300, 1), (600, 1)]
    assert len(run.losses) == 600
    assert len(run.losses.index) <= FEWEST_BUCKETS
    run.begin()
    for step in (0, 123, 300, 599, 600):
        assert same_state(Past(run).at(step), Past(whole).at(step))


def test_a_run_that_took_no_step_shrinks_and_begins_again() -> None:
    run = Run(recipe())
    assert not run.shrink()
    run.begin()
    assert not run.shrink()
    assert same_state(run.latest, Trainer(recipe()).experiment.snapshot())


@pytest.mark.parametrize("kib", [900, 720, 100])
def test_the_others_shrink_until_all_are_within_the_budget(kib: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BYTES_OF_A_TAB", kib * KIB)
    present, *others = (trained() for _ in range(2))
    small = trained(20)
    kept = len(small.timeline.snapshots)
    before = present.nbytes
    room = Room()
    made = room.make(present, [*others, small], [])
    assert made == (kib != 100)
    assert present.nbytes == before
    if made:
        assert sum(run.nbytes for run in (present, *others, small)) <= kib * KIB
        assert len(small.timeline.snapshots) == kept  # the largest first
        assert not room.is_short(present)


def test_the_present_run_gives_half_of_its_room_at_most_for_what_edits_lead_back_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    present, others = trained(), [trained(3) for _ in range(20)]
    for other in others:
        while other.shrink():
            pass
    least = sum(other.nbytes for other in others) + 600 * 24 + 600 * 40
    monkeypatch.setattr(module, "BYTE_BUDGET", 700 * KIB)
    monkeypatch.setattr(module, "BYTES_OF_A_TAB", least + 400 * KIB)
    room = Room()
    assert room.make(present, others, [])
    assert 150 * KIB < present.timeline.nbytes <= 401 * KIB
    monkeypatch.setattr(module, "BYTES_OF_A_TAB", least)
    assert not room.make(present, others, [])
    assert present.timeline.nbytes > 150 * KIB


def test_a_text_counts_once_whoever_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    run, other = Run(recipe()), Run(recipe())
    run.begin()
    other.begin()
    texts = ["".join(["all", " +5=6" * 20_000, str(number)]) for number in range(3)]
    for text in (*texts, *texts):
        run.journal.append(Entry(0, "data", "".join(list(text))))
        run.timeline.append(replace(run.latest, changes=len(run.journal), settings={"data": text + ""}))
    other.journal += run.journal
    size = sum(map(len, texts))
    monkeypatch.setattr(module, "BYTES_OF_A_TAB", size + 20 * KIB)
    assert Room().make(run, [other], [{"data": run.journal[0].value}])
    assert not Room().make(run, [other], [{"data": texts[0][:-5]}])
    assert run.latest.settings["data"] is run.journal[-1].value


def test_long_texts_leave_less_room_for_the_snapshots_of_their_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BYTE_BUDGET", 400 * KIB)
    run = trained(350)
    whole = len(run.timeline.snapshots)
    Room().make(run, [], [])
    assert len(run.timeline.snapshots) == whole
    run.journal.append(Entry(350, "data", "all" + " +5=6" * 40 * KIB))
    Room().make(run, [], [])
    assert run.timeline.nbytes <= 200 * KIB
    run.journal.append(Entry(350, "data", "all" + " +5=7" * 400 * KIB))
    Room().make(run, [], [])
    assert 20 * KIB < run.timeline.nbytes <= 50 * KIB


@pytest.fixture
def session() -> Session:
    return Session(Binary, worker=LocalWorker())


def test_a_run_that_was_left_is_whole_when_it_comes_back_unless_memory_is_short(session: Session) -> None:
    take(session, 50)
    before = list(session.run.timeline.snapshots)
    session.reset()
    take(session, 3)
    session.undo()
    assert session.run.timeline.snapshots == before


def test_the_present_run_grows_at_the_expense_of_those_before(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(session, 50)
    first, last = session.run, session.run.latest
    session.reset()
    monkeypatch.setattr(module, "BYTES_OF_A_TAB", first.nbytes + 20 * KIB)
    take(session, 50)
    assert len(session.run.timeline.snapshots) == 51
    assert len(first.timeline.snapshots) < 50
    assert session.news() == ""
    session.undo()
    assert same_state(session.experiment.snapshot(), last)
    session.seek(17)
    straight_on = Trainer(recipe())
    straight_on.step(17)
    assert same_state(session.experiment.snapshot(), straight_on.experiment.snapshot())


def test_where_not_even_that_is_enough_the_oldest_edits_are_let_go_and_that_is_said(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BYTES_OF_A_TAB", 32 * KIB)
    first = session.run
    for _ in range(30):
        take(session, 3)
        session.reset()
    words = session.news()
    assert words.startswith("The oldest edits can no longer be taken back")
    assert "Forgotten, as no edit leads back there: run 1" in words
    assert not first.timeline.snapshots
    assert sum(run.nbytes for run in session.runs) <= 32 * KIB
    taken_back = 0
    while session.undo():
        taken_back += 1
        assert len(session.run.losses) == 3
    assert 8 < taken_back < 30
    np.testing.assert_array_equal(session.run.losses.count, np.ones(3))
