"""The real program, as its user meets it."""

from __future__ import annotations

import os
import re
import signal
import termios
from pathlib import Path

import pytest

from scratchtui.training.files import load_run
from scratchtui.training.trainer import Trainer
from tests.terminal.terminal import Terminal

LEAVES_ALTERNATE_SCREEN, SHOWS_CURSOR = b"\x1b[?1049l", b"\x1b[?25h"


def step_shown(terminal: Terminal) -> int:
    found = re.search(r"step ([\d,]+)", standing(terminal))
    return int(found[1].replace(",", "")) if found else -1


def standing(terminal: Terminal) -> str:
    return terminal.screen.display[-3]


def take_steps(terminal: Terminal, count: int) -> str:
    """Press `.` so often; return the words that tell the loss."""
    start = max(0, step_shown(terminal))
    for taken in range(1, count + 1):
        terminal.press(".")
        terminal.wait_for(f"paused · step {start + taken} · loss")
    return standing(terminal).strip()


def test_it_opens_paused_and_says_which_key_runs_it() -> None:
    with Terminal() as terminal:
        terminal.wait_for("1 Binary", "ready", "space runs", "weights", "hyperparameters", "forecast")


def test_eight_random_weights_become_the_powers_of_two_when_the_forecast_says() -> None:
    with Terminal() as terminal:
        terminal.wait_for("ready")
        terminal.press("+", "+", "+", "space")
        terminal.wait_for("reached · step 175", "forecast 175")
        for power in (128, 64, 32, 16, 8, 4, 2, 1):
            terminal.wait_for(f"{power}.00")


def test_space_pauses_and_a_paused_app_writes_nothing() -> None:
    with Terminal() as terminal:
        terminal.wait_for("ready")
        terminal.press("space")
        terminal.wait_until(lambda: step_shown(terminal) > 3, "some steps")
        terminal.press("space")
        terminal.wait_for("paused")
        terminal.wait_until(lambda: not terminal.read(1.0), "a second of silence")
        before = len(terminal.output)
        assert not terminal.read(2.0)
        assert len(terminal.output) == before


def test_a_learning_rate_changed_while_it_runs_takes_effect_and_is_called_out_above_the_limit() -> None:
    with Terminal() as terminal:
        terminal.wait_for("ready")
        terminal.press("space")
        terminal.wait_until(lambda: step_shown(terminal) > 1, "some steps")
        terminal.wait_for("type a value")  # the hyperparameters have the focus
        terminal.press("enter")
        terminal.wait_for("1e-06 to 100")
        terminal.type("0.5\r")
        terminal.wait_for("0.5", "diverges from 0.444 on", "running")
        terminal.press("+", "+", "+", "+", "+", "+")
        terminal.wait_for(
            "diverged at step", "learning rate 0.5 is above the stable 0.444", "last finite step"
        )


def weights_shown(terminal: Terminal) -> list[list[str]]:
    return [line[49:79].split()[:3] for line in terminal.screen.display[3:11]]


def test_a_reset_with_the_same_seed_gives_the_same_losses_and_a_new_seed_other_weights() -> None:
    with Terminal() as terminal:
        terminal.wait_for("ready", "seed 0 ")
        terminal.wait_until(
            lambda: [row[:1] for row in weights_shown(terminal)] == list(map(list, "76543210")), "bits"
        )
        weights, first = weights_shown(terminal), take_steps(terminal, 3)
        terminal.press("r")
        terminal.wait_for("ready")
        terminal.wait_until(lambda: weights_shown(terminal) == weights, "the same weights")
        assert take_steps(terminal, 3) == first
        terminal.press("R")
        terminal.wait_until(lambda: "seed 0 " not in terminal.text, "another seed")
        terminal.wait_for("ready")
        terminal.wait_until(lambda: weights_shown(terminal) != weights, "other weights")


def test_a_structural_change_waits_for_confirmation() -> None:
    with Terminal() as terminal:
        terminal.wait_for("ready")
        take_steps(terminal, 1)
        terminal.wait_for("type a value")
        terminal.press(*["down"] * 5, "left")
        terminal.wait_for("8 → 7", "needs a new network")
        terminal.press("esc")
        terminal.wait_until(lambda: "8 → 7" not in terminal.text, "the old value")
        terminal.press("left", "left")
        terminal.wait_for("8 → 6")
        terminal.press("enter")
        terminal.wait_for("ready")
        terminal.wait_until(lambda: "8 → 6" not in terminal.text and "32" in terminal.text, "six bits")


@pytest.mark.parametrize("running", [False, True], ids=["paused", "running"])
def test_quitting_restores_the_terminal_and_leaves_no_process(running: bool) -> None:
    with Terminal() as terminal:
        terminal.wait_for("ready")
        terminal.press(".")
        terminal.wait_for("paused · step 1")
        if running:
            terminal.press("space")
            terminal.wait_for("running")
        assert len(terminal.processes()) >= 2
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        end = bytes(terminal.output)
        assert end.rfind(LEAVES_ALTERNATE_SCREEN) > end.rfind(b"\x1b[?1049h")
        assert end.rfind(SHOWS_CURSOR) > end.rfind(b"\x1b[?25l")
        assert termios.tcgetattr(terminal.child.child_fd) == terminal.modes_before
        terminal.wait_for_the_end_of_processes()


