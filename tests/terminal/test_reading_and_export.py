"""Reading the curve and taking a run away, by keys in a terminal."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.recipe import default_recipe
from scratchtui.training.trainer import Trainer
from tests.terminal.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path


def copied(terminal: Terminal) -> str:
    """Return what the program has asked the terminal to copy last, by OSC 52."""
    asked = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", bytes(terminal.output))
    return base64.b64decode(asked[-1]).decode() if asked else ""


def is_copied(terminal: Terminal, ending: str) -> bool:
    """Return whether the program has asked to copy a text that ends so."""
    return copied(terminal).endswith(ending)


def reading(terminal: Terminal) -> int | None:
    """Return the step that the cursor of a chart reads."""
    found = re.search(r"─ step (\d+) ", terminal.text)
    return int(found[1]) if found else None


def test_a_run_is_taken_away_as_a_command_its_losses_and_a_script_that_makes_them_again(
    tmp_path: Path,
) -> None:
    losses = Trainer(default_recipe(Binary)).step(3).losses.tolist()
    with Terminal(folder=tmp_path) as terminal:
        terminal.wait_for("ready")
        terminal.press(".", ".", ".")
        terminal.wait_for("step 3")
        terminal.press("e")
        terminal.wait_for("command line", "script, Python")
        terminal.press("c")
        terminal.wait_until(lambda: "--steps 3" in copied(terminal), "a command that is copied")
        assert copied(terminal) == "scratchtui train binary --seed 0 --steps 3"
        for key, ending in (("l", "csv"), ("p", "py"), ("s", "svg"), ("t", "txt"), ("w", "npz")):
            terminal.press("e")
            terminal.wait_for("command line", "script, Python")
            terminal.press(key)
            terminal.wait_until(partial(is_copied, terminal, f".{ending}"), f"the path of the {ending}")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    made = {path.suffix: path for path in tmp_path.iterdir()}
    assert set(made) == {".csv", ".py", ".svg", ".txt", ".npz"}
    table = np.loadtxt(made[".csv"], delimiter=",", skiprows=1, ndmin=2)
    assert table[:, 2].tolist() == losses
    again = subprocess.run([sys.executable, made[".py"]], capture_output=True, text=True, check=True).stdout
    np.testing.assert_allclose([float(line.split()[1]) for line in again.splitlines()], losses, rtol=1e-12)


def test_the_cursor_of_the_chart_reads_the_loss_of_a_step_and_goes_there() -> None:
    losses = Trainer(default_recipe(Binary)).step(12).losses.tolist()
    with Terminal() as terminal:
        terminal.wait_for("ready")
        terminal.type("." * 12)
        terminal.wait_for("step 12")
        terminal.press("tab")
        terminal.wait_for("←→ read")
        read = set()
        for _ in range(10):
            terminal.press("left")
            terminal.wait_until(lambda: reading(terminal) not in {None, *read}, "another step that is read")
            step = reading(terminal)
            assert step is not None
            read.add(step)
            assert f"step {step} · loss {losses[step - 1]!r} ─" in terminal.text
        terminal.press("g")
        terminal.wait_for(f"looking back at step {min(read)} of 12")
        assert "1e4┤" in terminal.text
        terminal.press("y")
        terminal.wait_until(lambda: "1e4┤" not in terminal.text, "an axis that is not logarithmic")
