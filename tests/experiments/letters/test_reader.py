"""What is written, and by what it is decided."""

from typing import Any

import pytest

from scratchtui.experiments.letters.reading import Reading
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.rnn import RNN
from tests.experiments.letters.runs import LONG, trained, untrained


def test_what_is_drawn_depends_on_seed_and_step_alone() -> None:
    def seen(experiment: RNN) -> Any:
        return experiment.view("writes", [], Probe())

    one = trained(60)
    assert seen(one) == seen(trained(60))
    one.view("word", [], Probe())
    assert seen(one) == seen(trained(60))
    assert len({str(seen(trained(60, seed=seed))) for seed in range(8)}) > 1


def test_what_is_written_is_written_once_for_all_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment, counts = untrained(text=LONG), []
    write = Reading.write
    monkeypatch.setattr(Reading, "write", lambda read, count: counts.append(count) or write(read, count))
    for panel in RNN.panels:
        experiment.view(panel.name, [], Probe())
    experiment.headline()
    assert counts == [len(LONG) - 1]
