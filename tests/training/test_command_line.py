"""A run as one command line, which makes the same run again."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from scratchtui.cli.program import run as program
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.command_line import command_line
from scratchtui.training.files import load_run
from scratchtui.training.journal import Entry, lasting
from tests.cli.conftest import PROJECT
from tests.training.test_script import CHANGED, FACE, run_of

NASTY = 'it\'s "so" `pwd` $HOME \\\\ \\n !x * naïve 🙂\\x1b[0m #~&|;<>'
SETTINGS = [
    ("binary", {}),
    ("binary", {"data": "original +5=6.5 -27", "bias": True, "learning_rate": 0.1 + 0.2, "batch_size": 7}),
    ("nn", {"data": "spirals 3=1 +0.5,-1=1", "inputs": "x,sin x", "hidden": "none", "noise": 1e-17}),
    ("cnn", {"data": f"nine +{FACE}=smile ~ff000000000000ff=frown", "mirror": False}),
    ("rnn", {"text": NASTY, "window": 7}),
    ("rnn", {"text": "\\@file"}),
]  # fmt: skip


def test_only_what_is_not_as_by_default_is_said() -> None:
    run, _ = run_of("nn", {"hidden": "4,4", "data": "xor 4=1"}, 12)
    assert command_line(run) == (
        "scratchtui train nn --seed 7 --set 'data=xor 4=1' --set hidden=4,4 --steps 12"
    )


def test_what_was_changed_is_said_with_its_step() -> None:
    changes = [Entry(3, "learning_rate", 0.1), Entry(3, "0.Dense.W[1,7]", 0.1 + 0.2), Entry(5, "l1", 1e-17)]
    run, _ = run_of("nn", {}, 5, changes)
    assert command_line(run) == (
        "scratchtui train nn --seed 7 --then '3 learning_rate=0.1'"
        " --then '3 0.Dense.W[1,7]=0.30000000000000004' --then '5 l1=1e-17' --steps 5"
    )


@pytest.mark.parametrize(("name", "settings"), SETTINGS)
def test_the_line_makes_the_run_again(name: str, settings: dict, tmp_path: Path) -> None:
    run, losses = run_of(name, settings, 30)
    words = shlex.split(command_line(run))
    assert program([*words[1:], "--quiet", "--out", str(tmp_path / "again.npz")]) == 0
    again = load_run(tmp_path / "again.npz")
    assert again.recipe == run.recipe
    assert same_state(again.latest, run.latest)
    assert again.losses.total.tolist() == losses


@pytest.mark.parametrize(("name", "settings", "changes"), CHANGED, ids=[name for name, *_ in CHANGED])
def test_a_shell_makes_a_run_with_changes_again(
    name: str, settings: dict, changes: list, tmp_path: Path
) -> None:
    run, losses = run_of(name, settings, 100, [Entry(*change) for change in changes])
    start = f'scratchtui() {{ {shlex.quote(sys.executable)} -W error -m scratchtui "$@"; }}'
    line = f"{start}\n{command_line(run)} --quiet --out {tmp_path / 'again.npz'}"
    subprocess.run(["sh", "-c", line], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    again = load_run(tmp_path / "again.npz")
    assert same_state(again.latest, run.latest)
    assert again.losses.total.tolist() == losses
    assert again.journal == lasting(run.journal)
    assert command_line(again) == command_line(run)


def test_of_changes_at_one_step_of_what_draws_no_chance_the_last_counts() -> None:
    rate, weight = "learning_rate", "0.Dense.W[0,0]"
    journal = [Entry(1, rate, 0.1), Entry(1, "noise", 0.1), Entry(1, rate, 0.2), Entry(1, "noise", 0.2),
               Entry(1, weight, 1.0), Entry(1, weight, 2.0), Entry(2, rate, 0.2)]  # fmt: skip
    assert lasting(journal) == [journal[1], journal[2], journal[3], journal[5], journal[6]]


def test_what_no_shell_would_take_is_refused() -> None:
    long = [Entry(1, "data", "nine " + " ".join([f"+{FACE}=smile"] * 1900)) for _ in range(4)]
    run, _ = run_of("cnn", {"data": "nine"}, 1, long)
    with pytest.raises(
        ValueError, match=r"^the command line would have 1\d\d,\d{3} bytes, and a shell takes"
    ):
        command_line(run)


def test_a_text_that_would_be_read_as_another_is_refused() -> None:
    run, _ = run_of("rnn", {"text": "@@file"}, 1)
    with pytest.raises(
        ValueError, match=r"^text is a text that no command line can hold; save the run instead$"
    ):
        command_line(run)
