"""A training process that hangs, in the real program; `LIVES=5` lets so many hang, each for some seconds."""

from __future__ import annotations

import os
import re
import signal

import pytest

from tests.terminal.terminal import Terminal
from tests.terminal.test_lifetime import LIVES, begun, ended, workers


def step(terminal: Terminal) -> int:
    """Return the step that stands on the screen."""
    found = re.search(r"· step ([\d,]+)", terminal.text)
    return int(found[1].replace(",", "")) if found else 0


@pytest.mark.parametrize("turn", range(LIVES))
def test_a_worker_that_hangs_is_told_and_one_key_starts_another_that_is_heard(turn: int) -> None:
    with Terminal() as terminal:
        begun(terminal)
        (hung,) = workers(terminal)
        os.kill(hung, signal.SIGSTOP)
        terminal.wait_for("no answer for", "space starts it again")
        then = step(terminal)
        terminal.press("space")
        terminal.wait_until(lambda: step(terminal) > then, "steps of another process")
        assert hung not in workers(terminal)
        terminal.press("q")
        assert ended(terminal)[0] == 0
        terminal.wait_for_the_end_of_processes()


@pytest.mark.skipif(LIVES == 1, reason="takes ten seconds; LIVES=5 asks for it")
@pytest.mark.parametrize("turn", range(LIVES))
def test_one_that_hangs_in_another_tab_is_told_and_the_others_go_on(turn: int) -> None:
    with Terminal() as terminal:
        begun(terminal)
        (first,) = workers(terminal)
        os.kill(first, signal.SIGSTOP)
        terminal.press("2")
        terminal.wait_for("surface", "ready")
        terminal.press("space")
        terminal.wait_for("running · step")
        terminal.wait_for("Binary does not answer")
        then = step(terminal)
        terminal.wait_until(lambda: step(terminal) > then, "other steps")
        terminal.press("q")
        assert ended(terminal)[0] == 0
        terminal.wait_for_the_end_of_processes()
