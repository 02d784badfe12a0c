"""Snapshots on the way to the moment that was looked for last, so that walking back from it is quick."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from scratchtui.training.timeline import size_of

if TYPE_CHECKING:
    from scratchtui.experiments.snapshot import Snapshot

MOST, BYTES = 32, 8 * 2**20


class Trail:
    """Few snapshots, sparse far from the moment that is looked for and close together near it.

    Each is used up when it has been walked back past, and its room goes to new ones closer to the moment
    then: a step back takes a handful of steps again on average, however long the way was.
    """

    def __init__(self) -> None:
        self._snapshots: list[Snapshot] = []

    def last(self, step: int, since: Snapshot) -> Snapshot:
        """Return the last snapshot at or before `step`, or `since` if that is later; forget all others.

        Those before `since`, and those after `step`, lie on no way to it.
        """
        first = bisect_left(self._snapshots, since.step, key=_step)
        self._snapshots = self._snapshots[first : bisect_right(self._snapshots, step, key=_step)]
        return max((since, *self._snapshots[-1:]), key=lambda snapshot: (snapshot.step, snapshot.changes))

    def stops(self, start: Snapshot, step: int) -> list[int]:
        """Return at which steps on the way from `start` to `step` to take snapshots.

        Their distances from `step` are a geometric series, of as many as there is room for.
        """
        way, free = step - start.step, self._room(start) - len(self._snapshots) - 1
        if free < 1:
            return []
        ratio = way ** (1.0 / (free + 1))
        distances = {round(ratio**power) for power in range(1, free + 1)}
        return [step - distance for distance in sorted(distances, reverse=True) if 0 < distance < way]

    def add(self, snapshot: Snapshot) -> None:
        """Keep the latest snapshot, in place of the last one where there is no room."""
        if self._snapshots and (
            len(self._snapshots) >= self._room(snapshot) or self._snapshots[-1].step == snapshot.step
        ):
            self._snapshots.pop()
        self._snapshots.append(snapshot)

    def _room(self, snapshot: Snapshot) -> int:
        return max(2, min(MOST, BYTES // size_of(snapshot)))

    def __len__(self) -> int:
        return len(self._snapshots)


def _step(snapshot: Snapshot) -> int:
    return snapshot.step
