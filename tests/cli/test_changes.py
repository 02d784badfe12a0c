"""Changes that `train` is told beforehand."""

from __future__ import annotations

from pathlib import Path

import pytest

from scratchtui.experiments.snapshot import same_state
from scratchtui.training.files import load_run
from tests.cli.conftest import Command


def test_changes_come_after_their_steps_in_whatever_order_they_are_given(
    scratchtui_: Command, folder: Path
) -> None:
    changes = ["--then", "5 data=xor 4=1", "--then", "9 0.Dense.W[1,2]=-1.5", "--then", "0 learning_rate=0.1"]
    assert scratchtui_("train", "nn", *changes, "--steps", 9, "--quiet", "--out", "a.npz").code == 0
    run = load_run(folder / "a.npz")
    assert [(each.step, each.key, each.value) for each in run.journal] == [
        (0, "learning_rate", 0.1),
        (5, "data", "xor 4=1"),
        (9, "0.Dense.W[1,2]", -1.5),
    ]
    assert (
        scratchtui_("train", "nn", *changes[4:], *changes[:2], "--steps", 7, "--quiet", "--out", "b.npz").code
        == 0
    )
    further = (
        "--from",
        "b.npz",
        "--then",
        "9 0.Dense.W[1,2]=-1.5",
        "--steps",
        2,
        "--quiet",
        "--out",
        "c.npz",
    )
    assert scratchtui_("train", "nn", *further).code == 0
    assert same_state(load_run(folder / "c.npz").latest, run.latest)


def test_show_tells_what_was_changed_when_and_why_it_ended(scratchtui_: Command, folder: Path) -> None:
    changes = ("--then", "5 batch_size=2", "--then", "9 0.Dense.W[1,2]=-1.5")
    assert scratchtui_("train", "nn", *changes, "--until", "step=12", "--quiet", "--out", "a.npz").code == 0
    lines = scratchtui_("show", "a.npz").out.splitlines()
    place = lines.index("changed")
    assert lines[place + 2 : place + 4] == [
        "after step 5  batch_size=2",
        "after step 9  0.Dense.W[1,2]=-1.5",
    ]
    assert "step           12" in lines
    assert not any(line.startswith("momentum") for line in lines)


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("5", "--then needs 'STEP KEY=VALUE', such as '100 learning_rate=0.1', not '5'"),
        ("soon l1=1", "--then needs 'STEP KEY=VALUE', such as '100 learning_rate=0.1', not 'soon l1=1'"),
        ("5 lerning_rate=1", "nn has no hyperparameter 'lerning_rate'; did you mean 'learning_rate'?"),
        ("5 l1=2", "l1 = 2 is outside 0 to 1; the nearest is 1"),
        ("5 hidden=3", "--then 5 hidden: hidden needs a new network: it cannot change while training"),
        ("5 data=parity:4", "--then 5 data: data needs a new network: it cannot change while training"),
        ("5 8.Dense.b[9]=1",
         "--then 5 8.Dense.b[9]: there are no weights '8.Dense.b'; did you mean '0.Dense.b'?"),
        ("5 0.Dense.W[0,0]=nan", "a weight is a finite number, such as 0.5, not 'nan'"),
        ("11 l1=0.5", "--then 11 l1: that step is not among those taken, 0 to 10"),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_is_refused_before_the_first_step(
    then: str, words: str, scratchtui_: Command
) -> None:
    result = scratchtui_("train", "nn", "--steps", 10, "--then", then)
    assert (result.code, result.err) == (2, f"scratchtui: {words}\n")


def test_changes_need_an_end_that_can_be_told(scratchtui_: Command) -> None:
    result = scratchtui_("train", "nn", "--then", "5 l1=0.5")
    assert (result.code, result.err) == (
        2, "scratchtui: --then needs --steps or --until: what becomes of the goal cannot be told beforehand\n"
    )  # fmt: skip
    assert scratchtui_("train", "nn", "--then", "5 learning_rate=0.1", "--until", "loss<0.1").code == 0
