"""What the README shows is what the program does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.experiment import SEED
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


def test_the_table_of_hyperparameters_is_complete_and_true() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\S+)` \| (.*?) \| (live|structural) \|$", README, re.MULTILINE)
    known = (*Binary.hyperparameters, SEED)
    assert [(key, default, change) for key, default, _, change in rows] == [
        (h.key, h.format(h.default), "live" if h.live else "structural") for h in known
    ]
    ranges = {key: words for key, _, words, _ in rows if key != "data"}
    assert ranges == {h.key: h.range for h in known if h.key != "data"}


def test_the_table_of_keys_is_that_of_the_app() -> None:
    rows = re.findall(r"^\| `(\S+)` \| ([^|]*) \|$", README, re.MULTILINE)
    assert rows == [(action.shown, action.help) for action in ACTIONS]


def test_every_file_that_is_named_exists() -> None:
    for name in re.findall(r"\]\((?!https?:)([^)]+)\)", README + CONTRIBUTING):
        assert (PROJECT / name).exists(), name
