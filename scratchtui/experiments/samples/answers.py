"""What a network answers to the rows of a dataset, and how right that is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.samples.multilayer import says
from scratchtui.nn import binary_cross_entropy, sigmoid_squared_error

if TYPE_CHECKING:
    from scratchtui.experiments.samples.split import Split
    from scratchtui.experiments.twin import Twin
    from scratchtui.nn import Array, Loss

LOSSES: dict[str, Loss] = {"cross_entropy": binary_cross_entropy, "squared_error": sigmoid_squared_error}
METRICS = frozenset({"accuracy", "test_accuracy", "max_error"})


@dataclass(frozen=True)
class Answers:
    """The answers to a split with the weights as they are; `loss` tells how wrong one is."""

    twin: Twin
    split: Split
    loss: Loss

    def to(self, x: Array) -> Array:
        """Return what the network says, (N,) in 0..1, to inputs (N, F)."""
        return says(self.twin.forward(x)) if len(x) else np.empty(0)

    def to_all(self) -> Array:
        """Return what it says to every row, (N,)."""
        return self.to(self.split.encoded)

    def measure(self, metric: str) -> float:
        """Return a metric, nan where there is nothing to measure it on; KeyError for no such name."""
        split = self.split
        match metric:
            case "accuracy":
                return _accuracy(self.to(split.x), split.y)
            case "test_accuracy":
                return _accuracy(self.to(split.test_x), split.test_y)
            case "max_error":
                return float(np.abs(self.to(split.x) - split.y[:, 0]).max())
        raise KeyError(metric)

    def held_out_loss(self) -> float:
        """Return the loss on the points that are not trained on; nan where there are none."""
        split = self.split
        return self.loss(self.twin.forward(split.test_x), split.test_y)[0] if split.tests else math.nan

    def by_row(self) -> dict[str, str]:
        """Return what it says to each row, both as they are written for people."""
        inputs = self.split.dataset.examples.inputs.tolist()
        rows = [",".join(f"{number:.3g}" for number in row) for row in inputs]
        return dict(zip(rows, (f"{said:.2f}" for said in self.to_all()), strict=True))


def _accuracy(says: Array, targets: Array) -> float:
    """Return the share of answers (N,) on the side of 0.5 on which their target (N, 1) is; nan of none."""
    return float(np.mean((says > 0.5) == (targets[:, 0] > 0.5))) if len(says) else math.nan
