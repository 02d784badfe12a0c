"""A bar is as long as its probability, and the answer is marked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchtui.experiments.view import Bar
from scratchtui.tui.bars import bar_rows
from scratchtui.tui.ink import text_of


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), st.integers(20, 120))
def test_a_larger_probability_is_never_a_shorter_bar(probabilities: list[float], width: int) -> None:
    rows = bar_rows(tuple(Bar("name", p) for p in sorted(probabilities)), width)
    lengths = [len(text_of(row).replace(" ", "")) for row in rows]
    filled = [sum(8 if c == "█" else "▏▎▍▌▋▊▉".find(c) + 1 for c in text_of(row)) for row in rows]
    assert filled == sorted(filled)
    assert all(len(text_of(row)) <= width for row in rows)
    assert lengths


@pytest.mark.parametrize("width", [24, 46, 90])
def test_the_answer_is_marked_by_more_than_its_colour(width: int) -> None:
    smile, frown = bar_rows((Bar("smile", 0.9, marked=True), Bar("frown", 0.1)), width)
    assert text_of(smile).startswith("› smile")
    assert text_of(frown).startswith("  frown")
    assert text_of(smile).endswith("90.0%")


@given(st.integers(0, 30))
def test_where_there_is_no_room_for_bars_name_and_percent_are_left(width: int) -> None:
    bars = (Bar("smile", 0.9, marked=True), Bar("frown", 0.1))
    smile, frown = (text_of(row) for row in bar_rows(bars, width))
    assert max(len(smile), len(frown)) <= width
    if width >= 9:
        assert (smile[0], smile.strip()[-1], frown[0]) == ("›", "%", " ")
        assert "sm" in smile
