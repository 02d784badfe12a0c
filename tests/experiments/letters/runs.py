"""RNNs that have learnt so far, and what is seen of them."""

from typing import Any

import numpy as np

from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.letters.reading import softmax
from scratchtui.experiments.panel import Edit, Probe
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.experiments.rnn import RNN
from scratchtui.experiments.view import Gallery, Matrix, Prose, Table
from scratchtui.nn import Array
from scratchtui.training.trainer import Trainer
from scratchtui.training.until import Until

LONG = "the cat sat on the mat, the dog sat on the log"


def recipe(seed: int = 0, **settings: Value) -> Recipe:
    default = default_recipe(RNN, seed)
    return Recipe(default.experiment, {**default.settings, **settings}, seed)


def untrained(seed: int = 0, **settings: Value) -> RNN:
    return RNN(recipe(seed, **settings))


def trained(steps: int | None = None, seed: int = 0, **settings: Value) -> RNN:
    """Train for so many steps, or until the goal is met."""
    trainer = Trainer(recipe(seed, **settings))
    experiment = trainer.experiment
    assert isinstance(experiment, RNN)
    if steps is None:
        trainer.step(experiment.step_budget(), Until.of(experiment.goal))
    else:
        trainer.step(steps)
    return experiment


def table(experiment: RNN, panel: str, probe: Probe = Probe()) -> Table:  # noqa: B008 - frozen
    view = experiment.view(panel, [], probe)
    assert isinstance(view, Table)
    return view


def matrix(experiment: RNN, panel: str, probe: Probe = Probe()) -> Matrix:  # noqa: B008 - frozen
    view = experiment.view(panel, [], probe)
    assert isinstance(view, Matrix)
    return view


def probabilities_of_what_comes(experiment: RNN) -> Array:
    reading = experiment.reading()
    probabilities = softmax(reading.states @ reading.weights.W + reading.weights.c)
    return np.asarray(probabilities[np.arange(len(probabilities)), reading.targets])


def words_of(view: Any) -> list[str]:
    match view:
        case Table(columns=columns, rows=rows, note=note):
            return [*columns, *(cell for row in rows for cell in row), note]
        case Matrix(row_labels=down, column_labels=across):
            return [*down, *across]
        case Gallery(tiles=tiles):
            return [word for tile in tiles for word in (tile.title, *words_of(tile.matrix))]
        case Prose(paragraphs=paragraphs):
            return [text for spans in paragraphs for text, _ in spans]
    raise AssertionError(view)


def held_by(experiment: RNN, *edits: tuple[str, int, str]) -> Probe:
    probe = Probe()
    for action, unit, text in edits:
        probe, changes = experiment.edited("units", Edit(action, (unit,), text), probe)
        assert changes == {}
    return probe


def states_after(experiment: RNN, read: str) -> list[Array]:
    """Return the hidden state (H,) after each character: h_t = tanh(Wx[x_t] + h_(t-1) Wh + b)."""
    wx, wh, b, *_ = experiment.network.parameters.values()
    states = [np.zeros(len(b))]
    for character in experiment.text.ids_of(read).tolist():
        states.append(np.tanh(wx[character] + states[-1] @ wh + b))
    return states[1:]
