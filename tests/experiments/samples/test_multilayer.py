"""Multilayer perceptrons: as many layers as are written."""

import pytest

from tests.experiments.samples.runs import trained


@pytest.mark.parametrize(
    ("hidden", "layers"), [("none", 1), ("0", 1), ("4", 2), (" 8 , 8 ", 3), ("32,1,32,1", 5)]
)
def test_hidden_layers_are_as_many_as_are_written(hidden: str, layers: int) -> None:
    assert len(trained(hidden=hidden).network.parameters) == 2 * layers
