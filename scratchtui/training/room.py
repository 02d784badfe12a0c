"""Room for the runs of a tab, on the disk or in memory: one budget for all."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from scratchtui.training.run import long_texts
from scratchtui.training.timeline import BYTE_BUDGET

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scratchtui.experiments.hyperparameter import Settings
    from scratchtui.training.run import Run

BYTES_OF_A_TAB = 70 * 2**20  # of which the present run has BYTE_BUDGET, unless edits need some of it
_LEAST = 1 / 8  # of BYTE_BUDGET, for the snapshots of a run whose journal is full of long texts


class Room:
    """Keeps the runs of a tab, with the texts that their edits hold, within BYTES_OF_A_TAB.

    Nothing is lost by that: a run shrinks to what makes it exact again, and the snapshots of the present
    one become half as many. Where not even that is enough `make` says so, and whoever asked has to hold less.
    """

    def __init__(self) -> None:
        self._others = 0  # bytes, as they were when room was made last

    def is_short(self, present: Run) -> bool:
        """Whether the present run has grown to more than there is room for."""
        return self._others + present.nbytes > BYTES_OF_A_TAB

    def make(self, present: Run, others: Sequence[Run], edits: Iterable[Settings]) -> bool:
        """Shrink the others, the largest first, and then the present one; whether all are within the budget.

        `edits` are settings that can be returned to, and hold texts as runs do.
        """
        texts = long_texts(value for settings in edits for value in settings.values())
        for run in (present, *others):
            texts |= run.texts
        limit = max(int(_LEAST * BYTE_BUDGET), BYTE_BUDGET - sum(present.texts.values()))
        present.timeline.fit(limit)
        largest_first = [(-run.nbytes, place) for place, run in enumerate(others)]
        heapify(largest_first)
        self._others = sum(texts.values()) - sum(size for size, _ in largest_first)
        while self.is_short(present) and largest_first:
            size, place = heappop(largest_first)
            if others[place].shrink():
                heappush(largest_first, (-others[place].nbytes, place))
                self._others += others[place].nbytes + size
        if self.is_short(present):
            over = self._others + present.nbytes - BYTES_OF_A_TAB
            present.timeline.fit(max(limit // 2, present.timeline.nbytes - over))
        return not self.is_short(present)
