"""Any keys, and any sizes of the window, end nothing and break no panel.

`RANDOM_KEYS=10000` tries so many in each tab, `RANDOM_RESIZES=500` so many sizes; `RANDOM_SEED`: others.
"""

from __future__ import annotations

import os
import random
import select
import string
import time
from pathlib import Path

import pytest

from scratchtui.experiments import EXPERIMENTS
from tests.terminal.terminal import KEYS, Terminal

RANDOM_KEYS = int(os.environ.get("RANDOM_KEYS", "60"))
RANDOM_RESIZES = int(os.environ.get("RANDOM_RESIZES", "12"))
SEED = int(os.environ.get("RANDOM_SEED", "5"))
MOST_BYTES = 150_000  # Textual by itself: 199 kB for the same in an app that draws nothing else
AT_A_TIME = 20
LONGEST = 1200.0  # seconds
ENDS = {"q", "\x03", "\x1a", "\x1b[21~"}  # q, ctrl+c, ctrl+z, F10
CHARACTERS = [*string.printable[:95], *"äßф漢", *(chr(code) for code in range(32)), "\x7f"]
SEQUENCES = [*KEYS.values(), "\x1bOP", "\x1bOS", "\x1b[5~", "\x1b[6~", "\x1b[3~", "\x1b[200~0 1 1\r\x1b[201~"]
MOUSE = "\x1b[<{};{};{}{}"


class Storm:
    """A program that is sent much, in a folder of its own; what it writes is only counted."""

    def __init__(self, terminal: Terminal, chance: random.Random, tab: int) -> None:
        self.terminal, self.chance, self.tab, self.written = terminal, chance, tab, 0

    def wait_for_the_panels(self) -> None:
        """Wait until keys are heard, or what an earlier one has left is offered."""
        text = self.terminal
        text.wait_until(lambda: "quit" in text.text or "restore" in text.text, "panels")

    def send(self, text: str) -> None:
        """Send text as it comes, and read as much as that takes."""
        data = text.encode()
        while data:
            if not self.terminal.child.isalive():
                return
            writable = select.select([], [self.terminal.child.child_fd], [], 0.01)[1]
            if writable:
                data = data[os.write(self.terminal.child.child_fd, data[:64]) :]
            self.drain(0.0)

    def drain(self, seconds: float) -> None:
        """Read for so long, or to the end."""
        end = time.monotonic() + seconds
        while select.select([self.terminal.child.child_fd], [], [], max(0.0, end - time.monotonic()))[0]:
            try:
                self.written += len(os.read(self.terminal.child.child_fd, 1 << 16))
            except OSError:  # it has ended
                return

    def key(self) -> str:
        """Return a key that does not end the program, or a click."""
        kind = self.chance.random()
        if kind < 0.03:
            button, press = self.chance.choice((0, 0, 32, 64, 65)), self.chance.choice("Mm")
            return MOUSE.format(button, self.chance.randint(1, 90), self.chance.randint(1, 30), press)
        key = self.chance.choice(SEQUENCES if kind < 0.45 else CHARACTERS)
        return "" if key in ENDS else key

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size."""
        self.terminal.screen.resize(rows, columns)
        self.terminal.child.setwinsize(rows, columns)

    def end(self, state: Path) -> None:
        """Leave, whatever is open, in order; nothing went wrong meanwhile."""
        end = time.monotonic() + LONGEST
        while self.terminal.child.isalive():
            assert time.monotonic() < end
            self.terminal.child.send("\x1b")
            self.drain(0.4)
            if self.terminal.child.isalive():
                self.terminal.child.send("\x1b[21~")  # F10 quits also where a line is typed
                self.drain(0.4)
        crashes = [path.read_text(encoding="utf-8") for path in state.rglob("crash-*")]
        assert not crashes, crashes[0][:8000]
        log = "".join(path.read_text(encoding="utf-8") for path in state.rglob("scratchtui*.log*"))
        assert "ends with exit code 0" in log
        assert "Traceback" not in log, log[log.index("Traceback") - 500 :][:4000]


def storm(tab: str, folder: Path, chance: random.Random) -> tuple[Terminal, Storm]:
    state = folder / "state"
    env = {"SCRATCHTUI_STATE_DIR": str(state), "HOME": str(folder), "SCRATCHTUI_DATA_DIR": str(folder)}
    terminal = Terminal("--tab", tab, env=env, folder=folder)
    return terminal, Storm(terminal, chance, 1 + list(EXPERIMENTS).index(tab))


@pytest.mark.parametrize("tab", EXPERIMENTS)
def test_no_key_breaks_anything(tab: str, tmp_path: Path) -> None:
    chance, left = random.Random(f"{tab} {SEED}"), RANDOM_KEYS
    while left > 0:  # a click, or the palette, may have quit
        terminal, keys = storm(tab, tmp_path, chance)
        with terminal:
            left = shower(keys, left)
            keys.end(tmp_path / "state")
            assert terminal.child.exitstatus == 0


def shower(keys: Storm, left: int) -> int:
    """Press so many keys; return how many are left when the program has ended."""
    child = keys.terminal.child
    keys.wait_for_the_panels()
    while left > 0 and child.isalive():
        keys.send("".join(keys.key() for _ in range(AT_A_TIME)))
        keys.drain(0.1)
        left -= AT_A_TIME
        if not left % 1000:  # back to its tab, and as fast as ever
            keys.send(f"\x1b\x1b\x1b{keys.tab}++++")
    return left


def test_no_size_breaks_anything_and_the_last_one_is_drawn(tmp_path: Path) -> None:
    terminal, sizes = storm("cnn", tmp_path, random.Random(SEED))
    with terminal:
        terminal.wait_for("ready")
        terminal.press("f5")
        for _ in range(RANDOM_RESIZES):
            small = sizes.chance.random() < 0.3
            columns = sizes.chance.randint(1, 70 if small else 240)
            sizes.resize(columns, sizes.chance.randint(1, 25 if small else 70))
            sizes.drain(sizes.chance.choice((0.0, 0.0, 0.02, 0.2)))
            if sizes.chance.random() < 0.5:
                sizes.send(
                    sizes.chance.choice(("1", "2", "3", "4", "\t", "z", "\x1b[A", "\x1b[C", "?", "\x1b"))
                )
            assert terminal.child.isalive()
        sizes.resize(40, 10)
        terminal.wait_for("40x10 is too small: 60x20 is needed", "q quits")
        sizes.resize(80, 24)
        terminal.wait_until(lambda: "4 RNN" in terminal.text or "esc closes" in terminal.text, "the screen")
        sizes.end(tmp_path / "state")
        assert terminal.child.exitstatus == 0


def test_a_storm_of_resizes_is_answered_with_the_last_size(tmp_path: Path) -> None:
    terminal, sizes = storm("binary", tmp_path, random.Random(SEED))
    with terminal:
        terminal.wait_for("ready")
        for number in range(30):
            sizes.resize(100 + number, 40 - number % 7)
            sizes.drain(0.02)
        sizes.resize(90, 30)
        terminal.wait_until(lambda: "quit" in terminal.screen.display[29], "the footer in the last row")
        assert sizes.written < MOST_BYTES
        sizes.end(tmp_path / "state")
