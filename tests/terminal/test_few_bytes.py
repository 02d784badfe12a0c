"""What is written over the line, and what happens where the line is slow or stands still.

`BYTES=10` measures each rate for ten seconds, for every tab, size and speed, `STALL=6` lets the client stand
still for six, and both print what they measured.
"""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scratchtui.experiments import EXPERIMENTS
from tests.terminal.terminal import KEYS, PATIENCE, Terminal

SECONDS = float(os.environ.get("BYTES", "1"))
STALL = float(os.environ.get("STALL", "1"))
FULL = "BYTES" in os.environ
KIB = 1024
A_FRAME = 2 * KIB  # may be on its way when the measuring begins
SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
TABS = list(EXPERIMENTS)
MEASURED = [(tab, size, low) for tab in TABS for size in SIZES for low in (False, True)]
ORDINARY = ("down", "up", "right", "left", ".", ",", "+", "-", "tab", "shift+tab", "u", "C", "home", "end")


def tell(*words: object) -> None:
    if FULL or "STALL" in os.environ:
        sys.stderr.write(" ".join(map(str, words)) + "\n")


def bytes_within(terminal: Terminal, seconds: float) -> int:
    """Return how many bytes come within `seconds`."""
    before, end = len(terminal.output), time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        terminal.read(left)
    return len(terminal.output) - before


def silent(terminal: Terminal, seconds: float = 0.4) -> None:
    terminal.wait_until(lambda: not terminal.read(seconds), "silence")


def written_for(terminal: Terminal, key: str) -> int:
    """Return how many bytes a key press takes, until nothing comes any more."""
    before = len(terminal.output)
    strike(terminal, key)
    terminal.read(2.0 if FULL else 0.5)  # or it does nothing there
    silent(terminal)
    return len(terminal.output) - before


def strike(terminal: Terminal, key: str) -> None:
    """Press a key at once."""
    os.write(terminal.child.child_fd, KEYS.get(key, key).encode())


def at_full_speed(terminal: Terminal) -> None:
    """Pass the goal, at which training would stop, and go on without one."""
    terminal.wait_for("ready")
    terminal.press(*["+"] * 20)
    terminal.wait_for("max")
    terminal.press("f5")
    terminal.wait_for("reached")
    silent(terminal, 0.8)  # a key just after the goal would be taken for a pause
    terminal.press("f5")
    terminal.wait_for("running")


@pytest.mark.parametrize(("tab", "size", "low"), MEASURED if FULL else [("nn", "120x40", True)])
def test_training_writes_no_more_than_is_promised_and_pausing_nothing(tab: str, size: str, low: bool) -> None:
    columns, rows = SIZES[size]
    promised = (2 if low else 8) * KIB
    rates: dict[str, float] = {}
    with Terminal(
        "--tab", tab, *["--low-bandwidth"] * low, columns=columns, rows=rows, synchronizes=True
    ) as terminal:
        if FULL:
            terminal.wait_for("ready")
            terminal.press("f5")
            terminal.wait_for("running")
            rates["default speed"] = bytes_within(terminal, SECONDS) / SECONDS
            terminal.press("r")
        at_full_speed(terminal)
        rates["full speed"] = bytes_within(terminal, SECONDS) / SECONDS
        terminal.press("f5")
        terminal.wait_for("paused")
        silent(terminal)
        assert bytes_within(terminal, min(SECONDS, 3.0)) == 0
    told = ", ".join(f"{rate / KIB:.2f} KiB/s at {speed}" for speed, rate in rates.items())
    tell(tab, size, "low bandwidth:" if low else "by default:", told)
    assert all(rate <= promised + (A_FRAME / SECONDS) * (not FULL) for rate in rates.values())


@pytest.mark.parametrize(
    ("tab", "size"), [(t, s) for t in TABS for s in SIZES] if FULL else [("rnn", "80x24")]
)
def test_an_ordinary_key_takes_at_most_two_kib(tab: str, size: str) -> None:
    columns, rows = SIZES[size]
    with Terminal("--tab", tab, columns=columns, rows=rows) as terminal:
        terminal.wait_for("ready")
        silent(terminal)
        took = {key: written_for(terminal, key) for key in (ORDINARY if FULL else ORDINARY[:6])}
        if FULL:
            others = [
                *map(str, range(1, 5)),
                *map(str, range(4, 0, -1)),
                "?",
                "esc",
                "z",
                "z",
                "F2",
                "e",
                "esc",
            ]
            tell(tab, size, "for all to change:", [(key, written_for(terminal, key)) for key in others])
    tell(tab, size, "for a key:", took)
    assert max(took.values()) <= 2 * KIB, took


