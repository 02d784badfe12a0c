"""In the line editor keys type; what is refused stays to be mended; leaving it gives the focus back."""

import pytest
from textual.widgets import Input, Static

from scratchtui.tui.widgets.footer import Footer
from scratchtui.tui.widgets.line_editor import LineEditor
from tests.tui.stage import Stage, stage


def hint(s: Stage) -> str:
    return str(s.app.query_one("#editor-hint", Static).content)


def refusal(s: Stage) -> str:
    return hint(s) if s.app.query_one("#editor-hint").has_class("-refused") else ""


def typed(s: Stage) -> str:
    return s.app.query_one(Input).value


def is_open(s: Stage) -> bool:
    return s.app.query_one(LineEditor).display


async def test_every_key_that_runs_an_action_elsewhere_types_here() -> None:
    async with stage() as s:
        await s.press("slash", *" rRqzM.-+=/19:?")
        assert typed(s) == " rRqzM.-+=/19:?"
        assert s.app.is_running
        assert len(s.app.screen_stack) == 1
        assert s.worker.sent == []
        await s.shows("ready", "seed 0", "10/s")


async def test_the_footer_tells_the_keys_of_the_editor_and_afterwards_those_of_the_panel() -> None:
    async with stage() as s:
        await s.shows("↑↓ choose")
        await s.press("slash")
        assert str(s.app.query_one(Footer).content) == "enter take it  esc leave it"
        await s.press("escape")
        assert str(s.app.query_one(Footer).content).startswith("↑↓ choose")


async def test_the_focus_goes_back_to_where_it_came_from() -> None:
    async with stage() as s:
        for end in ("escape", "enter"):
            await s.press("tab")
            before = s.app.focused
            await s.press("slash", "7", end)
            assert s.app.focused is before
            assert not is_open(s)


async def test_going_to_another_panel_leaves_the_editor_and_keys_are_actions_again() -> None:
    async with stage() as s:
        for away, panel in (("tab", "loss"), ("shift+tab", "settings")):  # from the hyperparameters, and back
            await s.press("slash", "7", away)
            assert not is_open(s)
            assert s.app.focused is not None
            assert s.app.focused.id == panel
        await s.press("space")
        await s.shows("running")


async def test_help_can_be_read_while_typing() -> None:
    async with stage() as s:
        await s.press("slash", "7", "f1")
        await s.shows("esc closes")
        await s.press("escape", "8")
        assert typed(s) == "78"


async def test_the_answer_is_seen_while_it_is_typed_and_stays_after_enter() -> None:
    async with stage() as s:
        await s.press("slash")
        assert hint(s) == ""
        await s.press("1", "7")
        assert hint(s).endswith("(17)")
        await s.press("8")
        assert hint(s).startswith("1011 0010 → ")
        assert hint(s).endswith("(178)")
        await s.press("enter")
        await s.shows("decode › 1011 0010 → ")
        await s.press("slash")
        assert typed(s) == "178"
        await s.press("backspace", "enter")  # what stood there was selected
        await s.shows("decode › / to type")


REFUSED_INPUTS = [
    ("256", ("256", "255")),
    ("-1", ("-1",)),
    ("cat", ("'cat'", "bits", "number")),
    ("1.5", ("'1.5'",)),
    ("0101010101010101010", ("number",)),
    ("[bold]5", ("'[bold]5'",)),
]


async def test_an_input_that_is_none_is_refused_in_a_sentence_and_can_be_mended() -> None:
    async with stage() as s:
        await s.press("slash")
        for text, words in REFUSED_INPUTS:
            await s.answer(text)
            assert is_open(s)
            assert typed(s) == text
            assert refusal(s)
            for word in words:
                assert word in refusal(s)
            await s.press("home", "delete")
            assert not refusal(s)
        await s.answer("5")
        await s.shows("decode › 0000 0101")


REFUSED_VALUES = [
    ("learning_rate", "1000", ("outside", "nearest is 100")),
    ("learning_rate", "fast", ("'fast'", "number")),
    ("learning_rate", "nan", ("is no number", "1e-06 to 100")),
    ("optimizer", "adm", ("'adm'", "did you mean 'adam'")),
    ("batch_size", "-3", ("outside", "all or 1")),
    ("data", "orignal", ("'orignal'", "did you mean 'original'")),
    ("data", "range:9-3", ("backwards", "range:3-9")),
    ("data", "none", ("no row",)),
    ("bits", "17", ("outside", "nearest is 16")),
    ("bits", "", ("whole number",)),
]


async def test_a_value_that_is_refused_changes_nothing_and_keeps_the_editor_open() -> None:
    async with stage() as s:
        before = s.session.recipe, s.session.run, s.session.pending
        for key, text, words in REFUSED_VALUES:
            await s.edit(key, text)
            assert is_open(s)
            for word in words:
                assert word in refusal(s), text
            assert len(refusal(s).splitlines()) == 1
            assert (s.session.recipe, s.session.run, s.session.pending) == before
            await s.press("escape")
            assert not is_open(s)
        await s.press("enter")
        assert not refusal(s)


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_at_any_size_a_refusal_leaves_room_to_see_what_is_typed(size: tuple[int, int]) -> None:
    async with stage(size) as s:
        await s.edit("data", "range:0-9999")
        await s.shows("0-9999")
        assert s.app.query_one(Input).size.width >= 12


WHOLE = [
    ("data", "orignal", "did you mean 'original'? (all, original, range:LOW-HIGH, sample:N, none)"),
    (
        "data",
        "original " + "+5=6 " * 30 + "x",
        "'x' is no edit of the data; write +NUMBER, +NUMBER=LABEL or -NUMBER",
    ),
    ("data", "z" * 300, "the nearest is 'all' (all, original, range:LOW-HIGH, sample:N, none)"),
    ("encoding", "grey", "did you mean 'gray'? (unsigned, twos, bcd, negabinary, gray)"),
    ("learning_rate", "9" * 200, "is outside 1e-06 to 100; the nearest is 100"),
]


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
@pytest.mark.parametrize(("key", "text", "end"), WHOLE)
async def test_a_refusal_is_seen_to_its_end_however_long_the_text(
    size: tuple[int, int], key: str, text: str, end: str
) -> None:
    async with stage(size) as s:
        await s.edit(key, text)
        await s.until(lambda: end in " ".join(" ".join(s.rows[-4:]).split()), "whole refusal")
        await s.press("escape")
        await s.shows("ready", "forecast")
