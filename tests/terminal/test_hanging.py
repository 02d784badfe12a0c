"""A training process that hangs, in the real program; `LIVES=5` lets so many hang, each for some seconds."""

from __future__ import annotations

import os
import signal

import pytest

from tests.terminal.terminal import Terminal
from tests.terminal.test_lifetime import LIVES, begun, ended, workers


@pytest.mark.skipif(LIVES == 1, reason="takes ten seconds; LIVES=5 asks for it")
@pytest.mark.parametrize("turn", range(LIVES))
def test_a_worker_that_hangs_is_told_the_others_go_on_and_one_key_starts_it_again(turn: int) -> None:
    with Terminal() as terminal:
        begun(terminal)
        (first,) = workers(terminal)
        os.kill(first, signal.SIGSTOP)
        terminal.press("2")
        terminal.wait_for("surface", "ready")
        terminal.press("space")
        terminal.wait_for("running · step")
        terminal.wait_for("Binary does not answer")
        then = terminal.row_with("running · step")
        terminal.wait_until(lambda: terminal.row_with("running · step") not in {"", then}, "other steps")
        terminal.press("1")
        terminal.wait_for("no answer for", "space starts it again")
        terminal.press("space")
        terminal.wait_for("running · step")
        assert first not in workers(terminal)
        terminal.press("q")
        assert ended(terminal)[0] == 0
        terminal.wait_for_the_end_of_processes()
