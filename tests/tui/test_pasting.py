"""What the terminal pastes: a word, a table, a face; bounded, and harmless whatever is in it."""

from __future__ import annotations

import pytest
from textual import events
from textual.widgets import Input

from scratchtui.tui.pasting import MOST, PasteReader, in_one_line
from tests.tui.stage import Stage, fresh_run, stage

HOSTILE = "\x1b[2J\x1b]0;owned\x07\x9b31m\x7f\x08\u202e"
SMILE = "........\r.#....#.\r........\r........\r#......#\r.#....#.\r..####..\r........\r"


async def paste(s: Stage, text: str) -> None:
    s.app.post_message(events.Paste(text))
    await s.settle()


def said(s: Stage) -> str:
    return s.app.sayings.now.words if s.app.sayings.now else ""


@pytest.mark.parametrize(
    ("text", "verbatim", "line"),
    [
        ("word\r", False, "word"),
        ("two words", False, "two words"),
        ("a\nb\r\nc\td", False, "a b c d"),
        ("a\nb\tc\\d\n", True, r"a\nb\tc\d"),
        ("\x1b[31mred\x9b", False, r"\x1b[31mred\x9b"),
        ("", False, ""),
        ("\n", True, ""),
    ],
)
def test_what_is_pasted_becomes_a_line_as_it_could_be_typed(text: str, verbatim: bool, line: str) -> None:
    assert in_one_line(text, verbatim=verbatim) == line


def read(chunks: list[str]) -> list[str]:
    """Return the keys and the pastes that are read of what comes in pieces."""
    reader = PasteReader()
    heard = [message for chunk in chunks for message in reader.feed(chunk)]
    return [
        m.text if isinstance(m, events.Paste) else m.key
        for m in heard
        if hasattr(m, "key") or hasattr(m, "text")
    ]


@pytest.mark.parametrize("width", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        ("a\x1b[200~b\x1b[31mc\rq\x1b[201~q", ["a", "b\x1b[31mc\rq", "q"]),
        ("\x1b[200~\x1b[200~\x1b\x1b[20\x1b[201~\x1b[A", ["\x1b[200~\x1b\x1b[20", "up"]),
        ("\x1b[200~\x1b[201~\x1b[200~x\0y\x1b[201~", ["", "xy"]),
        ("\x1b[200~" + "long" * MOST + "\x1b[201~z", [("long" * MOST)[: MOST + 1], "z"]),
    ],
    ids=["escapes", "markers", "empty", "long"],
)
def test_nothing_in_a_paste_is_a_key(sent: str, heard: list[str], width: int) -> None:
    if width < 7 and len(sent) > MOST:
        width = 4096
    assert read([sent[k : k + width] for k in range(0, len(sent), width)]) == heard


async def test_a_word_is_learnt_whichever_panel_it_is_pasted_over() -> None:
    async with stage(tab="rnn") as s:
        await paste(s, "banana\n")
        await s.shows("text", "banana")
        await s.press("enter")
        assert s.session.value("text") == "banana"
        await s.press("tab")
        await paste(s, "@two\nlines")
        await s.press("enter")
        assert s.session.value("text") == r"\@two\nlines"


async def test_a_table_is_added_and_taken_back_at_once() -> None:
    async with stage(tab="nn") as s:
        await paste(s, "x1 x2 target\r1\t1\t1\r0\t0\t1\r")
        assert s.session.value("data") == "xor +11=1 +00=1"
        await s.press("u")
        assert s.session.value("data") == "xor"
        await paste(s, "1 1 1\n1 1 2")
        assert said(s) == "Not changed: line 2: the target is 0 or 1, and '2' is neither: write 11=1"
        assert s.session.value("data") == "xor"


async def test_a_face_goes_into_the_editor_from_any_panel() -> None:
    async with stage(tab="cnn") as s:
        await s.press("tab", "tab")
        await paste(s, SMILE)
        assert s.session.probe.picture.startswith("00420000814243c00"[:4])
        assert s.app.focused is not None
        assert s.app.focused.id == "face"


async def test_an_input_is_asked_for_where_nothing_else_is_pasted() -> None:
    async with stage() as s:
        await paste(s, "1011 0010")
        await s.shows("decode", "1011 0010 → ")


@pytest.mark.parametrize("tab", ["binary", "nn", "cnn", "rnn"])
async def test_control_characters_and_long_pastes_do_nothing(tab: str) -> None:
    async with stage(tab=tab) as s:
        before = s.session.recipe
        for text in ("x" * (MOST + 1), "\n" * MOST, HOSTILE * 1000, HOSTILE):
            await paste(s, text)
        assert said(s).startswith("Not pasted: ")
        assert s.session.recipe == before
        for row in s.strips:
            for segment in row:
                assert segment.text.replace("\u202e", "x").isprintable(), segment


async def test_a_paste_into_a_line_takes_the_place_of_what_is_selected() -> None:
    async with stage(run=fresh_run()) as s:
        s.at("learning_rate")
        await s.press("enter")
        await paste(s, "0.\n")
        assert s.app.pane.query_one(Input).value == "0."
        await paste(s, "25")
        await s.press("enter")
        assert s.session.value("learning_rate") == 0.25


async def test_nothing_is_pasted_where_nobody_would_see_it() -> None:
    async with stage(tab="nn") as s:
        await s.pilot.resize_terminal(50, 15)
        await s.shows("too small")
        await paste(s, "1 1 1")
        assert s.session.value("data") == "xor"
