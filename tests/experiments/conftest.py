"""The program and an empty folder, as the tests of the command line have them, and a CNN that has learnt."""

import pytest

from scratchtui.experiments.cnn import CNN
from tests.cli.conftest import folder, scratchtui_
from tests.experiments.faces.runs import learnt_by

__all__ = ["folder", "scratchtui_"]


@pytest.fixture(scope="module")
def learnt() -> CNN:
    return learnt_by(1)
