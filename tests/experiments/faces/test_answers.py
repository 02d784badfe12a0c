"""What is answered to faces, learnt from and unseen, against counting one by one."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from scratchtui.experiments.cnn import CNN
from scratchtui.experiments.faces.answers import Answers
from scratchtui.experiments.faces.dataset import make_faces
from scratchtui.experiments.faces.face import LABELS, digits
from scratchtui.experiments.faces.survey import Survey
from scratchtui.experiments.recipe import default_recipe


def answers(data: str) -> tuple[CNN, Answers]:
    experiment = CNN(default_recipe(CNN, 1).with_value("data", data))
    return experiment, Answers(Survey(experiment.onlooker, make_faces(data)))


def test_accuracies_count_faces_that_are_learnt_from_and_unseen_ones_apart() -> None:
    experiment, to = answers("nine")
    faces = make_faces("nine")
    right = [
        experiment.predict(digits(face)).prediction == LABELS[label]
        for face, label in zip(faces.pictures, faces.labels, strict=True)
    ]
    assert to.measure("train_accuracy") == pytest.approx(np.mean(right[:9]))
    assert to.measure("test_accuracy") == pytest.approx(np.mean(right[9:]))
    assert to.measure("nine_accuracy") == to.measure("train_accuracy")
    assert to.in_words().endswith(f"unseen {sum(right[9:])} of 3")
    assert to.to_unseen() == list(to.by_face().values())[9:]


def test_the_loss_is_minus_the_logarithm_of_what_is_right() -> None:
    _, to = answers("nine")
    faces = make_faces("nine")
    right = to.probabilities()[np.arange(12), faces.labels]
    assert to.measure("train_loss") == pytest.approx(-np.log(right[:9]).mean())
    assert to.held_out_loss() == pytest.approx(-np.log(right[9:]).mean())


@pytest.mark.parametrize(
    ("data", "wrong", "words"),
    [
        ("all", [], "train 100 % · unseen 3 of 3"),
        ("all", [7], "train 99.9 % · unseen 3 of 3"),  # not all, so not 100
        ("all", [1510, 1511], "train 100 % · unseen 1 of 3"),
        ("nine", [0], "train 88.8 % · unseen 3 of 3"),
        ("nine", [*range(9), 10], "train 0 % · unseen 2 of 3"),
    ],
)
def test_in_words_no_share_is_rounded_up(data: str, wrong: list[int], words: str) -> None:
    faces = make_faces(data)
    said = faces.labels.copy()
    said[wrong] = (said[wrong] + 1) % 3
    survey = SimpleNamespace(onlooker=None, faces=faces, scores=lambda: np.eye(3)[said])
    assert Answers(survey).in_words() == words  # type: ignore[arg-type]


def test_without_unseen_faces_nothing_is_measured_on_them() -> None:
    experiment, _ = answers("nine")
    data = "nine " + " ".join(f"-{digits(face)}" for face in make_faces("nine").pictures[9:])
    to = Answers(Survey(experiment.onlooker, make_faces(data)))
    assert math.isnan(to.measure("test_accuracy"))
    assert math.isnan(to.held_out_loss())
    assert "unseen" not in to.in_words()


def test_they_are_those_of_the_weights_as_they_are() -> None:
    experiment, to = answers("nine")
    before = to.probabilities()
    experiment.step()
    assert not np.array_equal(to.probabilities(), before)


def test_another_metric_is_refused() -> None:
    with pytest.raises(KeyError, match="max_error"):
        answers("nine")[1].measure("max_error")
