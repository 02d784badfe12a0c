"""A network to look through: of the structure and weights of one in training, which never notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scratchtui.nn import Array, Layer, Sequential

ALL = slice(None)


class Twin:
    """Has layers of its own, so that the buffers of those in training keep their size and their last batch.

    `watched` is the network in training, `build` returns another one of its structure.
    """

    def __init__(self, watched: Sequential, build: Callable[[np.random.Generator], Sequential]) -> None:
        self._watched = watched
        self._own = build(np.random.default_rng(0))

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Layers of the kinds that the network in training has."""
        return self._own.layers

    def forward(self, x: Array) -> Array:
        """Return what the network in training would make of x: a new array.

        What overflows is infinite, or nan, where training has run away.
        """
        return self.look(x).copy()

    def look(self, x: Array, through: slice = ALL) -> Array:
        """Return what these layers make of x, in a buffer that the next look overwrites."""
        *_, (_, y) = self.outputs(x, through)
        return y

    def outputs(self, x: Array, through: slice = ALL) -> Iterator[tuple[Layer, Array]]:
        """Yield each of these layers with what it makes of x, in a buffer that the next look overwrites."""
        self._own.load(self._watched.vector)
        y = x
        for layer in self._own.layers[through]:
            with np.errstate(over="ignore", invalid="ignore"):
                y = layer.forward(y)
            yield layer, y
