"""A recipe being carried out, with its history."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from sys import getsizeof
from typing import TYPE_CHECKING, TypeVar

from scratchtui.experiments import build
from scratchtui.experiments.escapes import printable
from scratchtui.training.history import LossHistory
from scratchtui.training.lost_snapshot import LostSnapshotError
from scratchtui.training.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.hyperparameter import Value
    from scratchtui.experiments.recipe import Recipe
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.training.files import Saved
    from scratchtui.training.journal import Entry
    from scratchtui.training.messages import Progress
    from scratchtui.training.trainer import Halt
    from scratchtui.training.until import Until


T = TypeVar("T")
LONGEST_NAME = 24
FEWEST_BUCKETS = 512  # of a loss curve, which no room is too small for
BYTES_OF_AN_ENTRY = 128
_LONG = 256  # characters of a text that counts


def proper_name(name: str) -> str:
    """Return the name of a run without needless blanks; ValueError where it has none, or one too long."""
    name = " ".join(name.split())
    if not 0 < cells(name) <= LONGEST_NAME or name != printable(name):
        raise ValueError(f"the name of a run has 1 to {LONGEST_NAME} characters that can be seen")
    return name


def cells(text: str) -> int:
    """Return how many cells of a terminal a text takes: a wide character is two."""
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)


def long_texts(values: Iterable[Value]) -> dict[int, int]:
    """Return how many bytes each long text among these takes, by its id; equal ones are one by now."""
    return {id(each): getsizeof(each) for each in values if isinstance(each, str) and len(each) > _LONG}


@dataclass(eq=False)
class Run:
    """The recipe as it was at step 0, every loss since, the snapshots kept, and what was changed.

    `origin` is the name of the run that it was forked from, and after which step; `headline` how far it
    had come when it was left; `halt` why it stopped by itself at its end; `stops` where it was to stop when
    it was saved; `saved` its last file; `filed` the step and the number of changes up to which a file has
    it. Of the runs of a tab it was the `number`-th to be listed; `instead` is what stands for it.
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
    number: int = 0
    instead: Run | None = None
    stops: tuple[Until, ...] = ()
    halt: Halt | None = None
    saved: Saved | None = None
    filed: tuple[int, int] | None = None
    _texts: dict[int, int] = field(default_factory=dict, init=False, repr=False)
    _read: int = field(default=-1, init=False, repr=False)  # entries of the journal

    @property
    def present(self) -> Run:
        """The run that stands where this one stood: one that had taken no step is replaced by a change."""
        run = self
        while run.instead is not None:
            run = run.instead
        return run

    def begin(self) -> None:
        """Have the snapshot of step 0."""
        snapshots = self.timeline.snapshots
        if not snapshots or snapshots[0].step or snapshots[0].changes:
            self.timeline.begin_with(build(self.recipe).snapshot())

    def reading(self, read: Callable[[], T]) -> T:
        """Return what `read` returns, which reads snapshots; without those that cannot be read back.

        They are let go then, and it is asked again: what they held follows from those before.
        LostSnapshotError if it fails a second time.
        """
        try:
            return read()
        except LostSnapshotError:
            self.timeline.let_go_of_lost()
            self.begin()
            return read()

    def forget(self) -> None:
        """Let go of the whole past: nobody returns to this run, whoever may still hold it."""
        self.losses, self.timeline, self.journal = LossHistory(), Timeline(), []

    def shrink(self) -> bool:
        """Hold about half as much of the past; whether that could be.

        In the end there are recipe, journal and last moment, by which all else is exact again, and a coarse
        curve. Of a run that took no step the recipe is enough.
        """
        if self.timeline.halve():
            return True
        if len(self.losses.index) > FEWEST_BUCKETS:
            self.losses = self.losses.halved()
            return True
        return bool(self.timeline.snapshots) and self.timeline.condense()

    @property
    def nbytes(self) -> int:
        """About how many bytes it takes, but for `texts`."""
        return self.timeline.nbytes + self.losses.nbytes + BYTES_OF_AN_ENTRY * len(self.journal)

    @property
    def texts(self) -> dict[int, int]:
        """How many bytes each long text among all settings that it ever had takes, by its id."""
        self._read_on()
        return self._texts

    def _read_on(self) -> None:
        """Take down what came to the journal since this was done last."""
        if self._read < 0:
            self._texts |= long_texts(self.recipe.settings.values())
        new = self.journal[max(0, self._read) :]
        self._read = len(self.journal)
        self._texts |= long_texts(entry.value for entry in new)

    @property
    def latest(self) -> Snapshot:
        """The present state; IndexError before the first snapshot."""
        return self.timeline.latest

    def experiment(self) -> Experiment:
        """Return a copy of the experiment as it was after the last step."""
        return build(self.recipe, self.latest)

    def copied(self) -> Run:
        """Return the run as it is now, however the original goes on."""
        return replace(self, timeline=self.timeline.copied(), journal=list(self.journal))

    def absorb(self, progress: Progress) -> None:
        """Take in what a worker tells."""
        self.losses = self.losses.merge(progress.losses)
        self.journal += progress.journal
        for snapshot in progress.snapshots:
            self.timeline.append(snapshot)
