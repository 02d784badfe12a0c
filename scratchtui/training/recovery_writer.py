"""Writing the recovery of this process: each time what has changed since the last time, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from scratchtui.training.files import write_run
from scratchtui.training.recovery import (
    MANIFEST,
    MOST_RUNS,
    OTHERS,
    PRESENT,
    Manifest,
    Tab,
    is_worth_keeping,
    thinned,
)
from scratchtui.training.recovery_folder import LOCK, RecoveryFolder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.training.history import LossHistory
    from scratchtui.training.messages import Change
    from scratchtui.training.run import Run
    from scratchtui.training.session import Session
    from scratchtui.training.until import Until


class Mark(NamedTuple):
    """By which it is known that a run is as it was written: what is replaced when it changes."""

    latest: Snapshot
    losses: LossHistory
    changes: int
    untold: tuple[Change, ...]
    stops: tuple[Until, ...]
    name: str
    budget: int

    @classmethod
    def of(cls, run: Run, session: Session) -> Mark:
        """Return how a run of a session is now."""
        here = run is session.run
        untold = tuple(session.link.untold) if here else ()
        stops = session.course.stops if here else run.stops
        budget = PRESENT if here else OTHERS
        return cls(run.latest, run.losses, len(run.journal), untold, stops, run.name, budget)

    def is_that_of(self, other: Mark | None) -> bool:
        """Whether nothing has changed since another was taken."""
        if other is None:
            return False
        return self.latest is other.latest and self.losses is other.losses and self[2:] == other[2:]


@dataclass(frozen=True)
class Writing:
    """What is to be written: runs that changed, each with its file and its mark, and the manifest.

    `files` are those of all runs that are kept; without any there is nothing to keep.
    """

    runs: tuple[tuple[Run, Run, Mark], ...]  # the original, and it as it was then
    files: Mapping[Run, str]
    manifest: bytes


class RecoveryWriter:
    """Knows what the folder of this process holds; `written` counts the bytes of the last time."""

    def __init__(self) -> None:
        self.folder: RecoveryFolder | None = None
        self.written = 0
        self._files: dict[Run, str] = {}
        self._marks: dict[Run, Mark] = {}
        self._manifest = b""
        self._count = 0

    def gathered(self, sessions: Iterable[Session], current: str, *, quits: bool = False) -> Writing | None:
        """Return what has to be written of sessions now; None where nothing has changed.

        It copies no more than references, so that keys need not wait while it is written.
        """
        runs: list[tuple[Run, Run, Mark]] = []
        files: dict[Run, str] = {}
        tabs = []
        for session in filter(is_worth_keeping, sessions):
            for run in _kept(session):
                files[run] = self._files.get(run) or self._new_name(session)
                mark = Mark.of(run, session)
                if not mark.is_that_of(self._marks.get(run)):
                    now = session.whole_run() if run is session.run else run.copied()
                    runs.append((run, now, mark))
            tabs.append(Tab.of(session, files))
        manifest = Manifest(tuple(tabs), current, quits).text() if tabs else b""
        self._files |= files
        if not runs and manifest == self._manifest:
            return None
        return Writing(tuple(runs), files, manifest)

    def write(self, writing: Writing) -> None:
        """Write it, in whatever thread, one at a time; OSError, and then all that is due is due again."""
        if not writing.files:
            self.leave_nothing()
            return
        try:
            self._write(writing)
        except FileNotFoundError:  # somebody has removed it
            self.forget()
            raise

    def _write(self, writing: Writing) -> None:
        folder = self.folder = self.folder or RecoveryFolder.own()
        self.written = 0
        for run, now, mark in writing.runs:
            fill = partial(write_run, thinned(now, mark.budget))
            self.written += folder.write(writing.files[run], fill)
            self._marks[run] = mark

        self.written += folder.write(MANIFEST, lambda file: file.write(writing.manifest))
        self._manifest = writing.manifest
        for name in {*folder.names()} - {MANIFEST, LOCK, *writing.files.values()}:
            folder.remove(name)
        self._files = {run: name for run, name in self._files.items() if run in writing.files}
        self._marks = {run: mark for run, mark in self._marks.items() if run in writing.files}

    def leave_nothing(self) -> None:
        """Remove the folder of this process; OSError."""
        folder, self.folder = self.folder, None
        self.forget()
        if folder is not None:
            folder.destroy(MANIFEST)

    def forget(self) -> None:
        """Take nothing for written, and the folder for gone."""
        if self.folder is not None:
            self.folder.close()
        self.folder, self._manifest = None, b""
        self._marks = {}

    def _new_name(self, session: Session) -> str:
        self._count += 1
        return f"{session.kind.name}-{self._count}.npz"


def _kept(session: Session) -> list[Run]:
    """Return the runs of a tab that are written: the present one, and the last others."""
    runs = list(session.runs)
    extra = len(runs) - MOST_RUNS
    return [run for place, run in enumerate(runs) if place >= extra or run is session.run]
