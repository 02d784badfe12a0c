"""Bars are as long as their shares; words are wrapped, keep their moods, and scroll."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from scratchtui.experiments.view import Bar, Bars, Prose
from scratchtui.tui.ink import text_of
from scratchtui.tui.widgets.prose import ProseView, wrapped
from scratchtui.tui.widgets.shares import BarsView, bar_rows


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=9), st.integers(20, 120))
def test_a_larger_share_is_never_a_shorter_bar(shares: list[float], width: int) -> None:
    rows = bar_rows(Bars(tuple(Bar("name", share) for share in sorted(shares))), width)
    lengths = [len(text_of(row).replace(" ", "")) for row in rows]
    filled = [sum(8 if c == "█" else "▏▎▍▌▋▊▉".find(c) + 1 for c in text_of(row)) for row in rows]
    assert filled == sorted(filled)
    assert all(len(text_of(row)) <= width for row in rows)
    assert lengths


@pytest.mark.parametrize("width", [24, 46, 90])
def test_the_answer_is_marked_by_more_than_its_colour(width: int) -> None:
    smile, frown = bar_rows(Bars((Bar("smile", 0.9, marked=True), Bar("frown", 0.1))), width)
    assert text_of(smile).startswith("› smile")
    assert text_of(frown).startswith("  frown")
    assert text_of(smile).endswith("90.0%")


@given(st.integers(0, 30))
def test_where_there_is_no_room_for_bars_name_and_percent_are_left(width: int) -> None:
    bars = Bars((Bar("smile", 0.9, marked=True), Bar("frown", 0.1)))
    smile, frown = (text_of(row) for row in bar_rows(bars, width))
    assert max(len(smile), len(frown)) <= width
    if width >= 9:
        assert (smile[0], smile.strip()[-1], frown[0]) == ("›", "%", " ")
        assert "sm" in smile


class Stage(App[None]):
    AUTO_FOCUS = None

    def compose(self) -> ComposeResult:
        yield ProseView()
        yield BarsView()


async def test_long_prose_scrolls_to_its_last_line_and_no_further() -> None:
    app = Stage()
    async with app.run_test(size=(20, 10)) as pilot:
        shown = app.query_one(ProseView)
        shown.show(Prose(tuple(((f"line {k}", ""),) for k in range(12))))
        shown.focus()
        await pilot.press(*["down"] * 13)
        assert "line 11" in shown.text()
        await pilot.press("up")
        assert "line 11" not in shown.text()


@settings(deadline=None)
@given(st.lists(st.text("ab ", min_size=1, max_size=30), min_size=1, max_size=5), st.integers(3, 40))
def test_wrapping_loses_no_letter_and_keeps_to_the_width(texts: list[str], width: int) -> None:
    lines = wrapped([(text, "strong") for text in texts], width)
    assert "".join(text_of(line) for line in lines) == "".join(texts)
    assert all(len(text_of(line).rstrip()) <= width for line in lines)


def test_a_word_keeps_its_mood_on_either_side_of_a_break() -> None:
    lines = wrapped([("good " * 3, "good"), ("bad", "bad")], 10)
    pens = {pen for line in lines for _, pen in line}
    assert pens == {"prose--good", "prose--bad"}
