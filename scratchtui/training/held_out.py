"""The loss on what is not trained on, over a run: measured where it is looked at, never in the worker."""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments import build
from scratchtui.experiments.view import Curve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.recipe import Recipe
    from scratchtui.experiments.snapshot import Snapshot

MOST_POINTS = 200


class HeldOutLosses:
    """Measures snapshots of one run, each once."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._measured: dict[tuple[int, int], float] = {}

    @cached_property
    def _experiment(self) -> Experiment:
        return build(self._recipe)

    def curve(self, snapshots: Sequence[Snapshot]) -> Curve | None:
        """Return the held-out loss at snapshots evenly chosen, and at the last; None without any."""
        stride = 1
        while len(snapshots) > MOST_POINTS * stride:
            stride *= 2  # so that most of the snapshots chosen before are chosen again
        chosen = [*snapshots[: len(snapshots) - 1 : stride], *snapshots[-1:]]
        self._measured = {_moment(snapshot): self._loss(snapshot) for snapshot in chosen}
        losses = np.array([self._measured[_moment(snapshot)] for snapshot in chosen])
        if np.isnan(losses).all():
            return None
        steps = np.array([float(snapshot.step) for snapshot in chosen])
        return Curve("unseen", steps, losses, losses, losses)

    def _loss(self, snapshot: Snapshot) -> float:
        if (known := self._measured.get(_moment(snapshot))) is not None:
            return known
        self._experiment.restore(snapshot)
        with np.errstate(over="ignore", invalid="ignore"):
            loss = self._experiment.held_out_loss()
        return loss if math.isfinite(loss) else math.nan


def _moment(snapshot: Snapshot) -> tuple[int, int]:
    """Return what no other state of the same run has: its step, and how much was changed by then."""
    return snapshot.step, snapshot.changes
