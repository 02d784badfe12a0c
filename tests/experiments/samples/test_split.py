"""Points that are held out: measured, and never learnt from."""

import math

import numpy as np
import pytest

from tests.experiments.samples.runs import trained


def test_the_loss_on_points_that_are_held_out_is_measured() -> None:
    experiment = trained(100, data="circle")
    metrics = experiment.metrics()
    assert {"accuracy", "test_accuracy", "max_error", "predictions"} == set(metrics)
    examples = experiment.dataset.examples
    unseen = examples.inputs[examples.held_out], examples.targets[examples.held_out]
    said = np.array([float(experiment.predict(f"{x!r},{y!r}").prediction) for x, y in unseen[0].tolist()])
    each = np.where(unseen[1] > 0.5, -np.log(said), -np.log(1.0 - said))
    assert experiment.held_out_loss() == pytest.approx(each.mean())
    assert math.isnan(trained(data="circle", test_share=0.0).held_out_loss())
    assert math.isnan(trained().held_out_loss())


def test_points_that_are_held_out_are_not_learnt_from() -> None:
    learnt = trained(30, data="circle")
    numbers = learnt.dataset.examples.numbers[learnt.dataset.examples.held_out].tolist()
    edited = "circle " + " ".join(f"{number}=0" for number in numbers)
    assert np.array_equal(trained(30, data=edited).network.vector, learnt.network.vector)


@pytest.mark.parametrize("share", [0.0, 0.25])
def test_the_goal_of_points_is_on_unseen_ones_where_there_are_any(share: float) -> None:
    experiment = trained(data="circle", test_share=share)
    assert experiment.goal == ("test_accuracy>0.95" if share else "accuracy>0.95")
    assert ("unseen" in experiment.goal_words()) == bool(share)
