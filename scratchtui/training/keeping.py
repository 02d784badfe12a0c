"""Keeping what has been learnt: where a run cannot be saved as it was to be, it is saved elsewhere."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchtui.places import own_state_folder
from scratchtui.training.files import save_run
from scratchtui.training.texts import names_like

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scratchtui.training.files import Saved
    from scratchtui.training.run import Run


@dataclass(frozen=True)
class Kept:
    """Where a run is (None: nowhere), and the sentence that says why it is not where it was to be."""

    path: Path | None
    trouble: str = ""


def keep_run(run: Run, path: Path) -> Kept:
    """Save `run` at `path`, or else beside it, or else in the state folder; no file is ever replaced."""
    try:
        save_run(run, path)
    except FileExistsError:
        why = f"{path} exists by now"
    except OSError as error:
        why = f"{path} could not be written ({error.strerror or error})"
    except MemoryError:
        why = f"there was not memory enough to write {path}"
    else:
        return Kept(path)
    for place in (lambda: path.parent, own_state_folder):
        if (kept := _saved_within(place, path, run)) is not None:
            return Kept(kept, f"{why}, so the run is in {kept}")
    return Kept(None, f"{why}, and no other place took the run")


def refuse_unwritable(path: Path, name: str = "", earlier: Saved | None = None) -> None:
    """Raise ValueError where `path`, named so, exists, or its folder does not or is read-only.

    It may be the file that the same run was saved to `earlier`.
    """
    try:
        if _is_taken(path) and not (earlier is not None and earlier.is_at(path)):
            raise ValueError(f"{name}{path} exists already; choose another name")
        if not path.parent.is_dir():
            raise ValueError(f"{name}{path} needs the folder {path.parent}, and there is none")
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise ValueError(f"{name}{path} cannot be written: {error.strerror}") from error


def _is_taken(path: Path) -> bool:
    """Whether anything has that name; OSError where it can be no name."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _saved_within(place: Callable[[], Path], wanted: Path, run: Run) -> Path | None:
    """Return the first free name like `wanted` that the run could be saved under, if any."""
    try:
        folder = place()
        for name in names_like(wanted.name):
            try:
                save_run(run, folder / name)
            except FileExistsError:
                continue
            return folder / name
    except (OSError, MemoryError):
        pass  # why it could not be saved where it was wanted says more
    return None
