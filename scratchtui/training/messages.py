"""What crosses the pipe between app and worker: commands are verbs, events are facts, all plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scratchtui.experiments.hyperparameter import Value
    from scratchtui.experiments.recipe import Recipe
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.training.history import LossHistory
    from scratchtui.training.journal import Entry
    from scratchtui.training.trainer import Halt
    from scratchtui.training.until import Until

UNLIMITED = float("inf")  # steps a second


@dataclass(frozen=True)
class Begin:
    """Start a run, from a snapshot of it if one is given; paused."""

    run: int
    recipe: Recipe
    snapshot: Snapshot | None = None


@dataclass(frozen=True)
class Train:
    """Train at `speed` steps a second, until the goal is met if one is given, or one of `stops` is."""

    speed: float
    until: Until | None = None
    stops: tuple[Until, ...] = ()


@dataclass(frozen=True)
class Pause:
    """Stop training where it is."""


@dataclass(frozen=True)
class Advance:
    """Take so many steps and pause; sooner, and say why, where one of `stops` is met."""

    steps: int
    stops: tuple[Until, ...] = ()


@dataclass(frozen=True)
class Change:
    """Change a live hyperparameter from the next step on."""

    key: str
    value: Value


@dataclass(frozen=True)
class Ask:
    """Send Progress as soon as there is any."""


Command = Begin | Train | Pause | Advance | Change | Ask


@dataclass(frozen=True)
class Progress:
    """What happened in run `run` since its last Progress.

    `losses` and `journal`, the changes that were carried out, are deltas: they must be merged and never
    dropped. Of `snapshots` the last is the present. `halt` says why training stopped by itself, if it
    did. `notes` are for the log: what numpy has warned of.
    """

    run: int
    losses: LossHistory
    snapshots: tuple[Snapshot, ...]
    running: bool
    halt: Halt | None = None
    journal: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failed:
    """Run `run` ended in an error of the program."""

    run: int
    reason: str
    traceback: str


Event = Progress | Failed
