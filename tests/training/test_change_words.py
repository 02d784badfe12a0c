"""Undo and redo say what they did."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.panel import FREEZE, SET, Edit
from scratchtui.training.session import Session
from tests.training.stand_ins import LocalWorker
from tests.training.test_time_travel import take

Does = Callable[[Session], None]


def edit(panel: str, action: str, *place: int, text: str = "") -> Does:
    return lambda session: session.edit(panel, Edit(action, place, text))


def change(key: str, value: float | str) -> Does:
    return lambda session: session.set_value(key, value)


def begin_again(session: Session) -> None:
    session.reset()


def begin_another(session: Session) -> None:
    begin_again(session)
    take(session, 2)
    session.edit("runs", Edit("rename", (0,), "slow"))
    session.edit("runs", Edit("remove", (0,)))


FACE = "0000240000423c00"
CASES: list[
    tuple[str, int, Does, str, str]
] = [  # experiment, steps before, what is done, taken back, made again
    ("nn", 4, change("learning_rate", 0.25), "learning rate 0.25 → 0.01", "learning rate 0.01 → 0.25"),
    ("nn", 0, change("learning_rate", 0.25), "learning rate 0.25 → 0.01", "learning rate 0.01 → 0.25"),
    ("nn", 4, change("batch_size", 2), "batch size 2 → all", "batch size all → 2"),
    ("nn", 4, change("hidden", "4"), "hidden 4 waits no longer", "hidden 4 waits"),
    ("nn", 0, change("hidden", "4"), "hidden 4 → 8", "hidden 8 → 4"),
    ("nn", 4, edit("rows", "add", text="11=1"), "data without +11=1", "data with +11=1"),
    (
        "nn",
        4,
        edit("weights", f"{FREEZE}cell", 0),
        "frozen 0.Dense.W[0,0] → none",
        "frozen none → 0.Dense.W[0,0]",
    ),
    ("binary", 4, edit("weights", SET, 0, text="7"), "0.Dense.W[0,0] 7 → ", "0.Dense.W[0,0] "),
    ("binary", 4, begin_again, "run 2 → run 1, step 4", "run 1 → run 2, step 0"),
    ("binary", 4, begin_another, "slow listed again", "slow forgotten"),
    ("binary", 4, edit("runs", "pin", 0), "run 1 no longer pinned", "run 1 pinned"),
    ("binary", 4, edit("runs", "rename", 0, text="a"), "name a → run 1", "name run 1 → a"),
    (
        "binary",
        4,
        lambda s: s.stop_when("loss<1"),
        "stops when loss < 1 → never",
        "stops when never → loss < 1",
    ),
    ("rnn", 4, change("text", "hullo"), "text hullo waits no longer", "text hullo waits"),
    ("rnn", 4, edit("units", "silence", 2), "unit 3 let go", "unit 3 held at 0"),
    ("cnn", 0, edit("face", "flip", 2, 3), "the face", "the face"),
]


@pytest.mark.parametrize(("name", "steps", "does", "back", "forth"), CASES)
def test_what_is_taken_back_and_made_again_is_told(
    name: str, steps: int, does: Does, back: str, forth: str
) -> None:
    session = Session(EXPERIMENTS[name], worker=LocalWorker())
    take(session, steps)
    does(session)
    assert session.undo().startswith(back)
    assert session.redo().startswith(forth)


def test_a_pixel_is_told_by_its_place_and_a_drag_by_their_number() -> None:
    session = Session(EXPERIMENTS["cnn"], worker=LocalWorker())
    session.edit("face", Edit("clear"))
    session.edit("face", Edit("flip", (2, 3)))
    for column in range(3):
        session.edit("face", Edit("paint", (5, column), "#", stroke=column > 0))
    assert session.undo() == "3 pixels"
    assert session.undo() == "pixel row 3, column 4 off"
    assert session.redo() == "pixel row 3, column 4 on"


def test_a_change_that_forked_a_run_tells_of_both() -> None:
    session = Session(EXPERIMENTS["binary"], worker=LocalWorker())
    take(session, 9)
    session.seek(3)
    session.set_value("learning_rate", 0.1)
    assert session.undo() == "run 2 → run 1, step 3, learning rate 0.1 → 0.2"


def test_of_many_changes_the_first_are_told_and_the_others_counted() -> None:
    session = Session(EXPERIMENTS["nn"], worker=LocalWorker())
    take(session, 2)
    for key, value in (("hidden", "4"), ("activation", "relu"), ("initializer", "he")):
        session.set_value(key, value)
    session.reset()
    assert session.undo().startswith("run 2 → run 1, step 2, hidden 4 → 8, ")
    assert session.redo().endswith(" more")


def test_nothing_is_told_where_there_is_nothing_to_take_back() -> None:
    assert Session(EXPERIMENTS["binary"], worker=LocalWorker()).undo() == ""
