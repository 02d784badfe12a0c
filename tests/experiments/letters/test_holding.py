"""Hidden units held at a value: seen and written everywhere, learnt nowhere."""

import pytest

from scratchtui.experiments.panel import Edit, Probe
from tests.experiments.letters.runs import held_by, matrix, table, trained, untrained, words_of


def test_units_are_silenced_held_and_let_go() -> None:
    experiment = trained()
    probe = held_by(experiment, ("silence", 3, ""), ("hold", 5, "-0.5"))
    assert probe.held == {3: 0.0, 5: -0.5}
    rows = table(experiment, "units", probe).rows
    assert (rows[3], rows[5]) == (("4", "+0.00", "+0.00"), ("6", "-0.50", "-0.50"))
    assert "unit 4 at 0, unit 6 at -0.5" in table(experiment, "units", probe).note
    assert held_by(experiment, ("silence", 3, ""), ("hold", 5, "1"), ("release", 3, "")).held == {5: 1.0}
    assert held_by(experiment, ("silence", 3, ""), ("release_all", 0, "")).held == {}
    assert experiment.written("units", Edit("hold", (3,)), probe) == "0.00"


@pytest.mark.parametrize("text", ["2", "x", "nan", ""])
def test_a_unit_is_held_at_no_value_that_it_could_not_have(text: str) -> None:
    with pytest.raises(ValueError, match="-1 to 1"):
        held_by(untrained(), ("hold", 0, text))


def test_a_held_unit_changes_what_is_written_everywhere_and_what_is_learnt_nowhere() -> None:
    experiment = trained()
    telling = table(experiment, "twins").ids[:16]
    probe = held_by(experiment, *(("silence", unit, "") for unit in telling))
    word = table(experiment, "word", probe)
    assert word.marked
    assert "hello" not in word.note
    assert "held" in word.note
    said = "".join(words_of(experiment.view("writes", [], probe)))
    assert "held" in said
    prompted = experiment.prompted(Probe("hel", held=probe.held))
    assert prompted != experiment.answer("hel")
    assert not matrix(experiment, "memory", probe).values[:, list(telling)].any()
    other = trained(experiment.steps)
    assert other.step() == experiment.step()


def test_units_that_a_smaller_network_has_not_got_are_not_held() -> None:
    experiment = trained(hidden=1, learning_rate=0.03)
    probe = Probe(held={0: 1.0, 40: 0.0})
    assert table(experiment, "units", probe).note == "held: unit 1 at 1"
