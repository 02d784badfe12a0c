"""Names of run files: free ones to save under, and those that a beginning may be completed to."""

from __future__ import annotations

import contextlib
import os
from itertools import count, islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from scratchtui.places import folder
from scratchtui.training.texts import path_of

if TYPE_CHECKING:
    from scratchtui.experiments.recipe import Recipe
    from scratchtui.training.files import Saved
    from scratchtui.training.run import Run

SUFFIX = ".npz"
MOST_SEEN, MOST_LISTED = 10_000, 200  # entries of a folder


def stem(recipe: Recipe, step: int) -> str:
    """Return what the name of a file of a run begins with: binary-seed0-step120."""
    return f"{recipe.experiment}-seed{recipe.seed}-step{step}"


def free_name(run: Run) -> str:
    """Return a name that no file has: binary-seed0-step120.npz.

    It is in the present folder, or where nothing can be written there in the data folder.
    """
    place = "" if os.access(".", os.W_OK) else f"{folder('data')}/"
    names = (
        f"{place}{stem(run.recipe, run.latest.step)}{'' if number == 1 else f'-{number}'}{SUFFIX}"
        for number in count(1)
    )
    return next(name for name in names if not os.path.lexists(name))


def proposed(run: Run) -> str:
    """Return the file that a run was last saved to while it is still there, or else a free name."""
    return str(run.saved.path) if run.saved is not None and run.saved.is_there else free_name(run)


def target(typed: str) -> Path:
    """Return the file that a run is to be saved to, with its suffix; ValueError for what names no file."""
    path = path_of(typed)
    if typed.rstrip().endswith("/") or os.path.isdir(path):  # noqa: PTH112 - Path's own raises
        raise ValueError(f"{path} is a folder; the name of a file in it is needed")
    return path if path.name.endswith(SUFFIX) else path_of(f"{path}{SUFFIX}")


def foretold(typed: str, saved: Saved | None) -> str:
    """Return what saving a run would do, last `saved` so; ValueError where nothing can be."""
    path = target(typed)
    if saved is not None and saved.is_at(path):
        return f"replaces your own save of step {saved.step:,}"
    if os.path.lexists(path):
        return f"{path.name} exists already; choose another name"
    return "a new file" if typed.rstrip().endswith(SUFFIX) else f"a new file, {path.name}"


def candidates(typed: str, suffix: str = SUFFIX) -> list[str]:
    """Return the folders and files of that suffix that begin as typed, the newest files first."""
    where, name = os.path.split(typed)
    files: list[tuple[float, str]] = []
    folders = []
    try:
        with os.scandir(Path(where or ".").expanduser()) as entries:
            for entry in islice(entries, MOST_SEEN):
                if not _is_offered(entry.name, name):
                    continue
                with contextlib.suppress(OSError):  # a link that leads to itself
                    if entry.is_dir():
                        folders.append(f"{entry.name}/")
                    elif entry.name.endswith(suffix) and entry.is_file():
                        files.append((entry.stat().st_mtime, entry.name))
    except (OSError, RuntimeError, ValueError):  # there is no such folder, no such home, or can be none
        return []
    names = [name for _, name in sorted(files, reverse=True)]
    return [os.path.join(where, name) for name in (*names, *sorted(folders))[:MOST_LISTED]]  # noqa: PTH118 - keeps ~


def _is_offered(name: str, beginning: str) -> bool:
    """Whether a name begins so and could be typed; a hidden one only where its dot is."""
    return name.startswith(beginning) and name.isprintable() and bool(beginning or not name.startswith("."))


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
