"""Windows: which stretch of a text each step sees, and what is remembered from the stretch before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scratchtui.experiments.batches import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scratchtui.nn import Array


class Windows(Place):
    """Time steps in their order, so many at a time, over and over.

    `carried`, (1, H), is the hidden state in which the window before ended, None at the beginning of the
    text: the gradient goes no further back than a window, the memory does. It is part of `state`.
    """

    carried: Array | None

    def __init__(self, rows: int) -> None:
        self.resize(rows)

    def resize(self, rows: int) -> None:
        """Begin again at the first of `rows` time steps."""
        self._rows = rows
        self._place = 0
        self.carried = None

    @property
    def at_beginning(self) -> bool:
        """Whether the next window is the first."""
        return self._place in {0, self._rows}

    def stretch(self, windows: int) -> slice:
        """Return the time steps of the next window of so many; they differ in length by one at the most."""
        if self._place >= self._rows:
            self.resize(self._rows)
        window = around(self._place, self._rows, windows)
        start, self._place = self._place, window.stop
        return slice(start, self._place)

    @property
    def state(self) -> tuple[dict[str, Any], int]:
        """The hidden state carried along, where there is one, and the place in the text."""
        return {} if self.carried is None else {"carried": self.carried.tolist()}, self._place

    @state.setter
    def state(self, state: tuple[dict[str, Any], int]) -> None:
        memory, self._place = state
        self.carried = self._carried_in(memory)

    def try_out(self, memory: Mapping[str, Any]) -> None:
        """Raise whatever there is wrong with the first half of a `state`."""
        self._carried_in(memory)

    @staticmethod
    def _carried_in(memory: Mapping[str, Any]) -> Array | None:
        return np.array(memory["carried"], np.float64) if "carried" in memory else None


def around(place: int, rows: int, windows: int) -> slice:
    """Return the window in which a time step is, where `rows` of them are cut into so many.

    The k-th begins at floor(k rows / windows), so that their lengths differ by one at the most.
    """
    number = place * windows // rows
    if (number + 1) * rows // windows <= place:
        number += 1
    return slice(number * rows // windows, (number + 1) * rows // windows)