def test_what_is_sent_is_shown_on_request() -> None:
    with Terminal() as terminal:
        terminal.wait_for("ready")
        terminal.press("space", "B")
        terminal.wait_until(lambda: "KiB/s" in terminal.text and "0.0 KiB/s" not in terminal.text, "a figure")
        terminal.press("B")
        terminal.wait_until(lambda: "KiB/s" not in terminal.text, "none")


def test_of_many_resizes_only_the_last_is_drawn() -> None:
    with Terminal() as terminal:
        terminal.wait_for("ready")
        silent(terminal)
        before = len(terminal.output)
        for number in range(1, 31):
            terminal.screen.resize(24 + number % 7, 80 + number)
            terminal.child.setwinsize(24 + number % 7, 80 + number)
            terminal.read(0.02)
        terminal.wait_for("1 Binary", "learning rate", "forecast")
        silent(terminal)
        tell("30 resizes:", len(terminal.output) - before, "bytes")
        assert len(terminal.output) - before < 6 * KIB  # a screen of 110x26


def stalled(terminal: Terminal, seconds: float) -> None:
    """Read nothing for so long; go to and fro between tabs, lest there is too little to write."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for key in "2121":
            strike(terminal, key)
            time.sleep(seconds / 16)


def backlog(terminal: Terminal) -> bytes:
    """Return what has piled up meanwhile."""
    came = b""
    while select.select([terminal.child.child_fd], [], [], 0.02)[0] and len(came) < 1 << 20:
        came += os.read(terminal.child.child_fd, 1 << 16)
    return came


def newest(folder: Path) -> float:
    """Return when a recovery was written last."""
    return max((path.stat().st_mtime for path in folder.rglob("*") if path.is_file()), default=0.0)


def step_of(terminal: Terminal) -> int:
    words = terminal.row_with("running").partition("step ")[2].split()
    return int(words[0].replace(",", "")) if words else -1


@pytest.mark.parametrize("synchronizes", [False, True] if FULL else [False])
def test_a_client_that_stands_still_holds_up_nothing_gets_the_newest_state_and_can_quit(
    synchronizes: bool, tmp_path: Path
) -> None:
    environment = {"SCRATCHTUI_STATE_DIR": str(tmp_path), "SCRATCHTUI_AUTOSAVE_SECONDS": "0.1"}
    with Terminal(columns=120, rows=40, env=environment, synchronizes=synchronizes) as terminal:
        at_full_speed(terminal)
        terminal.press("2")
        terminal.wait_for("surface", "ready")
        terminal.press("1")
        terminal.wait_for("running")
        before = step_of(terminal)
        began = time.time()
        stalled(terminal, STALL)
        saved = newest(tmp_path) - began
        came = backlog(terminal)
        terminal.feed(came)
        terminal.wait_until(lambda: step_of(terminal) > before, "a newer step")
        tell(f"stalled for {STALL:g} s: {len(came):,} bytes, saved {saved:.1f} s after its beginning;")
        tell(f"from step {before:,} to {step_of(terminal):,}")
        assert len(came) < 64 * KIB
        assert saved > STALL / 2  # the loop has not been waiting
        stalled(terminal, 1.0)
        began_to_end = time.monotonic()
        strike(terminal, "q")
        while terminal.child.isalive():
            assert time.monotonic() < began_to_end + PATIENCE, "q waits for the terminal"
            time.sleep(0.02)
        tell(f"then q, with nothing read: ended after {time.monotonic() - began_to_end:.2f} s")
        assert terminal.child.exitstatus == 0


def slowly(terminal: Terminal, rate: float, condition: Callable[[], bool], seconds: float = 30.0) -> int:
    """Read `rate` bytes a second until the condition holds; return how many came."""
    before, end, pause = len(terminal.output), time.monotonic() + seconds, 0.05
    while not condition():
        assert time.monotonic() < end, terminal.text
        time.sleep(pause)
        if select.select([terminal.child.child_fd], [], [], 0)[0]:
            terminal.feed(os.read(terminal.child.child_fd, int(rate * pause)))
    return len(terminal.output) - before


@pytest.mark.parametrize("rate", [10_000, 100_000] if FULL else [10_000])
def test_over_a_slow_line_little_comes_before_what_a_key_has_done(rate: int) -> None:
    with Terminal("--tab", "nn", columns=120, rows=40, synchronizes=True) as terminal:
        at_full_speed(terminal)
        until = time.monotonic() + SECONDS
        slowly(terminal, rate, lambda: time.monotonic() > until)
        took = []
        for key, line in (("down", "›optimizer"), ("up", "›learning rate")) * (10 if FULL else 1):
            began = time.monotonic()
            strike(terminal, key)
            count = slowly(terminal, rate, lambda line=line: line in terminal.text)
            took.append((count, time.monotonic() - began))
        tell(f"{rate} bytes/s: a key after", sorted(took)[-1], "at most; bytes, seconds")
        assert max(count for count, _ in took) < 8 * KIB
