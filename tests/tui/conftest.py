"""What all tests of the screen share."""

from typing import NoReturn

import pytest
from textual import constants

from scratchtui.tui.panels import Panels

pytest.register_assert_rewrite("tests.tui.editor_key")


@pytest.fixture(autouse=True)
def all_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal has all colours, whatever the one has in which the tests run."""
    monkeypatch.setattr(constants, "COLOR_SYSTEM", "truecolor")


@pytest.fixture(autouse=True)
def panels_break_the_test(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A panel that cannot be drawn costs no user the rest of the app, but a test it does."""

    def tell(_: Panels, name: str, error: Exception) -> NoReturn:
        raise AssertionError(f"panel {name} cannot be drawn") from error

    if request.node.get_closest_marker("broken_panels") is None:
        monkeypatch.setattr(Panels, "_tell_broken", tell)
