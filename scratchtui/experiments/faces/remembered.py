"""What is made of the weights, remembered as long as they stay the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchtui.nn import Array

Made = TypeVar("Made")


class Remembered(Generic[Made]):
    """Calls `make` when asked for the first time, and again only when `vector`, all weights, has changed."""

    def __init__(self, vector: Array, make: Callable[[], Made]) -> None:
        self._vector, self._make = vector, make
        self._made: tuple[Array, Made] | None = None

    def __call__(self) -> Made:
        """Return what is made of the weights as they are."""
        if self._made is None or not np.array_equal(self._made[0], self._vector):
            self._made = self._vector.copy(), self._make()
        return self._made[1]
