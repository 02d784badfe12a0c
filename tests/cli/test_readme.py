"""What the README shows is what the program does."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from scratchtui.experiments import EXPERIMENTS, cnn
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.recipe import SEED, default_recipe
from scratchtui.tui.actions import ACTIONS
from tests.cli.conftest import PROJECT, Command

README = (PROJECT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_commands_shown_print_what_is_shown(scratchtui_: Command, folder: Path) -> None:
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for shown in re.split(r"^\$ scratchtui ", block, flags=re.MULTILINE)[1:]:
            line, _, output = shown.partition("\n")
            result = scratchtui_(*shlex.split(line))
            assert (result.err if result.code else result.out) == output, line


def shown(command: str) -> list[list[str]]:
    """Return the cells of what the README shows of a command that takes long or measures time."""
    block = re.search(rf"```text\n\$ scratchtui {command}\n.*\n((?:.*\n)*?)```", README)
    assert block is not None, command
    return [re.split(r" {2,}", line) for line in block[1].splitlines()]


def test_the_proof_that_is_shown_is_of_the_claims_that_there_are() -> None:
    rows = shown("verify --seeds 100")
    assert all(row[0] == "PASS" for row in rows)
    names = dict.fromkeys(row[1].split()[0] for row in rows)
    claims = [claim for name in names for claim in EXPERIMENTS[name].claims]
    assert [row[1].split(maxsplit=1)[1] for row in rows] == [claim.name for claim in claims]
    for row, claim in zip(rows, claims, strict=True):
        held, tried = map(int, row[2].split("/"))
        assert tried == min(100, claim.most_seeds) >= held >= claim.share * tried


def test_the_gradients_that_are_shown_are_those_that_there_are(scratchtui_: Command) -> None:
    rows = shown("gradcheck")
    names = dict.fromkeys(row[1] for row in rows)
    checks = json.loads(scratchtui_("gradcheck", "--json", *names).out)
    assert [row[:3] for row in rows] == [["ok", each["experiment"], each["tensor"]] for each in checks]


@pytest.mark.parametrize("kind", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_the_table_of_hyperparameters_is_complete_and_true(kind: type[Experiment]) -> None:
    section = re.split(rf"\n## The {kind.title} experiment\n", README, flags=re.IGNORECASE)[1]
    section, _, _ = section.partition("\n## ")
    rows = re.findall(r"^\| `(\w+)` \| `(\S+)` \| (.*?) \| (live|structural) \|$", section, re.MULTILINE)
    known = (*kind.hyperparameters, SEED)
    assert [(key, default, change) for key, default, _, change in rows] == [
        (h.key, h.format(h.default), "live" if h.live else "structural") for h in known
    ]
    ranges = {key: words for key, _, words, _ in rows if key not in {"data", "text"}}
    assert ranges == {h.key: h.range for h in known if h.key not in {"data", "text"}}


def test_what_is_said_of_the_network_of_the_cnn_and_its_goal_is_what_the_code_says() -> None:
    experiment = cnn.CNN(default_recipe(cnn.CNN))
    section = " ".join(README.split("## The CNN experiment")[1].split("\n## ")[0].split())
    assert f"{experiment.network.vector.size:,} weights" in section
    checks = f"(looked at every {cnn.CHECK_EVERY} steps, from the {cnn.FIRST_CHECK}th on)"
    assert f"is below {cnn.TOLERANCE:g} {checks}" in section
    assert experiment.goal == f"train_loss<{cnn.TOLERANCE:g}"
    assert f"three faces of each kind), `all` ({experiment.faces.learnt - 9} more" in section


def test_the_table_of_keys_is_that_of_the_app() -> None:
    rows = re.findall(r"^\| `(\S+)`(?: or `(\S+)`)? \| ([^|]*) \|$", README, re.MULTILINE)
    assert rows == [(action.shown, action.otherwise, action.help) for action in ACTIONS]


def test_every_file_that_is_named_exists() -> None:
    for name in re.findall(r"\]\((?!https?:|#)([^)]+)\)", README + CONTRIBUTING):
        assert (PROJECT / name).exists(), name
