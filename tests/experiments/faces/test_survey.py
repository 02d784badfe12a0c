"""All faces are looked at once, however much is made of that."""

import numpy as np
import pytest

from scratchtui.experiments.cnn import CNN
from scratchtui.experiments.faces.dataset import make_faces
from scratchtui.experiments.faces.mouths import mouths
from scratchtui.experiments.faces.survey import Survey
from scratchtui.experiments.recipe import default_recipe


def surveyed(data: str, **settings: int) -> tuple[CNN, Survey]:
    recipe = default_recipe(CNN, 1).with_value("data", data)
    for key, value in settings.items():
        recipe = recipe.with_value(key, value)
    experiment = CNN(recipe)
    return experiment, Survey(experiment.onlooker, make_faces(data))


@pytest.mark.parametrize("data", ["nine", "all"])
def test_scores_are_the_same_bit_for_bit_by_way_of_what_is_halfway(data: str) -> None:
    experiment, survey = surveyed(data)
    alone = experiment.onlooker.scores(survey.faces.pictures)
    np.testing.assert_array_equal(survey.scores(), alone)
    experiment.step()
    survey.halfway()
    np.testing.assert_array_equal(survey.scores(), experiment.onlooker.scores(survey.faces.pictures))


def test_what_is_halfway_is_of_the_faces_and_then_of_the_mouths() -> None:
    experiment, survey = surveyed("nine")
    pictures = np.concatenate((survey.faces.pictures, mouths()[0]))
    expected = experiment.onlooker.responses(pictures, 2)
    np.testing.assert_allclose(survey.halfway(), expected, atol=1e-12)


def test_the_same_weights_are_looked_through_once_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment, survey = surveyed("nine")
    survey.halfway()
    looks, look = [], experiment.onlooker.halfway
    monkeypatch.setattr(experiment.onlooker, "halfway", lambda faces: looks.append(len(faces)) or look(faces))
    monkeypatch.setattr(experiment.onlooker, "scores", None)
    experiment.step()
    survey.scores()
    survey.halfway()
    survey.scores()
    assert looks == [12 + len(mouths()[0])]


def test_who_asks_for_scores_alone_gets_them_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment, survey = surveyed("nine")
    survey.halfway()
    survey.scores()
    monkeypatch.setattr(experiment.onlooker, "halfway", None)
    experiment.step()
    np.testing.assert_array_equal(survey.scores(), experiment.onlooker.scores(survey.faces.pictures))


def test_one_layer_has_scores_too() -> None:
    experiment, survey = surveyed("nine", layers=1)
    np.testing.assert_array_equal(survey.scores(), experiment.onlooker.scores(survey.faces.pictures))
