"""One formula, h_t = tanh(x_t Wx + h_(t-1) Wh + b): training, reading and writing remember the same."""

import numpy as np
import pytest

from scratchtui.experiments.letters.reading import Reading, Weights
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.rnn import RNN
from scratchtui.training.trainer import Trainer


@pytest.mark.parametrize("hidden", [1, 5, 48])
def test_training_reading_and_writing_remember_the_same_bit_for_bit(hidden: int) -> None:
    recipe = default_recipe(RNN, 3).with_value("hidden", hidden).with_value("text", "the rain in spain")
    trainer = Trainer(recipe)
    trainer.step(20)
    experiment = trainer.experiment
    assert isinstance(experiment, RNN)
    layer, text = experiment.network.layers[0], experiment.text
    weights = Weights(*experiment.network.parameters.values())
    trained = layer.forward(text.one_hot()[None, :-1])[0]
    written = [weights.read(text.ids[: step + 1]) for step in range(len(trained))]
    np.testing.assert_array_equal(Reading.of(weights, text.ids).states, trained)
    np.testing.assert_array_equal(np.array(written), trained)


def test_held_units_are_held_from_the_first_time_step_on() -> None:
    experiment = RNN(default_recipe(RNN))
    weights, ids = Weights(*experiment.network.parameters.values()), experiment.text.ids
    held = {1: 0.25, 4: -1.0}
    states = Reading.of(weights, ids, held).states
    assert (states[:, [1, 4]] == (0.25, -1.0)).all()
    np.testing.assert_array_equal(weights.read(ids[:-1], held), states[-1])
    assert not np.array_equal(np.delete(states[-1], [1, 4]), np.delete(weights.read(ids[:-1]), [1, 4]))
