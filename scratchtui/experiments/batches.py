"""Mini-batches: which part of the data each step sees."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


class Place(ABC):
    """A place in the data: where training is in it, so that it can be returned to."""

    @property
    @abstractmethod
    def state(self) -> tuple[dict[str, Any], int]:
        """What a run keeps of it: a memory, ready for JSON, and how far it is."""

    @state.setter
    @abstractmethod
    def state(self, state: tuple[dict[str, Any], int]) -> None: ...

    @abstractmethod
    def resize(self, rows: int) -> None:
        """Begin again, over data of `rows` rows."""

    @abstractmethod
    def try_out(self, memory: Mapping[str, Any]) -> None:
        """Raise whatever there is wrong with the first half of a `state`."""


class Batches(Place):
    """Rows in a new random order each epoch; the last batch of an epoch may be smaller.

    `state` is the generator as it was when the epoch was shuffled and the place in it, so that any
    moment of training can be returned to.
    """

    def __init__(self, rng: np.random.Generator, rows: int) -> None:
        self._rng = rng
        self._place = 0
        self.resize(rows)

    def resize(self, rows: int) -> None:
        """Begin a new epoch over `rows` rows."""
        self._rows = rows
        self._shuffle()

    def next(self, size: int) -> NDArray[np.int64]:
        """Return the indices of the next `size` rows, at most."""
        if self._place >= self._rows:
            self._shuffle()
        batch = self._order[self._place : self._place + size]
        self._place += size
        return batch

    @property
    def state(self) -> tuple[dict[str, Any], int]:
        """The generator at the start of this epoch, and the place in the epoch."""
        return self._epoch, self._place

    @state.setter
    def state(self, state: tuple[dict[str, Any], int]) -> None:
        self._rng.bit_generator.state, place = state
        self._shuffle()
        self._place = place

    def try_out(self, memory: Mapping[str, Any]) -> None:
        """Raise whatever there is wrong with the first half of a `state`."""
        type(self._rng.bit_generator)(0).state = memory

    def _shuffle(self) -> None:
        self._epoch: dict[str, Any] = dict(self._rng.bit_generator.state)
        self._order = self._rng.permutation(self._rows)
        self._place = 0
