"""Receptive fields: which pixels a number in the maps of a convolution depends on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from scratchtui.experiments.faces.face import SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

Number = TypeVar("Number", np.bool_, np.float64)


@dataclass(frozen=True)
class Field:
    """A square of `side` pixels, which moves by `step` pixels from one place of a map to the next.

    At the first of its places, of which there are `places` a side, it begins `before` pixels beyond the
    picture.
    """

    side: int
    step: int
    before: int
    places: int

    @classmethod
    def of(cls, layer: int, size: int, pool: int) -> Field:
        """Return that of the first layer or the second.

        Convolutions have filters of `size`, padded by half of that, and the first one is pooled by `pool`. So
        the second sees `size` squares of `pool` pixels, and as far beyond them as the first does.
        """
        rim = size // 2
        places = SIDE + 2 * rim - size + 1
        if layer == 1:
            return cls(size, 1, rim, places)
        return cls(size * pool + size - 1, pool, rim * (pool + 1), places // pool + 2 * rim - size + 1)

    @property
    def whole(self) -> bool:
        """Whether it is larger than a picture, which is then shown whole."""
        return self.side > SIDE

    def windows(self, pictures: NDArray[Number], beyond: float = 0.0) -> NDArray[Number]:
        """Return what it sees of pictures (N, 8, 8) at each place, (N, places, places, side, side).

        Pixels beyond the picture are `beyond`. Where it is larger than the picture, that is seen everywhere.
        """
        if self.whole:
            everywhere = (len(pictures), self.places, self.places, SIDE, SIDE)
            return np.broadcast_to(pictures[:, None, None], everywhere)
        last = self.step * (self.places - 1) + self.side - self.before  # one beyond the last pixel it sees
        rim = (self.before, max(0, last - SIDE))
        padded = np.pad(pictures, ((0, 0), rim, rim), constant_values=beyond)
        seen = sliding_window_view(padded, (self.side, self.side), axis=(1, 2))
        return seen[:, :: self.step, :: self.step][:, : self.places, : self.places]

    def middle(self, place: tuple[int, int]) -> tuple[int, int]:
        """Return row and column, from 0, of the pixel in its middle at a place of the map."""
        down, across = (self.step * at - self.before + self.side // 2 for at in place)
        return down, across


def codes(windows: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return a number for windows (..., S, S) of at most 8 x 8: the same for the same pixels."""
    bits = np.packbits(windows.reshape(*windows.shape[:-2], -1), axis=-1)
    room = np.zeros((*bits.shape[:-1], 8), np.uint8)
    room[..., : bits.shape[-1]] = bits
    return room.view(np.uint64)[..., 0]
