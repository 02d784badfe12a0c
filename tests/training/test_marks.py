"""Two moments, and what became different between them."""

import numpy as np
import pytest

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.snapshot import Snapshot
from scratchtui.experiments.view import Gallery, Table
from scratchtui.training.marks import ANSWERS, DIFFERENCE, MOST_ROWS, Comparison, Mark, Marks
from scratchtui.training.run import Run
from scratchtui.training.trainer import Trainer

NAMES = list(EXPERIMENTS)


def trained(name: str, steps: int, **settings: float) -> tuple[Run, Snapshot]:
    recipe = default_recipe(EXPERIMENTS[name])
    for key, value in settings.items():
        recipe = recipe.with_value(key, value)
    run, trainer = Run(recipe, name="run 1"), Trainer(recipe)
    trainer.step(steps)
    return run, trainer.experiment.snapshot()


def compared(before: tuple[Run, Snapshot], after: tuple[Run, Snapshot]) -> Comparison:
    return Comparison(Mark(*before), Mark(*after))


@pytest.mark.parametrize("name", NAMES)
def test_every_weight_of_every_tensor_is_told_by_how_much_it_became_another(name: str) -> None:
    before, after = trained(name, 1), trained(name, 5)
    shown = compared(before, after).view(DIFFERENCE.name)
    assert isinstance(shown, Gallery)
    values = np.concatenate([tile.matrix.values.ravel() for tile in shown.tiles])
    np.testing.assert_array_equal(values, after[1].parameters - before[1].parameters)
    assert [tile.title for tile in shown.tiles] == list(build(before[0].recipe).network.parameters)


@pytest.mark.parametrize("name", NAMES)
def test_the_answers_that_changed_are_told_and_no_others(name: str) -> None:
    before, after = trained(name, 0), trained(name, 40)
    shown = compared(before, after).view(ANSWERS.name)
    assert isinstance(shown, Table)
    first, last = (Mark(*each).experiment().answers() for each in (before, after))
    expected = {(key, first[key], last[key]) for key in first if first[key] != last[key]}
    assert len(set(shown.rows)) == min(len(expected), MOST_ROWS) > 0
    assert set(shown.rows) <= expected
    assert shown.note.startswith(f"{len(expected)} of {len(first):,} answers differ")
    assert shown.note.endswith("differ") == (len(expected) <= MOST_ROWS)


@pytest.mark.parametrize("name", NAMES)
def test_a_moment_beside_itself_differs_in_nothing(name: str) -> None:
    snapshot = trained(name, 3)
    comparison = compared(snapshot, snapshot)
    weights, answers = comparison.view(DIFFERENCE.name), comparison.view(ANSWERS.name)
    assert isinstance(weights, Gallery)
    assert isinstance(answers, Table)
    assert {tile.caption for tile in weights.tiles} == {"unchanged"}
    assert answers.rows == ()


def test_networks_of_other_structure_are_compared_as_far_as_they_can_be() -> None:
    shown = compared(trained("nn", 2), trained("nn", 2, hidden="3")).view(DIFFERENCE.name)
    assert isinstance(shown, Gallery)
    assert [tile.caption for tile in shown.tiles][:2] == ["(2, 8) became (2, 3)", "(8,) became (3,)"]
    deeper = compared(trained("nn", 2), trained("nn", 2, hidden="8,8")).view(DIFFERENCE.name)
    assert isinstance(deeper, Gallery)
    assert deeper.tiles[-1].caption == "only after"


def test_other_settings_and_other_data_are_named() -> None:
    comparison = compared(trained("nn", 2), trained("nn", 2, data="xor -1", learning_rate=0.5))
    assert "learning_rate=0.5" in comparison.words
    answers = comparison.view(ANSWERS.name)
    assert isinstance(answers, Table)
    assert "in one dataset only: 1" in answers.note


def test_the_last_two_moments_marked_are_compared() -> None:
    run, snapshot = trained("binary", 1)
    marks = Marks()
    assert "mark another moment" in marks.add(run, snapshot)
    assert marks.comparison is None
    for steps in (4, 9):
        marks.add(run, trained("binary", steps)[1])
    assert marks.comparison is not None
    assert marks.comparison.words == "run 1, step 9 less run 1, step 4"


def test_two_moments_of_one_step_are_told_apart_by_what_was_changed() -> None:
    recipe = default_recipe(EXPERIMENTS["binary"])
    run, trainer = Run(recipe, name="run 1"), Trainer(recipe)
    trainer.step(5)
    moments = [trainer.experiment.snapshot()]
    trainer.change("0.Dense.W[0,0]", 7.0)
    moments.append(trainer.experiment.snapshot())
    comparison = compared((run, moments[0]), (run, moments[1]))
    assert comparison.words == "run 1, step 5 after 1 change less run 1, step 5 after 0 changes"
    answers = comparison.view(ANSWERS.name)
    assert isinstance(answers, Table)
    assert len(set(answers.columns)) == 3
