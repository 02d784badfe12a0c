"""What all tests of the screen share."""

import pytest
from textual import constants


@pytest.fixture(autouse=True)
def all_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal has all colours, whatever the one has in which the tests run."""
    monkeypatch.setattr(constants, "COLOR_SYSTEM", "truecolor")
