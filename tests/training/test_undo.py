"""What a user did to a session is taken back, and made again."""

import math
from dataclasses import replace

import pytest

from scratchtui.experiments.panel import SET, Edit
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.lookback import StillFindingError
from scratchtui.training.messages import Change
from scratchtui.training.session import Session
from tests.training.stand_ins import ScriptedWorker, heard, sent, told


def test_edits_of_the_data_and_of_live_settings_are_taken_back_and_made_again(
    session: Session, worker: ScriptedWorker
) -> None:
    session.edit("rows", Edit("add", text="5=6"))
    session.set_value("learning_rate", 0.1)
    session.edit("rows", Edit("point", (3,)))  # which is no edit
    assert session.undo()
    assert session.value("learning_rate") == 0.2
    assert session.undo()
    assert session.value("data") == "all"
    assert not session.undo()
    assert session.redo()
    assert session.redo()
    assert not session.redo()
    assert (session.value("data"), session.value("learning_rate")) == ("all +5=6", 0.1)


def test_an_edit_taken_back_while_it_trains_is_told_to_the_worker(
    session: Session, worker: ScriptedWorker
) -> None:
    session.toggle()
    heard(session, worker, told(1, 3))
    session.edit("rows", Edit("remove", (0,)))
    assert session.undo()
    assert sent(worker, Change) == [Change("data", "all -0"), Change("data", "all")]


def test_an_edit_that_cannot_be_changes_nothing(session: Session) -> None:
    for panel, edit in (("rows", Edit("add", text="words")), ("weights", Edit("add", text="5"))):
        with pytest.raises(ValueError, match=r"neither|nothing in weights"):
            session.edit(panel, edit)
    assert session.value("data") == "all"
    assert not session.undo()


def test_what_is_refused_halfway_is_no_edit(session: Session) -> None:
    with pytest.raises(ValueError, match="no row is left"):
        session.set_value("data", "none")
    assert not session.undo()


def test_a_stroke_of_weights_is_taken_back_whole(session: Session) -> None:
    before = session.experiment.weight("0.Dense.W[0,0]")
    for number, text in enumerate(("1", "2", "3")):
        session.edit("weights", Edit(SET, (0,), text, stroke=number > 0))
    assert session.experiment.weight("0.Dense.W[0,0]") == 3.0
    assert session.undo()
    assert session.experiment.weight("0.Dense.W[0,0]") == before
    assert not session.undo()
    assert session.redo()
    assert session.experiment.weight("0.Dense.W[0,0]") == 3.0


def test_an_edit_of_a_run_that_was_left_brings_that_run_back(session: Session) -> None:
    session.set_value("data", "original")
    run = session.run
    session.reset(new_seed=True)
    session.stop_when("step=9")
    assert session.undo()
    assert session.course.stops == ()
    assert session.undo()
    assert session.run is run
    assert session.redo()
    assert session.run is not run


def test_what_waits_for_a_reset_is_taken_back_and_outlives_a_fork(
    session: Session, worker: ScriptedWorker
) -> None:
    session.toggle()
    heard(session, worker, told(1, 20, running=False))
    session.set_value("learning_rate", 0.1)
    session.set_value("bits", 4)
    assert session.undo()
    assert (session.pending, session.value("learning_rate")) == ({}, 0.1)
    assert session.redo()
    session.seek(5)
    session.set_value("learning_rate", 0.05)
    assert session.pending == {"bits": 4}
    session.drop_pending()
    assert session.pending == {}
    assert session.undo()
    session.reset()
    assert (session.value("bits"), session.pending) == (4, {})
    assert session.undo()
    assert (session.value("bits"), session.pending) == (8, {"bits": 4})


def test_going_on_from_a_moment_of_the_past_is_taken_back(session: Session, worker: ScriptedWorker) -> None:
    session.toggle()
    heard(session, worker, told(1, 20, running=False))
    run = session.run
    session.seek(5)
    session.toggle()
    assert session.run is not run
    assert session.undo()
    assert (session.run, session.experiment.steps, session.state) == (run, 5, "past")


def test_a_change_that_is_refused_in_the_past_leaves_it_as_it_is(
    session: Session, worker: ScriptedWorker
) -> None:
    session.toggle()
    heard(session, worker, told(1, 20, running=False))
    run = session.run
    session.seek(5)
    before = session.experiment.snapshot()
    with pytest.raises(ValueError, match="frozen"):
        session.set_value("frozen", "nonsense")
    assert (session.run, len(session.runs), session.state) == (run, 1, "past")
    assert same_state(session.experiment.snapshot(), before)
    assert not session.undo()


def test_no_more_is_pointed_at_as_before_than_the_edit_had_changed(session: Session) -> None:
    session.edit("rows", Edit("point", (3,)))
    session.set_value("learning_rate", 0.1)
    session.edit("rows", Edit("add", text="5=6"))
    added = session.probe.row
    session.probe = replace(session.probe, text="101")
    assert session.undo()
    assert (session.probe.row, session.probe.text) == (3, "101")
    assert session.redo()
    assert (session.probe.row, session.probe.text) == (added, "101")
    session.edit("rows", Edit("point", (7,)))
    assert session.undo()
    assert session.undo()
    assert (session.value("learning_rate"), session.probe.text) == (0.2, "101")


def test_a_stroke_over_several_weights_is_taken_back_whole(session: Session) -> None:
    names = [f"0.Dense.W[{place},0]" for place in range(3)]
    before = [session.experiment.weight(name) for name in names]
    for place in range(3):
        session.edit("weights", Edit(SET, (place,), "9", stroke=place > 0))
    assert session.undo()
    assert [session.experiment.weight(name) for name in names] == before
    assert not session.undo()
    assert session.redo()
    assert [session.experiment.weight(name) for name in names] == [9.0, 9.0, 9.0]


def test_a_change_that_waits_for_the_losses_before_it_is_not_seen_until_then(
    session: Session, worker: ScriptedWorker
) -> None:
    session.toggle()
    heard(session, worker, told(1, 20, running=False))
    session.run.losses = session.run.losses.halved().halved()  # so that those before step 6 are looked for
    session.seek(6)
    session.search_on(math.inf)
    before = session.experiment.snapshot()
    session.patience = -1.0
    with pytest.raises(StillFindingError):
        session.set_value("learning_rate", 0.05)
    assert same_state(session.experiment.snapshot(), before)
    assert session.experiment.changes == 0
