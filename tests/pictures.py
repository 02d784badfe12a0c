"""Pictures of the real program for the README: `python -m tests.pictures` drives it in a pseudo-terminal.

How a picture is drawn is that of the program, which exports its screen so.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

import pyte

from scratchtui.tui import picture
from scratchtui.tui.picture import Cell
from tests.terminal.terminal import Terminal

ASSETS = Path(__file__).parent.parent / "assets"
DEFAULTS = {"fg": "d0d0d0", "bg": "121212"}
SIZES = ((80, 24), (120, 40))
SUBJECTS = {"binary": ("178", 90), "nn": ("1,0", 90), "cnn": ("", 300), "rnn": ("he", 40)}


def main() -> None:
    """Make every picture, of a program that has neither configuration nor past."""
    os.environ["SCRATCHTUI_CONFIG_DIR"] = "/nonexistent/scratchtui"
    with tempfile.TemporaryDirectory() as state:
        os.environ["SCRATCHTUI_STATE_DIR"] = state
        for tab, (prompt, steps) in SUBJECTS.items():
            for columns, rows in SIZES:
                take(tab, prompt, steps, columns, rows)
        for columns, rows in SIZES:
            compare(columns, rows)


def take(tab: str, prompt: str, steps: int, columns: int, rows: int) -> None:
    """Run the program at that size, type at the prompt, and save what it shows after `steps`."""
    with Terminal("--tab", tab, columns=columns, rows=rows) as terminal:
        terminal.wait_for("ready")
        if prompt:
            terminal.press("/")
            terminal.wait_for("esc")
            terminal.type(f"{prompt}\r")
        terminal.press("f5")
        terminal.wait_until(lambda: step(terminal) >= steps, f"{steps} steps")
        terminal.press("f5")
        terminal.wait_for("paused")
        terminal.wait_until(lambda: not terminal.read(1.0), "a picture that stands still")
        (ASSETS / f"{tab}-{columns}x{rows}.svg").write_text(svg(terminal.screen))
        terminal.press("q")
        terminal.wait_for_exit()


def compare(columns: int, rows: int) -> None:
    """Fork a run at a past step, twice with other settings, and save what three runs show side by side."""
    with Terminal("--tab", "nn", columns=columns, rows=rows) as terminal:
        terminal.wait_for("ready", "space")
        terminal.press("+", "+", "space")
        terminal.wait_until(lambda: step(terminal) >= 120, "120 steps")
        terminal.press("space")
        terminal.wait_for("paused")
        for rate in ("0.03", "0.1"):
            terminal.press("home", ">", ">", ">", "enter")
            terminal.wait_for("take it")
            terminal.type(f"{rate}\r")
            terminal.wait_for("paused · step", f" {rate} ")
            terminal.press("space")
            terminal.wait_for("reached")
        if rows < 40:  # behind the loss, which larger windows show beside it
            terminal.press("tab", "tab")
        terminal.wait_until(lambda: not terminal.read(1.0), "a picture that stands still")
        (ASSETS / f"compare-{columns}x{rows}.svg").write_text(svg(terminal.screen))
        terminal.press("q")
        terminal.wait_for_exit()


def step(terminal: Terminal) -> int:
    """Return the step that the words below the panels tell."""
    found = re.search(r"running · step ([\d,]+)", terminal.text)
    return int(found[1].replace(",", "")) if found else 0


def svg(screen: pyte.Screen) -> str:
    """Return the screen as an SVG picture."""
    lines = [[_cell(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)]
    return picture.svg(lines, DEFAULTS["bg"])


def _cell(shown: pyte.screens.Char) -> Cell:
    fore = DEFAULTS["fg"] if shown.fg == "default" else shown.fg
    back = DEFAULTS["bg"] if shown.bg == "default" else shown.bg
    if shown.reverse:
        fore, back = back, fore
    return Cell(shown.data or " ", fore, back, shown.bold)


if __name__ == "__main__":
    main()
