"""Snapshots: the whole state of an experiment after a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scratchtui.experiments.hyperparameter import Settings
    from scratchtui.nn import Array


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole state after a step; `loss` is of its batch before the update (nan at step 0).

    `changes` is how many live changes had been made by then.
    """

    step: int
    settings: Settings
    parameters: Array
    optimizer: Array
    batches: tuple[Mapping[str, Any], int]
    loss: float
    changes: int = 0

    @property
    def nbytes(self) -> int:
        """How many bytes the arrays take."""
        return self.parameters.nbytes + self.optimizer.nbytes

    def whole(self) -> Snapshot:
        """Return it with all its arrays in memory."""
        return self


def same_state(a: Snapshot, b: Snapshot) -> bool:
    """Whether two snapshots hold the same state, bit for bit."""
    return (
        a.step == b.step
        and dict(a.settings) == dict(b.settings)
        and np.array_equal(a.parameters, b.parameters)
        and np.array_equal(a.optimizer, b.optimizer)
        and a.batches == b.batches
    )
