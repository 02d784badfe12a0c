"""The runs of a tab, kept for comparison."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.neural import NeuralNet
from scratchtui.experiments.panel import SET, Edit
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.difference import value_words
from scratchtui.training.runs import MOST
from scratchtui.training.session import Session
from tests.training.stand_ins import LocalWorker
from tests.training.test_time_travel import take


@pytest.fixture
def session() -> Session:
    return Session(Binary, worker=LocalWorker())


def names(session: Session) -> list[str]:
    return [run.name for run in session.runs]


def edit(session: Session, action: str, place: int, text: str = "") -> None:
    session.edit("runs", Edit(action, (place,), text))


def test_a_run_that_took_steps_is_kept_when_another_begins_and_one_that_took_none_is_not(
    session: Session,
) -> None:
    session.reset(new_seed=True)
    assert len(names(session)) == 1
    take(session, 3)
    session.reset()
    take(session, 2)
    session.seek(1)
    session.set_value("learning_rate", 0.1)
    assert [run.latest.step for run in session.runs] == [3, 2, 1]
    assert session.run.origin == (session.runs[1].name, 1)


def test_a_run_without_a_step_has_no_loss_in_the_list(session: Session) -> None:
    take(session, 1)
    session.reset()
    table = session.runs_table()
    first, second = (row[table.columns.index("loss")] for row in table.rows)
    assert float(first) > 0.0
    assert second == ""


def test_one_returns_to_a_run_where_it_was_left_and_can_take_that_back(session: Session) -> None:
    take(session, 5)
    first = session.run
    session.reset(new_seed=True)
    take(session, 2)
    edit(session, "return", 0)
    assert session.run is first
    take(session, 1)
    assert session.experiment.steps == 6
    session.undo()
    assert session.experiment.steps == 2


def test_the_list_says_what_differs_and_how_far_each_came(session: Session) -> None:
    take(session, 4)
    session.set_value("learning_rate", 0.1)
    take(session, 1)
    session.reset()
    session.set_value("optimizer", "adam")
    take(session, 2)
    table = session.runs_table()
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert [row["steps"] for row in rows] == ["5", "2"]
    assert rows[0]["differs by"] == "learning_rate=0.2 then 0.1 at 4, optimizer=sgd"
    assert rows[0]["came to"].startswith("max|w-2^k|")
    assert rows[1]["differs by"] == "here"
    assert table.selected == 1


def column(session: Session, name: str) -> list[str]:
    table = session.runs_table()
    place = table.columns.index(name)
    return [row[place] for row in table.rows]


def test_the_list_says_from_which_run_and_step_one_was_forked(session: Session) -> None:
    take(session, 4)
    assert "from" not in session.runs_table().columns
    session.seek(3)
    session.set_value("learning_rate", 0.1)
    take(session, 1)
    assert column(session, "from") == ["", "run 1 at 3"]


def test_the_list_counts_what_was_set_by_hand_and_changed_on_the_way(session: Session) -> None:
    take(session, 4)
    session.seek(3)
    session.edit("weights", Edit(SET, (0,), "7"))
    take(session, 1)
    assert column(session, "differs by") == ["1 weight by hand", "here"]
    session.edit("weights", Edit(SET, (1,), "7"))
    take(session, 1)
    edit(session, "return", 0)
    assert column(session, "differs by") == ["here", "2 weights by hand"]
    session.set_value("learning_rate", 0.1)
    session.set_value("learning_rate", 0.2)
    take(session, 1)
    session.reset()
    take(session, 1)
    assert column(session, "differs by")[0] == "2 changes, here 0"


def test_the_list_tells_apart_what_came_to_the_same_settings_on_different_ways(session: Session) -> None:
    take(session, 4)
    session.set_value("learning_rate", 0.1)
    take(session, 1)
    session.reset()
    take(session, 5)
    assert column(session, "differs by") == ["learning_rate=0.2 then 0.1 at 4", "here"]
    edit(session, "return", 0)
    assert column(session, "differs by") == ["here", "learning_rate=0.1 throughout"]
    for step in range(3):
        session.set_value("learning_rate", 0.01 * (step + 1))
        take(session, 1)
    edit(session, "return", 1)
    assert column(session, "differs by")[0] == "learning_rate=0.2 … 0.03 at 7 (4 changes)"


def test_a_difference_is_written_as_it_would_be_typed_and_a_long_text_by_its_two_ends() -> None:
    session = Session(NeuralNet, worker=LocalWorker())
    take(session, 1)
    session.reset()
    session.set_value("batch_size", 2)
    session.edit("rows", Edit("add", text="11=1"))
    take(session, 1)
    edit(session, "return", 0)
    assert column(session, "differs by")[1].startswith("batch_size=2, data=xor ")
    edit(session, "return", 1)
    assert column(session, "differs by")[0] == "batch_size=all, data=xor"
    assert value_words(NeuralNet, "data", 3 * "0123456789") == "012345678901…90123456789"


def test_the_list_tells_all_of_a_run_in_a_sentence(session: Session) -> None:
    take(session, 4)
    edit(session, "rename", 0, "the first of all of them")
    session.seek(3)
    session.set_value("learning_rate", 0.1)
    take(session, 1)
    first, second = session.runs_table().details
    assert first.startswith("the first of all of them: differs by learning_rate=0.2 · max|w-2^k|")
    assert second.startswith(
        "run 2: the run that you are in · from the first of all of them at 3 · "
        "changed: learning_rate=0.1 at 3 · max|w-2^k|"
    )
    assert f" · began {session.run.began:%H:%M}" in second


def test_the_list_tells_of_the_end_of_the_present_run_whatever_moment_is_seen(session: Session) -> None:
    take(session, 4)
    session.reset()
    take(session, 9)
    before = session.runs_table()
    session.seek(2)
    assert session.runs_table() == before


def test_the_list_counts_the_runs_that_left_it(session: Session) -> None:
    for _ in range(MOST + 1):
        take(session, 1)
        session.reset()
    assert session.runs_table().note == "{undo} and {redo} lead back to 2 more runs"
    session.undo()
    assert session.runs_table().note == "{undo} and {redo} lead back to one more run"


def test_runs_are_renamed_pinned_and_forgotten(session: Session) -> None:
    take(session, 1)
    session.reset()
    take(session, 1)
    edit(session, "rename", 0, "  slow   one ")
    edit(session, "pin", 0)
    assert session.runs_table().rows[0][0] == "*slow one"
    assert session.written("runs", Edit("rename", (0,))) == "slow one"
    for text, words in (
        ("", "1 to 24"),
        ("x" * 25, "1 to 24"),
        ("\x1b[2J", "can be seen"),
        ("slow one", "already"),
    ):
        with pytest.raises(ValueError, match=words):
            edit(session, "rename", 1, text)
    with pytest.raises(ValueError, match="the run that you are in"):
        edit(session, "remove", 1)
    edit(session, "remove", 0)
    assert len(names(session)) == 1


def test_of_many_runs_the_oldest_are_forgotten_but_not_those_that_are_pinned(session: Session) -> None:
    take(session, 1)
    edit(session, "pin", 0)
    pinned = session.run
    for _ in range(MOST + 3):
        session.reset()
        take(session, 1)
    assert len(session.runs) == MOST
    assert session.runs[0] is pinned
    assert session.runs[-1] is session.run


def test_before_the_first_step_the_curves_of_other_runs_keep_their_scale(session: Session) -> None:
    assert not session.losses().logarithmic
    take(session, 3)
    session.reset()
    assert session.losses().logarithmic


def test_the_losses_of_other_runs_stay_as_dimmed_curves(session: Session) -> None:
    take(session, 5)
    session.reset(new_seed=True)
    take(session, 3)
    curves = session.losses().curves
    assert [(curve.name, curve.dim, len(curve.x)) for curve in curves] == [
        ("run 2", False, 3),
        ("run 1", True, 5),
    ]


def test_what_was_done_to_runs_is_taken_back_and_made_again(session: Session) -> None:
    take(session, 3)
    first = session.run
    session.reset()
    take(session, 2)
    edit(session, "rename", 0, "slow one")
    edit(session, "pin", 0)
    edit(session, "remove", 0)
    assert names(session) == ["run 2"]
    session.undo()
    assert names(session) == ["slow one", "run 2"]
    session.undo()
    assert not first.pinned
    session.undo()
    assert names(session) == ["run 1", "run 2"]
    for _ in range(3):
        session.redo()
    assert names(session) == ["run 2"]
    for _ in range(4):
        session.undo()
    assert (session.run, session.experiment.steps) == (first, 3)


def test_a_setting_changed_before_the_first_step_is_taken_back_later_as_any_other(session: Session) -> None:
    session.set_value("learning_rate", 0.1)
    session.set_value("learning_rate", 0.05)
    take(session, 4)
    assert names(session) == ["run 1"]
    session.undo()
    session.undo()
    assert (session.experiment.steps, session.value("learning_rate")) == (4, 0.2)
    take(session, 1)
    session.redo()
    session.redo()
    assert (session.experiment.steps, session.value("learning_rate")) == (5, 0.05)


def test_a_run_to_which_nothing_leads_back_is_forgotten_and_holds_nothing_whoever_holds_it(
    session: Session,
) -> None:
    take(session, 2)
    first = session.run
    for _ in range(MOST + 2):
        session.reset()
        take(session, 1)
    last = session.run
    session.mark()
    while session.undo():
        assert len(session.runs) == MOST
    assert session.run is first
    assert last in session.runs
    assert session.news() == ""
    forgotten = list(session.runs._unlisted)
    words = ", ".join(run.name for run in forgotten)
    session.stop_when("step=9")  # which leaves nothing to be made again
    assert len(forgotten) == 3
    assert session.news() == f"Forgotten, as no edit leads back there: {words}."
    assert session.news() == ""
    assert [(run.timeline.snapshots, len(run.losses)) for run in forgotten] == 3 * [([], 0)]
    assert f"{last.name}, step 1" in session.mark()


def test_runs_that_took_no_step_hold_no_snapshot_and_are_returned_to_all_the_same(session: Session) -> None:
    runs, weights = [], []
    for _ in range(30):
        session.reset(new_seed=True)
        runs.append(session.run)
        weights.append(session.experiment.network.vector.copy())
    assert not any(run.timeline.snapshots for run in runs[:-1])
    for run, before in list(zip(runs, weights, strict=True))[-2::-1]:
        session.undo()
        assert session.run is run
        np.testing.assert_array_equal(session.experiment.network.vector, before)


DEEP = 110


def pin(session: Session) -> None:
    edit(session, "pin", next(place for place, run in enumerate(session.runs) if run is session.run))


def begin_again(session: Session) -> None:
    session.reset()


def fork(session: Session) -> None:
    session.seek(1)
    session.set_value("learning_rate", 0.1 if session.value("learning_rate") != 0.1 else 0.2)


def go_on_from_the_past(session: Session) -> None:
    session.seek(1)
    session.toggle()
    session.pause()


def open_another(session: Session) -> None:
    session.open(session.whole_run().copied())


@pytest.mark.parametrize(
    ("what", "pinned"),
    [(begin_again, MOST), (fork, MOST), (fork, 0), (go_on_from_the_past, 0), (open_another, 0)],
)
def test_more_than_a_hundred_runs_are_left_and_come_back_to_one_by_one(
    what: Callable[[Session], None], pinned: int, session: Session
) -> None:
    for _ in range(pinned):
        take(session, 1)
        pin(session)
        session.reset()
    left = []
    for _ in range(DEEP):
        take(session, 2)
        left.append((session.run, session.experiment.snapshot()))
        what(session)
        assert left[-1][0] in session.runs
    for run, snapshot in reversed(left):
        while session.run is not run:
            assert session.undo()
        session.seek(snapshot.step)
        assert same_state(session.experiment.snapshot(), snapshot)
        assert len(run.losses) == snapshot.step
        assert run in session.runs
    assert session.news() == ""


def test_more_than_a_hundred_deletions_are_taken_back(session: Session) -> None:
    for _ in range(DEEP):
        take(session, 1)
        pin(session)
        session.reset()
    take(session, 1)
    before = names(session)
    for _ in range(DEEP):
        edit(session, "remove", 0)
    assert len(session.runs) == 1
    for _ in range(DEEP):
        assert session.undo()
    assert names(session) == before
    assert all(run.latest.step == 1 for run in session.runs)


def test_edits_before_many_resets_are_taken_back_after_them(session: Session) -> None:
    for number in range(100):
        session.set_value("learning_rate", (number + 1) / 1000)
        take(session, 1)
    for _ in range(2 * MOST):
        take(session, 1)
        session.reset()
    taken_back = 0
    while session.undo():
        taken_back += 1
    assert taken_back == 100 + 2 * MOST
    assert session.value("learning_rate") == 0.2


def test_a_weight_set_before_the_first_step_is_there_when_its_run_comes_back(session: Session) -> None:
    session.edit("weights", Edit(SET, (0,), "7"))
    take(session, 0)
    session.worker.turns(2)  # type: ignore[attr-defined]
    session.receive()
    session.reset()
    session.undo()
    assert session.experiment.weight("0.Dense.W[0,0]") == 7.0


def test_a_deletion_that_is_taken_back_puts_the_run_where_it_was(session: Session) -> None:
    for _ in range(MOST - 1):
        take(session, 1)
        session.reset()
    take(session, 1)
    before = names(session)
    edit(session, "remove", MOST - 2)
    session.undo()
    assert names(session) == before
    session.reset()
    take(session, 1)
    assert names(session)[:-1] == before[1:]


def test_no_two_runs_have_one_name(session: Session) -> None:
    take(session, 1)
    edit(session, "rename", 0, "run 2")
    session.reset()
    take(session, 1)
    session.reset()
    take(session, 1)
    assert len(set(names(session))) == 3
    session.reset()  # at step 0
    session.reset(new_seed=True)
    take(session, 1)
    session.undo()
    assert len(set(names(session))) == len(names(session))


def test_a_change_before_the_first_step_of_a_pinned_run_begins_another_beside_it(session: Session) -> None:
    take(session, 1)
    session.reset()
    pin(session)
    pinned = session.run
    session.set_value("learning_rate", 0.05)
    assert session.run is not pinned
    edit(session, "return", 1)
    assert session.run is pinned
    take(session, 4)
    session.set_value("learning_rate", 0.1)
    take(session, 1)
    session.undo()
    assert (session.run, session.value("learning_rate"), session.experiment.steps) == (pinned, 0.2, 5)
