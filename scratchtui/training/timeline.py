"""The snapshots that a run keeps."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from sys import intern
from typing import TYPE_CHECKING

from scratchtui.training.store import STORE, Store, Stored

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scratchtui.experiments.snapshot import Snapshot

BYTE_BUDGET = 64 * 2**20
_OVERHEAD = 1024
MOST = (
    16_384  # snapshots: more of a small network would take more memory than their numbers, and save no time
)
_FOR_CHANGES = 0.25  # of the budget
EVEN_AT = 1_020_000  # steps: of a million any is to be found soon
_AT_ONCE = 1 / 32  # of the budget, to have room for some time
_FEWEST = 4  # snapshots, which no budget is too small for


class Timeline:
    """Snapshots in order of their steps, thinned evenly to stay within a byte budget, and at most MOST.

    Of the steps from each multiple of `_stride` to the next the first snapshot is kept, of the oldest, up to
    the place `_doubled`, each second of these: so little by little all are thinned, and none is further
    from the one before than twice the least. That is least where the steps are as many as EVEN_AT, or
    twice, or half: then strides have been doubled everywhere just as the budget is full. The first and the
    newest of all are always kept, those taken when a setting changed as long as these need no more than a
    quarter of the budget. What a snapshot has in common with the one before is held once, and
    so are equal texts, which the journal of the run holds too: its budget is for numbers.
    """

    def __init__(
        self, snapshots: Iterable[Snapshot] = (), byte_budget: int = BYTE_BUDGET, store: Store | None = STORE
    ) -> None:
        self._byte_budget = byte_budget
        self._store = store
        self._snapshots: list[Snapshot] = []
        self._stride = 1.0
        self._thinned, self._doubled = False, 1
        self._bytes = 0
        self._keeps_changes = True
        for snapshot in snapshots:
            self.append(snapshot)

    @property
    def snapshots(self) -> list[Snapshot]:
        """The snapshots, oldest first; not to be changed."""
        return self._snapshots

    @property
    def latest(self) -> Snapshot:
        """The newest snapshot; IndexError before the first."""
        return self._snapshots[-1]

    @property
    def nbytes(self) -> int:
        """About how many bytes the snapshots take."""
        return self._bytes

    def begin_with(self, first: Snapshot) -> None:
        """Have that snapshot of step 0 in front of all others."""
        first = self._held(first) if self._snapshots else first
        self._snapshots.insert(0, first)
        self._bytes += size_of(first)

    def let_go_of_lost(self) -> None:
        """Do without the snapshots that cannot be read back; the newest stays."""
        kept = [each for each in self._snapshots[:-1] if not (isinstance(each, Stored) and each.is_lost)]
        kept += self._snapshots[-1:]
        if len(kept) < len(self._snapshots):
            self._snapshots, self._bytes, self._doubled = kept, sum(map(size_of, kept)), 1
            if self._store is not None:
                self._store.distrust()

    def halve(self) -> bool:
        """Make do with half the bytes, where there is anything left to thin; whether there was."""
        if len(self._snapshots) <= 2 * _FEWEST:  # fewer would have no room for that of the last change
            return False
        self.fit(self._bytes // 2)
        return True

    def condense(self) -> bool:
        """Keep the newest, and the first after all that was changed, alone; whether there were others."""
        latest = self.latest
        changed = next(each for each in self._snapshots if each.changes == latest.changes)
        kept = [latest] if changed is latest or not latest.changes else [changed, latest]
        fewer = len(kept) < len(self._snapshots)
        self._snapshots, self._bytes, self._doubled = kept, sum(map(size_of, kept)), 1
        return fewer

    def fit(self, byte_budget: int) -> None:
        """Stay within another budget from here on; what was thinned stays so."""
        self._byte_budget = byte_budget
        self._thin_to_budget()

    def copied(self) -> Timeline:
        """Return the snapshots as they are now."""
        twin = Timeline(byte_budget=self._byte_budget, store=self._store)
        twin._snapshots, twin._stride, twin._bytes = list(self._snapshots), self._stride, self._bytes
        twin._thinned, twin._doubled = self._thinned, self._doubled
        twin._keeps_changes = self._keeps_changes
        return twin

    def append(self, snapshot: Snapshot) -> None:
        """Add the newest snapshot; one of the same step and settings replaces the last."""
        if self._snapshots:
            snapshot = _sharing(snapshot, self._snapshots[-1])
        if len(self._snapshots) > 1 and not self._worth_keeping(len(self._snapshots) - 1, snapshot):
            self._bytes -= size_of(self._snapshots.pop())
        elif self._snapshots:
            self._bytes -= size_of(self._snapshots[-1])
            self._snapshots[-1] = self._held(self._snapshots[-1])
            self._bytes += size_of(self._snapshots[-1])
        self._snapshots.append(snapshot)
        self._bytes += size_of(snapshot)
        self._thin_to_budget()

    def _held(self, snapshot: Snapshot) -> Snapshot:
        return snapshot if self._store is None else self._store.put(snapshot)

    @property
    def _room(self) -> float:
        """How many bytes there may be: those of the budget, or of MOST snapshots where these are fewer."""
        return min(self._byte_budget, MOST * self._bytes / len(self._snapshots))

    def _thin_to_budget(self) -> None:
        while self._bytes > self._room and len(self._snapshots) > _FEWEST:
            self._thin()

    def _worth_keeping(self, place: int, following: Snapshot) -> bool:
        snapshot, before = self._snapshots[place], self._snapshots[place - 1]
        if self._keeps_changes and _changed(before, snapshot):
            return True
        return snapshot.step != following.step and _begins(self._stride, snapshot, before)

    def _thin(self) -> None:
        """Let strides be twice as long, from the oldest on, as far as that takes to have some room."""
        snapshots, room = self._snapshots, self._room
        if not self._thinned:  # begin where, doubled again and again, they come to be even at EVEN_AT
            self._thinned = True
            self._stride, _ = math.frexp(EVEN_AT * self._bytes / len(snapshots) / max(1, room))
        changed = [False, *(_changed(*pair) for pair in pairwise(snapshots))]
        held = sum(size_of(snapshot) for snapshot, new in zip(snapshots, changed, strict=True) if new)
        self._keeps_changes = held <= _FOR_CHANGES * room
        enough = (1.0 - _AT_ONCE) * room
        kept, place = snapshots[: self._doubled], self._doubled
        while place < len(snapshots) - 1 and self._bytes > enough:
            snapshot = snapshots[place]
            if (changed[place] and self._keeps_changes) or _begins(2.0 * self._stride, snapshot, kept[-1]):
                kept.append(snapshot)
            else:
                self._bytes -= size_of(snapshot)
            place += 1
        self._doubled = len(kept)
        if place == len(snapshots) - 1:
            self._stride, self._doubled = 2.0 * self._stride, 1
        self._snapshots = kept + snapshots[place:]


def _begins(stride: float, snapshot: Snapshot, before: Snapshot) -> bool:
    """Whether a snapshot is the first of those within a stride."""
    return snapshot.step // stride != before.step // stride


def _sharing(snapshot: Snapshot, last: Snapshot) -> Snapshot:
    """Return the snapshot with what equals the last one's held once: a pipe brings everything anew."""
    if isinstance(snapshot, Stored):
        return snapshot
    settings, batches = snapshot.settings, snapshot.batches
    if settings is not last.settings:
        if settings == last.settings:
            settings = last.settings
        else:
            settings = {k: intern(v) if type(v) is str else v for k, v in settings.items()}
    shares = not isinstance(last, Stored)  # which holds no batches, and may be lost
    if shares and batches[0] is not last.batches[0] and batches[0] == last.batches[0]:
        batches = (last.batches[0], batches[1])
    if settings is snapshot.settings and batches is snapshot.batches:
        return snapshot
    return replace(snapshot, settings=settings, batches=batches)


def _changed(before: Snapshot, snapshot: Snapshot) -> bool:
    if snapshot.changes != before.changes:
        return True
    return snapshot.settings is not before.settings and snapshot.settings != before.settings


def size_of(snapshot: Snapshot) -> int:
    """Return about how many bytes a snapshot takes, but for texts among its settings."""
    return (snapshot.taken if isinstance(snapshot, Stored) else snapshot.nbytes) + _OVERHEAD
