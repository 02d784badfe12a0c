"""Run files in folders: free names to save under, and those that a beginning may be completed to."""

from __future__ import annotations

import os
from itertools import count, takewhile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scratchtui.experiments.recipe import Recipe
    from scratchtui.training.run import Run

SUFFIX = ".npz"
MOST_LISTED = 200  # entries of a folder that are looked at


def stem(recipe: Recipe, step: int) -> str:
    """Return what the name of a file of a run begins with: binary-seed0-step120."""
    return f"{recipe.experiment}-seed{recipe.seed}-step{step}"


def free_name(run: Run) -> str:
    """Return a name in the present folder that no file has: binary-seed0-step120.npz."""
    names = (
        f"{stem(run.recipe, run.latest.step)}{'' if number == 1 else f'-{number}'}{SUFFIX}"
        for number in count(1)
    )
    return next(name for name in names if not os.path.lexists(name))


def candidates(typed: str, suffix: str = SUFFIX) -> list[str]:
    """Return the folders and files of that suffix that begin as typed, the newest files first."""
    folder, name = os.path.split(typed)
    try:
        with os.scandir(Path(folder or ".").expanduser()) as entries:
            found = [e for e in entries if e.name.startswith(name) and (name or not e.name.startswith("."))]
            files = [(e.stat().st_mtime, e.name) for e in found if e.name.endswith(suffix) and e.is_file()]
            folders = sorted(f"{e.name}/" for e in found if e.is_dir())
    except OSError:
        return []
    names = [name for _, name in sorted(files, reverse=True)]
    return [os.path.join(folder, name) for name in (*names, *folders)[:MOST_LISTED]]  # noqa: PTH118 - keeps ~


def completed(typed: str, suffix: str = SUFFIX) -> str:
    """Return what is typed as far as there is no choice."""
    names = candidates(typed, suffix)
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    return "".join(letters[0] for letters in alike) or typed


def listed(typed: str, suffix: str = SUFFIX) -> str:
    """Return the names that what is typed may become, in a line."""
    names = [Path(name).name + "/" * name.endswith("/") for name in candidates(typed, suffix)]
    if not names:
        return (
            "no run file begins so" if typed else f"no {SUFFIX} file in this folder; ~ and / lead to others"
        )
    return "tab completes: " + "  ".join(names[:8]) + ("  …" if len(names) > 8 else "")
