"""What is answered to rows, against counting one by one."""

import math

import numpy as np
import pytest

from scratchtui.experiments.neural import NeuralNet
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.samples.answers import LOSSES, Answers
from scratchtui.experiments.twin import Twin


def answers(data: str, loss: str = "cross_entropy") -> Answers:
    experiment = NeuralNet(default_recipe(NeuralNet, 2).with_value("data", data))
    twin = Twin(experiment.network, experiment.shape.build)
    return Answers(twin, experiment.split, LOSSES[loss])


def test_accuracies_count_the_answers_on_the_side_of_their_target() -> None:
    to = answers("circle")
    examples = to.split.dataset.examples
    right = (to.to_all() > 0.5) == (examples.targets > 0.5)
    assert to.measure("accuracy") == right[~examples.held_out].mean()
    assert to.measure("test_accuracy") == right[examples.held_out].mean()


def test_the_error_is_the_largest_distance_from_a_target() -> None:
    to = answers("xor")
    assert to.measure("max_error") == np.abs(to.to_all() - [0, 1, 1, 0]).max()


@pytest.mark.parametrize(
    ("loss", "of"),
    [
        ("cross_entropy", lambda said, target: -np.log(np.where(target, said, 1.0 - said)).mean()),
        ("squared_error", lambda said, target: ((said - target) ** 2).mean()),
    ],
    ids=LOSSES,
)
def test_the_loss_of_what_is_unseen_is_that_of_what_is_said(loss: str, of: object) -> None:
    to = answers("circle", loss)
    said, target = to.to(to.split.test_x), to.split.test_y[:, 0]
    assert to.held_out_loss() == pytest.approx(of(said, target))  # type: ignore[operator]


def test_of_a_table_nothing_is_unseen() -> None:
    to = answers("and")
    assert math.isnan(to.held_out_loss())
    assert math.isnan(to.measure("test_accuracy"))
    assert list(to.by_row()) == ["0,0", "0,1", "1,0", "1,1"]


def test_another_metric_is_refused() -> None:
    with pytest.raises(KeyError, match="train_loss"):
        answers("and").measure("train_loss")
