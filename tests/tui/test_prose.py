"""Words are wrapped, keep their moods, and scroll."""

from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from scratchtui.experiments.view import Prose
from scratchtui.tui.ink import text_of
from scratchtui.tui.widgets.prose import ProseView, wrapped


class Stage(App[None]):
    AUTO_FOCUS = None

    def compose(self) -> ComposeResult:
        yield ProseView()


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
