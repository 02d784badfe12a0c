"""What is seen of the RNN: each value under its own label."""

import math

import numpy as np
import pytest

from scratchtui.experiments.letters.text import TWO_HUNDRED
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.rnn import RNN
from scratchtui.experiments.view import Gallery
from tests.experiments.letters.runs import LONG, matrix, states_after, table, trained, untrained, words_of


@pytest.mark.parametrize("text", ["hello", "abc", "zz", LONG, "e\u0301te\u0301", "a\\nb\\u200dc"])
def test_every_panel_shows_a_text_without_what_a_terminal_would_obey(text: str) -> None:
    experiment = trained(5, text=text)
    for panel in RNN.panels:
        view = experiment.view(panel.name, [], Probe(row=10**6))
        assert all(word.isprintable() for word in words_of(view)), panel.name
    assert experiment.headline().isprintable()


def test_the_word_shows_what_comes_and_what_is_said() -> None:
    view = table(trained(), "word")
    assert [row[:2] for row in view.rows] == [("h", "e"), ("he", "l"), ("hel", "l"), ("hell", "o")]
    assert [row[3][0] for row in view.rows] == list("ello")
    assert view.marked == frozenset()
    assert view.note == "writes hello"
    assert len(table(untrained(), "word").marked) > 0


def test_probabilities_are_a_distribution_at_each_time_step_with_the_target_marked() -> None:
    view = matrix(trained(), "probabilities")
    assert view.row_labels == ("→e", "→h", "→l", "→o")
    assert view.column_labels == tuple("hell")
    np.testing.assert_allclose(view.values.sum(axis=0), 1.0)
    assert sorted(view.marks) == [(0, 0), (2, 1), (2, 2), (3, 3)]


def test_the_twins_of_hello_are_told_apart_by_their_units() -> None:
    experiment = trained()
    view = table(experiment, "twins")
    assert view.columns == ("unit", "hel", "hell", "to o")
    moves = [float(row[3]) for row in view.rows]
    assert moves == sorted(moves, reverse=True)
    before, after = (balance(experiment, prompt) for prompt in ("hel", "hell"))
    assert sum(moves) == pytest.approx(after - before, abs=0.1)
    assert view.note == f"o over l: {before:+.1f} → {after:+.1f}"
    assert before < 0.0 < after


def balance(experiment: RNN, prompt: str) -> float:
    """Return by how much o is likelier than l after a prompt, as the logarithm of the odds."""
    said = experiment.predict(prompt).probabilities
    assert said is not None
    return math.log(said["o"] / said["l"])


@pytest.mark.parametrize("read", ["hel", "hell"])
def test_each_twin_stands_over_what_its_units_remember_after_it(read: str) -> None:
    experiment = trained()
    view = table(experiment, "twins")
    state = states_after(experiment, read)[-1]
    column = view.columns.index(read)
    assert {row[0]: row[column] for row in view.rows} == {
        str(unit): f"{value:+z.2f}" for unit, value in enumerate(state.tolist(), 1)
    }


@pytest.mark.parametrize(("panel", "column"), [("word", 2), ("units", 1), ("twins", 3)])
def test_the_colour_beside_a_row_is_that_of_its_number(panel: str, column: int) -> None:
    view = table(trained(20), panel)
    numbers = np.array([float(row[column]) for row in view.rows])
    scale = np.abs(numbers).max() if panel == "twins" else 1.0
    np.testing.assert_allclose(np.array(view.heat, float), numbers / scale, atol=0.02)
    assert np.ptp(numbers) > 0.1


@pytest.mark.parametrize("text", ["hello", LONG])
def test_each_probability_stands_at_the_character_and_the_time_step_that_it_is_of(text: str) -> None:
    experiment = trained(20, text=text)
    view = matrix(experiment, "probabilities")
    for step in range(len(view.column_labels)):
        said = experiment.predict(text[: step + 1]).probabilities
        assert said is not None
        shown = dict(zip(view.row_labels, view.values[:, step].tolist(), strict=True))
        assert shown == pytest.approx({f"→{character}": p for character, p in said.items()})


@pytest.mark.parametrize("text", ["hello", LONG])
def test_each_number_of_the_memory_stands_at_its_unit_and_time_step(text: str) -> None:
    experiment = trained(20, text=text, hidden=5)
    view = matrix(experiment, "memory")
    across = len(text) > 9
    units = view.row_labels if across else view.column_labels
    values = view.values.T if across else view.values
    for step, state in enumerate(states_after(experiment, text[: len(values)])):
        shown = dict(zip(units, values[step].tolist(), strict=True))
        assert shown == pytest.approx({str(unit): value for unit, value in enumerate(state.tolist(), 1)})


def test_each_weight_stands_between_what_it_joins() -> None:
    experiment = trained(20, hidden=3)
    gallery = experiment.view("weights", [], Probe())
    assert isinstance(gallery, Gallery)
    wx, wh, b, w, c = experiment.network.parameters.values()
    letters = "ehlo"
    expected = {
        "Wh": {(str(i + 1), str(j + 1)): wh[i, j] for i in range(3) for j in range(3)},
        "Wx": {(letters[k], str(j + 1)): wx[k, j] for k in range(4) for j in range(3)},
        "W": {(letters[k], str(j + 1)): w[j, k] for k in range(4) for j in range(3)},
        "b": {("b", str(j + 1)): b[j] for j in range(3)},
        "c": {("c", letters[k]): c[k] for k in range(4)},
    }
    for tile in gallery.tiles:
        down, across, values = tile.matrix.row_labels, tile.matrix.column_labels, tile.matrix.values
        shown = {(down[i], across[j]): values[i, j] for i, j in np.ndindex(values.shape)}
        assert shown == expected.pop(tile.title.split(":")[0])
    assert not expected


def test_wrong_characters_stand_in_brackets() -> None:
    experiment = untrained()
    prose = "".join(words_of(experiment.view("writes", [], Probe())))
    assert "[" in prose
    cold = trained(temperature=0.01).view("writes", [], Probe())
    assert "[" not in "".join(words_of(cold))


def test_a_long_text_is_shown_around_the_chosen_time_step() -> None:
    experiment = untrained(text=TWO_HUNDRED)
    view = table(experiment, "word", Probe(row=150))
    assert (view.ids[0], view.ids[-1], view.selected) == (102, 197, 150)
    assert matrix(experiment, "probabilities", Probe(row=150)).values.shape[1] == 40


def test_units_are_counted_from_one_wherever_they_are_named() -> None:
    experiment, probe = untrained(hidden=2), Probe(held={1: 0.5})
    gallery = experiment.view("weights", [], probe)
    assert isinstance(gallery, Gallery)
    assert gallery.tiles[0].matrix.row_labels == gallery.tiles[0].matrix.column_labels == ("1", "2")
    assert matrix(experiment, "memory", probe).column_labels == ("1", "2=")
    assert {row[0] for row in table(experiment, "twins", probe).rows} == {"1", "2 held"}
    assert [row[0] for row in table(experiment, "units", probe).rows] == ["1", "2"]
    assert table(experiment, "units", probe).note == "held: unit 2 at 0.5"
