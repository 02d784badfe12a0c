"""What the terminal sends is told as Textual's parser understands it, with what it would do in the app."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scratchtui.tui import keymap
from scratchtui.tui.key_viewer import Ear, Heard, Meanings, line_of
from scratchtui.tui.keymap import DEFAULT

SENT = {
    "a": [Heard("a", "a", "a")],
    " .": [Heard(" ", "space", "space"), Heard(".", ".", "full_stop")],
    "\x1b[A": [Heard("\x1b[A", "up", "up")],
    "\x1bOP\x1b[21~": [Heard("\x1bOP", "f1", "f1"), Heard("\x1b[21~", "f10", "f10")],
    "\x1b[Z": [Heard("\x1b[Z", "shift+tab", "shift+tab")],
    "\x03\r": [Heard("\x03", "ctrl+c", "ctrl+c"), Heard("\r", "enter", "enter")],
    ",é": [Heard(",", "comma", "comma"), Heard("é", "é", "é")],
    "\x1b[97;5u": [Heard("\x1b[97;5u", "ctrl+a", "ctrl+a")],
    "\x1b[<0;10;5M": [Heard("\x1b[<0;10;5M", "mouse pressed button 1 at column 10, row 5")],
    "\x1b[<0;10;5m": [Heard("\x1b[<0;10;5m", "mouse released button 1 at column 10, row 5")],
    "\x1b[<65;1;1M": [Heard("\x1b[<65;1;1M", "wheel down at column 1, row 1")],
    "\x1b[200~a\nb\x1b[201~q": [
        Heard("\x1b[200~a\nb\x1b[201~", "paste of 3 characters"),
        Heard("q", "q", "q"),
    ],
    "\x1b[24;80H": [Heard("\x1b[24;80H", *["alt+ctrl+shift+super+\x18"] * 2)],
    "\x1b[I": [Heard("\x1b[I", "answer of the terminal, AppFocus")],
}


@pytest.mark.parametrize("sent", SENT, ids=repr)
def test_each_thing_that_is_sent_is_told_with_what_was_sent_for_it(sent: str) -> None:
    assert list(Ear().hear(sent)) == SENT[sent]


@pytest.fixture
def silence(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make every wait long enough to tell an escape from a sequence."""
    moments = iter(range(10_000))
    monkeypatch.setattr("textual._parser.get_time", lambda: next(moments))
    return


def waited(ear: Ear) -> list[Heard]:
    return [heard for _ in range(20) for heard in ear.wait()]


@pytest.mark.usefixtures("silence")
def test_an_escape_is_a_key_of_its_own_after_a_while() -> None:
    ear = Ear()
    assert list(ear.hear("\x1b")) == []
    assert waited(ear) == [Heard("\x1b", "escape", "escape")]
    assert list(ear.hear("\x1bx")) == []
    assert [(heard.sent, heard.key) for heard in waited(ear)] == [("\x1bx", "alt+x")]


@pytest.mark.usefixtures("silence")
def test_what_means_nothing_is_told_too_and_an_unfinished_paste_is_waited_for() -> None:
    ear = Ear()
    assert list(ear.hear("\x1b[?1;2c")) == []
    assert [heard.key for heard in waited(ear)][:1] == ["left_square_bracket"]
    assert list(ear.hear("\x1b[200~ab")) == []
    assert waited(ear) == []
    assert [heard.name for heard in ear.hear("c\x1b[201~")] == ["paste of 3 characters"]
    assert list(ear.hear("\x1b[?9999;0$y")) == []
    assert [heard.name for heard in waited(ear)] == ["nothing that is known"]


MEANT = {
    "r": "begin again with the same seed",
    "m": "in face: mirror the face",
    "space": "run, or pause; but in face: flip the pixel",
    "ctrl+c": "asks whether to quit",
    "f9": "nothing",
}


@pytest.mark.parametrize("key", MEANT)
def test_a_key_is_told_to_do_what_it_does(key: str) -> None:
    assert Meanings(DEFAULT).of(key) == MEANT[key]


def test_with_another_keymap_a_key_is_told_to_do_another_thing() -> None:
    found, _ = keymap.read({"mark": "f9", "reset": "X"})
    assert Meanings(found).of("f9") == DEFAULT["mark"].help
    assert Meanings(found).of("r") == "nothing"


@pytest.mark.parametrize("width", [20, 60, 200])
def test_a_line_fits_and_holds_no_control_character(width: int) -> None:
    meanings = Meanings(DEFAULT)
    for sent in SENT:
        for heard in Ear().hear(sent):
            line = line_of(heard, meanings, width)
            assert len(line) < width
            assert line.isprintable()
    assert line_of(Heard("\x1b[A\\é", "up", "up"), meanings, 200).startswith(r"\x1b[A\x5c\xc3\xa9  up")
