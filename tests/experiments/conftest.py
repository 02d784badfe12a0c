"""The program and an empty folder, as the tests of the command line have them."""

from tests.cli.conftest import folder, scratchtui_

__all__ = ["folder", "scratchtui_"]