def test_a_worker_that_was_stopped_does_not_hold_up_the_way_out() -> None:
    with Terminal() as terminal:
        terminal.wait_for("ready")
        terminal.press("space")
        terminal.wait_for("running")
        commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in terminal.processes()}
        (worker,) = (pid for pid, command in commands.items() if b"spawn_main" in command)
        os.kill(worker, signal.SIGSTOP)
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        terminal.wait_for_the_end_of_processes()


def test_a_window_that_is_too_small_says_so_and_still_quits() -> None:
    with Terminal(columns=50, rows=15) as terminal:
        terminal.wait_for("50x15 is too small: 60x20 is needed")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


def test_a_cell_of_a_truth_table_is_toggled_and_another_table_is_learnt() -> None:
    with Terminal() as terminal:
        terminal.wait_for("ready")
        terminal.press("2")
        terminal.wait_for("surface", "x1 x2 target")
        terminal.press("tab", "tab")  # from the hyperparameters to the loss, and to the rows
        terminal.wait_for("flip it")
        terminal.press("down", "down", "down", "right", "right", "enter")  # 11 is 1: OR
        terminal.wait_for("xor 4=1")
        terminal.press("+", "+", "+", "+", "+", "+", "space")
        terminal.wait_for("reached", "4 of 4 right")


def test_a_frown_drawn_with_the_pen_on_a_blank_face_is_answered_with_frown() -> None:
    with Terminal() as terminal:
        terminal.wait_for("ready")
        terminal.press("3")
        terminal.wait_for("filters", "› neutral", "pen up")  # the face has the focus
        terminal.type("+" * 13)
        terminal.press("f5")
        terminal.wait_for("reached", "› smile")
        terminal.press("x")
        terminal.wait_for("nothing to see")
        terminal.press("down", "right", "right", "space", "right", "right", "right", "space")  # the eyes
        terminal.press(*["down"] * 5, "right", "p")
        terminal.wait_for("pen draws")
        terminal.press("up", "left", "up", "left", "left", "left", "down", "left", "down")  # the mouth
        terminal.wait_for("row 7, column 2: on", "› frown")


def test_another_word_is_typed_and_after_a_reset_the_network_writes_it() -> None:
    with Terminal() as terminal:
        terminal.wait_for("ready")
        terminal.press("4")
        terminal.wait_for("writes", "type a value")
        terminal.press(".")
        terminal.wait_for("paused · step 1 ")
        terminal.press("enter")
        terminal.wait_for("text, or @FILE")
        terminal.type("banana\r")
        terminal.wait_for("hello → banana", "needs a new network")
        terminal.press("enter")
        terminal.wait_for("ready", "banana reset", "of 5 right")
        terminal.type("+" * 13 + " ")
        terminal.wait_for("reached", "writes banana · 5 of 5 right")
        terminal.press("/")
        terminal.type("ban\r")
        terminal.wait_for("ban → ana")


def test_a_run_is_saved_and_opened_by_another_process_and_goes_on_as_if_nothing_had_been(
    tmp_path: Path,
) -> None:
    folder = {"PWD": str(tmp_path)}
    name = str(tmp_path / "mine.npz")
    with Terminal("--tab", "nn", env=folder) as terminal:
        terminal.wait_for("ready")
        terminal.press(".", ".", ".")
        terminal.wait_for("step 3")
        terminal.press("s")
        terminal.wait_for("save as")
        terminal.type(name + "\r")  # in place of what is proposed, which is selected
        terminal.wait_for("saved to")
        terminal.press(".", ".")
        terminal.wait_for("step 5")
        expected = terminal.row_with("step 5")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    with Terminal("--open", name) as terminal:
        terminal.wait_for("paused · step 3")
        terminal.press(".", ".")
        terminal.wait_for(expected.strip())
        terminal.press(",", ",", ",")
        terminal.wait_for("looking back at step 2 of 5")
        terminal.press("end")
        terminal.wait_for(expected.strip())
        terminal.press("s")
        terminal.wait_for("save as")
        terminal.type(f"{tmp_path}/on\r")
        terminal.wait_for("saved to")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    gone_on = load_run(tmp_path / "on.npz")
    uninterrupted = Trainer(gone_on.recipe).step(5).losses
    assert gone_on.losses.mean.tobytes() == uninterrupted.tobytes()
    assert load_run(Path(name)).latest.step == 3


def test_a_run_is_walked_back_through_and_the_chart_marks_the_moment() -> None:
    with Terminal() as terminal:
        terminal.wait_for("ready")
        terminal.type("+++ ")
        terminal.wait_for("reached · step 175")
        newest = terminal.row_with("reached · step 175").strip()

        def marked() -> int:
            """Return the first column in which a triangle points at the axis of a chart, or -1."""
            return max(line.find("▲") for line in terminal.screen.display)

        assert marked() == -1
        columns = []
        for key, step in ((",", 174), (",", 173), ("<", 155), ("<", 137), ("home", 0), (">", 18), (".", 19)):
            terminal.press(key)
            terminal.wait_for(f"looking back at step {step} of 175")
            if key == "<":
                terminal.wait_until(lambda: marked() > 0 and marked() not in columns, "the mark")
                columns.append(marked())
        assert columns == sorted(columns, reverse=True)
        terminal.press("end")
        terminal.wait_for(newest)
        terminal.wait_until(lambda: marked() == -1, "no mark")
