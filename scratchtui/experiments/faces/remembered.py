"""What is made of the weights, remembered as long as they stay the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchtui.nn import Array

Made = TypeVar("Made")


class Remembered(Generic[Made]):
    """What was made last; it is made again only when `vector`, all weights, has changed.

    It holds nothing of who makes it: a network in a circle of references would stay in memory for long.
    """

    def __init__(self, vector: Array) -> None:
        self._vector = vector
        self._made: tuple[Array, Made] | None = None

    def __call__(self, make: Callable[[], Made]) -> Made:
        """Return what `make` makes of the weights as they are."""
        if self._made is None or not np.array_equal(self._made[0], self._vector):
            self._made = self._vector.copy(), make()
        return self._made[1]
