"""kill -9 at random moments: no file that cannot be read, and no more lost than the interval.

`RECOVERY_KILLS` asks for more lives than the suite has time for, `RECOVERY_INTERVAL` for other
seconds between autosaves, `LONGEST_TEST` for the time that so many take.
"""

from __future__ import annotations

import os
import random
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from scratchtui.training import recoveries
from scratchtui.training.files import load_run
from tests.terminal.terminal import Terminal

KILLS = int(os.environ.get("RECOVERY_KILLS", "1"))
INTERVAL = float(os.environ.get("RECOVERY_INTERVAL", "1"))
LONGEST = 1.5 * INTERVAL if KILLS > 1 else 0.6  # seconds that a life lasts at most
STEPS_A_SECOND = 10  # at which binary begins
F4 = "\x1bOS"
STEP = re.compile(r"(?:running|paused|reached) · step ([0-9,]+) ")


def step(terminal: Terminal) -> int:
    found = STEP.search(terminal.text)
    return int(found[1].replace(",", "")) if found else 0


def restore(terminal: Terminal) -> None:
    """Restore what there is, which is offered by itself unless the app was killed while it was restored."""
    terminal.wait_until(lambda: "restore?" in terminal.text or "q quit" in terminal.text, "screen")
    terminal.press(F4)
    terminal.wait_for("restore?", "enter restores all")
    terminal.press("enter")
    terminal.wait_until(lambda: step(terminal), "run that is restored")


def train(terminal: Terminal, seconds: float) -> None:
    """Train for so long, beyond the goal too."""
    begun = step(terminal)
    terminal.press("space")
    terminal.wait_until(lambda: step(terminal) > begun, "step")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        terminal.read(0.02)
        if "reached ·" in terminal.text:
            terminal.press("space")  # again, where one so soon is taken for a pause that came too late
            terminal.read(0.5)


def answers(terminal: Terminal) -> list[str]:
    """Return what the network makes of the face that was drawn."""
    rows = [re.search(r"(smile|neutral|frown) +\S+ +([0-9.]+%)", line) for line in terminal.screen.display]
    return [row[0] for row in rows if row]


def kill(terminal: Terminal) -> None:
    assert terminal.child.pid is not None
    os.kill(terminal.child.pid, signal.SIGKILL)
    assert terminal.wait_for_exit() == -signal.SIGKILL


def readable(state: Path) -> int:
    """Assert that every file that was left can be read; return the steps of the longest run."""
    for path in state.glob("recovery/*/*.npz"):
        load_run(path)
    found = recoveries.found()
    assert found.refusals == ()
    tabs = [tab for offer in found.offers[:1] for tab in offer.manifest.tabs]
    return max((run.step for tab in tabs for run in tab.runs), default=0)


def test_kill_9_loses_no_more_than_the_interval_and_leaves_only_files_that_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", str(tmp_path))
    env = {"SCRATCHTUI_STATE_DIR": str(tmp_path), "SCRATCHTUI_AUTOSAVE_SECONDS": str(INTERVAL)}
    rng, lost, kept = random.Random(0), [], 0
    for _ in range(KILLS):
        with Terminal(env=env) as terminal:
            if kept:
                restore(terminal)
                assert step(terminal) == kept
            else:
                terminal.wait_for("ready")
            train(terminal, rng.uniform(0.0, LONGEST))
            seen = step(terminal)
            kill(terminal)
        kept = readable(tmp_path)
        lost.append((seen - kept) / STEPS_A_SECOND)
        assert lost[-1] <= 10 * max(1.0, INTERVAL / 10)
    words = (
        f"{KILLS} kills, interval {INTERVAL:g} s: lost at most {max(lost):.1f} s, the last run {kept} steps"
    )
    sys.stdout.write(f"{words}\n")


def test_every_edit_is_there_after_kill_9(tmp_path: Path) -> None:
    env = {"SCRATCHTUI_STATE_DIR": str(tmp_path), "SCRATCHTUI_AUTOSAVE_SECONDS": "0.2"}
    with Terminal("--tab", "cnn", env=env) as terminal:
        terminal.wait_for("ready")
        terminal.press(".", ".", ".", "space", "right", "space")
        terminal.wait_for("step 3")
        terminal.wait_for("paused · step 3", "changed; b puts it back")
        before = answers(terminal)

        def written() -> bool:
            files = list(tmp_path.glob("recovery/*/manifest.json"))
            return any(b'"step": 3' in file.read_bytes() for file in files)

        terminal.wait_until(written, "autosave")
        for _ in range(20):
            terminal.read(0.02)
        kill(terminal)
    with Terminal("--tab", "cnn", env=env) as terminal:
        terminal.wait_for("restore?", "CNN", "a drawing")
        terminal.press("enter")
        terminal.wait_for("paused · step 3", "changed; b puts it back")
        terminal.wait_until(lambda: answers(terminal) == before, "\n".join(before))
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
