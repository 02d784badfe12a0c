"""What was changed can be taken back, and made again."""

from collections.abc import Callable

from scratchtui.training.edits import DEPTH, Edits


def leaving(present: int) -> Callable[[int], int]:
    return lambda _: present


def test_edits_are_taken_back_and_made_again_in_order() -> None:
    edits: Edits[int] = Edits()
    for state in range(3):
        edits.note(state, state + 1)
    assert [
        edits.back(leaving(3)),
        edits.back(leaving(2)),
        edits.back(leaving(1)),
        edits.back(leaving(0)),
    ] == [2, 1, 0, None]
    assert [
        edits.forth(leaving(0)),
        edits.forth(leaving(1)),
        edits.forth(leaving(2)),
        edits.forth(leaving(3)),
    ] == [1, 2, 3, None]


def test_a_stroke_is_taken_back_whole() -> None:
    edits: Edits[int] = Edits()
    edits.note(0, 1)
    edits.note(1, 2)
    edits.note(2, 3, stroke=True)
    edits.note(3, 4, stroke=True)
    assert edits.back(leaving(4)) == 1
    assert edits.back(leaving(1)) == 0


def test_a_stroke_that_changes_nothing_at_first_is_not_taken_back_with_what_was_before_it() -> None:
    edits: Edits[int] = Edits()
    edits.note(0, 1)
    edits.note(1, 1)
    edits.note(1, 2, stroke=True)
    edits.note(2, 3, stroke=True)
    assert edits.back(leaving(3)) == 1
    assert edits.back(leaving(1)) == 0


def test_a_stroke_that_goes_on_after_it_was_taken_back_is_another() -> None:
    edits: Edits[int] = Edits()
    edits.note(0, 1)
    edits.note(1, 2)
    edits.note(2, 3, stroke=True)
    assert edits.back(leaving(3)) == 1
    edits.note(1, 4, stroke=True)
    assert edits.back(leaving(4)) == 1
    assert edits.back(leaving(1)) == 0


def test_after_a_new_edit_there_is_nothing_to_make_again() -> None:
    edits: Edits[int] = Edits()
    edits.note(0, 1)
    edits.back(leaving(1))
    edits.note(0, 1)
    assert edits.forth(leaving(2)) is None


def test_the_oldest_edits_are_forgotten_beyond_a_thousand() -> None:
    edits: Edits[int] = Edits()
    for state in range(DEPTH + 5):
        edits.note(state, state + 1)
    present, taken = DEPTH + 5, 0
    while (before := edits.back(leaving(present))) is not None:
        present, taken = before, taken + 1
    assert (present, taken) == (5, DEPTH)


def test_the_oldest_edits_are_let_go_first_and_then_those_to_be_made_again() -> None:
    edits: Edits[int] = Edits()
    for state in range(4):
        edits.note(state, state + 1)
    edits.back(leaving(4))
    edits.back(leaving(3))
    assert [edits.drop() for _ in range(3)] == [True, True, True]
    assert list(edits) == [3]
    assert edits.forth(leaving(2)) == 3
    assert edits.drop()
    assert not edits.drop()


def test_a_stroke_has_one_state_made_of_those_before_its_parts() -> None:
    edits: Edits[str] = Edits(lambda first, later: first + later)
    edits.note("a", "b")
    edits.note("b", "c", stroke=True)
    assert edits.back(lambda _: "c") == "ab"
