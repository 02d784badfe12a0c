"""What is sent to each kind of terminal, byte by byte, and what never is.

`PANELS=15` looks at every panel of each tab in ASCII.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path

import pytest

from tests.terminal.terminal import Terminal

PANELS = int(os.environ.get("PANELS", "4"))
MOUSE = re.compile(rb"\x1b\[\?(?:9|100[0-3]|1005|1006|1015|1016)[hl]|\x1b\]22;")
SGR = re.compile(rb"\x1b\[([0-9;]*)m")
DIALOGS = {
    "?": "esc closes",
    ":": "Search for",
    "e": "files go into",
    "b": "loss<0.01",
    "s": "save as",
    "/": "esc leave it",
}
TRUE = {"COLORTERM": "truecolor"}
BARE = {"COLORTERM": ""}


def colours(output: bytes) -> set[str]:
    """Return the kinds of colours that are set: truecolor, 256, 16."""
    kinds = set()
    for match in SGR.finditer(output):
        codes = match[1].decode().split(";")
        while codes:
            code = codes.pop(0)
            if code in {"38", "48"}:
                true = codes.pop(0) == "2"
                kinds.add("truecolor" if true else "256")
                del codes[: 3 if true else 1]
            elif re.fullmatch("[349][0-7]|10[0-7]", code):
                kinds.add("16")
    return kinds


@pytest.mark.parametrize(
    ("term", "environment", "options", "allowed", "unicode"),
    [
        ("xterm-256color", TRUE, (), {"truecolor", "256"}, True),
        ("xterm-256color", BARE, (), {"256"}, True),
        ("tmux-256color", BARE, (), {"256"}, True),
        ("screen", BARE, (), {"16"}, True),
        ("linux", BARE, (), {"16"}, False),
        ("linux", TRUE, ("--no-ascii", "--color", "256"), {"256"}, True),
        ("vt100", TRUE, (), set(), False),
        ("vt100", BARE, ("--color", "16"), {"16"}, False),
        ("xterm-256color", {**TRUE, "NO_COLOR": "1"}, ("--ascii",), set(), False),
        ("xterm-256color", {**TRUE, "NO_COLOR": "1"}, ("--color", "16"), {"16"}, True),
        ("xterm-256color", TRUE, ("--color", "none", "--no-mouse"), set(), True),
    ],
)
def test_a_terminal_is_sent_what_it_can_show_and_the_user_wants(
    term: str, environment: dict[str, str], options: tuple[str, ...], allowed: set[str], unicode: bool
) -> None:
    with Terminal("--tab", "nn", *options, env={"TERM": term, **environment}) as terminal:
        terminal.wait_for("ready", "hidden")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        output = bytes(terminal.output)
    found = colours(output)
    assert found <= allowed
    assert bool(found) is bool(allowed)
    assert any(byte > 0x7E for byte in output) is unicode
    assert bool(MOUSE.search(output)) is ("--no-mouse" not in options)


def test_in_ascii_no_other_byte_is_sent_from_any_panel_or_dialog() -> None:
    with Terminal("--ascii", "--color", "256") as terminal:
        terminal.wait_for("ready")
        for tab in "1234":
            terminal.press(tab, "f5")
            terminal.wait_until(lambda: "running" in terminal.text, "steps")
            terminal.press("f5")
            titles = set()
            for _ in range(PANELS):  # from one to the next
                terminal.press("tab")
                terminal.read(0.5)
                titles |= {line for line in terminal.screen.display if line.startswith("+-") and "|" in line}
            assert len(titles) >= min(PANELS, 15) // 4
        for key, words in DIALOGS.items():
            terminal.press(key)
            terminal.wait_for(words)
            terminal.press("esc")
            terminal.wait_until(lambda words=words: words not in terminal.text, f"the end of {words}")
        terminal.press("F2", "M", "C", "C")
        terminal.wait_for("less run 1")
        terminal.press("\x03")
        terminal.wait_for("once more quits")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        output = bytes(terminal.output)
    assert not [byte for byte in output if byte > 0x7E]


def test_the_mouse_is_asked_for_by_m_alone_and_then_given_back(tmp_path: Path) -> None:
    with Terminal("--no-mouse", folder=tmp_path) as terminal:
        terminal.wait_for("ready")
        terminal.type("\x1b[?2048;2$y")  # it could tell of pixels
        terminal.press("space")
        terminal.wait_for("running")
        terminal.child.kill(signal.SIGTSTP)
        terminal.wait_until(lambda: b"\x1b[?1049l" in terminal.output, "the other screen")
        terminal.child.kill(signal.SIGCONT)
        terminal.wait_until(lambda: terminal.output.count(b"\x1b[?1049h") == 2, "the screen again")
        again = terminal.output.rindex(b"\x1b[?1049h")
        terminal.wait_until(lambda: b"running" in terminal.output[again:], "the whole picture")
        assert not MOUSE.search(bytes(terminal.output))
        terminal.press("M")
        terminal.wait_for("mouse on")
        assert MOUSE.findall(bytes(terminal.output))[:4] == [
            b"\x1b[?%dh" % mode for mode in (1000, 1003, 1015, 1006)
        ]
        terminal.press("M")
        terminal.wait_for("mouse off")
        off = len(terminal.output)
        terminal.press("2", "q")
        assert terminal.wait_for_exit() == 0
        assert not MOUSE.search(bytes(terminal.output[off:]))


def test_a_table_a_word_and_a_face_are_pasted_with_the_line_ends_of_terminals() -> None:
    def paste(text: str) -> None:
        terminal.type(f"\x1b[200~{text}\x1b[201~")

    with Terminal("--tab", "nn", columns=100) as terminal:
        terminal.wait_for("ready")
        paste("x1 x2 target\r1\t1\t1\r0\t0\t1")
        terminal.wait_for("xor +11=1", "rows 1, 4, 5, 6 contradict")
        terminal.press("3")
        terminal.wait_for("filters")
        paste("#" * 8 + "\r........" * 7)
        terminal.wait_for("row 1, column 1: on")
        terminal.press("4")
        terminal.wait_for("writes")
        paste("ba\x1b[31mnana\r")
        terminal.wait_for(r"ba\x1b[31mnana")
        paste("banana\r")
        terminal.press("enter")
        terminal.wait_for("ready", "banana reset")


@pytest.mark.parametrize("lacking", ["stdin", "stderr", "TERM"])
def test_without_a_terminal_it_says_so_at_once_in_a_sentence(lacking: str, tmp_path: Path) -> None:
    left = tmp_path / "left"
    redirected = {"stdin": "</dev/null", "stderr": f"2>{left}", "TERM": ""}[lacking]
    term = "dumb" if lacking == "TERM" else "xterm"
    words = f'"{sys.executable}" -m scratchtui {redirected}; echo "code $?"'
    with Terminal(command=("/bin/sh", "-c", words), env={"TERM": term}, columns=200) as terminal:
        assert terminal.wait_for_exit() == 0
        said = bytes(terminal.output).decode() + (left.read_text() if left.exists() else "")
    assert "code 2\r\n" in said
    assert said.count("\n") == 2
    assert "\x1b" not in said
    assert "the app needs a terminal" in said
