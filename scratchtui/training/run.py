"""A recipe being carried out, with its history."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from scratchtui.experiments import build
from scratchtui.training.history import LossHistory
from scratchtui.training.timeline import Timeline

if TYPE_CHECKING:
    from scratchtui.experiments.recipe import Recipe
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.training.files import Saved
    from scratchtui.training.journal import Entry
    from scratchtui.training.messages import Progress
    from scratchtui.training.trainer import Halt
    from scratchtui.training.until import Until


LONGEST_NAME = 24


def proper_name(name: str) -> str:
    """Return the name of a run without needless blanks; ValueError where it has none, or one too long."""
    name = " ".join(name.split())
    if not 0 < cells(name) <= LONGEST_NAME or not name.isprintable():
        raise ValueError(f"the name of a run has 1 to {LONGEST_NAME} characters that can be seen")
    return name


def cells(text: str) -> int:
    """Return how many cells of a terminal a text takes: a wide character is two."""
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)


@dataclass(eq=False)
class Run:
    """The recipe as it was at step 0, every loss since, the snapshots kept, and what was changed.

    `origin` is the name of the run that it was forked from, and after which step; `headline` how far it
    had come when it was left; `halt` why it stopped by itself at its end; `stops` where it was to stop when
    it was saved; `saved` its last file. One that is `forgotten` cannot be returned to; `instead` is what
    stands for it.
    """

    recipe: Recipe
    losses: LossHistory = field(default_factory=LossHistory)
    timeline: Timeline = field(default_factory=Timeline)
    journal: list[Entry] = field(default_factory=list)
    name: str = ""
    pinned: bool = False
    origin: tuple[str, int] | None = None
    began: datetime = field(default_factory=datetime.now)
    headline: str = ""
    forgotten: bool = False
    instead: Run | None = None
    stops: tuple[Until, ...] = ()
    halt: Halt | None = None
    saved: Saved | None = None

    @property
    def present(self) -> Run:
        """The run that stands where this one stood: one that had taken no step is replaced by a change."""
        run = self
        while run.instead is not None:
            run = run.instead
        return run

    def begin(self) -> None:
        """Take the snapshot of step 0, unless there is a snapshot."""
        if not self.timeline.snapshots:
            self.timeline.append(build(self.recipe).snapshot())

    def forget(self) -> None:
        """Let go of the whole past: nobody returns to this run, whoever may still hold it."""
        self.forgotten = True
        self.losses, self.timeline, self.journal = LossHistory(), Timeline(), []

    @property
    def latest(self) -> Snapshot:
        """The present state; IndexError before the first snapshot."""
        return self.timeline.latest

    def copied(self) -> Run:
        """Return the run as it is now, however the original goes on."""
        return replace(self, timeline=self.timeline.copied(), journal=list(self.journal))

    def absorb(self, progress: Progress) -> None:
        """Take in what a worker tells."""
        self.losses = self.losses.merge(progress.losses)
        self.journal += progress.journal
        for snapshot in progress.snapshots:
            self.timeline.append(self._sharing(snapshot))

    def _sharing(self, snapshot: Snapshot) -> Snapshot:
        """Return the snapshot with what equals the last one's held once: a pipe brings everything anew."""
        if not self.timeline.snapshots:
            return snapshot
        last = self.timeline.latest
        settings = last.settings if snapshot.settings == last.settings else snapshot.settings
        batches = last.batches if snapshot.batches == last.batches else snapshot.batches
        return replace(snapshot, settings=settings, batches=batches)
