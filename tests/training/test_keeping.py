"""What has been learnt is kept wherever it can be."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from scratchtui.training import keeping
from scratchtui.training.files import Saved, load_run, save_run
from scratchtui.training.keeping import keep_run
from scratchtui.training.run import Run
from tests.training.test_files import run_of


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


def test_a_run_is_where_it_was_to_be(tmp_path: Path) -> None:
    assert keep_run(run_of(3)[0], tmp_path / "run.npz") == keeping.Kept(tmp_path / "run.npz")


def test_memory_that_does_not_suffice_once_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[Path] = []

    def scarce(run: Run, path: Path) -> Saved:
        tries.append(path)
        if len(tries) < 2:
            raise MemoryError
        return save_run(run, path)

    monkeypatch.setattr(keeping, "save_run", scarce)
    kept = keep_run(run_of(3)[0], tmp_path / "run.npz")
    assert kept.path == tmp_path / "run.npz"
    assert "there was not memory enough to write" in kept.trouble
    assert load_run(tmp_path / "run.npz").latest.step == 3


def test_that_there_is_never_memory_enough_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> NoReturn:
        raise MemoryError

    monkeypatch.setattr(keeping, "save_run", none)
    kept = keep_run(run_of(3)[0], tmp_path / "run.npz")
    assert kept.path is None
    assert kept.trouble.endswith("no other place took the run")
