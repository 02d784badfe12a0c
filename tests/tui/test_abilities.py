"""What a terminal is taken to be able to show."""

import sys

import pytest

from scratchtui.tui.abilities import colours, erases_with_background, letters_only

KNOWN = {"xterm-256color": 256, "screen": 8, "vt100": 0, "linux": 8, "xterm-direct": 1 << 24, "mono": 2}
TRUE = {"COLORTERM": "truecolor"}


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "xterm-256color", **TRUE}, "truecolor"),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit"}, "truecolor"),
        ({"TERM": "xterm-256color", "COLORTERM": "rxvt"}, "256"),
        ({"TERM": "xterm-256color", **TRUE, "NO_COLOR": "1"}, "none"),
        ({"TERM": "xterm-256color", **TRUE, "NO_COLOR": ""}, "truecolor"),
        ({"TERM": "screen"}, "16"),
        ({"TERM": "screen", **TRUE}, "truecolor"),
        ({"TERM": "screen", **TRUE, "STY": "1.tty"}, "16"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "linux", **TRUE}, "16"),
        ({"TERM": "vt100", **TRUE}, "none"),
        ({"TERM": "vt100"}, "none"),
        ({"TERM": "mono"}, "none"),
        ({"TERM": "xterm-direct"}, "truecolor"),
        ({"TERM": "unheard-of-256color"}, "256"),
        ({"TERM": "unheard-of"}, "16"),
        ({"TERM": "vt240"}, "none"),
        ({"TERM": "dumb"}, "none"),
        ({"TERM": ""}, "none"),
        ({}, "none"),
    ],
)
def test_colours_come_from_no_color_colorterm_and_term(environment: dict[str, str], wanted: str) -> None:
    assert colours("auto", environment, KNOWN.get) == wanted


@pytest.mark.parametrize("asked", ["truecolor", "256", "16", "none"])
def test_who_asks_for_colours_gets_them_whatever_the_environment_says(asked: str) -> None:
    assert colours(asked, {"TERM": "vt100", "NO_COLOR": "1"}, KNOWN.get) == asked


@pytest.mark.parametrize(
    ("term", "encoding", "ascii_only"),
    [
        ("xterm-256color", "utf-8", False),
        ("tmux-256color", "UTF8", False),
        ("screen", "utf_8", False),
        ("", None, False),
        ("linux", "utf-8", True),
        ("linux-16color", "utf-8", True),
        ("vt100", "utf-8", True),
        ("vt220", "utf-8", True),
        ("vte-256color", "utf-8", False),
        ("xterm-256color", "iso8859-1", True),
        ("xterm-256color", "ascii", True),
    ],
)
def test_braille_is_not_expected_of_terminals_that_have_none(
    term: str, encoding: str | None, ascii_only: bool
) -> None:
    assert letters_only({"TERM": term}, encoding) is ascii_only


@pytest.mark.parametrize(("term", "wanted"), [("xterm-256color", "256"), ("xterm", "16"), ("vt100", "none")])
def test_a_python_without_curses_goes_by_the_name_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, term: str, wanted: str
) -> None:
    monkeypatch.setitem(sys.modules, "curses", None)
    assert colours("auto", {"TERM": term}) == wanted
    assert not erases_with_background()
