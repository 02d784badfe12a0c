"""The snapshots that a run keeps."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scratchtui.experiments.snapshot import Snapshot

BYTE_BUDGET = 64 * 2**20
_OVERHEAD = 1024
_FOR_CHANGES = 0.25  # of the budget


class Timeline:
    """Snapshots in order of their steps, thinned evenly to stay within a byte budget.

    The first and the newest are always kept, those taken when a setting changed as long as these need no
    more than a quarter of the budget.
    """

    def __init__(self, moments: Iterable[Snapshot] = (), byte_budget: int = BYTE_BUDGET) -> None:
        self._byte_budget = byte_budget
        self._moments: list[Snapshot] = []
        self._stride = 1
        self._bytes = 0
        self._keeps_changes = True
        for moment in moments:
            self.append(moment)

    @property
    def moments(self) -> list[Snapshot]:
        """The snapshots, oldest first; not to be changed."""
        return self._moments

    @property
    def latest(self) -> Snapshot:
        """The newest snapshot; IndexError before the first."""
        return self._moments[-1]

    def fit(self, byte_budget: int) -> None:
        """Stay within another budget from here on; what was thinned stays so."""
        self._byte_budget = byte_budget
        self._thin_to_budget()

    def copied(self) -> Timeline:
        """Return the snapshots as they are now."""
        twin = Timeline(byte_budget=self._byte_budget)
        twin._moments, twin._stride, twin._bytes = list(self._moments), self._stride, self._bytes
        twin._keeps_changes = self._keeps_changes
        return twin

    def append(self, moment: Snapshot) -> None:
        """Add the newest snapshot; one of the same step and settings replaces the last."""
        if len(self._moments) > 1 and not self._worth_keeping(len(self._moments) - 1, moment):
            self._bytes -= size_of(self._moments.pop())
        self._moments.append(moment)
        self._bytes += size_of(moment)
        self._thin_to_budget()

    def _thin_to_budget(self) -> None:
        while self._bytes > self._byte_budget and len(self._moments) > 4:
            self._thin()

    def _worth_keeping(self, place: int, following: Snapshot) -> bool:
        moment, before = self._moments[place], self._moments[place - 1]
        if self._keeps_changes and _changed(before, moment):
            return True
        return moment.step != following.step and moment.step - before.step >= self._stride

    def _thin(self) -> None:
        """Keep every second of those that are evenly spaced, and those of changes if these are few."""
        self._stride *= 2
        changed = [False, *(_changed(*pair) for pair in pairwise(self._moments))]
        held = sum(size_of(moment) for moment, new in zip(self._moments, changed, strict=True) if new)
        self._keeps_changes = held <= _FOR_CHANGES * self._byte_budget
        kept = [self._moments[0]]
        for moment, new in zip(self._moments[1:-1], changed[1:-1], strict=True):
            if (new and self._keeps_changes) or moment.step - kept[-1].step >= self._stride:
                kept.append(moment)
        self._moments = [*kept, self._moments[-1]]
        self._bytes = sum(map(size_of, self._moments))


def _changed(before: Snapshot, moment: Snapshot) -> bool:
    if moment.changes != before.changes:
        return True
    return moment.settings is not before.settings and moment.settings != before.settings


def size_of(moment: Snapshot) -> int:
    """Return about how many bytes a snapshot takes."""
    return moment.parameters.nbytes + moment.optimizer.nbytes + _OVERHEAD
