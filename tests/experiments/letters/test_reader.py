"""What is written, and by what it is decided."""

from dataclasses import replace

import pytest

from scratchtui.experiments.letters.reading import Reading
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.rnn import RNN
from scratchtui.experiments.view import Prose
from tests.experiments.letters.runs import LONG, table, trained, untrained


def writes(experiment: RNN, probe: Probe | None = None) -> list[str]:
    """Return what is written, the likeliest each time and drawn by chance, and the notes."""
    view = experiment.view("writes", [], probe or Probe())
    assert isinstance(view, Prose)
    _, likeliest, _, _, drawn, _, *notes = ["".join(text for text, _ in spans) for spans in view.paragraphs]
    return [likeliest, drawn, *notes]


def test_what_is_drawn_depends_on_seed_and_step_alone() -> None:
    one = trained(60, temperature=100.0, text=LONG)
    snapshot, before = one.snapshot(), writes(one)
    assert before == writes(trained(60, temperature=100.0, text=LONG))
    one.view("word", [], Probe())
    assert before == writes(one)
    one.restore(replace(snapshot, step=61))  # with the same weights
    assert writes(one)[0] == before[0]
    assert writes(one)[1] != before[1]
    other = untrained(1, temperature=100.0, text=LONG)
    other.restore(snapshot)
    assert writes(other)[0] == before[0]
    assert writes(other)[1] != before[1]


def test_what_is_drawn_heeds_the_units_that_are_held() -> None:
    experiment = trained(temperature=0.01)
    telling = table(experiment, "twins").ids[:16]
    likeliest, drawn, note = writes(experiment, Probe(held=dict.fromkeys(telling, 0.0)))
    assert drawn == likeliest != "hello"
    assert note == "16 units are held"
    assert writes(experiment) == ["hello", "hello"]


def test_what_is_written_is_written_once_for_all_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment, counts = untrained(text=LONG), []
    write = Reading.write
    monkeypatch.setattr(Reading, "write", lambda read, count: counts.append(count) or write(read, count))
    for panel in RNN.panels:
        experiment.view(panel.name, [], Probe())
    experiment.headline()
    assert counts == [len(LONG) - 1]
