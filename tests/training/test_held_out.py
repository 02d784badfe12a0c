"""The held-out loss is measured once a moment, at as many moments as a chart can show."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.binary import Binary
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.snapshot import Snapshot
from scratchtui.training.held_out import MOST_POINTS, HeldOutLosses
from scratchtui.training.trainer import Trainer


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The steps at which the loss was measured."""
    steps: list[int] = []

    def held_out_loss(self: Binary) -> float:
        steps.append(self.steps)
        return math.inf if self.steps == 3 else float(self.steps)

    monkeypatch.setattr(Binary, "held_out_loss", held_out_loss)
    return steps


def snapshots(count: int) -> list[Snapshot]:
    trainer = Trainer(default_recipe(EXPERIMENTS["binary"]))
    first = trainer.experiment.snapshot()
    return [replace(first, step=step) for step in range(count)]


def test_each_moment_is_measured_once_and_one_that_is_not_finite_is_a_gap(measured: list[int]) -> None:
    losses, timeline = HeldOutLosses(default_recipe(Binary)), snapshots(5)
    losses.curve(timeline[:4])
    curve = losses.curve(timeline)
    assert measured == [0, 1, 2, 3, 4]
    assert curve is not None
    np.testing.assert_array_equal(curve.y, [0.0, 1.0, 2.0, np.nan, 4.0])


def test_a_long_timeline_costs_few_measurements_and_ends_with_the_present(measured: list[int]) -> None:
    curve = HeldOutLosses(default_recipe(Binary)).curve(snapshots(10 * MOST_POINTS))
    assert curve is not None
    assert len(measured) <= MOST_POINTS + 1
    assert (curve.x[0], curve.x[-1]) == (0, 10 * MOST_POINTS - 1)


def test_where_all_is_trained_on_there_is_no_curve() -> None:
    assert HeldOutLosses(default_recipe(Binary)).curve(snapshots(3)) is None
