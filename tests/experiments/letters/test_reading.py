"""What the network makes of a text, as arithmetic by hand has it."""

import numpy as np
import pytest

from scratchtui.experiments.letters.reading import Reading, Weights, drawn, softmax
from scratchtui.experiments.letters.text import TWO_HUNDRED
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.rnn import RNN
from scratchtui.experiments.view import Gallery
from scratchtui.nn import Array, softmax_cross_entropy
from tests.experiments.letters.runs import (
    LONG,
    matrix,
    probabilities_of_what_comes,
    table,
    trained,
    untrained,
)


def loss_at(experiment: RNN, step: int, states: Array) -> float:
    """Return the cross-entropy of one time step, for the hidden states (n, H)."""
    weights = experiment.reading().weights
    target = experiment.text.one_hot()[step + 1]
    return softmax_cross_entropy((states[step] @ weights.W + weights.c)[None], target[None])[0]


def test_what_is_remembered_is_the_state_after_each_character() -> None:
    experiment = untrained()
    weights = Weights(*experiment.network.parameters.values())
    states = [weights.read(experiment.text.ids[: step + 1]) for step in range(4)]
    np.testing.assert_allclose(matrix(experiment, "memory", Probe()).values, np.array(states), atol=1e-12)
    gallery = experiment.view("weights", [], Probe())
    assert isinstance(gallery, Gallery)
    np.testing.assert_array_equal(gallery.tiles[0].matrix.values, weights.Wh)


@pytest.mark.parametrize("held", [{}, {1: 0.3}], ids=str)
def test_the_reach_is_the_derivative_of_each_loss_by_each_state_before_it(held: dict[int, float]) -> None:
    experiment = trained(40, hidden=3)
    reading = experiment.reading(held)
    weights, ids = reading.weights, experiment.text.ids.tolist()
    reach = matrix(experiment, "reach", Probe(held=held)).values
    assert np.isnan(reach[np.triu_indices(4, 1)]).all()
    for t, s in [(0, 0), (2, 1), (3, 0), (3, 3)]:
        slopes = []
        for unit in range(3):
            losses = []
            for nudge in (1e-6, -1e-6):
                states = reading.states.copy()
                states[s, unit] += nudge
                for step in range(s + 1, t + 1):
                    states[step] = weights.next_state(states[step - 1], ids[step], held)
                losses.append(loss_at(experiment, t, states))
            slopes.append((losses[0] - losses[1]) / 2e-6)
        assert reach[t, s] == pytest.approx(float(np.linalg.norm(slopes)), rel=1e-5)


def test_the_reach_ends_where_a_window_begins() -> None:
    experiment = untrained(text=LONG, window=16)
    assert matrix(experiment, "reach", Probe(row=20)).column_labels == tuple(LONG[15:30].replace(" ", "␣"))


@pytest.mark.parametrize("temperature", [0.2, 1.0, 5.0])
def test_characters_are_drawn_as_often_as_they_are_likely_at_the_temperature(temperature: float) -> None:
    logits = np.array([1.0, 0.0, -1.0, 0.5])
    draw = drawn(np.random.default_rng(0), temperature)
    counts = np.bincount([draw(logits) for _ in range(4000)], minlength=4)
    np.testing.assert_allclose(counts / 4000, softmax(logits / temperature), atol=0.03)


@pytest.mark.parametrize("place", [0, 700, 3000])
def test_of_a_long_text_no_more_is_read_than_is_shown_and_that_is_as_in_the_whole(place: int) -> None:
    experiment = untrained(text=TWO_HUNDRED * 20, hidden=4)
    whole = experiment.reading()
    view = table(experiment, "word", Probe(row=place))
    span = slice(view.ids[0], view.ids[-1] + 1)
    assert len(experiment.reading(steps=max(400, span.stop)).states) < len(whole.states)
    wrong = np.flatnonzero(~whole.right()[span])
    assert view.marked == frozenset(wrong.tolist())
    assert [row[2] for row in view.rows] == [
        f"{p:.2f}" for p in probabilities_of_what_comes(experiment)[span]
    ]
    assert experiment.headline().endswith(f"{whole.right()[:400].sum()} of the first 400 right")


@pytest.mark.parametrize("hidden", [1, 5, 48])
def test_training_reading_and_writing_remember_the_same_bit_for_bit(hidden: int) -> None:
    experiment = trained(20, hidden=hidden, text="the rain in spain")
    layer, text = experiment.network.layers[0], experiment.text
    weights = Weights(*experiment.network.parameters.values())
    states = layer.forward(text.one_hot()[None, :-1])[0]
    written = [weights.read(text.ids[: step + 1]) for step in range(len(states))]
    np.testing.assert_array_equal(Reading.of(weights, text.ids).states, states)
    np.testing.assert_array_equal(np.array(written), states)


def test_held_units_are_held_from_the_first_time_step_on() -> None:
    experiment = untrained()
    weights, ids = Weights(*experiment.network.parameters.values()), experiment.text.ids
    held = {1: 0.25, 4: -1.0}
    states = Reading.of(weights, ids, held).states
    assert (states[:, [1, 4]] == (0.25, -1.0)).all()
    np.testing.assert_array_equal(weights.read(ids[:-1], held), states[-1])
    assert not np.array_equal(np.delete(states[-1], [1, 4]), np.delete(weights.read(ids[:-1]), [1, 4]))
