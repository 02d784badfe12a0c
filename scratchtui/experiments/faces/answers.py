"""What a network answers to all faces of a dataset, and how right that is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.faces.dataset import make_faces
from scratchtui.experiments.faces.face import LABELS, digits
from scratchtui.nn import softmax, softmax_cross_entropy

if TYPE_CHECKING:
    from scratchtui.experiments.faces.survey import Survey
    from scratchtui.nn import Array

METRICS = ("train_accuracy", "test_accuracy", "train_loss", "nine_accuracy")


class Answers:
    """The answers of a network, with the weights as they are, to faces that it learns from or has not seen.

    `targets` (N, 3) are 1 where the label is.
    """

    def __init__(self, survey: Survey) -> None:
        self._onlooker, self._faces, self._scores = survey.onlooker, survey.faces, survey.scores
        self.targets = np.eye(len(LABELS))[survey.faces.labels]

    def probabilities(self) -> Array:
        """Return how likely each class is, (N, 3)."""
        return softmax(self._scores())

    def _right(self) -> Array:
        """Return 1 for each face that is answered with its label, else 0, (N,)."""
        return np.asarray(self._scores().argmax(axis=1) == self._faces.labels, np.float64)

    def measure(self, metric: str) -> float:
        """Return one of METRICS, nan where there is nothing to measure it on; KeyError for no such name."""
        learnt = self._faces.learnt
        match metric:
            case "train_loss":
                return softmax_cross_entropy(self._scores()[:learnt], self.targets[:learnt])[0]
            case "train_accuracy":
                return float(self._right()[:learnt].mean())
            case "test_accuracy":
                unseen = self._right()[learnt:]
                return float(unseen.mean()) if unseen.size else math.nan
            case "nine_accuracy":
                nine = make_faces("nine")
                said = self._onlooker.scores(nine.pictures).argmax(axis=1)
                return float((said == nine.labels)[: nine.learnt].mean())
        raise KeyError(metric)

    def held_out_loss(self) -> float:
        """Return the loss on the unseen faces alone, a few of all; nan where there are none."""
        unseen = slice(self._faces.learnt, None)
        if not len(self.targets[unseen]):
            return math.nan
        scores = self._onlooker.scores(self._faces.pictures[unseen])
        return softmax_cross_entropy(scores, self.targets[unseen])[0]

    def to_unseen(self) -> list[str]:
        """Return the class that each unseen face is given."""
        return [LABELS[answer] for answer in self._scores()[self._faces.learnt :].argmax(axis=1)]

    def by_face(self) -> dict[str, str]:
        """Return the class that each face is given, whose digits stand before its label."""
        pairs = zip(self._faces.pictures, self._faces.labels, strict=True)
        faces = [f"{digits(face)} {LABELS[label]}" for face, label in pairs]
        said = self._scores().argmax(axis=1)
        return dict(zip(faces, (LABELS[answer] for answer in said), strict=True))

    def in_words(self) -> str:
        """Return how many of the faces are told apart."""
        right, learnt = self._right(), self._faces.learnt
        words = f"train {math.floor(1000 * right[:learnt].mean()) / 10:g} %"
        held_out = len(right) - learnt
        return f"{words} · unseen {right[learnt:].sum():.0f} of {held_out}" if held_out else words
