"""The loss of every step, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from scratchtui.experiments.view import Curve, Curves

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.nn import Array

CAPACITY = 4096
_MOST_WAITING = 256
_FIRST = 8  # buckets


def _empty() -> Array:
    return np.empty(0)


@dataclass(frozen=True)
class LossHistory:
    """Losses in buckets of `width` steps: their minimum, maximum, sum and number, each (K,).

    Bucket `index` covers the steps index * width + 1 to (index + 1) * width. Widths are powers of
    two and buckets lie on multiples of their width, so histories merge in any grouping to the same.
    """

    width: int = 1
    index: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    low: Array = field(default_factory=_empty)
    high: Array = field(default_factory=_empty)
    total: Array = field(default_factory=_empty)
    count: Array = field(default_factory=_empty)

    @classmethod
    def of(cls, first_step: int, losses: Array) -> LossHistory:
        """Return the history of consecutive steps from `first_step` on."""
        index = np.arange(first_step - 1, first_step - 1 + len(losses))
        return cls(1, index, losses, losses, losses, np.ones(len(losses)))._fit()

    def merge(self, later: LossHistory) -> LossHistory:
        """Return both histories as one; a bucket that both have steps in is joined."""
        width = max(self.width, later.width)
        a, b = self._widen(width), later._widen(width)
        both = LossHistory(
            width,
            np.concatenate((a.index, b.index)),
            np.concatenate((a.low, b.low)),
            np.concatenate((a.high, b.high)),
            np.concatenate((a.total, b.total)),
            np.concatenate((a.count, b.count)),
        )
        return both._join()._fit()

    def missing(self, step: int) -> int:
        """Return from which step on losses have to be known one by one, to cut the history after `step`.

        It is the first of the bucket that `step` cuts; of all, where few enough to be kept one by one again
        are left; the next one where nothing is missing.
        """
        if self.width > 1 and step <= CAPACITY:
            return 1
        return step // self.width * self.width + 1

    def until(self, step: int, last: Array) -> LossHistory:
        """Return the history of the steps up to `step`, of which the `last` have the losses (S,).

        These are the steps from `missing` on.
        """
        first = step - len(last) + 1
        if first == 1:
            return LossHistory.of(1, last)
        whole = (self.index + 1) * self.width < first
        kept = LossHistory(self.width, *(values[whole] for values in self._buckets))
        return kept.merge(LossHistory.of(first, last))

    @property
    def _buckets(self) -> tuple[Any, ...]:
        return self.index, self.low, self.high, self.total, self.count

    @property
    def steps(self) -> Array:
        """The last step of each bucket, (K,): of the newest, which may not be full, the newest step."""
        ends = (self.index + 1) * self.width
        if len(ends):
            ends[-1] = self.index[-1] * self.width + self.count[-1]
        return np.asarray(ends, np.float64)

    @property
    def _first_steps(self) -> Array:
        return np.asarray(self.index * self.width + 1, np.float64)

    @property
    def mean(self) -> Array:
        """The mean loss of each bucket, (K,)."""
        return self.total / self.count

    @property
    def growing(self) -> bool:
        """Whether the loss is well above all that it was at first."""
        return bool(len(self.index) > _FIRST and self.mean[-1] > 2.0 * self.high[:_FIRST].max())

    @property
    def nbytes(self) -> int:
        """How many bytes the buckets take."""
        return sum(values.nbytes for values in self._buckets)

    def halved(self) -> LossHistory:
        """Return the history in about half as many buckets, of twice the width."""
        return self._widen(2 * self.width)

    def view(self) -> Curves:
        """Return the loss curve, logarithmic wherever that can be drawn."""
        curve = Curve("loss", self.steps, self.mean, self.low, self.high, first=self._first_steps)
        return Curves((curve,), logarithmic=bool((self.high > 0.0).any()), empty="no step yet")

    def __len__(self) -> int:
        return int(self.count.sum())

    def _fit(self) -> LossHistory:
        history = self
        while len(history.index) > CAPACITY:
            history = history._widen(2 * history.width)
        return history

    def _widen(self, width: int) -> LossHistory:
        if width == self.width:
            return self
        index = self.index // (width // self.width)
        return LossHistory(width, index, self.low, self.high, self.total, self.count)._join()

    def _join(self) -> LossHistory:
        """Join neighbours of the same index."""
        if len(self.index) < 2 or np.all(np.diff(self.index) > 0):
            return self
        starts = np.flatnonzero(np.diff(self.index, prepend=-1))
        return LossHistory(
            self.width,
            self.index[starts],
            np.minimum.reduceat(self.low, starts),
            np.maximum.reduceat(self.high, starts),
            self._totals(starts),
            np.add.reduceat(self.count, starts),
        )

    def _totals(self, starts: NDArray[np.intp]) -> Array:
        with np.errstate(over="ignore"):
            totals = np.add.reduceat(self.total, starts)
        return np.minimum(totals, np.finfo(np.float64).max)  # the last losses of a diverging run


class Backlog:
    """Losses that nobody has taken yet, stretch by stretch; merged seldom: a merge costs more than a step."""

    def __init__(self) -> None:
        self._stretches: list[LossHistory] = []

    def add(self, first_step: int, losses: Array) -> None:
        """Add the losses, (S,), of consecutive steps from `first_step` on."""
        self._stretches.append(LossHistory.of(first_step, losses))
        if len(self._stretches) > _MOST_WAITING:
            self._stretches = [self.take()]

    def take(self) -> LossHistory:
        """Return all there are, as one history, and begin anew."""
        history = LossHistory()
        for stretch in self._stretches:
            history = history.merge(stretch)
        self._stretches = []
        return history
