"""Edits of rows as text: what they mean, what they come to, what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchtui.experiments.samples.examples import GRAMMAR, RowEdit
from scratchtui.experiments.samples.tables import TruthTable

EDITS = {
    "+10=1": RowEdit(0, "10", 1),
    "+-0.5,2e3=0": RowEdit(0, "-0.5,2e3", 0),
    "-3": RowEdit(3, removes=True),
    "4:11": RowEdit(4, "11"),
    "4=0": RowEdit(4, target=0),
    "4:11=1": RowEdit(4, "11", 1),
}


@pytest.mark.parametrize(("text", "edit"), EDITS.items(), ids=EDITS)
def test_an_edit_is_read_and_written_alike(text: str, edit: RowEdit) -> None:
    assert GRAMMAR.edit(text) == edit
    assert str(edit) == text


@pytest.mark.parametrize(
    "text", ["", "4", "+10", "+=1", "4:", "=1", "-0", "-x", "4:11=2", "0=1", "10=", "+1 0=1"]
)
def test_what_is_no_edit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no edit of the data; write"):
        GRAMMAR.edit(text)


@given(st.text(max_size=20))
def test_any_text_is_an_edit_or_refused_in_one_sentence(text: str) -> None:
    said = ""
    try:
        assert GRAMMAR.edit(text) == GRAMMAR.edit(str(GRAMMAR.edit(text)))
    except ValueError as refusal:
        said = str(refusal)
    assert len(said) < 250
    assert "\n" not in said


def rows(table: TruthTable) -> list[tuple[str, float]]:
    examples = table.examples
    texts = [table.written_row(row) for row in examples.inputs]
    return list(zip(texts, examples.targets.tolist(), strict=True))


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_edits_by_key_do_to_the_text_what_they_do_to_the_rows(data: st.DataObject) -> None:
    table, expected = TruthTable("xor"), rows(TruthTable("xor"))
    for _ in range(data.draw(st.integers(1, 12))):
        place = data.draw(st.integers(0, len(expected) - 1))
        number = int(table.examples.numbers[place])
        match data.draw(st.sampled_from(["flip", "add", "remove"])):
            case "flip":
                column = data.draw(st.integers(0, 2))
                bits, target = expected[place]
                flipped = "".join(str(int(bit) ^ (at == column)) for at, bit in enumerate(bits))
                expected[place] = (flipped, 1.0 - target if column == 2 else target)
                text = table.flipped(number, column)
            case "add":
                bits, target = (
                    data.draw(st.sampled_from(["00", "01", "10", "11"])),
                    data.draw(st.integers(0, 1)),
                )
                expected.append((bits, float(target)))
                text = table.added(f"{bits}={target}")
            case _:
                if len(expected) == 1:
                    continue
                del expected[place]
                text = table.removed(number)
        table = TruthTable(text)
        assert rows(table) == expected


def test_what_is_flipped_back_needs_no_edit() -> None:
    for column in range(3):
        once = TruthTable("xor").flipped(2, column)
        assert TruthTable(once).flipped(2, column) == "xor"


def test_a_row_that_was_added_and_deleted_leaves_no_trace() -> None:
    table = TruthTable("xor +11=1 +00=1 6:01")
    assert table.removed(5) == "xor +00=1 5:01"
    assert table.removed(6) == "xor +11=1"


def test_rows_keep_their_numbers() -> None:
    examples = TruthTable("xor -2 +11=1").examples
    assert examples.numbers.tolist() == [1, 3, 4, 5]
    assert [examples.place(number) for number in (0, 1, 2, 3, 5, 99, -1)] == [0, 0, 1, 1, 3, 3, 3]


def test_rows_that_contradict_are_found_and_copies_are_not() -> None:
    assert TruthTable("xor").examples.contradictory.tolist() == [False] * 4
    assert TruthTable("xor +11=0").examples.contradictory.tolist() == [False] * 5
    assert TruthTable("xor +11=1 +01=1").examples.contradictory.tolist() == [
        False,
        False,
        False,
        True,
        True,
        False,
    ]


REFUSED = {
    "xor 9=1": "there is no row 9; the last is 4",
    "xor -4 4=1": "row 4 has been taken away",
    "xor -1 -2 -3 -4": "no row is left",
    "xor +111=1": "not a row of 2 digits",
    "xor 1:2x": "not a row of 2 digits",
}


@pytest.mark.parametrize(("data", "hint"), REFUSED.items(), ids=REFUSED)
def test_edits_that_cannot_be_made_are_refused(data: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        TruthTable(data)


@pytest.mark.parametrize(
    ("typed", "hint"), [("11", "it is missing: write 11=1"), ("11=2", "is neither"), ("1=1", "2 digits")]
)
def test_a_row_that_is_typed_wrong_is_refused(typed: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        TruthTable("xor").added(typed)


def test_a_row_may_be_typed_with_blanks() -> None:
    assert TruthTable("original").added(" 1 0 1 0 = 1 ") == "original +1010=1"
    assert np.array_equal(TruthTable("original").read("1001"), [1, 0, 0, 1])
    assert np.array_equal(TruthTable("original").read("1, 0,0.5, -1"), [1, 0, 0.5, -1])
