"""What is seen of the RNN: each value under its own label."""

import numpy as np
import pytest

from scratchtui.experiments.letters.text import TWO_HUNDRED
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.rnn import RNN
from scratchtui.experiments.view import Gallery
from tests.experiments.letters.runs import LONG, matrix, table, trained, untrained, words_of


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
    reading = experiment.reading()
    logits = reading.logits(slice(None))
    apart = logits[:, 3] - logits[:, 2]
    assert sum(float(row[3]) for row in view.rows) == pytest.approx(apart[3] - apart[2], abs=0.1)
    moves = [float(row[3]) for row in view.rows]
    assert moves == sorted(moves, reverse=True)


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
