"""What a user did to a session is taken back, and made again."""

import pytest

from scratchtui.experiments.panel import SET, Edit
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


def test_edits_of_forgotten_runs_are_let_go(session: Session) -> None:
    session.stop_when("step=9")
    forgotten = session.run
    session.reset()
    kept = session.run
    forgotten.forget()
    session.reset()
    assert session.undo()
    assert session.run is kept
    assert not session.undo()
