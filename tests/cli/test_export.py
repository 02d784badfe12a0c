"""`scratchtui export`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Command

LINE = "scratchtui train binary --seed 7 --steps 175\n"


def test_the_command_line_is_printed(scratchtui_: Command, trained: Path) -> None:
    assert scratchtui_("export", trained, "--command").out == LINE
    assert scratchtui_("export", trained, "-", "--command").out == LINE


@pytest.mark.parametrize(
    ("option", "name", "begins"),
    [
        ("--losses", "losses.csv", b"first_step,last_step,mean_loss,"),
        ("--weights", "weights.npz", b"PK"),
        ("--script", "script.py", b"# Binary: "),
    ],
)
def test_a_file_gets_a_free_name_that_is_printed(
    option: str, name: str, begins: bytes, scratchtui_: Command, trained: Path, folder: Path
) -> None:
    stem, suffix = name.split(".")
    for expected in (name, f"{stem}-2.{suffix}"):
        result = scratchtui_("export", option, trained)
        assert (result.code, result.out) == (0, f"binary-seed7-step175-{expected}\n")
        assert (folder / result.out.rstrip()).read_bytes().startswith(begins)
    assert scratchtui_("export", trained, option, "mine").out == ""
    assert (folder / "mine").read_bytes().startswith(begins)


def test_what_is_asked_for_is_one_thing(scratchtui_: Command, trained: Path) -> None:
    for options, words in {(): "and none is given", ("--script", "--losses"): "not both"}.items():
        result = scratchtui_("export", trained, *options)
        assert result.code == 2
        assert words in result.err
        assert result.err.count("\n") == 1


def test_an_existing_file_a_missing_folder_and_what_is_no_run_are_refused(
    scratchtui_: Command, trained: Path, folder: Path
) -> None:
    (folder / "mine").write_text("precious")
    for path, words in {
        "mine": "mine exists already; choose another name",
        "no/where": "cannot use no/where: no such file or directory",
    }.items():
        result = scratchtui_("export", trained, path, "--losses")
        assert (result.code, result.err) == (2, f"scratchtui: {words}\n")
    assert (folder / "mine").read_text() == "precious"
    assert "is no .npz file" in scratchtui_("export", "mine", "--losses").err


def test_weights_go_into_a_pipe_and_not_to_a_terminal(
    scratchtui_: Command, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", piped)
    assert scratchtui_("export", trained, "-", "--weights").code == 0
    piped.buffer.seek(0)
    assert np.load(piped.buffer)["0.Dense.W"].shape == (8, 1)
    monkeypatch.setattr(piped, "isatty", lambda: True, raising=False)
    assert scratchtui_("export", trained, "-", "--weights").code == 2
