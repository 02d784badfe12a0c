"""Windows: a long text is covered in turn, and the memory carried on."""

import numpy as np
import pytest

from scratchtui.experiments.letters.reading import Reading, Weights
from scratchtui.experiments.letters.windows import Windows, around
from tests.experiments.letters.runs import LONG, untrained


@pytest.mark.parametrize("length", range(2, 40))
@pytest.mark.parametrize("window", [1, 4, 7, 16])
def test_windows_cover_a_text_once_and_differ_in_length_by_one_at_the_most(length: int, window: int) -> None:
    count = length - 1
    windows, place, lengths = -(-count // window), 0, []
    batches = Windows(count)
    for _ in range(windows):
        stretch = batches.stretch(windows)
        assert stretch.start == place
        assert all(around(step, count, windows) == stretch for step in range(stretch.start, stretch.stop))
        place = stretch.stop
        lengths.append(stretch.stop - stretch.start)
    assert place == count
    assert max(lengths) <= window
    assert max(lengths) - min(lengths) <= 1


def test_windows_are_alike_in_length_and_carry_the_memory_on() -> None:
    experiment = untrained(text=LONG, window=16)
    reading = Reading.of(
        Weights(*(w.copy() for w in experiment.network.parameters.values())), experiment.text.ids
    )
    experiment.gradient()
    carried = experiment.batches.carried
    assert experiment.batches.state[1] == 15
    assert carried is not None
    np.testing.assert_allclose(carried[0], reading.states[14], rtol=1e-12)
    experiment.gradient()
    assert experiment.batches.carried is not None
    np.testing.assert_allclose(experiment.batches.carried[0], reading.states[29], rtol=1e-12)
