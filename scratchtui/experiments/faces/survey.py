"""What a network makes of all faces of a dataset, which much that is seen is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.faces.mouths import mouths
from scratchtui.experiments.faces.remembered import Remembered

if TYPE_CHECKING:
    from scratchtui.experiments.faces.dataset import FaceSet
    from scratchtui.experiments.faces.network import Onlooker
    from scratchtui.nn import Array


class Survey:
    """Looks at all faces with the weights as they are, once for the same weights.

    `scores` gives (N, 3). Where there are two convolutions, `halfway` gives what the second makes of the
    faces, and of the drawn mouths behind them, before ReLU, (N + M, F, H, W): most of the way to the scores.
    """

    def __init__(self, onlooker: Onlooker, faces: FaceSet) -> None:
        self.onlooker, self.faces = onlooker, faces
        self._halfway_asked = False  # since there were new scores
        self._scores: Remembered[Array] = Remembered(onlooker.vector)
        self._halfway: Remembered[Array] = Remembered(onlooker.vector)

    def scores(self) -> Array:
        """Return the scores of all faces."""
        return self._scores(self._score)

    def halfway(self) -> Array:
        """Return it; the next scores go on from there."""
        self._halfway_asked = True
        return self._halfway(self._go_halfway)

    def _go_halfway(self) -> Array:
        return self.onlooker.halfway(np.concatenate((self.faces.pictures, mouths()[0])))

    def _score(self) -> Array:
        pictures = self.faces.pictures
        asked, self._halfway_asked = self._halfway_asked, False
        if asked:  # mouths and all cost a tenth more, so only for who looks at both
            return self.onlooker.scores_from(self._halfway(self._go_halfway)[: len(pictures)])
        return self.onlooker.scores(pictures)
