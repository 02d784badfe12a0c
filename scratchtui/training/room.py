"""Room in memory for the runs of a tab: one budget for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.training.run import long_texts
from scratchtui.training.timeline import BYTE_BUDGET

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scratchtui.experiments.hyperparameter import Settings
    from scratchtui.training.run import Run

BYTES_OF_A_TAB = 70 * 2**20  # of which the present run may have BYTE_BUDGET
_LEAST = BYTE_BUDGET // 8  # for the snapshots of a run whose journal is full of long texts


class Room:
    """Keeps the runs of a tab, with the texts that their edits hold, within BYTES_OF_A_TAB.

    Nothing is lost by that: a run shrinks to what makes it exact again. Where not even that is enough
    `make` says so, and whoever asked has to hold fewer.
    """

    def __init__(self) -> None:
        self._others = 0  # bytes, as they were when room was made last

    def is_short(self, present: Run) -> bool:
        """Whether the present run has grown to more than there is room for."""
        return self._others + present.nbytes > BYTES_OF_A_TAB

    def make(self, present: Run, others: Sequence[Run], edits: Iterable[Settings]) -> bool:
        """Shrink the others, the largest first, until all are within the budget; whether they are.

        `edits` are settings that can be returned to, and hold texts as runs do.
        """
        texts = long_texts(value for settings in edits for value in settings.values())
        for run in (present, *others):
            texts |= run.texts
        present.timeline.fit(max(_LEAST, BYTE_BUDGET - sum(present.texts.values())))
        sizes = {run: run.nbytes for run in others}
        self._others = sum(sizes.values()) + sum(texts.values())
        while self.is_short(present) and sizes:
            largest = max(sizes, key=sizes.__getitem__)
            if not largest.shrink():
                del sizes[largest]
                continue
            self._others += largest.nbytes - sizes[largest]
            sizes[largest] = largest.nbytes
        return not self.is_short(present)
