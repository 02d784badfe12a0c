"""The runs in the files of a folder, as far as they can be told apart without reading them whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchtui.experiments import EXPERIMENTS
from scratchtui.training import meta
from scratchtui.training.archive import Archive
from scratchtui.training.file_names import candidates
from scratchtui.training.opening import opened
from scratchtui.training.texts import path_of

if TYPE_CHECKING:
    from pathlib import Path

MOST = 50  # that are looked into
_LARGEST_META = 2**20  # bytes, which take milliseconds to read


@dataclass(frozen=True)
class SavedRun:
    """What a list tells of a run: the file as it is typed, and when that was written, in seconds."""

    name: str
    title: str
    step: int
    seed: int
    when: float


def saved_runs(typed: str, known: dict[str, SavedRun | None]) -> list[SavedRun]:
    """Return the runs in files whose names begin as typed, the newest first; no file that is none.

    Those that are `known` are not looked into again, and the others are from then on.
    """
    names = [name for name in candidates(typed) if not name.endswith("/")][:MOST]
    known.update((name, _look(name)) for name in names if name not in known)
    return [run for name in names if (run := known[name]) is not None]


def _look(name: str) -> SavedRun | None:
    """Return what a file says of its run; None where it is none, or too large to be read at a key."""
    try:
        path: Path = path_of(name)
        with opened(path) as file:
            archive = Archive(file)
            if archive.size("meta") > _LARGEST_META:
                return None
            told = meta.read(str(archive["meta"]))
        title = EXPERIMENTS.title(told["experiment"])
        return SavedRun(name, title, int(told["step"]), int(told["seed"]), path.stat().st_mtime)
    except Exception:  # noqa: BLE001 - whatever it is, it is no run
        return None
