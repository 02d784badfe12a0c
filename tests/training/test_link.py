"""What the worker is told of a run, and what is heard of it."""

from dataclasses import replace
from typing import Any

import pytest

from scratchtui.experiments.panel import Edit, Probe
from scratchtui.experiments.view import Table
from scratchtui.logs import log
from scratchtui.training.journal import Entry
from scratchtui.training.link import Link
from scratchtui.training.messages import Advance, Ask, Begin, Change, Failed, Pause, Progress
from scratchtui.training.run import Run
from scratchtui.training.session import Session
from scratchtui.training.silence import Silence
from scratchtui.training.trainer import Trainer
from tests.training.stand_ins import ScriptedWorker, heard, recipe, sent, told


def test_a_worker_is_asked_once_until_it_has_told(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    for _ in range(10):
        session.ask()
        session.receive()
    assert worker.sent.count(Ask()) == 1
    heard(session, worker, told(1, 3))
    session.ask()
    session.ask()
    assert worker.sent.count(Ask()) == 2


def test_events_of_an_abandoned_run_are_ignored(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    session.reset()
    session.toggle()
    asks = worker.sent.count(Ask())
    heard(session, worker, told(1, 50), Failed(1, "too late", ""))
    assert session.experiment.steps == 0
    assert session.state == "running"
    assert len(session.run.losses) == 0
    session.ask()
    assert worker.sent.count(Ask()) == asks  # the present run has not answered yet
    heard(session, worker, told(2, 3))
    assert session.experiment.steps == 3


@pytest.mark.parametrize("end", [EOFError(), Failed(1, "out of memory", "")], ids=str)
def test_space_goes_on_from_the_last_snapshot_of_a_lost_worker(
    session: Session, worker: ScriptedWorker, end: EOFError | Failed
) -> None:
    session.toggle()
    heard(session, worker, told(1, 20))
    session.set_value("learning_rate", 0.1)  # the worker is lost before it tells of this
    heard(session, worker, end)
    assert session.state == "failed"
    assert session.link.failure
    assert session.experiment.steps == 20
    worker.sent.clear()
    session.toggle()
    begin, change, *_ = worker.sent
    assert isinstance(begin, Begin)
    assert begin.snapshot is not None
    assert begin.snapshot.step == 20
    assert change == Change("learning_rate", 0.1)
    assert session.running


def test_a_live_change_after_a_failure_keeps_the_run(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    heard(session, worker, told(1, 20), EOFError())
    worker.sent.clear()
    session.set_value("momentum", 0.5)
    assert session.experiment.steps == 20
    assert [type(command) for command in worker.sent] == [Begin, Change, Ask]


def test_an_edit_is_not_lost_to_what_the_worker_told_before_it(
    session: Session, worker: ScriptedWorker
) -> None:
    session.toggle()
    heard(session, worker, told(1, 3))
    for number in ("3", "4"):
        rows = session.experiment.view("rows", [], Probe())
        assert isinstance(rows, Table)
        index = next(index for index, row in zip(rows.ids, rows.rows, strict=True) if row[0] == number)
        session.edit("rows", Edit("remove", (index,)))
        heard(session, worker, told(1, 5))  # on its way when the row was deleted
    assert session.experiment.settings["data"] == "all -3 -4"
    assert sent(worker, Change) == [Change("data", "all -3"), Change("data", "all -3 -4")]


# alone


@pytest.fixture
def run() -> Run:
    run = Run(recipe())
    run.begin()
    return run


@pytest.fixture
def link(worker: ScriptedWorker, run: Run) -> Link:
    link = Link(worker)
    link.take_up(run)
    return link


def hear(link: Link, worker: ScriptedWorker, *events: Progress | Failed | EOFError) -> list[type[Any]]:
    worker.to_tell = list(events)
    return [type(event) for event in link.heard()]


def test_a_run_begins_with_its_first_order_and_only_once(
    link: Link, worker: ScriptedWorker, run: Run
) -> None:
    link.ask()
    assert worker.sent == []
    assert not link.begun
    link.order(Advance(1))
    link.order(Pause())
    assert worker.sent == [Begin(1, run.recipe, run.latest), Advance(1), Ask(), Pause(), Ask()]
    assert link.begun


def test_a_change_is_untold_until_the_worker_has_told_of_it(link: Link, worker: ScriptedWorker) -> None:
    link.change("learning_rate", 0.1)
    link.change("momentum", 0.5)
    link.change("0.Dense.W[0,0]", 3.0)
    assert (link.settings["learning_rate"], link.settings["momentum"]) == (0.1, 0.5)
    hear(link, worker, replace(told(1, 3), journal=(Entry(2, "learning_rate", 0.1),)))
    assert link.untold == [Change("momentum", 0.5), Change("0.Dense.W[0,0]", 3.0)]
    experiment = Trainer(recipe()).experiment
    link.catch_up(experiment)
    assert (experiment.settings["momentum"], experiment.weight("0.Dense.W[0,0]")) == (0.5, 3.0)


@pytest.mark.parametrize(
    ("end", "why"),
    [(EOFError(), "the training process ended"), (Failed(1, "out of memory", ""), "out of memory")],
)
def test_a_run_that_broke_begins_anew_with_what_was_untold(
    link: Link, worker: ScriptedWorker, end: EOFError | Failed, why: str
) -> None:
    link.change("learning_rate", 0.1)
    assert hear(link, worker, end) == [Failed]
    assert (link.failure, link.begun) == (why, False)
    worker.sent.clear()
    link.order(Advance(1))
    assert [type(command) for command in worker.sent] == [Begin, Change, Advance, Ask]
    assert link.failure == ""


def silent(link: Link) -> Link:
    """Let its worker give no answer for long."""
    now = 0.0
    link.silence = Silence(lambda: now)
    for now in range(1, 8):  # noqa: B007 - the clock reads it
        link.listen()
    return link


def test_a_worker_that_does_not_answer_is_given_up_with_what_was_untold(
    link: Link, worker: ScriptedWorker, caplog: pytest.LogCaptureFixture
) -> None:
    link.change("learning_rate", 0.1)
    log.addHandler(caplog.handler)
    assert silent(link).trouble == "silent"
    log.removeHandler(caplog.handler)
    assert caplog.messages == ["the training process does not answer, amid run 1"]
    worker.sent.clear()
    link.give_up()
    assert link.trouble == ""
    link.order(Advance(1))
    assert [type(command) for command in worker.sent[1:]] == [Begin, Change, Advance, Ask]
    assert worker.sent[0] == "end"


def test_a_worker_that_does_not_answer_is_not_given_another_run(
    link: Link, worker: ScriptedWorker, run: Run
) -> None:
    link.order(Advance(1))
    worker.sent.clear()
    silent(link).take_up(run)
    assert worker.sent[0] == "end"
    assert link.trouble == ""


@pytest.mark.parametrize("answered", [True, False])
def test_only_a_worker_that_owes_an_answer_is_silent(
    link: Link, worker: ScriptedWorker, answered: bool
) -> None:
    if answered:
        link.order(Advance(1))
        hear(link, worker, told(1, 1))
    assert silent(link).trouble == ""


def test_of_a_run_that_was_left_nothing_is_heard_and_nothing_remembered(
    link: Link, worker: ScriptedWorker
) -> None:
    link.change("learning_rate", 0.1)
    link.take_up(Run(recipe()))
    assert worker.sent[-1] == Pause()
    assert hear(link, worker, told(1, 3), Failed(1, "too late", "")) == []
    assert (link.untold, link.failure, link.begun) == ([], "", False)


def test_a_run_is_completed_by_what_was_untold(link: Link, run: Run) -> None:
    link.complete(run)
    assert len(run.timeline.snapshots) == 1
    link.change("learning_rate", 0.1)
    link.complete(run)
    assert run.journal == [Entry(0, "learning_rate", 0.1)]
    assert (run.latest.settings["learning_rate"], run.latest.changes) == (0.1, 1)
