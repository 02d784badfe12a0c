"""Augmentation: every time a face is learnt from, it stands elsewhere, may be mirrored, and has other specks.

A face is only moved to where all of it is in the grid, so what is learnt from is never cut off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.batches import Batches
from scratchtui.experiments.faces.face import SIDE, Face

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.nn import Array


@dataclass(frozen=True)
class Augmentation:
    """How far faces move at most, whether half of them are mirrored, and each pixel's chance to flip."""

    shift: int
    mirror: bool
    noise: float


class AugmentedBatches(Batches):
    """Batches of faces, augmented anew each epoch.

    All that an epoch needs is drawn when it begins, by the generator that shuffles it. So `state` returns to
    any moment of training, and a change of `augmentation` shows in the very next batch. What is left of an
    epoch when no whole batch is, is left out: batches of one size reuse the buffers of the layers.
    """

    def __init__(self, rng: np.random.Generator, pictures: Face, augmentation: Augmentation) -> None:
        self._augmentation = augmentation
        self._take(pictures)
        super().__init__(rng, len(pictures))

    @property
    def augmentation(self) -> Augmentation:
        """What is done to the faces, from the next batch on."""
        return self._augmentation

    @augmentation.setter
    def augmentation(self, augmentation: Augmentation) -> None:
        self._augmentation = augmentation
        self._augmented: Array | None = None

    def learn_from(self, pictures: Face) -> None:
        """Begin a new epoch over other pictures, (N, 8, 8)."""
        self._take(pictures)
        self.resize(len(pictures))

    def next_faces(self, size: int) -> tuple[Array, NDArray[np.int64]]:
        """Return the next `size` faces, all where 0, as (n, 1, 8, 8), and which of the pictures they are."""
        size = min(size or self._rows, self._rows)
        if self._place + size > self._rows:
            self._shuffle()
        if self._augmented is None:
            self._augmented = self._augment()
        place = self._place
        return self._augmented[place : place + size], self.next(size)

    def _take(self, pictures: Face) -> None:
        self._pictures = pictures
        self._room = _room(np.asarray(pictures.any(axis=2))), _room(np.asarray(pictures.any(axis=1)))

    def _shuffle(self) -> None:
        super()._shuffle()
        self._moves = self._rng.random((3, self._rows))
        self._specks = self._rng.random((self._rows, SIDE * SIDE))
        self._augmented = None

    def _augment(self) -> Array:
        """Return the faces of this epoch, in its order, (N, 1, 8, 8)."""
        order, (fall, drift, turn) = self._order, self._moves
        mirrored = (turn < 0.5) & self._augmentation.mirror
        (up, down), (left, right) = self._room
        left, right = np.where(mirrored, (right[order], left[order]), (left[order], right[order]))
        y, x = self._moved(fall, up[order], down[order]), self._moved(drift, left, right)
        faces = self._pictures[order].reshape(-1, SIDE * SIDE)
        # a place outside the grid is off: it wraps around to one that is, there being room
        cells = _CELLS[mirrored.astype(np.intp), y % SIDE, x % SIDE]
        cells += np.arange(0, faces.size, SIDE * SIDE)[:, None]  # three times as fast as take_along_axis
        moved: Face = faces.take(cells) ^ (self._specks < self._augmentation.noise)
        return moved.astype(np.float64).reshape(-1, 1, SIDE, SIDE)

    def _moved(self, chance: Array, before: NDArray[np.intp], after: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return a move evenly drawn from those that room and `shift` allow, minus for up or left."""
        least, most = (
            -np.minimum(before, self._augmentation.shift),
            np.minimum(after, self._augmentation.shift),
        )
        return np.asarray(least + (chance * (most - least + 1)).astype(np.intp))


def _room(used: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return how many rows or columns (N, 8) are free before the first and after the last that is used."""
    return used.argmax(axis=1), used[:, ::-1].argmax(axis=1)


def _cells() -> NDArray[np.intp]:
    """Return where each pixel comes from, (2, 8, 8, 64), by whether mirrored, and how far down and right."""
    y, x = np.mgrid[:SIDE, :SIDE]
    down, right = y[:, :, None, None], x[:, :, None, None]  # all moves before all pixels
    rows, columns = (y - down) % SIDE, (x - right) % SIDE
    plain, mirrored = rows * SIDE + columns, rows * SIDE + (SIDE - 1 - columns)
    return np.stack((plain, mirrored)).reshape(2, SIDE, SIDE, SIDE * SIDE)


_CELLS = _cells()
